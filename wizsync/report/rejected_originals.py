"""The cells of rejected rows as their workbook has them: numbers and dates with their formats."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Generator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wizsync.model import Source, column_name

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell

# A header is looked for in so many rows.
_HEADER_WITHIN = 100

# A value that is no text, and its number format.
Original = tuple[Any, str]
# The cells under a table's columns; None where the row's text will do.
Originals = Sequence[Original | None]
_Row = tuple[int, Sequence["Cell"]]


class OriginalCells:
    """The numbers, dates and truth values among the cells of a table's rows, row by row from the top down.

    Formulas are given as the values stored for them. There are none where the file is no .xlsx or .xlsm,
    is not there any more, has changed, or has no such sheet or header.

    Args:
        source: The file that the rows come from.
        place: Their sheet; "" for the customers' own.
        columns: The table's columns.
    """

    def __init__(self, source: Source, place: str, columns: Sequence[str]) -> None:
        self._columns = columns
        self._places: dict[str, int] = {}
        self._rows = _rows(source, place)
        self._at: _Row = (0, ())

    def of(self, number: int) -> Originals:
        """The original cells of a row.

        Args:
            number: The row; none above the last one asked for.
        """
        while self._at[0] < number:
            found = next(self._rows, None)
            if found is None:
                return ()
            self._at = found
            if not self._places and found[0] <= _HEADER_WITHIN:
                self._places = _places(found[1], self._columns)
                if self._places:
                    continue  # the header itself is no row to mend
        at, cells = self._at
        if at != number or not self._places:
            return ()
        return [_original(cells, self._places[name]) for name in self._columns]

    def close(self) -> None:
        """Let go of the file."""
        self._rows.close()


def _rows(source: Source, place: str) -> Generator[_Row]:
    data = _as_it_was(source)
    if source.sheet is None or not data.startswith(b"PK"):
        return
    from openpyxl import load_workbook  # noqa: PLC0415 - only where there is such a file
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        try:
            name = place or source.sheet
            if name in book.sheetnames:
                sheet: Any = book[name]
                sheet.reset_dimensions()  # what a workbook says of its size may be wrong
                yield from enumerate(sheet.iter_rows(), start=1)
        finally:
            book.close()
    except (InvalidFileException, zipfile.BadZipFile, LookupError, TypeError, ValueError, OSError):
        return  # another kind of workbook, or one that this reader does not take: the texts will do


def _as_it_was(source: Source) -> bytes:
    """The file's bytes, none where it is not the one that was read."""
    with suppress(OSError, ValueError):
        data = Path(source.path).read_bytes()
        if hashlib.sha256(data).hexdigest() == source.digest:
            return data
    return b""


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
