"""The breaker: arithmetic without a clock."""

import pytest

from wizsync.api.breaker import FAILURES_IN_A_ROW, Breaker
from wizsync.api.call import Limits
from wizsync.api.retry import LONGEST_BACK_OFF


def broken(first: float = 1.0, outage: float = 300.0) -> Breaker:
    """A breaker that has just opened."""
    breaker = Breaker(first, outage)
    breaker.answered()
    for _ in range(FAILURES_IN_A_ROW):
        breaker.failed()
    return breaker


def test_it_opens_before_one_request_has_used_up_its_attempts():
    assert Limits().attempts > FAILURES_IN_A_ROW


def test_it_opens_after_failures_in_a_row_alone():
    breaker = Breaker(1.0, 300.0)
    for _ in range(5):
        breaker.answered()
        for _ in range(FAILURES_IN_A_ROW - 1):
            breaker.failed()
        assert not breaker.is_open
    breaker.failed()
    assert breaker.is_open
    breaker.answered()
    assert not breaker.is_open


def test_a_server_that_never_answered_is_not_waited_for():
    breaker = Breaker(1.0, 300.0)
    for _ in range(100):
        breaker.failed()
    assert not breaker.is_open


def test_its_pauses_grow_to_a_cap_with_full_jitter():
    breaker = broken()
    whole = [breaker.pause(0.0, 1.0) for _ in range(8)]
    assert whole == [1, 2, 4, 8, 16, *[LONGEST_BACK_OFF] * 3]
    breaker = broken()
    assert [breaker.pause(0.0, chance) for chance in (0.0, 0.5, 0.25)] == [0, 1, 1]
    breaker.answered()
    assert breaker.pause(0.0, 1.0) == 1


def test_it_is_over_once_probes_have_failed_for_long():
    breaker = broken(outage=60.0)
    # However long nobody asked for anything: only probes tell.
    assert not breaker.is_over(10_000.0)
    breaker.pause(10_000.0, 1.0)
    assert not breaker.is_over(10_059.9)
    breaker.pause(10_030.0, 1.0)
    assert breaker.is_over(10_060.0)
    breaker.answered()
    assert not breaker.is_over(10_060.0)


@pytest.mark.parametrize("times", [0, 1, 5000])
def test_no_number_of_probes_is_too_large(times):
    breaker = broken()
    breaker.probes = times
    assert 0 < breaker.pause(0.0, 1.0) <= LONGEST_BACK_OFF
