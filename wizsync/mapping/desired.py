"""A table through a mapping: the customers that should exist, and the rows that cannot be used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from wizsync.mapping.actions import BAD_ACTION, IGNORE, UNKNOWN, asks, read_actions, word_of
from wizsync.mapping.attributes import resolved
from wizsync.mapping.cells import Cells
from wizsync.mapping.children import read_children
from wizsync.mapping.customers import complete_customers
from wizsync.mapping.keys import Keys, key_fields, read_keys
from wizsync.mapping.lookups import Lookups
from wizsync.mapping.merging import Disagreement, Merged, disagreements, merge, some
from wizsync.mapping.parents import Parents
from wizsync.mapping.rejects import Finding, rejects
from wizsync.mapping.rules import NO_TABLES, columns_of, rules
from wizsync.mapping.schema import KEY
from wizsync.mapping.sources import (
    Sources,
    damage_findings,
    damaged_in,
    empty_rows,
    read_fields,
    rows_wanted,
)
from wizsync.mapping.transforms import Fault
from wizsync.mapping.words import EDGE
from wizsync.model.account import Lists
from wizsync.model.desired import AbsentPolicy, Desired, Mode, Rules, Scope
from wizsync.model.table import RUN_COLUMN, Reject, Table

if TYPE_CHECKING:
    import numpy.typing as npt

    from wizsync.mapping.field_schema import CustomerField
    from wizsync.mapping.load import MappingFile

    Rows = npt.NDArray[np.bool_]


def to_desired(
    mapping: MappingFile,
    table: Table,
    *,
    others: Mapping[str, Table] = NO_TABLES,
    mode: str | None = None,
    lists: Lists | None = None,
) -> Desired:
    """Map tables, by columns: pure, without files or clock.

    Args:
        mapping: The mapping.
        table: The customers' own table.
        others: The other sheets and files that the mapping names, by place; one that is missing has no rows.
        mode: The command line's mode, which wins over the mapping's; None: the mapping's.
        lists: What `mapping.needs` of the account; None offline: what is looked up there passes as it is.

    Raises:
        MappingError: A table lacks a column that the mapping names, the account an attribute, or the mode
            needs a scope that the mapping does not give.
        UsageError: There is no such mode.
    """
    rule = rules(mapping, table, others=others, mode=mode, lists=lists)
    schema = mapping.schema
    attributes = resolved(schema.attributes, "customer", lists, mapping.document)
    sources = Sources(mapping, table, others, Lookups(lists, others), attributes)
    reading = _read(sources, rule)
    findings = [
        *_cell_findings(sources.fields, reading),
        *_row_findings(sources, rule, reading),
    ]

    usable = reading.used & ~reading.unread & ~_rows_of(findings, len(table))
    keys = some(reading.keys.values, usable)
    merged = merge(keys, {name: some(each.values, usable) for name, each in reading.cells.items()})
    keys = reading.keys.values.iloc[merged.positions].reset_index(drop=True)
    actions = reading.actions.iloc[merged.positions].reset_index(drop=True)
    values, defaults = complete_customers(sources.fields, keys, merged)
    present = frozenset(reading.keys.values.dropna().tolist())
    keys_unread = int(reading.unread.sum()) + len({row for bad in table.broken for row in bad.rows})
    mended = _mark(table)
    parents = Parents(
        keys=keys,
        values=values,
        actions=actions,
        of_row=_of_row(len(table), merged),
        present=present,
        rejected=frozenset(_keys_of(findings, reading)),
        scope=rule.scope,
        may_remove=mended is None and keys_unread == 0,
        mended=mended is not None,
    )
    children = read_children(sources, parents)
    parents = children.parents
    return Desired(
        table=table,
        keys=parents.keys,
        actions=parents.actions,
        customers=parents.values,
        defaults=defaults.reindex(range(len(parents.keys))),
        positions=_padded(merged.positions, len(parents.keys)),
        merged={
            **merged.several,
            **dict.fromkeys(range(len(merged.positions), len(parents.keys)), ()),
        },
        present=present.union(parents.keys.iloc[len(merged.positions) :]),
        rejects=_in_order([*table.broken, *rejects(table, findings), *children.rejects]),
        left_out=int(reading.left_out.sum()) + children.left_out,
        keys_unread=keys_unread,
        mended_run=mended,
        children=children.kinds,
        counts={
            "": len(table) + sum(len(bad.rows) for bad in table.broken),
            **{place: len(others[place]) + len(others[place].broken) for place in children.places},
        },
        tables={place: others[place].columns for place in children.places},
    )


def _in_order(found: Iterable[Reject]) -> tuple[Reject, ...]:
    """Rejects by place, the customers' own first, and in the order of its rows."""
    return tuple(sorted(found, key=lambda one: (one.rows[0].place, one.rows[0].number)))


def _of_row(rows: int, merged: Merged) -> npt.NDArray[np.int64]:
    """Each row's customer, -1 for those that are not used."""
    customers = np.full(rows, -1, dtype=np.int64)
    customers[merged.positions] = np.arange(len(merged.positions))
    for customer, positions in merged.several.items():
        customers[list(positions)] = customer
    return customers


def _keys_of(findings: list[Finding], reading: _Reading) -> Iterator[str]:
    """The keys of the rows that cannot be used."""
    for finding in findings:
        for position in finding.positions:
            key = _key(reading, position)
            if key is not None:
                yield key


def _padded(positions: npt.NDArray[np.int64], length: int) -> npt.NDArray[np.int64]:
    return np.concatenate([positions, np.zeros(length - len(positions), dtype=np.int64)])


@dataclass(frozen=True)
class _Reading:
    """A table's rows, read but not yet judged.

    Args:
        cells: The fields that have columns; of rows of which only the key counts, only the faults.
        keys: The rows' keys.
        unread: Rows, not empty, whose key cannot be read.
        actions: What the rows ask for.
        left_out: Rows that are not to be used.
        told: Rows whose unreadable key is told: those used, and, where something may be deleted, those
            left out too, since they stand in its way.
    """

    cells: Mapping[str, Cells]
    keys: Keys
    unread: Rows
    actions: pd.Series
    left_out: Rows
    told: Rows

    @property
    def used(self) -> Rows:
        return ~self.left_out


def _read(sources: Sources, rule: Rules) -> _Reading:
    schema, table = sources.schema, sources.table
    cells = read_fields(
        sources.fields,
        table,
        sources,
        definitions=sources.attributes.definitions,
        for_key=key_fields(schema.customer),
    )
    keys = read_keys(schema.customer, cells, len(table))
    source = schema.source
    actions = read_actions(
        table.cells[source.action_column] if source.action_column else None,
        rule.mode,
        rows=len(table),
        blank_words=source.blank_words,
    )
    # What is asked for there nobody knows: it is not the mode.
    actions.iloc[list(damaged_in(table).get(source.action_column or "", {}))] = UNKNOWN
    unread = keys.values.isna().to_numpy(bool)
    empty = empty_rows(table, unread)
    unread = unread & ~empty

    deletes = asks(actions, Mode.DELETE_LISTED)
    if (only_keys := _only_keys(actions)).any():
        cells = {
            name: replace(each, values=each.values.mask(only_keys)) for name, each in cells.items()
        }
    wanted = rows_wanted(table, source.where, source.blank_words) & ~empty
    idle = asks(actions, IGNORE)
    if RUN_COLUMN in table.columns:
        idle = idle | deletes
    left_out = ~wanted | (idle & ~_torn(keys.values, actions, wanted))
    may_delete = rule.absent.policy in (AbsentPolicy.DELETE, AbsentPolicy.SET) or bool(
        (deletes & ~left_out).any()
    )
    told = ~left_out | (unread if may_delete else False)
    return _Reading(cells, keys, unread, actions, left_out & ~(told & unread), told)


def _only_keys(actions: pd.Series) -> Rows:
    """The rows of which only the key counts: those to delete, and those to ignore."""
    return asks(actions, Mode.DELETE_LISTED) | asks(actions, IGNORE)


def _torn(keys: pd.Series, actions: pd.Series, wanted: Rows) -> Rows:
    """The rows of customers whom one row would delete and another would not.

    None of them is left out for its action: a customer whom one row lets alone, or changes, must not
    be deleted by another, nor the other way round in a file of mended rows.
    """
    deletes = asks(actions, Mode.DELETE_LISTED)
    deleted = keys[wanted & deletes].dropna()
    nobody = np.zeros(len(keys), dtype=np.bool_)
    if deleted.empty:
        return nobody
    spared = keys[wanted & ~deletes & ~asks(actions, UNKNOWN)]
    torn = spared[spared.isin(deleted)]
    return nobody if torn.empty else wanted & keys.isin(torn).to_numpy(bool)


def _cell_findings(fields: Mapping[str, CustomerField], reading: _Reading) -> Iterator[Finding]:
    """Cells that cannot be used, each field in turn."""
    for_key = key_fields(fields)
    only_keys = _only_keys(reading.actions)
    for name, cells in reading.cells.items():
        column = columns_of(fields, name)[0]
        concerned = reading.told if name in for_key else reading.used & ~only_keys
        for n in np.flatnonzero(concerned & (cells.fault >= 0)):
            fault, text = cells.faults[cells.fault[n]]
            yield Finding(fault, (int(n),), column, text, _key(reading, int(n)))
        if name in for_key:
            for n in np.flatnonzero(reading.told & reading.unread & reading.keys.empty[name]):
                yield Finding(reading.keys.reason, (int(n),), column)


def _row_findings(sources: Sources, rule: Rules, reading: _Reading) -> Iterator[Finding]:
    """Rows that ask for the impossible, that are not ours, or that contradict one another."""
    schema, table = sources.schema, sources.table
    column = schema.source.action_column
    if table.damaged:
        deciding = (*schema.source.where, column)
        yield from damage_findings(table, deciding, reading.used, reading.keys.values)
    if column is not None:
        unknown = reading.used & asks(reading.actions, UNKNOWN)
        unknown[list(damaged_in(table).get(column, {}))] = False
        for n in np.flatnonzero(unknown):
            text = str(table.cells[column].iloc[n]).strip(EDGE)
            yield Finding(BAD_ACTION, (int(n),), column, text, _key(reading, int(n)))

    ours = reading.used & ~reading.unread
    key_columns = columns_of(schema.customer, KEY)
    for n in np.flatnonzero(ours & ~rule.scope.contains(reading.keys.values).to_numpy(bool)):
        at = key_columns[0] if len(key_columns) == 1 else None
        key = _key(reading, int(n))
        yield Finding(_outside(rule.scope), (int(n),), at, key, key)

    # Cells of one key may be written in two normal forms; they agree.
    values = {name: some(each.values, ours) for name, each in reading.cells.items() if name != KEY}
    # An action that is none is told already.
    actions = some(reading.actions.mask(asks(reading.actions, UNKNOWN), ""), ours)
    for each in disagreements(some(reading.keys.values, ours), actions, values):
        yield _disagreement(each, sources, _key(reading, each.positions[0]))


def _outside(scope: Scope) -> Fault:
    which = f'those that begin with "{scope.prefix}"' if scope.prefix else "those its scope names"
    return Fault(
        "out_of_scope",
        "is a customer that this mapping is not responsible for",
        f"It is for {which}. Correct the key, take the row out, or widen `scope` in the mapping.",
    )


def _disagreement(each: Disagreement, sources: Sources, key: str | None) -> Finding:
    values = " / ".join(each.values)
    if each.field is None:
        values = " / ".join(word_of(action) for action in each.values)
        fault = Fault(
            "different_actions",
            "asks for different actions in rows of one customer",
            "Let these rows ask for the same, or give them keys of their own.",
        )
        column = sources.schema.source.action_column
        return Finding(fault, each.positions, column, values, key)
    fault = Fault(
        "different_values",
        "has different values in rows of one customer",
        "Keep one of the values in these rows, or give the rows keys of their own.",
    )
    return Finding(fault, each.positions, columns_of(sources.fields, each.field)[0], values, key)


def _key(reading: _Reading, position: int) -> str | None:
    key = reading.keys.values.iloc[position]
    return None if pd.isna(key) else str(key)


def _rows_of(findings: list[Finding], rows: int) -> Rows:
    """The rows that some finding is about."""
    concerned = np.zeros(rows, dtype=np.bool_)
    concerned[[n for finding in findings for n in finding.positions]] = True
    return concerned


def _mark(table: Table) -> str | None:
    """The run whose file of rejected rows this is."""
    if RUN_COLUMN not in table.columns:
        return None
    marks = table.cells[RUN_COLUMN].str.strip(EDGE)
    return ", ".join(marks[marks != ""].drop_duplicates()) or "unknown"
