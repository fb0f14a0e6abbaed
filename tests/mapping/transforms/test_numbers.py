"""Transforms of numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mapping.builders import transformed


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5", "5"),
        ("007", "7"),
        ("1234.50", "1234.50"),
        ("1,234.56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1\u00a0234\u00a0567,8", "1234567.8"),
        ("1'234.50", "1234.50"),
        ("1’234’567", "1234567"),
        ("1,234,567", "1234567"),
        ("1.234.567", "1234567"),
        ("12,34,567.89", "1234567.89"),
        ("1234,5", "1234.5"),
        ("12,34", "12.34"),
        ("1234,567", "1234.567"),
        ("0,123", "0.123"),
        ("0.123", "0.123"),
        (".5", "0.5"),
        ("5.", "5"),
        ("-5", "-5"),
        ("\u22125,5", "-5.5"),
        ("5-", "-5"),
        ("(5)", "-5"),
        ("+5", "5"),
        ("-0.00", "0.00"),
        ("  5 ", "5"),
        ("$1,000.00", "1000.00"),
        ("-$5.25", "-5.25"),
        ("($1,234.50)", "-1234.50"),
        ("$-5", "-5"),
        ("€ 5", "5"),
        ("5,00 €", "5.00"),
        ("USD 5", "5"),
        ("5 EUR", "5"),
        ("(5 EUR)", "-5"),
    ],
)
def test_a_number_however_it_is_written(text: str, number: str) -> None:
    assert transformed("number", text) == number


@pytest.mark.parametrize("text", ["1,234", "1.234", "12,345", "123.456", "-1,234", "$1,234"])
def test_thousands_or_decimals_is_not_guessed(text: str) -> None:
    assert transformed("number", text) == "!ambiguous_number"


@pytest.mark.parametrize(
    ("mark", "text", "number"),
    [
        (",", "1.234", "1234"),
        (",", "1,234", "1.234"),
        (",", "1.234,5", "1234.5"),
        (",", "1.5", "!bad_number"),
        (",", "1,234.5", "!bad_number"),
        (".", "1,234", "1234"),
        (".", "1.234", "1.234"),
        (".", "1,5", "!bad_number"),
        (".", "1.2.3", "!bad_number"),
    ],
)
def test_the_mapping_may_say_which_mark_stands_before_the_decimals(
    mark: str, text: str, number: str
) -> None:
    assert transformed({"number": mark}, text) == number


@pytest.mark.parametrize(
    "text",
    [
        *("", "-", ".", ",", "()", "(5", "5)", "--5", "$", "abc", "1e5", "1_000", "5%", "12 USD 3"),
        *("1,2,3", "1.2.3", "1.234.56", "1,234.567,8", "1 2", "1 23 4", "1'2'3", "1,.5"),
        *("\uff15", "\u0665", "5kg", "#5", "0x1F", "1/2", "1" * 50 + "x"),
    ],
)
def test_what_is_no_number(text: str) -> None:
    assert transformed("number", text) == "!bad_number"


@given(
    st.decimals(-(10**12), 10**12, places=2), st.sampled_from([(",", "."), (".", ","), (" ", ",")])
)
def test_grouped_numbers_come_out_as_they_are(number: Decimal, marks: tuple[str, str]) -> None:
    group, point = marks
    written = f"{number:,.2f}".translate({ord(","): group, ord("."): point})

    assert float(transformed("number", written)) == float(number)
