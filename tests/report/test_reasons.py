"""Rejects of one reason read as one."""

from __future__ import annotations

from tests.report.builders import reject, row, ship_to
from wizsync.report.reasons import reasons


def test_the_most_frequent_reason_comes_first():
    empty = reject(row(9), code="required", message='"Company" is empty', column="Company")
    found = reasons([empty, *(reject(row(number)) for number in range(2, 7))])
    assert [(one.message, one.rows) for one in found] == [
        ('"Phone" is not a phone number', 5),
        ('"Company" is empty', 1),
    ]


def test_rows_of_several_rejects_count_once():
    assert reasons([reject(row(2), row(3)), reject(row(3))])[0].rows == 2


def test_a_hint_that_varies_is_left_to_the_rows():
    same = reasons([reject(), reject()])[0]
    other = reasons([reject(), reject(hint="Write another.")])[0]
    assert (same.hint, other.hint) == (reject().hint, "")


def test_messages_that_name_the_row_do_not_make_a_group_each():
    found = reasons(
        [reject(row(n), message=f"Row {n} differs from row {n + 1}") for n in range(40)]
    )
    assert [(one.message, one.rows) for one in found] == [('Bad phone in "Phone"', 40)]


def test_rows_of_another_sheet_are_a_group_of_their_own_and_count_apart():
    found = reasons([reject(row(7)), reject(ship_to(7)), reject(ship_to(8), row(7))])
    assert [(one.place, one.rows) for one in found] == [("Ship-to", 3), ("", 1)]
