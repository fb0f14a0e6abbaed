"""Texts as they are looked up."""

import pandas as pd

from wizsync.mapping.words import code_of, composed, is_blank, is_one_of, trimmed


def test_blank_and_one_of() -> None:
    texts = pd.Series(["", "-", "Hold", "É"], dtype="str")

    assert is_blank(texts, []).tolist() == [True, False, False, False]
    assert is_blank(texts, ["-"]).tolist() == [True, True, False, False]
    assert is_one_of(texts, ["HOLD ", "e\u0301"]).tolist() == [False, False, True, True]
    assert is_one_of(texts, [" "]).tolist() == [True, False, False, False]


def test_columns_are_trimmed_and_composed() -> None:
    texts = pd.Series(["\u200b a ", "e\u0301 ", None], index=[4, 2, 0], dtype="str")

    assert trimmed(composed(texts)).fillna("none").to_dict() == {4: "a", 2: "é", 0: "none"}


def test_a_column_that_stays_as_it_is_is_not_copied() -> None:
    texts = pd.Series(["a", "b", None], dtype="str")

    assert trimmed(texts) is texts
    assert composed(texts) is texts


def test_a_code_is_trimmed_and_composed() -> None:
    assert code_of("\u200b e\u0301 ") == "é"
