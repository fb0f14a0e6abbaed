"""One block of addresses or contacts, read: which rows give one, whose it is, and what it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from wizsync.mapping.block_source import Belonging, BlockSource, belonging
from wizsync.mapping.child_values import ChildValues
from wizsync.mapping.field_schema import ColumnField, CustomerField, TemplateField
from wizsync.mapping.merging import some
from wizsync.mapping.parents import Parents
from wizsync.mapping.rejects import Finding, rejects
from wizsync.mapping.rules import columns_of
from wizsync.mapping.schema import KEY
from wizsync.mapping.sources import Sources, damage_findings, filled, read_fields
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
        place: The sheet or file of its rows, "" for the customers' own.
        mapped: Its fields.
        table: The rows.
        at: int64 (k,), the rows that give one.
        customers: int64 (k,), whose each is.
        fields: k rows, a `str` column for each field.
        defaults: k rows, a `str` column for each field with a default.
        seen: Customers who have a row there, whether it can be used or not.
        unsafe: Customers of whom a row cannot be used, or may be one that cannot.
        rejects: Why.
        left_out: bool, the rows that are not to be used.
        passed_over: int64, the customers of rows that the block's `where` or `when` leaves out, -1 for
            every other row.
        lost: The customer of a row cannot be told, so that nobody knows who has one there.
    """

    number: int
    place: str
    mapped: Mapping[str, CustomerField]
    table: Table
    at: Positions
    customers: Positions
    fields: pd.DataFrame
    defaults: pd.DataFrame
    seen: frozenset[int]
    unsafe: frozenset[int]
    rejects: tuple[Reject, ...]
    left_out: Rows
    passed_over: Positions
    lost: bool


def read_block(source: BlockSource, sources: Sources, parents: Parents) -> BlockRows:
    """Read a block's rows.

    Args:
        source: The block.
        sources: The mapping and what it is used with.
        parents: The customers.
    """
    fields, table = source.fields, source.table
    of = belonging(source, sources, parents)
    given = of.used & _given(source, sources)
    cells = read_fields(fields, table, sources, definitions=source.definitions)
    usable = given & (of.whose >= 0)
    findings = list(of.findings)
    if source.keys is None and table.damaged:
        keys = parents.keys.reindex(of.whose).reset_index(drop=True)
        findings += damage_findings(table, (source.block.when,), usable, keys)
    for name, each in cells.items():
        column = columns_of(fields, name)[0]
        for n in np.flatnonzero(usable & (each.fault >= 0)):
            fault, text = each.faults[each.fault[n]]
            key = str(parents.keys.iloc[of.whose[n]])
            findings.append(Finding(fault, (int(n),), column, text, key))
    bad = np.zeros(len(table), dtype=np.bool_)
    bad[[n for finding in findings for n in finding.positions]] = True
    good = usable & ~bad
    at = np.flatnonzero(good)
    customers = of.whose[at]
    values = ChildValues(
        own={name: some(each.values, good).reset_index(drop=True) for name, each in cells.items()},
        fields=fields,
        customers=parents.values,
        at=customers,
        keys=parents.keys.iloc[customers].reset_index(drop=True),
    )
    return BlockRows(
        number=source.number,
        place=source.block.place,
        mapped=fields,
        table=table,
        at=at,
        customers=customers,
        fields=values.values(),
        defaults=values.defaults(),
        seen=frozenset(of.whose[usable].tolist()),
        unsafe=frozenset(of.whose[bad & (of.whose >= 0)].tolist()) | of.alike,
        rejects=rejects(table, findings, child=source.kind),
        left_out=~of.used & ~bad,
        passed_over=_passed_over(of),
        lost=of.lost or bool(source.keys is not None and table.broken),
    )


def _passed_over(of: Belonging) -> Positions:
    return np.where(of.passed_over, of.whose, -1)


def _given(source: BlockSource, sources: Sources) -> Rows:
    """The rows in which the block gives one."""
    table, blank_words = source.table, sources.schema.source.blank_words
    if source.keys is not None:
        return np.ones(len(table), dtype=np.bool_)
    if source.block.when is not None:
        return filled(table, source.block.when, blank_words)
    columns = _telling_columns(source.fields, sources.schema.customer)
    given = np.full(len(table), not columns)
    for column in columns:
        given |= filled(table, column, blank_words)
    return given


def _telling_columns(
    fields: Mapping[str, CustomerField], customer: Mapping[str, CustomerField]
) -> set[str]:
    """The columns of which one must be filled: a block's own, else those that its templates are made of."""
    own = {each.column for each in fields.values() if isinstance(each, ColumnField)}
    return own or {
        column
        for each in fields.values()
        if isinstance(each, TemplateField)
        for part in each.template.fields
        if part != KEY
        for column in columns_of(customer, part)
    }
