"""What each row asks for."""

from __future__ import annotations

import pandas as pd
import pytest

from wizsync.mapping.actions import IGNORE, UNKNOWN, WORDS, asks, read_actions, word_of
from wizsync.model import Mode


def read(*texts: str, mode: Mode = Mode.UPSERT, blank_words: tuple[str, ...] = ()) -> list[str]:
    column = pd.Series(texts, dtype="str")
    return read_actions(column, mode, rows=len(texts), blank_words=blank_words).tolist()


@pytest.mark.parametrize(
    ("word", "action"),
    [
        ("create", "create"),
        ("update", "update"),
        ("upsert", "upsert"),
        ("merge", "upsert"),
        ("delete", "delete-listed"),
        ("ignore", IGNORE),
    ],
)
def test_the_words(word: str, action: str) -> None:
    assert read(word, word.upper(), f" {word.title()}\u00a0") == [action] * 3
    assert WORDS[word_of(action)] == action


@pytest.mark.parametrize("text", ["del", "delete-listed", "mirror", "#N/A", "yes", "create update"])
def test_no_other_word_is_an_action(text: str) -> None:
    assert read(text) == [UNKNOWN]


@pytest.mark.parametrize("mode", Mode)
def test_a_blank_cell_and_no_column_are_the_mode(mode: Mode) -> None:
    assert read("", " ", "-", mode=mode, blank_words=("-",)) == [mode.value] * 3
    assert read_actions(None, mode, rows=2, blank_words=()).tolist() == [mode.value] * 2


def test_a_blank_word_wins_over_an_action() -> None:
    assert read("Ignore", blank_words=("ignore",)) == ["upsert"]


def test_asking() -> None:
    actions = read_actions(
        pd.Series(["delete", "", "nix"], dtype="str"), Mode.UPDATE, rows=3, blank_words=()
    )

    assert asks(actions, Mode.DELETE_LISTED).tolist() == [True, False, False]
    assert asks(actions, UNKNOWN).tolist() == [False, False, True]


def test_no_rows() -> None:
    assert read() == []
    assert read_actions(None, Mode.CREATE, rows=0, blank_words=()).tolist() == []
