"""Reading everybody, with what is to be remembered of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from wizsync.api import WizCommerce
from wizsync.foretelling import Foretelling
from wizsync.model import Progress
from wizsync.observed.learned import Learned
from wizsync.observed.lookup import canaries_among
from wizsync.observed.planner import Known, price_of_lists
from wizsync.observed.rows import Row, key_of
from wizsync.observed.singly import Singly
from wizsync.observed.whole import RestsOn, read_whole


class Everybody:
    """Reads the whole account.

    Args:
        client: The account's client.
        learned: What is known of the account; counts and canaries are added to it.
        created: Every referenceId to its id that earlier runs created: whom the lists do not show yet.
        singly: Reads customers by id.
        progress: Told how far it is.
        foretelling: Says how long it will take.
    """

    def __init__(
        self,
        client: WizCommerce,
        learned: Learned,
        created: Mapping[str, str],
        singly: Singly,
        progress: Progress,
        foretelling: Foretelling,
    ) -> None:
        self._client = client
        self._learned = learned
        self._created = created
        self._singly = singly
        self._progress = progress
        self._foretelling = foretelling

    async def read(
        self, keys: Iterable[str], rests_on: RestsOn, *, in_hope: bool = False
    ) -> dict[str, Row]:
        """Everybody by id, with those of `keys` whom earlier runs created and no list shows.

        Args:
            keys: The referenceIds that the file names.
            rests_on: As of `read_whole`.
            in_hope: As of `read_whole`.

        Raises:
            UnsoundRead: As of `read_whole`.
        """
        totals = (await self._client.detect()).enveloped
        learned, statuses = self._learned, self._learned.statuses
        counted = learned.facts.counts
        if counted:
            known = Known(counted, statuses, totals, proven=not in_hope)
            what = f"Reading {sum(counted.values()):,} customers"
            self._foretelling.say(what, price_of_lists(known))
        lists = await read_whole(
            self._client.customers,
            statuses,
            rests_on,
            lambda read, total: self._progress("Reading customers", read, total),
            totals=totals,
            in_hope=in_hope,
        )
        rows: dict[str, Row] = {}
        counts: dict[str, int] = {}
        for status, listed in lists.items():
            before = len(rows)
            rows |= listed.rows
            # One who came in two lists is one customer.
            counts[status] = len(rows) - before
        if len(rows) < sum(len(listed.rows) for listed in lists.values()):
            learned.notes.append(
                "Some customers came in the lists of two statuses: the account was being changed "
                "while it was read, or it ignores the status asked for."
            )
        canaries = canaries_among(rows.values(), statuses)
        learned.facts = replace(learned.facts, counts=counts, canaries=canaries)
        await self._add_hidden(rows, keys)
        return rows

    async def _add_hidden(self, rows: dict[str, Row], keys: Iterable[str]) -> None:
        """Add those of `keys` that earlier runs created and the lists do not show, if they are there."""
        shown = {key_of(known) for known in rows.values()}
        hidden = [self._created[key] for key in keys if key not in shown and key in self._created]
        there = await self._singly.read(hidden, "Looking for customers that no list shows")
        if there:
            self._learned.notes.append(
                f"{len(there)} customer(s) that an earlier run created are in the account, but not in "
                "its lists (yet): they were read one by one."
            )
        rows |= there
