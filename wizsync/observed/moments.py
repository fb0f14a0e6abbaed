"""When customers were created, and whether a page keeps to the order of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime


def moment(text: str | None) -> datetime | None:
    """A time as the API tells it; None where it tells none."""
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def latest(moments: Iterable[datetime | None]) -> datetime | None:
    """The latest of those that are told."""
    return max(filter(None, moments), default=None)


def newest_first(moments: Iterable[datetime | None]) -> bool:
    """Whether all are told, and none is later than the one before."""
    told = list(moments)
    return all(told) and told == sorted(filter(None, told), reverse=True)


def later(one: datetime | None, other: datetime | None) -> bool:
    """Whether one is known to be later than another."""
    return one is not None and other is not None and one > other
