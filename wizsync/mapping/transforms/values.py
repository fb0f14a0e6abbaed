"""Transforms of numbers, dates, and yes or no."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date as Date  # noqa: N812 - `date` is the transform
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from wizsync.mapping.transforms.fault import Fault

_NUMBER = re.compile(
    r"(?P<open>\()?(?P<sign>[-+\u2212])?(?P<body>[\d.,'’ \u00a0\u202f]+)(?P<after>-)?(?P<close>\))?"
)
_CURRENCY = re.compile(
    r"^(?P<sign>[-+\u2212(]?)(?:[A-Z]{3}\b|[$€£¥₹])\s*|\s*(?:\b[A-Z]{3}|[$€£¥₹])(?P<close>\)?)$"
)
_GROUPED = r"\d{{1,3}}(?:{mark}\d{{2,3}})*{mark}\d{{3}}"


def number(text: str, decimal: Literal[".", ","] | None = None) -> str:
    """Make it a plain number, `1234.56`; `decimal` says which mark the file has before the cents."""
    found = _NUMBER.fullmatch(_CURRENCY.sub(r"\g<sign>\g<close>", text.strip()).strip())
    if found is None or bool(found["open"]) != bool(found["close"]):
        raise _not_a_number()
    body = found["body"].strip()
    mark = decimal or _decimal_mark(body)
    whole, point, part = body.rpartition(mark) if mark in body else (body, "", "")
    whole = _without_groups(whole, decimal=mark)
    if not whole + part or not (part + "0").isdigit() or (point and not part and not whole):
        raise _not_a_number()
    plain = (whole.lstrip("0") or "0") + (f".{part}" if part else "")
    negative = found["sign"] in ("-", "\u2212") or found["after"] or found["open"]
    return f"-{plain}" if negative and plain.strip("0.") else plain


def _decimal_mark(body: str) -> str:
    """The decimal mark of a number by its own look; "." where it has neither mark."""
    marks = [c for c in body if c in ".,"]
    if not marks:
        return "."
    last = marks[-1]
    if len(set(marks)) == 2:
        return last
    other = "," if last == "." else "."
    if len(marks) > 1:
        return other
    before, _, after = body.partition(last)
    grouped_otherwise = re.search(r"['’ \u00a0\u202f]", before)
    if len(after) == 3 and 1 <= len(before) <= 3 and before.strip("0") and not grouped_otherwise:
        raise Fault(
            "ambiguous_number",
            "may be thousands or decimals",
            'Say which in the mapping: {number: ","} where the comma stands before the decimals, '
            '{number: "."} where the point does.',
        )
    return last


def _without_groups(whole: str, *, decimal: str) -> str:
    """The digits of a whole part whose groups, if any, are well formed."""
    marks = set(whole) - set("0123456789")
    if not marks:
        return whole
    if len(marks) > 1 or decimal in marks:
        raise _not_a_number()
    mark = marks.pop()
    if not re.fullmatch(_GROUPED.format(mark=re.escape(mark)), whole):
        raise _not_a_number()
    return whole.replace(mark, "")


def _not_a_number() -> Fault:
    return Fault("bad_number", "is not a number", "Write it as 1234.56, or empty the cell.")


# --- dates --------------------------------------------------------------------------------------

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


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


_SCALAR = {"type": ["string", "number", "boolean"]}
_ONE_OR_MORE = WithJsonSchema(
    {"anyOf": [_SCALAR, {"type": "array", "minItems": 1, "items": _SCALAR}]}
)


Forms = Annotated[
    Sequence[Annotated[str, AfterValidator(_readable)]],
    BeforeValidator(_listed),
    Field(min_length=1),
    _ONE_OR_MORE,
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


def date(text: str, forms: Forms | None = None) -> str:
    """Make it a date, `2026-03-04`; `forms` say how the file writes them (a time of day is dropped)."""
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


# --- yes or no ----------------------------------------------------------------------------------

_YES = ("true", "yes", "y", "t", "1", "x", "on", "ja", "oui", "si", "sí", "wahr", "vrai")
_NO = ("false", "no", "n", "f", "0", "off", "nein", "non", "falsch", "faux")

Words = Annotated[Sequence[str], BeforeValidator(_listed), Field(min_length=1), _ONE_OR_MORE]


def boolean(text: str, yes: Words = _YES, no: Words = _NO) -> str:
    """Make it `true` or `false`; `yes` and `no` are the file's words where it has its own."""
    word = text.strip().casefold()
    if word in [w.casefold() for w in yes]:
        return "true"
    if word in [w.casefold() for w in no]:
        return "false"
    raise Fault(
        "bad_boolean", "is neither yes nor no", f"Write {yes[0]} or {no[0]}, or empty the cell."
    )
