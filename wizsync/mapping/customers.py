"""Merged rows as whole customers: constants, templates, defaults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from wizsync.mapping.field_schema import ColumnField
from wizsync.mapping.keys import complete
from wizsync.mapping.merging import Merged
from wizsync.mapping.schema import KEY
from wizsync.mapping.template import Template

if TYPE_CHECKING:
    from wizsync.mapping.field_schema import CustomerField


class Customers(NamedTuple):
    """The customers that should exist: `customers` and `defaults` of a Desired."""

    values: pd.DataFrame
    defaults: pd.DataFrame


def complete_customers(
    customer: Mapping[str, CustomerField], keys: pd.Series, merged: Merged
) -> Customers:
    """Complete merged rows to customers.

    Args:
        customer: The mapped fields.
        keys: One for each of `merged`, index 0…n-1.
        merged: The rows, merged.
    """
    whole = {
        name: complete(customer, merged.columns, name, keys.index)
        for name in customer
        if name != KEY
    }
    values = pd.DataFrame(whole, index=keys.index)
    return Customers(values, _defaults(customer, {KEY: keys, **whole}, keys.index))


def _defaults(
    customer: Mapping[str, CustomerField], values: Mapping[str, pd.Series], index: pd.Index
) -> pd.DataFrame:
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
            found[name] = pd.Series(default, index=index, dtype="str")
    return pd.DataFrame(found, index=index)


def _part(
    name: str, given: Mapping[str, str | Template], values: Mapping[str, pd.Series]
) -> pd.Series:
    """A field as a default's template takes it: its value, else its own default where that is plain."""
    own = given.get(name)
    if not isinstance(own, str):
        return values[name]
    return values[name].mask(values[name].fillna("") == "", own)
