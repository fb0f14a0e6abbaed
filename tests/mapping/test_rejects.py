"""Findings become rejects, in the order of the file's rows."""

from __future__ import annotations

from tests.mapping.builders import row, table
from wizsync.mapping.rejects import Finding, rejects
from wizsync.mapping.transforms import Fault
from wizsync.model import Reject

BAD = Fault("bad_phone", "is not a phone number", "Mend it.")
SHEET = table({"No": "A", "P": "x"}, {"No": "B", "P": "y"}, {"No": "A", "P": "z"})


def test_a_finding_becomes_a_reject_with_the_rows_as_they_were() -> None:
    (reject,) = rejects(SHEET, [Finding(BAD, (0, 2), "P", "x", "A")])

    assert reject == Reject(
        code="bad_phone",
        message='"P" is not a phone number',
        hint="Mend it.",
        rows=(row(2, "A", "x"), row(4, "A", "z")),
        column="P",
        value="x",
        key="A",
    )


def test_a_finding_without_a_column_says_it_of_the_row() -> None:
    (reject,) = rejects(SHEET, [Finding(BAD, (1,))])

    assert (reject.message, reject.column, reject.value) == ("is not a phone number", None, None)


def test_they_stand_in_the_order_of_the_rows() -> None:
    sheet = table({"No": "A"}, {"No": "B"}, {"No": "C"})

    found = rejects(sheet, [Finding(BAD, (2,)), Finding(BAD, (0,), "No")])

    assert [one.rows[0].number for one in found] == [2, 4]


def test_what_two_fields_find_in_one_cell_is_told_once() -> None:
    twice = [
        Finding(BAD, (0,), "P", "x"),
        Finding(BAD, (0,), "P", "x"),
        Finding(BAD, (1,), "P", "x"),
    ]

    assert [one.rows[0].number for one in rejects(SHEET, twice)] == [2, 3]


def test_nothing_found_is_no_reject() -> None:
    assert rejects(SHEET, []) == ()
