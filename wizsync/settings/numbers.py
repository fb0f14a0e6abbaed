"""Settings that are numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping

from wizsync.errors import UsageError
from wizsync.model import AUTO, Rate, Timing

# What stands for a rate that the client finds out.
AUTO_WORD = "auto"

# Seconds after which an unanswered create that cannot be found may be sent again.
SETTLE = 60.0


def parse_rate(text: str, *, where: str = "--rate") -> Rate:
    """Read a number of requests a second, or `auto`.

    Raises:
        UsageError: It is neither.
    """
    if text == AUTO_WORD:
        return AUTO
    rate = _number(text)
    if not rate > 0:
        raise UsageError(
            f'The rate is auto, or a number of requests a second above 0, and not "{text}".',
            where=where,
            hint="Give a number such as 5 or 0.5, or auto to find out what the account takes.",
        )
    return rate


def parse_limit(text: str, *, where: str = "--rate") -> float:
    """Read a number of requests a second.

    Raises:
        UsageError: It is no number above 0.
    """
    limit = _number(text)
    if not limit > 0:
        raise UsageError(
            f'The limit is a number of requests a second above 0, and not "{text}".',
            where=where,
            hint="Give a number such as 5 or 0.5.",
        )
    return limit


def resolve_settle(environ: Mapping[str, str]) -> float:
    """Seconds after which an unanswered create that cannot be found may be sent again.

    Raises:
        UsageError: WIZSYNC_SETTLE is no number of seconds.
    """
    text = environ.get("WIZSYNC_SETTLE") or str(SETTLE)
    seconds = _number(text)
    if not seconds >= 0:
        raise UsageError(
            f'The settle time is a number of seconds, 0 or more, and not "{text}".',
            where="the environment variable WIZSYNC_SETTLE",
            hint="Give a number such as 60, or take the variable away.",
        )
    return seconds


def resolve_timing(environ: Mapping[str, str]) -> Timing:
    """How long is waited for a server.

    Raises:
        UsageError: WIZSYNC_TIMEOUT, WIZSYNC_BACK_OFF or WIZSYNC_OUTAGE is no number of seconds above 0.
    """
    usual = Timing()
    return Timing(
        timeout=_seconds(environ, "WIZSYNC_TIMEOUT", usual.timeout),
        back_off=_seconds(environ, "WIZSYNC_BACK_OFF", usual.back_off),
        outage=_seconds(environ, "WIZSYNC_OUTAGE", usual.outage),
    )


def _seconds(environ: Mapping[str, str], variable: str, usual: float) -> float:
    text = environ.get(variable) or str(usual)
    seconds = _number(text)
    if not seconds > 0:
        raise UsageError(
            f'It is a number of seconds above 0, and not "{text}".',
            where=f"the environment variable {variable}",
            hint=f"Give a number such as {usual:g}, or take the variable away.",
        )
    return seconds


def _number(text: str) -> float:
    """The finite number a text stands for, else NaN, which compares as false with everything."""
    try:
        number = float(text)
    except ValueError:
        return math.nan
    return number if math.isfinite(number) else math.nan
