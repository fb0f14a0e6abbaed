"""Which formats make codes of numbers, and how numbers are told as texts."""

from __future__ import annotations

import datetime as dt

import pytest

from wizsync.intake.number_formats import as_code, code_format, is_too_long, text_of


@pytest.mark.parametrize(
    ("pattern", "number", "shown"),
    [
        ("00000", 123, "00123"),
        ("00000", 1234567, "1234567"),
        ("00", 5, "05"),
        ("000-0000", 123, "000-0123"),
        ("000\\-0000", 5550100, "555-0100"),
        ("(000) 000-0000", 2125550100, "(212) 555-0100"),
        ('"C-"00000', 7, "C-00007"),
        ("[$-409]00000", 7, "00007"),
        ("[Red]00000", 7, "00007"),
        ("00000_)", 7, "00007"),
        ("00000;-00000", 7, "00007"),
        ("[<=99999]00000;00000-0000", 7, "00007"),
        ("[<=99999]00000;00000-0000", 100011234, "10001-1234"),
        ('00000;-00000;"none"', 0, None),
        ("00000;;", 0, None),
        ("[<=99999]00000;General", 1234567, None),
        ("00000", -7, None),
        ("00000", 7.5, None),
        ("00000", 1e15, None),
    ],
)
def test_a_code_is_as_it_is_shown(pattern: str, number: float, shown: str | None) -> None:
    made = code_format(pattern)
    assert made is not None
    assert as_code(number, made) == shown


@pytest.mark.parametrize(
    "pattern",
    [
        "", "General", "0", "@", "#,##0", "0.00", "000.0", "0%", "00%", "0.00E+00", "##0", "# ##0", '0 "pcs"',
        '"$"#,##0.00', '"$"00', "[$€-407] 00", "yyyy-mm-dd", "dd/mm/yyyy", "h:mm", "[h]:mm", "mm:ss",
        'dd"d"00000',
    ],
)  # fmt: skip
def test_amounts_and_dates_are_no_codes(pattern: str) -> None:
    assert code_format(pattern) is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("1E5", "1E5"),
        (True, "TRUE"),
        (10013.0, "10013"),
        (-0.0, "0"),
        (0.1 + 0.2, "0.3"),
        (1e-7, "0.0000001"),
        (1200.5, "1200.5"),
        (dt.date(2026, 3, 4), "2026-03-04"),
        (dt.datetime(2026, 3, 4, 15, 29, 59, 999_999), "2026-03-04T15:30:00"),  # noqa: DTZ001
        (dt.time(8, 30), "08:30:00"),
        (dt.timedelta(hours=30), "30:00:00"),
    ],
)
def test_a_value_is_told_as_text(value: object, text: str) -> None:
    assert text_of(value) == text  # type: ignore[arg-type]


def test_16_digits_are_too_many() -> None:
    assert not is_too_long(999_999_999_999_999.0)
    assert is_too_long(1_000_000_000_000_000.0)
    assert is_too_long(-12345678901234567)
