"""What was changed in the account between plan and writing: planned from, planned to, now. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from wizsync.model import SourceRow
from wizsync.report.standings import Cell, Standing
from wizsync.report.verdict import Verdict
from wizsync.report.verdicts import Verdicts


@dataclass(frozen=True, slots=True)
class Moved:
    """A field that holds something else than when it was planned.

    Args:
        name: Whose it is: the customer's name, or what its address or contact is called.
        rows: The file's rows behind it.
        cell: Its values.
    """

    name: str
    rows: tuple[SourceRow, ...]
    cell: Cell


def conflicts(judged: Verdicts) -> Iterator[Verdict]:
    """The verdicts on what was left alone because somebody else had changed it, or because it is unclear."""
    plan = judged.record.plan
    of_changes = (one for one in plan.changes if judged.standing(one) is Standing.CONFLICT)
    return chain(map(judged.of_change, of_changes), map(judged.of_conflict, plan.conflicts))


def moved(verdict: Verdict) -> Iterator[Moved]:
    """The fields of a customer and its children that hold neither what they held nor what was to be sent."""
    mine = (Moved(verdict.name, verdict.rows, cell) for cell in verdict.cells)
    theirs = (
        Moved(f"{child.of.kind.one} {child.name}", child.rows, cell)
        for child in verdict.children
        for cell in child.cells
    )
    for one in chain(mine, theirs):
        if one.cell.now not in (None, one.cell.before, one.cell.after):
            yield one
