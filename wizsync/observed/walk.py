"""Reading every customer of a status, page by page, to a result that nothing contradicts.

The walk goes in the order of creation, so that a write meanwhile moves no row that is still to come.
A customer deleted meanwhile does move them: a page is then short of one that nobody shows again. Totals
that shrink, counts that do not add up and customers that come twice are the traces of that.
"""

from __future__ import annotations

from collections.abc import Callable

from wizsync.api import Customers
from wizsync.errors import UnsoundRead
from wizsync.observed.rows import Row, row

# How often a status is read anew before the read is given up.
READS = 3

OnPage = Callable[[int, int | None], None]


async def read_status(customers: Customers, status: str, on_page: OnPage) -> list[Row]:
    """Every customer of a status.

    Args:
        customers: The client's customers.
        status: The status asked for.
        on_page: Told after each page how many customers are read, of how many (None: not said).

    Returns:
        Rows in the order of creation, each customer once.

    Raises:
        UnsoundRead: The pages contradicted each other each time.
    """
    doubt = ""
    for _ in range(READS):
        try:
            return await _walk(customers, status, on_page)
        except UnsoundRead as error:
            doubt = error.message
    raise UnsoundRead(
        f"The list of {status} customers could not be read to a result that adds up: {doubt}",
        hint="Something else may be writing to the account just now. Run again in a few minutes.",
    )


async def _walk(customers: Customers, status: str, on_page: OnPage) -> list[Row]:
    rows: dict[str, Row] = {}
    total: int | None = None
    async for page in customers.pages(status=status, sort_by="created_at", sort="asc"):
        if total is not None and page.total_records is not None and page.total_records < total:
            raise UnsoundRead(
                f"page {page.number} told of {page.total_records} customers, an earlier one of {total}."
            )
        total = page.total_records
        for customer in page.customers:
            if customer.id in rows:
                raise UnsoundRead(f"customer {customer.id} came on two pages.")
            rows[customer.id] = row(customer, status=status, listed=True)
        on_page(len(rows), total)
    if total is not None and total != len(rows):
        raise UnsoundRead(f"{len(rows)} customers were shown where {total} were announced.")
    return list(rows.values())


async def read_newest(customers: Customers, status: str, known: Callable[[str], bool]) -> list[Row]:
    """The customers of a status created after the newest one that is known, newest first.

    Args:
        customers: The client's customers.
        status: The status asked for.
        known: Whether a customer's id is known.
    """
    rows: list[Row] = []
    async for page in customers.pages(status=status, sort_by="created_at", sort="desc"):
        new = [customer for customer in page.customers if not known(customer.id)]
        rows += [row(customer, status=status, listed=True) for customer in new]
        if len(new) < len(page.customers):
            break
    return rows
