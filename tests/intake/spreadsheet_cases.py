"""Files as spreadsheet programs and other programs write them, each with its promised end.

The table in docs/spreadsheets.md is made of `what` and `promise`; a test keeps the two the same.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msoffcrypto
import openpyxl
import xlsxwriter
from openpyxl.chart import BarChart
from openpyxl.worksheet.worksheet import Worksheet

# Small files that LibreOffice saved: one sheet, as `saved` below writes it.
FILES = Path(__file__).parent / "files"


@dataclass(frozen=True)
class Case:
    """A file and its promised end.

    Args:
        what: What the file is.
        promise: What wizsync does with it.
        make: Writes it into a folder, and says where it is.
        cells: The rows that come of it, without the header.
        columns: The header, where it is of interest.
        damaged: Column and code of cells whose values are not known.
        refused: A part of the message that it is refused with.
        note: A part of a note that goes with it.
        options: How it is read.
        numbers: The rows' numbers, where they are of interest.
    """

    what: str
    promise: str
    make: Callable[[Path], Path]
    cells: Sequence[Sequence[str]] | None = None
    columns: Sequence[str] | None = None
    damaged: Sequence[tuple[str, str]] = ()
    refused: str | None = None
    note: str | None = None
    options: dict[str, Any] = field(default_factory=dict)
    numbers: Sequence[int] | None = None


# --- how files are written ------------------------------------------------------------------------


def book(fill: Callable[[Worksheet], object], name: str = "in.xlsx") -> Callable[[Path], Path]:
    """A workbook of one sheet, written by openpyxl."""

    def make(folder: Path) -> Path:
        workbook = openpyxl.Workbook()
        sheet = workbook.active
        assert isinstance(sheet, Worksheet)
        fill(sheet)
        workbook.save(folder / name)
        return folder / name

    return make


def rows(
    *values: Sequence[Any], formats: dict[str, str] | None = None
) -> Callable[[Worksheet], None]:
    def fill(sheet: Worksheet) -> None:
        for row in values:
            sheet.append(list(row))
        for at, pattern in (formats or {}).items():
            sheet[at].number_format = pattern

    return fill


def other(write: Callable[[Any, Any], object], **options: Any) -> Callable[[Path], Path]:
    """A workbook of one sheet, written by XlsxWriter."""

    def make(folder: Path) -> Path:
        workbook = xlsxwriter.Workbook(str(folder / "in.xlsx"), options)
        write(workbook, workbook.add_worksheet())
        workbook.close()
        return folder / "in.xlsx"

    return make


def text(content: str | bytes, name: str, encoding: str = "utf-8") -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        data = content if isinstance(content, bytes) else content.encode(encoding)
        (folder / name).write_bytes(data)
        return folder / name

    return make


def saved(name: str) -> Callable[[Path], Path]:
    """A file that LibreOffice saved."""
    return lambda _: FILES / name


def renamed(make: Callable[[Path], Path], name: str) -> Callable[[Path], Path]:
    return lambda folder: make(folder).rename(folder / name)


def changed(
    make: Callable[[Path], Path], member: str, change: Callable[[bytes], bytes]
) -> Callable[[Path], Path]:
    """A workbook with one of its parts changed."""

    def made(folder: Path) -> Path:
        path = make(folder)
        out = io.BytesIO()
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
            for each in old.namelist():
                content = old.read(each)
                new.writestr(each, change(content) if each == member else content)
        path.write_bytes(out.getvalue())
        return path

    return made


SHEET = "xl/worksheets/sheet1.xml"
ONE = rows(("Code", "Name"), ("C-1", "Acme"))


def _hidden_first(sheet: Worksheet) -> None:
    sheet.append(["Not", "this"])
    sheet.sheet_state = "hidden"
    ONE(sheet.parent.create_sheet("List"))


def _three_sheets(sheet: Worksheet) -> None:
    sheet.title = "Cover"
    sheet.append(["Nothing here"])
    ONE(sheet.parent.create_sheet("Customer List"))
    sheet.parent.create_sheet("Notes").append(["Code", "Note"])


def _hidden_rows(sheet: Worksheet) -> None:
    rows(("Code",), ("C-1",), ("C-2",), ("C-3",))(sheet)
    sheet.row_dimensions[3].hidden = True


def _filtered(sheet: Worksheet) -> None:
    rows(("Code",), ("C-1",), ("C-2",))(sheet)
    sheet.auto_filter.ref = "A1:A3"
    sheet.auto_filter.add_filter_column(0, ["C-1"])
    sheet.row_dimensions[3].hidden = True


def _merged_header(sheet: Worksheet) -> None:
    rows(("Code", "Name", None), ("C-1", "Acme", "Ltd"))(sheet)
    sheet.merge_cells("B1:C1")


def _merged_cells(sheet: Worksheet) -> None:
    rows(("Code", "Group"), ("C-1", "North"), ("C-2", None))(sheet)
    sheet.merge_cells("B2:B3")


def _chart_sheet(sheet: Worksheet) -> None:
    ONE(sheet)
    sheet.parent.create_chartsheet("Chart").add_chart(BarChart())


def _styled(workbook: Any, sheet: Any) -> None:
    sheet.write_row(0, 0, ["Code", "Name"])
    sheet.write_row(1, 0, ["C-1", "Acme"])
    bold = workbook.add_format({"bold": True})
    for row in range(2, 100_000):
        sheet.write_blank(row, 1, None, bold)


def _rich(workbook: Any, sheet: Any) -> None:
    bold = workbook.add_format({"bold": True})
    sheet.write_row(0, 0, ["Code", "Name"])
    sheet.write(1, 0, "C-1")
    sheet.write_rich_string(1, 1, "Acme ", bold, "Ltd")


def _cached(_: Any, sheet: Any) -> None:
    sheet.write_row(0, 0, ["Code", "Name"])
    sheet.write_formula(1, 0, '="C-"&1', None, "C-1")
    sheet.write_formula(1, 1, "=1+1", None, 2)


def _encrypted(folder: Path) -> Path:
    plain = book(ONE)(folder)
    path = folder / "secret.xlsx"
    with plain.open("rb") as source, path.open("wb") as target:
        msoffcrypto.OfficeFile(source).encrypt("secret", target)
    return path


def _bomb(folder: Path) -> Path:
    path = book(ONE)(folder)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/more.xml", b" " * (80 * 1024 * 1024))
    return path


def _archive(member: str) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        with zipfile.ZipFile(folder / "in.xlsx", "w") as archive:
            archive.writestr(member, "x")
        return folder / "in.xlsx"

    return make


def _cut(folder: Path) -> Path:
    path = book(ONE)(folder)
    path.write_bytes(path.read_bytes()[:-900])
    return path


TABLE = (
    "<html><head><style>td{color:red}</style></head><body><table border=1>"
    "<tr><th>Code</th><th>Name</th></tr><tr><td>007</td><td>M&uuml;ller &amp; S&ouml;hne</td></tr>"
    "</table></body></html>"
)
XML_2003 = (
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>'
)
ACME = [["C-1", "Acme"]]
DAY = dt.date(2026, 3, 4)

CASES: dict[str, Case] = {
    # --- values
    "numbers": Case(
        "Numbers in a column of codes",
        "The number without decimals: `10013`, never `10013.0`; an amount as its plain number",
        book(rows(("Code", "Amount"), (10013, 1200.5), (7, 0.1 + 0.2))),
        [["10013", "1200.5"], ["7", "0.3"]],
    ),
    "codes by a format": Case(
        "Numbers with a format such as `00000` or `000-0000`",
        "The code as it is shown: `00123`, `012-3456`",
        book(rows(("Zip", "No"), (123, 123456), formats={"A2": "00000", "B2": "000\\-0000"})),
        [["00123", "012-3456"]],
    ),
    "17 digits": Case(
        "A number of more than 15 digits",
        "The row is rejected: spreadsheet programs keep only 15, so that the rest is lost",
        book(rows(("Code", "Name"), (12345678901234567, "Acme"))),
        [["", "Acme"]],
        damaged=[("Code", "long_number")],
    ),
    "texts that look like numbers": Case(
        "Texts that look like numbers, blanks or dates: `007`, `1E5`, `NA`, `null`",
        "They stay as they are",
        book(rows(("Code", "Name"), ("007", "1E5"), ("NA", "null"))),
        [["007", "1E5"], ["NA", "null"]],
    ),
    "leading apostrophe": Case(
        "A text entered with an apostrophe in front, to keep its zeros",
        "The text without the apostrophe",
        saved("saved.xlsx"),
        [["00123", "02108", "2026-03-04", "TRUE", "0.125", ""]],
        columns=["Code", "Zip", "Day", "Ok", "Share", "Name"],
        damaged=[("Name", "error_value")],
    ),
    "dates": Case(
        "Dates, and dates with a time",
        "ISO 8601: `2026-03-04`, `2026-03-04T15:30:00`",
        book(rows(("Day", "At"), (DAY, dt.datetime(2026, 3, 4, 15, 30)))),  # noqa: DTZ001
        [["2026-03-04", "2026-03-04T15:30:00"]],
    ),
    "dates of 1904": Case(
        "A workbook that counts its days from 1904",
        "The same dates as in any other",
        other(
            lambda workbook, sheet: [
                sheet.write(0, 0, "Day"),
                sheet.write_datetime(1, 0, DAY, workbook.add_format({"num_format": "yyyy-mm-dd"})),
            ],
            date_1904=True,
        ),
        [["2026-03-04"]],
    ),
    "times": Case(
        "A time of day, and a number of hours",
        "`08:30:00`, `30:00:00`",
        book(rows(("At", "For"), (dt.time(8, 30), dt.timedelta(hours=30)))),
        [["08:30:00", "30:00:00"]],
    ),
    "yes and no": Case(
        "Logical values",
        "`TRUE` and `FALSE`",
        book(rows(("Ok", "No"), (True, False))),
        [["TRUE", "FALSE"]],
    ),
    "percent and currency": Case(
        "Percentages and currencies",
        "The plain number: `0.125` for 12.5 %, `1200.5` for $1,200.50",
        book(
            rows(
                ("Share", "Price"),
                (0.125, 1200.5),
                formats={"A2": "0.0%", "B2": '"$"#,##0.00'},
            )
        ),
        [["0.125", "1200.5"]],
    ),
    "error cells": Case(
        "A cell that shows `#N/A`, `#REF!` or another error",
        "The row is rejected; the cell is never taken for an empty one",
        other(
            lambda _, sheet: [
                sheet.write_row(0, 0, ["Code", "Name"]),
                sheet.write(1, 0, "C-1"),
                sheet.write_formula(1, 1, "=NA()", None, "#N/A"),
            ]
        ),
        [["C-1", ""]],
        damaged=[("Name", "error_value")],
    ),
    "formulas without a result": Case(
        "A formula whose result was never stored, as programs write them that do not calculate",
        "The row is rejected: open the file in a spreadsheet program and save it",
        book(rows(("Code", "Name"), ("C-1", "=A2"))),
        [["C-1", ""]],
        damaged=[("Name", "no_value")],
    ),
    "formulas": Case("Formulas with their results", "The results", other(_cached), [["C-1", "2"]]),
    "rich text": Case(
        "A cell of which a part is bold", "Its whole text", other(_rich), [["C-1", "Acme Ltd"]]
    ),
    "line breaks": Case(
        "Line breaks and spaces inside a cell",
        "They stay",
        book(rows(("Code", "Name"), ("C-1", "Acme\nLtd "))),
        [["C-1", "Acme\nLtd "]],
    ),
    "long text": Case(
        "A text of 32,767 characters, the most that a cell holds",
        "All of it",
        book(rows(("Code",), ("x" * 32_767,))),
        [["x" * 32_767]],
    ),
    # --- sheets and layout
    "hidden sheet": Case(
        "A hidden sheet before the list",
        "The first visible sheet is read",
        book(_hidden_first),
        ACME,
    ),
    "several sheets": Case(
        "Several sheets, of which none is named in the mapping",
        "The first visible one is read, and that is said",
        book(_three_sheets),
        columns=["Nothing here"],
        cells=[],
        note='the first one, "Cover", is read',
    ),
    "a sheet by its name": Case(
        "A sheet by its name (`source: sheet`), capitals and spaces aside",
        "That sheet is read",
        book(_three_sheets),
        ACME,
        options={"sheet": "customer  list"},
    ),
    "a sheet by its number": Case(
        "A sheet by its number, from 1",
        "That sheet is read",
        book(_three_sheets),
        ACME,
        options={"sheet": "2"},
    ),
    "no such sheet": Case(
        "A sheet that is not there",
        "Refused, with the nearest name",
        book(_three_sheets),
        refused='has no sheet "Custmer List"',
        options={"sheet": "Custmer List"},
    ),
    "a chart": Case(
        "A sheet that is a chart",
        "Refused, with the sheets that have cells",
        book(_chart_sheet),
        refused='The sheet "Chart" is a chart',
        options={"sheet": "Chart"},
    ),
    "empty sheet": Case(
        "A sheet with nothing in it", "Refused", book(lambda sheet: sheet), refused="is empty"
    ),
    "title rows": Case(
        "Title rows above the header (`source: header_row`)",
        "The header is where the mapping says; rows keep their numbers",
        book(rows(("Price list of 2026",), (), ("Code", "Name"), ("C-1", "Acme"))),
        ACME,
        options={"header_row": 3},
        numbers=[4],
    ),
    "blank row above": Case(
        "A blank row where the header is said to be",
        "The next filled row is the header, and that is said",
        book(rows((), ("Code", "Name"), ("C-1", "Acme"))),
        ACME,
        note="The header is in row 2",
    ),
    "a table in the middle": Case(
        "A list that begins in column C",
        "The empty columns are left aside",
        book(rows((None, None, "Code", "Name"), (None, None, "C-1", "Acme"))),
        ACME,
        columns=["Code", "Name"],
    ),
    "blank rows": Case(
        "Blank rows in the list",
        "They are left out; the others keep their numbers",
        book(rows(("Code",), ("C-1",), (), ("C-2",))),
        [["C-1"], ["C-2"]],
        numbers=[2, 4],
    ),
    "hidden rows": Case(
        "Hidden rows",
        "Used like the others, and said",
        book(_hidden_rows),
        [["C-1"], ["C-2"], ["C-3"]],
        note="1 hidden row is used",
    ),
    "filter": Case(
        "A filter that hides rows",
        "All rows are used, and that is said",
        book(_filtered),
        [["C-1"], ["C-2"]],
        note="1 hidden row is used",
    ),
    "merged header": Case(
        "A merged header over two filled columns",
        "Refused: each column needs a name of its own",
        book(_merged_header),
        refused="Column C has no header",
    ),
    "merged cells": Case(
        "Merged cells in the list",
        "The first has the value, the others are empty; that is said",
        book(_merged_cells),
        [["C-1", "North"], ["C-2", ""]],
        note="1 merged area has",
    ),
    "white space in headers": Case(
        "Line breaks, doubled and non-breaking spaces in headers",
        "As they are seen: `Cust No`",
        book(rows((" Cust\n No ", "E\u00a0mail"), ("C-1", "a@b.co"))),
        columns=["Cust No", "E mail"],
    ),
    "doubled headers": Case(
        "Two columns of one name",
        "Refused, with their letters",
        book(rows(("Code", "Name", "Name"), ("C-1", "A", "B"))),
        refused='"Name" (columns B and C)',
    ),
    "column without a name": Case(
        "A filled column without a name",
        "Refused, with the column and the row",
        book(rows(("Code", None, "Name"), ("C-1", "x", "Acme"))),
        refused="Column B has no header, and row 2",
    ),
    "header again": Case(
        "The header once more amid the list",
        "Left out, and said",
        book(rows(("Code", "Name"), ("C-1", "Acme"), ("Code", "Name"))),
        ACME,
        note="The header stands again",
    ),
    "styled blanks": Case(
        "A hundred thousand empty rows that are formatted",
        "They are no rows",
        other(_styled, constant_memory=True),
        ACME,
    ),
    "lying dimension": Case(
        "A file that says it is smaller than it is",
        "All its rows are read",
        changed(
            book(rows(("Code",), ("C-1",), ("C-2",))),
            SHEET,
            lambda xml: xml.replace(b'ref="A1:A3"', b'ref="A1"'),
        ),
        [["C-1"], ["C-2"]],
    ),
    # --- kinds of files
    "xlsx named csv": Case(
        "An .xlsx file named .csv", "Read by its content", renamed(book(ONE), "in.csv"), ACME
    ),
    "csv named xlsx": Case(
        "A CSV file named .xlsx",
        "Read by its content",
        text("Code,Name\nC-1,Acme\n", "in.xlsx"),
        ACME,
    ),
    "xlsm": Case("A workbook with macros", "Its cells are read", book(ONE, "in.xlsm"), ACME),
    "xls": Case(
        "An .xls file",
        "Read, number formats and errors too",
        saved("saved.xls"),
        [["00123", "02108", "2026-03-04", "TRUE", "0.125", ""]],
        damaged=[("Name", "error_value")],
    ),
    "ods": Case(
        "An .ods file of LibreOffice",
        "Read, numbers shown as codes and errors too",
        saved("saved.ods"),
        [["00123", "02108", "2026-03-04", "TRUE", "0.125", ""]],
        damaged=[("Name", "error_value")],
    ),
    "xlsx of LibreOffice": Case(
        "An .xlsx file of LibreOffice",
        "Read like Excel's",
        saved("saved.xlsx"),
        [["00123", "02108", "2026-03-04", "TRUE", "0.125", ""]],
        damaged=[("Name", "error_value")],
    ),
    "UTF-16": Case(
        "A text file in UTF-16 with tabs, as Excel saves Unicode text",
        "Read",
        text("Code\tName\nC-1\tAcme\n", "in.txt", "utf-16"),
        ACME,
    ),
    "web page": Case(
        "A web page with one table under the name .xls, as many programs export",
        "Its table is read, and that is said",
        text(TABLE, "in.xls"),
        [["007", "Müller & Söhne"]],
        note="web page",
    ),
    "web page with joined cells": Case(
        "A web page whose table has joined cells, or several tables",
        "Refused",
        text("<table><tr><td colspan=2>A</td></tr></table>", "in.xls"),
        refused="web page with a table with joined cells",
    ),
    "xml of 2003": Case(
        "An XML spreadsheet of 2003",
        "Refused: save it as .xlsx",
        text(XML_2003, "in.xls"),
        refused="an XML spreadsheet of 2003",
    ),
    "encrypted": Case(
        "A workbook with a password",
        "Refused: save a copy without it",
        _encrypted,
        refused="is protected by a password",
    ),
    "zip bomb": Case(
        "A small file that unpacks to a huge one",
        "Refused before it is unpacked",
        _bomb,
        refused="no customer list does",
    ),
    "cut": Case("A workbook that was cut short", "Refused", _cut, refused="is a damaged workbook"),
    "word": Case(
        "A Word document", "Refused", _archive("word/document.xml"), refused="is a Word document"
    ),
    "zip": Case("A zip archive", "Refused", _archive("a.csv"), refused="is a zip archive"),
    "pdf": Case("A PDF document", "Refused", text(b"%PDF-1.7\n", "in.xlsx"), refused="is a PDF"),
    "junk": Case(
        "A file of the old kind that is no workbook",
        "Refused",
        text(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "in.xls"),
        refused="cannot be read as a workbook",
    ),
}
