"""Texts as people see them, for looking them up: trimmed, and in one normal form."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

# What is trimmed from the ends of a cell: white space of every kind, and marks that cannot be seen
# and come along when text is pasted from web pages and mails.
EDGE = (
    "".join(chr(n) for n in range(0x3001) if chr(n).isspace())
    + "\u00ad\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)


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


def trimmed(texts: pd.Series) -> pd.Series:
    """Texts without what cannot be seen at their ends; the column itself where no text has any."""
    found = texts.str.strip(EDGE)
    return texts if found.equals(texts) else found


def composed(texts: pd.Series) -> pd.Series:
    """Texts in NFC; the column itself where all are, as all in ASCII are."""
    foreign = (texts.notna() & ~texts.str.isascii()).to_numpy(bool)
    if not foreign.any():
        return texts
    found = texts.copy()
    found[foreign] = texts[foreign].str.normalize("NFC")
    return found


def is_blank(texts: pd.Series, blank_words: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Which trimmed texts count as an empty cell."""
    blank = (texts == "").to_numpy(bool)
    return blank | is_one_of(texts, blank_words) if blank_words else blank


def is_one_of(texts: pd.Series, words: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Which trimmed texts are one of some words; case does not count."""
    wanted = [code_of(word).casefold() for word in words]
    return texts.str.normalize("NFC").str.casefold().isin(wanted).to_numpy(bool)


def code_of(text: str) -> str:
    """A text as `values` and lists of words are looked up: trimmed, and NFC."""
    return unicodedata.normalize("NFC", text).strip(EDGE)


def is_spreadsheet_error(texts: pd.Series) -> npt.NDArray[np.bool_]:
    """Which trimmed texts are a formula's error, or only show that the column is too narrow."""
    marked = texts.str.startswith("#").to_numpy(bool, copy=True)
    if marked.any():
        suspects = texts[marked]
        marked[marked] = (
            suspects.str.upper().isin(list(ERROR_WORDS)) | suspects.str.fullmatch(_TOO_NARROW)
        ).to_numpy(bool)
    return marked
