"""A client's pace against a server with a limit, in a time of its own: no waiting, and the same each time."""

from __future__ import annotations

import heapq
import math
import random
from bisect import bisect_left
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from wizsync.api.pacer import IN_FLIGHT_AT_MOST
from wizsync.api.rates import Pace
from wizsync.api.timetable import Timetable

# What a server makes of a request at a moment: 0, or the seconds to wait before the next.
Server = Callable[[float], float]


def bucket(limit: Callable[[float], float], holds: float = 2.0) -> Server:
    """A token bucket whose limit depends on the time, and which asks for whole seconds."""
    tokens, at = holds, 0.0

    def ask(now: float) -> float:
        nonlocal tokens, at
        rate = limit(now)
        tokens, at = min(holds, tokens + (now - at) * rate), now
        if tokens >= 1:
            tokens -= 1
            return 0.0
        return math.ceil((1 - tokens) / rate)

    return ask


def window(requests: int, seconds: float, *, sliding: bool) -> Server:
    """So many requests in so many seconds: any, or those of the server's clock."""
    passed: deque[float] = deque()

    def ask(now: float) -> float:
        begun = now - seconds if sliding else now // seconds * seconds
        while passed and passed[0] < begun:
            passed.popleft()
        if len(passed) < requests:
            passed.append(now)
            return 0.0
        first = passed[0] if sliding else begun
        return math.ceil(first + seconds - now) or 1.0

    return ask


@dataclass
class Simulation:
    """What left, and when.

    Args:
        passed: When those left that were let through.
        refused: When the others did.
        rates: When which rate was in use.
    """

    passed: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)
    rates: list[tuple[float, float]] = field(default_factory=list)

    def used(self, start: float, end: float) -> float:
        """Requests a second that were let through."""
        return (bisect_left(self.passed, end) - bisect_left(self.passed, start)) / (end - start)

    @property
    def refusals(self) -> float:
        """The share of requests that was refused."""
        return len(self.refused) / (len(self.passed) + len(self.refused))


def simulated(
    pace: Pace,
    server: Server,
    seconds: float,
    *,
    latency: float = 0.01,
    late: float = 0.002,
    wanted: float = math.inf,
    stalls: Callable[[float], float] = lambda now: now,
) -> Simulation:
    """A client that wants to send all the time, as the Pacer does it.

    Args:
        pace: Its pace.
        server: The server.
        seconds: How long.
        latency: Seconds until an answer, and at most half as much again.
        late: Seconds that wake-ups are late by at most.
        wanted: Requests a second that the client wants to send at most.
        stalls: A moment at which a request arrives to that at which the server gets to it.
    """
    chance, timetable, told = random.Random(1), Timetable(pace.rate), Simulation()
    answers: list[tuple[float, float, float, bool]] = []
    now, since = 0.0, 0.0
    while now < seconds:
        leaves = max(now, since, now + timetable.wait(now))
        full = len(answers) >= IN_FLIGHT_AT_MOST
        if answers and (full or answers[0][0] <= leaves):
            answered, left, wait, used = heapq.heappop(answers)
            now = max(now, answered)
            if wait:
                timetable.pause(now, wait)
                pace.refused(now, left, timetable.paused_until)
            else:
                pace.passed(left, used=used)
            timetable.rate = pace.rate
            continue
        now = leaves + (chance.uniform(0, late) if leaves > since else 0.0)
        timetable.take(now, since)
        used = timetable.in_time >= IN_FLIGHT_AT_MOST
        told.rates.append((now, pace.rate))
        wait = server(stalls(now + latency / 2))
        (told.refused if wait else told.passed).append(now)
        heapq.heappush(answers, (now + latency * chance.uniform(1, 1.5), now, wait, used))
        since = now + 1 / wanted
    return told
