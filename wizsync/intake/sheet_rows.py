"""The rows of a sheet as columns of texts under a header."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from math import isfinite
from typing import Any

import numpy as np
import pyarrow as pa

from wizsync.errors import UnfitFile
from wizsync.intake.cell_details import Cell, Details, long_number, no_number
from wizsync.intake.header import column_letters
from wizsync.intake.number_formats import Value, is_too_long, text_of
from wizsync.intake.tabular import Grid
from wizsync.model import RUN_COLUMN, Damage, SourceRow, column_name

# Rows that are held as Python values at once, before they become columns.
_PIECE = 20_000

Row = tuple[int, list[str]]


class SheetRows:
    """A sheet's rows as texts, with their numbers, one after the other.

    Args:
        rows: The values, from the sheet's first row on.
        details: What is known of cells besides.
        first: The sheet's column, from 0, in which the rows begin.
    """

    def __init__(self, rows: Iterable[Sequence[Value]], details: Details, first: int = 0) -> None:
        self._rows = rows
        self._first = first
        # Cells whose values are not known; those of numbers that are too long join as they come.
        self.damaged: dict[Cell, Damage] = dict(details.damaged)
        self._texts: dict[int, dict[int, str]] = {}
        # Texts in place of the values, of damaged cells none.
        for (row, column), text in (details.texts | dict.fromkeys(details.damaged, "")).items():
            self._texts.setdefault(row, {})[column] = text

    def __iter__(self) -> Iterator[Row]:
        aside = [""] * self._first
        for number, values in enumerate(self._rows):
            texts = aside + [
                value if isinstance(value, str) else self._text(value, (number, column))
                for column, value in enumerate(values, start=self._first)
            ]
            for column, text in self._texts.get(number, {}).items():
                if column < len(texts):
                    texts[column] = text
            yield number + 1, texts

    def _text(self, value: Value, at: Cell) -> str:
        if isinstance(value, float) and not isfinite(value):
            self.damaged.setdefault(at, no_number(str(value)))
            return ""
        if is_too_long(value):
            self.damaged.setdefault(at, long_number(text_of(value)))
            return ""
        return text_of(value)


def grid_of(rows: SheetRows, header_row: int, where: str) -> Grid:
    """The rows from a header on.

    Args:
        rows: The sheet's rows.
        header_row: The row of the header, from 1; a blank one gives way to the next.
        where: The sheet, for messages.

    Raises:
        UnfitFile: There is no header, or something stands beside it in a column without a name.
    """
    stream = _from_header(iter(rows), header_row)
    header = next((row for row in stream if any(cell.strip() for cell in row[1])), None)
    if header is None:
        raise UnfitFile(
            f"{where} is empty."
            if header_row == 1
            else f"{where} has nothing from row {header_row} on.",
            where=where,
            hint="Name the sheet that holds the list (source: sheet), or the row of its header "
            "(source: header_row).",
        )
    number, cells = header
    named = [place for place, name in enumerate(cells) if column_name(name)]
    if not named:
        raise UnfitFile(
            f"There is no header: row {number} holds nothing that can be seen.",
            where=f"{where}, row {number}",
            hint="Say in the mapping which row is the header (source: header_row).",
        )
    first, end = named[0], named[-1] + 1
    _check_header(number, rows.damaged, where)
    body = _Body(first, end, where)
    while piece := list(islice(stream, _PIECE)):
        body.take(piece, rows.damaged)
    note = f"The header is in row {number}: the rows above it are empty."
    return body.grid(
        SourceRow(number, number, tuple(cells[first:end])),
        rows.damaged,
        (note,) if number > header_row else (),
    )


class _Body:
    """The rows below a header, gathered as columns.

    Args:
        first: The header's first column in the sheet, from 0.
        end: The column after its last one.
        where: The sheet, for messages.
    """

    def __init__(self, first: int, end: int, where: str) -> None:
        self._first = first
        self._end = end
        self._where = where
        self._columns: list[list[pa.Array[Any]]] = [[] for _ in range(end - first)]
        self._numbers: list[int] = []

    def take(self, piece: Iterable[Row], damaged: dict[Cell, Damage]) -> None:
        """Take in some rows; blank ones are left out."""
        of_rows = {row for row, _ in damaged}
        texts: list[list[str]] = []
        width = self._end - self._first
        for number, row in piece:
            self._check_beside(number, row)
            cells = row[self._first : self._end]
            if any(cells) or number - 1 in of_rows:
                texts.append(cells + [""] * (width - len(cells)))
                self._numbers.append(number)
        for place, column in enumerate(zip(*texts, strict=True)):
            self._columns[place].append(pa.array(column, pa.large_string()))

    def grid(self, header: SourceRow, damaged: dict[Cell, Damage], notes: tuple[str, ...]) -> Grid:
        """All of it."""
        for row, column in sorted(damaged):
            if row >= header.number and not self._first <= column < self._end:
                raise self._beside(row + 1, column)
        numbers = np.array(self._numbers, dtype=np.int64)
        position = {number: at for at, number in enumerate(self._numbers)}
        return Grid(
            header,
            pa.table(
                [pa.chunked_array(chunks, pa.large_string()) for chunks in self._columns],
                names=[str(place) for place in range(len(self._columns))],
            ),
            numbers,
            numbers,
            damaged=[
                (position[row + 1], column - self._first, damage)
                for (row, column), damage in sorted(damaged.items(), key=lambda one: one[0])
                if row + 1 in position and self._first <= column < self._end
            ],
            notes=notes,
        )

    def _check_beside(self, number: int, row: list[str]) -> None:
        """Refuse something that stands in a column beside the header."""
        if self._first == 0 and len(row) <= self._end:
            return
        for place in (*range(min(self._first, len(row))), *range(self._end, len(row))):
            if row[place].strip():
                raise self._beside(number, place)

    def _beside(self, number: int, place: int) -> UnfitFile:
        letters = column_letters(place)
        return UnfitFile(
            f"Column {letters} has no header, and row {number} has something in it.",
            where=f"{self._where}, row {number}, column {letters}",
            hint="Give the column a name in the header, or empty it. In a merged header only the first "
            "column has the name.",
        )


def _check_header(number: int, damaged: dict[Cell, Damage], where: str) -> None:
    """Refuse a header with a cell of which the text is not known."""
    for (row, column), damage in sorted(damaged.items(), key=lambda one: one[0]):
        if row == number - 1:
            letters = column_letters(column)
            raise UnfitFile(
                f"The header of column {letters} {damage.message}.",
                where=f"{where}, row {number}, column {letters}",
                hint="Enter the name of the column as a text, and save the file.",
            )


def _from_header(stream: Iterator[Row], header_row: int) -> Iterator[Row]:
    """The rows from the header on; in a file of rejected rows that is the first."""
    for number, row in stream:
        ours = number == 1 and any(column_name(cell) == RUN_COLUMN for cell in row)
        if number >= header_row or ours:
            yield number, row
            break
    yield from stream
