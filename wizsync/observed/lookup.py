"""Look-ups by referenceIds, believed only with a canary.

Whether a server honours the filter, and how it wants several keys, is not documented. One that ignores
it answers with everybody or with nobody, and an empty answer would read as "absent": the way to a
duplicate. So each look-up also asks for a customer known to exist, the canary, last in the list; if it
is missing, or somebody comes who was not asked for, the filter does not work as asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from wizsync.api import Customers, ListEncoding
from wizsync.observed.rows import Row, row

# Keys in one request: with the canary, a page of 100.
KEYS_A_REQUEST = 99

# Canaries remembered for each status: some may be deleted by others until they are needed.
CANARIES = 5


class FilterUnusable(Exception):
    """The filter by referenceIds does not do what it is asked."""


def askable(key: str, encoding: ListEncoding) -> bool:
    """Whether a key can be asked for: a comma would be read as two keys."""
    return encoding is ListEncoding.REPEATED or "," not in key


def chunks(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    """The keys in portions of one request each."""
    for start in range(0, len(keys), KEYS_A_REQUEST):
        yield keys[start : start + KEYS_A_REQUEST]


async def ask(
    customers: Customers,
    keys: Sequence[str],
    canaries: Mapping[str, str],
    statuses: Sequence[str],
    encoding: ListEncoding,
) -> list[Row]:
    """Every customer that has one of the keys, in any of the statuses.

    Args:
        customers: The client's customers.
        keys: At most KEYS_A_REQUEST.
        canaries: Status to a key known to exist in it; at least one.
        statuses: The statuses to ask for; those with a canary should come first.
        encoding: How several keys are sent.

    Raises:
        FilterUnusable: A canary is missing, or somebody came who was not asked for.
    """
    rows: list[Row] = []
    for status in statuses:
        canary = canaries.get(status)
        asked = [key for key in keys if key != canary] + ([canary] if canary else [])
        found: set[str] = set()
        async for page in customers.pages(
            status=status,
            sort_by="created_at",
            sort="asc",
            reference_ids=asked,
            reference_ids_as=encoding,
        ):
            for customer in page.customers:
                if customer.reference_id not in asked:
                    raise FilterUnusable
                found.add(customer.reference_id)
                if customer.reference_id in keys:
                    rows.append(row(customer, status=status, listed=True))
        if canary and canary not in found:
            raise FilterUnusable
    return rows
