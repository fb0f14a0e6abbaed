"""Customers one by one, by their ids: what lists do not show of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence

from wizsync.api import CustomerDetails, Customers, WizCommerce
from wizsync.errors import RequestRefused, WizsyncError
from wizsync.model import Progress
from wizsync.observed.kept import KeptDetails
from wizsync.observed.learned import Learned
from wizsync.observed.rows import Row, row

# So many reads are asked for at once, of which the client keeps a few in flight.
PORTION = 100


async def read_singly(
    customers: Customers,
    customer_ids: Sequence[str],
    on_done: Callable[[int], None],
    on_read: Callable[[CustomerDetails], None],
) -> dict[str, Row]:
    """Customers by id, with every field; those that are not there (404) are left out.

    Args:
        customers: The client's customers.
        customer_ids: Their ids.
        on_done: Told after each how many were asked for.
        on_read: Told each customer as it was answered.

    Raises:
        WizsyncError: One could not be read; the others are then let go.
    """
    done = 0

    async def get(customer_id: str) -> Row | None:
        nonlocal done
        try:
            customer = await customers.get(customer_id)
        except RequestRefused as error:
            if error.status != 404:
                raise
            return None
        finally:
            done += 1
            on_done(done)
        on_read(customer)
        return row(customer, status="", listed=False)

    rows: dict[str, Row] = {}
    for start in range(0, len(customer_ids), PORTION):
        portion = customer_ids[start : start + PORTION]
        try:
            async with asyncio.TaskGroup() as group:
                reads = [group.create_task(get(customer_id)) for customer_id in portion]
        except* WizsyncError as failures:
            raise failures.exceptions[0] from None
        rows |= {known["id"]: known for read in reads if (known := read.result()) is not None}
    return rows


class Singly:
    """Reads customers by id, and keeps what was read.

    Args:
        client: The account's client.
        learned: What is known of the account; statuses and attributes are added to it.
        kept: Keeps the details.
        progress: Told how far it is.
    """

    def __init__(
        self, client: WizCommerce, learned: Learned, kept: KeptDetails, progress: Progress
    ) -> None:
        self._client = client
        self._learned = learned
        self._kept = kept
        self._progress = progress

    async def read(self, customer_ids: Sequence[str], doing: str) -> dict[str, Row]:
        """Customers by id, with every field; those that are not there (404) are left out.

        Args:
            customer_ids: Their ids.
            doing: What progress says meanwhile.
        """
        rows: dict[str, Row] = {}
        async for portion in self.portions(customer_ids, doing):
            rows |= portion
        return rows

    async def portions(
        self, customer_ids: Sequence[str], doing: str
    ) -> AsyncIterator[dict[str, Row]]:
        """The same, a portion at a time: of many, all at once would take much memory."""
        total = len(customer_ids)
        for start in range(0, total, PORTION):

            def tell(done: int, start: int = start) -> None:
                self._progress(doing, start + done, total)

            portion = customer_ids[start : start + PORTION]
            rows = await read_singly(self._client.customers, portion, tell, self._learned.define)
            for known in rows.values():
                self._kept.keep(known)
            await self._learned.meet({known["status"] for known in rows.values()}, self._client)
            yield rows
