"""Merged rows as whole customers: constants, templates, defaults, and what a create must have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from wizsync.mapping.field_schema import ColumnField
from wizsync.mapping.keys import complete
from wizsync.mapping.merging import Merged
from wizsync.mapping.rejects import Finding
from wizsync.mapping.schema import KEY
from wizsync.mapping.template import Template
from wizsync.mapping.transforms import Fault
from wizsync.model.desired import Mode

if TYPE_CHECKING:
    import numpy.typing as npt

    from wizsync.mapping.field_schema import CustomerField

REQUIRED = Fault(
    "required",
    "is empty, and a new customer needs it",
    "Fill it in, or give the field a `default` in the mapping.",
)


@dataclass(frozen=True)
class Customers:
    """The customers that should exist, as a Desired has them.

    Args:
        keys: As Desired.keys; likewise `actions`, `values` (its `customers`), `defaults`, `positions`
            and `several` (its `merged`).
        findings: Rows of customers that lack what a create must have; they are not in the rest.
    """

    keys: pd.Series
    actions: pd.Series
    values: pd.DataFrame
    defaults: pd.DataFrame
    positions: npt.NDArray[np.int64]
    several: Mapping[int, tuple[int, ...]]
    findings: tuple[Finding, ...]


def complete_customers(
    customer: Mapping[str, CustomerField], keys: pd.Series, actions: pd.Series, merged: Merged
) -> Customers:
    """Complete merged rows to customers.

    Args:
        customer: The mapped fields.
        keys: One for each of `merged`.
        actions: One for each of `merged`.
        merged: The rows, merged.
    """
    index = pd.RangeIndex(len(merged.positions))
    keys = keys.set_axis(index)
    whole = {
        name: complete(customer, merged.columns, name, index) for name in customer if name != KEY
    }
    values = pd.DataFrame(whole, index=index)
    defaults = _defaults(customer, values)

    creates = (actions == Mode.CREATE).to_numpy(bool)
    lacking = np.zeros(len(index), dtype=np.bool_)
    findings = []
    for name, each in customer.items():
        if name == KEY or not isinstance(each, ColumnField) or not each.required:
            continue
        filled = values[name].fillna("") != ""
        if name in defaults:
            filled |= defaults[name].fillna("") != ""
        bad = creates & ~filled.to_numpy(bool)
        lacking |= bad
        for n in np.flatnonzero(bad):
            rows = merged.several.get(int(n)) or (int(merged.positions[n]),)
            findings.append(Finding(REQUIRED, rows, each.column, key=keys.iloc[n]))

    if not lacking.any():
        return Customers(keys, actions, values, defaults, merged.positions, merged.several, ())
    good = ~lacking
    place = np.cumsum(good) - 1
    return Customers(
        keys[good].reset_index(drop=True),
        actions[good].reset_index(drop=True),
        values[good].reset_index(drop=True),
        defaults[good].reset_index(drop=True),
        merged.positions[good],
        {int(place[n]): rows for n, rows in merged.several.items() if good[n]},
        tuple(findings),
    )


def _defaults(customer: Mapping[str, CustomerField], values: pd.DataFrame) -> pd.DataFrame:
    """What creates take where a field is empty; missing where a template's part is empty too."""
    given = {
        name: each.default
        for name, each in customer.items()
        if isinstance(each, ColumnField) and each.default is not None
    }
    found = {}
    for name, default in given.items():
        if isinstance(default, Template):
            found[name] = default.fill(
                {part: _part(part, given, values) for part in default.fields}
            )
        else:
            found[name] = pd.Series(default, index=values.index, dtype="str")
    return pd.DataFrame(found, index=values.index)


def _part(name: str, given: Mapping[str, str | Template], values: pd.DataFrame) -> pd.Series:
    """A field as a default's template takes it: its value, else its own default where that is plain."""
    own = given.get(name)
    if not isinstance(own, str):
        return values[name]
    return values[name].mask(values[name].fillna("") == "", own)
