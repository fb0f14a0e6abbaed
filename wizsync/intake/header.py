"""The names of a table's columns."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from wizsync.errors import UnfitFile
from wizsync.intake.quoting import Records, split
from wizsync.model import RUN_COLUMN

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def row_of_header(utf8: bytes, told: int) -> int:
    """The row to look for the header from: the one told, but in a file of rejected rows the first.

    wizsync writes such a file without the titles that the original had above its header, and the
    same mapping reads both.
    """
    first_line = utf8[: utf8.find(b"\n") + 1]
    return 1 if RUN_COLUMN.encode() in first_line else told


def first_filled(utf8: bytes, records: Records, delimiter: str, begin: int) -> int | None:
    """The first row at or below one that is not blank, or None."""
    for index in range(begin, len(records)):
        if records.ends[index] > records.starts[index] and not is_blank(
            text_of(utf8, records, index), delimiter
        ):
            return index
    return None


def text_of(utf8: bytes, records: Records, index: int) -> str:
    """A row as it stands in the file, without its line end."""
    return utf8[records.starts[index] : records.ends[index]].decode(errors="replace")


def is_blank(record: str, delimiter: str) -> bool:
    """Whether a row has nothing but delimiters and white space."""
    return not any(cell.strip() for cell in split(record, delimiter))


def check(names: Sequence[str], row: int, name: str) -> None:
    """Refuses a row that is no header, or one in which a name stands twice.

    Args:
        names: The cleaned header cells, "" where there is none.
        row: The header's row number.
        name: The file's name, for messages.
    """
    where = f"{name}, row {row}"
    addresses = [header for header in names if _EMAIL.fullmatch(header)]
    if addresses or not any(character.isalpha() for header in names for character in header):
        looks = f"it holds {addresses[0]}" if addresses else "it holds no words"
        raise UnfitFile(
            f"There is no header: row {row} looks like data ({looks}).",
            where=where,
            hint="Put a row with a name for each column above the data, or say in the mapping which "
            "row it is (source: header_row).",
        )
    positions: dict[str, list[str]] = defaultdict(list)
    for index, header in enumerate(names):
        positions[header].append(column_letters(index))
    doubled = {
        header: letters for header, letters in positions.items() if header and len(letters) > 1
    }
    if doubled:
        named = "; ".join(
            f'"{header}" (columns {_listed(letters)})' for header, letters in doubled.items()
        )
        raise UnfitFile(
            f"The header names more than one column alike: {named}.",
            where=where,
            hint="Give each column a name of its own, so that it is clear which one is meant.",
        )


def column_letters(index: int) -> str:
    """A column as spreadsheet programs name it: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, place = divmod(index - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
