"""What is sent again, by predicate, and how long is waited."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from tenacity import RetryCallState

from wizsync.api.retry import (
    LONGEST_BACK_OFF,
    BackOff,
    Patience,
    certainly_not_done,
    nothing_lost_by_asking_again,
    pause_after_429,
    retry_after_seconds,
    retrying,
    server_time,
)
from wizsync.errors import (
    GaveUp,
    KeyRefused,
    NotTheApi,
    OutcomeUnknown,
    RequestRefused,
    Throttled,
    Unreachable,
)


@pytest.mark.parametrize(
    ("error", "write", "read"),
    [
        (Unreachable("x"), True, True),
        (Throttled("x"), True, True),
        (OutcomeUnknown("x"), False, True),
        (RequestRefused("x", status=409), False, False),
        (KeyRefused("x"), False, False),
        (NotTheApi("x"), False, False),
        (GaveUp("x"), False, False),
        (ValueError("x"), False, False),
    ],
)
def test_which_errors_are_followed_by_another_attempt(error, write, read):
    assert certainly_not_done(error) is write
    assert nothing_lost_by_asking_again(error) is read


def state(error: BaseException, attempt: int = 1) -> RetryCallState:
    failed = RetryCallState(retrying(None, attempts=1, back_off=1, before_wait=print), None, (), {})
    failed.attempt_number = attempt
    failed.set_exception((type(error), error, None))
    return failed


@pytest.mark.parametrize("attempt", range(1, 12))
def test_the_back_off_doubles_with_full_jitter_up_to_its_cap(attempt):
    waits = [BackOff(0.5)(state(Unreachable("x"), attempt)) for _ in range(200)]
    most = min(LONGEST_BACK_OFF, 0.5 * 2 ** (attempt - 1))
    assert all(0 <= wait <= most for wait in waits)
    assert min(waits) < most / 4
    assert max(waits) > most * 3 / 4


def test_a_429_that_names_no_time_is_waited_for_with_full_jitter_above_a_floor():
    for times in range(12):
        most = min(LONGEST_BACK_OFF, 0.5 * 2**times)
        assert pause_after_429(0.5, times, 1.0) == most
        assert pause_after_429(0.5, times, 0.5) == max(0.125, most / 2)
        assert pause_after_429(0.5, times, 0.0) == 0.125
    assert pause_after_429(0.5, 10**6, 1.0) == LONGEST_BACK_OFF


def test_after_a_429_the_pacer_does_the_waiting():
    assert BackOff(0.5)(state(Throttled("x"))) == 0


def test_patience_ends_after_the_attempts_and_lasts_longer_with_a_server_that_throttles():
    patience = Patience(3)
    assert [patience(state(OutcomeUnknown("x"))) for _ in range(3)] == [False, False, True]
    patience = Patience(3)
    assert [patience(state(Throttled("x"))) for _ in range(12)] == [False] * 11 + [True]
    patience = Patience(2)
    mixed = [Throttled("x"), Unreachable("x"), Throttled("x"), Unreachable("x")]
    assert [patience(state(error)) for error in mixed] == [False, False, False, True]


NOW = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        (" 7 ", 7.0),
        ("1.5", 1.5),
        ("999999", 999999.0),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90.0),
        ("Tuesday, 24-Nov-26 12:01:00 GMT", 60.0),
        (None, None),
        ("", None),
        ("0", None),
        ("-5", None),
        ("soon", None),
        ("1e3", None),
        ("inf", None),
        ("1_0", None),
        ("\u0667", None),
        ("9" * 400, None),
        (format_datetime(NOW - timedelta(seconds=90), usegmt=True), None),
        ("Tue, 99 Nov 2026 12:00:00 GMT", None),
        (f"Tue, {'9' * 30} Nov 2026 12:00:00 GMT", None),
        (f"Tue, 24 Nov 2026 {'9' * 30}:00:00 GMT", None),
        ("Fri, 31 Dec 9999 23:59:59 +9999", None),
    ],
)
def test_retry_after(header, seconds):
    assert retry_after_seconds(header, now=NOW) == seconds


def test_the_servers_clock_is_believed_about_its_own_dates():
    assert server_time(format_datetime(NOW, usegmt=True)) == NOW
    assert server_time("Tue, 24 Nov 2026 12:00:00 -0000") == NOW
    before = datetime.now(UTC)
    for nothing in (None, "noon"):
        assert before <= server_time(nothing) <= datetime.now(UTC)
