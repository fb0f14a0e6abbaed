"""When the next request may leave. Arithmetic alone: the caller brings the time, in seconds."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field

# What is made up for is made up for gently: two requests are never closer than this share of the interval.
CLOSEST = 0.5
# Seconds by which a sleep is late only if everything stood still. At high rates that is many intervals.
STOOD_STILL = 0.02
# Departures that are remembered. At higher rates than this, fewer than a second's.
_REMEMBERED = 1000


@dataclass(slots=True)
class Timetable:
    """Spaces requests evenly, and makes up for what wakes up late.

    A second holds no more requests than the rate says, wherever it begins. Who leaves late does not make
    all others later, as long as it is no more than one interval: what is left on top is lost, and so is
    time in which nobody wanted to send. There are no bursts.

    Args:
        rate: Requests a second; may be changed.
        due: When the next one may leave, if all had left in time.
        paused_until: When the latest pause ends, or has ended.
        in_time: How many requests in a row have left as soon as the rate let them: they wanted to before,
            and there was room for them. Without end as long as none was later.
    """

    rate: float
    due: float = -math.inf
    paused_until: float = -math.inf
    in_time: float = math.inf
    _left: deque[float] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))

    def wait(self, now: float) -> float:
        """Seconds until a request may leave, 0 if it may leave now."""
        return max(0.0, self._earliest() - now)

    def woken(self, now: float) -> None:
        """Who waited for the next turn wakes up now.

        Much later means that everything stood still, in the middle of sending perhaps: what left last may
        have left only now, and the next one keeps its distance from that. To be told once for a turn: it
        makes the turn later.
        """
        interval = 1 / self.rate
        if now > self._earliest() + max(interval, STOOD_STILL):
            self.due = now + interval
            if self._left:
                self._left[-1] = now

    def take(self, now: float, since: float) -> None:
        """A request leaves now.

        Args:
            now: The time.
            since: Since when it wanted to.
        """
        interval = 1 / self.rate
        in_time = not self._left or (since <= self.due and now - self.due <= interval)
        self.in_time = self.in_time + 1 if in_time else 0
        self.due = max(self.due, since, now - interval) + interval
        self._left.append(now)

    def pause(self, now: float, seconds: float) -> bool:
        """No request leaves for so many seconds.

        Returns:
            Whether that is longer than what was waited for anyway.
        """
        until = now + seconds
        longer = until > self._earliest()
        self.due = max(self.due, until)
        self.paused_until = max(self.paused_until, until)
        return longer

    def _earliest(self) -> float:
        earliest = self.due
        if self._left:
            earliest = max(earliest, self._left[-1] + CLOSEST / self.rate)
        # So many take so long; at a whole number of requests a second, it is that second.
        many = math.ceil(min(self.rate, _REMEMBERED))
        if len(self._left) >= many:
            earliest = max(earliest, self._left[-many] + many / self.rate)
        return earliest
