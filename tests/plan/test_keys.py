import pandas as pd
import pytest

from wizsync.plan.keys import among, as_in_a_file, bare, positions


def column(*keys: str | None) -> "pd.Series[str]":
    return pd.Series(keys, dtype="str")


def test_account_keys_are_trimmed_and_composed() -> None:
    assert as_in_a_file(column("\u00a0C-1 ", "Cafe\u0301", None)).tolist() == ["C-1", "Café", ""]


@pytest.mark.parametrize(
    ("key", "form"),
    [
        ("C-007", "c7"),
        ("c 7", "c7"),
        ("0007", "7"),
        ("00A-2", "a2"),
        ("000", "0"),
        ("1-001", "1001"),
        ("C-0100.020", "c100020"),
        ("ÉT_É", "été"),
        ("--", "--"),
        ("#", "#"),
    ],
)
def test_what_is_left_of_a_key(key: str, form: str) -> None:
    assert bare(column(key)).tolist() == [form]


def test_among_and_positions() -> None:
    keys = column("b", "z", "a")

    assert among(keys, {"a", "b"}).tolist() == [True, False, True]
    assert among(keys, ()).tolist() == [False, False, False]
    assert positions(keys, column("a", "b")).tolist() == [1, -1, 0]
    assert positions(column(), column("a")).tolist() == []
