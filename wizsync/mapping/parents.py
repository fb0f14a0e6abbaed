"""The customers that addresses and contacts belong to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from wizsync.model.desired import Mode, Scope

if TYPE_CHECKING:
    import numpy.typing as npt


@dataclass(frozen=True)
class Parents:
    """The customers that should exist, as far as their children need them.

    Args:
        keys: `str` (n,), unique.
        values: Their fields (n rows), as of a Desired.
        actions: `str` (n,), what each asks for.
        of_row: int64, of each row of the customers' own table its customer, -1 for one that is not used.
        present: Every referenceId seen in any row.
        rejected: Those of rows that cannot be used.
        scope: Which customers the mapping is responsible for.
        may_remove: Nothing stands in the way of removing children.
        mended: The table is our own of rejected rows: a customer who is not in it was in order.
    """

    keys: pd.Series
    values: pd.DataFrame
    actions: pd.Series
    of_row: npt.NDArray[np.int64]
    present: frozenset[str]
    rejected: frozenset[str]
    scope: Scope
    may_remove: bool
    mended: bool

    def positions(self, keys: pd.Series) -> npt.NDArray[np.int64]:
        """Where keys stand among the customers, -1 where they do not."""
        found = pd.Index(self.keys).get_indexer(pd.Index(keys.fillna("")))
        return np.asarray(found, dtype=np.int64)

    def alike(self, keys: pd.Series) -> frozenset[int]:
        """The customers whose keys differ from some only in capitals, punctuation or leading zeros."""
        found = _plain(self.keys).isin(list(_plain(keys)))
        return frozenset(np.flatnonzero(found.to_numpy(bool)).tolist())

    def written(self) -> npt.NDArray[np.bool_]:
        """Whose children may be written: not those of customers to be deleted."""
        return (self.actions != Mode.DELETE_LISTED.value).to_numpy(bool)

    def with_strangers(self, keys: pd.Series) -> Parents:
        """With those of the keys that no row names, as customers of whom nothing is to change.

        Args:
            keys: Of rows of children that were mended, while their customers' rows were in order.
        """
        if not self.mended:
            return self
        unknown = keys[~keys.isin([*self.present, *self.keys]) & keys.notna()].drop_duplicates()
        unknown = unknown[self.scope.contains(unknown)]
        if unknown.empty:
            return self
        count = len(self.keys) + len(unknown)
        return replace(
            self,
            keys=pd.concat([self.keys, unknown], ignore_index=True),
            values=self.values.reindex(range(count)),
            actions=pd.concat(
                [self.actions, pd.Series([Mode.UPDATE.value] * len(unknown), dtype="str")],
                ignore_index=True,
            ),
        )


def _plain(keys: pd.Series) -> pd.Series:
    return keys.str.casefold().str.replace(r"[\W_]+", "", regex=True).str.lstrip("0")
