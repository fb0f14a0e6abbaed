"""What a client says when it stops sending."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from wizsync.api.budget import RetryBudget
from wizsync.api.failures import GOES_ON, UnusableAnswer
from wizsync.errors import ApiError, GaveUp, NotTheApi, OutcomeUnknown


def given_up(error: OutcomeUnknown, sent: int) -> ApiError:
    """What a request that changes nothing ends with when it failed too often."""
    if isinstance(error, UnusableAnswer):
        return NotTheApi(error.message, where=error.where, hint="Check the address of the API.")
    times = "once" if sent == 1 else f"{sent} times"
    return GaveUp(
        f"{error.message} (tried {times})",
        where=error.where,
        hint="Run again later; if it goes on, ask whether the service has trouble.",
    )


def too_many_repeats(budget: RetryBudget, last: BaseException | None, where: str) -> GaveUp:
    """The retry budget is used up."""
    said = f" At last: {last}" if last is not None else ""
    return GaveUp(
        f"{budget.repeated} of {budget.sent} requests had to be repeated: the service has trouble, and "
        f"more would add to it.{said}",
        where=where,
        hint=f"Run again later. {GOES_ON}",
    )


def out_of_order(error: ApiError, probes: int) -> GaveUp:
    """No probe was answered for too long."""
    return GaveUp(
        f"The server has been out of order for too long: it was tried {probes} times. {error.message}",
        where=error.where,
        hint=f"Run again when it is in order. {GOES_ON}",
    )


def too_long(seconds: float, status: int, where: str) -> GaveUp:
    """The server asks for a longer pause than anybody waits."""
    # A number of seconds may be anything; a date has limits.
    until = datetime.now(UTC) + timedelta(
        seconds=min(seconds, timedelta(days=3650).total_seconds())
    )
    here = until.astimezone()
    return GaveUp(
        f"The server takes no requests until {here:%Y-%m-%d %H:%M} ({until:%Y-%m-%d %H:%M} UTC): "
        f"{status} with Retry-After.",
        where=where,
        hint=f"Run again then. {GOES_ON}",
    )
