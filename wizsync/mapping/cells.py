"""The cells of one column: trimmed, transformed, looked up; each distinct text once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from wizsync.mapping.transforms import Fault
from wizsync.mapping.values import looking_up
from wizsync.mapping.words import EDGE, is_blank

if TYPE_CHECKING:
    import numpy.typing as npt

    from wizsync.mapping.field_schema import ColumnField

# What spreadsheet programs put where a formula failed, and # signs for a column too narrow.
ERROR_WORDS = frozenset(
    [
        "#N/A",
        "#REF!",
        "#VALUE!",
        "#DIV/0!",
        "#NAME?",
        "#NULL!",
        "#NUM!",
        "#SPILL!",
        "#CALC!",
        "#FIELD!",
        "#BLOCKED!",
        "#BUSY!",
        "#CONNECT!",
        "#UNKNOWN!",
        "#EXTERNAL!",
        "#PYTHON!",
        "#GETTING_DATA",
        "#NV",
        "#BEZUG!",
        "#WERT!",
        "#ZAHL!",
        "#ÜBERLAUF!",
        "#VALEUR!",
        "#NOM?",
        "#NOMBRE!",
        "#¡REF!",
        "#¡VALOR!",
        "#¿NOMBRE?",
        "#¡NUM!",
        "#¡DIV/0!",
        "#N/D",
        "#RIF!",
        "#VALORE!",
        "#NOME?",
        "#VALOR!",
        "#WAARDE!",
        "#VERW!",
        "#NAAM?",
        "#GETAL!",
    ]
)

_TOO_NARROW = r"#{3,}"
# As a spreadsheet program shows a long number: its digits are lost.
_SCIENTIFIC = r"[+-]?\d(?:[.,]\d+)?[eE][+-]\d{2,3}"


@dataclass(frozen=True)
class Cells:
    """What became of a column's cells.

    Args:
        values: `str`, one a row: missing keep, "" clear, else set. Missing where there is a fault.
        fault: For each row the number of its fault in `faults`, -1 for none.
        faults: The faults, each with the cell's text.
    """

    values: pd.Series
    fault: npt.NDArray[np.int64]
    faults: Sequence[tuple[Fault, str]]


def read_cells(
    column: pd.Series,
    mapped: ColumnField,
    *,
    clears: bool,
    blank_words: Sequence[str],
    for_key: bool = False,
) -> Cells:
    """Read a column as a mapped field.

    Args:
        column: The `str` cells, index 0…n-1.
        mapped: What the mapping says of the field.
        clears: An empty cell clears, else it keeps.
        blank_words: Texts that also count as empty.
        for_key: The key is made of it: a number whose digits are lost is a fault.
    """
    row_of, distinct = distinct_of(column)
    texts = distinct.str.strip(EDGE)
    empty = is_blank(texts, blank_words).copy()
    faults: list[tuple[Fault, str]] = []
    fault = np.full(len(texts), -1, dtype=np.int64)

    def found(which: npt.NDArray[np.bool_], reason: Fault) -> None:
        for n in np.flatnonzero(which & ~empty):
            fault[n] = len(faults)
            faults.append((reason, texts.iloc[n]))

    found(_is_error(texts), ERROR_VALUE)
    if for_key:
        found(texts.str.fullmatch(_SCIENTIFIC).to_numpy(bool), DAMAGED_KEY)

    if mapped.transforms or mapped.values is not None:
        originals: list[str] = texts.tolist()
        results: list[str | None] = list(originals)
        look_up = looking_up(mapped)
        for n in np.flatnonzero(~empty & (fault < 0)):
            text = originals[n]
            try:
                changed = _transformed(text, mapped)
                empty[n] = not changed
                results[n] = look_up(changed) if changed else None
            except Fault as reason:
                fault[n] = len(faults)
                faults.append((reason, text))
        texts = pd.Series(results, dtype="str")
    values = texts.mask(empty, "" if clears else None).mask(fault >= 0)
    return Cells(values.take(row_of).reset_index(drop=True), fault[row_of], faults)


def distinct_of(column: pd.Series) -> tuple[npt.NDArray[np.int64], pd.Series]:
    """For each row the position of its text among the distinct ones, and these."""
    row_of, distinct = pd.factorize(column)
    return row_of.astype(np.int64, copy=False), pd.Series(distinct, dtype="str")


def _is_error(texts: pd.Series) -> npt.NDArray[np.bool_]:
    marked = texts.str.startswith("#").to_numpy(bool, copy=True)
    if marked.any():
        suspects = texts[marked]
        marked[marked] = (
            suspects.str.upper().isin(list(ERROR_WORDS)) | suspects.str.fullmatch(_TOO_NARROW)
        ).to_numpy(bool)
    return marked


def _transformed(text: str, mapped: ColumnField) -> str:
    for step in mapped.transforms:
        text = step(text)
        if not text.strip(EDGE):
            return ""  # an empty cell, as if it had come so: nothing more is made of it
    return text.strip(EDGE)


ERROR_VALUE = Fault(
    "error_value",
    "holds a spreadsheet error instead of a value",
    "Mend the formula, or widen the column, in the spreadsheet and save the file again.",
)
DAMAGED_KEY = Fault(
    "damaged_key",
    "shows a long number in short, as 1.23E+11; its digits are lost",
    "Format the column as text or as a number without decimals, and export the file again.",
)
