"""The tables that a mapping is used with, and the cells of fields in any of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from wizsync.mapping.attribute_values import canonical
from wizsync.mapping.attributes import Attributes
from wizsync.mapping.cells import Around, Cells, distinct_of, read_cells
from wizsync.mapping.child_schema import address_type
from wizsync.mapping.field_schema import Blank, ColumnField, ConstField, CustomerField
from wizsync.mapping.lookups import Lookups
from wizsync.mapping.rejects import Finding
from wizsync.mapping.schema import MappingSchema
from wizsync.mapping.transforms import Fault
from wizsync.mapping.transforms.booleans import boolean
from wizsync.mapping.words import EDGE, is_blank, is_one_of, trimmed
from wizsync.model.account import Attribute
from wizsync.model.customer import attribute_of
from wizsync.model.table import RUN_COLUMN, Damage, Table

if TYPE_CHECKING:
    import numpy.typing as npt

    from wizsync.mapping.load import MappingFile


@dataclass(frozen=True)
class Sources:
    """A mapping with all that it is used with.

    Args:
        mapping: The mapping.
        table: The customers' own table.
        others: The other sheets and files, by place.
        lookups: What look-ups are answered from.
        attributes: The customer's attributes.
    """

    mapping: MappingFile
    table: Table
    others: Mapping[str, Table]
    lookups: Lookups
    attributes: Attributes

    @property
    def schema(self) -> MappingSchema:
        """What the mapping says."""
        return self.mapping.schema

    @property
    def fields(self) -> dict[str, CustomerField]:
        """The customer's fields, attributes under the names that the account has for them."""
        return {**self.schema.customer, **self.attributes.fields}


def read_fields(
    fields: Mapping[str, CustomerField],
    table: Table,
    sources: Sources,
    *,
    definitions: Mapping[str, Attribute],
    for_key: Collection[str] = (),
) -> dict[str, Cells]:
    """Read every field that has a column.

    Args:
        fields: The fields, attributes under the account's names.
        table: Where their columns are.
        sources: The mapping and what it is used with.
        definitions: The definitions of those that are attributes; none offline.
        for_key: Those that the customer's key is made of.
    """
    schema = sources.schema
    by_field = {name: canonical(each) for name, each in definitions.items()}
    damaged = damaged_in(table)
    cells: dict[str, Cells] = {}
    # The country first: phones and states are read by it.
    for name in sorted(fields, key=lambda name: name != "country"):
        each = fields[name]
        if not isinstance(each, ColumnField):
            continue
        around = Around(
            blank_words=schema.source.blank_words,
            lookups=sources.lookups,
            damaged=damaged.get(each.column, {}),
            countries=_countries(each, table, fields, cells),
            as_asked=by_field.get(name) if attribute_of(name) else AS_ASKED.get(name),
        )
        clears = (each.blank or schema.blank) == Blank.CLEAR
        cells[name] = read_cells(
            table.cells[each.column], each, around, clears=clears, for_key=name in for_key
        )
    return {name: cells[name] for name in fields if name in cells}


# What fields of children ask for, whatever the mapping does to their cells.
AS_ASKED = {"type": address_type, "isDefault": boolean}


def rows_wanted(
    table: Table, where: Mapping[str, Sequence[str]], blank_words: Sequence[str]
) -> npt.NDArray[np.bool_]:
    """The rows that a `where` lets through; a damaged cell does, since it may hold any text."""
    wanted = np.ones(len(table), dtype=np.bool_)
    damaged = damaged_in(table)
    for column, words in where.items():
        row_of, distinct = distinct_of(table.cells[column])
        texts = trimmed(distinct)
        texts = texts.mask(is_blank(texts, blank_words), "")
        fits = is_one_of(texts, words)[row_of]
        fits[list(damaged.get(column, {}))] = True
        wanted &= fits
    return wanted


def empty_rows(table: Table, suspects: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """The rows among the suspects that hold nothing at all but the run's mark.

    One with a reason is not empty: the cells of a row that did not fit the header stand there.
    """
    empty = suspects.copy()
    empty[[damage.position for damage in table.damaged]] = False
    for name in table.columns:
        if name != RUN_COLUMN and empty.any():
            empty[empty] = (table.cells[name][empty].str.strip(EDGE) == "").to_numpy(bool)
    return empty


def damage_findings(
    table: Table, columns: Iterable[str | None], rows: npt.NDArray[np.bool_], keys: pd.Series
) -> Iterator[Finding]:
    """Cells whose values are not known in columns that say what becomes of a row.

    Args:
        table: The table.
        columns: The columns.
        rows: The rows concerned.
        keys: Each row's customer's key.
    """
    damaged = damaged_in(table)
    for column in dict.fromkeys(columns):
        for n, damage in damaged.get(column or "", {}).items():
            if rows[n]:
                fault = Fault(damage.code, damage.message, damage.hint)
                key = None if pd.isna(keys.iloc[n]) else str(keys.iloc[n])
                yield Finding(fault, (n,), column, damage.text, key)


def filled(table: Table, column: str, blank_words: Sequence[str]) -> npt.NDArray[np.bool_]:
    """The rows in which a column holds something; a damaged cell does."""
    found = ~is_blank(trimmed(table.cells[column]), blank_words)
    found[list(damaged_in(table).get(column, {}))] = True
    return found


def _countries(
    each: ColumnField,
    table: Table,
    fields: Mapping[str, CustomerField],
    cells: Mapping[str, Cells],
) -> pd.Series | None:
    """What says the rows' countries, for a field that can use it; None where nothing does."""
    if not each.takes_country:
        return None
    if each.country_column is not None:
        return trimmed(table.cells[each.country_column])
    if "country" in cells:
        return cells["country"].values
    country = fields.get("country")
    if not isinstance(country, ConstField):
        return None
    return pd.Series([country.const] * len(table), dtype="str")


def damaged_in(table: Table) -> dict[str, dict[int, Damage]]:
    """The cells of a table whose values are not known: column to position to the damage."""
    by_column: dict[str, dict[int, Damage]] = {}
    for damage in table.damaged:
        by_column.setdefault(damage.column, {})[damage.position] = damage
    return by_column
