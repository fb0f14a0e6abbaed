"""Finding what a cell stands for, in the account's lists and in files."""

from __future__ import annotations

import pytest

from tests.mapping.builders import mapping, table
from wizsync.mapping import to_desired
from wizsync.model import LIST_SEPARATOR, Desired, Entry, Lists

TOP = "version: 1\ncustomer:\n  referenceId: No\n"
PRICES = (
    Entry("pl1", "Wholesale", "W"),
    Entry("pl2", "Spring", "S1"),
    Entry("pl3", "Spring", "S2"),
    Entry("pl4", "Outlet", "O", active=False),
)
REPS = (
    Entry("r1", "Ada Byron", email="ada@shop.example"),
    Entry("r2", "Bob Stone", email="bob@shop.example"),
    Entry("r3", "Cy Left", email="cy@shop.example", active=False),
)
LISTS = Lists(price_lists=PRICES, sales_reps=REPS)


def read(field: str, *cells: str, lists: Lists | None = LISTS) -> Desired:
    rows = [{"No": f"C-{n}", "X": cell} for n, cell in enumerate(cells)]
    return to_desired(mapping(f"{TOP}  {field}\n"), table(*rows, columns=("No", "X")), lists=lists)


def value(field: str, cell: str, lists: Lists | None = LISTS) -> object:
    found = read(field, cell, lists=lists)
    assert found.rejects == ()
    return found.customers.iloc[0, 0]


def fault(field: str, cell: str) -> tuple[str, str]:
    (reject,) = read(field, cell).rejects
    return reject.code, reject.hint


@pytest.mark.parametrize(
    ("field", "cell", "found"),
    [
        ("priceList: X", " wholesale ", "pl1"),
        ("priceList: {column: X, lookup: {account: price_lists, by: reference_id}}", "S2", "pl3"),
        ("assignedPriceListId: {column: X, lookup: {account: price_lists, by: id}}", "pl2", "pl2"),
        ("assignedPriceListId: X", "anything", "anything"),
        ("salesReps: X", "ADA@shop.example", "r1"),
        ("salesReps: {column: X, lookup: {account: sales_reps, by: name}}", "bob  stone", "r2"),
        (
            'salesReps: {column: X, split: ";"}',
            "bob@shop.example; ;ada@shop.example",
            f"r2{LIST_SEPARATOR}r1",
        ),
        ("priceList: {const: pl9}", "x", "pl9"),
        ("priceList: {column: X, values: {A: pl1}}", "A", "pl1"),
        ("priceList: {column: X, lookup: {account: price_lists}, otherwise: clear}", "Nope", ""),
    ],
)
def test_what_is_found(field: str, cell: str, found: str) -> None:
    assert value(field, cell) == found


@pytest.mark.parametrize(
    ("field", "cell", "code", "hint"),
    [
        ("priceList: X", "Spring", "ambiguous_lookup", "Spring (S1, id pl2); Spring (S2, id pl3)"),
        (
            "priceList: X",
            "Outlet",
            "inactive_lookup",
            'Give another one. There are: "Spring", "Wholesale".',
        ),
        ("priceList: X", "Wholsale", "unknown_lookup", 'Did you mean "Wholesale"?'),
        ("priceList: X", "zzzz", "unknown_lookup", 'There are: "Spring", "Wholesale".'),
        ("salesReps: X", "cy@shop.example", "inactive_lookup", "Give another one"),
        (
            'salesReps: {column: X, split: ","}',
            "ada@shop.example,x@y.example",
            "unknown_lookup",
            "Did",
        ),
        (
            "priceList: {column: X, lookup: {account: price_lists, by: reference_id}}",
            "w",
            "unknown_lookup",
            'Did you mean "W"?',
        ),
    ],
)
def test_what_is_not(field: str, cell: str, code: str, hint: str) -> None:
    found = fault(field, cell)

    assert found[0] == code
    assert hint in found[1]


def test_offline_the_text_passes() -> None:
    assert value("priceList: X", "Nope", lists=None) == "Nope"


REGIONS = table(
    {"Code": "N", "Rep": "north"},
    {"Code": "s", "Rep": "south"},
    {"Code": "D", "Rep": "one"},
    {"Code": "d", "Rep": "two"},
)


@pytest.mark.parametrize(
    ("cell", "found"),
    [("n", "north"), (" S ", "south"), ("x", "!unknown_lookup"), ("D", "!ambiguous_lookup")],
)
def test_in_a_file(cell: str, found: str) -> None:
    text = f"{TOP}  phone: {{column: X, lookup: {{file: r.csv, key: Code, value: Rep}}}}\n"
    read = mapping(text)

    desired = to_desired(read, table({"No": "C-1", "X": cell}), others={"r.csv": REGIONS})

    told = f"!{desired.rejects[0].code}" if desired.rejects else desired.customers["phone"].iloc[0]
    assert told == found


@pytest.mark.parametrize("empty", ["", " ", "#N/A", "#REF!"])
def test_a_value_that_is_missing_in_a_file_empties_nothing(empty: str) -> None:
    text = f"{TOP}  phone: {{column: X, lookup: {{file: r.csv, key: Code, value: Rep}}}}\n"
    regions = table({"Code": "N", "Rep": empty})

    desired = to_desired(mapping(text), table({"No": "C-1", "X": "N"}), others={"r.csv": regions})

    assert [reject.code for reject in desired.rejects] == ["empty_lookup"]


def test_an_account_without_any_says_so() -> None:
    (reject,) = read("priceList: X", "Nope", lists=Lists(price_lists=())).rejects

    assert (reject.code, reject.hint) == (
        "unknown_lookup",
        "The account has no active price list.",
    )
