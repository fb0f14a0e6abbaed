"""Look-ups by referenceIds, believed only with a canary.

Whether a server honours the filter, and how it wants several keys, is not documented. One that ignores
it answers with everybody or with nobody, and an empty answer would read as "absent": the way to a
duplicate. So each look-up also asks for a customer known to exist, the canary; if it is missing, or
somebody comes who was not asked for, the filter does not work as asked. The canary is one of the oldest
customers, and the newest come first: an answer that is cut short lacks it, on whatever page that happens.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from urllib.parse import quote_plus

from wizsync.api import CustomerPage, Customers, ListEncoding
from wizsync.errors import RequestRefused, Throttled
from wizsync.model import as_in_a_file
from wizsync.observed.moments import moment, newest_first
from wizsync.observed.rows import Row, key_of, row

# Keys in one request: with the canary, a page of 100.
KEYS_A_REQUEST = 99

# Bytes of one request's keys: servers commonly refuse an address of more than 8 kB.
BYTES_A_REQUEST = 6_000
# What each key costs besides itself: a name of the filter where that is repeated, or a comma.
_BYTES_BESIDES = len("&reference_ids=")

# Canaries remembered for each status: some may be deleted by others until they are needed.
CANARIES = 5


class FilterUnusable(Exception):
    """The filter by referenceIds does not do what it is asked."""


class NoCanary(FilterUnusable):
    """Nobody is known by whom the filter could be tried: the account is empty, or without referenceIds."""


def askable(key: str, encoding: ListEncoding) -> bool:
    """Whether a key can be asked for: a comma would be read as two keys."""
    return encoding is ListEncoding.REPEATED or "," not in key


def chunks(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    """The keys in portions of one request each."""
    start, size = 0, 0
    for end, key in enumerate(keys):
        bytes_of_key = len(quote_plus(key)) + _BYTES_BESIDES
        if end - start == KEYS_A_REQUEST or (end > start and size + bytes_of_key > BYTES_A_REQUEST):
            yield keys[start:end]
            start, size = end, 0
        size += bytes_of_key
    if start < len(keys):
        yield keys[start:]


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
        FilterUnusable: A canary is missing, somebody came who was not asked for, fewer came than were
            announced, or the server refuses to be asked so.
    """
    rows: list[Row] = []
    for status in statuses:
        try:
            rows += await _ask(customers, keys, canaries.get(status), status, encoding)
        except Throttled:
            raise
        except RequestRefused:
            raise FilterUnusable from None
    return rows


async def _ask(
    customers: Customers,
    keys: Sequence[str],
    canary: str | None,
    status: str,
    encoding: ListEncoding,
) -> list[Row]:
    # A server may find a key that it keeps with spaces, or composed otherwise.
    wanted = {as_in_a_file(key) for key in keys}
    allowed = wanted | ({as_in_a_file(canary)} if canary else set())
    found: dict[str, Row] = {}
    total: int | None = None
    async for page in customers.pages(
        status=status,
        sort_by="created_at",
        sort="desc",
        reference_ids=[key for key in keys if key != canary] + ([canary] if canary else []),
        reference_ids_as=encoding,
    ):
        total = page.total_records
        found |= {c.id: row(c, status=status, listed=True) for c in page.customers}
        # A list without totals would end at one more, empty page.
        if canary and total is None and _ends_with(canary, page):
            break
    there = {key_of(known) for known in found.values()}
    if not there <= allowed or (canary and as_in_a_file(canary) not in there):
        raise FilterUnusable
    if total is not None and total != len(found):
        raise FilterUnusable
    return [known for known in found.values() if key_of(known) in wanted]


def _ends_with(canary: str, page: CustomerPage) -> bool:
    """Whether a page came newest first, and the canary, older than all who were asked for, last."""
    last = page.customers[-1].reference_id if page.customers else None
    in_order = newest_first(moment(customer.created_at) for customer in page.customers)
    return in_order and as_in_a_file(last or "") == as_in_a_file(canary)


def canaries_among(rows: Iterable[Row], statuses: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """A few referenceIds of each status that can be asked for by any encoding."""
    chosen: dict[str, list[str]] = {status: [] for status in statuses}
    for known in rows:
        keys = chosen.get(known["status"])
        key = known["referenceId"]
        # What a server may trim would not come back as it was asked for.
        plain = key and "," not in key and key == as_in_a_file(key)
        if keys is not None and len(keys) < CANARIES and plain:
            keys.append(key)
    return {status: tuple(keys) for status, keys in chosen.items()}
