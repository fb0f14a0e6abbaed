"""What each row asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from wizsync.mapping.cells import distinct_of
from wizsync.mapping.transforms import Fault
from wizsync.mapping.words import EDGE, is_blank
from wizsync.model.desired import Mode

if TYPE_CHECKING:
    from collections.abc import Sequence

IGNORE = "ignore"
UNKNOWN = "unknown"

WORDS = {
    "create": Mode.CREATE.value,
    "update": Mode.UPDATE.value,
    "upsert": Mode.UPSERT.value,
    "merge": Mode.UPSERT.value,
    "delete": Mode.DELETE_LISTED.value,
    "ignore": IGNORE,
}

BAD_ACTION = Fault(
    "bad_action",
    "is no action",
    "Write create, update, upsert, delete or ignore, or empty the cell.",
)


def read_actions(
    column: pd.Series | None, mode: Mode, *, rows: int, blank_words: Sequence[str]
) -> pd.Series:
    """What each row asks for: a Mode's value, IGNORE, or UNKNOWN; `str`, index 0…n-1.

    Args:
        column: The cells of the action column, None where there is none.
        mode: What an empty cell means.
        rows: How many rows there are.
        blank_words: Texts that also count as empty.
    """
    if column is None:
        return pd.Series(mode.value, index=pd.RangeIndex(rows), dtype="str")
    row_of, distinct = distinct_of(column)
    words = distinct.str.strip(EDGE)
    asked = words.str.casefold().map(WORDS).astype("str").fillna(UNKNOWN)
    asked = asked.mask(is_blank(words, blank_words), mode.value)
    return pd.Series(asked.to_numpy(object)[row_of], dtype="str")


def word_of(action: str) -> str:
    """The word that asks for an action, as a cell has it."""
    return next(word for word, asked in WORDS.items() if asked == action)


def asks(actions: pd.Series, action: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """The rows that ask for an action."""
    return (actions == action).to_numpy(bool)
