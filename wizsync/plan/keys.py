"""Columns of keys, a million at a time. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc


def as_in_a_file(keys: pd.Series[str]) -> pd.Series[str]:
    """Keys trimmed and in NFC, as a Desired has them; "" for missing ones."""
    return _composed(keys.fillna("").str.strip())


def formed(
    texts: pd.Series[str],
    form: Callable[[str], str],
    of_ascii: Callable[[pa.LargeStringArray], pa.LargeStringArray],
) -> pd.Series[str]:
    """A form of each text: of ASCII ones by columns, of others one by one, each distinct one made once.

    Args:
        texts: The texts, none missing.
        form: The form of a text.
        of_ascii: The same for a column of texts in ASCII.
    """
    column = arrow(texts)
    foreign = pc.invert(pc.string_is_ascii(column))
    result = of_ascii(column)
    if pc.any(foreign).as_py():
        others = column.filter(foreign).dictionary_encode()
        forms = arrow(form(str(text)) for text in others.dictionary.to_pylist())
        result = pc.replace_with_mask(result, foreign, forms.take(others.indices))
    return _as_series(result, texts.index)


def bare(keys: pd.Series[str]) -> tuple[pd.Series[str], pd.Series[str]]:
    """What is left of keys without case, punctuation, spaces and leading zeros, in two forms.

    Keys look alike where one of their forms is the same. Two, because 1-01 may be 101 with a hyphen
    and may be 1-1 with a zero. The form of a key that is nothing else is the key itself.
    """
    lower = without_case(keys)
    run_together = without_leading_zeros(without_punctuation(lower))
    apart = without_leading_zeros(without_punctuation(without_leading_zeros(lower)))
    return run_together.where(run_together != "", keys), apart.where(apart != "", keys)


def plainest(keys: pd.Series[str]) -> pd.Series[str]:
    """The letters and digits of keys, without case and without any zero: of keys that look alike the same."""
    return _replaced(without_case(keys), r"[^\p{L}\p{M}\p{N}]+|0", "")


def without_case(keys: pd.Series[str]) -> pd.Series[str]:
    """Keys whose case does not count."""
    # Casefolding alone would leave a dot over the i of a capital İ, lower case alone an ß beside SS.
    return _composed(formed(keys.str.lower(), str.casefold, lambda lower: lower))


def without_punctuation(keys: pd.Series[str]) -> pd.Series[str]:
    """The letters and digits of keys."""
    return _replaced(keys, r"[^\p{L}\p{M}\p{N}]+", "")


def without_leading_zeros(keys: pd.Series[str]) -> pd.Series[str]:
    """Keys without zeros in front, and with every number in them written without leading ones."""
    return _replaced(_replaced(keys, r"(^|[^0-9])0+([0-9])", r"\1\2"), r"^0+(.)", r"\1")


def among(keys: pd.Series[str], others: Iterable[str]) -> npt.NDArray[np.bool_]:
    """Which keys are among others; pandas' own isin takes seconds for a million."""
    if isinstance(others, AbstractSet):
        there = map(others.__contains__, arrow(keys).to_pylist())
        return np.fromiter(there, dtype=np.bool_, count=len(keys))
    found = pc.is_in(arrow(keys), value_set=arrow(others))
    return found.to_numpy(zero_copy_only=False)


def positions(keys: pd.Series[str], others: pd.Series[str]) -> npt.NDArray[np.intp]:
    """Where keys first stand in others, -1 where they do not."""
    found = pc.index_in(arrow(keys), value_set=arrow(others))
    return found.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.intp)


def arrow(texts: Iterable[str]) -> pa.LargeStringArray:
    """Texts in one piece of Arrow memory; of a column that lies in one piece, that piece itself."""
    values = texts.array if isinstance(texts, pd.Series) else list(texts)
    found: Any = pa.array(values, pa.large_string())
    whole: Any = found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found
    return cast("pa.LargeStringArray", whole)


def _composed(keys: pd.Series[str]) -> pd.Series[str]:
    nfc = pc.Utf8NormalizeOptions("NFC")
    return _as_series(pc.call_function("utf8_normalize", [arrow(keys)], nfc), keys.index)


def _replaced(keys: pd.Series[str], pattern: str, replacement: str) -> pd.Series[str]:
    return _as_series(pc.replace_substring_regex(arrow(keys), pattern, replacement), keys.index)


def _as_series(values: pa.Array[pa.LargeStringScalar], index: pd.Index[int]) -> pd.Series[str]:
    return pd.Series(values.to_pandas(), dtype="str").set_axis(index)
