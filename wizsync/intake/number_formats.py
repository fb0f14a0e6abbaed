"""Numbers as a spreadsheet program shows them where they are codes: `00123`, `10013`, dates, yes and no."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

# What a cell of a workbook holds, as readers give it.
Value = str | float | int | bool | date | datetime | time | timedelta | None

# A spreadsheet program keeps 15 digits of a number; what is longer has lost some.
DIGITS = 15
_TOO_LARGE = 10**DIGITS

# Formats that make a code of a number: zeros for its digits, with signs and spaces between them.
_CODE = re.compile(r"0[0\-/(). ]*0")


def code_format(pattern: str) -> str | None:
    r"""A number format as zeros and the signs between them, where it makes codes; None: it does not.

    Args:
        pattern: As the file has it, such as `00000`, `000\\-0000` or `"No. "0`.
    """
    first = pattern.split(";", maxsplit=1)[0]
    plain = re.sub(r"\\(.)|\"([^\"]*)\"", lambda found: found[1] or found[2] or "", first)
    # With a decimal point it is an amount, and one zero is any number.
    if "." in re.sub(r"\\\.", "", first) or not _CODE.fullmatch(plain):
        return None
    return plain


def as_code(number: float, pattern: str) -> str:
    """A number in a code format: its digits in the places of the zeros, from the right."""
    digits = str(round(abs(number)))
    result: list[str] = []
    for place in reversed(pattern):
        if place == "0":
            result.append(digits[-1] if digits else "0")
            digits = digits[:-1]
        else:
            result.append(place)
    return ("-" if number < 0 else "") + digits + "".join(reversed(result))


def is_too_long(value: Value) -> bool:
    """Whether a number has more digits than a spreadsheet program keeps."""
    return (
        isinstance(value, float | int)
        and not isinstance(value, bool)
        and abs(value) >= _TOO_LARGE
        and value == value // 1
    )


def text_of(value: Value) -> str:
    """A cell's value as text: a code as it is shown, a date as ISO 8601, an amount as its plain number."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "TRUE" if value else "FALSE"
        case datetime():
            if value.microsecond >= 500_000:
                value += timedelta(seconds=1)
            return value.replace(microsecond=0).isoformat()
        case date() | time():
            return value.isoformat()
        case timedelta():
            return _hours(value)
        case _:
            return _number(float(value))


def _number(value: float) -> str:
    if value == int(value) and abs(value) < 1e18:
        return str(int(value))
    plain = f"{Decimal(f'{value:.{DIGITS}g}'):f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _hours(value: timedelta) -> str:
    minutes, seconds = divmod(round(value.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}"
