"""Rejects grouped by their reason, so that a thousand of one kind read as one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wizsync.model import Reject

# So many different messages of one code and column are not worth a group each: the message, which
# then names something of the row itself, is shown with each row.
_MESSAGES = 12


@dataclass(frozen=True, slots=True)
class Reason:
    """Rejects that share a reason.

    Args:
        code: Their code.
        column: The column at fault, None where it is none or not one.
        message: What is wrong; of messages that vary, a heading for all.
        hint: What to do, "" where that varies.
        rejects: They, in the plan's order.
    """

    code: str
    column: str | None
    message: str
    hint: str
    rejects: tuple[Reject, ...]

    @property
    def rows(self) -> int:
        """How many rows of the file it concerns."""
        return len({row.number for reject in self.rejects for row in reject.rows})


def reasons(rejects: Iterable[Reject]) -> list[Reason]:
    """The rejects by reason, the most frequent first."""
    by_place: dict[tuple[str, str | None], dict[str, list[Reject]]] = {}
    for reject in rejects:
        messages = by_place.setdefault((reject.code, reject.column), {})
        messages.setdefault(reject.message, []).append(reject)
    found: list[Reason] = []
    for (code, column), messages in by_place.items():
        if len(messages) <= _MESSAGES:
            found.extend(_reason(code, column, text, group) for text, group in messages.items())
        else:
            everybody = [reject for group in messages.values() for reject in group]
            found.append(_reason(code, column, _general(code, column), everybody))
    return sorted(found, key=lambda reason: -len(reason.rejects))


def _reason(code: str, column: str | None, message: str, rejects: Sequence[Reject]) -> Reason:
    hints = {reject.hint for reject in rejects}
    return Reason(code, column, message, hints.pop() if len(hints) == 1 else "", tuple(rejects))


def _general(code: str, column: str | None) -> str:
    words = code.replace("_", " ").capitalize()
    return f'{words} in "{column}"' if column else words
