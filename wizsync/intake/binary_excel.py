"""What an .xlsb file tells of its cells, and the fast reader does not: errors, and numbers shown as codes."""

from __future__ import annotations

import posixpath
import struct
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator

from wizsync.intake.archive import part
from wizsync.intake.cell_details import Details, check_area, error_value, hidden_note, unsafe
from wizsync.intake.number_formats import CodeFormat, as_code, code_format

# Kinds of records, by the numbers that the format gives them ([MS-XLSB] 2.3).
_ROW, _SHEET = 0, 156
_INTEGER, _ERROR, _NUMBER, _FORMULA_NUMBER, _FORMULA_ERROR = 2, 3, 5, 9, 11
_FILLED = range(2, 12)
_FORMAT, _STYLE, _STYLES_BEGIN, _STYLES_END = 44, 47, 617, 618

_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!",
    0x2A: "#N/A", 0x2B: "#GETTING_DATA",
}  # fmt: skip

_HIDDEN = 0x10  # in a row's twelfth byte


def details_of(archive: zipfile.ZipFile, sheet: str, where: str) -> Details:
    """What is to be known of a sheet's cells.

    Args:
        archive: The workbook.
        sheet: The sheet's name.
        where: The sheet, for messages.

    Raises:
        UnfitFile: Its cells cannot be told safely, or lie too far apart.
    """
    try:
        content = part(archive, _path_of(archive, sheet))
        details, rows, columns = _look(content, _code_styles(archive))
    except (ET.ParseError, LookupError, ValueError, struct.error) as error:
        raise unsafe(where) from error
    check_area(rows, columns, where)
    return details


def _look(content: bytes, codes: dict[int, CodeFormat]) -> tuple[Details, int, int]:
    """The details, and the rows and columns up to the last filled cell."""
    details = Details()
    row = rows = columns = hidden_rows = 0
    hidden = False
    for kind, data in _records(content):
        if kind == _ROW:
            row = int.from_bytes(data[:4], "little")
            hidden = bool(data[11] & _HIDDEN)
        elif kind in _FILLED:
            column, style = struct.unpack_from("<II", data)
            rows, columns = max(rows, row + 1), max(columns, column + 1)
            hidden_rows += hidden
            hidden = False
            if kind in (_ERROR, _FORMULA_ERROR):
                details.damaged[row, column] = error_value(_ERRORS.get(data[8], ""))
            elif kind in (_INTEGER, _NUMBER, _FORMULA_NUMBER):
                code = codes.get(style & 0xFFFFFF)
                text = as_code(_number(kind, data), code) if code is not None else None
                if text is not None:
                    details.texts[row, column] = text
    details.notes += hidden_note(hidden_rows)
    return details, rows, columns


def _number(kind: int, data: bytes) -> float:
    if kind != _INTEGER:
        return float(struct.unpack_from("<d", data, 8)[0])
    packed = int.from_bytes(data[8:12], "little")
    if packed & 2:
        value = float(struct.unpack_from("<i", data, 8)[0] >> 2)
    else:
        value = float(struct.unpack("<d", bytes(4) + (packed & ~3).to_bytes(4, "little"))[0])
    return value / 100 if packed & 1 else value


def _path_of(archive: zipfile.ZipFile, sheet: str) -> str:
    relations = {
        each.get("Id", ""): each.get("Target", "")
        for each in ET.fromstring(part(archive, "xl/_rels/workbook.bin.rels"))  # noqa: S314
    }
    for kind, data in _records(part(archive, "xl/workbook.bin")):
        if kind == _SHEET:
            key, end = _text(data, 8)
            if _text(data, end)[0] == sheet:
                target = relations[key]
                return posixpath.normpath(
                    target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
                )
    raise KeyError(sheet)


def _code_styles(archive: zipfile.ZipFile) -> dict[int, CodeFormat]:
    """The styles that make codes of numbers: a cell's style to the format."""
    formats: dict[int, str] = {}
    styles: dict[int, CodeFormat] = {}
    number = -1  # outside the cells' styles
    for kind, data in _records(part(archive, "xl/styles.bin")):
        if kind == _FORMAT:
            formats[int.from_bytes(data[:2], "little")] = _text(data, 2)[0]
        elif kind == _STYLES_BEGIN:
            number = 0
        elif kind == _STYLES_END:
            number = -1
        elif kind == _STYLE and number >= 0:
            code = code_format(formats.get(int.from_bytes(data[2:4], "little"), ""))
            if code is not None:
                styles[number] = code
            number += 1
    return styles


def _text(data: bytes, at: int) -> tuple[str, int]:
    """A text, and the offset behind it."""
    length = int.from_bytes(data[at : at + 4], "little")
    end = at + 4 + 2 * length
    return data[at + 4 : end].decode("utf-16-le"), end


def _records(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Each record's kind and data."""
    at = 0
    while at < len(content):
        kind = content[at]
        at += 1
        if kind & 0x80:
            kind = kind & 0x7F | (content[at] & 0x7F) << 7
            at += 1
        length = shift = 0
        while True:
            byte = content[at]
            at += 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        yield kind, content[at : at + length]
        at += length
