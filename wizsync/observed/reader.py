"""How to learn what is in the account with the fewest requests.

`snapshot` answers the plan: the whole account, or only the customers that the file names where that
costs less and is enough; details that lists do not show are kept from earlier reads where they still hold.
`look_up` answers the look right before writing, and asks the account for all of it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from wizsync.api import Address, Contact, CustomerDetails, WizCommerce
from wizsync.foretelling import Foretelling
from wizsync.model import ChildKind, Found, Progress, Reading, Snapshot
from wizsync.observed.choosing import may_hope, needed, weighed
from wizsync.observed.everybody import Everybody
from wizsync.observed.finder import Finder
from wizsync.observed.freshness import NIGHTS
from wizsync.observed.kept import KeptDetails
from wizsync.observed.learned import Learned
from wizsync.observed.lookup import FilterUnusable
from wizsync.observed.planner import LOOK_UPS_AND_KEPT, cheapest
from wizsync.observed.rows import IDENTITY, Row, child_frames, frame, key_of, lacks, with_kept
from wizsync.observed.singly import Singly
from wizsync.observed.walk import PAGE_SIZE
from wizsync.observed.whole import RestsOn
from wizsync.state.protocol import Facts


class AccountReader:
    """Reads one account, and remembers what it learns of it on the way.

    Args:
        client: The account's client.
        facts: What is remembered of the account; `facts` holds what is known now.
        created: Every referenceId to its id that earlier runs created: whom the lists do not show yet.
        progress: Told how far a long read is.
        kept: The details kept from earlier runs.
        foretelling: Says how long a long read will take.
    """

    def __init__(
        self,
        client: WizCommerce,
        facts: Facts,
        created: Mapping[str, str],
        progress: Progress | None = None,
        *,
        kept: KeptDetails | None = None,
        foretelling: Foretelling | None = None,
    ) -> None:
        self._client = client
        self._created = created
        self._foretelling = foretelling or Foretelling()
        self.kept = kept or KeptDetails()
        self._learned = learned = Learned(facts)
        progress = progress or _tell_nobody
        self._singly = Singly(client, learned, self.kept, progress)
        self._everybody = Everybody(
            client, learned, created, self._singly, progress, self._foretelling
        )
        self._finder = Finder(client, learned, self._singly, self._everybody)
        # Entity to what is known of its attributes, which their values are written by.
        self.attributes = self._learned.attributes
        # How the last snapshot was read.
        self.reading: Reading | None = None

    @property
    def facts(self) -> Facts:
        """What is known of the account by now, to be remembered."""
        return self._learned.facts

    @facts.setter
    def facts(self, facts: Facts) -> None:
        self._learned.facts = facts

    @property
    def notes(self) -> tuple[str, ...]:
        """What was met that a person should know, a sentence each."""
        return tuple(dict.fromkeys([*self._learned.notes, *self.kept.notes]))

    @property
    def statuses(self) -> int:
        """How many statuses are asked for, each of which has a list of its own."""
        return len(self._learned.statuses)

    @property
    def showed_nobody(self) -> bool:
        """Whether the account was read whole, and its lists showed no customer at all."""
        return bool(self.facts.counts) and not any(self.facts.counts.values())

    # --- for the plan ---------------------------------------------------------------------------

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
        await self._dialect()
        sent = self._client.requests
        before = sum(self.facts.counts.values()) if self.facts.counts else None
        need = needed(keys, fields, self.kept, whole=whole, may_create=may_create)
        in_hope = may_hope(need, keys, before or len(keys), rests_on)
        there_are = await weighed(need, self._client, self._learned, self._finder, in_hope=in_hope)
        chosen = cheapest(there_are)
        rows = None
        if chosen.name == LOOK_UPS_AND_KEPT:
            rows = await self._named_only(keys, may_create=may_create)
        complete = rows is None
        if rows is None:
            rows = await self._everybody.read(keys, rests_on, in_hope=in_hope)
            self._finder.everybody = rows
        named = frozenset(keys)
        short = [
            known
            for known in rows.values()
            if lacks(known, fields if details_of_all or key_of(known) in named else ())
        ]
        fresh = await self._with_details(rows, short)
        there = [known["id"] for known in short if known["id"] in rows]
        customers, children = self._frames(rows, there)
        now = self._client.requests
        self.reading = Reading(
            there_are,
            chosen.name,
            len(short),
            len(fresh),
            now.list - sent.list,
            now.get - sent.get,
        )
        total = len(rows) if complete else sum(self.facts.counts.values()) or None
        return Snapshot(
            customers,
            complete,
            children=children,
            total=total,
            total_before=before,
            notes=self.notes,
        )

    async def _named_only(self, keys: Sequence[str], *, may_create: bool) -> dict[str, Row] | None:
        """The customers of `keys` alone; None where that is not enough."""
        try:
            found = await self._finder.filtered(list(keys))
        except FilterUnusable:
            return None
        if may_create and len({key_of(known) for known in found}) < len(keys):
            return None
        return {known["id"]: known for known in found}

    async def _with_details(self, rows: dict[str, Row], short: Sequence[Row]) -> frozenset[str]:
        """See to it that the details of customers are kept; who is gone leaves `rows`.

        Returns:
            Of whom what was kept before still holds.
        """
        if not short:
            return frozenset()
        fresh = self.kept.fresh({known["id"]: known["updatedAt"] for known in short})
        anew = [known["id"] for known in short if known["id"] not in fresh]
        self._foretell(len(anew), len(rows))
        gone = set(anew)
        async for portion in self._singly.portions(anew, "Reading details"):
            gone -= portion.keys()
            for customer_id, known in portion.items():
                # What was read later counts.
                listed = rows[customer_id]
                status = known["status"] or listed["status"]
                rows[customer_id] = {name: known[name] for name in IDENTITY} | {"status": status}
        for customer_id in gone:
            del rows[customer_id]
        return fresh

    def _foretell(self, details: int, customers: int) -> None:
        """Say how long so many details take, and what it will be next time."""
        time, lists = self._foretelling.time, -(-customers // PAGE_SIZE)

        def later() -> str:
            return (
                f"They are kept: the next nights take {time(lists)}. From the second week on, a seventh is "
                f"read again each night, which takes {time(details // NIGHTS + lists)}."
            )

        self._foretelling.say(f"Reading {details:,} details", details, later)

    def _frames(
        self, rows: Mapping[str, Row], detailed: Collection[str]
    ) -> tuple[pd.DataFrame, dict[ChildKind, pd.DataFrame]]:
        """Customers and their children as the frames of a Snapshot, with the kept details of some."""
        customers, children = frame(rows.values()), child_frames(rows.values())
        if not detailed:
            return customers, children
        kept = self.kept.of(detailed)
        for kind, some in kept.children.items():
            shown = [i for i in detailed if kind in rows[i]]
            unshown = some[~some["customer"].isin(shown).to_numpy(bool)] if shown else some
            both = [each for each in (children.get(kind), unshown) if each is not None]
            children[kind] = pd.concat(both, ignore_index=True)
        return with_kept(customers, kept.customers), children

    async def _dialect(self) -> None:
        dialect = await self._client.detect()
        self.facts = replace(self.facts, dialect=dialect.name)

    # --- right before writing -------------------------------------------------------------------

    async def look_up(
        self,
        wanted: Mapping[str, str | None],
        fields: Mapping[str, Collection[str]],
        whole: Collection[str] = (),
    ) -> Found:
        """Who has these referenceIds just now; nothing that was kept plays a part.

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
        rows = {known["id"]: known for known in await self._finder.find(list(wanted))}
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

    async def listed(self, keys: Sequence[str]) -> frozenset[str]:
        """Which of the keys the lists show just now, whoever is known besides."""
        return frozenset(key_of(known) for known in await self._finder.find(list(keys)))

    async def by_id(self, customer_ids: Sequence[str], doing: str) -> dict[str, Row]:
        """Customers by id, with every field; those that are not there (404) are left out.

        Args:
            customer_ids: Their ids.
            doing: What progress says meanwhile.
        """
        return await self._singly.read(customer_ids, doing)

    async def _complete(
        self,
        rows: dict[str, Row],
        fields_of: Callable[[Row], Collection[str]],
        is_whole: Callable[[Row], bool],
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

    # --- while writing --------------------------------------------------------------------------

    def take(self, customer_id: str | None) -> Row | None:
        """A customer that is about to be written to, as it was read a moment ago; it is kept no more."""
        return self.kept.take(customer_id) if customer_id is not None else None

    def answered(self, answer: CustomerDetails | Address | Contact, before: Row | None) -> None:
        """Keep what the answer to a write told, for the next run."""
        self.kept.answered(answer, before)


def _tell_nobody(doing: str, done: int, total: int | None) -> None:
    """Nobody is told how far it is."""
