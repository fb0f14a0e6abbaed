"""The cells of one column: trimmed, transformed, looked up; each distinct text once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa

from wizsync.mapping.lookups import Lookups
from wizsync.mapping.transforms import Fault
from wizsync.mapping.values import looking_up
from wizsync.mapping.words import EDGE, is_blank, is_spreadsheet_error, trimmed
from wizsync.model.customer import LIST_SEPARATOR

if TYPE_CHECKING:
    import numpy.typing as npt

    from wizsync.mapping.field_schema import ColumnField
    from wizsync.model.table import Damage

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


@dataclass(frozen=True)
class Around:
    """What reading a column needs besides the column.

    Args:
        blank_words: Texts that also count as empty.
        lookups: What look-ups are answered from.
        damaged: Row to the cell of this column whose value is not known.
        countries: `str`, each row's country; None where nothing says it.
        as_asked: What makes a value the one that the field asks for, as one of an attribute's options; None
            where every text will do.
    """

    blank_words: Sequence[str] = ()
    lookups: Lookups = field(default_factory=Lookups)
    damaged: Mapping[int, Damage] = field(default_factory=dict)
    countries: pd.Series | None = None
    as_asked: Callable[[str], str] | None = None


def read_cells(
    column: pd.Series,
    mapped: ColumnField,
    around: Around,
    *,
    clears: bool,
    for_key: bool = False,
) -> Cells:
    """Read a column as a mapped field.

    Args:
        column: The `str` cells, index 0…n-1.
        mapped: What the mapping says of the field.
        around: The rest.
        clears: An empty cell clears, else it keeps.
        for_key: The key is made of it: a number whose digits are lost is a fault.
    """
    value_of = _value_of(mapped, around)
    if value_of is None:
        cells = _as_they_are(trimmed(column), around, clears=clears, for_key=for_key)
        return _with_damage(cells, around.damaged) if around.damaged else cells
    uses_country = around.countries is not None and mapped.takes_country
    row_of, distinct, countries = (
        _distinct_pairs(column, around.countries, around.blank_words)
        if uses_country and around.countries is not None
        else (*distinct_of(column), None)
    )
    read = _as_they_are(trimmed(distinct), around, clears=clears, for_key=for_key)
    made = _made(read, value_of, countries, "" if clears else None)
    cells = Cells(made.values.take(row_of).reset_index(drop=True), made.fault[row_of], made.faults)
    return _with_damage(cells, around.damaged) if around.damaged else cells


def _as_they_are(texts: pd.Series, around: Around, *, clears: bool, for_key: bool) -> Cells:
    """Trimmed texts as values, but for those that a spreadsheet program put where it had none."""
    empty = is_blank(texts, around.blank_words)
    faults: list[tuple[Fault, str]] = []
    fault = np.full(len(texts), -1, dtype=np.int64)
    bad = [(is_spreadsheet_error(texts), ERROR_VALUE)]
    if for_key:
        bad.append((texts.str.fullmatch(_SCIENTIFIC).to_numpy(bool), DAMAGED_KEY))
    for which, reason in bad:
        at = np.flatnonzero(which & ~empty)
        if len(at):
            number, distinct = pd.factorize(texts.iloc[at])
            fault[at] = len(faults) + number
            faults += [(reason, text) for text in distinct]
    values = texts
    for hidden, by in ((empty, "" if clears else None), (fault >= 0, None)):
        values = values.mask(hidden, by) if hidden.any() else values
    return Cells(values, fault, faults)


def _made(
    read: Cells,
    value_of: Callable[[str, str], str | None],
    countries: Sequence[str] | None,
    blank: str | None,
) -> Cells:
    """What is made of texts one by one, each once; of an empty one nothing is."""
    results: list[str | None] = pa.array(read.values.array, pa.large_string()).to_pylist()
    fault, faults = read.fault.copy(), list(read.faults)
    alike: dict[tuple[str, str, str], Fault] = {}
    for n, text in enumerate(results):
        if not text:
            continue
        try:
            value = value_of(text, countries[n] if countries is not None else "")
            results[n] = blank if value == _NOTHING else value
        except Fault as reason:
            # One for all that are alike: a fault that was raised holds on to where it was.
            known = alike.setdefault((reason.code, reason.says, reason.hint), reason)
            results[n] = None
            fault[n] = len(faults)
            faults.append((known.with_traceback(None), text))
    return Cells(pd.Series(results, dtype="str"), fault, faults)


# What became of a cell of which nothing is left: as if it had come empty.
_NOTHING = "\x00"


def _value_of(mapped: ColumnField, around: Around) -> Callable[[str, str], str | None] | None:
    """What makes a value of a filled text and the row's country; None where every text is its own."""
    as_asked = around.as_asked
    plain = mapped.values is None and mapped.lookup is None and mapped.split is None
    if plain and not mapped.transforms and as_asked is None:
        return None
    look_up = looking_up(mapped, around.lookups)

    def one(text: str, country: str) -> str | None:
        changed = _transformed(text, mapped, country)
        return look_up(changed) if changed else _NOTHING

    def several(text: str, country: str) -> str | None:
        parts = [one(part, country) for part in _parts(text, mapped.split or "")]
        if None in parts:
            # What one part stands for is not known, and is to be kept: the others alone would erase it.
            return None
        filled = [part for part in parts if part and part != _NOTHING]
        if not filled:
            return "" if "" in parts else _NOTHING
        return LIST_SEPARATOR.join(dict.fromkeys(filled))

    make = several if mapped.split is not None else one
    if as_asked is None:
        return make

    def asked(text: str, country: str) -> str | None:
        value = make(text, country)
        return as_asked(value) if value and value != _NOTHING else value

    return asked


def _parts(text: str, separator: str) -> list[str]:
    stripped = (part.strip(EDGE) for part in text.split(separator))
    return [part for part in stripped if part]


def _with_damage(cells: Cells, damaged: Mapping[int, Damage]) -> Cells:
    """The cells with those that are damaged as faults, whatever an empty cell would be."""
    faults = [
        (Fault(damage.code, damage.message, damage.hint), damage.text)
        for damage in damaged.values()
    ]
    positions = np.array(list(damaged), dtype=np.int64)
    fault = cells.fault.copy()
    fault[positions] = len(cells.faults) + np.arange(len(faults))
    hidden = np.zeros(len(fault), dtype=np.bool_)
    hidden[positions] = True
    return Cells(cells.values.mask(hidden), fault, [*cells.faults, *faults])


def _distinct_pairs(
    column: pd.Series, countries: pd.Series, blank_words: Sequence[str]
) -> tuple[npt.NDArray[np.int64], pd.Series, list[str]]:
    """As `distinct_of`, of the texts together with their rows' countries."""
    text_of, texts = distinct_of(column)
    country_of, known = distinct_of(countries.fillna(""))
    known = known.str.strip(EDGE)
    known = known.mask(is_blank(known, blank_words), "")
    row_of, pairs = pd.factorize(text_of * max(len(known), 1) + country_of)
    of_text, of_country = np.divmod(pairs, max(len(known), 1))
    return (
        row_of.astype(np.int64, copy=False),
        texts.take(of_text).reset_index(drop=True),
        known.take(of_country).tolist(),
    )


def distinct_of(column: pd.Series) -> tuple[npt.NDArray[np.int64], pd.Series]:
    """For each row the position of its text among the distinct ones, and these."""
    row_of, distinct = pd.factorize(column)
    return row_of.astype(np.int64, copy=False), pd.Series(distinct, dtype="str")


def _transformed(text: str, mapped: ColumnField, country: str) -> str:
    for step in mapped.transforms:
        text = step(text, country)
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
