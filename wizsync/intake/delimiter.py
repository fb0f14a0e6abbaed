"""What the cells of a text are separated by."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from wizsync.errors import UnfitFile, UsageError
from wizsync.intake.header import first_filled, text_of
from wizsync.intake.quoting import Records, scan_sample, split

NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}

_SEP_LINE = re.compile(rb'\A"?sep=([^\w"\r\n])"?[ \t]*(?=[\r\n]|\Z)', re.IGNORECASE)
_SAMPLE = 1 << 17
_DOUBTFUL = 0.25  # what a delimiter counts for that leaves odd header cells


@dataclass(frozen=True, slots=True)
class Delimiter:
    """A text's delimiter.

    Args:
        character: One ASCII character.
        sep_line: The first line is a `sep=` line and no row of the table.
        notes: What a person should know, a sentence each.
    """

    character: str
    sep_line: bool
    notes: tuple[str, ...]


def choose(utf8: bytes, told: str | None, header_row: int, name: str) -> Delimiter:
    """The delimiter: the one told, that of a `sep=` line, or the one that header and rows agree on.

    Raises:
        UsageError: What was told is no delimiter.
        UnfitFile: The header has a single cell and the rows have more.
    """
    sep = _SEP_LINE.match(utf8)
    if told is not None:
        character = _known(told)
    elif sep is not None and sep.group(1).isascii():
        character = _known(sep.group(1).decode())
    else:
        character = _look(utf8, header_row, name)
    notes: tuple[str, ...] = ()
    if character != ",":
        spoken = NAMES.get(character, f'"{character}"')
        notes = (f"Cells are separated by {spoken}{'s' if character in NAMES else ''}.",)
    return Delimiter(character, sep is not None, notes)


def _known(told: str) -> str:
    by_name = {name: character for character, name in NAMES.items()}
    character = by_name.get(told.strip().lower(), told)
    if (
        len(character) != 1
        or not character.isascii()
        or character in '"\r\n\0'
        or character.isalnum()
    ):
        raise UsageError(
            f'"{told}" cannot separate cells.',
            where="source: delimiter",
            hint="Give one character, or one of the words comma, semicolon, tab and pipe.",
        )
    return character


@dataclass(frozen=True, slots=True)
class _Trial:
    """How a text reads with one delimiter.

    Args:
        character: The delimiter.
        header_row: The row number of the header.
        header_cells: How many cells the header has.
        row_cells: How many cells all rows below it have, 0 where they differ.
        score: The share of rows that agree with the header, weighed by what that says.
    """

    character: str
    header_row: int
    header_cells: int
    row_cells: int
    score: float


def _look(utf8: bytes, header_row: int, name: str) -> str:
    """The candidate under which most rows have as many cells as the header, and most cells."""
    trials = [
        trial for character in NAMES if (trial := _try(utf8, character, header_row)) is not None
    ]
    splitting = [trial for trial in trials if trial.header_cells > 1]
    if splitting:
        return max(splitting, key=lambda trial: (trial.score, trial.header_cells)).character
    for trial in trials:
        if trial.row_cells > 1:
            raise UnfitFile(
                f"There is no header: row {trial.header_row} has a single cell, "
                f"and the rows below it have {trial.row_cells}.",
                where=f"{name}, row {trial.header_row}",
                hint="Where titles stand above the header, say in the mapping which row it is "
                "(source: header_row).",
            )
    return ","


def _try(utf8: bytes, character: str, header_row: int) -> _Trial | None:
    sample = utf8[:_SAMPLE]
    records = scan_sample(sample, character)
    header = first_filled(sample, records, character, header_row - 1)
    if header is None:
        return None
    below = slice(header + 1, len(records) - (len(utf8) > _SAMPLE))  # the last may be cut
    rows = records.cells[below][(records.ends > records.starts)[below]]
    cells = int(records.cells[header])
    agreeing = float(np.mean(rows == cells)) if len(rows) else 1.0
    credit = _credit(sample, records, header, character)
    uniform = int(rows[0]) if len(rows) > 1 and rows.min() == rows.max() else 0
    return _Trial(character, header + 1, cells, uniform, agreeing * (cells - 1) * credit)


def _credit(sample: bytes, records: Records, header: int, character: str) -> float:
    """Less where header cells begin with a space, as in prose, or quotation marks are torn apart."""
    cells = split(text_of(sample, records, header), character)
    return _DOUBTFUL if any(cell.startswith(" ") or '"' in cell for cell in cells) else 1.0
