"""Who has these referenceIds: asked by the filter where it works, else found among everybody."""

from __future__ import annotations

from dataclasses import replace

from wizsync.api import ListEncoding, WizCommerce
from wizsync.observed.everybody import Everybody
from wizsync.observed.learned import Learned
from wizsync.observed.lookup import (
    FilterUnusable,
    NoCanary,
    ask,
    askable,
    canaries_among,
    chunks,
)
from wizsync.observed.rows import Row, key_of, row
from wizsync.observed.singly import Singly
from wizsync.observed.statuses import DOCUMENTED_STATUSES
from wizsync.observed.walk import PAGE_SIZE, read_newest


class Finder:
    """Finds customers by referenceId.

    Args:
        client: The account's client.
        learned: What is known of the account.
        singly: Reads customers by id.
        everybody: Reads everybody.
    """

    def __init__(
        self, client: WizCommerce, learned: Learned, singly: Singly, everybody: Everybody
    ) -> None:
        self._client = client
        self._learned = learned
        self._singly = singly
        self._reads_everybody = everybody
        self._filter_works = True
        # Whom reading everybody showed last, and who came since.
        self.everybody: dict[str, Row] | None = None

    async def find(self, keys: list[str]) -> list[Row]:
        """Who has one of the keys now; whoever is not found here is not in the lists."""
        if self._filter_works:
            try:
                return await self.filtered(keys)
            except NoCanary:
                pass
            except FilterUnusable:
                self._filter_works = False
                self._learned.notes.append(
                    "This account does not answer look-ups by referenceId as documented: customers "
                    "were read one by one and from the newest back instead, which takes more requests."
                )
        return await self._unfiltered(keys)

    async def filtered(self, keys: list[str]) -> list[Row]:
        """Ask by the filter, in the encoding that works.

        Raises:
            NoCanary: There is nobody to try it by.
            FilterUnusable: None works.
        """
        known = self._learned.facts.reference_ids
        encodings = [ListEncoding(known)] if known else []
        encodings += [encoding for encoding in ListEncoding if encoding.value != known]
        for encoding in encodings:
            for fresh in (False, True):
                if fresh or not self._learned.facts.canaries.get(DOCUMENTED_STATUSES[0]):
                    await self.learn_canaries()
                if not any(self._learned.facts.canaries.values()):
                    raise NoCanary
                try:
                    rows = await self._ask_all(keys, encoding)
                except FilterUnusable:
                    continue
                if encoding is not ListEncoding.COMMA:
                    self._learned.notes.append(
                        "This account takes several referenceIds as repeated parameters, not as a list "
                        "with commas."
                    )
                self._learned.facts = replace(self._learned.facts, reference_ids=encoding.value)
                return rows
        raise FilterUnusable

    async def learn_canaries(self) -> tuple[int, int | None]:
        """Learn a few referenceIds that exist, from the first page of the oldest.

        Returns:
            How many it showed, and how many there are in all, where that is told.
        """
        status = DOCUMENTED_STATUSES[0]
        page = await self._client.customers.list(
            page_size=PAGE_SIZE, status=status, sort_by="created_at", sort="asc"
        )
        rows = [row(customer, status=status, listed=True) for customer in page.customers]
        self._learned.facts = replace(
            self._learned.facts, canaries=canaries_among(rows, DOCUMENTED_STATUSES[:1])
        )
        return len(rows), page.total_records

    async def _ask_all(self, keys: list[str], encoding: ListEncoding) -> list[Row]:
        canaries = {status: ks[0] for status, ks in self._learned.facts.canaries.items() if ks}
        statuses = sorted(self._learned.statuses, key=lambda status: status not in canaries)
        can_ask = [key for key in keys if askable(key, encoding)]
        rows: list[Row] = []
        for chunk in chunks(can_ask):
            rows += await ask(self._client.customers, chunk, canaries, statuses, encoding)
        if len(can_ask) < len(keys):
            rows += await self._unfiltered([key for key in keys if not askable(key, encoding)])
        return rows

    async def _unfiltered(self, keys: list[str]) -> list[Row]:
        """Who has one of the keys, where the filter is of no use.

        Everybody is read once; after that only who came since, from the newest back, and each one
        found is read again by its id.
        """
        if self.everybody is None:
            everybody = await self._reads_everybody.read(
                keys, lambda shown: not set(keys) <= {*shown}
            )
            self.everybody = everybody
        else:
            everybody = self.everybody
            for status in self._learned.statuses:
                some = any(known["status"] == status for known in everybody.values())
                for known in await read_newest(
                    self._client.customers, status, everybody.__contains__, some_known=some
                ):
                    everybody[known["id"]] = known
        asked = set(keys)
        candidates = [i for i, known in everybody.items() if key_of(known) in asked]
        there = await self._singly.read(candidates, "Looking again, one by one")
        for gone in set(candidates) - set(there):
            del everybody[gone]
        everybody |= there
        return [known for known in there.values() if key_of(known) in asked]
