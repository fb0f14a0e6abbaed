"""rejected.xlsx: all rows to mend, a sheet for each table they are from, with the original cells."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter

from wizsync.atomic import replacing
from wizsync.model import RUN_COLUMN, WHY_COLUMN, RunRecord, column_name, sheet_name
from wizsync.report.rejected_rows import RejectedTable, harmless, rejected_tables
from wizsync.report.sheets import safe

_WIDTHS = (10, 40)
_WHY_WIDTH = 70
_SAMPLE = 50

# A cell of the source: its value and its number format.
_Original = tuple[Any, str]
# By row number, the cells under the table's columns.
_Originals = Mapping[int, Sequence[_Original | None]]


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
        columns = tuple(one for one in record.plan.columns if one not in (WHY_COLUMN, RUN_COLUMN))
        tables.insert(0, RejectedTable("", columns, ()))
    source = _Source(record)
    with replacing(path) as file:
        book = xlsxwriter.Workbook(file, {"constant_memory": True})
        writer = _Writer(book, record.run)
        for table in tables:
            name = sheet_name(table.place or record.plan.source.sheet or "Customers")
            writer.write(name, table, source.cells(table))
        book.close()
    return True


class _Writer:
    """Writes tables into sheets."""

    def __init__(self, book: Any, run: str) -> None:
        self._book = book
        self._run = run
        self._formats: dict[str, Any] = {}
        self._text = book.add_format({"num_format": "@"})
        self._header = book.add_format({"bold": True, "bg_color": "#D9E1F2", "num_format": "@"})
        self._why = book.add_format(
            {"num_format": "@", "text_wrap": True, "bg_color": "#FFF2CC", "valign": "top"}
        )

    def write(
        self, name: str, table: RejectedTable, originals: Mapping[int, Sequence[_Original | None]]
    ) -> None:
        """Write a table, with the original cells by row number where they are known."""
        sheet = self._book.add_worksheet(name)
        columns = [*table.columns, WHY_COLUMN, RUN_COLUMN]
        for place, column in enumerate(columns):
            sheet.set_column(place, place, self._width(table, place, column))
        for place, column in enumerate(columns):
            sheet.write_string(0, place, safe(column), self._header)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(table.rows), 1), len(columns) - 1)
        for number, row in enumerate(table.rows, start=1):
            original = originals.get(row.row.number, ())
            for place, text in enumerate(row.cells):
                self._cell(
                    sheet, number, place, text, original[place] if place < len(original) else None
                )
            sheet.write_string(number, len(columns) - 2, safe(row.why), self._why)
            sheet.write_string(number, len(columns) - 1, safe(harmless(self._run)), self._text)

    def _cell(
        self, sheet: Any, row: int, column: int, text: str, original: _Original | None
    ) -> None:
        value, pattern = original if original is not None else (text, "@")
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
            self._formats[pattern] = self._book.add_format({"num_format": pattern})
        return self._formats[pattern]

    @staticmethod
    def _width(table: RejectedTable, place: int, column: str) -> int:
        if column == WHY_COLUMN:
            return _WHY_WIDTH
        cells = [row.cells[place] for row in table.rows[:_SAMPLE] if place < len(row.cells)]
        longest = max((len(text) for text in [column, *cells]), default=0)
        return min(max(longest + 2, _WIDTHS[0]), _WIDTHS[1])


class _Source:
    """The workbook that the rows come from, if it is an .xlsx and still as it was."""

    def __init__(self, record: RunRecord) -> None:
        self._plan = record.plan
        self._data = b""
        path = Path(record.plan.source.path)
        if record.plan.source.sheet is not None and path.is_file():
            data = path.read_bytes()
            if (
                data.startswith(b"PK")
                and hashlib.sha256(data).hexdigest() == record.plan.source.digest
            ):
                self._data = data

    def cells(self, table: RejectedTable) -> _Originals:
        """The original cells of a table's rows, by row number, under its columns."""
        sheet = table.place or self._plan.source.sheet or ""
        if not self._data:
            return {}
        from openpyxl import load_workbook  # noqa: PLC0415 - only where there is such a file
        from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

        try:
            book = load_workbook(io.BytesIO(self._data), data_only=True)
        except (InvalidFileException, KeyError, ValueError, OSError):
            return {}  # an .ods, or one that openpyxl does not take: its texts will do
        if sheet not in book.sheetnames:
            return {}
        grid = book[sheet]
        return {
            row.row.number: self._row(grid, row.row.number, table)
            for row in table.rows
            if any(row.cells)
        }

    @staticmethod
    def _row(grid: Any, number: int, table: RejectedTable) -> list[_Original | None]:
        """A row's values and formats, column by column as the header names them."""
        places = _places(grid, table)
        found: list[_Original | None] = []
        for name in table.columns:
            cell = grid.cell(number, places[name]) if name in places else None
            kept = cell is not None and cell.value is not None and not isinstance(cell.value, str)
            found.append((cell.value, cell.number_format) if cell is not None and kept else None)
        return found


def _places(grid: Any, table: RejectedTable) -> dict[str, int]:
    """The columns of a sheet by the header's names: the first row that has all of them."""
    for row in grid.iter_rows(max_row=100):
        names = {
            column_name(str(cell.value)): cell.column for cell in row if cell.value is not None
        }
        if set(table.columns) <= names.keys():
            return names
    return {}
