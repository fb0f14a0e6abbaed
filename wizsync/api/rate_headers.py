"""What the headers of an answer say of the rate: `RateLimit-*` of the IETF's drafts, and `X-RateLimit-*`.

Nothing of it is documented for this API, and none of it is believed beyond reason: what is no sensible
number is as good as not there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

# Requests and seconds beyond which a header says nothing that could be meant.
_MOST_REQUESTS = 1_000_000
_MOST_SECONDS = 86_400
# A longer window is an allowance for a while, which may be used up at once; it is no pace.
LONGEST_PACED = 60.0
# Whole seconds say little about less than this.
SHORTEST_TOLD = 5.0
# A larger number of seconds until a reset is a moment: seconds since 1970, or thousandths of them.
_A_MOMENT = 1_000_000_000
_IN_THOUSANDTHS = 1_000_000_000_000


@dataclass(frozen=True, slots=True)
class RateWords:
    """What an answer says of the rate.

    Args:
        allowed: Requests a second that the server lets through, or will until it counts anew; None: it
            does not say.
        used_up: Seconds until any more are let through; None: some are, or it does not say.
    """

    allowed: float | None = None
    used_up: float | None = None


@dataclass(frozen=True, slots=True)
class _Quota:
    """So many requests in so many seconds; None: not said."""

    requests: int | None = None
    seconds: int | None = None


def rate_words(headers: Mapping[str, str], *, now: datetime) -> RateWords:
    """Read the headers of an answer.

    Args:
        headers: Name to value; asked by names whose case does not matter.
        now: The server's idea of now, which a moment is relative to.
    """
    policies, left = _policies(headers), _left(headers, now)
    paces = [
        quota.requests / quota.seconds
        for quota in (*policies, left)
        if quota.requests
        and quota.seconds
        and quota.seconds <= LONGEST_PACED
        # What is left for a moment tells little, since moments are told in whole seconds.
        and (quota is not left or quota.seconds >= SHORTEST_TOLD)
    ]
    used_up = None
    if left.requests == 0 and left.seconds is not None and left.seconds >= SHORTEST_TOLD:
        used_up = float(left.seconds)
    return RateWords(min(paces, default=None), used_up)


def _policies(headers: Mapping[str, str]) -> list[_Quota]:
    """How many requests in which time: `100;w=60`, or `"default";q=100;w=60`, or several."""
    texts = (headers.get("RateLimit-Policy", ""), headers.get("RateLimit-Limit", ""))
    quotas = []
    for item in ",".join(texts).split(","):
        name, *rest = (part.strip() for part in item.split(";"))
        said = dict(_pair(part) for part in rest)
        requests = _number(said.get("q", name), _MOST_REQUESTS)
        quotas.append(_Quota(requests, _number(said.get("w", ""), _MOST_SECONDS)))
    return quotas


def _left(headers: Mapping[str, str], now: datetime) -> _Quota:
    """How many requests are left, until when it is counted anew; of several, the fewest."""
    quotas = [
        _Quota(
            _number(headers.get(f"{prefix}-Remaining", ""), _MOST_REQUESTS),
            _until(headers.get(f"{prefix}-Reset", ""), now),
        )
        for prefix in ("RateLimit", "X-RateLimit", "X-Rate-Limit")
    ]
    newer = headers.get("RateLimit", "")
    if "remaining" in newer:  # `limit=100, remaining=50, reset=30`
        said = dict(_pair(part) for part in newer.split(","))
        quotas.append(
            _Quota(
                _number(said.get("remaining", ""), _MOST_REQUESTS),
                _until(said.get("reset", ""), now),
            )
        )
    else:  # `"default";r=50;t=30`
        for item in newer.split(","):
            said = dict(_pair(part) for part in item.split(";"))
            quotas.append(
                _Quota(_number(said.get("r", ""), _MOST_REQUESTS), _until(said.get("t", ""), now))
            )
    known = [quota for quota in quotas if quota.requests is not None and quota.seconds is not None]
    return min(
        known, key=lambda quota: (quota.requests or 0) / (quota.seconds or 1), default=_Quota()
    )


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name.strip().lower(), value.strip().strip('"')


def _number(text: str, most: int) -> int | None:
    """A whole number from 0, if it is one that can be meant."""
    if not re.fullmatch("[0-9]{1,15}", text.strip()):
        return None
    number = int(text)
    return number if number <= most else None


def _until(text: str, now: datetime) -> int | None:
    """Whole seconds, of a number of seconds or a moment."""
    moment = _number(text, 10**15)
    if moment is None or moment < _A_MOMENT:
        return _number(text, _MOST_SECONDS)
    if moment >= _IN_THOUSANDTHS:
        moment //= 1000
    return _number(str(moment - int(now.timestamp())), _MOST_SECONDS)
