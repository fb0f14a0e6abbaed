"""The rate limit: a token bucket that holds two, whose rate may be changed, and what answers tell of it."""

from __future__ import annotations

import math
import threading
import time
from dataclasses import dataclass

_BURST = 2.0
# Of a rate that is no whole number, the window in which it is told.
_WIDER_WINDOW = 10


@dataclass(frozen=True, slots=True)
class Standing:
    """How things are with a limit, in whole numbers as headers tell them.

    Args:
        quota: Requests that are let through in a window.
        window: Its seconds.
        left: Requests that would be let through at once.
        reset: Seconds until as many are left as there can be.
    """

    quota: int
    window: int
    left: int
    reset: int


class TokenBucket:
    """Lets so many requests a second through, and two at once after a pause. May be used from any thread.

    Args:
        rate: Requests a second; None: all.
    """

    def __init__(self, rate: float | None) -> None:
        self._lock = threading.Lock()
        self._rate = None if rate is None else float(rate)
        self._tokens = _BURST
        self._filled_at = time.monotonic()

    @property
    def rate(self) -> float | None:
        """Requests a second; None: all."""
        return self._rate

    @rate.setter
    def rate(self, rate: float | None) -> None:
        with self._lock:
            self._fill()
            self._rate = None if rate is None else float(rate)

    def wait(self) -> float:
        """Take a token and return 0, or return the seconds until there is one."""
        with self._lock:
            self._fill()
            if self._rate is None:
                return 0.0
            if self._tokens >= 1:
                self._tokens -= 1
                return 0.0
            return (1 - self._tokens) / self._rate

    def standing(self) -> Standing | None:
        """How things are; None where there is no limit."""
        with self._lock:
            self._fill()
            if self._rate is None:
                return None
            window = 1 if self._rate.is_integer() else _WIDER_WINDOW
            quota = max(1, math.floor(self._rate * window))
            reset = math.ceil((_BURST - self._tokens) / self._rate)
            return Standing(quota, max(window, round(quota / self._rate)), int(self._tokens), reset)

    def _fill(self) -> None:
        now = time.monotonic()
        if self._rate is not None:
            grown = self._tokens + (now - self._filled_at) * self._rate
            self._tokens = min(_BURST, grown)
        self._filled_at = now
