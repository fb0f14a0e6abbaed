"""report.xlsx: what happened, for people who live in spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from wizsync.model import Change, ChangeKind, ChildAction, RunRecord
from wizsync.report import child_wording, figures, wording
from wizsync.report.child_verdicts import ChildVerdict
from wizsync.report.headline import headline
from wizsync.report.left_to_do import EMPTY, WHO, left_to_do, place, who
from wizsync.report.reading_order import in_reading_order
from wizsync.report.sheets import Book, Cell, Column, Look, TableSheet
from wizsync.report.standings import Cell as FieldCell
from wizsync.report.standings import Standing
from wizsync.report.verdict import Verdict
from wizsync.report.verdicts import Verdicts, verdicts
from wizsync.report.xlsx_file import workbook

_CHANGES = (
    *WHO,
    Column("What", 26),
    Column("Field", 34),
    Column("In WizCommerce now", 36),
    Column("From your file", 36),
    Column("How it ended", 16),
    Column("What was said", 60),
)
_KINDS = {
    ChangeKind.CREATE: ("new customer", Look.ADDED),
    ChangeKind.UPDATE: ("changed", Look.CHANGED),
    ChangeKind.RENAME: ("another code", Look.CHANGED),
    ChangeKind.DELETE: ("deleted", Look.REMOVED),
}
_ACTIONS = {
    ChildAction.ADD: ("added", Look.ADDED),
    ChildAction.CHANGE: ("changed", Look.CHANGED),
    ChildAction.REMOVE: ("removed", Look.REMOVED),
}
_ENDED = {
    Standing.FAILED: "refused",
    Standing.UNKNOWN: "not known",
    Standing.CONFLICT: "left alone",
    Standing.HELD: "held back",
    Standing.REJECTED: "cannot be used",
    Standing.PENDING: "not reached",
    Standing.NOT_WRITTEN: "not written",
    Standing.PLANNED: "planned",
    Standing.APPLIED: "done",
    Standing.SKIPPED: "skipped",
}
_INDENT = "    "
_TROUBLE = frozenset({Standing.FAILED, Standing.UNKNOWN, Standing.CONFLICT, Standing.HELD})


def write_xlsx(record: RunRecord, path: Path) -> None:
    """Write the workbook, all of it or nothing; in memory that does not grow with the changes.

    Args:
        record: The run.
        path: The file to write.

    Raises:
        MachineError: The disk is full, or the file cannot be written.
        UsageError: The path goes through something that is no folder.
    """
    judged = verdicts(record, in_names=True)
    with workbook(path) as file:
        book = Book(file, headline(judged).mark)
        _summary(book, judged)
        _changes(book, judged)
        left_to_do(book, judged)


# --- Summary ------------------------------------------------------------------------------------


def _summary(book: Book, judged: Verdicts) -> None:
    record, told = judged.record, headline(judged)
    sheet = book.summary()
    sheet.title(f"wizsync: {record.plan.about}")
    sheet.lines("", filter(None, (told.happened, told.why, told.left_over)))
    steps = (step.replace("`", "") for step in told.steps)
    sheet.lines("What to do next", (f"{number}. {step}" for number, step in enumerate(steps, 1)))
    happened = figures.happened(judged)
    for title, of_run in (("What became of it", happened), ("The plan", figures.planned(judged))):
        if of_run is not None:
            sheet.figures(title, [(one.name, one.number, one.explanation) for one in of_run.shown])
    sheet.lines("Limits", (f"{one.message} To allow it: {one.allow}" for one in record.breaches))
    sheet.lines("Good to know", (*record.warnings, *record.plan.notes))
    sheet.pairs("This run", _about(record))


def _about(record: RunRecord) -> Iterator[tuple[str, str]]:
    plan = record.plan
    sheet = f", sheet {plan.source.sheet}" if plan.source.sheet else ""
    yield "Run", record.run
    yield "Account", f"{plan.account.target} ({plan.account.url})"
    yield "File", f"{plan.source.path}{sheet}"
    for table in plan.tables:
        yield "And", table
    yield "Mapping", plan.rules.mapping_name
    yield "Mode", plan.rules.mode.value
    yield "Started", record.started
    yield "Seconds", f"{record.seconds:,.1f}"


# --- Changes ------------------------------------------------------------------------------------


def _changes(book: Book, judged: Verdicts) -> None:
    sheet = book.table("Changes", _CHANGES)
    sheet.ensure()
    for change in in_reading_order(judged, judged.record.plan.changes):
        verdict = judged.of_change(change)
        _rows_of_customer(sheet, change, verdict)
        for child in verdict.children:
            _rows_of_child(sheet, verdict, child)
    sheet.finish()


def _rows_of_customer(sheet: TableSheet, change: Change, verdict: Verdict) -> None:
    """A row a field; one for the customer itself where only its addresses and contacts change."""
    what, look = _KINDS[change.kind]
    usual = wording.happened(verdict.standing.value, change.kind)
    words = "" if _is_quiet(verdict.standing, verdict.happened, usual) else verdict.happened
    for cell in verdict.cells or (None,):
        said = wording.joined((words, *_like(change), *verdict.said, *_of_cell(cell)))
        _row(sheet, who(verdict), (what, look), cell, (verdict.standing, said))


def _rows_of_child(sheet: TableSheet, verdict: Verdict, child: ChildVerdict) -> None:
    done, look = _ACTIONS[child.of.action]
    what = f"{_INDENT}{child.of.kind.one} {done}"
    whose = (verdict.reference_id, f"{_INDENT}{child.name}", place(child.rows))
    usual = child_wording.happened(child.standing.value, child.of.action)
    words = "" if _is_quiet(child.standing, child.happened, usual) else child.happened
    for cell in child.cells or (None,):
        said = wording.joined((words, *child.said, *_of_cell(cell)))
        _row(sheet, whose, (what, look), cell, (child.standing, said))


def _row(
    sheet: TableSheet,
    whose: tuple[str, str, str],
    what: tuple[str, Look],
    cell: FieldCell | None,
    ended: tuple[Standing, str],
) -> None:
    standing, said = ended
    values = (cell.full_label, *_before_after(cell, what[1])) if cell else ("", "", "")
    look = Look.TROUBLE if standing in _TROUBLE else Look.PLAIN
    sheet.row([*whose, what, *values, (_ENDED[standing], look), said])


def _is_quiet(standing: Standing, happened: str, usual: str) -> bool:
    """Whether what happened says no more than the word for it beside."""
    return standing in (Standing.APPLIED, Standing.PLANNED) and happened == usual


def _like(change: Change) -> Iterator[str]:
    """Whom a customer that is held looks like."""
    for one in change.held_for:
        named = " ".join(filter(None, (one.reference_id, one.name))) or one.customer_id
        yield wording.sentence(f"See {named}: {one.why}")


def _of_cell(cell: FieldCell | None) -> Iterator[str]:
    """What the server said of a field, and what it holds in place of what was sent."""
    if cell is not None:
        yield from cell.said
        if cell.kept is not None:
            yield f'It is now "{cell.kept}".' if cell.kept else "It is empty now."


def _before_after(cell: FieldCell, look: Look) -> tuple[Cell, Cell]:
    if look is Look.REMOVED:
        return (cell.before or EMPTY, look), ""
    if look is Look.ADDED:
        return "", (cell.after, look)
    before = (cell.before or EMPTY, Look.PLAIN if cell.before else Look.QUIET)
    return before, (cell.after or EMPTY, look if cell.after else Look.REMOVED)
