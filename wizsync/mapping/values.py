"""What the file's codes stand for: `values` and `otherwise` of a field."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from wizsync.mapping.transforms import Fault
from wizsync.mapping.words import code_of

if TYPE_CHECKING:
    from wizsync.mapping.field_schema import ColumnField


def looking_up(mapped: ColumnField) -> Callable[[str], str | None]:
    """What a filled text stands for: None keep, "" clear, else set; Fault where it is not known."""
    if mapped.values is None:
        return lambda text: text
    named = {code_of(code): value for code, value in mapped.values.items()}
    otherwise = mapped.otherwise

    def look_up(text: str) -> str | None:
        code = code_of(text)
        if code in named:
            return named[code]
        if otherwise == "reject":
            raise _unknown_code(named)
        return "" if otherwise == "clear" else None

    return look_up


def _unknown_code(named: dict[str, str]) -> Fault:
    shown = ", ".join(list(named)[:8]) + (", …" if len(named) > 8 else "")
    return Fault(
        "unknown_value",
        "has a text that the mapping does not know",
        f"Write one of {shown}, or add this text to `values` in the mapping.",
    )
