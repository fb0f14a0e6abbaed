"""What the file's codes stand for: `values`, `lookup` and `otherwise` of a field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from wizsync.mapping.lookups import Find, Lookups
from wizsync.mapping.transforms import Fault
from wizsync.mapping.words import code_of

if TYPE_CHECKING:
    from wizsync.mapping.field_schema import ColumnField


def looking_up(mapped: ColumnField, lookups: Lookups) -> Callable[[str], str | None]:
    """What a filled text stands for: None keep, "" clear, else set; Fault where it is not known."""
    if mapped.values is not None:
        find = _in_values(mapped.values)
    elif mapped.lookup is not None:
        find = lookups.finder(mapped.lookup)
    else:
        return lambda text: text
    if mapped.otherwise == "reject":
        return find
    unknown = "" if mapped.otherwise == "clear" else None

    def look_up(text: str) -> str | None:
        try:
            return find(text)
        except Fault:
            return unknown

    return look_up


def _in_values(values: Mapping[str, str]) -> Find:
    named = {code_of(code): value for code, value in values.items()}

    def find(text: str) -> str:
        code = code_of(text)
        if code not in named:
            raise _unknown_code(named)
        return named[code]

    return find


def _unknown_code(named: dict[str, str]) -> Fault:
    shown = ", ".join(list(named)[:8]) + (", …" if len(named) > 8 else "")
    return Fault(
        "unknown_value",
        "has a text that the mapping does not know",
        f"Write one of {shown}, or add this text to `values` in the mapping.",
    )
