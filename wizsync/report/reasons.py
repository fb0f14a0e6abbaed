"""Rejects grouped by their reason, so that a million of one kind read as one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from wizsync.model import Reject

# So many different messages of one code and column are not worth a group each: the message, which
# then names something of the row itself, is shown with each row.
_MESSAGES = 12
# So many rejects of one reason are listed one by one where people read; the file of rows to mend has all.
LISTED = 10_000


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
    rejects: Sequence[Reject]
    place: str = ""

    @property
    def rows(self) -> int:
        """How many rows of the file it concerns."""
        return sum(map(len, self.row_numbers.values()))

    @property
    def row_numbers(self) -> Mapping[str, Collection[int]]:
        """The rows of the file it concerns, by their sheets and files."""
        found: dict[str, set[int]] = {}
        for reject in self.rejects:
            for row in reject.rows:
                found.setdefault(row.place, set()).add(row.number)
        return found

    @property
    def listed(self) -> Sequence[Reject]:
        """Those that are worth a line each."""
        return self.rejects[:LISTED]

    @property
    def more(self) -> int:
        """How many there are beside those."""
        return max(len(self.rejects) - LISTED, 0)


def reasons(rejects: Sequence[Reject]) -> list[Reason]:
    """The rejects by sheet and reason, the most frequent first."""
    found = grouped(rejects)
    # Of those that are as frequent, those of one column stand together.
    places: dict[_Fault, int] = {}
    for reason in found:
        places.setdefault((reason.code, reason.column, reason.place), len(places))
    return sorted(
        found,
        key=lambda one: (-len(one.rejects), places[one.code, one.column, one.place]),
    )


def grouped(rejects: Sequence[Reject]) -> list[Reason]:
    """The rejects by sheet and reason, in the order in which the reasons come up."""
    varied = _varied(rejects)
    groups: dict[tuple[_Fault, str], list[Reject]] = {}
    for reject in rejects:
        fault = _fault(reject)
        text = _general(fault) if fault in varied else reject.message
        groups.setdefault((fault, text), []).append(reject)
    return [_reason(*key, group) for key, group in groups.items()]


# Code, column and place.
_Fault = tuple[str, str | None, str]


def _fault(reject: Reject) -> _Fault:
    return reject.code, reject.column, reject.rows[0].place


def _varied(rejects: Iterable[Reject]) -> Collection[_Fault]:
    """The faults with too many messages for a group each."""
    messages: dict[_Fault, set[str]] = {}
    for reject in rejects:
        known = messages.setdefault(_fault(reject), set())
        if len(known) <= _MESSAGES:
            known.add(reject.message)
    return {fault for fault, known in messages.items() if len(known) > _MESSAGES}


def _reason(fault: _Fault, message: str, rejects: Sequence[Reject]) -> Reason:
    code, column, place = fault
    hints = {reject.hint for reject in rejects}
    hint = hints.pop() if len(hints) == 1 else ""
    return Reason(code, column, message, hint, rejects, place)


def _general(fault: _Fault) -> str:
    code, column, _ = fault
    words = code.replace("_", " ").capitalize()
    return f'{words} in "{column}"' if column else words
