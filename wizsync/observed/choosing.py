"""Choosing how to read an account: what is needed, what is known, and how large it is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from wizsync.api import WizCommerce
from wizsync.model import CUSTOMER_FIELDS, Way
from wizsync.observed.finder import Finder
from wizsync.observed.kept import KeptDetails
from wizsync.observed.learned import Learned
from wizsync.observed.planner import LOOK_UPS_AND_KEPT, Known, Need, cheapest, ways
from wizsync.observed.statuses import DOCUMENTED_STATUSES
from wizsync.observed.walk import PAGE_SIZE
from wizsync.observed.whole import RestsOn

# So many times as many requests as reading the lists takes are many.
_BESIDES = 10


def needed(
    keys: Sequence[str],
    fields: Collection[str],
    kept: KeptDetails,
    *,
    whole: bool,
    may_create: bool,
) -> Need:
    """What must be learned; of whom details are kept is known by their referenceIds so far."""
    if not any(map(_only_in_details, fields)):
        return Need(len(keys), whole=whole, may_create=may_create)
    known = len(kept.keys().intersection(keys))
    return Need(len(keys), len(keys), known, whole=whole, may_create=may_create)


def may_hope(need: Need, keys: Sequence[str], customers: int, rests_on: RestsOn) -> bool:
    """Whether nothing will rest on the lists, most likely, so that they need not be proven at once.

    They will show whom they showed before. Of whom nothing is kept, nobody knows; where these are many, they
    take so many requests anyhow that to read the lists once more would cost little besides.

    Args:
        need: What must be learned.
        keys: The referenceIds that the file names.
        customers: How many customers the account has, as far as is known.
        rests_on: As of `read_whole`.
    """
    if need.whole or not need.details or rests_on(frozenset(keys)):
        return False
    unknown = need.details - need.kept
    return not unknown or unknown * PAGE_SIZE >= _BESIDES * customers


async def weighed(
    need: Need, client: WizCommerce, learned: Learned, finder: Finder, *, in_hope: bool
) -> tuple[Way, ...]:
    """The ways to learn it, after a look at how large the account is, where nobody has counted yet."""
    known = Known(
        learned.facts.counts,
        learned.statuses,
        (await client.detect()).enveloped,
        learned.with_canary,
        proven=not in_hope,
    )
    if known.counts or need.whole:
        return ways(need, known)
    active = DOCUMENTED_STATUSES[0]
    known = replace(known, exact=False, canaries=known.canaries or (active,))
    at_a_glance = ways(need, replace(known, counts={active: PAGE_SIZE}))
    if not learned.with_canary and cheapest(at_a_glance).name == LOOK_UPS_AND_KEPT:
        # Who is on the first page is needed to believe look-ups by; it tells whether there are more, too.
        shown, total = await finder.learn_canaries()
        if total is not None or shown < PAGE_SIZE:
            return ways(need, replace(known, counts={active: shown if total is None else total}))
        return at_a_glance
    return ways(need, replace(known, counts=await _least(need, known, client, active)))


async def _least(need: Need, known: Known, client: WizCommerce, status: str) -> dict[str, int]:
    """How many customers there are at least, as far as it plays a part; none where they are few."""
    look_ups = next(way for way in ways(need, known) if way.name == LOOK_UPS_AND_KEPT)
    # Is there anybody on the page up to which reading would cost as much?
    number = look_ups.lists * look_ups.factor + 1
    page = await client.customers.list(
        page=number, page_size=PAGE_SIZE, status=status, sort_by="created_at", sort="asc"
    )
    shown = (number - 1) * PAGE_SIZE + len(page.customers) if page.customers else 0
    least = shown if page.total_records is None else page.total_records
    return {status: least} if least else {}


def _only_in_details(field: str) -> bool:
    """Whether lists are not documented to show a field."""
    return field not in CUSTOMER_FIELDS or not CUSTOMER_FIELDS[field].summary
