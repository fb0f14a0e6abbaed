"""Reading every customer of a status, page by page, to a result that nothing contradicts.

A list that tells how many there are is read from both ends: the newest page, then from the oldest on
until the two meet. Together they must be as many as were told at the beginning. So a list that is cut, or
of which a page is lost, does not pass; nor does one of which somebody was deleted meanwhile, which moves
the rows behind by one, so that a page is short of one that nobody shows again.

A list that tells no total ends at an empty page, which proves little. Where something rests on it,
`read_anew` goes through it a second time, the other way and in pages that are cut elsewhere: the two must
show the same customers.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from wizsync.api import CustomerDetails, CustomerPage, Customers
from wizsync.errors import UnsoundRead
from wizsync.observed.rows import Row, row

# How often a status is read anew before the read is given up.
READS = 3

PAGE_SIZE = 100
# Pages of the second walk hold other rows than those of the first, wherever they begin.
OTHER_PAGE_SIZE = 97

OnPage = Callable[[int, int | None], None]


@dataclass(frozen=True)
class Listed:
    """The customers of a status, as the lists show them.

    Args:
        rows: Id to row, in the order of creation as far as the server keeps to it.
        created: Id to when the customer was created; None where that is not told.
        proven: Whether they are as many as the server told.
        told: The statuses that the rows themselves tell.
    """

    rows: Mapping[str, Row]
    created: Mapping[str, datetime | None]
    proven: bool
    told: frozenset[str] = frozenset()


async def read_status(
    customers: Customers, status: str, on_page: OnPage, *, totals: bool
) -> Listed:
    """Every customer of a status, each once.

    Args:
        customers: The client's customers.
        status: The status asked for.
        on_page: Told after each page how many customers are read, of how many (None: not said).
        totals: The dialect's lists tell how many there are.

    Raises:
        UnsoundRead: The pages contradicted each other each time.
    """
    doubt = ""
    for _ in range(READS):
        try:
            if totals:
                return await _from_both_ends(customers, status, on_page)
            return await _one_way(customers, status, on_page)
        except UnsoundRead as error:
            doubt = error.message
    raise _unsound(status, doubt)


async def read_anew(customers: Customers, status: str, first: Listed, on_page: OnPage) -> Listed:
    """The same customers by a walk of its own, which must show them again.

    Those who came after the newest of the first walk are no contradiction.

    Args:
        customers: The client's customers.
        status: The status asked for.
        first: What a walk from the oldest on showed.
        on_page: As for `read_status`.

    Returns:
        The later one of two walks that agree.

    Raises:
        UnsoundRead: No two walks in a row agreed.
    """
    doubt, newest_first, somebody = "", True, bool(first.rows)
    for _ in range(READS):
        try:
            then = await _one_way(customers, status, on_page, newest_first=newest_first)
        except UnsoundRead as error:
            doubt = error.message
            continue
        doubt = _difference(first, then)
        if somebody and not then.rows:
            # Two answers without content agree, and prove nothing of those whom an earlier one showed.
            doubt = "it was empty, and was not before."
        somebody = somebody or bool(then.rows)
        if not doubt:
            return replace(then, proven=True)
        first, newest_first = then, not newest_first
    raise _unsound(status, doubt)


async def read_newest(
    customers: Customers, status: str, known: Callable[[str], bool], *, some_known: bool
) -> list[Row]:
    """The customers of a status created after the newest one that is known, newest first.

    Args:
        customers: The client's customers.
        status: The status asked for.
        known: Whether a customer's id is known.
        some_known: There are such: the list must come to one of them.

    Raises:
        UnsoundRead: It never did.
    """
    for _ in range(READS):
        rows: list[Row] = []
        async for page in _pages(customers, status, newest_first=True):
            new = [customer for customer in page.customers if not known(customer.id)]
            rows += [row(customer, status=status, listed=True) for customer in new]
            if len(new) < len(page.customers):
                return rows
        if not some_known:
            return rows
    raise _unsound(status, "nobody of those came who were there before.")


# --- one walk -----------------------------------------------------------------------------------


async def _from_both_ends(customers: Customers, status: str, on_page: OnPage) -> Listed:
    newest = await customers.list(
        status=status, sort_by="created_at", sort="desc", page_size=PAGE_SIZE
    )
    total = newest.total_records
    if total is None:
        return await _one_way(customers, status, on_page)
    last = _Seen(status)
    last.add(newest.customers)
    on_page(len(last.rows), total)
    # A page that is not full and holds all that there are is the whole list. None at all is asked once more.
    if 0 < total == len(last.rows) < PAGE_SIZE:
        return last.listed(reverse=True, proven=True)
    newest_of_all = _newest(last.created) if _falls(last.created) else None
    seen = _Seen(status)
    there = {i for i in last.rows if not _later(last.created[i], newest_of_all)}
    met = not last.rows
    async for page in _pages(customers, status):
        seen.add(page.customers, once=True)
        met = met or any(customer.id in last.rows for customer in page.customers)
        # Who came while the pages were read is not among those that were told of.
        there |= {c.id for c in page.customers if not _later(seen.created[c.id], newest_of_all)}
        on_page(len(there), total)
        if met and len(there) == total:
            break
    if not met:
        raise UnsoundRead("it ended before it came to its newest customers.")
    if len(there) != total:
        raise UnsoundRead(f"{len(there):,} customers were shown where {total:,} were announced.")
    seen.add(c for c in reversed(newest.customers) if c.id not in seen.rows)
    return seen.listed(proven=True)


async def _one_way(
    customers: Customers, status: str, on_page: OnPage, *, newest_first: bool = False
) -> Listed:
    seen = _Seen(status)
    async for page in _pages(customers, status, newest_first=newest_first):
        # From the newest on, one who is created meanwhile moves a row onto the next page, and that is all.
        seen.add(page.customers, once=not newest_first)
        on_page(len(seen.rows), None)
    return seen.listed(reverse=newest_first, proven=False)


def _pages(
    customers: Customers, status: str, *, newest_first: bool = False
) -> AsyncIterator[CustomerPage]:
    """A status's pages in the order of creation, or against it and cut elsewhere."""
    size, sort = (OTHER_PAGE_SIZE, "desc") if newest_first else (PAGE_SIZE, "asc")
    return customers.pages(status=status, sort_by="created_at", sort=sort, page_size=size)


class _Seen:
    """Whom the pages of a walk have shown so far."""

    def __init__(self, status: str) -> None:
        self._status = status
        self.rows: dict[str, Row] = {}
        self.created: dict[str, datetime | None] = {}
        self._told: set[str] = set()

    def add(self, shown: Iterable[CustomerDetails], *, once: bool = False) -> None:
        """Take note of customers; `once`: none of whom may have come before."""
        for customer in shown:
            if once and customer.id in self.rows:
                raise UnsoundRead(f"customer {customer.id} came on two pages.")
            self.rows[customer.id] = row(customer, status=self._status, listed=True)
            self._told |= {customer.status} if customer.status else set()
            self.created[customer.id] = _moment(customer.created_at)

    def listed(self, *, proven: bool, reverse: bool = False) -> Listed:
        """What they showed."""
        rows = dict(reversed(self.rows.items())) if reverse else self.rows
        return Listed(rows, self.created, proven, frozenset(self._told))


# --- when customers were created ----------------------------------------------------------------


def _moment(text: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _newest(created: Mapping[str, datetime | None]) -> datetime | None:
    return max((moment for moment in created.values() if moment), default=None)


def _falls(created: Mapping[str, datetime | None]) -> bool:
    """Whether customers came newest first, as they were asked for."""
    moments = list(created.values())
    return all(moments) and moments == sorted(filter(None, moments), reverse=True)


def _later(moment: datetime | None, than: datetime | None) -> bool:
    return moment is not None and than is not None and moment > than


def _difference(before: Listed, then: Listed) -> str:
    """How two walks contradict each other, "" where they do not."""
    gone = before.rows.keys() - then.rows.keys()
    newest = _newest(before.created)
    come = [i for i in then.rows.keys() - before.rows.keys() if not _later(then.created[i], newest)]
    if not gone and not come:
        return ""
    return (
        f"read once more, from the other end, it lacked {len(gone):,} of {len(before.rows):,} customers and "
        f"showed {len(come):,} others."
    )


def _unsound(status: str, doubt: str) -> UnsoundRead:
    return UnsoundRead(
        f"The list of {status} customers could not be read to a result that adds up: {doubt}",
        hint="Something else may be writing to the account just now. Run again in a few minutes.",
    )
