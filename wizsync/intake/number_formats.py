"""Numbers as a spreadsheet program shows them where they are codes: `00123`, `10013`, dates, yes and no."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TypeGuard

# What a cell of a workbook holds, as readers give it.
Value = str | float | int | bool | date | datetime | time | timedelta | None

# A spreadsheet program keeps 15 digits of a number; what is longer has lost some.
DIGITS = 15
_TOO_LARGE = 10**DIGITS

_SECTION = re.compile(r'((?:\\.|"[^"]*"|\[[^\]]*\]|[^;])*)(?:;|\Z)', re.DOTALL)
_TOKEN = re.compile(r'\\(.)|"([^"]*)"|([_*].)|\[([^\]]*)\]|([0#?])|(.)', re.DOTALL)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[0-9.]+)")
_TESTS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "<>": operator.ne,
}
# Signs that may stand in a format as they are; any other (a point, %, E, the letters of dates) makes
# an amount or a date of the number.
_SIGNS = frozenset("-+/():!^&'~{}<>= ")
# Signs between digits that only codes have: 1 234 may be an amount, 12-34 is none.
_OF_CODES = frozenset("-/():")
_CURRENCIES = re.compile(r"[$€£¥₹]")


@dataclass(frozen=True, slots=True)
class _Section:
    """One section of a number format.

    Args:
        condition: Sign and number, where it has one.
        marks: What makes the code, from the left: places for digits (`0`, `#`) and literal texts; None: the
            section makes no code.
    """

    condition: tuple[str, float] | None
    marks: tuple[tuple[bool, str], ...] | None


@dataclass(frozen=True, slots=True)
class CodeFormat:
    """A number format that makes codes of numbers."""

    sections: tuple[_Section, ...]


def code_format(pattern: str) -> CodeFormat | None:
    r"""A number format, where it makes codes; None: it does not.

    Args:
        pattern: As the file has it, such as `00000`, `000\\-0000` or `[<=9999999]###-####;(###) ###-####`.
    """
    sections = []
    for found in _SECTION.finditer(pattern):
        sections.append(_section(found[1]))
        if not found[0].endswith(";"):
            break
    return CodeFormat(tuple(sections)) if any(section.marks for section in sections) else None


def as_code(number: float, pattern: CodeFormat) -> str | None:
    """A number in a code format; None where the format shows this number as no code."""
    if number != number // 1 or not 0 <= number < _TOO_LARGE:
        return None
    marks = _section_for(number, pattern.sections).marks
    return None if marks is None else _filled_in(str(int(number)), marks)


def _section(text: str) -> _Section:
    condition = None
    marks: list[tuple[bool, str]] = []
    is_code = True
    for literal, quoted, _, bracket, place, sign in _TOKEN.findall(text):
        if bracket:
            found = _CONDITION.fullmatch(bracket)
            condition = (found[1], float(found[2])) if found else condition
            is_code = is_code and (bracket[0] != "$" or bracket[1:2] == "-")
        elif place:
            marks.append((True, place))
        elif literal or quoted or sign in _SIGNS:
            marks.append((False, literal or quoted or sign))
        elif sign:
            is_code = False
    return _Section(condition, tuple(marks) if is_code and _makes_code(marks) else None)


def _makes_code(marks: list[tuple[bool, str]]) -> bool:
    """Whether zeros are put in front, or signs between, as no amount has them."""
    places = [at for at, (is_place, _) in enumerate(marks) if is_place]
    if len(places) < 2 or any(_CURRENCIES.search(text) for _, text in marks):
        return False
    between = "".join(text for is_place, text in marks[places[0] : places[-1]] if not is_place)
    return marks[places[0]][1] == "0" or bool(_OF_CODES & set(between))


def _section_for(number: float, sections: tuple[_Section, ...]) -> _Section:
    if any(section.condition for section in sections):
        for section in sections:
            if section.condition is None or _TESTS[section.condition[0]](
                number, section.condition[1]
            ):
                return section
        return _Section(None, None)
    return sections[2] if number == 0 and len(sections) > 2 else sections[0]


def _filled_in(digits: str, marks: tuple[tuple[bool, str], ...]) -> str:
    """Digits in their places from the right; those left over go before the first place."""
    first = next(at for at, (is_place, _) in enumerate(marks) if is_place)
    result: list[str] = []
    for at in range(len(marks) - 1, -1, -1):
        is_place, text = marks[at]
        if not is_place:
            result.append(text)
            continue
        result.append(digits[-1:] or ("0" if text == "0" else ""))
        digits = digits[:-1]
        if at == first:
            result.append(digits)
    return "".join(reversed(result)).strip()


def is_too_long(value: Value) -> bool:
    """Whether a number has more digits than a spreadsheet program keeps."""
    return _is_number(value) and abs(value) >= _TOO_LARGE and value == value // 1


def _is_number(value: Value) -> TypeGuard[float]:
    # Asked of every cell that is no text: a look at the type alone is ten times as fast as isinstance.
    return type(value) is float or type(value) is int  # so that yes and no are none


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
    if abs(value) < 1e18 and value == int(value):
        return str(int(value))
    plain = f"{Decimal(f'{value:.{DIGITS}g}'):f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _hours(value: timedelta) -> str:
    minutes, seconds = divmod(round(value.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}"
