"""Texts as they are looked up."""

import pandas as pd

from wizsync.mapping.words import code_of, is_blank, is_one_of


def test_blank_and_one_of() -> None:
    texts = pd.Series(["", "-", "Hold", "É"], dtype="str")

    assert is_blank(texts, []).tolist() == [True, False, False, False]
    assert is_blank(texts, ["-"]).tolist() == [True, True, False, False]
    assert is_one_of(texts, ["HOLD ", "e\u0301"]).tolist() == [False, False, True, True]
    assert is_one_of(texts, [" "]).tolist() == [True, False, False, False]


def test_a_code_is_trimmed_and_composed() -> None:
    assert code_of("\u200b e\u0301 ") == "é"
