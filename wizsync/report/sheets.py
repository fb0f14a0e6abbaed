"""Sheets of a report: rows of texts under a header, written one after the other in little memory.

Every cell is a text, whatever it begins with: none can become a formula.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from textwrap import wrap
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

# What a sheet and a cell can hold; a cell's length counts characters beyond U+FFFF twice.
MOST_ROWS = 1_048_576
LONGEST = 32_767
_CUT = " … (cut here: a cell holds no more)"

# So many rows of a sheet say how wide its columns are; room beside a text, and for a filter's arrow.
_SAMPLE = 2_000
_BESIDE = 1
_ARROW = 2
# Widths count characters of the usual size; of ours more fit in.
_SMALLER = 1.1
# The width of the summary's sentences; so many lines fit into the highest row there is.
_ACROSS = 128
_MOST_LINES = 30

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
        width: In characters; narrower where its texts are shorter. Longer ones are wrapped.
    """

    title: str
    width: int


# A cell: its text, and how it looks.
Cell = tuple[str, Look] | str


class Book:
    """A workbook of sheets.

    Args:
        book: Of `wizsync.report.xlsx_file`.
        mark: What every sheet is marked with, such as that nothing was written; "" for nothing.
        most_rows: What a sheet can hold.
    """

    def __init__(self, book: Any, mark: str, most_rows: int = MOST_ROWS) -> None:
        self._book = book
        self.mark = mark
        self.most_rows = most_rows
        base = {"num_format": "@", "valign": "top", "font_size": 10}
        self._looks = {
            (look, wrapped): self._book.add_format({**base, **how, "text_wrap": wrapped})
            for look, how in _LOOKS.items()
            for wrapped in (False, True)
        }
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

    def look(self, look: Look, *, wrapped: bool = False) -> Format:
        """The format of a look."""
        return self._looks[look, wrapped]

    def worksheet(self, name: str) -> Worksheet:
        """A new sheet, marked and set up for print."""
        sheet = self._book.add_worksheet(name)
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})  # codes are texts
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
        self._widths: list[int] = []

    def row(self, cells: Iterable[Cell]) -> None:
        """Add a row."""
        if self._sheet is None or self._row >= self._book.most_rows:
            self.finish()
            self._begin()
        if self._sheet is not None:
            lines = 1
            for column, cell in enumerate(cells):
                text, look = (cell, Look.PLAIN) if isinstance(cell, str) else cell
                if text:
                    lines = max(lines, self._write(self._sheet, column, safe(text), look))
            set_height(self._sheet, self._row, lines)
            self._row += 1

    def _write(self, sheet: Worksheet, column: int, text: str, look: Look) -> int:
        """Write a text; on how many lines it stands."""
        most = self._columns[column].width
        lines = lines_of(text, most)
        if lines > 1:
            lines = max(2, lines_of(text, int(most * _SMALLER)))
        if self._row <= _SAMPLE and len(text) > self._widths[column]:
            self._widths[column] = min(len(text), most)
        sheet.write_string(self._row, column, text, self._book.look(look, wrapped=lines > 1))
        return lines

    def finish(self) -> None:
        """Put the filter over what was written, and give the columns the widths that fit it."""
        if self._sheet is not None:
            top = 1 if self._book.mark else 0
            self._sheet.autofilter(top, 0, max(self._row - 1, top), len(self._columns) - 1)
            for column, width in enumerate(self._widths):
                self._sheet.set_column(column, column, width + _BESIDE)

    def ensure(self) -> None:
        """Have the sheet, with its header, even without rows."""
        if self._sheet is None:
            self._begin()

    def _begin(self) -> None:
        self._number += 1
        name = self._name if self._number == 1 else f"{self._name} {self._number}"
        header, mark, *_ = self._book.formats
        sheet = self._book.worksheet(name)
        self._widths = [len(column.title) + _ARROW for column in self._columns]
        self._row = 0
        if self._book.mark:
            sheet.write_string(0, 0, self._book.mark, mark)
            for place in range(1, len(self._columns)):
                sheet.write_blank(0, place, None, mark)
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
        self._sheet.set_row(self._row, height(2))
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
            self._sheet.set_row(self._row, height(lines_of(text, _ACROSS)))
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


def lines_of(text: str, width: int) -> int:
    """On how many lines a text stands in a cell of a width, in characters."""
    if len(text) <= width and "\n" not in text:
        return 1
    return sum(len(wrap(line, width)) or 1 for line in text[: width * _MOST_LINES].split("\n"))


def set_height(sheet: Worksheet, row: int, lines: int) -> None:
    """Give the row that was just written the height of so many lines."""
    if lines > 1:
        # The writer would keep each height to the end, though those above are on disk.
        for kept in ("row_info", "row_sizes"):
            getattr(sheet, kept, {}).clear()
        sheet.set_row(row, height(lines))


def height(lines: int) -> float:
    """The height of a row: no program but Excel works it out by itself."""
    return 13.5 * min(lines, _MOST_LINES) + 1.5


def safe(text: str) -> str:
    """A text as a cell can hold it."""
    text = _NO_CHARACTER.sub("\ufffd", text)
    if len(text) * 2 <= LONGEST or _length(text) <= LONGEST:
        return text
    room = (LONGEST - len(_CUT)) * 2
    return text.encode("utf-16-le")[:room].decode("utf-16-le", errors="ignore") + _CUT


def _length(text: str) -> int:
    """As spreadsheet programs count characters."""
    return len(text.encode("utf-16-le")) // 2
