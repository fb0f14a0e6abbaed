"""Whether a customer's kept details still hold. Pure.

They are those of a read, or of a write's own answer. They hold while the list shows the same `updatedAt`, and
for a week: whether every change moves `updatedAt` is not documented, that of an address may not. What gets
older than a week is read again a seventh a night, the oldest first; what is older than two is not used.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import numpy.typing as npt

from wizsync.observed.moments import moment

DAY = 86_400.0
WEEK = 7 * DAY
NIGHTS = 7
# All that is read again within so many seconds is read in one night.
NIGHT = DAY / 2

# Times may be told in whole seconds: who is read so soon after a change may be changed once more unseen.
SETTLED = 2.0
# Within so many seconds after an address was written, its customer's `updatedAt` moves because of that.
_MOVED_BY_CHILD = timedelta(seconds=1)

Ages = npt.NDArray[np.float64]
Chosen = npt.NDArray[np.bool_]


def is_settled(updated_at: str, read_at: float) -> bool:
    """Whether a customer was read long enough after its last change for `updatedAt` to tell the next one."""
    updated = moment(updated_at)
    return updated is not None and read_at - updated.timestamp() > SETTLED


def is_moved_by(written: str, updated_at: str) -> bool:
    """Whether `updatedAt` is what the write of an address or contact moved it to.

    Args:
        written: When the child was written, as the answer told.
        updated_at: The customer's, as the list shows it.
    """
    at, moved = moment(written), moment(updated_at)
    return at is not None and moved is not None and at <= moved <= at + _MOVED_BY_CHILD


def to_read_again(ages: Ages, read_tonight: int) -> Chosen:
    """Which details, that hold by their `updatedAt`, are read again for their age.

    Args:
        ages: Seconds since each was read; negative where a clock was set back.
        read_tonight: How many were read again for their age already, this night.
    """
    again: Chosen = (ages < 0) | (ages > 2 * WEEK)
    left = max(1, len(ages) // NIGHTS) - read_tonight - int(again.sum())
    if left > 0:
        old = np.flatnonzero((ages >= WEEK) & ~again)
        again[old[np.argsort(-ages[old], kind="stable")][:left]] = True
    return again
