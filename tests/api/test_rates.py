"""How the rate is found: a client's pace against limits of every kind, in a time of their own."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.api.simulated import Server, bucket, simulated, window
from wizsync.api.rate_headers import RateWords
from wizsync.api.rates import LEAST, SHARE, START, STEP, FixedPace, FoundPace, pace_of
from wizsync.errors import UsageError
from wizsync.model import AUTO, AutoRate


def always(limit: float) -> Server:
    return bucket(lambda _: limit)


def no_limit(_: float) -> float:
    return 0.0


@pytest.mark.parametrize("rate", [0.0, -1.0, math.inf, math.nan, AutoRate(0.0), AutoRate(math.nan)])
def test_a_rate_that_cannot_be_kept_is_refused(rate):
    with pytest.raises(UsageError, match="cannot be kept"):
        pace_of(rate)


def test_a_rate_that_was_asked_for_stays():
    pace = pace_of(40.0)
    told = simulated(pace, always(10.0), 10)
    assert told.refused
    assert pace.told(RateWords(2.0, 10.0)) == 0
    assert (pace.rate, pace.limit) == (40.0, None)
    assert isinstance(pace, FixedPace)


# --- finding it -----------------------------------------------------------------------------------


def test_it_begins_politely_and_adds_the_same_in_each_second():
    told = simulated(pace_of(AUTO), no_limit, 5)
    rates = [next(rate for moment, rate in told.rates if moment >= second) for second in range(5)]
    assert rates == pytest.approx([START + second * STEP for second in range(5)], abs=1.5)


@pytest.mark.parametrize("latency", [0.001, 0.02, 0.15])
def test_an_unknown_limit_is_found_and_used(latency):
    told = simulated(FoundPace(), always(40.0), 70, latency=latency)
    assert told.used(10, 70) >= 0.9 * 40
    assert told.refusals <= 0.01


@pytest.mark.parametrize(
    ("server", "limit"),
    [
        (always(5.0), 5.0),
        (always(10.0), 10.0),
        (always(100.0), 100.0),
        (bucket(lambda _: 40.0, holds=40.0), 40.0),
        (window(40, 1.0, sliding=True), 40.0),
        (window(40, 1.0, sliding=False), 40.0),
    ],
    ids=["5", "10", "100", "a large bucket", "any second", "each second"],
)
def test_limits_of_every_kind_are_found(server, limit):
    told = simulated(FoundPace(), server, 200)
    assert told.used(30, 200) >= 0.9 * limit
    assert told.refusals <= 0.01


@pytest.mark.parametrize("sliding", [True, False])
def test_so_many_a_minute_is_found_by_the_long_pauses(sliding):
    told = simulated(FoundPace(), window(300, 60.0, sliding=sliding), 1200)
    assert told.used(300, 1200) >= 0.85 * 5
    assert told.refusals <= 0.02


def test_a_limit_that_changes_is_found_both_times():
    told = simulated(
        FoundPace(), bucket(lambda now: 10.0 if 40 <= now < 80 else 40.0), 140, late=0.001
    )
    assert told.used(50, 80) >= 0.85 * 10
    assert told.used(115, 140) >= 0.85 * 40
    assert told.refusals <= 0.01


def test_a_limit_that_is_gone_is_left_behind():
    pace = FoundPace(10.0)
    told = simulated(pace, no_limit, 50)
    assert told.used(45, 50) >= 40
    # But only a refusal tells of another limit.
    assert pace.limit == 10.0


def test_refusals_of_which_nothing_can_be_made_up_for_do_not_stop_it():
    """A server that refuses whatever is asked, for a while."""
    pace = FoundPace()
    told = simulated(pace, lambda now: 1.0 if now < 60 else 0.0, 180)
    assert min(rate for _, rate in told.rates) == LEAST
    assert told.used(170, 180) >= 5


# --- what is remembered ---------------------------------------------------------------------------


def test_what_is_remembered_is_used_from_the_first_second():
    pace = FoundPace(40.0)
    told = simulated(pace, always(40.0), 10)
    assert told.used(0, 10) >= 0.9 * 40
    assert not told.refused


def test_a_memory_that_holds_no_longer_is_corrected():
    pace = FoundPace(100.0)
    told = simulated(pace, always(10.0), 60)
    assert 8 <= pace.limit <= 12
    assert told.used(20, 60) >= 0.85 * 10


@pytest.mark.parametrize("memory", [None, 10.0])
def test_a_rate_that_is_not_used_does_not_grow(memory):
    pace = FoundPace(memory)
    begun = pace.rate
    told = simulated(pace, no_limit, 60, wanted=3.0)
    assert told.used(10, 60) <= 3.0
    assert (pace.rate, pace.limit) == (begun, memory)


def test_a_slow_server_is_not_flooded():
    pace = FoundPace()
    told = simulated(pace, no_limit, 60, latency=1.0)
    assert told.used(10, 60) <= 8
    # Eight of them left before there was a first answer.
    assert pace.rate <= START + 8 * STEP / START


# --- refusals -------------------------------------------------------------------------------------


def test_requests_that_left_before_a_refusal_tell_of_nothing_new():
    pace = FoundPace(40.0)
    pace.passed(0.0, used=False)
    pace.refused(10.0, 9.9, 11.0)
    rate = pace.rate
    for moment in (10.01, 10.02, 10.03):
        pace.refused(moment, 9.95, 11.0 + moment)
        pace.passed(9.98, used=True)
    assert pace.rate == rate
    pace.refused(22.0, 21.9, 23.0)
    assert pace.rate < rate


def test_what_is_left_is_what_the_server_lets_through_on_the_average():
    def left(worked: float, idle: float) -> float:
        pace = FoundPace(100.0)
        pace.passed(0.0, used=False)
        pace.refused(worked, worked, worked + idle)
        return pace.rate / (SHARE * 100)

    assert left(9.0, 1.0) == pytest.approx(0.9)
    assert left(60.0, 1.0) == pytest.approx(SHARE)
    assert left(2.0, 60.0) == pytest.approx(0.5)


# --- what the server says -------------------------------------------------------------------------


def test_what_a_server_says_is_kept_to_and_nothing_has_to_be_found():
    pace = FoundPace()
    pace.told(RateWords(40.0))
    told = simulated(pace, always(40.0), 60)
    assert not told.refused
    assert told.used(10, 60) >= 0.9 * 40
    assert (pace.rate, pace.limit) == (pytest.approx(SHARE * 40), None)


def test_what_a_server_says_never_makes_it_faster():
    pace = FoundPace()
    pace.told(RateWords(1_000.0))
    assert pace.rate == START
    pace.told(RateWords(0.001))
    assert pace.rate == LEAST
    pace.told(RateWords(None))
    assert pace.rate == LEAST
    pace.told(RateWords(1_000.0))
    assert pace.rate == START


events = st.one_of(
    st.tuples(st.just("passed"), st.booleans()),
    st.tuples(st.just("refused"), st.floats(0, 900)),
    st.tuples(st.just("told"), st.one_of(st.none(), st.floats(1e-6, 1e6))),
)


@given(memory=st.one_of(st.none(), st.floats(1e-3, 1e6)), happens=st.lists(events, max_size=200))
def test_whatever_happens_only_what_was_used_grows_and_only_refusals_are_remembered(
    memory, happens
):
    pace, now = FoundPace(memory), 0.0
    for what, value in happens:
        rate, limit = pace.rate, pace.limit
        now += 1 / rate
        if what == "passed":
            pace.passed(now, used=value)
            assert pace.rate >= rate if value else pace.rate == rate
            assert pace.rate <= rate + STEP / rate + 1e-6
        elif what == "refused":
            pace.refused(now, now, now + value)
            now += value
            assert pace.rate <= max(rate, LEAST)
            limit = pace.limit
            assert limit <= max(rate, LEAST)
        else:
            pace.told(RateWords(value))
        assert pace.limit == limit
        assert LEAST <= pace.rate < math.inf
