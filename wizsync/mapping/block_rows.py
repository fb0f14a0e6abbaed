"""One block of addresses or contacts, read: which rows give one, whose it is, and what it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from wizsync.mapping.cells import Around, Cells, read_cells
from wizsync.mapping.child_schema import Block
from wizsync.mapping.field_schema import ColumnField, ConstField, CustomerField, TemplateField
from wizsync.mapping.parents import Parents
from wizsync.mapping.rejects import Finding, rejects
from wizsync.mapping.schema import KEY
from wizsync.mapping.sources import (
    Sources,
    attribute_fields,
    damaged_in,
    defined,
    filled,
    read_fields,
    rows_wanted,
)
from wizsync.mapping.template import Template
from wizsync.mapping.transforms import Fault
from wizsync.mapping.transforms.booleans import boolean
from wizsync.mapping.words import EDGE
from wizsync.model.account import Attribute
from wizsync.model.customer import ATTRIBUTES, ChildKind
from wizsync.model.table import Reject, Table

if TYPE_CHECKING:
    import numpy.typing as npt

    Rows = npt.NDArray[np.bool_]
    Positions = npt.NDArray[np.int64]


@dataclass(frozen=True)
class BlockRows:
    """The children that one block gives.

    Args:
        number: The block's place among all of the mapping's.
        table: The rows.
        at: int64 (k,), the rows that give one.
        customers: int64 (k,), whose each is.
        fields: k rows, a `str` column for each field.
        defaults: k rows, a `str` column for each field with a default.
        seen: Customers who have a row there, whether it can be used or not.
        unsafe: Customers of whom a row cannot be used.
        rejects: Why.
        left_out: Rows that are not to be used.
        lost: A row's customer cannot be told, so that nobody knows who has one there.
    """

    number: int
    table: Table
    at: Positions
    customers: Positions
    fields: pd.DataFrame
    defaults: pd.DataFrame
    seen: frozenset[int]
    unsafe: frozenset[int]
    rejects: tuple[Reject, ...]
    left_out: int
    lost: bool


@dataclass(frozen=True)
class BlockSource:
    """A block, and where its rows are.

    Args:
        kind: What it gives.
        number: Its place among all of the mapping's blocks.
        place_of_kind: Its place among those of its kind.
        block: What the mapping says.
        table: Its rows.
        keys: `str`, of each row its customer's key, missing where it cannot be read; None in the
            customers' own table.
        join: The cells that hold the keys.
    """

    kind: ChildKind
    number: int
    place_of_kind: int
    block: Block
    table: Table
    keys: pd.Series | None
    join: Cells | None


def source_of(
    kind: ChildKind, number: int, place_of_kind: int, block: Block, sources: Sources
) -> BlockSource | None:
    """A block with its table and its keys; None where its table is not there."""
    if not block.place:
        return BlockSource(kind, number, place_of_kind, block, sources.table, None, None)
    table = sources.others.get(block.place)
    if table is None or block.join is None:
        return None
    key = sources.schema.customer[KEY]
    # As the customers' own keys are read, so that `7` joins `007` where the mapping fills up with zeros.
    mapped = (
        key.model_copy(update={"column": block.join})
        if isinstance(key, ColumnField)
        else ColumnField(column=block.join)
    )
    damaged = damaged_in(table).get(block.join, {})
    around = Around(sources.schema.source.blank_words, sources.lookups, damaged)
    cells = read_cells(table.cells[block.join], mapped, around, clears=False, for_key=True)
    keys = cells.values.str.normalize("NFC").str.strip(EDGE)
    return BlockSource(kind, number, place_of_kind, block, table, keys.mask(keys == ""), cells)


def read_block(source: BlockSource, sources: Sources, parents: Parents) -> BlockRows:
    """Read a block's rows.

    Args:
        source: The block.
        sources: The mapping and what it is used with.
        parents: The customers.

    Raises:
        MappingError: The account has no such attribute.
    """
    block, table = source.block, source.table
    wanted, whose, findings, lost = _whose(source, sources, parents)
    definitions = _definitions(source, sources)
    fields = {
        name: each for name, each in block.fields.items() if not name.startswith(f"{ATTRIBUTES}.")
    } | attribute_fields(block.attributes, definitions)
    given = wanted & _given(source, fields, sources)
    cells = read_fields(fields, table, sources, definitions=definitions)
    usable = given & (whose >= 0)
    keys = parents.keys.reindex(whose[usable])
    for name, each in cells.items():
        column = getattr(fields[name], "column", None)
        for n in np.flatnonzero(usable & (each.fault >= 0)):
            fault, text = each.faults[each.fault[n]]
            key = str(parents.keys.iloc[whose[n]])
            findings.append(Finding(fault, (int(n),), column, text, key))
    bad = np.zeros(len(table), dtype=np.bool_)
    bad[[n for finding in findings for n in finding.positions]] = True
    good = usable & ~bad
    at = np.flatnonzero(good)
    customers = whose[at]
    own = {name: each.values[good].reset_index(drop=True) for name, each in cells.items()}
    keys = parents.keys.iloc[customers].reset_index(drop=True)
    filler = _Filler(own, fields, parents.values.iloc[customers].reset_index(drop=True), keys)
    return BlockRows(
        number=source.number,
        table=table,
        at=at,
        customers=customers,
        fields=pd.DataFrame({name: filler.value(name) for name in fields}, index=keys.index),
        defaults=filler.defaults(),
        seen=frozenset(whose[given & (whose >= 0)].tolist()),
        unsafe=frozenset(whose[bad & (whose >= 0)].tolist()),
        rejects=rejects(table, findings, child=source.kind),
        left_out=0 if source.keys is None else int((~wanted & ~bad).sum()),
        lost=lost or bool(source.keys is not None and table.broken),
    )


def _whose(
    source: BlockSource, sources: Sources, parents: Parents
) -> tuple[Rows, Positions, list[Finding], bool]:
    """Which rows are to be used, whose each is (-1: nobody's), what is wrong, and whether one is lost."""
    if source.keys is None or source.join is None:
        return (
            parents.of_row >= 0,
            np.where(_writes(parents, parents.of_row), parents.of_row, -1),
            [],
            False,
        )
    block, keys = source.block, source.keys
    wanted = rows_wanted(source.table, block.where, sources.schema.source.blank_words)
    if block.when is not None:
        wanted &= filled(source.table, block.when, sources.schema.source.blank_words)
    whose = parents.positions(keys)
    whose[keys.isna().to_numpy(bool)] = -1
    findings: list[Finding] = []
    for n in np.flatnonzero(wanted & keys.isna().to_numpy(bool)):
        fault, text = BLANK_JOIN, ""
        if source.join.fault[n] >= 0:
            fault, text = source.join.faults[source.join.fault[n]]
        findings.append(Finding(fault, (int(n),), block.join, text))
    lost = bool(findings)
    for n in np.flatnonzero(wanted & (whose < 0) & keys.notna().to_numpy(bool)):
        key = str(keys.iloc[n])
        if key in parents.rejected:
            findings.append(Finding(CUSTOMER_REJECTED, (int(n),), None, key, key))
        elif key in parents.present:
            wanted[n] = False
        else:
            findings.append(Finding(CUSTOMER_NOT_IN_FILE, (int(n),), block.join, key, key))
    idle = (whose >= 0) & ~_writes(parents, whose)
    return wanted & ~idle, np.where(idle, -1, whose), findings, lost


def _writes(parents: Parents, whose: Positions) -> Rows:
    """Whether the customers of rows are ones whose children may be written."""
    written: Rows = np.append(parents.written(), False)
    return np.asarray(written[whose], dtype=np.bool_)


def _given(source: BlockSource, fields: Mapping[str, CustomerField], sources: Sources) -> Rows:
    """The rows in which the block gives one."""
    blank_words = sources.schema.source.blank_words
    if source.keys is not None:
        return np.ones(len(source.table), dtype=np.bool_)
    if source.block.when is not None:
        return filled(source.table, source.block.when, blank_words)
    columns = {each.column for each in fields.values() if isinstance(each, ColumnField)}
    given = np.full(len(source.table), not columns)
    for column in columns:
        given |= filled(source.table, column, blank_words)
    return given


def _definitions(source: BlockSource, sources: Sources) -> dict[str, Attribute]:
    lists = sources.lookups.lists
    if lists is None:
        return {}
    known = lists.attributes.get(source.kind.one, ())
    at = (source.kind.value, source.place_of_kind, ATTRIBUTES)
    document = sources.mapping.document
    return {name: defined(document, known, name, (*at, name)) for name in source.block.attributes}


@dataclass(frozen=True)
class _Filler:
    """Fills constants, templates and defaults of a block's fields.

    Args:
        own: The values of those that have columns (k each).
        fields: All of the block's.
        customers: The customers' fields (k rows).
        keys: The customers' keys (k).
    """

    own: Mapping[str, pd.Series]
    fields: Mapping[str, CustomerField]
    customers: pd.DataFrame
    keys: pd.Series

    def value(self, name: str) -> pd.Series:
        """A field's values."""
        each = self.fields[name]
        if isinstance(each, ConstField):
            const = boolean(each.const) if name == "isDefault" else each.const
            const = const.casefold() if name == "type" else const
            return pd.Series(const, index=self.keys.index, dtype="str")
        if isinstance(each, TemplateField):
            return self._filled(each.template, name)
        values = self.own[name]
        # An empty referenceId tells nothing, and is never cleared: the content tells then.
        return values.mask(values == "") if name == KEY else values

    def defaults(self) -> pd.DataFrame:
        """What new ones take where a field is empty."""
        found: dict[str, pd.Series] = {}
        for name, each in self.fields.items():
            if isinstance(each, ColumnField) and each.default is not None:
                if isinstance(each.default, Template):
                    found[name] = self._filled(each.default, name)
                else:
                    found[name] = pd.Series(each.default, index=self.keys.index, dtype="str")
        return pd.DataFrame(found, index=self.keys.index)

    def _filled(self, template: Template, name: str) -> pd.Series:
        return template.fill({part: self._part(part, name) for part in template.fields})

    def _part(self, part: str, name: str) -> pd.Series:
        """A field as a template takes it: the customer's key, else the block's own, else the customer's."""
        if part == KEY:
            return self.keys
        if part in self.fields and part != name:
            return self.value(part)
        return self.customers[part]


BLANK_JOIN = Fault(
    "blank_join",
    "is empty, and it says which customer the row belongs to",
    "Fill it in; without it nobody can tell whose it is.",
)
CUSTOMER_REJECTED = Fault(
    "customer_rejected",
    "It belongs to a customer whose own row cannot be used",
    "Mend that customer's row; both are used together.",
)
CUSTOMER_NOT_IN_FILE = Fault(
    "customer_not_in_file",
    "names a customer that is not in the customers' table",
    "Correct it, or add the customer's row. What the customer has in the account is left as it is.",
)
