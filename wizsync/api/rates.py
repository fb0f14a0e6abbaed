"""How many requests leave in a second: as many as was said, or as many as the server lets through.

Arithmetic alone: the caller brings the time, in seconds.
"""

from __future__ import annotations

import math
from typing import Protocol

from wizsync.api.rate_headers import RateWords
from wizsync.errors import UsageError
from wizsync.model import AutoRate, Rate

# A search begins with so many a second, and adds so many in each second in which nothing speaks against it.
START = 5.0
STEP = 5.0
# Slower than this it never gets by itself: what a write rests on would be too old when its turn comes. A
# server that wants less says so, by a time to come back.
LEAST = 0.2
# The share of a limit that is used. To use it whole is to run into it all the time.
SHARE = 0.95
# How long that share is kept before it is tried whether the limit still holds: each try costs a refusal, and
# a pause, mostly of a second. Twice as long each time that the limit is met at about the same place again.
CALM_SECONDS = 12.0
CALM_AT_MOST = 24.0
# As many requests have to pass meanwhile, so that refusals stay few, but nobody waits for ever.
CALM_REQUESTS = 250
CALM_AT_ALL = 60.0
ABOUT = 0.1
# What is then added in a second, as a share of the limit; and below the share that is used.
PROBE = 0.02
CLIMB = 0.1
# Above so many times the limit, it holds no longer.
GONE = 1.1
# After a refusal at least this share of the rate is left.
LEFT = 0.5
# What counts as beyond the limit, of a rate that grew until it was refused, because a server takes it at
# first: this share of what was added in the last second, and at most that share of the rate.
OVERSHOT = 0.5
OVERSHOT_AT_MOST = 0.2


class Pace(Protocol):
    """How many requests leave in a second, and what makes it more or fewer."""

    @property
    def rate(self) -> float:
        """Requests a second."""

    @property
    def limit(self) -> float | None:
        """Requests a second at which more were refused; None: not known."""

    def passed(self, left: float, *, used: bool) -> None:
        """A request was let through.

        Args:
            left: When it had left.
            used: Whether the rate was used by then.
        """

    def refused(self, now: float, left: float, until: float) -> None:
        """A request was refused.

        Args:
            now: When.
            left: When it had left.
            until: When the pause ends that the server asks for.
        """

    def told(self, words: RateWords) -> float:
        """An answer said something of the rate, or nothing.

        Returns:
            Seconds for which no request is let through, if that is to be heeded.
        """


def pace_of(rate: Rate) -> Pace:
    """The pace of a number of requests a second, or one that finds it.

    Raises:
        UsageError: There is no such rate.
    """
    number = rate.limit if isinstance(rate, AutoRate) else rate
    if number is not None and not (math.isfinite(number) and number > 0):
        raise UsageError(
            f"A rate of {number} requests a second cannot be kept.",
            hint="Give a number above 0, such as 5.",
        )
    return FoundPace(rate.limit) if isinstance(rate, AutoRate) else FixedPace(rate)


class FixedPace:
    """The same all the time, whatever the server says: it was asked for.

    Args:
        rate: Requests a second.
    """

    limit: float | None = None

    def __init__(self, rate: float) -> None:
        self.rate = rate

    def passed(self, left: float, *, used: bool) -> None:
        """See Pace."""

    def refused(self, now: float, left: float, until: float) -> None:
        """See Pace."""

    def told(self, words: RateWords) -> float:  # noqa: ARG002 - a rate that was asked for
        """See Pace."""
        return 0.0


class FoundPace:
    """Found by additive increase and multiplicative decrease, near a limit that it remembers.

    It grows only while it is used: else that nothing is refused proves nothing. It shrinks
    once for all the requests that left before it last shrank: they tell of the same.

    Args:
        limit: Where the limit was met before; None: not known.
    """

    def __init__(self, limit: float | None = None) -> None:
        self.limit = limit
        self._rate = START if limit is None else max(LEAST, SHARE * limit)
        self._allowed = math.inf
        self._growth = 0.0
        self._calm = CALM_SECONDS
        self._calm_seconds = 0.0
        # Since when requests leave at all, and when it was last made less.
        self._working_since: float | None = None
        self._shrunk_at = -math.inf

    @property
    def rate(self) -> float:
        """See Pace."""
        return min(self._rate, self._allowed)

    def passed(self, left: float, *, used: bool) -> None:
        """See Pace."""
        if self._working_since is None:
            # The first one had nothing to wait for.
            self._working_since = left
            return
        # At what the server said it may be, there is nothing to be found out.
        if not used or left < self._shrunk_at or self._rate >= self._allowed:
            return
        seconds = 1 / self._rate
        self._growth, most = self._growth_of(seconds)
        self._rate = min(most, self._rate + self._growth * seconds)

    def refused(self, now: float, left: float, until: float) -> None:
        """See Pace."""
        if left < self._shrunk_at:
            self._working_since = until
            return
        since = left if self._working_since is None else self._working_since
        worked, idle = max(0.0, now - since), max(0.0, until - now)
        # What the server lets through at this rate, on the average, if it is kept.
        through = worked / (worked + idle) if worked else LEFT
        beyond = min(OVERSHOT * self._growth, OVERSHOT_AT_MOST * self.rate)
        limit = max(LEAST, self.rate - beyond)
        is_confirmed = self.limit is not None and abs(limit / self.limit - 1) < ABOUT
        self._calm = min(CALM_AT_MOST, 2 * self._calm) if is_confirmed else CALM_SECONDS
        self.limit = limit
        self._rate = max(LEAST, self.limit * min(SHARE, max(LEFT, through)))
        self._growth = self._calm_seconds = 0.0
        self._working_since, self._shrunk_at = until, now

    def told(self, words: RateWords) -> float:
        """See Pace."""
        if words.allowed is not None:
            self._allowed = max(LEAST, SHARE * words.allowed)
        return words.used_up or 0.0

    def _growth_of(self, seconds: float) -> tuple[float, float]:
        """What is added in a second, and up to where; of so many seconds in which the rate was used."""
        if self.limit is None or self._rate > GONE * self.limit:
            return STEP, math.inf
        if self._rate < SHARE * self.limit:
            return min(STEP, CLIMB * self.limit), SHARE * self.limit
        calm = max(self._calm, min(CALM_AT_ALL, CALM_REQUESTS / self._rate))
        if self._calm_seconds < calm:
            self._calm_seconds += seconds
            return 0.0, math.inf
        return PROBE * self.limit, math.inf
