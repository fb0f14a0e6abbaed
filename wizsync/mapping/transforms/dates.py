"""Transforms of dates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date as Date  # noqa: N812 - `date` is the transform
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from wizsync.mapping.transforms.arguments import ONE_OR_MORE, listed
from wizsync.mapping.transforms.fault import Fault

_TOKENS = {
    "YYYY": "%Y", "YY": "%y", "MMMM": "%B", "MMM": "%b", "MM": "%m", "M": "%m", "DD": "%d", "D": "%d",
}  # fmt: skip
_TOKEN = re.compile("YYYY|YY|MMMM|MMM|MM|M|DD|D|[^A-Z%]+")


def _readable(form: str) -> str:
    parts = _TOKEN.findall(form.upper())
    kinds = [part[0] for part in parts if part in _TOKENS]
    if "".join(parts) != form.upper() or sorted(kinds) != ["D", "M", "Y"]:
        raise ValueError(
            "no date form: write DD, MM and YYYY as the file has them, such as DD.MM.YYYY"
        )
    return form


Forms = Annotated[
    Sequence[Annotated[str, AfterValidator(_readable)]],
    BeforeValidator(listed),
    Field(min_length=1),
    ONE_OR_MORE,
]

_UNAMBIGUOUS = (
    "YYYY-MM-DD", "YYYY/MM/DD", "YYYY.MM.DD", "YYYYMMDD",
    "DD MMM YYYY", "DD-MMM-YYYY", "DD. MMMM YYYY", "DD MMMM YYYY",
    "MMM DD, YYYY", "MMMM DD, YYYY", "MMM DD YYYY", "MMMM DD YYYY",
)  # fmt: skip
_TIME = re.compile(
    r"[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AaPp][Mm])?(?:Z|[+-]\d{2}:?\d{2})?$"
)
_NUMERIC = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})")


def date(
    text: str,
    forms: Annotated[
        Forms | None,
        Field(description="How the file writes its dates: the first that fits is taken."),
    ] = None,
) -> str:
    """Make it a date, `2026-03-04`; a time of day is dropped.

    Forms are made of `YYYY` or `YY`, `MM`, `MMM` (Mar) or `MMMM` (March), and `DD`, with the file's own marks
    between them.
    """
    day = _TIME.sub("", text.strip())
    for form in forms or _UNAMBIGUOUS:
        found = _parsed(day, form)
        if found is not None:
            return found.isoformat()
    if forms is not None:
        raise Fault(
            "bad_date",
            f"is not a date of the form {' or '.join(forms)}",
            "Write the date in this form.",
        )
    return _by_its_numbers(day).isoformat()


def _parsed(text: str, form: str) -> Date | None:
    if form.isalpha() and len(text) != len(form):
        return None  # without marks between them, only the full width tells the parts apart
    pattern = "".join(_TOKENS.get(part, part) for part in _TOKEN.findall(form.upper()))
    try:
        return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None


def _by_its_numbers(text: str) -> Date:
    """A date of two numbers and a year, where only one order of the two is possible."""
    found = _NUMERIC.fullmatch(text)
    possible = set()
    if found is not None:
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        for month, day in ((first, second), (second, first)):
            try:
                possible.add(Date(year, month, day))
            except ValueError:
                continue
    if len(possible) > 1:
        raise Fault(
            "ambiguous_date",
            "may be day or month first",
            "Say which in the mapping: {date: DD/MM/YYYY} or {date: MM/DD/YYYY}.",
        )
    if not possible:
        raise Fault("bad_date", "is not a date", "Write it as 2026-03-04, or empty the cell.")
    return possible.pop()
