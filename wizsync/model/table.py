"""A sheet as text cells, and what is wrong with its rows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wizsync.model.customer import ChildKind

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd


# The columns that a file of rejected rows carries beside the original ones: why each row is there,
# and the run that made the file. A file with RUN_COLUMN deletes nothing, whatever the mapping says.
WHY_COLUMN = "wizsync: why"
RUN_COLUMN = "wizsync: run"

# Characters that nobody sees: zero width spaces, direction marks, byte order marks, soft hyphens.
_UNSEEN = re.compile("[\u200b\u200e\u200f\u2060\ufeff\u00ad]")

# What no sheet's name may hold, and how long it may be.
_LONGEST = 31
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\]")


def column_name(header: str) -> str:
    """A header as it is seen: NFC, white space trimmed and collapsed, unseen characters gone.

    In a file and in a mapping alike, so that what looks the same is the same.
    """
    return " ".join(_UNSEEN.sub("", unicodedata.normalize("NFC", header)).split())


def sheet_names(places: Iterable[str]) -> list[str]:
    """The names that our own sheets have for the rows of sheets and files, one for each place.

    Spreadsheet programs take them, and no two differ only by case.

    Args:
        places: All that a mapping names, in its order: whoever reads the sheets then gives each the name
            that its writer gave it.
    """
    names: list[str] = []
    taken: set[str] = set()
    for place in places:
        plain = (
            " ".join(_NOT_IN_SHEET_NAMES.sub(" ", place).split())[:_LONGEST].strip("' ") or "Rows"
        )
        name, number = plain, 2
        while name.casefold() in taken:
            end = f" {number}"
            name, number = plain[: _LONGEST - len(end)] + end, number + 1
        names.append(name)
        taken.add(name.casefold())
    return names


@dataclass(frozen=True, slots=True)
class Source:
    """The file that a Table was read from.

    Args:
        path: As the user gave it.
        digest: SHA-256 of its bytes, hex.
        encoding: Of a text file, such as `utf-8` or `cp1252`.
        delimiter: Of a text file, one character.
        notes: What the reader assumed or met that a person should know, a sentence each.
        sheet: Of a workbook, the sheet's name.
    """

    path: str
    digest: str
    encoding: str | None = None
    delimiter: str | None = None
    notes: tuple[str, ...] = ()
    sheet: str | None = None

    @property
    def name(self) -> str:
        """The file's name without its folders."""
        return self.path.replace("\\", "/").rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row of the file as it was.

    Args:
        number: As a spreadsheet program counts rows: the first row of the file is 1, blank rows count.
        line: The line of the text file on which it begins; differs from `number` after cells that
            hold line breaks.
        cells: Its texts, one for each column of the table (of a broken row: what there was).
        place: The sheet or the file's name where it is not of the customers' own table, else "".
    """

    number: int
    line: int
    cells: tuple[str, ...]
    place: str = ""

    @property
    def where(self) -> str:
        """What people call it: `row 7`, or `Ship-to, row 7`."""
        row = f"row {self.number:,}"
        return f"{self.place}, {row}" if self.place else row


@dataclass(frozen=True, slots=True)
class Reject:
    """A row or cell that cannot be used, in words that a spreadsheet user understands.

    Args:
        code: A stable word for the kind of trouble, such as `bad_phone`; reports group by it.
        message: What is wrong, without the row's own values, so that equal troubles read equal:
            `"Phone" is not a phone number`.
        hint: What to do.
        rows: The rows concerned, at least one; of repeated rows of one referenceId, all.
        column: The file's column, where one is at fault.
        value: The text that is at fault.
        key: The rows' referenceId, where it could be read; of a child, its customer's.
        child: The kind of the child that alone cannot be used, where the customer itself can.
    """

    code: str
    message: str
    hint: str
    rows: tuple[SourceRow, ...]
    column: str | None = None
    value: str | None = None
    key: str | None = None
    child: ChildKind | None = None


@dataclass(frozen=True, slots=True)
class Damage:
    """A cell of which the value is not known, so that taking it for an empty one would erase data.

    Args:
        position: The row in the table.
        column: The column.
        code: `error_value`, `no_value` (a formula whose result was never stored) or `long_number` (more
            digits than the spreadsheet program keeps).
        message: What is wrong, to follow the column's name: `holds the error #N/A instead of a value`.
        hint: What to do.
        text: The cell as it is shown.
    """

    position: int
    column: str
    code: str
    message: str
    hint: str
    text: str


@dataclass(frozen=True)
class Table:
    """A sheet as text cells; nothing is guessed about types.

    Args:
        source: The file.
        columns: The trimmed headers, unique.
        cells: A `str` column for each of `columns`, index 0…n-1; an empty cell is "", never missing.
        numbers: int64 (n,), each row's SourceRow.number.
        lines: int64 (n,), each row's SourceRow.line.
        broken: Rows with too many or too few cells; they are not in `cells`.
        header: The header's SourceRow.
        damaged: Cells that hold no text although something stands there, such as a formula's error; in
            `cells` they are "".
        place: What its rows are told as: the sheet or the file's name where it is not the customers' own
            table, else "".
    """

    source: Source
    columns: tuple[str, ...]
    cells: pd.DataFrame
    numbers: npt.NDArray[np.int64]
    lines: npt.NDArray[np.int64]
    broken: tuple[Reject, ...]
    header: SourceRow
    damaged: tuple[Damage, ...] = ()
    place: str = ""

    def __len__(self) -> int:
        return len(self.numbers)

    def row(self, position: int) -> SourceRow:
        """The row at a position (0…n-1)."""
        return SourceRow(
            int(self.numbers[position]),
            int(self.lines[position]),
            tuple(self.cells.iloc[position]),
            self.place,
        )
