"""rejected.csv: the rows to mend, as they were, with why, to be run again with the same mapping."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from wizsync.atomic import replacing_text
from wizsync.model import RUN_COLUMN, WHY_COLUMN, RunRecord, SourceRow
from wizsync.report.verdicts import Standing, Verdict, verdicts

_OURS = frozenset({WHY_COLUMN, RUN_COLUMN})
# What spreadsheet programs take for the start of a formula, the full-width = + - @ included.
_FORMULA_STARTS = tuple("=+-@|%\uff1d\uff0b\uff0d\uff20")


@dataclass(slots=True)
class _Row:
    """A row to mend, with every reason for it."""

    row: SourceRow
    reasons: list[str] = field(default_factory=list)


def write_rejected(record: RunRecord, path: Path) -> bool:
    """Write the rows that were rejected, or whose customers WizCommerce refused.

    Mended, the file runs with the same mapping: the original columns in their order, then why each row
    is here and which run made the file (columns of those names from an earlier round give way to
    these). UTF-8 with a byte order mark, so that Excel opens it right, and the source's delimiter.

    Two of our rules meet here: no cell of a report may become a formula, and the file reads back as it
    was. The original cells are the user's own data, came from a file they can open as well, and would
    be sent to WizCommerce with whatever were put in front of them: they stay as they are. The cells
    that are ours hold the server's words, which are nobody's own: they never start a formula.

    A row with too few or too many cells cannot be put under the columns: which cell is missing is not
    known, and a shifted row that looks whole would be sent when the file is run unmended. Its cells go
    into the why text and its own columns stay empty, so that it is rejected again (it has no
    referenceId) until a person has put them where they belong.

    Args:
        record: The run.
        path: The file to write.

    Returns:
        False, and no file, where there is no such row.

    Raises:
        MachineError: The disk is full, or the file cannot be written.
        UsageError: The path goes through something that is no folder.
    """
    rows = _rows(record)
    if not rows:
        return False
    plan = record.plan
    kept = [number for number, column in enumerate(plan.columns) if column not in _OURS]
    with replacing_text(path, encoding="utf-8-sig") as file:
        writer = csv.writer(file, delimiter=plan.source.delimiter or ",", lineterminator="\r\n")
        writer.writerow([*(plan.columns[number] for number in kept), WHY_COLUMN, RUN_COLUMN])
        for row in rows:
            cells = row.row.cells
            reasons = list(row.reasons)
            if len(cells) != len(plan.columns):
                reasons.append(_loose(cells, len(plan.columns)))
                cells = ("",) * len(plan.columns)
            why = _harmless(" ".join(reasons))
            writer.writerow([*(cells[number] for number in kept), why, _harmless(record.run)])
    return True


def _rows(record: RunRecord) -> Sequence[_Row]:
    """The rows to mend in the file's order, each once."""
    found: dict[int, _Row] = {}
    for verdict in _to_mend(record):
        for row in verdict.rows:
            reasons = found.setdefault(row.number, _Row(row)).reasons
            if verdict.why not in reasons:
                reasons.append(verdict.why)
    return [found[number] for number in sorted(found)]


def _to_mend(record: RunRecord) -> Sequence[Verdict]:
    judged = verdicts(record)
    changes = record.plan.changes
    failed = (change for change in changes if judged.standing(change) is Standing.FAILED)
    return [*map(judged.of_reject, record.plan.rejects), *map(judged.of_change, failed)]


def _loose(cells: Sequence[str], columns: int) -> str:
    """The cells of a row that does not fit the header, in words."""
    return f"It has {len(cells)} cells for {columns} columns, which are: {' | '.join(cells)}"


def _harmless(text: str) -> str:
    """The text on one line, never the start of a formula."""
    line = " ".join(text.split())
    return f"'{line}" if line.startswith(_FORMULA_STARTS) else line
