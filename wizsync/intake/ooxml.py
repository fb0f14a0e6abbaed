"""What an .xlsx file tells of its cells, and the fast reader does not: errors, formulas, number formats."""

from __future__ import annotations

import io
import posixpath
import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator

from wizsync.intake.archive import part
from wizsync.intake.cell_details import Cell, Details, error_value, no_value
from wizsync.intake.number_formats import as_code, code_format

_RELATION = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)
# What makes a sheet worth a second look; without any of these the fast reader tells all.
_WORTH_A_LOOK = (b't="e"', b"<f", b'hidden="', b":f", b"t='e'")
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def details_of(archive: zipfile.ZipFile, sheet: str) -> Details:
    """What is to be known of a sheet's cells.

    Args:
        archive: The workbook.
        sheet: The sheet's name.
    """
    details = Details()
    content = part(archive, _path_of(archive, sheet))
    codes = _code_styles(archive)
    if codes or any(mark in content for mark in _WORTH_A_LOOK):
        _look(content, codes, details)
    return details


def _path_of(archive: zipfile.ZipFile, sheet: str) -> str:
    """The part of the archive that a sheet is in."""
    root = _parsed(part(archive, "xl/workbook.xml"))
    relations = {
        each.get("Id", ""): each.get("Target", "")
        for each in _parsed(part(archive, "xl/_rels/workbook.xml.rels"))
    }
    for each in root.iter():
        if _local(each) == "sheet" and each.get("name") == sheet:
            target = next(
                (relations[key] for name in _RELATION if (key := each.get(name)) in relations), ""
            )
            return posixpath.normpath(
                target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
            )
    return ""


def _code_styles(archive: zipfile.ZipFile) -> dict[str, str]:
    """The styles that make codes of numbers: a cell's `s` to the format."""
    root = _parsed(part(archive, "xl/styles.xml"))
    formats = {
        each.get("numFmtId"): each.get("formatCode", "")
        for each in root.iter()
        if _local(each) == "numFmt"
    }
    styles = next((each for each in root if _local(each) == "cellXfs"), None)
    found = {}
    for number, style in enumerate(styles if styles is not None else ()):
        code = code_format(formats.get(style.get("numFmtId"), ""))
        if code is not None:
            found[str(number)] = code
    return found


def _look(content: bytes, codes: dict[str, str], details: Details) -> None:
    hidden = 0
    row_number = -1
    for element in _ends(content):
        kind = _local(element)
        if kind == "c":
            continue
        if kind != "row":
            continue
        row_number = int(element.get("r", row_number + 2)) - 1
        hidden += element.get("hidden") in ("1", "true") and len(element) > 0
        column = -1
        for cell in element:
            if _local(cell) != "c":
                continue
            column = _column(cell.get("r"), column)
            _take(cell, (row_number, column), codes, details)
        element.clear()
    if hidden:
        rows = "1 hidden row is" if hidden == 1 else f"{hidden:,} hidden rows are"
        details.notes.append(f"{rows} used like the others.")


def _take(cell: ET.Element, at: Cell, codes: dict[str, str], details: Details) -> None:
    kind = cell.get("t", "n")
    formula = value = None
    for inside in cell:
        name = _local(inside)
        if name == "v":
            value = inside.text or ""
        elif name == "f":
            formula = inside.text or ""
    if kind == "e":
        details.damaged[at] = error_value(value or "")
    elif formula is not None and not value and (value is None or kind != "str"):
        # A formula whose result is an empty text says so.
        details.damaged[at] = no_value(formula)
    elif kind == "n" and value and cell.get("s") in codes:
        details.texts[at] = as_code(float(value), codes[cell.get("s", "")])


def _column(reference: str | None, before: int) -> int:
    found = _REFERENCE.fullmatch(reference or "")
    if found is None:
        return before + 1
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1


def _ends(content: bytes) -> Iterator[ET.Element]:
    """Elements as they end; what is malformed ends it, as the fast reader has its own word for that."""
    try:
        for _, element in ET.iterparse(io.BytesIO(content)):  # noqa: S314 - expat guards itself
            yield element
    except ET.ParseError:
        return


def _parsed(content: bytes) -> ET.Element:
    try:
        return ET.fromstring(content)  # noqa: S314 - expat guards itself
    except ET.ParseError:
        return ET.Element("nothing")


def _local(element: ET.Element) -> str:
    """An element's name without its namespace."""
    return element.tag.rpartition("}")[2]
