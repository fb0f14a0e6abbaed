"""What the fast reader of workbooks does not tell of cells."""

from __future__ import annotations

from dataclasses import dataclass, field

from wizsync.model import Damage

# A cell: its row and column in the sheet, from 0.
Cell = tuple[int, int]


@dataclass
class Details:
    """What is to be known of a sheet's cells besides their values.

    Args:
        texts: Cells that are codes, as they are shown.
        damaged: Cells whose values are not known; their position and column are filled in later.
        notes: What was met that a person should know, a sentence each.
    """

    texts: dict[Cell, str] = field(default_factory=dict)
    damaged: dict[Cell, Damage] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def error_value(text: str) -> Damage:
    """A cell that shows a formula's error."""
    return Damage(
        0,
        "",
        "error_value",
        f"holds the error {text} instead of a value"
        if text
        else "holds an error instead of a value",
        "Mend the formula in the spreadsheet and save the file again.",
        text,
    )


def no_value(formula: str) -> Damage:
    """A cell with a formula whose result was never stored."""
    return Damage(
        0,
        "",
        "no_value",
        "holds a formula whose result is not stored in the file",
        "Open the file in a spreadsheet program and save it: that stores the results.",
        f"={formula}" if formula else "",
    )


def long_number(text: str) -> Damage:
    """A number with more digits than a spreadsheet program keeps."""
    return Damage(
        0,
        "",
        "long_number",
        "holds a number of more than 15 digits, of which spreadsheet programs keep only 15",
        "Format the column as text, enter the number again, and save the file.",
        text,
    )
