"""A delimited text as a Table, its cells read by columns."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import replace
from typing import IO, cast

import numpy as np
import pyarrow as pa
import pyarrow.csv

from wizsync.errors import UnfitFile, WizsyncError
from wizsync.intake import delimiter as delimiters
from wizsync.intake import header as headers
from wizsync.intake.encoding import decode
from wizsync.intake.quoting import Records, scan, split
from wizsync.intake.tabular import Grid, to_table
from wizsync.model import Reject, Source, SourceRow, Table

_BLOCK = 1 << 23
_LONGEST = 1 << 24


def read_delimited(data: bytes, told: Source, header_row: int) -> Table:
    """Reads a file's bytes.

    Args:
        data: The bytes.
        told: The file; its encoding and delimiter are those the user named, None to find them out.
        header_row: As for `wizsync.intake.read`, and so are the result and the errors.
    """
    name = told.name
    text = decode(data, name, told.encoding)
    header_row = headers.row_of_header(text.utf8, header_row)
    separator = delimiters.choose(text.utf8, told.delimiter, header_row, name)
    records = scan(text.utf8, separator.character, name)
    header = _header(text.utf8, records, separator, header_row, name)
    body = _Body(text.utf8, records, header.number, len(header.cells), separator.character)
    grid = Grid(
        header,
        _parse(body, name),
        body.numbers,
        body.lines,
        tuple(body.broken()),
        notes=text.notes + separator.notes + _note_on_row(header, header_row, separator),
    )
    return to_table(grid, replace(told, encoding=text.encoding, delimiter=separator.character))


def _note_on_row(header: SourceRow, told: int, separator: delimiters.Delimiter) -> tuple[str, ...]:
    if header.number == told or separator.sep_line:
        return ()
    return (f"The header is in row {header.number}: the rows above it are empty.",)


class _Body:
    """The rows below the header: those that fit it, and those that do not."""

    def __init__(
        self, utf8: bytes, records: Records, begin: int, width: int, delimiter: str
    ) -> None:
        self._utf8 = utf8
        self._records = records
        self._begin = begin
        self.width = width
        self.delimiter = delimiter
        self._fits = (records.cells == width) & ~records.misquoted & (records.ends > records.starts)
        self._fits[:begin] = False
        self.numbers = np.flatnonzero(self._fits) + 1
        self.lines = records.lines[self._fits]
        self.line_breaks = records.line_breaks
        self.longest = int((records.ends - records.starts).max(initial=0))

    def fitting(self) -> bytes | memoryview:
        """The text of the rows that fit; not a copy where nothing stands between them."""
        edges = np.flatnonzero(np.diff(self._fits.astype(np.int8), prepend=0, append=0))
        bounds = np.append(self._records.starts, len(self._utf8))[edges].reshape(-1, 2).tolist()
        view = memoryview(self._utf8)
        parts = [view[begin:end] for begin, end in bounds]
        if (
            bytes(parts[0][:3]) == codecs.BOM_UTF8
        ):  # a cell's own character: the reader takes one away
            parts.insert(0, memoryview(codecs.BOM_UTF8))
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def broken(self) -> Iterator[Reject]:
        """The rows that do not fit, but for blank ones."""
        records = self._records
        candidates = ~self._fits & (records.ends > records.starts)
        candidates[: self._begin] = False
        for index in np.flatnonzero(candidates).tolist():
            cells = split(headers.text_of(self._utf8, records, index), self.delimiter)
            if any(cell.strip() for cell in cells):
                row = SourceRow(index + 1, int(records.lines[index]), cells)
                yield self._reject(row, misquoted=bool(records.misquoted[index]))

    def _reject(self, row: SourceRow, *, misquoted: bool) -> Reject:
        if misquoted:
            return Reject(
                "row_quotes",
                'A quotation mark (") inside a quoted cell is not doubled, '
                "so that it is not clear where the cell ends",
                'Double the mark inside the cell (""), or save the list as CSV from a spreadsheet program.',
                (row,),
            )
        many = len(row.cells) > self.width
        return Reject(
            "row_shape",
            f"The row has too {'many' if many else 'few'} cells: {len(row.cells)}, "
            f"and the header has {self.width}",
            "Put a cell that holds the delimiter or a line break into quotation marks."
            if many
            else "Give the row a cell for each column, an empty one too; look for a stray line break.",
            (row,),
        )


def _header(
    utf8: bytes, records: Records, separator: delimiters.Delimiter, header_row: int, name: str
) -> SourceRow:
    begin = max(header_row - 1, int(separator.sep_line))
    index = headers.first_filled(utf8, records, separator.character, begin)
    if index is None:
        raise UnfitFile(
            f"There is no header: the file has {len(records)} rows, and none from row {begin + 1} on is "
            "filled.",
            where=f"{name}, row {header_row}",
            hint="Check the export, or the row that the mapping names (source: header_row).",
        )
    cells = split(headers.text_of(utf8, records, index), separator.character)
    return SourceRow(index + 1, int(records.lines[index]), cells)


def _parse(body: _Body, name: str) -> pa.Table:
    """The cells of the rows that fit, a column of text for each of the header's."""
    names = [str(place) for place in range(body.width)]
    text_type = pa.large_string()
    if not len(body.numbers):
        return pa.table([pa.array([], text_type) for _ in names], names=names)
    if body.longest > _LONGEST:
        raise UnfitFile(
            f"{name} has a row of {body.longest >> 20} MB, which no list of customers has.",
            where=name,
            hint="Check that it is the right file; look for a quotation mark that swallows rows.",
        )
    cells = pyarrow.csv.read_csv(
        cast("IO[bytes]", pa.BufferReader(pa.py_buffer(body.fitting()))),
        read_options=pyarrow.csv.ReadOptions(
            column_names=names,
            block_size=max(_BLOCK, 2 * body.longest),
            use_threads=False,  # as fast for a file of a million rows, and a fifth of the CPU
        ),
        parse_options=pyarrow.csv.ParseOptions(
            delimiter=body.delimiter,
            newlines_in_values=body.line_breaks,
            ignore_empty_lines=False,
        ),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(names, text_type),
            null_values=[],
            strings_can_be_null=False,
            check_utf8=False,  # decode() has
        ),
    )
    if cells.num_rows != len(body.numbers):
        raise WizsyncError(
            f"The file's rows were counted twice, with two results: {len(body.numbers)} and "
            f"{cells.num_rows}. Nothing was done.",
            hint="Please report this with the file's first lines; saving the list as CSV from a "
            "spreadsheet program may help meanwhile.",
        )
    return cells
