"""The workbook that people open: its sheets, and that no cell of it can do anything."""

from __future__ import annotations

import csv
import resource
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tests.report.builders import (
    LIKE,
    change,
    child,
    child_outcome,
    conflict,
    field,
    harmed,
    outcome,
    record,
    refused,
    reject,
    row,
    ship_to,
)
from wizsync.errors import MachineError
from wizsync.model import Block, ChildKind, LookAlike, RunRecord, ServerWord
from wizsync.report import write_xlsx
from wizsync.report.headline import DRY_RUN
from wizsync.report.sheets import Book, Column
from wizsync.report.xlsx_file import workbook

STARTS = ("=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "{=1}", "http://x.example", "1E5", "TRUE")
ADDED, CHANGED, REMOVED = "FFE2F0D9", "FFFFF2CC", "FFF8D7DA"


def written(run: RunRecord, folder: Path) -> openpyxl.Workbook:
    path = folder / "report.xlsx"
    write_xlsx(run, path)
    return openpyxl.load_workbook(path)


def texts(sheet: Worksheet) -> list[tuple[str, ...]]:
    return [tuple(cell or "" for cell in cells) for cells in sheet.iter_rows(values_only=True)]


def rich(ending: str = "finished") -> RunRecord:
    """A run in which everything occurs that has a sheet."""
    changes = (
        change("create", "C-1", rows=(row(2),)),
        change("update", "C-3", rows=(row(3),), name="Refused Ltd"),
        change("update", "C-4", rows=(row(4),), name="Moved Ltd"),
        change("update", "C-5", rows=(row(5),), children=(child(),), name="Harmed Ltd"),
    )
    outcomes = (
        outcome("applied", "create", "C-1"),
        refused("C-3"),
        outcome("conflict", key="C-4", now={"phone": "555-0777"}, message="It was changed"),
        harmed("C-5"),
    )
    return record(
        *changes,
        outcomes=outcomes if ending == "finished" else (),
        rejects=(reject(row(30)), reject(row(31)), reject(ship_to(8), message="No zip")),
        conflicts=(conflict(),),
        absent=(("C-77", "Gone away Ltd"),),
        childless={ChildKind.ADDRESSES: ("C-3",)},
        ending=ending,
    )


def test_what_begins_like_a_formula_is_a_text_in_every_sheet(tmp_path):
    changes = [
        change(
            "update",
            text,
            field("phone", text, text),
            name=text,
            children=(child("add", text, field("city", "", text), name=text),),
        )
        for text in STARTS
    ]
    outcomes = [
        refused(text, word=text, message=text)
        if number % 2
        else outcome("conflict", key=text, now={"phone": f"{text}!"}, message=text)
        for number, text in enumerate(STARTS)
    ]
    rejects = [reject(row(9), key=text, value=text, message=text, hint=text) for text in STARTS]
    absent = [(text, text) for text in STARTS]
    run = record(
        *changes,
        outcomes=tuple(outcomes),
        rejects=tuple(rejects),
        absent=tuple(absent),
        notes=STARTS,
        source={"path": "=x.csv"},
    )
    book = written(run, tmp_path)
    for sheet in book:
        kinds = {cell.data_type for cells in sheet for cell in cells if cell.value is not None}
        assert kinds == ({"s", "n"} if sheet.title == "Summary" else {"s"})
        assert not any(cell.hyperlink for cells in sheet for cell in cells)
    with zipfile.ZipFile(tmp_path / "report.xlsx") as archive:
        parts = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        assert not any(b"<f>" in archive.read(part) for part in parts)
    shown = {cells[6] for cells in texts(book["Changes"])}
    assert {text.lstrip("\r") for text in STARTS} <= {text.replace("_x000D_", "") for text in shown}


def test_the_sheets_in_their_order_and_none_without_rows(tmp_path):
    assert written(rich(), tmp_path).sheetnames == [
        "Summary",
        "Changes",
        "To fix in your file",
        "Refused by WizCommerce",
        "Not as meant",
        "Changed meanwhile",
        "Not in your file",
    ]
    book = written(record(), tmp_path)
    assert book.sheetnames == ["Summary", "Changes"]
    assert book.active.title == "Summary"


def test_changes_has_a_row_a_field_with_children_under_their_customer(tmp_path):
    children = (
        child("change", "S-1", field("city", "Austin", "Dallas")),
        child("add", "S-2", field("zipCode", "", "75001"), name="9 Oak Ave"),
        child("remove", "S-3", field("zipCode", "76701", ""), name="1 Elm Ct"),
    )
    run = record(
        change("create", "007", field("companyName", "", "New"), name="New"),
        change("update", "C-2", field(), field("paymentTerm", "N30", ""), children=children),
        change("delete", "C-9", field("email", "a@b.example", ""), rows=(), name="Gone"),
    )
    header, *rows = texts(written(run, tmp_path)["Changes"])
    assert header[4:7] == ("Field", "In WizCommerce now", "From your file")
    assert [cells[:8] for cells in rows] == [
        ("C-9", "Gone", "", "deleted", "E-mail", "a@b.example", "", "done"),
        ("007", "New", "row 2", "new customer", "Company (companyName)", "", "New", "done"),
        ("C-2", "Blue Door", "row 2", "changed", "Phone", "555-0100", "555-0199", "done"),
        ("C-2", "Blue Door", "row 2", "changed", "Terms", "N30", "(empty)", "done"),
        (
            *("C-2", "    12 Main St, Austin", "Ship-to, row 7", "    address changed"),
            *("Town", "Austin", "Dallas", "done"),
        ),
        (
            *("C-2", "    9 Oak Ave", "Ship-to, row 7", "    address added"),
            *("Zip", "", "75001", "done"),
        ),
        ("C-2", "    1 Elm Ct", "", "    address removed", "Zip", "76701", "", "done"),
    ]


def test_colours_tell_what_words_tell_too(tmp_path):
    run = record(change("create", "C-1"), change("update", "C-2"), change("delete", "C-3", rows=()))
    sheet = written(run, tmp_path)["Changes"]
    colours = {
        cells[3].value: cells[3].fill.start_color.rgb for cells in sheet.iter_rows(min_row=2)
    }
    assert colours == {"new customer": ADDED, "changed": CHANGED, "deleted": REMOVED}


def test_a_customer_of_whom_only_a_child_changes_and_a_child_without_fields_are_seen(tmp_path):
    bare = change("update", "C-2", children=(replace(child("remove"), fields=()),))
    rows = texts(written(record(bare), tmp_path)["Changes"])[1:]
    assert [cells[:4] for cells in rows] == [
        ("C-2", "Blue Door", "row 2", "changed"),
        ("C-2", "    12 Main St, Austin", "", "    address removed"),
    ]


def test_what_the_account_keeps_and_whom_a_held_one_looks_like_is_said(tmp_path):
    kept = outcome(key="C-2", differs={"phone": "555-0000"})
    unnamed = LookAlike("id-8", "", "", "the same phone, and no referenceId")
    held = change("create", "C-3", held_for=(LIKE, unnamed))
    run = record(change("update", "C-2"), held, outcomes=(kept,))
    second, first = (cells[8] for cells in texts(written(run, tmp_path)["Changes"])[1:])
    assert first.endswith('It is now "555-0000".')
    assert "See c-1001 Blue Door: the same code but for case." in second
    assert "See id-8: the same phone, and no referenceId." in second


def test_fields_that_come_from_one_column_are_told_apart(tmp_path):
    address = Block(ChildKind.ADDRESSES, "", {"city": "Place", "state": "Place", "zipCode": "Zip"})
    parts = [field(name, "", name) for name in ("city", "state", "zipCode", "type")]
    run = record(
        change(
            "update",
            "C-2",
            field("companyName", "Old", "New"),
            field("displayName", "Old", "New"),
            field("freightTerm", "", "prepaid"),
            children=(child("add", "", *parts, block=0),),
        ),
        blocks=(address,),
    )
    labels = [cells[4] for cells in texts(written(run, tmp_path)["Changes"])[1:]]
    assert labels == [
        *("Company (companyName)", "Company (displayName)", "freightTerm"),
        *("Place (city)", "Place (state)", "Zip", "type"),
    ]


def test_changes_stand_as_in_the_file_after_those_that_leave_something_to_do(tmp_path):
    run = record(
        change("update", "C-9", rows=(row(9),)),
        change("create", "C-4", rows=(row(4),)),
        change("update", "C-7", rows=(row(7),)),
        outcomes=(outcome(key="C-9"), outcome("applied", "create", "C-4"), refused("C-7")),
    )
    codes = [cells[0] for cells in texts(written(run, tmp_path)["Changes"])[1:]]
    assert codes == ["C-7", "C-4", "C-9"]


def test_rejects_stand_together_by_reason_with_their_number(tmp_path):
    rows = texts(written(rich(), tmp_path)["To fix in your file"])[1:]
    assert [(cells[0], cells[4]) for cells in rows] == [
        ("row 30", "2"),
        ("row 31", "2"),
        ("Ship-to, row 8", "1"),
    ]
    assert rows[2][5:] == ("No zip.", "Write it with its country code, such as +1 555 0100.")


def test_a_refused_child_is_among_the_refused(tmp_path):
    own = child_outcome("failed", words=(ServerWord("zipCode", "is unknown"),))
    run = record(
        change("update", "C-2", children=(child(),)),
        outcomes=(outcome("failed", key="C-2", children=(own,), words=own.words),),
    )
    rows = texts(written(run, tmp_path)["Refused by WizCommerce"])[1:]
    assert [cells[:5] for cells in rows] == [
        ("C-2", "address 12 Main St, Austin", "Ship-to, row 7", "Zip", "78701")
    ]
    assert rows[0][5] == '"Zip" was refused by WizCommerce: is unknown.'


def test_harm_is_shown_before_and_after_and_is_no_refusal(tmp_path):
    book = written(rich(), tmp_path)
    assert [cells[0] for cells in texts(book["Refused by WizCommerce"])[1:]] == ["C-3"]
    rows = texts(book["Not as meant"])[1:]
    assert rows[0][3:] == ("address 12 Main St, Austin", "changed", "Zip", "78701", "78702")
    assert {cells[4] for cells in rows} == {"changed", "gone", "new"}
    gone = [cells for cells in rows if cells[4] == "gone"]
    assert all(cells[6] and not cells[7] for cells in gone)


def test_changed_meanwhile_shows_planned_from_planned_to_and_now(tmp_path):
    rows = texts(written(rich(), tmp_path)["Changed meanwhile"])[1:]
    assert rows[0][3:7] == ("Phone", "555-0100", "555-0199", "555-0777")
    assert rows[1][0] == "C-9"
    assert rows[1][7].startswith("2 customers of the account")


def test_a_child_that_moved_meanwhile_is_among_them(tmp_path):
    now = {"addresses[id-S-1].zipCode": "99999"}
    run = record(
        change("update", "C-2", children=(child(),)),
        outcomes=(outcome("conflict", key="C-2", now=now),),
    )
    (cells,) = texts(written(run, tmp_path)["Changed meanwhile"])[1:]
    assert cells[1:7] == (
        *("address 12 Main St, Austin", "Ship-to, row 7", "Zip", "078701", "78701", "99999"),
    )


def test_not_in_your_file_lists_the_absent_and_the_childless(tmp_path):
    rows = texts(written(rich(), tmp_path)["Not in your file"])[1:]
    assert [cells[:2] for cells in rows] == [("C-77", "Gone away Ltd"), ("C-3", "")]
    assert "without any row for addresses" in rows[1][2]


def test_tables_keep_their_header_in_view_and_have_a_filter_and_print_well(tmp_path):
    book = written(rich(), tmp_path)
    for sheet in list(book)[1:]:
        assert sheet.freeze_panes == "C2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert sheet.print_title_rows == "$1:$1"
    for sheet in book:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToHeight == 0  # as many pages as it takes


def test_columns_are_as_wide_as_their_texts_and_long_texts_are_wrapped(tmp_path):
    run = record(change("update", "C-2", field("phone", "5", "a long story " * 20)))
    sheet = written(run, tmp_path)["Changes"]
    assert sheet.column_dimensions["A"].width < 10
    assert 36 <= sheet.column_dimensions["G"].width < 39
    assert sheet["G2"].alignment.wrap_text
    assert not sheet["F2"].alignment.wrap_text
    assert sheet.row_dimensions[2].height > 60
    assert sheet["A2"].number_format == "@"


def test_a_dry_run_is_marked_on_every_sheet(tmp_path):
    for sheet in written(rich("dry_run"), tmp_path):
        assert sheet["A1"].value == DRY_RUN
        assert sheet.sheet_properties.tabColor.rgb == "FFFFC000"
        assert sheet.oddHeader.center.text == f"&B{DRY_RUN}"
    changes = written(rich("dry_run"), tmp_path)["Changes"]
    assert changes.freeze_panes == "C3"
    assert changes["H3"].value == "planned"


def test_the_summary_has_words_figures_a_chart_and_what_the_run_was(tmp_path):
    book = written(rich(), tmp_path)
    sheet = book["Summary"]
    column = [cells[0] for cells in texts(sheet)]
    assert "wizsync: customers.csv" in column
    assert "What to do next" in column
    assert any("rejected.xlsx" in text for text in column)
    found = {cells[0]: cells[1] for cells in texts(sheet)}
    assert found["applied"] == 1
    assert found["Mapping"] == "customers.yaml"
    assert found["Run"] == "2026-03-04_0200_customers"
    with zipfile.ZipFile(tmp_path / "report.xlsx") as archive:
        assert "xl/charts/chart1.xml" in archive.namelist()


@pytest.mark.parametrize("letter", ["x", "\U0001f600"])
def test_what_a_cell_cannot_hold_is_cut_with_a_mark(tmp_path, letter):
    run = record(change("update", "C-2", field("phone", "a\x00b\ud800", letter * 40_000)))
    sheet = written(run, tmp_path)["Changes"]
    assert sheet["F2"].value == "a\ufffdb\ufffd"
    text = sheet["G2"].value
    assert text.endswith("(cut here: a cell holds no more)")
    assert 32_700 < len(text.encode("utf-16-le")) // 2 <= 32_767


def test_a_full_sheet_goes_on_in_a_second_one(tmp_path):
    path = tmp_path / "many.xlsx"
    with workbook(path) as file:
        table = Book(file, "", most_rows=3).table("Changes", (Column("Code", 10),))
        for number in range(5):
            table.row([f"{number}"])
        table.finish()
    book = openpyxl.load_workbook(path)
    assert {sheet.title: texts(sheet)[1:] for sheet in book} == {
        "Changes": [("0",), ("1",)],
        "Changes 2": [("2",), ("3",)],
        "Changes 3": [("4",)],
    }
    assert {sheet.auto_filter.ref for sheet in book} == {"A1:A3", "A1:A2"}


@pytest.mark.parametrize("room", [500, 9_000])
def test_a_full_disk_is_said_and_leaves_nothing(tmp_path, room):
    path = tmp_path / "report.xlsx"
    run = record(*(change("update", f"C-{number}", field()) for number in range(500)))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        with pytest.raises(MachineError, match="disk is full"):
            write_xlsx(run, path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []


def test_only_its_owner_may_read_it(tmp_path):
    write_xlsx(record(change()), tmp_path / "report.xlsx")
    assert (tmp_path / "report.xlsx").stat().st_mode & 0o777 == 0o600


@pytest.mark.system
def test_libreoffice_shows_the_same_texts(tmp_path):
    changes = [change("update", text, field("phone", text, f"{text}!")) for text in STARTS[:4]]
    write_xlsx(record(*changes, ending="dry_run"), tmp_path / "report.xlsx")
    _converted(
        tmp_path, "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,2"
    )
    (made,) = tmp_path.glob("*.csv")
    with made.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[2:]
    assert [(cells[0], cells[5], cells[6]) for cells in rows] == [
        (text, text, f"{text}!") for text in STARTS[:4]
    ]
    _converted(tmp_path, "pdf")
    shown = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "report.pdf"), "-"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    pages = shown.split("\f")[:-1]
    assert len(pages) == 2
    assert all(DRY_RUN in page for page in pages)
    assert "@SUM(1)!" in pages[1]


def _converted(folder: Path, kind: str) -> None:
    if shutil.which("soffice") is None:
        pytest.fail("LibreOffice is missing. Install it with: apt-get install libreoffice-calc")
    subprocess.run(
        [
            *("soffice", "--headless", f"-env:UserInstallation=file://{folder}/office"),
            *("--convert-to", kind, "--outdir", str(folder), str(folder / "report.xlsx")),
        ],
        check=True,
        capture_output=True,
        timeout=100,
    )
