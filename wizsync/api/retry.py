"""What is sent again, when, and how often. Only the named predicates here decide it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, wait_random_exponential
from tenacity.retry import retry_base

from wizsync.errors import OutcomeUnknown, Throttled, Unreachable

LONGEST_BACK_OFF = 30.0
# A 429 that names no time is waited for at least this share of the first wait: chance must not make a
# storm of them a busy loop.
LEAST_AFTER_429 = 0.25
# A server that answers 429 is alive and has promised to serve later: it deserves more patience.
THROTTLED_PER_ATTEMPT = 4


def certainly_not_done(error: BaseException) -> bool:
    """The request never left, or was refused with 429: even a create may be sent again."""
    return isinstance(error, Unreachable | Throttled)


def nothing_lost_by_asking_again(error: BaseException) -> bool:
    """Of a request that changes nothing: whatever happened, short of a plain refusal."""
    return certainly_not_done(error) or isinstance(error, OutcomeUnknown)


def again_after(harmless: bool) -> retry_base:
    """The rule for a request.

    Args:
        harmless: The request changes nothing.
    """
    return retry_if_exception(nothing_lost_by_asking_again if harmless else certainly_not_done)


class Patience:
    """When to stop sending one request: after so many failures, or four times as many 429s.

    Args:
        attempts: How often it may fail.
    """

    def __init__(self, attempts: int) -> None:
        self._left = attempts
        self._left_throttled = attempts * THROTTLED_PER_ATTEMPT

    def __call__(self, state: RetryCallState) -> bool:
        """Takes note of a failure; True where there may be no further attempt."""
        if isinstance(_failure(state), Throttled):
            self._left_throttled -= 1
        else:
            self._left -= 1
        return self._left <= 0 or self._left_throttled <= 0


def longest_wait(first: float, times: int) -> float:
    """What a wait lasts at most: twice as long each time, capped.

    Args:
        first: Seconds, of the first.
        times: How many came before.
    """
    return min(LONGEST_BACK_OFF, first * 2.0 ** min(times, 60))


def pause_after_429(first: float, times: int, chance: float) -> float:
    """Seconds to pause after a 429 that names none: exponential, full jitter above a floor, capped.

    Args:
        first: Seconds that the first pause lasts at most.
        times: How many came before, with no other answer since.
        chance: At random from 0 to 1.
    """
    return max(first * LEAST_AFTER_429, longest_wait(first, times) * chance)


class BackOff:
    """How long to wait before the next attempt: exponential, full jitter, capped.

    Args:
        first: Seconds that the first wait lasts at most.
    """

    def __init__(self, first: float) -> None:
        self._jittered = wait_random_exponential(multiplier=first, max=LONGEST_BACK_OFF)

    def __call__(self, state: RetryCallState) -> float:
        """Seconds; none after a 429, which has made the pacer hold every request already."""
        if isinstance(_failure(state), Throttled):
            return 0.0
        return self._jittered(state)


def retrying(
    again: retry_base,
    *,
    attempts: int,
    back_off: float,
    before_wait: Callable[[BaseException, float], None],
) -> AsyncRetrying:
    """The attempts of one request; the last error is raised as it is.

    Args:
        again: After which errors.
        attempts: How often the request may fail.
        back_off: Seconds that the first wait lasts at most.
        before_wait: Given the failure and the seconds, before each wait. What it raises ends the attempts.
    """

    def before_sleep(state: RetryCallState) -> None:
        failure = _failure(state)
        if failure is not None:
            before_wait(failure, state.upcoming_sleep)

    return AsyncRetrying(
        retry=again,
        stop=Patience(attempts),
        wait=BackOff(back_off),
        before_sleep=before_sleep,
        reraise=True,
    )


def _failure(state: RetryCallState) -> BaseException | None:
    return None if state.outcome is None else state.outcome.exception()


def retry_after_seconds(header: str | None, *, now: datetime) -> float | None:
    """The seconds that a Retry-After header asks to wait.

    Args:
        header: Seconds or an HTTP date.
        now: The server's idea of now, which its date is relative to.

    Returns:
        None where it says nothing that can be used: garbage, or a time that has passed.
    """
    text = (header or "").strip()
    if re.fullmatch(r"[0-9]{1,18}(\.[0-9]{1,6})?", text):
        return float(text) or None
    seconds = (_http_date(text, otherwise=now) - now).total_seconds()
    return seconds if seconds > 0 else None


def server_time(header: str | None) -> datetime:
    """The server's idea of now, of an answer's Date header; ours where it gives none."""
    return _http_date(header or "", otherwise=datetime.now(UTC))


def _http_date(text: str, *, otherwise: datetime) -> datetime:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):  # the latter of a number that no clock has
        return otherwise
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
