"""Each row's referenceId."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.mapping.builders import TOP, mapped, mapping, told
from wizsync.mapping.keys import complete, key_fields

PARTS = (
    "version: 1\ncustomer:\n  referenceId: '{companyName}-{displayId}'\n"
    "  companyName: Company\n  displayId: Id\n"
)


@pytest.mark.parametrize(
    ("cell", "key"),
    [
        ("  C-1\u00a0", "C-1"),
        ("\u200bC-1\ufeff", "C-1"),
        ("e\u0301", "é"),
        ("Abc", "Abc"),
        ("007", "007"),
        ("C 1", "C 1"),
        ("1E5", "1E5"),
        ("\uff11", "\uff11"),
    ],
)
def test_a_key_is_trimmed_and_composed_and_nothing_else(cell: str, key: str) -> None:
    desired = mapped(TOP, {"No": cell})

    assert desired.keys.tolist() == [key]
    assert desired.present == {key}


def test_keys_that_differ_by_case_are_two_and_by_normal_form_one() -> None:
    desired = mapped(TOP, {"No": "É"}, {"No": "é"}, {"No": "E\u0301"})

    assert desired.keys.tolist() == ["É", "é"]
    assert desired.merged == {0: (0, 2)}


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("", "blank_key"),
        (" \u200b", "blank_key"),
        ("-", "blank_key"),
        ("1.23E+11", "damaged_key"),
        ("#N/A", "error_value"),
        ("####", "error_value"),
    ],
)
def test_a_key_that_cannot_be_read_in_a_filled_row(cell: str, code: str) -> None:
    desired = mapped(
        f"{TOP}  phone: P\nsource: {{blank_words: ['-']}}\n", {"No": cell, "P": "1"}, {"No": "C-2"}
    )

    value = None if code == "blank_key" else cell
    assert told(desired) == [(code, (2,), "No", value, None)]
    assert (desired.keys_unread, desired.keys.tolist(), desired.present) == (1, ["C-2"], {"C-2"})


def test_a_row_with_nothing_in_it_lacks_no_key() -> None:
    desired = mapped(f"{TOP}  phone: P\n", {"No": "", "P": " "}, {"No": "C-2", "P": "1"})

    assert (desired.keys_unread, desired.rejects, desired.keys.tolist()) == (0, (), ["C-2"])


def test_a_column_that_is_not_mapped_fills_a_row_too() -> None:
    desired = mapped(TOP, {"No": "", "Remarks": "x"})

    assert told(desired) == [("blank_key", (2,), "No", None, None)]


def test_a_key_goes_through_transforms_and_values() -> None:
    text = (
        "version: 1\ncustomer:\n  referenceId: "
        "{column: No, transforms: [{zfill: 3}], values: {001: ' A ', 002: '', 003: \"e\\u0301\"}}\n"
    )

    desired = mapped(text, {"No": "1"}, {"No": "2"}, {"No": "3"}, {"No": "4"})

    assert desired.keys.tolist() == ["A", "é"]
    assert told(desired) == [
        ("blank_key", (3,), "No", None, None),
        ("unknown_value", (5,), "No", "4", None),
    ]
    assert desired.keys_unread == 2


def test_a_key_of_several_columns() -> None:
    desired = mapped(PARTS, {"Company": " Acme ", "Id": "7"})

    assert desired.keys.tolist() == ["Acme-7"]


@pytest.mark.parametrize(
    ("cells", "reasons"),
    [
        ({"Company": "", "Id": "7"}, [("empty_key_part", (2,), "Company", None, None)]),
        ({"Company": "Acme", "Id": " "}, [("empty_key_part", (2,), "Id", None, None)]),
        ({"Company": "Acme", "Id": "1E+05"}, [("damaged_key", (2,), "Id", "1E+05", None)]),
        ({"Company": "#REF!", "Id": "1"}, [("error_value", (2,), "Company", "#REF!", None)]),
        (
            {"Company": "", "Id": "", "More": "x"},
            [
                ("empty_key_part", (2,), "Company", None, None),
                ("empty_key_part", (2,), "Id", None, None),
            ],
        ),
    ],
)
def test_a_template_with_an_empty_part_is_no_key(
    cells: dict[str, str], reasons: list[tuple[object, ...]]
) -> None:
    desired = mapped(PARTS, cells)

    assert told(desired) == reasons
    assert (desired.keys_unread, desired.present) == (1, frozenset())


def test_clearing_and_defaults_make_no_key() -> None:
    text = PARTS.replace("displayId: Id", "displayId: {column: Id, blank: clear, default: x}")

    assert mapped(text, {"Company": "Acme", "Id": ""}).keys_unread == 1


def test_two_customers_whose_parts_make_one_key_are_rejected() -> None:
    desired = mapped(PARTS, {"Company": "a-b", "Id": "c"}, {"Company": "a", "Id": "b-c"})

    assert {(one[0], one[1], one[4]) for one in told(desired)} == {
        ("different_values", (2, 3), "a-b-c")
    }
    assert len(desired) == 0


def test_spaces_at_the_ends_of_a_template_are_trimmed() -> None:
    text = PARTS.replace("'{companyName}-{displayId}'", "' {companyName} '")

    assert mapped(text, {"Company": "Acme", "Id": ""}).keys.tolist() == ["Acme"]


def test_the_fields_that_a_key_is_made_of() -> None:
    customer = mapping(
        "version: 1\ncustomer:\n  referenceId: '{displayName}-{phone}'\n"
        "  displayName: '{companyName}{lastName}'\n  companyName: A\n  lastName: {const: x}\n"
        "  phone: B\n  email: C\n"
    ).schema.customer

    assert key_fields(customer) == {"companyName", "phone"}


def test_a_field_is_its_column_its_constant_or_its_template() -> None:
    customer = mapping(
        f"{TOP}  phone: P\n  email: {{const: a@b.co}}\n  lastName: '{{phone}}/{{email}}'\n"
    ).schema.customer
    columns = {"phone": pd.Series(["1", None], dtype="str")}

    def whole(name: str) -> list[str]:
        return complete(customer, columns, name, pd.RangeIndex(2)).fillna("?").tolist()

    assert whole("phone") == ["1", "?"]
    assert whole("email") == ["a@b.co", "a@b.co"]
    assert whole("lastName") == ["1/a@b.co", "?"]
