"""What an .ods file tells of its cells, and the fast reader does not: errors, and numbers shown as codes."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
import zipfile

from wizsync.intake.archive import part
from wizsync.intake.cell_details import Details, error_value

_DURATION = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")

# How a number is shown as a code: with a zero in front, and signs between its digits.
_CODE = re.compile(r"-?0[0-9\-/(). ]*[0-9]")

# Rows and cells that repeat beyond this are the empty rest of the sheet.
_MOST = 2_000_000


def is_encrypted(archive: zipfile.ZipFile) -> bool:
    """Whether a password protects it."""
    return b"encryption-data" in part(archive, "META-INF/manifest.xml")


def details_of(archive: zipfile.ZipFile, sheet: str) -> Details:
    """What is to be known of a sheet's cells.

    Args:
        archive: The workbook.
        sheet: The sheet's name.
    """
    details = Details()
    inside = False
    row = hidden = 0
    content = io.BytesIO(part(archive, "content.xml"))
    try:
        for event, element in ET.iterparse(content, events=("start", "end")):  # noqa: S314
            kind = element.tag.rpartition("}")[2]
            if kind == "table" and event == "start":
                inside = _get(element, "name") == sheet
                row = 0
            elif kind == "table-row" and event == "end":
                repeats = int(_get(element, "number-rows-repeated") or 1)
                if inside:
                    filled = _take_row(element, row, min(repeats, _MOST), details)
                    hidden += filled and _get(element, "visibility") in ("collapse", "filter")
                row += repeats
                element.clear()
    except ET.ParseError:
        return details
    if hidden:
        rows = "1 hidden row is" if hidden == 1 else f"{hidden:,} hidden rows are"
        details.notes.append(f"{rows} used like the others.")
    return details


def _take_row(element: ET.Element, row: int, repeats: int, details: Details) -> bool:
    column, filled = 0, False
    for cell in element:
        kind = cell.tag.rpartition("}")[2]
        if kind not in ("table-cell", "covered-table-cell"):
            continue
        times = int(_get(cell, "number-columns-repeated") or 1)
        shown = "\n".join("".join(line.itertext()) for line in cell if line.tag.endswith("}p"))
        filled = filled or bool(shown)
        if shown:
            for at_row in range(row, row + repeats):
                for at_column in range(column, min(column + times, column + _MOST)):
                    _take(cell, (at_row, at_column), shown, details)
        column += times
    return filled


def _take(cell: ET.Element, at: tuple[int, int], shown: str, details: Details) -> None:
    kinds = {value for name, value in cell.attrib.items() if name.endswith("}value-type")}
    if "error" in kinds:
        details.damaged[at] = error_value(shown)
    elif "boolean" in kinds or ("float" in kinds and shown.upper() in ("TRUE", "FALSE")):
        details.texts[at] = (_get(cell, "boolean-value") or shown).upper()
    elif "time" in kinds and (found := _DURATION.fullmatch(_get(cell, "time-value") or "")):
        if int(found[1]) > 23:
            details.texts[at] = ":".join(f"{int(part):02}" for part in found.groups())
    elif "float" in kinds and _CODE.fullmatch(shown) and _is_code(cell, shown):
        details.texts[at] = shown


def _is_code(cell: ET.Element, shown: str) -> bool:
    """Whether what is shown are the digits of the number with zeros in front."""
    digits = re.sub(r"[^0-9]", "", shown)
    value = float(_get(cell, "value") or 0)
    return "." not in shown and value == value // 1 and int(digits) == abs(int(value))


def _get(element: ET.Element, name: str) -> str | None:
    """An attribute by its name without the namespace."""
    return next(
        (value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), None
    )
