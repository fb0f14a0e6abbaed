"""The workbook of rows to mend has all their sheets, feels like the original and reads back as it was."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from tests.report.builders import (
    BLOCKS,
    COLUMNS,
    RUN,
    TABLES,
    change,
    child,
    child_outcome,
    harmed,
    outcome,
    record,
    refused,
    reject,
    row,
    ship_to,
)
from wizsync.intake import read
from wizsync.model import RUN_COLUMN, WHY_COLUMN, ChildKind, RunRecord, SourceRow
from wizsync.report import write_rejected, write_rejected_xlsx

HOSTILE = ("=1+1", "+1;2", "\t@x", "a\r\nb", "_x0041_")


def written(run: RunRecord, folder: Path) -> openpyxl.Workbook:
    path = folder / "rejected.xlsx"
    assert write_rejected_xlsx(run, path)
    return openpyxl.load_workbook(path)


def rows_of(book: openpyxl.Workbook, sheet: str) -> list[tuple[Any, ...]]:
    return list(book[sheet].iter_rows(values_only=True))


def of_child(*rows: SourceRow, **more: Any):
    return reject(*rows, child=ChildKind.ADDRESSES, **more)


def source(folder: Path, sheets: Mapping[str, list[list[Any]]]) -> dict[str, Any]:
    """A workbook whose cells are values, or values with a format, or formulas with that and a value."""
    path = folder / "customers.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, lines in sheets.items():
            sheet = book.add_worksheet(name)
            for number, line in enumerate(lines):
                for place, cell in enumerate(line):
                    value, *more = cell if isinstance(cell, tuple) else (cell,)
                    look = book.add_format({"num_format": more[0]}) if more else None
                    sheet.write(number, place, value, look, *more[1:])
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return {"path": str(path), "sheet": next(iter(sheets)), "digest": digest, "delimiter": None}


def test_nothing_to_mend_is_no_file(tmp_path):
    assert write_rejected_xlsx(record(change()), tmp_path / "rejected.xlsx") is False
    assert list(tmp_path.iterdir()) == []


def test_every_table_has_its_sheet_and_a_childs_customer_goes_with_it(tmp_path):
    run = record(
        change("update", "C-2", rows=(row(3),)),
        rejects=(of_child(ship_to(8)), of_child(ship_to(9), key="C-77"), reject(row(30))),
        blocks=BLOCKS,
    )
    book = written(run, tmp_path)
    assert book.sheetnames == ["Customers", "Ship-to"]
    header, first, second = rows_of(book, "Customers")
    assert header == (*COLUMNS, WHY_COLUMN, RUN_COLUMN)
    assert (first[0], first[5]) == ("C-3", "Here because of its rows in Ship-to.")
    assert second[0] == "C-30"
    header, *rows = rows_of(book, "Ship-to")
    assert header == (*TABLES["Ship-to"], WHY_COLUMN, RUN_COLUMN)
    assert [cells[1] for cells in rows] == ["S-8", "S-9"]
    assert {cells[-1] for cells in rows} == {RUN}


def test_where_no_customer_is_known_their_sheet_comes_first_with_its_header_alone(tmp_path):
    run = record(rejects=(of_child(ship_to(8)),), blocks=BLOCKS)
    book = written(run, tmp_path)
    assert book.sheetnames == ["Customers", "Ship-to"]
    assert rows_of(book, "Customers") == [(*COLUMNS, WHY_COLUMN, RUN_COLUMN)]
    assert write_rejected(run, tmp_path / "rejected.csv") is False


def test_a_refused_child_is_to_be_mended_with_its_customer(tmp_path):
    run = record(
        change("update", "C-2", rows=(row(3),), children=(child(rows=(ship_to(8),)),)),
        outcomes=(outcome("applied", key="C-2", children=(child_outcome("failed"),)),),
    )
    book = written(run, tmp_path)
    assert [cells[0] for cells in rows_of(book, "Customers")[1:]] == ["C-3"]
    assert [cells[1] for cells in rows_of(book, "Ship-to")[1:]] == ["S-8"]


def test_a_customer_whom_the_account_harmed_has_nothing_to_mend(tmp_path):
    run = record(change("update", "C-2", children=(child(),)), outcomes=(harmed("C-2"),))
    assert write_rejected_xlsx(run, tmp_path / "rejected.xlsx") is False
    assert write_rejected(run, tmp_path / "rejected.csv") is False


def test_our_reader_reads_back_what_was_and_no_cell_is_a_formula(tmp_path):
    book = written(record(rejects=(reject(row(2, *HOSTILE), message="=1"),)), tmp_path)
    assert {cell.data_type for cells in book.active for cell in cells} == {"s"}
    table = read(tmp_path / "rejected.xlsx")
    assert table.row(0).cells[:5] == HOSTILE
    assert table.columns == (*COLUMNS, WHY_COLUMN, RUN_COLUMN)


def test_cells_of_an_unchanged_workbook_keep_their_values_and_formats(tmp_path):
    day = datetime(2026, 3, 4)  # noqa: DTZ001 - as spreadsheets have it
    given = source(
        tmp_path,
        {
            "List": [
                ["A title"],
                [],
                [*COLUMNS],
                [(123, "00000"), (day, "dd.mm.yyyy"), "007", ("=1+1", "General", 2), True],
                [(124, "00000")],
                [(125, "00000"), "text", (0.5, "0%"), "", 4.25],
            ]
        },
    )
    table = read(Path(given["path"]), sheet="List", header_row=3)
    first, last = table.row(0), table.row(2)
    assert (first.number, last.number) == (4, 6)
    book = written(record(rejects=(reject(first), reject(last)), source=given), tmp_path)
    sheet = book["List"]
    assert [(cell.value, cell.number_format) for cell in sheet[2]][:5] == [
        (123, "00000"),
        (day, "dd.mm.yyyy"),
        ("007", "@"),
        (2, "General"),  # the value stored for the formula
        (True, "General"),
    ]
    assert [(cell.value, cell.number_format) for cell in sheet[3]][:5] == [
        (125, "00000"),
        ("text", "@"),
        (0.5, "0%"),
        (None, "General"),
        (4.25, "General"),
    ]
    again = read(tmp_path / "rejected.xlsx")
    assert again.row(0).cells[:5] == first.cells
    assert again.row(1).cells[:5] == last.cells


def test_cells_of_other_sheets_too(tmp_path):
    columns = TABLES["Ship-to"]
    given = source(
        tmp_path,
        {"Customers": [[*COLUMNS]], "Ship-to": [[*columns], ["C-2", 8, "x", "y", (501, "00000")]]},
    )
    run = record(
        rejects=(of_child(ship_to(2, "C-2", "8", "x", "y", "00501")),), source=given, blocks=BLOCKS
    )
    cells = written(run, tmp_path)["Ship-to"][2]
    assert [(cell.value, cell.number_format) for cell in cells][4] == (501, "00000")


@pytest.mark.parametrize("how", ["changed", "gone", "not_a_workbook"])
def test_of_a_source_that_is_not_as_it_was_the_texts_do(tmp_path, how):
    given = source(tmp_path, {"Customers": [[*COLUMNS], [(123, "00000"), 1, 2, 3, 4]]})
    path = Path(given["path"])
    if how == "changed":
        path.write_bytes(path.read_bytes() + b" ")
    elif how == "gone":
        path.unlink()
    else:
        path.write_bytes(b"PK\3\4 and nothing else")
        given["digest"] = hashlib.sha256(path.read_bytes()).hexdigest()
    run = record(rejects=(reject(row(2, "00123", "1", "2", "3", "4")),), source=given)
    cells = written(run, tmp_path).active[2]
    assert [(cell.value, cell.number_format) for cell in cells][:2] == [("00123", "@"), ("1", "@")]


@pytest.mark.parametrize("code", ["error_value", "no_value", "long_number"])
def test_a_cell_without_a_known_value_does_not_come_back_empty(tmp_path, code):
    # An empty cell may mean to clear the field.
    damaged = row(2, "C-2", "", "a@b.example", "", "N30")
    run = record(rejects=(reject(damaged, code=code, column="Company", value="=A1"),))
    cells = rows_of(written(run, tmp_path), "Customers")[1]
    assert cells[:5] == ("C-2", "#N/A", "a@b.example", None, "N30")
    write_rejected(run, tmp_path / "rejected.csv")
    assert read(tmp_path / "rejected.csv").row(0).cells[:5] == (
        *("C-2", "#N/A", "a@b.example", "", "N30"),
    )


def test_a_formula_without_a_stored_value_does_not_come_back_as_one(tmp_path):
    given = source(tmp_path, {"Customers": [[*COLUMNS], ["C-2", "=1+1"]]})
    table = read(Path(given["path"]))
    assert table.damaged[0].code == "no_value"
    run = record(
        rejects=(reject(table.row(0), code="no_value", column="Company", value="=1+1"),),
        source=given,
    )
    assert rows_of(written(run, tmp_path), "Customers")[1][1] == "#N/A"


def test_names_that_would_be_the_same_are_told_apart_and_the_customers_give_way(tmp_path):
    tables = {"customers": COLUMNS, "a/b": COLUMNS, "a?b": COLUMNS, f"{'x' * 31}1": COLUMNS}
    rejects = tuple(reject(row(2, place=place)) for place in ("", *tables))
    run = record(rejects=rejects)
    run = replace(run, plan=replace(run.plan, tables=tables))
    names = written(run, tmp_path).sheetnames
    assert names == ["Customers 2", "customers", "a b", "a b 2", "x" * 31]


def test_mending_is_made_easy(tmp_path):
    run = record(
        change("update", "C-3", rows=(row(3),)),
        outcomes=(refused("C-3"),),
        rejects=(reject(row(2)),),
    )
    sheet = written(run, tmp_path).active
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:G3"
    why = sheet["F2"]
    assert why.alignment.wrap_text
    assert why.fill.start_color.rgb == "FFFFF2CC"
    assert sheet.column_dimensions["F"].width > 60
    assert sheet.row_dimensions[2].height > 20


def test_a_row_that_does_not_fit_the_header_is_rejected_again_until_mended(tmp_path):
    given = source(tmp_path, {"Customers": [[*COLUMNS], [1, 2, 3, 4, 5, 6]]})
    broken = reject(row(2, "1", "2", "3", "4", "5", "6"), code="cells", message="It is too long")
    cells = rows_of(written(record(rejects=(broken,), source=given), tmp_path), "Customers")[1]
    assert cells[:5] == (None,) * 5
    assert cells[5].startswith("It is too long.")
    assert cells[5].endswith("It has 6 cells for 5 columns, which are: 1 | 2 | 3 | 4 | 5 | 6")


def test_times_and_days_are_kept(tmp_path):
    given = source(tmp_path, {"Customers": [[*COLUMNS], ["C-2", (date(2026, 3, 4), "yyyy-mm-dd")]]})
    run = record(rejects=(reject(row(2, "C-2", "2026-03-04", "", "", "")),), source=given)
    written(run, tmp_path)
    assert read(tmp_path / "rejected.xlsx").row(0).cells[1] == "2026-03-04"
