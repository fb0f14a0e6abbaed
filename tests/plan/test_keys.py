import pandas as pd
import pytest

from wizsync.plan.keys import among, arrow, as_in_a_file, bare, formed, plainest, positions


def column(*keys: str | None) -> "pd.Series[str]":
    return pd.Series(keys, dtype="str")


def test_account_keys_are_trimmed_and_composed() -> None:
    assert as_in_a_file(column("\u00a0C-1 ", "Cafe\u0301", None)).tolist() == ["C-1", "Café", ""]


@pytest.mark.parametrize(
    ("key", "run_together", "apart"),
    [
        ("C-007", "c7", "c7"),
        ("c 7", "c7", "c7"),
        ("0007", "7", "7"),
        ("00A-2", "a2", "a2"),
        ("000", "0", "0"),
        ("1-001", "1001", "11"),
        ("C-0100.020", "c100020", "c10020"),
        ("ÉT_É", "été", "été"),
        ("STRAßE", "strasse", "strasse"),
        ("İZ", "iz", "iz"),
        ("--", "--", "--"),
        ("#", "#", "#"),
    ],
)
def test_what_is_left_of_a_key(key: str, run_together: str, apart: str) -> None:
    assert [form.tolist() for form in bare(column(key))] == [[run_together], [apart]]


@pytest.mark.parametrize(
    ("one", "other"), [("C-007", "c 7"), ("1-001", "11"), ("1-001", "1001"), ("STRAßE", "strasse")]
)
def test_keys_that_look_alike_are_plainly_the_same(one: str, other: str) -> None:
    first, second = plainest(column(one, other)).tolist()

    assert first == second


def test_a_form_of_ascii_is_made_by_columns_and_of_others_one_by_one() -> None:
    texts = pd.Series(["Ab", "É", "", "É"], index=[7, 5, 3, 1], dtype="str")
    asked: list[str] = []

    made = formed(texts, lambda text: asked.append(text) or "e", lambda column: column)

    assert made.to_dict() == {7: "Ab", 5: "e", 3: "", 1: "e"}
    assert asked == ["É"]


def test_a_column_in_pieces_becomes_one_piece() -> None:
    pieces = pd.concat([column("a"), column("b")])

    assert arrow(pieces).to_pylist() == ["a", "b"]


def test_among_and_positions() -> None:
    keys = column("b", "z", "a")

    assert among(keys, {"a", "b"}).tolist() == [True, False, True]
    assert among(keys, ()).tolist() == [False, False, False]
    assert positions(keys, column("a", "b")).tolist() == [1, -1, 0]
    assert positions(column(), column("a")).tolist() == []
