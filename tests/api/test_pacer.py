"""The pacer: requests that really leave evenly, few at a time, and not while they are held."""

import asyncio
from itertools import pairwise

import pytest

from wizsync.api.pacer import IN_FLIGHT_AT_MOST, Pacer
from wizsync.api.rates import START, FixedPace, FoundPace
from wizsync.api.timetable import CLOSEST

pytestmark = pytest.mark.anyio


async def at_once() -> None:
    """A request that may leave as soon as it is its turn."""


async def test_turns_come_in_order_evenly_and_at_most_eight_at_a_time():
    pacer, clock = Pacer(FixedPace(200.0)), asyncio.get_running_loop().time
    done, started, order = asyncio.Event(), [], []

    async def request(number: int) -> None:
        async with pacer.turn(at_once):
            started.append(clock())
            order.append(number)
            if len(started) == IN_FLIGHT_AT_MOST:
                full.set()
            await done.wait()

    full = asyncio.Event()
    tasks = [asyncio.create_task(request(number)) for number in range(20)]
    await full.wait()
    # Longer than the ninth would have needed, had there been room for it.
    await asyncio.sleep(0.05)
    assert len(started) == IN_FLIGHT_AT_MOST
    done.set()
    await asyncio.gather(*tasks)
    assert order == list(range(20))
    gaps = [later - earlier for earlier, later in pairwise(started)]
    assert min(gaps) >= CLOSEST * 0.005 - 1e-4


async def test_a_pause_holds_those_who_already_wait():
    pacer, clock = Pacer(FixedPace(20.0)), asyncio.get_running_loop().time
    async with pacer.turn(at_once):
        pass

    async def request() -> float:
        async with pacer.turn(at_once):
            return clock()

    waiting = asyncio.create_task(request())
    await asyncio.sleep(0)
    begun = clock()
    assert not pacer.paused
    pacer.pause(0.2)
    assert pacer.paused
    assert await waiting - begun >= 0.2 - 1e-3


async def test_only_who_waited_for_the_rate_makes_it_grow():
    pacer = Pacer(FoundPace())
    async with pacer.turn(at_once) as first:
        pass
    pacer.passed(first)
    assert pacer.rate == START
    async with pacer.turn(at_once) as second:
        pass
    pacer.passed(second)
    assert second.used
    assert pacer.rate > START
    assert second.left - first.left >= 1 / START - 1e-3
    # Nobody wanted to send for a while.
    await asyncio.sleep(0.3)
    async with pacer.turn(at_once) as third:
        pass
    assert not third.used


async def test_a_turn_given_up_is_free_for_the_next():
    pacer = Pacer(FixedPace(1000.0))
    tasks = [asyncio.create_task(_forever(pacer)) for _ in range(IN_FLIGHT_AT_MOST)]
    await asyncio.sleep(0.05)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    async with asyncio.timeout(5), pacer.turn(at_once):
        pass


async def _forever(pacer: Pacer) -> None:
    async with pacer.turn(at_once):
        await asyncio.Event().wait()
