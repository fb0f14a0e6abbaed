"""What a mapping says, and the customers that should exist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

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
    mapping_name: str = ""
    mapping_digest: str = ""


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
        merged: Index of a customer to all its positions in `table`, for those of several rows.
        present: Every referenceId seen in any row, rejected, left out and ignored ones too.
        rejects: Rows that cannot be used, the table's broken ones among them.
        left_out: Rows that `where` or the action `ignore` left out.
        mended_run: The run whose file of rejected rows this is (RUN_COLUMN), or None.
        keys_unread: Rows whose referenceId cannot be read; while there is one, nothing is deleted.
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

    def __len__(self) -> int:
        return len(self.keys)

    def rows(self, index: int) -> tuple[SourceRow, ...]:
        """The file's rows of the customer at an index."""
        positions = self.merged.get(index) or (int(self.positions[index]),)
        return tuple(self.table.row(position) for position in positions)
