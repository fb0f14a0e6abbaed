"""The rows to mend, as they were, with why: what rejected.csv and rejected.xlsx have in common."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from wizsync.model import RUN_COLUMN, WHY_COLUMN, Reject, RunRecord, SourceRow
from wizsync.report.standings import HARM, Standing
from wizsync.report.verdicts import Verdict, Verdicts, verdicts

_OURS = frozenset({WHY_COLUMN, RUN_COLUMN})
# What spreadsheet programs take for the start of a formula, the full-width = + - @ included.
_FORMULA_STARTS = tuple("=+-@|%\uff1d\uff0b\uff0d\uff20")
# A cell that held no text although something stood there, such as a formula's error, is empty in the
# row. It must not come back as an empty one, which may mean to clear the field.
_DAMAGES = frozenset({"error_value", "no_value", "long_number"})
DAMAGED = "#N/A"


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


@dataclass(frozen=True, slots=True)
class RejectedTable:
    """The rows to mend of one sheet or file.

    Args:
        place: The sheet or file; "" for the customers' own.
        columns: The columns, without those that an earlier file of rejected rows had added.
        rows: The rows, in their order.
    """

    place: str
    columns: tuple[str, ...]
    rows: tuple[RejectedRow, ...]


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
    found: dict[tuple[str, int], RejectedRow] = {}
    columns = {"": record.plan.columns, **record.plan.tables}
    judged = verdicts(record)
    for row, why in (*_to_mend(judged), *_with_children(record)):
        known = found.get((row.place, row.number))
        if known is None:
            known = found[row.place, row.number] = _rejected(row, columns.get(row.place, ()))
        if why not in known.reasons:
            known.reasons.append(why)
    for reject in record.plan.rejects:
        for row in reject.rows if reject.code in _DAMAGES else ():
            _mark_damage(found[row.place, row.number], reject, columns.get(row.place, ()))
    tables = []
    for place, names in columns.items():
        rows = [found[at] for at in sorted(found) if at[0] == place]
        if rows:
            tables.append(_table(place, names, rows))
    return tables


def harmless(text: str) -> str:
    """The text on one line, never the start of a formula."""
    line = " ".join(text.split())
    return f"'{line}" if line.startswith(_FORMULA_STARTS) else line


def _to_mend(judged: Verdicts) -> Iterator[tuple[SourceRow, str]]:
    plan = judged.record.plan
    for verdict in map(judged.of_reject, plan.rejects):
        for row in verdict.rows:
            yield row, verdict.why
    failed = (change for change in plan.changes if judged.gravest(change) is Standing.FAILED)
    for verdict in map(judged.of_change, failed):
        if verdict.outcome is not None and verdict.outcome.code == HARM:
            continue
        for row in verdict.rows:
            yield row, verdict.why
        yield from _rows_of_children(verdict)


def _rows_of_children(verdict: Verdict) -> Iterator[tuple[SourceRow, str]]:
    """The rows of a refused customer's addresses and contacts: they go with it."""
    for child in verdict.children:
        for row in child.rows:
            if row.place:
                yield row, verdict.why


def _with_children(record: RunRecord) -> Iterator[tuple[SourceRow, str]]:
    """The rows of customers of whom only an address or contact was rejected."""
    by_key = {change.reference_id: change.rows for change in record.plan.changes if change.rows}
    for reject in record.plan.rejects:
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


def _table(place: str, names: Sequence[str], rows: Sequence[RejectedRow]) -> RejectedTable:
    kept = [number for number, column in enumerate(names) if column not in _OURS]
    for row in rows:
        row.cells = tuple(row.cells[number] for number in kept)
    return RejectedTable(place, tuple(names[number] for number in kept), tuple(rows))
