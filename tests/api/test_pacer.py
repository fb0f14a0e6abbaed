"""The pacer: arithmetic without a clock, and requests that really leave evenly."""

import asyncio
import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizsync.api.pacer import IN_FLIGHT_AT_MOST, Pacer, Timetable
from wizsync.errors import UsageError

moments = st.floats(0, 1e6)


async def at_once() -> None:
    """A request that may leave as soon as it is its turn."""


def test_the_first_request_leaves_at_once_and_the_next_an_interval_later():
    timetable = Timetable(0.2)
    assert timetable.wait(10.0) == 0
    timetable.take(10.0)
    assert timetable.wait(10.05) == pytest.approx(0.15)
    assert timetable.wait(10.2) == pytest.approx(0)


def test_idle_time_is_not_saved_up_for_a_burst():
    timetable = Timetable(0.2)
    timetable.take(10.0)
    timetable.take(60.0)
    assert timetable.wait(60.0) == pytest.approx(0.2)


def test_a_pause_holds_the_next_request_and_a_shorter_one_does_not_end_it():
    timetable = Timetable(0.2)
    timetable.take(10.0)
    assert timetable.pause(10.0, 5.0)
    assert not timetable.pause(10.0, 1.0)
    assert timetable.wait(10.0) == pytest.approx(5.0)
    assert timetable.paused_until == 15.0


@given(
    rate=st.floats(0.1, 1000),
    arrivals=st.lists(st.floats(0, 5), min_size=1, max_size=50),
    pauses=st.dictionaries(st.integers(0, 49), st.floats(0, 10)),
)
def test_no_two_requests_are_closer_than_the_interval(rate, arrivals, pauses):
    timetable = Timetable(1 / rate)
    now, left = 0.0, []
    for number, gap in enumerate(arrivals):
        now += gap
        if number in pauses:
            timetable.pause(now, pauses[number])
            assert timetable.wait(now) >= pauses[number] - 1e-9
        now += timetable.wait(now)
        timetable.take(now)
        left.append(now)
    assert all(later - earlier >= 1 / rate * (1 - 1e-6) for earlier, later in pairwise(left))


@pytest.mark.parametrize("rate", [0.0, -1.0, math.inf, math.nan])
def test_a_rate_that_cannot_be_kept_is_refused(rate):
    with pytest.raises(UsageError, match="cannot be kept"):
        Pacer(rate)


@pytest.mark.anyio
async def test_turns_come_in_order_evenly_and_at_most_eight_at_a_time():
    pacer, clock = Pacer(200.0), asyncio.get_running_loop().time
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
    assert min(gaps) >= 0.005 - 1e-4


@pytest.mark.anyio
async def test_a_pause_holds_those_who_already_wait():
    pacer, clock = Pacer(20.0), asyncio.get_running_loop().time
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


@pytest.mark.anyio
async def test_a_turn_given_up_is_free_for_the_next():
    pacer = Pacer(1000.0)
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
