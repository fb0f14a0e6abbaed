"""What an .xls file tells of its cells, and the fast reader does not: errors, and numbers shown as codes."""

from __future__ import annotations

import io

from wizsync.intake.archive import protected
from wizsync.intake.cell_details import Details, error_value
from wizsync.intake.number_formats import as_code, code_format

_NUMBER, _ERROR = 2, 5


def details_of(data: bytes, sheet: str, name: str) -> Details:
    """What is to be known of a sheet's cells.

    Args:
        data: The workbook.
        sheet: The sheet's name.
        name: The file's name, for messages.

    Raises:
        UnfitFile: A password protects it.
    """
    import xlrd  # noqa: PLC0415 - for few files
    from xlrd.biffh import XLRDError  # noqa: PLC0415

    details = Details()
    try:
        book = xlrd.open_workbook(
            file_contents=data, formatting_info=True, on_demand=True, logfile=io.StringIO()
        )
        grid = book.sheet_by_name(sheet)
    except XLRDError as error:
        if "encrypt" in str(error).lower():
            raise protected(name) from None
        return details
    except Exception:  # noqa: BLE001 - the fast reader has its own word for a damaged file
        return details
    codes = {
        number: code_format(book.format_map[style.format_key].format_str)
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
                if pattern is not None:
                    details.texts[row, column] = as_code(
                        float(grid.cell_value(row, column)), pattern
                    )
    hidden = sum(bool(info.hidden) for row, info in grid.rowinfo_map.items() if row < grid.nrows)
    if hidden:
        rows = "1 hidden row is" if hidden == 1 else f"{hidden:,} hidden rows are"
        details.notes.append(f"{rows} used like the others.")
    return details
