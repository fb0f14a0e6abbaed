"""How to learn what is in the account with the fewest requests.

`snapshot` answers the plan: the whole account, or only the customers that the file names where that
costs less and is enough. `look_up` answers the look right before writing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from wizsync.api import CustomerDetails, Definitions, Dialect, ListEncoding, WizCommerce
from wizsync.errors import RequestRefused, Throttled
from wizsync.model import Found, Progress, Snapshot
from wizsync.observed.lookup import (
    KEYS_A_REQUEST,
    FilterUnusable,
    NoCanary,
    ask,
    askable,
    canaries_among,
    chunks,
)
from wizsync.observed.rows import (
    Row,
    child_frames,
    definitions_in,
    frame,
    key_of,
    lacks,
    row,
)
from wizsync.observed.singly import read_singly
from wizsync.observed.statuses import DOCUMENTED_STATUSES
from wizsync.observed.walk import PAGE_SIZE, read_newest
from wizsync.observed.whole import RestsOn, read_whole
from wizsync.state.protocol import Facts

# Where a key that is not there means reading everybody after all, look-ups may be in vain: they must then
# be so many times cheaper.
IN_VAIN = 4


class AccountReader:
    """Reads one account, and remembers what it learns of it on the way.

    Args:
        client: The account's client.
        facts: What is remembered of the account; `facts` holds what is known now.
        created: Every referenceId to its id that earlier runs created: whom the lists do not show yet.
        progress: Told how far a long read is.
    """

    def __init__(
        self,
        client: WizCommerce,
        facts: Facts,
        created: Mapping[str, str],
        progress: Progress | None = None,
    ) -> None:
        self._client = client
        self.facts = facts
        self._created = created
        self._progress = progress or (lambda _doing, _done, _total: None)
        self._everybody: dict[str, Row] | None = None
        self._filter_works = True
        self._unlistable: set[str] = set()
        self._notes: list[str] = []
        # Entity to what is known of its attributes, which their values are written by.
        self.attributes: dict[str, Definitions] = {}

    @property
    def notes(self) -> tuple[str, ...]:
        """What was met that a person should know, a sentence each."""
        return tuple(dict.fromkeys(self._notes))

    async def snapshot(
        self,
        keys: Sequence[str],
        fields: Collection[str],
        *,
        whole: bool,
        may_create: bool,
        rests_on: RestsOn,
        details_of_all: bool = False,
    ) -> Snapshot:
        """The customers that exist.

        Args:
            keys: The referenceIds that the file names.
            fields: The fields that must be read of each of them.
            whole: Everybody must be read, not only `keys`.
            may_create: A key that is not there would be created: that takes everybody's keys, to see
                whom it looks like.
            rests_on: Whether somebody would be created or deleted, given whose referenceIds the lists show:
                that takes a read that is proven.
            details_of_all: `fields` must be read of everybody, not only of `keys`.

        Raises:
            UnsoundRead: The account could not be read to a result that nothing contradicts.
        """
        dialect = await self._dialect()
        before = sum(self.facts.counts.values()) if self.facts.counts else None
        rows = None if whole else await self._named_only(keys, dialect, may_create=may_create)
        complete = rows is None
        if rows is None:
            rows = await self._read_whole(keys, rests_on)
        named = frozenset(keys)
        await self._complete(
            rows, lambda known: fields if details_of_all or key_of(known) in named else ()
        )
        total = len(rows) if complete else sum(self.facts.counts.values()) or None
        return Snapshot(
            frame(rows.values()),
            complete,
            children=child_frames(rows.values()),
            total=total,
            total_before=before,
            notes=self.notes,
        )

    async def look_up(
        self,
        wanted: Mapping[str, str | None],
        fields: Mapping[str, Collection[str]],
        whole: Collection[str] = (),
    ) -> Found:
        """Who has these referenceIds just now.

        A customer that is known to have one, or that an earlier run created under it, is found even
        where it has another one by now, or none.

        Args:
            wanted: Each referenceId to the id of the customer that is known to have it, or None.
            fields: Each referenceId to the fields that must be read of whoever is found for it.
            whole: referenceIds of whom everything must be read, by a get, whatever the lists show.

        Raises:
            UnsoundRead: It cannot be told.
        """
        await self._dialect()
        rows = {known["id"]: known for known in await self._find(list(wanted))}
        listed = {key_of(known) for known in rows.values()}
        hidden = {
            key: known_id
            for key, customer_id in wanted.items()
            if key not in listed and (known_id := customer_id or self._created.get(key))
        }
        rows |= await self.by_id(list(hidden.values()), "Looking closer")
        await self._complete(
            rows,
            lambda known: fields.get(key_of(known), ()),
            lambda known: key_of(known) in whole and known["id"] not in hidden.values(),
        )
        customers: dict[str, list[Row]] = {}
        for known in rows.values():
            customers.setdefault(key_of(known), []).append(known)
        for key, customer_id in hidden.items():
            if key not in customers and customer_id in rows:
                customers[key] = [rows[customer_id]]
        return Found(
            {key: customers[key] for key in wanted if key in customers},
            frozenset(key for key in wanted if key not in customers),
        )

    @property
    def showed_nobody(self) -> bool:
        """Whether the account was read whole, and its lists showed no customer at all."""
        return bool(self.facts.counts) and not any(self.facts.counts.values())

    async def listed(self, keys: Sequence[str]) -> frozenset[str]:
        """Which of the keys the lists show just now, whoever is known besides."""
        return frozenset(key_of(known) for known in await self._find(list(keys)))

    # --- the whole account ----------------------------------------------------------------------

    @property
    def _statuses(self) -> tuple[str, ...]:
        return DOCUMENTED_STATUSES + self.facts.statuses

    async def _dialect(self) -> Dialect:
        dialect = await self._client.detect()
        self.facts = replace(self.facts, dialect=dialect.name)
        return dialect

    async def _read_whole(self, keys: Iterable[str], rests_on: RestsOn) -> dict[str, Row]:
        """Everybody by id, with those of `keys` whom earlier runs created and no list shows."""
        totals = (await self._client.detect()).enveloped
        lists = await read_whole(
            self._client.customers,
            self._statuses,
            rests_on,
            lambda read, total: self._progress("Reading customers", read, total),
            totals=totals,
        )
        rows: dict[str, Row] = {}
        counts: dict[str, int] = {}
        for status, listed in lists.items():
            before = len(rows)
            rows |= listed.rows
            # One who came in two lists is one customer.
            counts[status] = len(rows) - before
        if len(rows) < sum(len(listed.rows) for listed in lists.values()):
            self._notes.append(
                "Some customers came in the lists of two statuses: the account was being changed "
                "while it was read, or it ignores the status asked for."
            )
        self.facts = replace(
            self.facts, counts=counts, canaries=canaries_among(rows.values(), self._statuses)
        )
        await self._add_hidden(rows, keys)
        self._everybody = rows
        return rows

    async def _add_hidden(self, rows: dict[str, Row], keys: Iterable[str]) -> None:
        """Add those of `keys` that earlier runs created and the lists do not show, if they are there."""
        shown = {key_of(known) for known in rows.values()}
        hidden = [self._created[key] for key in keys if key not in shown and key in self._created]
        there = await self.by_id(hidden, "Looking for customers that no list shows")
        if there:
            self._notes.append(
                f"{len(there)} customer(s) that an earlier run created are in the account, but not in "
                "its lists (yet): they were read one by one."
            )
        rows |= there

    # --- a few of the account -------------------------------------------------------------------

    async def _named_only(
        self, keys: Sequence[str], dialect: Dialect, *, may_create: bool
    ) -> dict[str, Row] | None:
        """The customers of `keys` alone, where that costs less and is enough; else None."""
        if not await self._costs_less(len(keys), dialect, IN_VAIN if may_create else 1):
            return None
        try:
            found = await self._filtered(list(keys))
        except FilterUnusable:
            return None
        rows = {known["id"]: known for known in found}
        if may_create and len({key_of(known) for known in found}) < len(keys):
            return None
        return rows

    async def _costs_less(self, keys: int, dialect: Dialect, factor: int) -> bool:
        """Whether looking `keys` up, `factor` times over, takes fewer requests than reading everybody."""
        # A list that tells no total ends with one more, empty page.
        ends = 0 if dialect.enveloped else 1
        each = len(self._statuses) * (1 + ends)
        look_ups = factor * (-(-keys // KEYS_A_REQUEST) * each + 1)
        if self.facts.counts:
            pages = sum(-(-count // PAGE_SIZE) + ends for count in self.facts.counts.values())
            return look_ups < pages
        # Nobody has counted yet. Is there anybody on the page up to which reading would cost as much?
        page = await self._client.customers.list(
            page=look_ups + 1,
            page_size=PAGE_SIZE,
            status=DOCUMENTED_STATUSES[0],
            sort_by="created_at",
            sort="asc",
        )
        return bool(page.customers)

    async def _find(self, keys: list[str]) -> list[Row]:
        """Who has one of the keys now; whoever is not found here is not in the lists."""
        if self._filter_works:
            try:
                return await self._filtered(keys)
            except NoCanary:
                pass
            except FilterUnusable:
                self._filter_works = False
                self._notes.append(
                    "This account does not answer look-ups by referenceId as documented: customers "
                    "were read one by one and from the newest back instead, which takes more requests."
                )
        return await self._unfiltered(keys)

    async def _filtered(self, keys: list[str]) -> list[Row]:
        """Ask by the filter, in the encoding that works.

        Raises:
            NoCanary: There is nobody to try it by.
            FilterUnusable: None works.
        """
        known = self.facts.reference_ids
        encodings = [ListEncoding(known)] if known else []
        encodings += [encoding for encoding in ListEncoding if encoding.value != known]
        for encoding in encodings:
            for fresh in (False, True):
                if fresh or not self.facts.canaries.get(DOCUMENTED_STATUSES[0]):
                    await self._new_canaries()
                if not any(self.facts.canaries.values()):
                    raise NoCanary
                try:
                    rows = await self._ask_all(keys, encoding)
                except FilterUnusable:
                    continue
                if encoding is not ListEncoding.COMMA:
                    self._notes.append(
                        "This account takes several referenceIds as repeated parameters, not as a list "
                        "with commas."
                    )
                self.facts = replace(self.facts, reference_ids=encoding.value)
                return rows
        raise FilterUnusable

    async def _ask_all(self, keys: list[str], encoding: ListEncoding) -> list[Row]:
        canaries = {status: ks[0] for status, ks in self.facts.canaries.items() if ks}
        statuses = sorted(self._statuses, key=lambda status: status not in canaries)
        can_ask = [key for key in keys if askable(key, encoding)]
        rows: list[Row] = []
        for chunk in chunks(can_ask):
            rows += await ask(self._client.customers, chunk, canaries, statuses, encoding)
        if len(can_ask) < len(keys):
            rows += await self._unfiltered([key for key in keys if not askable(key, encoding)])
        return rows

    async def _new_canaries(self) -> None:
        """Learn a few referenceIds that exist, from the first page."""
        page = await self._client.customers.list(
            page_size=PAGE_SIZE, status=DOCUMENTED_STATUSES[0], sort_by="created_at", sort="asc"
        )
        rows = [row(c, status=DOCUMENTED_STATUSES[0], listed=True) for c in page.customers]
        self.facts = replace(self.facts, canaries=canaries_among(rows, DOCUMENTED_STATUSES[:1]))

    async def _unfiltered(self, keys: list[str]) -> list[Row]:
        """Who has one of the keys, where the filter is of no use.

        Everybody is read once; after that only who came since, from the newest back, and each one
        found is read again by its id.
        """
        if self._everybody is None:
            everybody = await self._read_whole(keys, lambda shown: not set(keys) <= {*shown})
        else:
            everybody = self._everybody
            for status in self._statuses:
                some = any(known["status"] == status for known in everybody.values())
                for known in await read_newest(
                    self._client.customers, status, everybody.__contains__, some_known=some
                ):
                    everybody[known["id"]] = known
        asked = set(keys)
        candidates = [i for i, known in everybody.items() if key_of(known) in asked]
        there = await self.by_id(candidates, "Looking again, one by one")
        for gone in set(candidates) - set(there):
            del everybody[gone]
        everybody |= there
        return [known for known in there.values() if key_of(known) in asked]

    # --- one by one -----------------------------------------------------------------------------

    async def _complete(
        self,
        rows: dict[str, Row],
        fields_of: Callable[[Row], Collection[str]],
        is_whole: Callable[[Row], bool] = lambda _: False,
    ) -> None:
        """Get the details of customers of whom a field, or everything, is still to be read."""
        short = [
            customer_id
            for customer_id, known in rows.items()
            if is_whole(known) or lacks(known, fields_of(known))
        ]
        details = await self.by_id(short, "Reading details")
        for gone in set(short) - set(details):
            del rows[gone]
        rows |= details

    async def by_id(self, customer_ids: Sequence[str], doing: str) -> dict[str, Row]:
        """Customers by id, with every field; those that are not there (404) are left out.

        Args:
            customer_ids: Their ids.
            doing: What progress says meanwhile.
        """
        rows = await read_singly(
            self._client.customers,
            customer_ids,
            lambda done: self._progress(doing, done, len(customer_ids)),
            self._learn,
        )
        await self._meet({known["status"] for known in rows.values()})
        return rows

    def _learn(self, customer: CustomerDetails) -> None:
        """Keep the definitions of attributes that a customer's details tell."""
        for entity, known in definitions_in(customer).items():
            self.attributes[entity] = {**self.attributes.get(entity, {}), **known}

    async def _meet(self, statuses: Collection[str]) -> None:
        """Take note of statuses that nobody told of, if the account has lists of them."""
        for status in sorted({*statuses} - {"", *self._statuses, *self._unlistable}):
            unheard = (
                f'The account has customers of the status "{status}", which is not documented. '
            )
            try:
                await self._client.customers.list(page_size=1, status=status)
            except Throttled:
                raise
            except RequestRefused:
                # Remembered, it would make every later read fail.
                self._unlistable.add(status)
                self._notes.append(
                    f"{unheard}It has no list of them: they are seen one by one only."
                )
            else:
                self.facts = replace(self.facts, statuses=(*self.facts.statuses, status))
                self._notes.append(f"{unheard}From now on they are read as well.")
