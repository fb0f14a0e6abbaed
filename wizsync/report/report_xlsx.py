"""report.xlsx: what happened, for people who live in spreadsheets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from wizsync.atomic import replacing
from wizsync.model import ChangeKind, ChildAction, RunRecord, SourceRow
from wizsync.report import figures, wording
from wizsync.report.child_verdicts import ChildVerdict
from wizsync.report.headline import headline
from wizsync.report.reasons import Reason, reasons
from wizsync.report.sheets import Book, Cell, Column, Look, TableSheet
from wizsync.report.standings import Cell as FieldCell
from wizsync.report.standings import Standing
from wizsync.report.verdict import Verdict
from wizsync.report.verdicts import Verdicts, verdicts

_EMPTY = "(empty)"
_WHO = (Column("Code", 16), Column("Customer", 28), Column("Where in your file", 20))
_CHANGES = (
    *_WHO,
    Column("What", 26),
    Column("Field", 22),
    Column("In WizCommerce now", 32),
    Column("From your file", 32),
    Column("How it ended", 14),
    Column("What was said", 80),
)
_TO_FIX = (
    Column("Where in your file", 20),
    Column("Code", 16),
    Column("Column", 20),
    Column("Value", 28),
    Column("Rows of this kind", 16),
    Column("What is wrong", 60),
    Column("What to do", 80),
)
_REFUSED = (
    *_WHO,
    Column("Field", 22),
    Column("From your file", 32),
    Column("What WizCommerce said", 80),
    Column("What to do", 40),
)
_MEANWHILE = (
    *_WHO,
    Column("Field", 22),
    Column("When planned", 28),
    Column("From your file", 28),
    Column("In WizCommerce now", 28),
    Column("What was said", 56),
)
_ABSENT = (Column("Code", 16), Column("Customer", 32), Column("What it is", 70))

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
    judged = verdicts(record)
    told = headline(judged)
    # It holds customers.
    with replacing(path, mode=0o600) as file:
        book = Book(file, told.mark)
        try:
            _summary(book, judged)
            _changes(book, judged)
            _to_fix(book, record)
            _refused(book, judged)
            _meanwhile(book, judged)
            _not_in_file(book, record)
        finally:
            book.close()


# --- Summary ------------------------------------------------------------------------------------


def _summary(book: Book, judged: Verdicts) -> None:
    record, told = judged.record, headline(judged)
    sheet = book.summary()
    sheet.title(f"wizsync: {record.plan.source.name}")
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
    for place in plan.tables:
        yield "And", place
    yield "Mapping", plan.rules.mapping_name
    yield "Mode", plan.rules.mode.value
    yield "Started", record.started
    yield "Seconds", f"{record.seconds:,.1f}"


# --- Changes ------------------------------------------------------------------------------------


def _changes(book: Book, judged: Verdicts) -> None:
    sheet = book.table("Changes", _CHANGES)
    sheet.ensure()
    for change in judged.record.plan.changes:
        verdict = judged.of_change(change)
        what, look = _KINDS[change.kind]
        said = verdict.happened if _is_telling(verdict.standing) else ""
        _field_rows(sheet, verdict, what, look, verdict.cells, (verdict.standing, said))
        for child in verdict.children:
            done, child_look = _ACTIONS[child.of.action]
            words = (
                wording.joined((child.happened, *child.words))
                if _is_telling(child.standing)
                else ""
            )
            _child_rows(sheet, verdict, child, f"    {child.of.kind.one} {done}", child_look, words)
    sheet.finish()


def _is_telling(standing: Standing) -> bool:
    """Whether what happened says more than the word for it."""
    return standing not in (Standing.APPLIED, Standing.PLANNED)


def _field_rows(
    sheet: TableSheet,
    verdict: Verdict,
    what: str,
    look: Look,
    cells: Iterable[FieldCell],
    ended: tuple[Standing, str],
) -> None:
    standing, said = ended
    rows = list(cells)
    if not rows and not verdict.children:
        sheet.row([*_who(verdict), (what, look), "", "", "", _ended(standing), said])
    for cell in rows:
        sheet.row(
            [
                *_who(verdict),
                (what, look),
                cell.label,
                *_before_after(cell, look),
                _ended(standing),
                wording.joined((said, *cell.said)),
            ]
        )


def _child_rows(
    sheet: TableSheet, verdict: Verdict, child: ChildVerdict, what: str, look: Look, said: str
) -> None:
    for cell in child.cells:
        sheet.row(
            [
                verdict.reference_id,
                f"    {child.name}",
                _where(child.rows),
                (what, look),
                cell.label,
                *_before_after(cell, look),
                _ended(child.standing),
                said,
            ]
        )


def _before_after(cell: FieldCell, look: Look) -> tuple[Cell, Cell]:
    if look is Look.REMOVED:
        return (cell.before or _EMPTY, look), ""
    before = (cell.before or _EMPTY, Look.PLAIN if cell.before else Look.QUIET)
    if look is Look.ADDED:
        return "", (cell.after, look)
    after = (cell.after or _EMPTY, look if cell.after else Look.REMOVED)
    return before, after


def _ended(standing: Standing) -> Cell:
    return _ENDED[standing], Look.TROUBLE if standing in _TROUBLE else Look.PLAIN


def _who(verdict: Verdict) -> tuple[str, str, str]:
    return verdict.reference_id, verdict.name, _where(verdict.rows)


def _where(rows: Iterable[SourceRow]) -> str:
    return "; ".join(row.where for row in rows)


# --- what is left to a person -------------------------------------------------------------------


def _to_fix(book: Book, record: RunRecord) -> None:
    sheet = book.table("To fix in your file", _TO_FIX)
    for reason in reasons(record.plan.rejects):
        for cells in _reason_rows(reason):
            sheet.row(cells)
    sheet.finish()


def _reason_rows(reason: Reason) -> Iterator[list[Cell]]:
    for reject in reason.rejects:
        yield [
            _where(reject.rows),
            reject.key or "",
            reject.column or "",
            (reject.value or "", Look.TROUBLE),
            f"{reason.rows:,}",
            wording.sentence(reject.message),
            wording.sentence(reject.hint),
        ]


def _refused(book: Book, judged: Verdicts) -> None:
    sheet = book.table("Refused by WizCommerce", _REFUSED)
    for change in judged.record.plan.changes:
        if judged.standing(change) is not Standing.FAILED:
            continue
        verdict = judged.of_change(change)
        told = [
            *((cell, verdict.name) for cell in verdict.cells if cell.said),
            *(
                (cell, child.name)
                for child in verdict.children
                for cell in child.cells
                if cell.said
            ),
        ]
        for cell, name in told:
            sheet.row(
                [
                    verdict.reference_id,
                    name,
                    _where(verdict.rows),
                    cell.label,
                    (cell.after or _EMPTY, Look.TROUBLE),
                    wording.joined(cell.said),
                    verdict.to_do,
                ]
            )
        if not told:
            sheet.row([*_who(verdict), "", "", verdict.happened, verdict.to_do])
    sheet.finish()


def _meanwhile(book: Book, judged: Verdicts) -> None:
    sheet = book.table("Changed meanwhile", _MEANWHILE)
    plan = judged.record.plan
    moved_since = (one for one in plan.changes if judged.standing(one) is Standing.CONFLICT)
    for verdict in chain(
        map(judged.of_change, moved_since), map(judged.of_conflict, plan.conflicts)
    ):
        moved = [cell for cell in verdict.cells if cell.now is not None and cell.now != cell.before]
        for cell in moved:
            sheet.row(
                [
                    *_who(verdict),
                    cell.label,
                    cell.before or _EMPTY,
                    cell.after or _EMPTY,
                    (cell.now or _EMPTY, Look.CHANGED),
                    verdict.happened,
                ]
            )
        if not moved:
            sheet.row([*_who(verdict), "", "", "", "", verdict.happened])
    sheet.finish()


def _not_in_file(book: Book, record: RunRecord) -> None:
    sheet = book.table("Not in your file", _ABSENT)
    for reference_id, name in record.plan.absent:
        sheet.row([reference_id, name, "A customer of the account that your file does not name"])
    for kind, keys in record.plan.childless.items():
        for key in keys:
            text = f"A customer of your file without any row for {kind}: it keeps those that it has"
            sheet.row([key, "", text])
    sheet.finish()
