"""What a mapping says, and the customers that should exist."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from wizsync.model.customer import ChildKind
from wizsync.model.limits import Limit
from wizsync.model.table import Reject, SourceRow, Table

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd


class Mode(StrEnum):
    """What a row asks for."""

    CREATE = "create"
    UPDATE = "update"
    UPSERT = "upsert"
    DELETE_LISTED = "delete-listed"


class AbsentPolicy(StrEnum):
    """What becomes of customers in scope that the file does not name."""

    IGNORE = "ignore"
    REPORT = "report"
    DELETE = "delete"
    SET = "set"


@dataclass(frozen=True, slots=True)
class Absent:
    """The policy for absent customers; `values` (field to text) only with SET."""

    policy: AbsentPolicy = AbsentPolicy.IGNORE
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which of the account's customers a mapping is responsible for, by referenceId.

    All of `prefix`, `regex` (a full match) and `keys` that are given must hold; none given: all.
    A customer without referenceId is never in scope.
    """

    prefix: str | None = None
    regex: str | None = None
    keys: frozenset[str] | None = None

    def contains(self, keys: pd.Series) -> pd.Series:
        """A boolean Series, aligned with the `str` Series of referenceIds; "" and missing: False."""
        inside = keys.fillna("") != ""
        if self.prefix is not None:
            inside &= keys.str.startswith(self.prefix, na=False)
        if self.regex is not None:
            inside &= keys.str.fullmatch(self.regex, na=False)
        if self.keys is not None:
            inside &= keys.isin(list(self.keys))
        return inside


@dataclass(frozen=True, slots=True)
class Compare:
    """How the mapping bends comparing.

    Args:
        ignore: Fields that are written on create and never compared after.
        casefold: Fields whose case does not count.
        equal: Field to the name of an equality: `digits` compares only digits.
    """

    ignore: frozenset[str] = frozenset()
    casefold: frozenset[str] = frozenset()
    equal: Mapping[str, str] = field(default_factory=dict)


class Write(StrEnum):
    """When a field of somebody who exists is written."""

    ALWAYS = "always"
    IF_EMPTY = "if_empty"
    ON_CREATE = "on_create"


@dataclass(frozen=True, slots=True)
class Block:
    """A block of the mapping: one way in which the file gives children.

    Args:
        kind: What it gives.
        place: The sheet or file its rows stand in, "" for the customers' own rows.
        columns: Field to the column it comes from ("" for a constant), for people.
        write: Field to when it is written, where that is not always.
        required: Fields without which the mapping lets none be added.
    """

    kind: ChildKind
    place: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    write: Mapping[str, Write] = field(default_factory=dict)
    required: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Rules:
    """What a mapping says beyond the values themselves, for the diff, the guards and push.

    Args:
        mode: What a row asks for where no action column says otherwise.
        absent: What becomes of customers in scope that the file does not name.
        scope: Which customers the mapping is responsible for.
        compare: How values are compared.
        limits: Guard name, of GUARDS, to its limit; a name that is missing has none.
        required: Fields without which the mapping lets nobody be created.
        columns: Field to the file's column it comes from ("" for a constant), for people.
        write: Field to when it is written, where that is not always.
        blocks: The blocks of addresses and contacts, in the mapping's order.
        mapping_name: The mapping file's name.
        mapping_digest: SHA-256 of its bytes, hex.
    """

    mode: Mode = Mode.UPSERT
    absent: Absent = field(default_factory=Absent)
    scope: Scope = field(default_factory=Scope)
    compare: Compare = field(default_factory=Compare)
    limits: Mapping[str, Limit] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    columns: Mapping[str, str] = field(default_factory=dict)
    write: Mapping[str, Write] = field(default_factory=dict)
    blocks: tuple[Block, ...] = ()
    mapping_name: str = ""
    mapping_digest: str = ""


@dataclass(frozen=True)
class Children:
    """The addresses or the contacts that should exist, one row each.

    Rows of one customer do not name the same child twice: repeated ones are merged or rejected.

    Args:
        fields: Index 0…k-1, a `str` column for each mapped field: missing keep, "" clear, else set.
            `id` is a column only where the mapping names it, to tell children by; it is never written.
        defaults: A `str` column for each field with a default: what a new child takes where `fields` is
            missing or "".
        customers: int64 (k,), the position of each one's customer in `Desired.keys`.
        blocks: int64 (k,), the block of the mapping, in `Rules.blocks`, that each comes from.
        rows: The file's rows behind each (k).
        removes: bool (n,), by position in `Desired.keys`: of this customer, children that the file does
            not name may be removed. Never where one of its rows could not be used or read.
        without: The keys of customers who have no row in any sheet or file by which children could be
            removed (`children: remove`): they lose none, and are listed.
    """

    fields: pd.DataFrame
    defaults: pd.DataFrame
    customers: npt.NDArray[np.int64]
    blocks: npt.NDArray[np.int64]
    rows: Sequence[tuple[SourceRow, ...]]
    removes: npt.NDArray[np.bool_]
    without: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.customers)


@dataclass(frozen=True)
class Desired:
    """The customers that should exist, one row each, keyed by referenceId.

    All Series and frames share the index 0…n-1.

    Args:
        table: The file they come from.
        keys: `str`, unique, trimmed, NFC, never empty.
        actions: `str`, what each asks for: a Mode's value.
        customers: A `str` column for each mapped field but referenceId: missing keep, "" clear, else set.
        defaults: A `str` column for each field with a default (a subset of the columns of
            `customers`): what a create takes where `customers` is missing or "".
        positions: int64 (n,), the first row of each in `table`.
        merged: Index of a customer to all its positions in `table`, for those of several rows, or of none.
        present: Every referenceId seen in any row, rejected, left out and ignored ones too.
        rejects: Rows that cannot be used, the table's broken ones among them.
        left_out: Rows that `where` or the action `ignore` left out.
        mended_run: The run whose file of rejected rows this is (RUN_COLUMN), or None.
        keys_unread: Rows whose referenceId cannot be read; while there is one, nothing is deleted.
        children: The addresses and contacts, of each kind that the mapping has a block for.
        counts: The data rows of each table used, by its place ("" for the customers' own).
        tables: The other sheets and files that rows come from: place to columns.
    """

    table: Table
    keys: pd.Series
    actions: pd.Series
    customers: pd.DataFrame
    defaults: pd.DataFrame
    positions: npt.NDArray[np.int64]
    merged: Mapping[int, tuple[int, ...]]
    present: frozenset[str]
    rejects: tuple[Reject, ...]
    left_out: int
    keys_unread: int
    mended_run: str | None = None
    children: Mapping[ChildKind, Children] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    tables: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.keys)

    def rows(self, index: int) -> tuple[SourceRow, ...]:
        """The file's rows of the customer at an index."""
        positions = self.merged[index] if index in self.merged else (int(self.positions[index]),)
        return tuple(self.table.row(position) for position in positions)
