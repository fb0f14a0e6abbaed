"""When requests may leave: arithmetic without a clock."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizsync.api.timetable import CLOSEST, Timetable

EPSILON = 1e-9


def leaves(timetable: Timetable, since: float, lateness: float) -> float:
    """When a request leaves that wants to at a moment, and whose every sleep ends late."""
    now, slept = since, False
    while (seconds := timetable.wait(now)) > 0:
        now += seconds + lateness
        if not slept:
            timetable.woken(now)
        slept = True
    timetable.take(now, since)
    return now


def test_the_first_request_leaves_at_once_and_the_next_an_interval_later():
    timetable = Timetable(5.0)
    assert timetable.wait(10.0) == 0
    timetable.take(10.0, 10.0)
    assert timetable.wait(10.05) == pytest.approx(0.15)
    assert timetable.wait(10.2) == pytest.approx(0)


def test_idle_time_is_not_saved_up_for_a_burst():
    timetable = Timetable(5.0)
    timetable.take(10.0, 10.0)
    timetable.take(60.0, 60.0)
    assert timetable.wait(60.0) == pytest.approx(0.2)


def test_who_is_late_does_not_make_the_next_one_late():
    timetable = Timetable(10.0)
    assert [leaves(timetable, 0.0, late) for late in (0, 0.03, 0, 0.06, 0, 0)] == pytest.approx(
        [0, 0.13, 0.2, 0.36, 0.41, 0.5]
    )


def test_after_everything_stood_still_the_next_one_keeps_its_distance():
    """From what left last, and may have left only when everything went on."""
    timetable = Timetable(10.0)
    assert leaves(timetable, 0.0, 0) == 0
    assert leaves(timetable, 0.0, 0.5) == pytest.approx(1.2)
    assert leaves(timetable, 0.0, 0) == pytest.approx(1.25)


def test_time_without_room_is_made_up_for_by_one_interval_at_most():
    timetable = Timetable(10.0)
    timetable.take(0.0, 0.0)
    timetable.take(3.0, 0.0)
    assert [leaves(timetable, 0.0, 0) for _ in range(3)] == pytest.approx([3.05, 3.1, 3.2])


def test_a_pause_holds_the_next_request_and_a_shorter_one_does_not_end_it():
    timetable = Timetable(5.0)
    timetable.take(10.0, 10.0)
    assert timetable.pause(10.0, 5.0)
    assert not timetable.pause(10.0, 1.0)
    assert timetable.wait(10.0) == pytest.approx(5.0)
    assert timetable.paused_until == 15.0
    assert [leaves(timetable, 10.0, 0) for _ in range(2)] == pytest.approx([15.0, 15.2])


@given(
    rate=st.one_of(st.integers(1, 200), st.floats(0.1, 1200)),
    arrivals=st.lists(
        st.tuples(st.one_of(st.just(0.0), st.floats(0, 3)), st.floats(0, 0.3)),
        min_size=1,
        max_size=400,
    ),
    pauses=st.dictionaries(st.integers(0, 400), st.floats(0, 3), max_size=5),
)
def test_no_second_ever_holds_more_than_the_rate(rate, arrivals, pauses):
    """Whoever comes when, wakes up how late, and is paused: of a rate below 1, no interval more than one."""
    timetable = Timetable(float(rate))
    now, since, left = 0.0, 0.0, []
    for number, (gap, lateness) in enumerate(arrivals):
        # Some have waited for long for room, others come only now.
        since = now if gap else since
        now += gap
        if number in pauses:
            timetable.pause(now, pauses[number])
        since = max(since, 0.0)
        moment = leaves(timetable, max(now, since) if gap else now, lateness)
        if number in pauses:
            assert moment >= now + pauses[number] - EPSILON
        now = moment
        left.append(now)
    many = min(1000, math.ceil(rate))
    assert all(
        later - earlier >= many / rate - 1e-6
        for earlier, later in zip(left, left[many:], strict=False)
    )
    closest = CLOSEST / rate
    assert all(later - earlier >= closest - 1e-6 for earlier, later in pairwise(left))


@given(
    rate=st.floats(0.5, 150),
    lateness=st.lists(st.floats(0, 0.4), min_size=1, max_size=50),
)
def test_with_late_wake_ups_all_but_a_hundredth_of_the_rate_is_used(rate, lateness):
    """Later by up to four tenths of an interval, but for 6 ms at most."""
    timetable = Timetable(rate)
    number = int(20 * rate) + 2
    late = [min(0.006, share / rate) for share in lateness]
    last = [leaves(timetable, 0.0, late[n % len(late)]) for n in range(number)][-1]
    assert (number - 1) / rate <= last + EPSILON
    assert last <= (number - 1) / rate / 0.99 + 0.006


@given(rates=st.lists(st.floats(0.2, 200), min_size=2, max_size=10))
def test_a_rate_that_changes_holds_from_then_on(rates):
    timetable, left = Timetable(rates[0]), []
    for rate in rates:
        timetable.rate = rate
        many = math.ceil(rate)
        for _ in range(many + 1):
            left.append(leaves(timetable, 0.0, 0))
            before = left[-many - 1] if len(left) > many else -math.inf
            assert left[-1] - before >= many / rate - 1e-6


def test_it_tells_how_many_left_as_soon_as_they_could():
    timetable = Timetable(10.0)
    for since in (0.0, 0.05, 0.1):
        leaves(timetable, since, 0.02)
    assert timetable.in_time == math.inf
    leaves(timetable, 0.5, 0)
    assert timetable.in_time == 0
    leaves(timetable, 0.5, 0)
    assert timetable.in_time == 1
    timetable.pause(0.6, 5.0)
    leaves(timetable, 0.6, 0)
    assert timetable.in_time == 2
    timetable.take(8.0, 0.6)  # there was no room for it before
    assert timetable.in_time == 0


@pytest.mark.parametrize("late", [0.001, 0.019, 0.021, 1.0])
def test_however_late_all_sleeps_are_every_request_leaves(late):
    timetable = Timetable(2000.0)
    left = [leaves(timetable, 0.0, late) for _ in range(50)]
    assert left[-1] <= 50 * (2 * late + 0.002)
