"""Rows of one referenceId become one customer, unless they contradict each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import numpy.typing as npt

    Positions = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Disagreement:
    """Rows of one key with two different values.

    Args:
        field: The field, or None for the action.
        positions: All rows of the key.
        values: The different values, sorted.
    """

    field: str | None
    positions: tuple[int, ...]
    values: tuple[str, ...]


def some(column: pd.Series, which: npt.NDArray[np.bool_]) -> pd.Series:
    """Some rows of a column under their own index; where these are all, no copy of it."""
    return column if which.all() else column[which]


def disagreements(
    keys: pd.Series, actions: pd.Series, columns: Mapping[str, pd.Series]
) -> Iterator[Disagreement]:
    """What rows of one key disagree about; an empty or missing value agrees with every other.

    Args:
        keys: The rows' keys, none missing; its index is the rows' positions.
        actions: What each row asks for, over the same index.
        columns: Field to its values, over the same index.
    """
    if keys.is_unique:
        return
    repeated = keys[keys.duplicated(keep=False)]
    group, _ = pd.factorize(repeated)
    rows_of = _rows_of(group)
    everything: list[tuple[str | None, pd.Series]] = [(None, actions), *columns.items()]
    for name, column in everything:
        values = column.loc[repeated.index]
        number, distinct = pd.factorize(values.mask(values == ""))
        filled = number >= 0
        spread = pd.Series(number[filled]).groupby(group[filled]).agg(["min", "max"])
        for at in spread.index[spread["min"] != spread["max"]]:
            rows = rows_of(int(at))
            different = sorted({distinct[n] for n in number[rows] if n >= 0})
            positions = tuple(int(n) for n in repeated.index[rows])
            yield Disagreement(name, positions, tuple(different))


@dataclass(frozen=True)
class Merged:
    """Rows made into customers.

    Args:
        positions: The first row of each customer, ascending.
        columns: Field to its values, index 0…n-1.
        several: Customer to all its rows, for those of several.
    """

    positions: Positions
    columns: Mapping[str, pd.Series]
    several: Mapping[int, tuple[int, ...]]


def merge(keys: pd.Series, columns: Mapping[str, pd.Series]) -> Merged:
    """One customer for each key; a value wins over an empty cell, an empty one over a missing one.

    Args:
        keys: The usable rows' keys; its index is their positions, ascending.
        columns: Field to its values, over the same index; rows of one key do not disagree.
    """
    every = keys.index.to_numpy(np.int64)
    if keys.is_unique:
        whole = {name: column.reset_index(drop=True) for name, column in columns.items()}
        return Merged(every, whole, {})
    first = ~keys.duplicated().to_numpy(bool)
    positions = every[first]
    result = {name: column[first].reset_index(drop=True) for name, column in columns.items()}
    repeated = keys.duplicated(keep=False).to_numpy(bool)
    customer, _ = pd.factorize(keys)  # numbered in the order of their first rows, as `positions`
    group = customer[repeated]
    for name, column in columns.items():
        values = column[repeated]
        best = values.mask(values == "").groupby(group).first()
        emptied = (values == "").groupby(group).any()
        result[name].loc[best.index] = best.mask(best.isna() & emptied, "")
    rows_of = _rows_of(group)
    rows = every[repeated]
    several = {int(n): tuple(rows[rows_of(int(n))].tolist()) for n in np.unique(group)}
    return Merged(positions, result, several)


class _rows_of:  # noqa: N801 - called like the function it stands for
    """The positions within a group array of each group, found by one sort."""

    def __init__(self, group: npt.NDArray[np.int64]) -> None:
        self._order = np.argsort(group, kind="stable")
        self._sorted = group[self._order]

    def __call__(self, number: int) -> npt.NDArray[np.int64]:
        start, end = np.searchsorted(self._sorted, [number, number + 1])
        return self._order[start:end]
