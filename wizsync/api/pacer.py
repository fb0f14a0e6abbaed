"""One pacer for all requests of a client: evenly spaced, few at a time, paused when told to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from wizsync.api.rate_headers import RateWords
from wizsync.api.rates import Pace
from wizsync.api.timetable import Timetable

IN_FLIGHT_AT_MOST = 8


@dataclass(frozen=True, slots=True)
class Turn:
    """How a request came to leave.

    Args:
        left: When it did, by the event loop's clock.
        used: Whether the rate was used by then: each request has left as soon as it let it.
    """

    left: float
    used: bool


class Pacer:
    """Lets requests leave in the order in which they came, at most 8 at a time.

    Args:
        pace: How many leave in a second.
    """

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._timetable = Timetable(pace.rate)
        self._in_flight = asyncio.Semaphore(IN_FLIGHT_AT_MOST)
        self._queue = asyncio.Lock()

    @property
    def rate(self) -> float:
        """Requests that may leave in a second, as of now."""
        return self._pace.rate

    @property
    def limit(self) -> float | None:
        """Requests a second at which the server was last met refusing more; None: not known."""
        return self._pace.limit

    @asynccontextmanager
    async def turn(self, may_leave: Callable[[], Awaitable[None]]) -> AsyncIterator[Turn]:
        """Waits for the caller's turn; the request is in flight until the block ends.

        Args:
            may_leave: Awaited at the head of the queue before the request leaves, and again after each
                wait there. Where it waits, all wait; what it raises gives up the turn.
        """
        since = _now()
        # In this order: a turn taken before there is room would leave later than its time, and
        # close to the next one.
        async with self._in_flight:
            async with self._queue:
                turn = await self.wait(may_leave, since)
            yield turn

    async def wait(
        self, may_leave: Callable[[], Awaitable[None]], since: float | None = None
    ) -> Turn:
        """Waits until a request may leave, which it does then. Only for who is at the head of the queue.

        Args:
            may_leave: See `turn`.
            since: Since when it wants to leave; None: it begins to.
        """
        if since is None:
            since = _now()
        await may_leave()
        slept = False
        # Asked again after each sleep, because a pause may have begun meanwhile.
        while (seconds := self._timetable.wait(_now())) > 0:
            await asyncio.sleep(seconds)
            if not slept:
                self._timetable.woken(_now())
            slept = True
            await may_leave()
        left = _now()
        self._timetable.take(left, since)
        # Eight fast ones in a row are nothing, where the ninth has to wait for a slow server.
        return Turn(left, self._timetable.in_time >= IN_FLIGHT_AT_MOST)

    def pause(self, seconds: float) -> bool:
        """Holds every request that has not left yet; those in flight go on.

        Returns:
            Whether requests now wait longer than they would have anyway.
        """
        return self._timetable.pause(_now(), seconds)

    @property
    def paused(self) -> bool:
        """Whether requests are held just now."""
        return _now() < self._timetable.paused_until

    def passed(self, turn: Turn) -> None:
        """A request was let through by the server."""
        self._pace.passed(turn.left, used=turn.used)
        self._timetable.rate = self._pace.rate

    def refused(self, turn: Turn) -> None:
        """A request was refused because there were too many; the pause for it has begun."""
        self._pace.refused(_now(), turn.left, self._timetable.paused_until)
        self._timetable.rate = self._pace.rate

    def told(self, words: RateWords) -> float:
        """An answer said something of the rate, or nothing.

        Returns:
            Seconds for which no request is let through, if that is to be heeded.
        """
        used_up = self._pace.told(words)
        self._timetable.rate = self._pace.rate
        return used_up


def _now() -> float:
    return asyncio.get_running_loop().time()
