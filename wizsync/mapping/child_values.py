"""Rows of a block as whole addresses or contacts: constants, templates, defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from wizsync.mapping.field_schema import ColumnField, ConstField, CustomerField, TemplateField
from wizsync.mapping.schema import KEY
from wizsync.mapping.sources import AS_ASKED
from wizsync.mapping.template import Template

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


@dataclass(frozen=True)
class ChildValues:
    """Fills what does not stand in a column.

    Args:
        own: The values of the fields that have columns (k each, index 0…k-1).
        fields: All of the block's.
        customers: The fields of all customers.
        at: int64 (k,), whose each is.
        keys: The customers' keys (k).
    """

    own: Mapping[str, pd.Series]
    fields: Mapping[str, CustomerField]
    customers: pd.DataFrame
    at: npt.NDArray[np.int64]
    keys: pd.Series

    def values(self) -> pd.DataFrame:
        """The values: k rows, a `str` column for each field."""
        return pd.DataFrame(
            {name: self._value(name) for name in self.fields}, index=self.keys.index
        )

    def defaults(self) -> pd.DataFrame:
        """What new ones take where a field is empty: k rows, a `str` column for each field with one."""
        found: dict[str, pd.Series] = {}
        for name, each in self.fields.items():
            if isinstance(each, ColumnField) and each.default is not None:
                if isinstance(each.default, Template):
                    found[name] = self._filled(each.default, name)
                else:
                    found[name] = self._same(name, each.default)
        return pd.DataFrame(found, index=self.keys.index)

    def _value(self, name: str) -> pd.Series:
        each = self.fields[name]
        if isinstance(each, ConstField):
            return self._same(name, each.const)
        if isinstance(each, TemplateField):
            return self._filled(each.template, name)
        values = self.own[name]
        # An empty referenceId tells nothing, and is never cleared: the content tells then.
        return values.mask(values == "") if name == KEY else values

    def _same(self, name: str, text: str) -> pd.Series:
        """One text for all, written as the field asks for it."""
        asked = AS_ASKED[name](text) if name in AS_ASKED and text else text
        return pd.Series(asked, index=self.keys.index, dtype="str")

    def _filled(self, template: Template, name: str) -> pd.Series:
        return template.fill({part: self._part(part, name) for part in template.fields})

    def _part(self, part: str, name: str) -> pd.Series:
        """A field as a template takes it: the customer's key, else the block's own, else the customer's."""
        if part == KEY:
            return self.keys
        if part in self.fields and part != name:
            return self._value(part)
        return self.customers[part].iloc[self.at].reset_index(drop=True)
