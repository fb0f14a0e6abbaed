"""Which row is which customer, by key alone, and what comes of each row: pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, auto

import numpy as np
import numpy.typing as npt
import pandas as pd

from wizsync.model import Desired, Mode, Snapshot
from wizsync.plan.keys import among, as_in_a_file, positions


class Fate(IntEnum):
    """What comes of a row, before its values are looked at."""

    CREATE = auto()
    COMPARE = auto()
    DELETE = auto()
    SKIP = auto()
    NOT_IN_ACCOUNT = auto()
    DOUBLED = auto()
    PARTLY_REJECTED = auto()


# What a row asks for, and whether the account has its key.
_FATES: Mapping[tuple[Mode, bool], Fate] = {
    (Mode.CREATE, True): Fate.SKIP,
    (Mode.CREATE, False): Fate.CREATE,
    (Mode.UPDATE, True): Fate.COMPARE,
    (Mode.UPDATE, False): Fate.NOT_IN_ACCOUNT,
    (Mode.UPSERT, True): Fate.COMPARE,
    (Mode.UPSERT, False): Fate.CREATE,
    (Mode.DELETE_LISTED, True): Fate.DELETE,
    (Mode.DELETE_LISTED, False): Fate.SKIP,
}


@dataclass(frozen=True)
class Pairing:
    """Rows and customers, paired.

    Args:
        keys: `str` (m,), the account's referenceIds as a file would have them, "" for none.
        doubled: bool (m,), customers whose key another one has too.
        found: int64 (n,), each row's customer by position; -1 where there is none, or two.
        fates: uint8 (n,), each row's Fate.
    """

    keys: pd.Series[str]
    doubled: npt.NDArray[np.bool_]
    found: npt.NDArray[np.intp]
    fates: npt.NDArray[np.uint8]

    def rows(self, fate: Fate) -> npt.NDArray[np.intp]:
        """The positions of the rows with a fate."""
        return np.flatnonzero(self.fates == fate)


def pair(desired: Desired, snapshot: Snapshot) -> Pairing:
    """Pairs rows with customers.

    Args:
        desired: n rows.
        snapshot: m customers.

    Raises:
        ValueError: A row asks for something that is no Mode.
    """
    keys = as_in_a_file(snapshot.customers["referenceId"])
    doubled = ((keys != "") & keys.duplicated(keep=False)).to_numpy(bool)
    found = positions(desired.keys, keys)
    at = np.flatnonzero(found >= 0)
    found[at[doubled[found[at]]]] = -1  # of two with one key neither is the one
    there = found >= 0

    fates = np.zeros(len(desired), dtype=np.uint8)
    for (mode, in_account), fate in _FATES.items():
        asked = (desired.actions == mode.value).to_numpy(bool)
        fates[asked & (there == in_account)] = fate
    if not fates.all():
        raise ValueError(f"not a mode: {desired.actions[fates == 0].iloc[0]!r}")
    fates[among(desired.keys, keys[doubled])] = Fate.DOUBLED
    # A customer of several rows may have lost one of them to a reject; what remains is not all of it.
    rejected = {reject.key for reject in desired.rejects if reject.key and reject.child is None}
    fates[among(desired.keys, rejected)] = Fate.PARTLY_REJECTED
    return Pairing(keys, doubled, found, fates)
