"""Reading every customer of a status, page by page, to a result that nothing contradicts.

A list that tells how many there are is read from both ends: the newest page, then from the oldest on
until the two meet. Together they must be as many as were told at the beginning. So a list that is cut, or
of which a page is lost, does not pass; nor does one of which somebody was deleted meanwhile, which moves
the rows behind by one, so that a page is short of one that nobody shows again.

A list that tells no total is read in pages that overlap (`overlap`), which prove the same. Where the
server does not keep to the size of page that it is asked for, it is read to an empty page, which proves
little; where something rests on it, `read_anew` goes through it a second time, the other way and in pages
that are cut elsewhere: the two must show the same customers.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from wizsync.api import ROWS_AT_MOST, CustomerDetails, CustomerPage, Customers
from wizsync.errors import UnsoundRead
from wizsync.observed.moments import later, latest, moment, newest_first
from wizsync.observed.overlap import overlapping
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
        proven: Whether they are as many as the server told, or were shown alike from both ends.
        gapless: Whether they came in pages that overlap, so that nobody between two of them is missing.
        told: The statuses that the rows themselves tell.
    """

    rows: Mapping[str, Row]
    created: Mapping[str, datetime | None]
    told: frozenset[str]
    proven: bool = False
    gapless: bool = False


# Reads a status's customers in one way or another.
_Walk = Callable[[Customers, str, OnPage], Awaitable[Listed]]


async def read_status(
    customers: Customers, status: str, on_page: OnPage, *, totals: bool, in_hope: bool = False
) -> Listed:
    """Every customer of a status, each once.

    Args:
        customers: The client's customers.
        status: The status asked for.
        on_page: Told after each page how many customers are read, of how many (None: not said).
        totals: The dialect's lists tell how many there are.
        in_hope: Most likely nothing rests on it: without a total, it need not be proven at once.

    Raises:
        UnsoundRead: The pages contradicted each other each time.
    """
    ways: list[_Walk] = [_from_both_ends] if totals else [_overlapping, _one_way]
    if in_hope:
        ways.reverse()
    doubt = ""
    for way in ways:
        for _ in range(READS):
            try:
                return await way(customers, status, on_page)
            except UnsoundRead as error:
                doubt = error.message
    raise _unsound(status, doubt)


async def read_anew(customers: Customers, status: str, first: Listed, on_page: OnPage) -> Listed:
    """The same customers from the other end, which must show them again.

    Of pages that overlap the newest page tells whether they were all; else a walk of its own must show
    everybody.

    Those who came after the newest of the first walk are no contradiction.

    Args:
        customers: The client's customers.
        status: The status asked for.
        first: What was shown from the oldest on.
        on_page: As for `read_status`.

    Returns:
        The later one of two walks that agree.

    Raises:
        UnsoundRead: No two walks in a row agreed.
    """
    if first.gapless and (whole := await _to_the_newest(first, customers, status)):
        return whole
    doubt, backwards, somebody = "", True, bool(first.rows)
    for _ in range(READS):
        try:
            then = await _one_way(customers, status, on_page, backwards=backwards)
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
        first, backwards = then, not backwards
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
        async for page in _pages(customers, status, backwards=True):
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
    top = latest(last.created.values()) if newest_first(last.created.values()) else None
    seen = _Seen(status)
    there = {i for i in last.rows if not later(last.created[i], top)}
    met = not last.rows
    async for page in _pages(customers, status):
        seen.add(page.customers, once=True)
        met = met or any(customer.id in last.rows for customer in page.customers)
        # Who came while the pages were read is not among those that were told of.
        there |= {c.id for c in page.customers if not later(seen.created[c.id], top)}
        on_page(len(there), total)
        if met and len(there) == total:
            break
    if not met:
        raise UnsoundRead("it ended before it came to its newest customers.")
    if len(there) != total:
        raise UnsoundRead(f"{len(there):,} customers were shown where {total:,} were announced.")
    seen.add(c for c in reversed(newest.customers) if c.id not in seen.rows)
    return seen.listed(proven=True)


async def _overlapping(customers: Customers, status: str, on_page: OnPage) -> Listed:
    first = await customers.list(
        status=status, sort_by="created_at", sort="asc", page_size=PAGE_SIZE
    )
    seen = _Seen(status)
    seen.add(first.customers, once=True)
    order = list(seen.rows)
    on_page(len(order), None)
    longest, short = len(order), 0
    while (ask := overlapping(len(order), longest)) is not None:
        number, size = ask
        page = await customers.list(
            status=status, sort_by="created_at", sort="asc", page=number, page_size=size
        )
        known = order[(number - 1) * size :]
        ids = [customer.id for customer in page.customers]
        if ids[: len(known)] != known:
            raise UnsoundRead(
                "a page did not begin with those whom the pages before had shown last."
            )
        seen.add(page.customers[len(known) :], once=True)
        short = short + 1 if len(ids) < size else 0
        # Where somebody comes all the time, no page shows nobody new.
        if ids == known or short == READS:
            return seen.listed(gapless=True)
        order += ids[len(known) :]
        on_page(len(order), None)
        if len(order) > ROWS_AT_MOST:
            raise UnsoundRead(f"it does not end: {len(order):,} customers were shown.")
    return await _one_way(customers, status, on_page)


async def _to_the_newest(first: Listed, customers: Customers, status: str) -> Listed | None:
    """The same, to the newest customer; None where the newest page does not show the last of them."""
    newest = await customers.list(
        status=status, sort_by="created_at", sort="desc", page_size=OTHER_PAGE_SIZE
    )
    ids = [customer.id for customer in newest.customers]
    last = list(first.rows)[-1]
    if last not in ids or not first.rows.keys() >= {*ids[ids.index(last) :]}:
        return None
    seen = _Seen(status)
    seen.add(reversed(newest.customers[: ids.index(last)]))
    come = seen.listed()
    return Listed(
        {**first.rows, **come.rows},
        {**first.created, **come.created},
        first.told | come.told,
        proven=True,
    )


async def _one_way(
    customers: Customers, status: str, on_page: OnPage, *, backwards: bool = False
) -> Listed:
    seen = _Seen(status)
    async for page in _pages(customers, status, backwards=backwards):
        # From the newest on, one who is created meanwhile moves a row onto the next page, and that is all.
        seen.add(page.customers, once=not backwards)
        on_page(len(seen.rows), None)
    return seen.listed(reverse=backwards)


def _pages(
    customers: Customers, status: str, *, backwards: bool = False
) -> AsyncIterator[CustomerPage]:
    """A status's pages in the order of creation, or against it and cut elsewhere."""
    size, sort = (OTHER_PAGE_SIZE, "desc") if backwards else (PAGE_SIZE, "asc")
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
            self.created[customer.id] = moment(customer.created_at)

    def listed(
        self, *, proven: bool = False, gapless: bool = False, reverse: bool = False
    ) -> Listed:
        """What they showed."""
        rows = dict(reversed(self.rows.items())) if reverse else self.rows
        return Listed(rows, self.created, frozenset(self._told), proven, gapless)


def _difference(before: Listed, then: Listed) -> str:
    """How two walks contradict each other, "" where they do not."""
    gone = before.rows.keys() - then.rows.keys()
    newest = latest(before.created.values())
    come = [i for i in then.rows.keys() - before.rows.keys() if not later(then.created[i], newest)]
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
