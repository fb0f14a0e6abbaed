"""Rows of one key become one customer, or disagree."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizsync.mapping.merging import Disagreement, disagreements, merge


def series(texts: Sequence[str | None], index: Sequence[int] | None = None) -> pd.Series:
    return pd.Series(texts, index=index, dtype="str")


def disagreeing(
    keys: Sequence[str],
    actions: Sequence[str] | None = None,
    index: Sequence[int] | None = None,
    **columns: Sequence[str | None],
) -> list[Disagreement]:
    of_rows = {name: series(texts, index) for name, texts in columns.items()}
    asked = series(actions or ["upsert"] * len(keys), index)
    return list(disagreements(series(keys, index), asked, of_rows))


@pytest.mark.parametrize(
    ("first", "second", "merged"),
    [
        ("1", None, "1"),
        (None, "1", "1"),
        ("1", "", "1"),
        ("", "1", "1"),
        ("1", "1", "1"),
        (None, "", ""),
        ("", None, ""),
        ("", "", ""),
        (None, None, None),
    ],
)
def test_blank_yields_to_a_value(first: str | None, second: str | None, merged: str | None) -> None:
    assert disagreeing(["A", "A"], phone=[first, second]) == []

    result = merge(series(["A", "A"]), {"phone": series([first, second])})

    assert result.columns["phone"].astype(object).where(lambda c: c.notna(), None).tolist() == [
        merged
    ]


def test_customers_stand_where_their_first_rows_do() -> None:
    keys = series(["B", "A", "C", "A", "B", "A"], [1, 3, 4, 6, 8, 9])
    phones = series([None, "1", "3", "", "2", None], keys.index)

    result = merge(keys, {"phone": phones})

    assert result.positions.tolist() == [1, 3, 4]
    assert result.columns["phone"].tolist() == ["2", "1", "3"]
    assert result.several == {0: (1, 8), 1: (3, 6, 9)}


def test_without_repeated_rows_nothing_is_merged() -> None:
    result = merge(series(["A", "B"], [4, 7]), {"phone": series(["1", None], [4, 7])})

    assert (result.positions.tolist(), result.several) == ([4, 7], {})
    assert result.columns["phone"].index.tolist() == [0, 1]


def test_no_rows_make_no_customers() -> None:
    result = merge(series([]), {"phone": series([])})

    assert (result.positions.tolist(), result.several) == ([], {})
    assert disagreeing([], phone=[]) == []


def test_two_values_disagree_and_name_all_rows_of_the_key() -> None:
    found = disagreeing(
        ["A", "B", "A", "A", "B"],
        index=[2, 3, 5, 6, 8],
        phone=["9", "1", None, "10", "1"],
        email=["x", "", "x", "", "y"],
    )

    assert found == [Disagreement("phone", (2, 5, 6), ("10", "9"))]


def test_texts_that_differ_by_case_or_spaces_differ() -> None:
    assert disagreeing(["A", "A"], phone=["a", "A"]) == [Disagreement("phone", (0, 1), ("A", "a"))]
    assert disagreeing(["A", "A"], phone=["a b", "a  b"])[0].values == ("a  b", "a b")


def test_two_actions_disagree() -> None:
    assert disagreeing(["A", "A", "B"], ["update", "create", "create"], phone=["1", "1", "2"]) == [
        Disagreement(None, (0, 1), ("create", "update"))
    ]


def test_rows_of_different_keys_never_disagree() -> None:
    assert disagreeing(["A", "B"], ["create", "update"], phone=["1", "2"]) == []


rows = st.lists(
    st.tuples(st.sampled_from("ABC"), st.sampled_from([None, "", "1", "2"])), max_size=8
)


@given(rows, st.randoms())
def test_the_order_of_rows_changes_no_value(
    given_rows: list[tuple[str, str | None]], random: Random
) -> None:
    def customers(of: list[tuple[str, str | None]]) -> dict[str, object]:
        keys, phones = series([key for key, _ in of]), series([phone for _, phone in of])
        split = {keys[one.positions[0]] for one in disagreements(keys, keys, {"p": phones})}
        good = ~keys.isin(list(split))
        merged = merge(keys[good], {"p": phones[good]})
        texts = merged.columns["p"].fillna("keep")
        return {
            **dict.fromkeys(split, "disagree"),
            **dict(zip(keys[merged.positions], texts, strict=True)),
        }

    shuffled = list(given_rows)
    random.shuffle(shuffled)

    assert customers(shuffled) == customers(given_rows)
    assert set(customers(given_rows)) == {key for key, _ in given_rows}
