"""Each row's referenceId, or why it cannot be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from wizsync.mapping.field_schema import ColumnField, ConstField, CustomerField, TemplateField
from wizsync.mapping.schema import KEY
from wizsync.mapping.transforms import Fault
from wizsync.mapping.words import composed, trimmed

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from wizsync.mapping.cells import Cells

BLANK_KEY = Fault(
    "blank_key",
    "is empty, and it is the customer's key",
    "Fill it in; without it nobody can tell which customer the row is.",
)
EMPTY_KEY_PART = Fault(
    "empty_key_part",
    "is empty, and the customer's key is made of it",
    "Fill it in; without it nobody can tell which customer the row is.",
)


@dataclass(frozen=True)
class Keys:
    """The rows' keys.

    Args:
        values: `str`, one a row, trimmed, NFC; missing where it cannot be read.
        empty: For each field that the key is made of, the rows where it is empty.
        reason: What an empty one is told as.
    """

    values: pd.Series
    empty: Mapping[str, npt.NDArray[np.bool_]]
    reason: Fault


def key_fields(customer: Mapping[str, CustomerField]) -> frozenset[str]:
    """The fields with columns of their own that the key is made of."""
    return frozenset(_sources(customer, KEY))


def _sources(customer: Mapping[str, CustomerField], name: str) -> list[str]:
    each = customer[name]
    if isinstance(each, TemplateField):
        return [source for part in each.template.fields for source in _sources(customer, part)]
    return [name] if isinstance(each, ColumnField) else []


def read_keys(customer: Mapping[str, CustomerField], cells: Mapping[str, Cells], rows: int) -> Keys:
    """Read the key of every row.

    Args:
        customer: The mapped fields.
        cells: The fields with columns, read.
        rows: How many rows there are.
    """
    columns = {name: each.values for name, each in cells.items()}
    # A template or `values` may leave spaces at the ends that the cells did not have.
    filled = trimmed(composed(complete(customer, columns, KEY, pd.RangeIndex(rows))))
    blank = (filled == "").to_numpy(bool)
    values = filled.mask(blank) if blank.any() else filled
    return Keys(
        values,
        {
            name: (cells[name].values.fillna("") == "").to_numpy(bool) & (cells[name].fault < 0)
            for name in sorted(key_fields(customer))
        },
        BLANK_KEY if isinstance(customer[KEY], ColumnField) else EMPTY_KEY_PART,
    )


def complete(
    customer: Mapping[str, CustomerField],
    columns: Mapping[str, pd.Series],
    name: str,
    index: pd.Index,
) -> pd.Series:
    """A field's values: its column's, its constant, or its template filled.

    Args:
        customer: The mapped fields.
        columns: The values of the fields with columns, over `index`.
        name: The field.
        index: The rows.
    """
    each = customer[name]
    if isinstance(each, ConstField):
        return pd.Series(each.const, index=index, dtype="str")
    if isinstance(each, TemplateField):
        parts = {part: complete(customer, columns, part, index) for part in each.template.fields}
        return each.template.fill(parts)
    return columns[name]
