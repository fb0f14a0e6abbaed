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
        place: The sheet or file their rows stand in, "" for the customers' own.
    """

    code: str
    column: str | None
    message: str
    hint: str
    rejects: tuple[Reject, ...]
    place: str = ""

    @property
    def rows(self) -> int:
        """How many rows of the file it concerns."""
        return len({(row.place, row.number) for reject in self.rejects for row in reject.rows})


def reasons(rejects: Iterable[Reject]) -> list[Reason]:
    """The rejects by sheet and reason, the most frequent first."""
    by_fault: dict[_Fault, dict[str, list[Reject]]] = {}
    for reject in rejects:
        messages = by_fault.setdefault((reject.code, reject.column, reject.rows[0].place), {})
        messages.setdefault(reject.message, []).append(reject)
    found: list[Reason] = []
    for fault, messages in by_fault.items():
        if len(messages) <= _MESSAGES:
            found.extend(_reason(fault, text, group) for text, group in messages.items())
        else:
            everybody = [reject for group in messages.values() for reject in group]
            found.append(_reason(fault, _general(fault), everybody))
    return sorted(found, key=lambda reason: -len(reason.rejects))


# Code, column and place.
_Fault = tuple[str, str | None, str]


def _reason(fault: _Fault, message: str, rejects: Sequence[Reject]) -> Reason:
    code, column, place = fault
    hints = {reject.hint for reject in rejects}
    hint = hints.pop() if len(hints) == 1 else ""
    return Reason(code, column, message, hint, tuple(rejects), place)


def _general(fault: _Fault) -> str:
    code, column, _ = fault
    words = code.replace("_", " ").capitalize()
    return f'{words} in "{column}"' if column else words
