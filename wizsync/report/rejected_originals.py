"""The cells of rejected rows as their workbook has them: numbers and dates with their formats."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wizsync.model import Source, column_name
from wizsync.report.rejected_rows import RejectedTable

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell

# A header is looked for in so many rows.
_HEADER_WITHIN = 100

# A value that is no text, and its number format.
Original = tuple[Any, str]
# By row number, the cells under the table's columns; None where the row's text will do.
Originals = Mapping[int, Sequence[Original | None]]


def original_cells(source: Source, table: RejectedTable) -> Originals:
    """The numbers, dates and truth values among the cells of rejected rows.

    Formulas are given as the values stored for them. Rows are read one after the other, up to the last
    one wanted.

    Args:
        source: The file that the rows come from.
        table: The rows.

    Returns:
        By row number, a value and format for each of the table's columns; nothing where the file is no
        .xlsx or .xlsm, is not there any more, has changed, or has no such sheet or header.
    """
    data = _as_it_was(source)
    if source.sheet is None or not data.startswith(b"PK") or not table.rows:
        return {}
    from openpyxl import load_workbook  # noqa: PLC0415 - only where there is such a file
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        try:
            name = table.place or source.sheet
            return dict(_rows(book[name], table)) if name in book.sheetnames else {}
        finally:
            book.close()
    except (InvalidFileException, zipfile.BadZipFile, LookupError, TypeError, ValueError, OSError):
        return {}  # another kind of workbook, or one that this reader does not take: the texts will do


def _as_it_was(source: Source) -> bytes:
    """The file's bytes, none where it is not the one that was read."""
    with suppress(OSError, ValueError):
        data = Path(source.path).read_bytes()
        if hashlib.sha256(data).hexdigest() == source.digest:
            return data
    return b""


def _rows(sheet: Any, table: RejectedTable) -> Iterator[tuple[int, list[Original | None]]]:
    sheet.reset_dimensions()  # what a workbook says of its size may be wrong
    wanted = {row.row.number for row in table.rows if not row.loose}
    places: dict[str, int] = {}
    for number, cells in enumerate(sheet.iter_rows(max_row=max(wanted, default=1)), start=1):
        if not places and number <= _HEADER_WITHIN:
            places = _places(cells, table.columns)
        elif number in wanted and places:
            yield number, [_original(cells, places[name]) for name in table.columns]


def _places(cells: Sequence[Cell], columns: Sequence[str]) -> dict[str, int]:
    """Where the columns are in a row that is the header, which has them all; else nothing."""
    found = {
        column_name(str(cell.value)): place
        for place, cell in enumerate(cells)
        if cell.value is not None
    }
    return found if found.keys() >= set(columns) else {}


def _original(cells: Sequence[Cell], place: int) -> Original | None:
    cell = cells[place] if place < len(cells) else None
    if cell is None or cell.value is None or isinstance(cell.value, str):
        return None
    return cell.value, cell.number_format
