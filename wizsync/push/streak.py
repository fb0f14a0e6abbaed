"""Noticing that the server refuses one change after another for the same reason."""

from __future__ import annotations

from wizsync.model import Outcome, Result

# So many refusals in a row of the same field for the same reason are not about single customers.
LIMIT = 20


class Streak:
    """Counts refusals in a row that are all alike. Anything else between them starts anew."""

    def __init__(self) -> None:
        self._why: tuple[str, str] | None = None
        self._length = 0

    def note(self, outcome: Outcome) -> None:
        """Take an outcome into account, in the order in which they came."""
        why = None
        if outcome.result is Result.FAILED:
            first = outcome.words[0] if outcome.words else None
            why = (first.field, first.reason) if first else ("", outcome.message)
        self._length = self._length + 1 if why is not None and why == self._why else 1
        self._why = why

    @property
    def reached(self) -> str | None:
        """What the server keeps refusing, once it did so LIMIT times in a row; else None."""
        if self._why is None or self._length < LIMIT:
            return None
        field, reason = self._why
        return f"{field}: {reason}" if field else reason
