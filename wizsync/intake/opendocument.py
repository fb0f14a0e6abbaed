"""What an .ods file tells of its cells, and the fast reader does not: errors, and numbers shown as codes."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from wizsync.intake.archive import part
from wizsync.intake.cell_details import (
    Details,
    check_area,
    error_value,
    hidden_note,
    no_value,
    unsafe,
)
from wizsync.model import Damage

_ERROR = re.compile(r"#(N/A|NAME\?|REF!|VALUE!|DIV/0!|NUM!|NULL!)|(Err|Fehler):[0-9]+")
_DURATION = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")
_BROKEN = (ET.ParseError, ValueError, LookupError)
# Digits with signs between them, as no amount has them.
_CODE = re.compile(r"[0-9(][0-9\-/() ]*[0-9]")


@dataclass(frozen=True, slots=True)
class _Row:
    """Equal rows of a sheet.

    Args:
        sheet: The sheet's name.
        first: The first one's row, from 0.
        times: How many there are.
        hidden: They are hidden.
        cells: Each cell that has something in it, with its first column and how many there are of it.
    """

    sheet: str
    first: int
    times: int
    hidden: bool
    cells: tuple[tuple[ET.Element, int, int], ...]


def is_encrypted(archive: zipfile.ZipFile) -> bool:
    """Whether a password protects it."""
    return b"encryption-data" in part(archive, "META-INF/manifest.xml")


def check_size(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse a file whose sheets are too large once cells that stand for many are written out.

    Args:
        archive: The workbook; one of another kind is let through.
        name: The file's name, for messages.

    Raises:
        UnfitFile: They are.
        SyntaxError, ValueError: It is damaged.
    """
    if "content.xml" not in archive.namelist():
        return
    last: dict[str, tuple[int, int]] = {}
    for row in _rows(archive):
        if row.cells:
            rows, columns = last.get(row.sheet, (0, 0))
            end = max(column + times for _, column, times in row.cells)
            last[row.sheet] = (max(rows, row.first + row.times), max(columns, end))
    for sheet, (rows, columns) in last.items():
        check_area(rows, columns, f"{name}, sheet {sheet}")


def details_of(archive: zipfile.ZipFile, sheet: str, where: str) -> Details:
    """What is to be known of a sheet's cells.

    Args:
        archive: The workbook, of which the size is known to be safe.
        sheet: The sheet's name.
        where: The sheet, for messages.

    Raises:
        UnfitFile: It is damaged.
    """
    details = Details()
    hidden = 0
    try:
        for row in _rows(archive):
            if row.sheet == sheet:
                hidden += row.times if row.hidden and row.cells else 0
                _take(row, details)
    except _BROKEN as error:
        raise unsafe(where) from error
    details.notes += hidden_note(hidden)
    return details


def _take(row: _Row, details: Details) -> None:
    for cell, column, times in row.cells:
        damage, text = _judged(cell)
        if damage is None and text is None:
            continue
        rows, columns = range(row.first, row.first + row.times), range(column, column + times)
        for at in product(rows, columns):
            if damage is not None:
                details.damaged[at] = damage
            elif text is not None:
                details.texts[at] = text


def _rows(archive: zipfile.ZipFile) -> Iterator[_Row]:
    """The rows of all sheets; none is kept."""
    parents: list[ET.Element] = []
    sheet, number = "", 0
    with archive.open("content.xml") as stream:
        for event, element in ET.iterparse(stream, events=("start", "end")):  # noqa: S314
            kind = element.tag.rpartition("}")[2]
            if event == "start":
                parents.append(element)
                if kind == "table":
                    sheet, number = _get(element, "name") or "", 0
                continue
            parents.pop()
            if kind == "table-row":
                times = int(_get(element, "number-rows-repeated") or 1)
                hidden = _get(element, "visibility") in ("collapse", "filter")
                yield _Row(sheet, number, times, hidden, tuple(_cells(element)))
                number += times
                parents[-1].clear()


def _cells(row: ET.Element) -> Iterator[tuple[ET.Element, int, int]]:
    column = 0
    for cell in row:
        if cell.tag.rpartition("}")[2] not in ("table-cell", "covered-table-cell"):
            continue
        times = int(_get(cell, "number-columns-repeated") or 1)
        if len(cell) or _get(cell, "value-type") or _get(cell, "formula"):
            yield cell, column, times
        column += times


def _judged(cell: ET.Element) -> tuple[Damage | None, str | None]:
    """What is wrong with a cell, and the code it shows."""
    shown = "\n".join(_text(line) for line in cell if line.tag.endswith("}p"))
    kinds = {value for name, value in cell.attrib.items() if name.endswith("}value-type")}
    formula = _get(cell, "formula")
    if "error" in kinds or (formula is not None and _ERROR.fullmatch(shown)):
        return error_value(shown), None
    if formula is not None and not kinds and not shown:
        return no_value(formula.partition("=")[2]), None
    return None, _other_text(cell, kinds, shown)


def _other_text(cell: ET.Element, kinds: set[str], shown: str) -> str | None:
    """The text of a cell where it is not its plain value."""
    if "boolean" in kinds or ("float" in kinds and shown.upper() in ("TRUE", "FALSE")):
        return (_get(cell, "boolean-value") or shown).upper()
    if "time" in kinds and (found := _DURATION.fullmatch(_get(cell, "time-value") or "")):
        # A time of day is left to the fast reader, which knows no more than 24 hours.
        is_long = int(found[1]) > 23
        return ":".join(f"{int(part):02}" for part in found.groups()) if is_long else None
    return shown if "float" in kinds and _is_code(cell, shown) else None


def _is_code(cell: ET.Element, shown: str) -> bool:
    """Whether the number's digits are shown with zeros in front or signs between, as no amount has them."""
    value = float(_get(cell, "value") or 0)
    if not _CODE.fullmatch(shown) or value != value // 1 or not 0 <= value < 1e15:
        return False
    digits = re.sub(r"[^0-9]", "", shown)
    return int(digits) == int(value) and (
        shown.startswith("0") or any(sign in shown for sign in "-/()")
    )


def _text(line: ET.Element) -> str:
    """A line's text; several spaces in a row are an element of their own."""
    parts = [line.text or ""]
    for inside in line:
        if inside.tag.endswith("}s"):
            parts.append(" " * int(_get(inside, "c") or 1))
        else:
            parts.append(_text(inside))
        parts.append(inside.tail or "")
    return "".join(parts)


def _get(element: ET.Element, name: str) -> str | None:
    """An attribute by its name without the namespace; that of the format itself before an extension's."""
    return next(
        (value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), None
    )
