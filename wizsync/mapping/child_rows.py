"""The file's rows behind addresses and contacts, made when they are asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, overload

import numpy as np
import pyarrow as pa

from wizsync.model.table import SourceRow

if TYPE_CHECKING:
    import numpy.typing as npt

    from wizsync.mapping.block_rows import BlockRows
    from wizsync.model.table import Table

    Positions = npt.NDArray[np.int64]


class RowsOfBlocks:
    """The rows that blocks give children by; a position counts through all blocks."""

    def __init__(self, blocks: Sequence[BlockRows]) -> None:
        self._tables: list[Table] = [block.table for block in blocks]
        # Cell by cell out of these: a row of a frame of columns at a time is many times slower.
        self._columns = [
            [pa.array(table.cells[name].array, pa.large_string()) for name in table.columns]
            for table in self._tables
        ]
        self._at = [block.at for block in blocks]
        self._starts = np.cumsum([0, *(len(block.at) for block in blocks)])

    def row(self, position: int) -> SourceRow:
        """The row at a position."""
        block = int(np.searchsorted(self._starts, position, side="right")) - 1
        table, at = self._tables[block], int(self._at[block][position - self._starts[block]])
        cells = tuple(column[at].as_py() for column in self._columns[block])
        return SourceRow(int(table.numbers[at]), int(table.lines[at]), cells, table.place)


class ChildRows(Sequence[tuple[SourceRow, ...]]):
    """The rows behind each child.

    Args:
        rows: All rows.
        first: int64 (k,), the position of each child's first row.
        several: Child (0…k-1) to all its positions, for those of several.
    """

    def __init__(
        self, rows: RowsOfBlocks, first: Positions, several: Mapping[int, tuple[int, ...]]
    ) -> None:
        self._rows = rows
        self._first = first
        self._several = several

    def __len__(self) -> int:
        return len(self._first)

    @overload
    def __getitem__(self, index: int) -> tuple[SourceRow, ...]: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[tuple[SourceRow, ...]]: ...
    def __getitem__(
        self, index: int | slice
    ) -> tuple[SourceRow, ...] | Sequence[tuple[SourceRow, ...]]:
        if isinstance(index, slice):
            return [self[n] for n in range(*index.indices(len(self)))]
        positions = self._several.get(index) or (int(self._first[index]),)
        return tuple(self._rows.row(position) for position in positions)
