"""One pacer for all requests of a client: evenly spaced, few at a time, paused when told to."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from wizsync.errors import UsageError

IN_FLIGHT_AT_MOST = 8


@dataclass(slots=True)
class Timetable:
    """When the next request may leave. Arithmetic alone: the caller brings the time, in seconds.

    Args:
        interval: Seconds from one request to the next.
        earliest: When the next one may leave.
        paused_until: When the latest pause ends, or has ended.
    """

    interval: float
    earliest: float = -math.inf
    paused_until: float = -math.inf

    def wait(self, now: float) -> float:
        """Seconds until a request may leave, 0 if it may leave now."""
        return max(0.0, self.earliest - now)

    def take(self, now: float) -> None:
        """A request leaves now. Time that went by unused is lost: there are no bursts."""
        self.earliest = now + self.interval

    def pause(self, now: float, seconds: float) -> bool:
        """No request leaves for so many seconds.

        Returns:
            Whether that is longer than what was waited for anyway.
        """
        until = now + seconds
        longer = until > self.earliest
        self.earliest = max(self.earliest, until)
        self.paused_until = max(self.paused_until, until)
        return longer


class Pacer:
    """Lets requests leave in the order in which they came, at most 8 at a time.

    Args:
        rate: Requests a second.
    """

    def __init__(self, rate: float) -> None:
        if not (math.isfinite(rate) and rate > 0):
            raise UsageError(
                f"A rate of {rate} requests a second cannot be kept.",
                hint="Give a number above 0, such as 5.",
            )
        self._timetable = Timetable(1 / rate)
        self._in_flight = asyncio.Semaphore(IN_FLIGHT_AT_MOST)
        self._queue = asyncio.Lock()

    @asynccontextmanager
    async def turn(self, may_leave: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
        """Waits for the caller's turn; the request is in flight until the block ends.

        Args:
            may_leave: Awaited at the head of the queue before the request leaves, and again after each
                wait there. Where it waits, all wait; what it raises gives up the turn.
        """
        # In this order: a turn taken before there is room would leave later than its time, and
        # close to the next one.
        async with self._in_flight:
            async with self._queue:
                await self.wait(may_leave)
            yield

    async def wait(self, may_leave: Callable[[], Awaitable[None]]) -> None:
        """Waits until a request may leave, which it does then. Only for who is at the head of the queue."""
        clock = asyncio.get_running_loop().time
        await may_leave()
        # Asked again after each sleep, because a pause may have begun meanwhile.
        while (seconds := self._timetable.wait(clock())) > 0:
            await asyncio.sleep(seconds)
            await may_leave()
        self._timetable.take(clock())

    def pause(self, seconds: float) -> bool:
        """Holds every request that has not left yet; those in flight go on.

        Returns:
            Whether requests now wait longer than they would have anyway.
        """
        return self._timetable.pause(asyncio.get_running_loop().time(), seconds)

    @property
    def paused(self) -> bool:
        """Whether requests are held just now."""
        return asyncio.get_running_loop().time() < self._timetable.paused_until
