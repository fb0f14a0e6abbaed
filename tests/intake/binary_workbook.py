"""Writes a small .xlsb file, as no library does: one sheet, its cells by [MS-XLSB]."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Sequence
from pathlib import Path

_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MICROSOFT = "application/vnd.ms-excel"
_PARTS = (("workbook", "xl/workbook.bin", "sheet.binary.macroEnabled.main"),
          ("worksheet", "xl/worksheets/sheet1.bin", "worksheet"),
          ("styles", "xl/styles.bin", "styles"))  # fmt: skip

NOT_AVAILABLE = b"\x2a"  # the error #N/A

Cell = str | float | bool | bytes | tuple[float, int] | None


def write(path: Path, rows: Sequence[Sequence[Cell]], code: str = "00000") -> Path:
    """Write a workbook.

    Args:
        path: Where.
        rows: Texts, numbers, logical values, errors as their byte; a pair is a number and its style: 0
            plain, 1 in the format `code`.
        code: A number format.
    """
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in _packaging().items():
            archive.writestr(name, content)
        archive.writestr("xl/workbook.bin", _workbook())
        archive.writestr("xl/styles.bin", _styles(code))
        archive.writestr("xl/worksheets/sheet1.bin", _sheet(rows))
    return path


def _packaging() -> dict[str, str]:
    overrides = "".join(
        f'<Override PartName="/{part}" ContentType="{_MICROSOFT}.{kind}"/>'
        for _, part, kind in _PARTS
    )
    return {
        "[Content_Types].xml": f'<Types xmlns="{_TYPES}"><Default Extension="rels" ContentType='
        f'"application/vnd.openxmlformats-package.relationships+xml"/>{overrides}</Types>',
        "_rels/.rels": _relations(("officeDocument", "xl/workbook.bin")),
        "xl/_rels/workbook.bin.rels": _relations(
            ("worksheet", "worksheets/sheet1.bin"), ("styles", "styles.bin")
        ),
    }


def _relations(*targets: tuple[str, str]) -> str:
    each = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{_RELATIONS}">{each}</Relationships>'


def _workbook() -> bytes:
    sheet = struct.pack("<II", 0, 1) + _text("rId1") + _text("List")
    return b"".join((_record(131), _record(143), _record(156, sheet), _record(144), _record(132)))


def _styles(code: str) -> bytes:
    def style(number_format: int) -> bytes:
        return _record(47, struct.pack("<HHHHHBBHH", 0, number_format, 0, 0, 0, 0, 0, 0x1000, 0))

    return b"".join(
        (
            _record(278),
            _record(615, struct.pack("<I", 1)),
            _record(44, struct.pack("<H", 164) + _text(code)),
            _record(616),
            _record(617, struct.pack("<I", 2)),
            style(0),
            style(164),
            _record(618),
            _record(279),
        )
    )


def _sheet(rows: Sequence[Sequence[Cell]]) -> bytes:
    width = max(map(len, rows))
    parts = [
        _record(129),
        _record(148, struct.pack("<IIII", 0, len(rows) - 1, 0, width - 1)),
        _record(145),
    ]
    for number, row in enumerate(rows):
        parts.append(_record(0, struct.pack("<IIHBBBI", number, 0, 300, 0, 0, 0, 0)))
        parts += [_cell(column, cell) for column, cell in enumerate(row) if cell is not None]
    return b"".join((*parts, _record(146), _record(130)))


def _cell(column: int, cell: Cell) -> bytes:
    style = 0
    if isinstance(cell, tuple):
        cell, style = cell
    start = struct.pack("<II", column, style)
    match cell:
        case str():
            return _record(6, start + _text(cell))
        case bytes():
            return _record(3, start + cell)
        case bool():
            return _record(4, start + bytes([cell]))
        case _:
            return _record(5, start + struct.pack("<d", cell))


def _text(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _record(kind: int, data: bytes = b"") -> bytes:
    numbers = bytearray()
    numbers += bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length = len(data)
    while length > 127:
        numbers.append(length & 0x7F | 0x80)
        length >>= 7
    numbers.append(length)
    return bytes(numbers) + data
