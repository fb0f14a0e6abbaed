"""What the cells of a text are separated by."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from wizsync.errors import UnfitFile, UsageError
from wizsync.intake.header import first_filled, text_of
from wizsync.intake.records import Records, scan_sample, split

NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}

_SEP_LINE = re.compile(rb'\A"?sep=(.)"?[ \t]*(?=[\r\n]|\Z)', re.IGNORECASE)
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


def _look(utf8: bytes, header_row: int, name: str) -> str:
    """The candidate under which most rows have as many cells as the header, and most cells."""
    sample = utf8[:_SAMPLE]
    best, best_score = ",", (0.0, 1)
    lone_header: tuple[int, int] | None = None
    for character in NAMES:
        records = scan_sample(sample, character)
        index = first_filled(sample, records, character, header_row - 1)
        if index is None:
            continue
        header_cells, rows = (
            int(records.cells[index]),
            _row_cells(records, index, len(utf8) > _SAMPLE),
        )
        agreeing = float(np.mean(rows == header_cells)) if len(rows) else 1.0
        score = (
            agreeing * (header_cells - 1) * _credit(sample, records, index, character),
            header_cells,
        )
        if score > best_score:
            best, best_score = character, score
        if header_cells == 1 and len(rows) > 1 and rows.min() == rows.max() > 1:
            lone_header = (index + 1, int(rows[0]))
    if best_score[1] == 1 and lone_header is not None:
        row, cells = lone_header
        raise UnfitFile(
            f"There is no header: row {row} has a single cell, and the rows below it have {cells}.",
            where=f"{name}, row {row}",
            hint="Where titles stand above the header, say in the mapping which row it is "
            "(source: header_row).",
        )
    return best


def _credit(sample: bytes, records: Records, header: int, character: str) -> float:
    """Less where header cells begin with a space, as in prose, or quotation marks are torn apart."""
    cells = split(text_of(sample, records, header), character)
    return _DOUBTFUL if any(cell.startswith(" ") or '"' in cell for cell in cells) else 1.0


def _row_cells(records: Records, header: int, cut: bool) -> np.ndarray:
    """How many cells each filled row below the header has; the last of a cut text is not looked at."""
    end = len(records) - 1 if cut else len(records)
    filled = records.ends > records.starts
    return records.cells[header + 1 : end][filled[header + 1 : end]]
