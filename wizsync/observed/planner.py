"""Which way to what must be known of an account takes the fewest requests. Pure arithmetic.

Whom the file names is learned from the lists of everybody, or by look-ups of the keys, 99 in a request.
What lists do not show of a customer is kept from an earlier read, or takes a get. A way that could miss
somebody is not sound, and is not taken however cheap it is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from wizsync.model import Way
from wizsync.observed.lookup import KEYS_A_REQUEST
from wizsync.observed.overlap import overlapping
from wizsync.observed.walk import PAGE_SIZE

# Where a key that is not there means reading everybody after all, look-ups may be in vain: they must then
# be so many times cheaper.
IN_VAIN = 4


@dataclass(frozen=True, slots=True)
class Need:
    """What must be learned.

    Args:
        keys: How many referenceIds are asked for.
        details: Of how many customers more is needed than lists show, as far as that is known before.
        kept: Of how many of those that is kept, and fresh as far as is known before.
        whole: Everybody must be read.
        may_create: A key that is not there takes everybody's keys.
    """

    keys: int
    details: int = 0
    kept: int = 0
    whole: bool = False
    may_create: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an account before it is read.

    Args:
        counts: Status to how many customers have it.
        statuses: Those that are asked for.
        totals: Lists tell how many there are.
        canaries: The statuses of which a customer is known by whom look-ups are believed.
        exact: They were counted; else there may be more.
        proven: Lists without a total are read in pages that overlap, for something to rest on them.
    """

    counts: Mapping[str, int]
    statuses: Sequence[str]
    totals: bool
    canaries: Collection[str] = ()
    exact: bool = True
    proven: bool = True


LISTS_AND_KEPT = "lists_and_kept_details"
LISTS_AND_GETS = "lists_and_gets"
LOOK_UPS_AND_KEPT = "look_ups_and_kept_details"
LOOK_UPS_AND_GETS = "look_ups_and_gets"


def ways(need: Need, known: Known) -> tuple[Way, ...]:
    """Every way to learn what is needed, with its price."""
    lists = price_of_lists(known)
    look_ups = price_of_look_ups(need.keys, known)
    against = "everybody must be read" if need.whole else ""
    if not against and sum(known.counts.values()) < PAGE_SIZE:
        # It costs a request or two, and counts them.
        against = "so few customers are read whole"
    factor = IN_VAIN if need.may_create else 1
    few = need.details - need.kept
    return (
        Way(LISTS_AND_KEPT, lists, few, not known.exact),
        Way(LISTS_AND_GETS, lists, need.details, not known.exact),
        Way(LOOK_UPS_AND_KEPT, look_ups, few, against=against, factor=factor),
        Way(LOOK_UPS_AND_GETS, look_ups, need.details, against=against, factor=factor),
    )


def cheapest(of: Sequence[Way]) -> Way:
    """The cheapest sound way; of those that cost the same the one that comes first."""
    sound = [way for way in of if not way.against]
    return min(sound, key=lambda way: way.lists * way.factor + way.gets)


def price_of_lists(known: Known) -> int:
    """The requests that reading everybody takes, if nothing contradicts itself."""
    price = _with_total if known.totals else _overlapping if known.proven else _to_an_empty_page
    uncounted = 0 if known.exact else 1
    return sum(price(known.counts.get(status, uncounted)) for status in known.statuses)


def price_of_look_ups(keys: int, known: Known) -> int:
    """The requests that looking keys up takes."""
    # A list without a total ends with one more page, unless its canary shows that it has ended.
    each = sum(1 if known.totals or status in known.canaries else 2 for status in known.statuses)
    return -(-keys // KEYS_A_REQUEST) * each


def _with_total(count: int) -> int:
    """From both ends until they meet; a list of nobody is asked for twice."""
    if not count:
        return 2
    return 1 if count < PAGE_SIZE else count // PAGE_SIZE + 1


def _overlapping(count: int) -> int:
    """In pages that overlap; a list of nobody is asked for twice."""
    known, requests = min(count, PAGE_SIZE), 1
    while (ask := overlapping(known, PAGE_SIZE)) is not None:
        number, size = ask
        requests += 1
        if known >= count:
            break
        known = min(number * size, count)
    return requests if count else 2


def _to_an_empty_page(count: int) -> int:
    return -(-count // PAGE_SIZE) + 1
