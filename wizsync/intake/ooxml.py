"""What an .xlsx file tells of its cells, and the fast reader does not: errors, formulas, number formats."""

from __future__ import annotations

import posixpath
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Mapping
from functools import lru_cache
from xml.parsers import expat

from wizsync.intake.archive import part
from wizsync.intake.cell_details import (
    Details,
    check_area,
    error_value,
    hidden_note,
    no_value,
    unsafe,
)
from wizsync.intake.header import column_letters
from wizsync.intake.number_formats import CodeFormat, as_code, code_format

_RELATION = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)
_TRUE = ("1", "true")
_PIECE = 1 << 18


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
        workbook = ET.fromstring(part(archive, "xl/workbook.xml"))  # noqa: S314 - expat guards itself
        path = _path_of(archive, workbook, sheet)
        cells = _Cells(_code_styles(archive), computed=not _asks_to_compute(workbook))
        with archive.open(path) as stream:
            while piece := stream.read(_PIECE):
                cells.parser.Parse(piece, False)
        cells.parser.Parse(b"", True)
        details = cells.told()
    except (ET.ParseError, expat.ExpatError, LookupError, ValueError) as error:
        raise unsafe(where) from error
    check_area(cells.last_row + 1, cells.last_column + 1, where)
    return details


def _path_of(archive: zipfile.ZipFile, workbook: ET.Element, sheet: str) -> str:
    """The part of the archive that a sheet is in.

    Raises:
        KeyError: There is none.
    """
    relations = {
        each.get("Id", ""): each.get("Target", "")
        for each in ET.fromstring(part(archive, "xl/_rels/workbook.xml.rels"))  # noqa: S314
    }
    for each in workbook.iter():
        if _local(each.tag) == "sheet" and each.get("name") == sheet:
            key = next((key for name in _RELATION if (key := each.get(name))), "")
            target = relations[key]
            if target.startswith("/"):
                return posixpath.normpath(target.lstrip("/"))
            return posixpath.normpath(posixpath.join("xl", target))
    raise KeyError(sheet)


def _asks_to_compute(workbook: ET.Element) -> bool:
    """Whether the program that wrote the file leaves computing to the one that opens it."""
    return any(
        _local(each.tag) == "calcPr" and each.get("fullCalcOnLoad") in _TRUE
        for each in workbook.iter()
    )


def _code_styles(archive: zipfile.ZipFile) -> dict[str, CodeFormat]:
    """The styles that make codes of numbers: a cell's `s` to the format."""
    content = part(archive, "xl/styles.xml")
    if not content:
        return {}
    root = ET.fromstring(content)  # noqa: S314
    formats = {
        each.get("numFmtId"): each.get("formatCode", "")
        for each in root.iter()
        if _local(each.tag) == "numFmt"
    }
    styles = next((each for each in root if _local(each.tag) == "cellXfs"), ())
    found = {}
    for number, style in enumerate(styles):
        code = code_format(formats.get(style.get("numFmtId"), ""))
        if code is not None:
            found[str(number)] = code
    return found


class _Cells:
    """Goes through a sheet's cells once, piece by piece, and keeps only what is to be told.

    It is called for each cell and each value of a million rows, so that it looks closely at few: a cell is
    finished when the next element begins.

    Args:
        codes: A cell's `s` to its format, of styles that make codes.
        computed: Whether a formula's 0 is its result; else it may stand for none.
    """

    def __init__(self, codes: Mapping[str, CodeFormat], *, computed: bool) -> None:
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._root
        self.parser.StartDoctypeDeclHandler = self._refuse_entities
        self.last_row = self.last_column = -1
        self._codes = codes
        self._computed = computed
        self._details = Details()
        self._prefix = ""
        self._cell = self._value = ""  # the names of these elements
        self._row = -1
        self._hidden = False
        self._hidden_rows = 0
        self._hidden_columns: list[tuple[int, int]] = []
        # The columns with something in them, by their letters, and whether the row has something.
        self._columns: dict[str, int] = {}
        self._filled = False
        self._number = "0"  # the row's, as its cells have it
        # The cell that is being read.
        self._attributes: dict[str, str] = {}
        self._reference = ""
        self._watched = False
        self._formula: list[str] | None = None
        self._text: list[str] = []

    def told(self) -> Details:
        """All that is to be known, when the parser has come to the end."""
        self._end_row()
        hidden = {
            column
            for column in self._columns.values()
            if any(first <= column + 1 <= last for first, last in self._hidden_columns)
        }
        self._details.notes += hidden_note(self._hidden_rows, len(hidden))
        return self._details

    def _root(self, tag: str, _: dict[str, str]) -> None:
        self._prefix = tag[: tag.index(":") + 1] if ":" in tag else ""
        self._cell, self._value = f"{self._prefix}c", f"{self._prefix}v"
        self.parser.StartElementHandler = self._start

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == self._value:
            self._take_note()
            if self._watched:
                self._text = []
                self.parser.CharacterDataHandler = self._text.append
        elif tag == self._cell:
            if self._watched:
                self._finish()
            self._attributes = attributes
            reference = attributes.get("r")
            self._reference = self._next() if reference is None else reference
            self._watched = attributes.get("t") == "e" or attributes.get("s") in self._codes
        else:
            self._other(tag.removeprefix(self._prefix), attributes)

    def _other(self, name: str, attributes: dict[str, str]) -> None:
        if name == "f":
            self._take_note()
            self._watched = True
            self._formula = []
            self.parser.CharacterDataHandler = self._formula.append
        elif name == "is":
            self._take_note()
        elif name == "row":
            self._end_row()
            self._row = int(attributes.get("r", self._row + 2)) - 1
            self._number = str(self._row + 1)
            self._hidden = attributes.get("hidden") in _TRUE
        elif name == "col" and attributes.get("hidden") in _TRUE:
            self._hidden_columns.append((int(attributes["min"]), int(attributes["max"])))

    def _end_row(self) -> None:
        if self._watched:
            self._finish()
        if self._filled:
            self.last_row = max(self.last_row, self._row)
            self._hidden_rows += self._hidden
        self._reference = ""
        self._filled = False

    def _take_note(self) -> None:
        """The cell has something in it.

        Raises:
            ValueError: It says that it is in another row than the one it is in, so that readers may differ.
        """
        self._filled = True
        letters = self._reference[: -len(self._number)]
        if letters not in self._columns or not self._reference.endswith(self._number):
            if self._reference != f"{letters}{self._number}" or not letters.isalpha():
                raise ValueError(self._reference)
            self._columns[letters] = _column(letters)
            self.last_column = max(self.last_column, self._columns[letters])

    def _finish(self) -> None:
        """Judge a cell that is worth it."""
        self.parser.CharacterDataHandler = None
        value, formula = "".join(self._text).strip(), self._formula
        kind = self._attributes.get("t", "n")
        at = (self._row, _column(self._reference))
        if kind == "e":
            self._details.damaged[at] = error_value(value)
        elif formula is not None and self._lacks_result(kind, value):
            self._details.damaged[at] = no_value("".join(formula).strip())
        elif kind == "n" and value and self._attributes.get("s") in self._codes:
            code = as_code(float(value), self._codes[self._attributes["s"]])
            if code is not None:
                self._details.texts[at] = code
        self._watched, self._formula, self._text = False, None, []

    def _lacks_result(self, kind: str, value: str) -> bool:
        """Whether a formula was never computed; the result of one that gives a text may be empty."""
        if not value:
            return kind != "str"
        return kind == "n" and value == "0" and not self._computed

    def _next(self) -> str:
        """The reference of a cell that has none: right of the one before."""
        column = _column(self._reference) + 1 if self._reference else 0
        return f"{column_letters(column)}{self._row + 1}"

    @staticmethod
    def _refuse_entities(*_: object) -> None:
        raise ValueError("no sheet declares entities")


@lru_cache(maxsize=1 << 10)
def _column_of_letters(letters: str) -> int:
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1


def _column(reference: str) -> int:
    """A cell's column, from 0: of C5 it is 2."""
    return _column_of_letters(reference.strip().rstrip("0123456789"))


def _local(tag: str) -> str:
    """An element's name without its namespace."""
    return tag.rpartition("}")[2]
