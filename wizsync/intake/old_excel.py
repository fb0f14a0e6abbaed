"""What an .xls file tells of its cells, and the fast reader does not: errors, and numbers shown as codes."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from wizsync.intake.archive import protected
from wizsync.intake.cell_details import Details, error_value, hidden_note, unsafe
from wizsync.intake.number_formats import as_code, code_format

if TYPE_CHECKING:
    import xlrd

_NUMBER, _ERROR = 2, 5


def opened(data: bytes, name: str) -> xlrd.book.Book:
    """Open a workbook, all of it: the fast reader may end the whole process on a damaged one.

    Raises:
        UnfitFile: A password protects it.
        Exception: It is damaged: whatever that makes the reader raise.
    """
    import xlrd  # noqa: PLC0415 - for few files
    from xlrd.biffh import XLRDError  # noqa: PLC0415

    try:
        return xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO())
    except XLRDError as error:
        if "encrypt" in str(error).lower():
            raise protected(name) from None
        raise


def details_of(book: xlrd.book.Book, sheet: str, where: str) -> Details:
    """What is to be known of a sheet's cells.

    Args:
        book: The workbook.
        sheet: The sheet's name.
        where: The sheet, for messages.

    Raises:
        UnfitFile: It is damaged.
    """
    import xlrd  # noqa: PLC0415 - for few files

    details = Details()
    try:
        grid = book.sheet_by_name(sheet)
    except Exception as error:  # whatever a damaged file makes it raise
        raise unsafe(where) from error
    codes = {
        number: code_format(book.format_map[style.format_key].format_str or "")
        for number, style in enumerate(book.xf_list)
        if style.format_key in book.format_map
    }
    for row in range(grid.nrows):
        for column, kind in enumerate(grid.row_types(row)):
            if kind == _ERROR:
                code = int(grid.cell_value(row, column))
                details.damaged[row, column] = error_value(xlrd.error_text_from_code.get(code, ""))
            elif kind == _NUMBER:
                pattern = codes.get(grid.cell_xf_index(row, column))
                if pattern is None:
                    continue
                code_text = as_code(float(grid.cell_value(row, column)), pattern)
                if code_text is not None:
                    details.texts[row, column] = code_text
    filled = [row for row in range(grid.nrows) if any(grid.row_types(row))]
    hidden = {row for row, info in grid.rowinfo_map.items() if info.hidden}
    columns = {column for column, info in grid.colinfo_map.items() if info.hidden}
    used = {column for row in filled for column, kind in enumerate(grid.row_types(row)) if kind}
    details.notes += hidden_note(len(hidden & set(filled)), len(columns & used))
    return details
