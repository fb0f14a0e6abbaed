"""Transforms of dates."""

from __future__ import annotations

from datetime import date as Date  # noqa: N812 - `date` is the transform

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mapping.builders import transformed


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
