"""A sheet of a workbook as a Table: .xlsx, .xlsm, .xlsb, .xls and .ods."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from wizsync.errors import UnfitFile, UsageError, WizsyncError
from wizsync.intake import binary_excel, old_excel, ooxml, opendocument
from wizsync.intake.archive import check_contents, opened, protected
from wizsync.intake.cell_details import Details
from wizsync.intake.sheet_rows import SheetRows, grid_of
from wizsync.intake.tabular import to_table
from wizsync.model import Source, Table, column_name
from wizsync.nearest import nearest_of

if TYPE_CHECKING:
    import python_calamine
    import xlrd

_ANEW = "Copy or download it again; or open it in the spreadsheet program and save it anew."


@dataclass(frozen=True)
class Workbook:
    """An open workbook.

    Args:
        name: The file's name, for messages.
        book: As the fast reader has it.
        details: Where more is told of its cells: the archive that it is, or of the old kind the workbook
            as the careful reader has it.
    """

    name: str
    book: python_calamine.CalamineWorkbook
    details: zipfile.ZipFile | xlrd.book.Book

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names of its visible sheets that have cells."""
        return tuple(
            each.name
            for each in self.book.sheets_metadata
            if _has_cells(each) and _is_visible(each)
        )


def open_workbook(data: bytes, name: str) -> Workbook:
    """Open a workbook.

    Args:
        data: Its bytes.
        name: The file's name, for messages.

    Raises:
        UnfitFile: It is damaged, protected by a password, or cannot be unpacked safely.
    """
    import python_calamine  # noqa: PLC0415 - for workbooks alone

    details: zipfile.ZipFile | xlrd.book.Book
    with _translated(f"{name} cannot be read as a workbook.", name):
        if data.startswith(b"PK"):
            details = opened(data, name)
            check_contents(details, len(data), name)
            if opendocument.is_encrypted(details):
                raise protected(name)
            opendocument.check_size(details, name)
        else:
            details = old_excel.opened(data, name)
        try:
            book = python_calamine.CalamineWorkbook.from_object(io.BytesIO(data))
        except python_calamine.CalamineError as error:
            if isinstance(error, python_calamine.PasswordError):
                raise protected(name) from None
            raise
    return Workbook(name, book, details)


@contextmanager
def _translated(message: str, where: str) -> Iterator[None]:
    """What the fast reader raises, as our own error; its panics are no Exceptions."""
    try:
        yield
    except WizsyncError:
        raise
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise UnfitFile(message, where=where, hint=_ANEW) from error


def read_workbook(workbook: Workbook, told: Source, sheet: str | None, header_row: int) -> Table:
    """Read a sheet.

    Args:
        workbook: The workbook.
        told: The file.
        sheet: The sheet's name, or its number from 1; None: the first visible one.
        header_row: The row of the header, from 1.

    Raises:
        UsageError: There is no such sheet.
        UnfitFile: It has no cells, or no header.
    """
    name, notes = _chosen(workbook, sheet)
    where = f"{workbook.name}, sheet {name}"
    details = _details(workbook, name, where)  # first, as it refuses what would fill the memory
    with _translated(f"The sheet {name} cannot be read.", where):
        cells = workbook.book.get_sheet_by_name(name)
    notes += _merged(cells, header_row)
    first = (
        cells.start[1] if cells.start else 0
    )  # its rows begin there, and in the sheet's first row
    grid = grid_of(SheetRows(cells.iter_rows(), details, first), header_row, where)
    grid = replace(grid, notes=(*notes, *details.notes, *grid.notes))
    return to_table(grid, replace(told, sheet=name))


def _chosen(workbook: Workbook, sheet: str | None) -> tuple[str, tuple[str, ...]]:
    """The name of the sheet to read, and what is to be said about the choice."""
    known = workbook.book.sheets_metadata
    names = [each.name for each in known]
    if sheet is None:
        if not workbook.sheets:
            raise UnfitFile(
                f"{workbook.name} has no visible sheet with cells.",
                where=workbook.name,
                hint="Show the sheet, or name it in the mapping (source: sheet).",
            )
        first = workbook.sheets[0]
        others = len(workbook.sheets) - 1
        note = f'Of {others + 1} sheets the first one, "{first}", is read.' if others else ""
        return first, (note,) if note else ()
    wanted = column_name(sheet)
    found = [each for each in known if column_name(each.name) == wanted]
    found = found or [
        each for each in known if column_name(each.name).casefold() == wanted.casefold()
    ]
    if not found and wanted.isdigit() and 1 <= int(wanted) <= len(known):
        found = [known[int(wanted) - 1]]
    if not found:
        near = nearest_of(sheet, names, limit=3)
        listed = ", ".join(f'"{each}"' for each in near or names[:10])
        raise UsageError(
            f'{workbook.name} has no sheet "{sheet}".',
            where=workbook.name,
            hint=f"Did you mean {listed}?" if near else f"Its sheets are: {listed}.",
            reason="no_sheet",
        )
    if not _has_cells(found[0]):
        raise UnfitFile(
            f'The sheet "{found[0].name}" is a chart or a dialog, and has no cells.',
            where=f"{workbook.name}, sheet {found[0].name}",
            hint=f"Name one that has: {', '.join(workbook.sheets)}.",
        )
    return found[0].name, ()


def _has_cells(sheet: python_calamine.SheetMetadata) -> bool:
    return str(sheet.typ).rpartition(".")[2] == "WorkSheet"


def _is_visible(sheet: python_calamine.SheetMetadata) -> bool:
    return str(sheet.visible).rpartition(".")[2] == "Visible"


def _details(workbook: Workbook, sheet: str, where: str) -> Details:
    archive = workbook.details
    if not isinstance(archive, zipfile.ZipFile):
        return old_excel.details_of(archive, sheet, where)
    names = set(archive.namelist())
    if "content.xml" in names:
        return opendocument.details_of(archive, sheet, where)
    if "xl/workbook.xml" in names:
        return ooxml.details_of(archive, sheet, where)
    return binary_excel.details_of(archive, sheet, where)


def _merged(cells: python_calamine.CalamineSheet, header_row: int) -> tuple[str, ...]:
    ranges = cells.merged_cell_ranges or []
    below = sum(end[0] >= header_row - 1 for _, end in ranges)
    if not below:
        return ()
    areas = "1 merged area has its" if below == 1 else f"{below:,} merged areas have their"
    return (f"{areas} value in the first cell only; the others are empty.",)
