"""A web page with one plain table in it, as many programs write it under the name of a workbook."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

from wizsync.errors import UnfitFile
from wizsync.intake.cell_details import Details
from wizsync.intake.encoding import decode
from wizsync.intake.sheet_rows import SheetRows, grid_of
from wizsync.intake.tabular import to_table
from wizsync.model import Source, Table

_SPANS = frozenset({"colspan", "rowspan"})
_UNSEEN = frozenset({"script", "style"})
_HINT = "Open it in a spreadsheet program and save it as .xlsx."


def read_web_table(data: bytes, told: Source, header_row: int) -> Table:
    """Read the table.

    Args:
        data: The page.
        told: The file.
        header_row: The row of the header, from 1.

    Raises:
        UnfitFile: It has no table, more than one, or one that is not plain.
    """
    text = decode(data, told.name, told.encoding)
    page = _Page()
    page.feed(text.utf8.decode())
    page.close()
    if page.tables != 1 or page.spans:
        seen = "a table with joined cells" if page.spans else f"{page.tables or 'no'} tables"
        raise UnfitFile(
            f"{told.name} is a web page with {seen}, whatever its name says.",
            where=told.name,
            hint=_HINT,
        )
    grid = grid_of(SheetRows(page.rows, Details()), header_row, told.name)
    note = "The file is a web page with a table in it, which is read as it stands."
    return to_table(replace(grid, notes=(*text.notes, note, *grid.notes)), told)


class _Page(HTMLParser):
    """The texts of a page's tables."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables = 0
        self.spans = False
        self.rows: list[list[str]] = []
        self._cell: list[str] | None = None
        self._unseen = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables += 1
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self._end_cell()
            self._cell = []
            self.spans |= any(name in _SPANS and value not in ("1", None) for name, value in attrs)
        elif tag in _UNSEEN:
            self._unseen = True
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self._end_cell()
        elif tag in _UNSEEN:
            self._unseen = False

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._unseen:
            self._cell.append(data)

    def _end_cell(self) -> None:
        if self._cell is not None:
            self.rows[-1].append("".join(self._cell).strip(" \t\r\n"))
            self._cell = None
