"""More files with their promised ends: those that would lose or falsify data without a word, or do harm."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from openpyxl.worksheet.worksheet import Worksheet

from tests.intake import binary_workbook
from tests.intake.spreadsheet_cases import (
    ACME,
    FILES,
    ONE,
    SHEET,
    TABLE,
    Case,
    book,
    changed,
    other,
    rows,
    text,
)


def _at_c5(sheet: Worksheet) -> None:
    for at, value in {
        "C5": "Code", "D5": "Zip", "E5": "Rep", "C6": "C-1", "D6": 123, "E6": "=A1", "C7": "#N/A", "D7": 7,
    }.items():  # fmt: skip
        sheet[at] = value
    sheet["D6"].number_format = sheet["D7"].number_format = "00000"


def _hidden_column(sheet: Worksheet) -> None:
    ONE(sheet)
    sheet.column_dimensions["B"].hidden = True


def _stray(value: object, at: str) -> Callable[[Worksheet], None]:
    def fill(sheet: Worksheet) -> None:
        ONE(sheet)
        sheet[at] = value

    return fill


def _uncomputed(_: Any, sheet: Any) -> None:
    sheet.write_row(0, 0, ["Code", "Terms"])
    sheet.write(1, 0, "C-1")
    sheet.write_formula(1, 1, "=LOOKUP(1,A1:A9)")


def _binary(*values: list[binary_workbook.Cell]) -> Callable[[Path], Path]:
    return lambda folder: binary_workbook.write(folder / "in.xlsb", values)


def _opendocument(table: str, manifest: str = "") -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        spaces = "".join(
            f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
            for name in ("office", "table", "text")
        )
        with zipfile.ZipFile(folder / "in.ods", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            archive.writestr("META-INF/manifest.xml", manifest or "<manifest/>")
            archive.writestr(
                "content.xml",
                f"<office:document-content{spaces}><office:body><office:spreadsheet>"
                f'<table:table table:name="List">{table}</table:table>'
                "</office:spreadsheet></office:body></office:document-content>",
            )
        return folder / "in.ods"

    return make


def _ods_row(*cells: str) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def _ods_text(value: str) -> str:
    return (
        f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
    )


def _old_with_password(folder: Path) -> Path:
    data = bytearray((FILES / "saved.xls").read_bytes())
    after_first = data.index(b"\x09\x08\x10\x00\x00\x06\x05\x00") + 20
    data[after_first : after_first + 2] = b"\x2f\x00"  # what follows says that a password is needed
    (folder / "in.xls").write_bytes(data)
    return folder / "in.xls"


HEAD = _ods_row(_ods_text("Code"), _ods_text("Phone"))
NUMBER = (
    '<table:table-cell office:value-type="float" office:value="5550100"><text:p>{}</text:p>'
    "</table:table-cell>"
)

TRAPS: dict[str, Case] = {
    "codes and errors in the middle": Case(
        "Codes, errors and formulas without a result, in a list that begins at C5",
        "As in one that begins at A1, each in its own column and row",
        book(_at_c5),
        [["C-1", "00123", ""], ["", "00007", ""]],
        columns=["Code", "Zip", "Rep"],
        damaged=[("Rep", "no_value"), ("Code", "error_value")],
        options={"header_row": 5},
        numbers=[6, 7],
    ),
    "signs in formats": Case(
        'Numbers with a format such as `(000) 000-0000`, `###-####` or `"C-"00000`',
        "The code as it is shown: `(212) 555-0100`, `555-0100`, `C-00123`",
        book(
            rows(
                ("Phone", "Local", "Code", "Short or long"),
                (2125550100, 5550100, 123, 2125550100),
                formats={
                    "A2": "(000)\\ 000\\-0000",
                    "B2": "###-####",
                    "C2": '"C-"00000',
                    "D2": "[<=9999999]###\\-####;\\(###\\)\\ ###\\-####",
                },
            )
        ),
        [["(212) 555-0100", "555-0100", "C-00123", "(212) 555-0100"]],
    ),
    "formats of amounts": Case(
        'Numbers with a format such as `0 "pcs"`, `# ##0`, `€ #,##0` or `000.0`',
        "The plain number",
        book(
            rows(
                ("Count", "Amount", "Price", "Share"),
                (5, 1234567, 1200, 1.5),
                formats={"A2": '0 "pcs"', "B2": "#\\ ##0", "C2": "[$€-407] #,##0", "D2": "000.0"},
            )
        ),
        [["5", "1234567", "1200", "1.5"]],
    ),
    "zero for a result": Case(
        "A formula with 0 in place of a result, as XlsxWriter writes it, in a file that asks to be computed",
        "The row is rejected: open the file in a spreadsheet program and save it",
        other(_uncomputed),
        [["C-1", ""]],
        damaged=[("Terms", "no_value")],
    ),
    "a number that is none": Case(
        "A number that is none (NaN)",
        "The row is rejected",
        changed(
            book(rows(("Code", "Terms"), ("C-1", 5))),
            SHEET,
            lambda xml: xml.replace(b"<v>5</v>", b"<v>NaN</v>"),
        ),
        [["C-1", ""]],
        damaged=[("Terms", "error_value")],
    ),
    "an error beside the list": Case(
        "An error in a column without a name",
        "Refused, with the column and the row",
        book(_stray("#N/A", "D2")),
        refused="Column D has no header, and row 2",
    ),
    "an error in the header": Case(
        "A header that shows an error",
        "Refused, with the column",
        book(rows(("Code", "#REF!"), ("C-1", "Acme"))),
        refused="The header of column B holds the error #REF!",
    ),
    "a far cell": Case(
        "Something in the last cell of the sheet, XFD1048576",
        "Refused, as all between would fill the memory: delete it",
        book(_stray("x", "XFD1048576")),
        refused="as far as cell XFD1048576",
    ),
    "hidden columns": Case(
        "Hidden columns",
        "Used like the others, and said",
        book(_hidden_column),
        ACME,
        note="1 hidden column is used",
    ),
    "no references": Case(
        "Cells that do not say where they are, as some programs write them",
        "Each is right of the one before",
        changed(
            book(rows(("Code", "Terms"), ("C-1", "=A1"))),
            SHEET,
            lambda xml: xml.replace(b' r="A2"', b"").replace(b' r="B2"', b""),
        ),
        [["C-1", ""]],
        damaged=[("Terms", "no_value")],
    ),
    "a damaged sheet": Case(
        "A sheet that breaks off",
        "Refused: what cannot be read to its end might seem empty",
        changed(book(ONE), SHEET, lambda xml: xml[: xml.index(b"</sheetData>")]),
        refused="cannot be read safely",
    ),
    "entities": Case(
        "A sheet that declares entities, by which a small file unpacks to a huge one",
        "Refused",
        changed(
            book(ONE),
            SHEET,
            lambda xml: b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + xml,
        ),
        refused="cannot be read safely",
    ),
    "xlsb": Case(
        "An .xlsb file",
        "Read, number formats and errors too",
        _binary(
            ["Code", "Zip", "Ok", "Price", "Rep"],
            ["C-1", (2108.0, 1), True, 1200.5, binary_workbook.NOT_AVAILABLE],
        ),
        [["C-1", "02108", "TRUE", "1200.5", ""]],
        damaged=[("Rep", "error_value")],
    ),
    "codes in ods": Case(
        "Numbers of an .ods file that are shown as `555-0100`, or as `5,550,100`",
        "The code as it is shown, and the plain number",
        _opendocument(
            HEAD
            + _ods_row(_ods_text("C-1"), NUMBER.format("555-0100"))
            + _ods_row(_ods_text("C-2"), NUMBER.format("5,550,100"))
        ),
        [["C-1", "555-0100"], ["C-2", "5550100"]],
    ),
    "formulas of ods": Case(
        "Formulas of an .ods file with an error, or without a result",
        "The row is rejected",
        _opendocument(
            HEAD
            + _ods_row(
                _ods_text("C-1"),
                '<table:table-cell table:formula="of:=1/0" office:value-type="string"><text:p>#DIV/0!'
                "</text:p></table:table-cell>",
            )
            + _ods_row(_ods_text("C-2"), '<table:table-cell table:formula="of:=[.A1]"/>')
        ),
        [["C-1", ""], ["C-2", ""]],
        damaged=[("Phone", "error_value"), ("Phone", "no_value")],
    ),
    "ods bomb": Case(
        "An .ods file with one cell that stands for millions",
        "Refused before it is written out",
        _opendocument(
            '<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-'
            'repeated="16000" office:value-type="string"><text:p>x</text:p></table:table-cell>'
            "</table:table-row>"
        ),
        refused="that is too far for a list",
    ),
    "encrypted ods": Case(
        "An .ods file with a password",
        "Refused: save a copy without it",
        _opendocument(HEAD, "<manifest><encryption-data/></manifest>"),
        refused="is protected by a password",
    ),
    "encrypted xls": Case(
        "An .xls file with a password",
        "Refused: save a copy without it",
        _old_with_password,
        refused="is protected by a password",
    ),
    "web page in UTF-16": Case(
        "A web page with one table, in UTF-16",
        "Its table is read, and that is said",
        text(TABLE, "in.xls", "utf-16"),
        [["007", "Müller & Söhne"]],
        note="web page",
    ),
    "titles on a web page": Case(
        "A web page with a title row, and rows that are blank or shorter",
        "Read like a workbook",
        text(
            "<table><tr><td>List</td></tr><tr></tr><tr><td>Code</td><td>Name</td></tr>"
            "<tr><td></td></tr><tr><td>C-1</td><td>Acme<script>x()</script></td></tr>"
            "<tr><td>C-2</td></tr></table>",
            "in.xls",
        ),
        [["C-1", "Acme"], ["C-2", ""]],
        options={"header_row": 2},
        numbers=[5, 6],
        note="The header is in row 3",
    ),
    "web archive": Case(
        "A web page with all its parts (.mht) under the name .xls",
        "Refused: save it as .xlsx",
        text("MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n", "in.xls"),
        refused="a web page with all its parts",
    ),
}
