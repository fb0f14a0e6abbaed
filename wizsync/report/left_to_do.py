"""The sheets of report.xlsx that leave something to a person; those without rows are left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wizsync.model import Change, RunRecord, SourceRow
from wizsync.report import wording
from wizsync.report.before_and_after import Became, Beside
from wizsync.report.headline import rejected_file
from wizsync.report.meanwhile import conflicts, moved
from wizsync.report.reasons import reasons
from wizsync.report.sheets import Book, Cell, Column, Look
from wizsync.report.standings import Cell as FieldCell
from wizsync.report.standings import Standing
from wizsync.report.verdict import Verdict
from wizsync.report.verdicts import Verdicts

EMPTY = "(empty)"
WHO = (Column("Code", 20), Column("Customer", 32), Column("Where in your file", 24))

_TO_FIX = (
    Column("Where in your file", 24),
    Column("Code", 20),
    Column("Column", 24),
    Column("Value", 32),
    Column("Rows of this kind", 16),
    Column("What is wrong", 50),
    Column("What to do", 60),
)
_REFUSED = (
    *WHO,
    Column("Field", 34),
    Column("From your file", 36),
    Column("What WizCommerce said", 60),
    Column("What to do", 40),
)
_NOT_AS_MEANT = (
    *WHO,
    Column("Address or contact", 32),
    Column("What became of it", 18),
    Column("Field", 34),
    Column("Before", 36),
    Column("After", 36),
)
_MEANWHILE = (
    *WHO,
    Column("Field", 34),
    Column("When planned", 36),
    Column("From your file", 36),
    Column("In WizCommerce now", 36),
    Column("What was said", 60),
)
_ABSENT = (Column("Code", 20), Column("Customer", 36), Column("What it is", 80))

_BECAME = {
    Became.SAME: ("as it was", Look.PLAIN),
    Became.CHANGED: ("changed", Look.CHANGED),
    Became.GONE: ("gone", Look.REMOVED),
    Became.NEW: ("new", Look.ADDED),
    Became.NOT_READ: ("not read since", Look.TROUBLE),
}


def left_to_do(book: Book, judged: Verdicts) -> None:
    """Add the sheets that leave something to a person.

    Args:
        book: The workbook.
        judged: The run.
    """
    _to_fix(book, judged.record)
    _refused(book, judged)
    _not_as_meant(book, judged)
    _meanwhile(book, judged)
    _not_in_file(book, judged.record)


def who(verdict: Verdict) -> tuple[str, str, str]:
    """The cells under WHO."""
    return verdict.reference_id, verdict.name, place(verdict.rows)


def place(rows: Iterable[SourceRow]) -> str:
    """Where rows stand."""
    return "; ".join(row.where for row in rows)


def _to_fix(book: Book, record: RunRecord) -> None:
    sheet = book.table("To fix in your file", _TO_FIX)
    for reason in reasons(record.plan.rejects):
        alike = f"{reason.rows:,}"
        for reject in reason.listed:
            sheet.row(
                [
                    place(reject.rows),
                    reject.key or "",
                    reject.column or "",
                    (reject.value or "", Look.TROUBLE),
                    alike,
                    wording.sentence(reject.message),
                    wording.sentence(reject.hint),
                ]
            )
        if reason.more:
            told = f"And {reason.more:,} more of this kind, which are all in {rejected_file(record.plan)}."
            sheet.row(["", "", reason.column or "", "", alike, told, wording.sentence(reason.hint)])
    sheet.finish()


def _standing(judged: Verdicts, standing: Standing) -> Iterator[Change]:
    """The changes that stand so, or of which an address or contact does."""
    changes = judged.record.plan.changes
    return (one for one in changes if standing in (judged.standing(one), judged.gravest(one)))


def _refused(book: Book, judged: Verdicts) -> None:
    sheet = book.table("Refused by WizCommerce", _REFUSED)
    for verdict in map(judged.of_change, _standing(judged, Standing.FAILED)):
        if verdict.harm:
            continue  # it has a sheet of its own
        told = list(_refusals(verdict))
        for name, rows, cell, said in told or [
            (verdict.name, verdict.rows, None, verdict.happened)
        ]:
            value: Cell = (cell.after or EMPTY, Look.TROUBLE) if cell else ""
            field = cell.full_label if cell else ""
            sheet.row([verdict.reference_id, name, place(rows), field, value, said, verdict.to_do])
    sheet.finish()


def _refusals(
    verdict: Verdict,
) -> Iterator[tuple[str, tuple[SourceRow, ...], FieldCell | None, str]]:
    """What was said against a customer and its children: whose, their rows, of which field, the words."""
    cells = [cell for cell in verdict.cells if cell.said]
    for cell in cells:
        yield verdict.name, verdict.rows, cell, wording.joined(cell.said)
    if verdict.said:
        yield verdict.name, verdict.rows, None, wording.joined(verdict.said)
    for child in verdict.children:
        if child.standing is not Standing.FAILED:
            continue
        name = f"{child.of.kind.one} {child.name}"
        said = [cell for cell in child.cells if cell.said]
        for cell in said:
            yield name, child.rows, cell, wording.joined(cell.said)
        if child.said or (child.outcome and not said):
            yield name, child.rows, None, wording.joined(child.said or (child.happened,))


def _not_as_meant(book: Book, judged: Verdicts) -> None:
    """The addresses and contacts of customers to which the account did otherwise, before and after."""
    sheet = book.table("Not as meant", _NOT_AS_MEANT)
    for verdict in map(judged.of_change, _standing(judged, Standing.FAILED)):
        for one in verdict.harm:
            for cell in _to_compare(one):
                sheet.row(
                    [
                        *who(verdict),
                        f"{one.kind.one} {one.name}",
                        _BECAME[one.became],
                        cell.full_label,
                        cell.before,
                        _after(one, cell),
                    ]
                )
    sheet.finish()


def _to_compare(one: Beside) -> Iterable[FieldCell]:
    """The fields that tell what became of an address or contact."""
    differ = [cell for cell in one.cells if cell.before != cell.after]
    return differ if one.became is Became.CHANGED else one.cells


def _after(one: Beside, cell: FieldCell) -> Cell:
    if one.became is Became.CHANGED:
        return cell.after or EMPTY, Look.CHANGED
    return cell.after


def _meanwhile(book: Book, judged: Verdicts) -> None:
    sheet = book.table("Changed meanwhile", _MEANWHILE)
    for verdict in conflicts(judged):
        fields = list(moved(verdict))
        for one in fields:
            cell = one.cell
            sheet.row(
                [
                    verdict.reference_id,
                    one.name,
                    place(one.rows),
                    cell.full_label,
                    cell.before or EMPTY,
                    cell.after or EMPTY,
                    (cell.now or EMPTY, Look.CHANGED),
                    verdict.happened,
                ]
            )
        if not fields:
            sheet.row([*who(verdict), "", "", "", "", verdict.happened])
    sheet.finish()


def _not_in_file(book: Book, record: RunRecord) -> None:
    sheet = book.table("Not in your file", _ABSENT)
    for reference_id, name in record.plan.absent:
        sheet.row([reference_id, name, "A customer of the account that your file does not name."])
    for kind, keys in record.plan.childless.items():
        for key in keys:
            text = (
                f"A customer of your file without any row for {kind}: it keeps those that it has."
            )
            sheet.row([key, "", text])
    sheet.finish()
