"""How many requests a second an account is sent."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AutoRate:
    """As many as the account takes, which the client finds out by itself.

    Args:
        limit: Requests a second at which the account was last met refusing more; None: not known.
    """

    limit: float | None = None


AUTO = AutoRate()

# A number of requests a second, or to find it out.
Rate = float | AutoRate
