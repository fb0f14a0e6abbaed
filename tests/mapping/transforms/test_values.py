"""Transforms of numbers, dates, and yes or no."""

from __future__ import annotations

from datetime import date as Date  # noqa: N812 - `date` is the transform
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mapping.builders import transformed

# --- numbers ------------------------------------------------------------------------------------


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


# --- dates --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        *("2026-03-04", "2026-3-4", "2026/03/04", "2026.03.04", "20260304", " 2026-03-04 "),
        *("4 Mar 2026", "04-MAR-2026", "4 march 2026", "4. March 2026", "Mar 4, 2026"),
        *("March 04, 2026", "March 4 2026"),
        *("2026-03-04T10:00:00Z", "2026-03-04 10:00", "2026-03-04 10:00:00.123+01:00"),
        *("2026-03-04 1:05 PM", "4 Mar 2026 00:00:00"),
    ],
)
def test_a_date_that_can_be_read_in_one_way(text: str) -> None:
    assert transformed("date", text) == "2026-03-04"


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("13/04/2026", "2026-04-13"),
        ("04/13/2026", "2026-04-13"),
        ("31.12.2026", "2026-12-31"),
        ("4-4-2026", "2026-04-04"),
        ("29.02.2024", "2024-02-29"),
        ("03/04/2026", "!ambiguous_date"),
        ("4.3.2026", "!ambiguous_date"),
        ("29.02.2025", "!bad_date"),
        ("31/31/2026", "!bad_date"),
        ("04-03/2026", "!bad_date"),
        ("00/01/2026", "!bad_date"),
        ("01/02/0000", "!bad_date"),
    ],
)
def test_two_numbers_and_a_year_are_a_date_where_only_one_order_is_possible(
    text: str, date: str
) -> None:
    assert transformed("date", text) == date


@pytest.mark.parametrize(
    "text",
    [
        *("", "46085", "2026-02-30", "2026-13-01", "2026-03", "202634", "2026304", "03/04/26"),
        *("4. März 2026", "yesterday", "99999-01-01", "0000-01-01", "2026-03-04x", "10:00"),
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert transformed("date", text) == "!bad_date"


@pytest.mark.parametrize(
    ("forms", "text", "date"),
    [
        ("DD/MM/YYYY", "03/04/2026", "2026-04-03"),
        ("MM/DD/YYYY", "03/04/2026", "2026-03-04"),
        ("DD.MM.YYYY", "4.3.2026", "2026-03-04"),
        ("DD.MM.YYYY", "4.3.2026 10:00", "2026-03-04"),
        ("dd.mm.yy", "04.03.26", "2026-03-04"),
        ("DD.MM.YYYY", "04.03.26", "!bad_date"),
        ("DD.MM.YYYY", "2026-03-04", "!bad_date"),
        ("DD.MM.YYYY", "03.13.2026", "!bad_date"),
        ("DDMMYYYY", "04032026", "2026-03-04"),
        ("DDMMYYYY", "4032026", "!bad_date"),
        ("YYMMDD", "260304", "2026-03-04"),
        ("D MMM YYYY", "4 Mar 2026", "2026-03-04"),
        ("MMMM D, YYYY", "March 4, 2026", "2026-03-04"),
        ("YYYY年MM月DD日", "2026年03月04日", "2026-03-04"),
        (["DD/MM/YYYY", "YYYY-MM-DD"], "03/04/2026", "2026-04-03"),
        (["DD/MM/YYYY", "YYYY-MM-DD"], "2026-03-04", "2026-03-04"),
        (["DD/MM/YYYY", "MM/DD/YYYY"], "03/13/2026", "2026-03-13"),
    ],
)
def test_the_mapping_may_say_how_dates_are_written(forms: object, text: str, date: str) -> None:
    assert transformed({"date": forms}, text) == date


@given(
    st.dates(Date(1000, 1, 1)), st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%d %b %Y", "%B %d, %Y"])
)
def test_every_day_is_read_back(day: Date, form: str) -> None:
    assert transformed("date", day.strftime(form)) == day.isoformat()


# --- yes or no ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("transform", "text", "result"),
    [
        *(("boolean", word, "true") for word in ("true", "YES", " y ", "1", "x", "on", "Ja", "sí")),
        *(("boolean", word, "false") for word in ("False", "no", "N", "0", "off", "nein", "faux")),
        *(("boolean", word, "!bad_boolean") for word in ("", "maybe", "2", "yes!", "-")),
        ({"boolean": "A"}, "a", "true"),
        ({"boolean": "A"}, "no", "false"),
        ({"boolean": "A"}, "yes", "!bad_boolean"),
        ({"boolean": {"yes": ["A", "B"], "no": ["I"]}}, "i", "false"),
        ({"boolean": {"yes": ["A", "B"], "no": ["I"]}}, "no", "!bad_boolean"),
        ({"boolean": {"no": "I"}}, "yes", "true"),
    ],
)
def test_yes_or_no(transform: object, text: str, result: str) -> None:
    assert transformed(transform, text) == result
