"""Builders with defaults: what a test does not say is the plainest thing that works."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pydantic import TypeAdapter

from wizsync.errors import MappingError
from wizsync.mapping import MappingFile, load, to_desired
from wizsync.mapping.cells import Around, Cells, read_cells
from wizsync.mapping.field_schema import ColumnField
from wizsync.mapping.transform_schema import TransformStep
from wizsync.mapping.transforms import Fault, Step
from wizsync.model import Desired, Reject, Source, SourceRow, Table

TOP = "version: 1\ncustomer:\n  referenceId: No\n"  # its fields begin on line 4

Row = Mapping[str, str]

_STEP: TypeAdapter[Step] = TypeAdapter(TransformStep)


def mapping(text: str | bytes, **files: bytes) -> MappingFile:
    """A mapping file loaded, with other files beside it: `mapping("…", keys=b"C-1")` has `keys.txt`."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            Path(folder, f"{name}.txt").write_bytes(content)
        path = Path(folder, "mapping.yaml")
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return load(path)


def refused(text: str | bytes, **files: bytes) -> tuple[str, str | None, str | None]:
    """What is said of a mapping that cannot be used: the message, the line, the hint."""
    with pytest.raises(MappingError) as caught:
        mapping(text, **files)
    where = (caught.value.where or "").removeprefix("mapping.yaml, ")
    return caught.value.message, where, caught.value.hint


def row(number: int, *cells: str) -> SourceRow:
    return SourceRow(number, number, cells)


def table(*rows: Row, columns: tuple[str, ...] = ("No",), broken: tuple[Reject, ...] = ()) -> Table:
    """A sheet, its rows from row 2 on: `table({"No": "C-1", "Phone": "1"}, …)`.

    A cell that a row does not name is empty; `columns` come first, then those that the rows name.
    """
    names = tuple(dict.fromkeys([*columns, *(name for each in rows for name in each)]))
    numbers = np.arange(2, len(rows) + 2, dtype=np.int64)
    return Table(
        source=Source("lists/customers.csv", "d1635"),
        columns=names,
        cells=pd.DataFrame(
            {name: pd.Series([each.get(name, "") for each in rows], dtype="str") for name in names}
        ),
        numbers=numbers,
        lines=numbers,
        broken=broken,
        header=row(1, *names),
    )


def mapped(text: str, *rows: Row, mode: str | None = None) -> Desired:
    """Rows through a mapping; a column that the mapping names and no row does is empty."""
    read = mapping(text)
    source = read.schema.source
    named = [each.column for each in read.schema.customer.values() if isinstance(each, ColumnField)]
    named += [*source.where, *([source.action_column] if source.action_column else [])]
    return to_desired(read, table(*rows, columns=tuple(named)), mode=mode)


def values(desired: Desired, field: str) -> list[str | None]:
    """A field of all customers: None keep, "" clear, else set."""
    return _texts(desired.customers[field])


def defaults(desired: Desired, field: str) -> list[str | None]:
    return _texts(desired.defaults[field])


def _texts(column: pd.Series) -> list[str | None]:
    return [None if pd.isna(text) else text for text in column]


def told(desired: Desired) -> list[tuple[str, tuple[int, ...], str | None, str | None, str | None]]:
    """The rejects: code, rows, column, value, key."""
    return [
        (one.code, tuple(each.number for each in one.rows), one.column, one.value, one.key)
        for one in desired.rejects
    ]


def transformed(written: object, text: str) -> str:
    """A text through a transform as a mapping writes it; of a fault its code, as `!bad_date`."""
    try:
        return _STEP.validate_python(written)(text)
    except Fault as fault:
        return f"!{fault.code}"


def cells(
    texts: Sequence[str],
    written: str = "P",
    *,
    clears: bool = False,
    blank_words: Sequence[str] = (),
    for_key: bool = False,
) -> Cells:
    field = mapping(f"{TOP}  phone: {written}\n").schema.customer["phone"]
    assert isinstance(field, ColumnField)
    column = pd.Series(texts, dtype="str")
    return read_cells(column, field, Around(blank_words), clears=clears, for_key=for_key)


def became(texts: Sequence[str], written: str = "P", **how: bool | Sequence[str]) -> list[object]:
    """What became of cells: a text, None for missing, or the fault's code behind an !."""
    read = cells(texts, written, **how)
    return [
        f"!{read.faults[fault][0].code}" if fault >= 0 else None if pd.isna(text) else text
        for text, fault in zip(read.values, read.fault, strict=True)
    ]
