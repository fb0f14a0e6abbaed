"""Sheets of a report: rows of texts under a header, written one after the other in little memory.

Every cell is a text, whatever it begins with: none can become a formula.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import IO, TYPE_CHECKING, Any

import xlsxwriter

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

# What a sheet and a cell can hold.
MOST_ROWS = 1_048_576
LONGEST = 32_767
_CUT = " … (cut here: a cell holds no more)"

# What XML has no character for, and halves of characters.
_NO_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Look(StrEnum):
    """How a cell looks; what it means is in words beside it as well."""

    PLAIN = "plain"
    QUIET = "quiet"
    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    TROUBLE = "trouble"


_LOOKS: dict[Look, dict[str, Any]] = {
    Look.PLAIN: {},
    Look.QUIET: {"font_color": "#595959"},
    Look.ADDED: {"bg_color": "#E2F0D9"},
    Look.CHANGED: {"bg_color": "#FFF2CC"},
    Look.REMOVED: {"bg_color": "#F8D7DA"},
    Look.TROUBLE: {"bg_color": "#F8D7DA", "bold": True},
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet.

    Args:
        title: Its header.
        width: In characters.
    """

    title: str
    width: int


# A cell: its text, and how it looks.
Cell = tuple[str, Look] | str


class Book:
    """A workbook of sheets.

    Args:
        file: Where it is written to.
        mark: What every sheet is marked with, such as that nothing was written; "" for nothing.
    """

    def __init__(self, file: IO[bytes], mark: str) -> None:
        self._book = xlsxwriter.Workbook(file, {"constant_memory": True})
        self.mark = mark
        base = {"num_format": "@", "valign": "top", "font_size": 10}
        self._looks = {look: self._book.add_format({**base, **how}) for look, how in _LOOKS.items()}
        self._header = self._book.add_format(
            {"bold": True, "bg_color": "#1F3864", "font_color": "#FFFFFF", "valign": "vcenter"}
        )
        self._mark = self._book.add_format(
            {"bold": True, "font_color": "#9C5700", "bg_color": "#FFEB9C"}
        )
        self._title = self._book.add_format({"bold": True, "font_size": 16})
        self._strong = self._book.add_format({"bold": True, "num_format": "@"})
        self._number = self._book.add_format({"num_format": "#,##0", "align": "left"})
        self._wrapped = self._book.add_format(
            {"num_format": "@", "valign": "top", "text_wrap": True}
        )

    def close(self) -> None:
        """Write what is left of it."""
        self._book.close()

    def look(self, look: Look) -> Format:
        """The format of a look."""
        return self._looks[look]

    def worksheet(self, name: str) -> Worksheet:
        """A new sheet, marked and set up for print."""
        sheet = self._book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&F, &A&RPage &P of &N")
        if self.mark:
            sheet.set_header(f"&C&B{self.mark}")
            sheet.set_tab_color("#FFC000")
        return sheet

    def table(self, name: str, columns: Sequence[Column]) -> TableSheet:
        """A new sheet with a header; a second one of that name where the first is full."""
        return TableSheet(self, name, columns)

    def summary(self) -> SummarySheet:
        """A new sheet for words and figures."""
        return SummarySheet(self)

    @property
    def formats(self) -> tuple[Format, Format, Format, Format, Format, Format]:
        """The formats of header, mark, title, strong words, numbers and sentences."""
        return self._header, self._mark, self._title, self._strong, self._number, self._wrapped

    def bar_chart(self, name: str, rows: tuple[int, int]) -> Any:
        """A small bar chart over the figures of a summary, between two rows."""
        chart = self._book.add_chart({"type": "bar"})
        if chart is None:
            raise ValueError("no chart")
        first, last = rows
        chart.add_series(
            {
                "categories": [name, first, 0, last, 0],
                "values": [name, first, 1, last, 1],
                "data_labels": {"value": True},
                "fill": {"color": "#2F5597"},
                "gap": 60,
            }
        )
        chart.set_legend({"none": True})
        chart.set_y_axis({"reverse": True, "major_gridlines": {"visible": False}})
        chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
        chart.set_size({"width": 420, "height": 40 + 26 * (last - first + 1)})
        return chart


class TableSheet:
    """Rows under a header that stays in view, with a filter."""

    def __init__(self, book: Book, name: str, columns: Sequence[Column]) -> None:
        self._book = book
        self._name = name
        self._columns = columns
        self._number = 0
        self._sheet: Worksheet | None = None
        self._row = 0

    def row(self, cells: Iterable[Cell]) -> None:
        """Add a row."""
        if self._sheet is None or self._row >= MOST_ROWS:
            self.finish()
            self._begin()
        if self._sheet is not None:
            for column, cell in enumerate(cells):
                text, look = (cell, Look.PLAIN) if isinstance(cell, str) else cell
                if text:
                    self._sheet.write_string(self._row, column, safe(text), self._book.look(look))
            self._row += 1

    def finish(self) -> None:
        """Put the filter over what was written."""
        if self._sheet is not None:
            top = 1 if self._book.mark else 0
            self._sheet.autofilter(top, 0, max(self._row - 1, top), len(self._columns) - 1)

    def ensure(self) -> None:
        """Have the sheet, with its header, even without rows."""
        if self._sheet is None:
            self._begin()

    def _begin(self) -> None:
        self._number += 1
        name = self._name if self._number == 1 else f"{self._name} {self._number}"
        header, mark, *_ = self._book.formats
        sheet = self._book.worksheet(name)
        for place, column in enumerate(self._columns):
            sheet.set_column(place, place, column.width)
        self._row = 0
        if self._book.mark:
            sheet.write_string(0, 0, self._book.mark, mark)
            self._row = 1
        for place, column in enumerate(self._columns):
            sheet.write_string(self._row, place, column.title, header)
        self._row += 1
        sheet.freeze_panes(self._row, 2)
        sheet.repeat_rows(0, self._row - 1)
        self._sheet = sheet


class SummarySheet:
    """Words and figures, one below the other."""

    NAME = "Summary"

    def __init__(self, book: Book) -> None:
        self._book = book
        self._sheet = book.worksheet(self.NAME)
        self._sheet.set_column(0, 0, 34)
        self._sheet.set_column(1, 1, 14)
        self._sheet.set_column(2, 2, 70)
        self._row = 0
        self._has_chart = False
        if book.mark:
            self._write(0, book.mark, book.formats[1])
            self._row += 1

    def title(self, text: str) -> None:
        """A title."""
        self._write(0, text, self._book.formats[2])
        self._row += 2

    def lines(self, heading: str, texts: Iterable[str]) -> None:
        """Sentences over the whole width, under a heading; of none the heading is left out too."""
        texts = list(texts)
        if heading and texts:
            self._row += 1
            self._write(0, heading, self._book.formats[3])
            self._row += 1
        for text in texts:
            self._write(0, text, self._book.formats[5], width=3)
            lines = max(1, -(-len(text) // 120)) + text.count("\n")
            self._sheet.set_row(self._row, 14.0 * lines + 2)
            self._row += 1

    def pairs(self, heading: str, pairs: Iterable[tuple[str, str]]) -> None:
        """Names and what goes with each, under a heading."""
        self._row += 1
        self._write(0, heading, self._book.formats[3])
        self._row += 1
        for name, value in pairs:
            self._write(0, name, self._book.look(Look.QUIET))
            self._write(1, value, self._book.look(Look.PLAIN), width=2)
            self._row += 1

    def figures(self, heading: str, figures: Sequence[tuple[str, int, str]]) -> None:
        """Names, numbers and what they count, under a heading, beside the first ones with a chart."""
        if not figures:
            return
        self._row += 1
        self._write(0, heading, self._book.formats[3])
        first = self._row = self._row + 1
        for name, number, explanation in figures:
            self._write(0, name, self._book.look(Look.PLAIN))
            self._sheet.write_number(self._row, 1, number, self._book.formats[4])
            self._write(2, explanation, self._book.look(Look.QUIET))
            self._row += 1
        if not self._has_chart:
            chart = self._book.bar_chart(self.NAME, (first, self._row - 1))
            self._sheet.insert_chart(first - 1, 3, chart, {"x_offset": 10, "y_offset": 0})
            self._has_chart = True

    def _write(self, column: int, text: str, look: Format, *, width: int = 1) -> None:
        if width > 1:
            last = column + width - 1
            self._sheet.merge_range(self._row, column, self._row, last, "", look)
        self._sheet.write_string(self._row, column, safe(text), look)


def safe(text: str) -> str:
    """A text as a cell can hold it."""
    text = _NO_CHARACTER.sub("\ufffd", text)
    return text if len(text) <= LONGEST else text[: LONGEST - len(_CUT)] + _CUT
