"""Which child is which, where texts are seldom as plain as in most files."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizsync.model import ChildKind
from wizsync.plan.child_pairing import content_form, pair_children


def addresses(rows: Sequence[Sequence[str]]) -> pd.DataFrame:
    names = ("referenceId", "type", "addressLine1", "zipCode", "city")
    return pd.DataFrame(
        {name: pd.Series([row[at] for row in rows], dtype="str") for at, name in enumerate(names)}
    )


def found(
    ours: Sequence[Sequence[str]], theirs: Sequence[Sequence[str]]
) -> tuple[list[int], list[bool]]:
    """Ours among theirs, all of one customer."""
    nobody = np.zeros(len(ours), dtype=np.intp)
    pairs = pair_children(
        ChildKind.ADDRESSES,
        addresses(ours),
        nobody,
        addresses(theirs),
        np.zeros(len(theirs), np.intp),
    )
    return pairs.found.tolist(), pairs.unclear.tolist()


@pytest.mark.parametrize("reference", [" A-1", "A-1\x1f", "\u3000A-1\x85"])
def test_a_reference_is_trimmed_of_all_white_space(reference: str) -> None:
    assert found([("A-1", "billing", "", "", "")], [(reference, "billing", "", "", "")])[0] == [0]


def test_content_is_compared_without_case_accents_and_punctuation() -> None:
    ours = [
        ("", "billing", "1, Rue de l’Été", "75001", "PARIS"),
        ("", "billing", "2 Main-St.", "1", "X"),
    ]
    theirs = [
        ("", "billing", "2  main st", "1", "x"),
        ("", "Billing", "1 rue de l ete", "75001", "Paris"),
    ]

    assert found(ours, theirs)[0] == [1, 0]


def test_what_could_be_several_is_unclear_and_what_nothing_tells_is_nobody() -> None:
    twin = ("A", "billing", "1 Main St", "1", "X")

    assert found([twin, ("", "billing", "", "1", "X")], [twin, twin]) == ([-1, -1], [True, False])


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "A", "B", "É"]), st.sampled_from(["", "billing", "shipping"])
        )
    )
)
def test_one_is_found_once_at_most(keys: list[tuple[str, str]]) -> None:
    rows = [(key, kind, "", "", "") for key, kind in keys]
    at, unclear = found(rows, rows)

    taken = [one for one in at if one >= 0]
    assert len(taken) == len(set(taken))
    for mine, theirs, doubtful in zip(range(len(rows)), at, unclear, strict=True):
        assert theirs < 0 or rows[theirs][0] == rows[mine][0]
        assert not (doubtful and theirs >= 0)
        if rows[mine][0] and rows.count(rows[mine]) == 1 and rows[mine][1]:
            assert theirs == mine


@given(st.text("aB1 .-\t\x1féß", max_size=8))
def test_a_content_in_ascii_has_the_form_of_any_other(text: str) -> None:
    # What is beside it is told one by one, and must be found all the same.
    street = f"x{text}"
    ours = [("", "billing", street, "", "")]
    theirs = [("", "billing", content_form(street), "", ""), ("", "billing", "é", "", "")]

    assert found(ours, theirs)[0] == [0]
