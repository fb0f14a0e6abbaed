"""What a mapping needs besides the customers' own table: other tables, and lists of the account."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from wizsync.mapping.field_schema import (
    AccountLookup,
    ColumnField,
    CustomerField,
    FileLookup,
    Otherwise,
)
from wizsync.mapping.lookups import place_of
from wizsync.mapping.schema import MappingSchema


@dataclass(frozen=True, slots=True)
class OtherTable:
    """A sheet or file that a mapping names besides the customers' own.

    Args:
        place: What its rows are told as: the sheet's name, the file's, or both.
        sheet: Its sheet, None for the first visible one, or a text file.
        file: Its file, None for the customers' own workbook.
        header_row: The row of its header.
        beside_mapping: Its path is taken from the mapping's folder, else from the customers' file's.
    """

    place: str
    sheet: str | None
    file: str | None
    header_row: int = 1
    beside_mapping: bool = False


@dataclass(frozen=True, slots=True)
class Needs:
    """What must be read of the account besides customers; false where nothing is.

    Args:
        price_lists: Its price lists.
        sales_reps: Its sales reps.
        attributes: The entities whose attributes' definitions are needed.
        passes_over: A look-up there rejects nothing that it does not find.
    """

    price_lists: bool = False
    sales_reps: bool = False
    attributes: tuple[str, ...] = ()
    passes_over: bool = False

    def __bool__(self) -> bool:
        return self.price_lists or self.sales_reps or bool(self.attributes)


def needs_of(schema: MappingSchema) -> Needs:
    """What a mapping needs of the account."""
    looked_up = [
        (each.lookup.account, each.otherwise)
        for each in _fields(schema)
        if isinstance(each, ColumnField) and isinstance(each.lookup, AccountLookup)
    ]
    lists = {account for account, _ in looked_up}
    entities = ["customer"] if schema.attributes else []
    entities += [kind.one for kind, block in schema.blocks if block.attributes]
    return Needs(
        "price_lists" in lists,
        "sales_reps" in lists,
        tuple(dict.fromkeys(entities)),
        any(otherwise is not Otherwise.REJECT for _, otherwise in looked_up),
    )


def other_tables_of(schema: MappingSchema) -> tuple[OtherTable, ...]:
    """The other sheets and files that a mapping names, each once."""
    tables: dict[str, OtherTable] = {}
    for _, block in schema.blocks:
        if block.place:
            table = OtherTable(block.place, block.sheet, block.file, block.header_row)
            tables.setdefault(block.place, table)
    for each in _fields(schema):
        if isinstance(each, ColumnField) and isinstance(each.lookup, FileLookup):
            place = place_of(each.lookup)
            table = OtherTable(place, each.lookup.sheet, each.lookup.file, beside_mapping=True)
            tables.setdefault(place, table)
    return tuple(tables.values())


def _fields(schema: MappingSchema) -> Iterator[CustomerField]:
    yield from schema.fields.values()
    for _, block in schema.blocks:
        yield from block.fields.values()
