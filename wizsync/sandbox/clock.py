"""The server's clock, which a fault may put wrong for the request at hand."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

_SECONDS_OFF: ContextVar[float] = ContextVar("seconds_off", default=0.0)


# What the machine's clock showed when its steady one, which counts from anywhere, showed 0.
_STEADY_BEGAN = time.time() - time.monotonic()


def steady() -> float:
    """Seconds since 1970 that go on evenly, even if somebody puts the machine's clock right meanwhile."""
    return _STEADY_BEGAN + time.monotonic()


def now() -> datetime:
    """What the server takes the time to be."""
    return datetime.now(UTC) + timedelta(seconds=_SECONDS_OFF.get())


def is_off() -> bool:
    """Whether the clock is wrong for this request."""
    return _SECONDS_OFF.get() != 0


@contextmanager
def off_by(seconds: float) -> Iterator[None]:
    """Put the clock wrong for what this task does inside."""
    token = _SECONDS_OFF.set(seconds)
    try:
        yield
    finally:
        _SECONDS_OFF.reset(token)
