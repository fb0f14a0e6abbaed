"""The file's rows behind customers, many at a time. Pure."""

from __future__ import annotations

from itertools import chain, islice

import numpy as np
import numpy.typing as npt

from wizsync.model import Desired, SourceRow


def source_rows(desired: Desired, at: npt.NDArray[np.intp]) -> list[tuple[SourceRow, ...]]:
    """`desired.rows` for many customers, each of the table's columns touched once.

    Args:
        desired: The customers.
        at: Their positions (k,).

    Returns:
        k tuples of rows.
    """
    if len(at) == 0:
        return []
    behind = [
        desired.merged[one] if one in desired.merged else (int(desired.positions[one]),)
        for one in at.tolist()
    ]
    flat = np.fromiter(chain.from_iterable(behind), dtype=np.intp)
    table = desired.table
    cells = zip(*(table.cells[column].iloc[flat].tolist() for column in table.columns), strict=True)
    rows = map(SourceRow, table.numbers[flat].tolist(), table.lines[flat].tolist(), cells)
    return [tuple(islice(rows, len(positions))) for positions in behind]
