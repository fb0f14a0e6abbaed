"""How many requests may be sent again in a client's life. Arithmetic alone."""

from __future__ import annotations

from dataclasses import dataclass

SHARE = 0.1
AT_LEAST = 20


@dataclass(slots=True)
class RetryBudget:
    """Bounds what repeating adds to a service that has trouble: a tenth of the requests, or 20.

    Args:
        sent: Requests sent so far, repeated ones included.
        repeated: How many of them were sent again after a failure (not after a 429, which is an order
            to come back).
    """

    sent: int = 0
    repeated: int = 0

    def note(self, *, repeated: bool) -> None:
        """A request leaves now."""
        self.sent += 1
        self.repeated += repeated

    @property
    def used_up(self) -> bool:
        """Whether no further request may be repeated now. More requests that succeed change that."""
        return self.repeated + 1 > max(AT_LEAST, SHARE * (self.sent + 1))
