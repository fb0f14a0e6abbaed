"""The rows to mend, as they were, with why: what rejected.csv and rejected.xlsx have in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from wizsync.model import RUN_COLUMN, WHY_COLUMN, Change, Reject, RunRecord, SourceRow
from wizsync.report.standings import HARM, Standing
from wizsync.report.verdicts import Verdict, Verdicts, verdicts

_OURS = frozenset({WHY_COLUMN, RUN_COLUMN})
# What spreadsheet programs take for the start of a formula, the full-width = + - @ included.
_FORMULA_STARTS = tuple("=+-@|%\uff1d\uff0b\uff0d\uff20")
# A cell that held no text although something stood there, such as a formula's error, is empty in the
# row. It must not come back as an empty one, which may mean to clear the field.
_DAMAGES = frozenset({"error_value", "no_value", "long_number"})
DAMAGED = "#N/A"
# A row, and what it is here for: a reject, a refused change, or in words.
_Entry = tuple[SourceRow, Reject | Change | str]


@dataclass(slots=True)
class RejectedRow:
    """A row to mend.

    Args:
        row: The row.
        cells: Its cells under the columns of its table; all empty where it did not fit them.
        reasons: Why it is here, each once.
        loose: Its cells in words, where they did not fit the columns.
    """

    row: SourceRow
    cells: tuple[str, ...]
    reasons: list[str] = field(default_factory=list)
    loose: str = ""

    @property
    def why(self) -> str:
        """All reasons on one line, never the start of a formula."""
        return harmless(" ".join(filter(None, (*self.reasons, self.loose))))


class RejectedTable:
    """The rows to mend of one sheet or file; each is made when it is asked for, so that many cost little.

    Args:
        place: The sheet or file; "" for the customers' own.
        names: Its columns.
        judged: The run.
        entries: The rows with what each is here for, in any order; a row may come several times.

    Attributes:
        columns: The columns, without those that an earlier file of rejected rows had added.
    """

    def __init__(
        self, place: str, names: Sequence[str], judged: Verdicts, entries: Iterable[_Entry] = ()
    ) -> None:
        self.place = place
        self.columns = tuple(name for name in names if name not in _OURS)
        self._names = names
        self._kept = [number for number, name in enumerate(names) if name not in _OURS]
        self._judged = judged
        self._entries = sorted(entries, key=_number)

    def __iter__(self) -> Iterator[RejectedRow]:
        """The rows in their order."""
        for _, entries in groupby(self._entries, key=_number):
            yield self._row(list(entries))

    def _row(self, entries: Sequence[_Entry]) -> RejectedRow:
        row = _rejected(entries[0][0], self._names)
        row.reasons = list(dict.fromkeys(self._why(about) for _, about in entries))
        for _, about in entries:
            if isinstance(about, Reject) and about.code in _DAMAGES:
                _mark_damage(row, about, self._names)
        row.cells = tuple(row.cells[number] for number in self._kept)
        return row

    def _why(self, about: Reject | Change | str) -> str:
        if isinstance(about, Reject):
            return self._judged.of_reject(about).why
        return self._judged.of_change(about).why if isinstance(about, Change) else about


def rejected_tables(record: RunRecord) -> list[RejectedTable]:
    """The rows that were rejected, or whose customers WizCommerce refused, by the tables they are from.

    With a rejected row of an address or contact goes its customer's row, where the plan knows it.

    A row with too few or too many cells cannot be put under the columns: which cell is missing is not
    known, and a shifted row that looks whole would be sent when the file is run unmended. Its cells go
    into the why text and its own columns stay empty, so that it is rejected again (it has no
    referenceId) until a person has put them where they belong. In place of a cell whose value is not
    known stands an error, so that it too is rejected again until a person has mended it.

    Customers to which the account did otherwise than was meant are not among them: their rows have
    nothing to mend.
    """
    judged = verdicts(record)
    by_place: dict[str, list[_Entry]] = {}
    for entries in (_rejects(record), _refused(judged), _with_children(record)):
        for entry in entries:
            by_place.setdefault(entry[0].place, []).append(entry)
    columns = {"": record.plan.columns, **record.plan.tables}
    return [
        RejectedTable(place, names, judged, by_place[place])
        for place, names in columns.items()
        if place in by_place
    ]


def harmless(text: str) -> str:
    """The text on one line, never the start of a formula."""
    line = " ".join(text.split())
    return f"'{line}" if line.startswith(_FORMULA_STARTS) else line


def _number(entry: _Entry) -> int:
    return entry[0].number


def _rejects(record: RunRecord) -> Iterator[_Entry]:
    for reject in record.plan.rejects:
        for row in reject.rows:
            yield row, reject


def _refused(judged: Verdicts) -> Iterator[_Entry]:
    plan = judged.record.plan
    for change in plan.changes:
        if judged.gravest(change) is Standing.FAILED:
            verdict = judged.of_change(change)
            if verdict.outcome is None or verdict.outcome.code != HARM:
                yield from ((row, change) for row in (*verdict.rows, *_rows_of_children(verdict)))


def _rows_of_children(verdict: Verdict) -> Iterator[SourceRow]:
    """The rows of a refused customer's addresses and contacts: they go with it."""
    for child in verdict.children:
        for row in child.rows:
            if row.place:
                yield row


def _with_children(record: RunRecord) -> Iterator[_Entry]:
    """The rows of customers of whom only an address or contact was rejected."""
    wanted = {one.key for one in record.plan.rejects if _is_elsewhere(one)}
    changes = record.plan.changes if wanted else ()
    by_key = {one.reference_id: one.rows for one in changes if one.reference_id in wanted}
    for reject in record.plan.rejects if by_key else ():
        for row in by_key.get(reject.key or "", ()) if _is_elsewhere(reject) else ():
            yield row, f"Here because of its rows in {reject.rows[0].place}."


def _is_elsewhere(reject: Reject) -> bool:
    return reject.child is not None and bool(reject.rows[0].place)


def _rejected(row: SourceRow, columns: Sequence[str]) -> RejectedRow:
    if len(row.cells) == len(columns):
        return RejectedRow(row, row.cells)
    told = f"It has {len(row.cells)} cells for {len(columns)} columns, which are: {' | '.join(row.cells)}"
    return RejectedRow(row, ("",) * len(columns), loose=told)


def _mark_damage(row: RejectedRow, reject: Reject, columns: Sequence[str]) -> None:
    """Put an error where a cell's value is not known."""
    if row.loose or reject.column not in columns:
        return
    at = columns.index(reject.column)
    if not row.cells[at]:
        row.cells = (*row.cells[:at], DAMAGED, *row.cells[at + 1 :])
