"""Reading the whole account: the lists of all its statuses, proven where something rests on them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from wizsync.api import Customers
from wizsync.errors import UnsoundRead
from wizsync.observed.rows import key_of
from wizsync.observed.walk import READS, Listed, OnPage, read_anew, read_status

# Given the referenceIds that the lists show: whether somebody would be created or deleted because of them.
RestsOn = Callable[[Collection[str]], bool]


async def read_whole(
    customers: Customers,
    statuses: Sequence[str],
    rests_on: RestsOn,
    on_page: OnPage,
    *,
    totals: bool,
    in_hope: bool = False,
) -> dict[str, Listed]:
    """The list of each status.

    Args:
        customers: The client's customers.
        statuses: Those that are known.
        rests_on: Whether the lists must be proven.
        on_page: Told after each page how many customers are read, of how many (None: not said).
        totals: The dialect's lists tell how many there are.
        in_hope: Most likely nothing rests on them: what costs more only to prove them waits until that is
            known.

    Raises:
        UnsoundRead: They contradict themselves or each other, however often they are read.
    """
    ignored = ""
    for _ in range(READS):
        lists: dict[str, Listed] = {}
        for status in statuses:
            told = _after(lists, on_page)
            lists[status] = await read_status(
                customers, status, told, totals=totals, in_hope=in_hope
            )
        rows = [known for listed in lists.values() for known in listed.rows.values()]
        if not rests_on({key_of(known) for known in rows}):
            return lists
        for status in statuses:
            for _ in range(_times_anew(lists[status])):
                told = _after({}, on_page)
                lists[status] = await read_anew(customers, status, lists[status], told)
        ignored = _ignored(lists)
        if not ignored:
            return lists
    raise UnsoundRead(
        f"The list of {ignored} customers shows none but those of another status: whether there are any "
        "cannot be told, and somebody would be created or deleted.",
        hint="The account may not heed the status asked for; report it to its operator.",
    )


def _times_anew(listed: Listed) -> int:
    """How often a list must be read again before something rests on it."""
    # That nobody is there costs a request to ask, and is what an answer without content looks like.
    return 2 if not listed.rows else int(not listed.proven)


def _after(lists: Mapping[str, Listed], on_page: OnPage) -> OnPage:
    """Tells how far reading is, of those of earlier lists and of the one that is read."""
    earlier = sum(len(listed.rows) for listed in lists.values())
    return lambda read, total: on_page(earlier + read, None if total is None else earlier + total)


def _ignored(lists: Mapping[str, Listed]) -> str:
    """A status that the server does not seem to heed, "" where there is none.

    Its list shows only customers of other lists, and nobody says of himself that he has it.
    """
    told = {status for listed in lists.values() for status in listed.told}
    for status, listed in reversed(list(lists.items())):
        others = {i for other, each in lists.items() if other != status for i in each.rows}
        if listed.rows and listed.rows.keys() <= others and status not in told:
            return status
    return ""
