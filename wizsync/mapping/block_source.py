"""A block of addresses or contacts with its rows, and whose each row is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from wizsync.mapping.attributes import resolved
from wizsync.mapping.cells import Around, Cells, read_cells
from wizsync.mapping.field_schema import ColumnField, CustomerField
from wizsync.mapping.parents import Parents
from wizsync.mapping.rejects import Finding
from wizsync.mapping.schema import KEY
from wizsync.mapping.sources import (
    Sources,
    damage_findings,
    damaged_in,
    empty_rows,
    filled,
    rows_wanted,
)
from wizsync.mapping.transforms import Fault
from wizsync.mapping.words import composed, trimmed
from wizsync.model.customer import ChildKind

if TYPE_CHECKING:
    import numpy.typing as npt

    from wizsync.mapping.child_schema import Block
    from wizsync.model.account import Attribute
    from wizsync.model.table import Table

    Rows = npt.NDArray[np.bool_]
    Positions = npt.NDArray[np.int64]


@dataclass(frozen=True)
class BlockSource:
    """A block, and where its rows are.

    Args:
        kind: What it gives.
        number: Its place among all of the mapping's blocks.
        block: What the mapping says.
        fields: Its fields, attributes by the account's names.
        definitions: The attributes' definitions; none offline.
        table: Its rows.
        keys: `str`, of each row its customer's key, missing where it cannot be read; None in the
            customers' own table.
        join: The cells that hold the keys.
    """

    kind: ChildKind
    number: int
    block: Block
    fields: Mapping[str, CustomerField]
    definitions: Mapping[str, Attribute]
    table: Table
    keys: pd.Series | None = None
    join: Cells | None = None


@dataclass(frozen=True)
class Belonging:
    """Whose the rows of a block are.

    Args:
        whose: int64, each row's customer by position, -1 for those that are nobody's to write.
        used: The rows to be used.
        passed_over: The rows that the block's `where` or `when` leaves out.
        findings: What is wrong with rows of which the customer cannot be used.
        alike: Customers whose key looks like one that no customer has: it may be theirs, mistyped.
        lost: The customer of a row cannot be told, so that nobody knows who has one there.
    """

    whose: Positions
    used: Rows
    passed_over: Rows
    findings: tuple[Finding, ...] = ()
    alike: frozenset[int] = frozenset()
    lost: bool = False


def block_sources(sources: Sources) -> list[BlockSource]:
    """The mapping's blocks with their rows, without those whose table is not there.

    Raises:
        MappingError: The account has no such attribute.
    """
    found = []
    counts = dict.fromkeys(ChildKind, 0)
    for number, (kind, block) in enumerate(sources.schema.blocks):
        at = (kind.value, counts[kind])
        counts[kind] += 1
        table = sources.others.get(block.place) if block.place else sources.table
        attributes = resolved(
            block.attributes, kind.one, sources.lookups.lists, sources.mapping.document, at
        )
        fields = {**block.plain_fields, **attributes.fields}
        if table is None:
            continue
        keys, join = (None, None) if block.join is None else _keys(block.join, table, sources)
        definitions = attributes.definitions
        found.append(BlockSource(kind, number, block, fields, definitions, table, keys, join))
    return found


def _keys(column: str, table: Table, sources: Sources) -> tuple[pd.Series, Cells]:
    """Each row's customer's key, read as the customers' own is: `7` joins `007` where zeros are filled up."""
    key = sources.schema.customer[KEY]
    mapped = (
        key.model_copy(update={"column": column})
        if isinstance(key, ColumnField)
        else ColumnField(column=column)
    )
    damaged = damaged_in(table).get(column, {})
    around = Around(sources.schema.source.blank_words, sources.lookups, damaged)
    cells = read_cells(table.cells[column], mapped, around, clears=False, for_key=True)
    keys = trimmed(composed(cells.values))
    return keys.mask(keys == ""), cells


def belonging(source: BlockSource, sources: Sources, parents: Parents) -> Belonging:
    """Whose each row of a block is.

    Args:
        source: The block.
        sources: The mapping and what it is used with.
        parents: The customers.
    """
    nowhere = np.zeros(len(source.table), dtype=np.bool_)
    if source.keys is None or source.join is None:
        used = parents.of_row >= 0
        whose = np.where(_writes(parents, parents.of_row), parents.of_row, -1)
        return Belonging(whose, used, nowhere)
    block, keys, table = source.block, source.keys, source.table
    blank_words = sources.schema.source.blank_words
    wanted = rows_wanted(table, block.where, blank_words)
    if block.when is not None:
        wanted &= filled(table, block.when, blank_words)
    unread = keys.isna().to_numpy(bool)
    empty = empty_rows(table, unread & (source.join.fault < 0))
    wanted &= ~empty

    whose = parents.positions(keys)
    whose[unread | keys.isin(list(parents.rejected)).to_numpy(bool)] = -1
    findings = [_unread(source, int(n)) for n in np.flatnonzero(wanted & unread)]
    lost = bool(findings)
    if table.damaged:
        findings += damage_findings(table, (*block.where, block.when), wanted, keys)
    left_out = np.zeros(len(table), dtype=np.bool_)
    strange: list[int] = []
    for n in np.flatnonzero(wanted & (whose < 0) & ~unread):
        key = str(keys.iloc[n])
        if key in parents.rejected:
            findings.append(Finding(CUSTOMER_REJECTED, (int(n),), None, key, key))
        elif key in parents.present:
            left_out[n] = True
        else:
            findings.append(Finding(CUSTOMER_NOT_IN_FILE, (int(n),), block.join, key, key))
            strange.append(int(n))
    idle = left_out | ((whose >= 0) & ~_writes(parents, whose))
    return Belonging(
        whose=np.where(idle, -1, whose),
        used=wanted & ~idle,
        passed_over=~wanted & ~empty,
        findings=tuple(findings),
        alike=parents.alike(keys.iloc[strange]) if strange else frozenset(),
        lost=lost,
    )


def _unread(source: BlockSource, position: int) -> Finding:
    fault, text = BLANK_JOIN, ""
    if source.join is not None and source.join.fault[position] >= 0:
        fault, text = source.join.faults[source.join.fault[position]]
    return Finding(fault, (position,), source.block.join, text)


def _writes(parents: Parents, whose: Positions) -> Rows:
    """Whether the customers of rows are ones whose children may be written."""
    written: Rows = np.append(parents.written(), False)
    return np.asarray(written[whose], dtype=np.bool_)


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
