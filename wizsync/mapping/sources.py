"""The tables that a mapping is used with, and the cells of fields in any of them."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from wizsync.errors import MappingError
from wizsync.mapping.attribute_values import canonical, find_attribute
from wizsync.mapping.cells import Around, Cells, distinct_of, read_cells
from wizsync.mapping.child_schema import TYPES
from wizsync.mapping.document import Document
from wizsync.mapping.field_schema import Blank, ColumnField, ConstField, CustomerField
from wizsync.mapping.lookups import Lookups
from wizsync.mapping.problems import Misfit
from wizsync.mapping.schema import MappingSchema
from wizsync.mapping.transforms import Fault
from wizsync.mapping.transforms.booleans import boolean
from wizsync.mapping.words import EDGE, is_blank, is_one_of
from wizsync.model.account import Attribute
from wizsync.model.customer import attribute_field, attribute_of
from wizsync.model.table import Damage, Table

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
        definitions: The customer's attributes by the names that the mapping has for them; none offline.
    """

    mapping: MappingFile
    table: Table
    others: Mapping[str, Table]
    lookups: Lookups
    definitions: Mapping[str, Attribute]

    @property
    def schema(self) -> MappingSchema:
        """What the mapping says."""
        return self.mapping.schema

    @property
    def fields(self) -> dict[str, CustomerField]:
        """The customer's fields, attributes under the names that the account has for them."""
        return {
            **self.schema.customer,
            **attribute_fields(self.schema.attributes, self.definitions),
        }


def attribute_fields(
    written: Mapping[str, CustomerField], definitions: Mapping[str, Attribute]
) -> dict[str, CustomerField]:
    """Attributes as fields, under the names that the account has for them."""
    names = [each.name for each in definitions.values()]
    return {
        attribute_field(_name(name, definitions.get(name), names)): each
        for name, each in written.items()
    }


def _name(written: str, definition: Attribute | None, names: Sequence[str]) -> str:
    if definition is None:
        return written
    return definition.name if names.count(definition.name) == 1 else definition.id


def defined(
    document: Document, known: Sequence[Attribute], name: str, at: Sequence[Hashable]
) -> Attribute:
    """The account's attribute that a mapping names.

    Raises:
        MappingError: There is none, or there are two.
    """
    try:
        return find_attribute(known, name)
    except Misfit as misfit:
        raise MappingError(misfit.message, where=document.where(*at), hint=misfit.hint) from None


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
        definitions: The attributes' definitions, by whatever name.
        for_key: Those that the customer's key is made of.
    """
    schema = sources.schema
    by_field = {
        attribute_field(name): canonical(each)
        for each in definitions.values()
        for name in (each.name, each.id)
    }
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
            as_asked=by_field.get(name) if attribute_of(name) else _AS_ASKED.get(name),
        )
        clears = (each.blank or schema.blank) == Blank.CLEAR
        cells[name] = read_cells(
            table.cells[each.column], each, around, clears=clears, for_key=name in for_key
        )
    return {name: cells[name] for name in fields if name in cells}


def _type(text: str) -> str:
    """The type of an address."""
    if text.casefold() in TYPES:
        return text.casefold()
    raise Fault(
        "bad_type", "is no type of address", "Write billing or shipping, or map it with `values`."
    )


# What fields of children ask for, whatever the mapping does to their cells.
_AS_ASKED = {"type": _type, "isDefault": boolean}


def rows_wanted(
    table: Table, where: Mapping[str, Sequence[str]], blank_words: Sequence[str]
) -> npt.NDArray[np.bool_]:
    """The rows that a `where` lets through."""
    wanted = np.ones(len(table), dtype=np.bool_)
    for column, words in where.items():
        row_of, distinct = distinct_of(table.cells[column])
        texts = distinct.str.strip(EDGE)
        texts = texts.mask(is_blank(texts, blank_words), "")
        wanted &= is_one_of(texts, words)[row_of]
    return wanted


def filled(table: Table, column: str, blank_words: Sequence[str]) -> npt.NDArray[np.bool_]:
    """The rows in which a column holds something; a damaged cell does."""
    row_of, distinct = distinct_of(table.cells[column])
    found = ~is_blank(distinct.str.strip(EDGE), blank_words)[row_of]
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
        return table.cells[each.country_column].str.strip(EDGE)
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
