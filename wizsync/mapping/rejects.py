"""Rows that cannot be used, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wizsync.mapping.transforms import Fault
from wizsync.model.customer import ChildKind
from wizsync.model.table import Reject, SourceRow

if TYPE_CHECKING:
    from wizsync.model.table import Table


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason why rows cannot be used.

    Args:
        fault: What is wrong.
        positions: The rows in the table.
        column: The file's column, where one is at fault.
        value: The text at fault.
        key: The rows' referenceId, where it could be read.
    """

    fault: Fault
    positions: tuple[int, ...]
    column: str | None = None
    value: str | None = None
    key: str | None = None


def rejects(
    table: Table, findings: Iterable[Finding], *, child: ChildKind | None = None
) -> tuple[Reject, ...]:
    """The findings as rejects, in the order of the table's rows; each is told once.

    Args:
        table: The rows.
        findings: What was found, column by column.
        child: What alone cannot be used, where the customer can.
    """
    findings = sorted(findings, key=lambda finding: finding.positions)
    rows = _rows(table, sorted({n for finding in findings for n in finding.positions}))
    found = [
        Reject(
            code=each.fault.code,
            message=f'"{each.column}" {each.fault.says}' if each.column else each.fault.says,
            hint=each.fault.hint,
            rows=tuple(rows[n] for n in each.positions),
            column=each.column,
            value=each.value,
            key=each.key,
            child=child,
        )
        for each in findings
    ]
    # Two fields of one column find the same in it.
    return tuple(sorted(dict.fromkeys(found), key=lambda reject: reject.rows[0].number))


def _rows(table: Table, positions: list[int]) -> dict[int, SourceRow]:
    """The rows at positions; all taken at once, since one at a time is slow in a frame of columns."""
    at = np.array(positions, dtype=np.int64)
    columns = [table.cells[name].iloc[at].tolist() for name in table.columns]
    cells = zip(*columns, strict=True)
    numbers, lines = table.numbers[at].tolist(), table.lines[at].tolist()
    return {
        position: SourceRow(number, line, tuple(texts), table.place)
        for position, number, line, texts in zip(positions, numbers, lines, cells, strict=True)
    }
