"""A grid of text cells under a header, as a Table: what files of every kind have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from wizsync.errors import UnfitFile
from wizsync.intake import header as headers
from wizsync.model import Damage, Reject, Source, SourceRow, Table, column_name


@dataclass(frozen=True)
class Grid:
    """The rows below a header, as they were read.

    Args:
        header: The header's row.
        cells: A text column for each of the header's cells, in their order.
        numbers: int64 (n,), each row's number.
        lines: int64 (n,), each row's line.
        broken: Rows that do not fit the header.
        damaged: Row (0…n-1) and column (0…) to what is wrong with a cell; its position and column are
            filled in here.
        notes: What was assumed or met, a sentence each.
    """

    header: SourceRow
    cells: pa.Table
    numbers: npt.NDArray[np.int64]
    lines: npt.NDArray[np.int64]
    broken: tuple[Reject, ...] = ()
    damaged: Sequence[tuple[int, int, Damage]] = ()
    notes: tuple[str, ...] = ()


def to_table(grid: Grid, source: Source) -> Table:
    """The grid as a Table.

    Rows that are blank are left out, and so is the header where it stands again amid the data; columns
    without a name are, if they are empty.

    Args:
        grid: The rows.
        source: The file; the grid's notes are added to its own.

    Raises:
        UnfitFile: The header is none, names two columns alike, or lacks the name of a column that is filled.
    """
    name = f"{source.name}, sheet {source.sheet}" if source.sheet else source.name
    header = grid.header
    columns = [column_name(cell) for cell in header.cells]
    headers.check(columns, header.number, name)
    headers_again = _repeats(grid.cells, header.cells)
    filled = _filled(grid.cells)
    filled[[row for row, _, _ in grid.damaged]] = True
    used = filled & ~headers_again
    notes = grid.notes + _note_on_headers(grid.numbers[headers_again])
    numbers, lines = grid.numbers[used], grid.lines[used]
    cells = grid.cells if used.all() else grid.cells.filter(pa.array(used))
    damaged_rows = {column: int(grid.numbers[row]) for row, column, _ in reversed(grid.damaged)}
    kept, left_out = _named_columns(columns, cells, numbers, name, damaged_rows)
    return Table(
        replace(source, notes=source.notes + notes + left_out),
        tuple(columns[place] for place in kept),
        _frame(cells, columns, kept),
        numbers,
        lines,
        grid.broken,
        SourceRow(header.number, header.line, tuple(header.cells[place] for place in kept)),
        damaged=_placed(grid.damaged, columns, used),
    )


def _placed(
    damaged: Sequence[tuple[int, int, Damage]], columns: Sequence[str], used: npt.NDArray[np.bool_]
) -> tuple[Damage, ...]:
    position = np.cumsum(used) - 1
    return tuple(
        replace(damage, position=int(position[row]), column=columns[column])
        for row, column, damage in damaged
        if used[row] and columns[column]
    )


def _filled(cells: pa.Table) -> npt.NDArray[np.bool_]:
    """Which rows have a cell that is not blank; each column is looked at for the rows still in doubt."""
    filled = np.zeros(cells.num_rows, dtype=bool)
    doubtful = np.arange(cells.num_rows)
    for column in cells.columns:
        looked_at = column if len(doubtful) == cells.num_rows else column.take(doubtful)
        here = pc.not_equal(pc.utf8_trim_whitespace(looked_at), pa.scalar("")).to_numpy()
        filled[doubtful[here]] = True
        doubtful = doubtful[~here]
    return filled


def _repeats(cells: pa.Table, header: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Which rows are the header once more, as where exports were put one behind the other."""
    doubtful = np.arange(cells.num_rows)
    for column, text in zip(cells.columns, header, strict=True):
        looked_at = column if len(doubtful) == cells.num_rows else column.take(doubtful)
        doubtful = doubtful[pc.equal(looked_at, pa.scalar(text, pa.large_string())).to_numpy()]
    repeats = np.zeros(cells.num_rows, dtype=bool)
    repeats[doubtful] = True
    return repeats


def _note_on_headers(numbers: npt.NDArray[np.int64]) -> tuple[str, ...]:
    if not len(numbers):
        return ()
    rows = ", ".join(f"{number:,}" for number in numbers[:5].tolist()) + (
        ", …" if len(numbers) > 5 else ""
    )
    plural = "s" if len(numbers) > 1 else ""
    return (f"The header stands again in the data and is left out there: row{plural} {rows}.",)


def _named_columns(
    columns: list[str],
    cells: pa.Table,
    numbers: npt.NDArray[np.int64],
    name: str,
    damaged: Mapping[int, int],
) -> tuple[list[int], tuple[str, ...]]:
    """The places of the columns that have a name, and a note on those without one, which are empty."""
    nameless = [place for place, column in enumerate(columns) if not column]
    for place in nameless:
        filled = _filled(cells.select([place]))
        if filled.any() or place in damaged:
            letters = headers.column_letters(place)
            row = int(numbers[filled][0]) if filled.any() else damaged[place]
            raise UnfitFile(
                f"Column {letters} has no header, and row {row} has something in it.",
                where=f"{name}, row {row}, column {letters}",
                hint="Give the column a name in the header, or empty it.",
            )
    if not nameless:
        return list(range(len(columns))), ()
    letters = ", ".join(headers.column_letters(place) for place in nameless)
    kept = [place for place, column in enumerate(columns) if column]
    return kept, (f"Left out because they have no header and are empty: columns {letters}.",)


def _frame(cells: pa.Table, columns: list[str], kept: list[int]) -> pd.DataFrame:
    frame: pd.DataFrame = cells.select(kept).to_pandas()
    frame.columns = pd.Index([columns[place] for place in kept])
    return frame
