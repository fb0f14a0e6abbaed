"""Transforms of numbers."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field

from wizsync.mapping.transforms.fault import Fault

_NUMBER = re.compile(
    r"(?P<open>\()?(?P<sign>[-+\u2212])?(?P<body>[\d.,'’ \u00a0\u202f]+)(?P<after>-)?(?P<close>\))?"
)
_CURRENCY = re.compile(
    r"^(?P<sign>[-+\u2212(]?)(?:[A-Z]{3}\b|[$€£¥₹])\s*|\s*(?:\b[A-Z]{3}|[$€£¥₹])(?P<close>\)?)$"
)
_GROUPED = r"\d{{1,3}}(?:{mark}\d{{2,3}})*{mark}\d{{3}}"


def number(
    text: str,
    decimal: Annotated[
        Literal[".", ","] | None, Field(description="The mark that the file has before the cents.")
    ] = None,
) -> str:
    """Make it a plain number, `1234.56`, without currency and thousands marks.

    Brackets, and a minus behind, make it negative. Where a mark may be one of thousands or of decimals,
    `decimal` must say which.
    """
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
