"""What the fast reader of workbooks does not tell of cells."""

from __future__ import annotations

from dataclasses import dataclass, field

from wizsync.errors import UnfitFile
from wizsync.intake.header import column_letters
from wizsync.model import Damage

# Cells between the first and the last filled one, empty ones too: a million rows of 30 columns.
LARGEST_AREA = 30_000_000
# What a sheet has at most.
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384

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


def no_number(text: str) -> Damage:
    """A cell that says it is a number and is none."""
    return Damage(
        0,
        "",
        "error_value",
        "holds no number although the file says that it does",
        "Enter the value again in the spreadsheet and save the file.",
        text,
    )


def hidden_note(rows: int, columns: int = 0) -> list[str]:
    """What is said of rows and columns that are hidden and have something in them."""
    return [
        f"1 hidden {one} is used like the others."
        if count == 1
        else f"{count:,} hidden {one}s are used like the others."
        for count, one in ((rows, "row"), (columns, "column"))
        if count
    ]


def check_area(rows: int, columns: int, where: str) -> None:
    """Refuse a sheet whose filled cells lie so far apart that what is between them fills the memory.

    Args:
        rows: The rows up to the last filled one.
        columns: The columns up to the last filled one.
        where: The sheet, for messages.

    Raises:
        UnfitFile: They do.
    """
    if rows * columns > LARGEST_AREA or rows > MOST_ROWS or columns > MOST_COLUMNS:
        raise UnfitFile(
            f"Something stands as far as cell {column_letters(columns - 1)}{rows}: that is too far for a "
            "list.",
            where=where,
            hint="Delete what stands far below or beside the list (Ctrl+End shows the last cell), and save "
            "the file.",
        )


def unsafe(where: str) -> UnfitFile:
    """What is said of a sheet of which errors and codes cannot be told, so that cells might seem empty."""
    return UnfitFile(
        "The sheet cannot be read safely: part of it is damaged or missing.",
        where=where,
        hint="Open the file in the spreadsheet program and save it anew, as .xlsx.",
    )
