"""rejected.xlsx: all rows to mend, a sheet for each table they are from, with the original cells."""

from __future__ import annotations

from contextlib import closing
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from wizsync.model import RUN_COLUMN, WHY_COLUMN, RunRecord, sheet_names
from wizsync.report.rejected_originals import Original, OriginalCells, Originals
from wizsync.report.rejected_rows import (
    DAMAGED,
    RejectedRow,
    RejectedTable,
    harmless,
    rejected_tables,
)
from wizsync.report.sheets import lines_of, safe, set_height
from wizsync.report.verdicts import verdicts
from wizsync.report.xlsx_file import workbook

_WIDTHS = (10, 40)
_WHY_WIDTH = 70
_SAMPLE = 50
_CUSTOMERS = "Customers"


def write_rejected_xlsx(record: RunRecord, path: Path) -> bool:
    """Write the rows that were rejected, or whose customers WizCommerce refused, of every sheet and file.

    Each table has a sheet of its own, under the name by which the same mapping finds it again. Where the
    rows come from an .xlsx file that is still there as it was, numbers and dates are the original ones with
    their formats, so that mending feels like the original; everything else is text. No cell is a formula.

    Args:
        record: The run.
        path: The file to write.

    Returns:
        False, and no file, where there is no such row.

    Raises:
        MachineError: The disk is full, or the file cannot be written.
        UsageError: The path goes through something that is no folder.
    """
    tables = rejected_tables(record)
    if not tables:
        return False
    if tables[0].place:
        # The customers' own sheet comes first, even without rows: the mapping looks for it.
        tables.insert(0, RejectedTable("", record.plan.columns, verdicts(record)))
    plan = record.plan
    blocks = (block.place for block in plan.rules.blocks if block.place)
    places = list(dict.fromkeys((*blocks, *plan.tables)))
    # The customers' own sheet gives way to the others: it is the first, and found by that.
    own = plan.source.sheet or _CUSTOMERS
    names = dict(zip((*places, ""), sheet_names((*places, own)), strict=True))
    with workbook(path) as book:
        writer = _Writer(book, record.run)
        for table in tables:
            originals = OriginalCells(plan.source, table.place, table.columns)
            with closing(originals):
                writer.write(names[table.place], table, originals)
    return True


class _Writer:
    """Writes tables into sheets."""

    def __init__(self, book: Any, run: str) -> None:
        self._book = book
        self._run = run
        self._formats: dict[str, Any] = {}
        self._text = book.add_format({"num_format": "@", "valign": "top"})
        self._header = book.add_format({"bold": True, "bg_color": "#D9E1F2", "num_format": "@"})
        self._why = book.add_format(
            {"num_format": "@", "text_wrap": True, "bg_color": "#FFF2CC", "valign": "top"}
        )

    def write(self, name: str, table: RejectedTable, originals: OriginalCells) -> None:
        """Write a table, with the original cells where they are known."""
        sheet = self._book.add_worksheet(name)
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})  # codes are texts
        columns = [*table.columns, WHY_COLUMN, RUN_COLUMN]
        for place, column in enumerate(columns):
            sheet.write_string(0, place, safe(column), self._header)
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        longest = [*map(len, table.columns)]
        number = 0
        for number, row in enumerate(table, start=1):
            self._row(sheet, number, row, originals.of(row.row.number))
            if number <= _SAMPLE:
                longest = [
                    max(known, len(text)) for known, text in zip(longest, row.cells, strict=True)
                ]
        sheet.autofilter(0, 0, max(number, 1), len(columns) - 1)
        run = max(len(RUN_COLUMN), len(self._run))
        widths = (*map(_width, longest), _WHY_WIDTH, _width(run))
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width)

    def _row(self, sheet: Any, number: int, row: RejectedRow, originals: Originals) -> None:
        for place, text in enumerate(row.cells):
            original = originals[place] if place < len(originals) else None
            self._cell(sheet, number, place, text, original)
        last, why = len(row.cells), row.why
        sheet.write_string(number, last, safe(why), self._why)
        sheet.write_string(number, last + 1, safe(harmless(self._run)), self._text)
        set_height(sheet, number, lines_of(why, _WHY_WIDTH))

    def _cell(
        self, sheet: Any, row: int, column: int, text: str, original: Original | None
    ) -> None:
        # What was read is what counts: a formula without a stored value looks like 0 to the other reader.
        value, pattern = original if original and text not in ("", DAMAGED) else (text, "@")
        if isinstance(value, bool):
            sheet.write_boolean(row, column, value)
        elif isinstance(value, int | float):
            sheet.write_number(row, column, value, self._format(pattern))
        elif isinstance(value, datetime | date | time | timedelta):
            sheet.write_datetime(row, column, value, self._format(pattern))
        elif text:
            sheet.write_string(row, column, safe(text), self._text)

    def _format(self, pattern: str) -> Any:
        if pattern not in self._formats:
            look = {"num_format": pattern, "valign": "top"}
            self._formats[pattern] = self._book.add_format(look)
        return self._formats[pattern]


def _width(longest: int) -> int:
    return min(max(longest + 2, _WIDTHS[0]), _WIDTHS[1])
