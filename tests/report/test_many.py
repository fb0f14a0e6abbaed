"""Reports of many changes and rejects: their memory does not grow with them, and nobody is left out."""

from __future__ import annotations

import csv
import gc
import json
import random
import re
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.report.builders import change, child, record, reject, row
from wizsync import report
from wizsync.model import RunRecord
from wizsync.plan import write_plan
from wizsync.report.reasons import LISTED, reasons

# What a report may hold for each customer or row: places in an order and an index, and no texts of theirs.
MOST_BYTES_EACH = 250
FILES: dict[str, Callable[[RunRecord, Path], object]] = {
    "plan.jsonl": lambda run, path: write_plan(run.plan, path),
    "report.json": report.write_json,
    "report.html": report.write_html,
    "report.xlsx": report.write_xlsx,
    "rejected.csv": report.write_rejected,
    "rejected.xlsx": report.write_rejected_xlsx,
}


def many(number: int) -> RunRecord:
    """So many changes with an address each, and as many rejects of long rows."""
    rejects = (
        reject(row(n, f"C-{n}", "x" * 300, "", f"call {n}", ""), value=f"call {n}", key=f"C-{n}")
        for n in range(number + 2, 2 * number + 2)
    )
    changes = (
        change("update", f"C-{n}", rows=(row(n),), children=(child(key=f"S-{n}"),))
        for n in range(2, number + 2)
    )
    return record(*changes, rejects=tuple(rejects))


def peak(write: Callable[[RunRecord, Path], object], run: RunRecord, path: Path) -> int:
    gc.collect()
    tracemalloc.start()
    try:
        write(run, path)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", FILES)
def test_memory_does_not_grow_with_what_is_told(tmp_path, name):
    write, path = FILES[name], tmp_path / name
    write(many(10), path)
    # The page's data lies in it in pieces of 2,000: the first one is of the same size in both.
    least = 2_000 if name == "report.html" else 300
    few, more = (peak(write, many(number), path) for number in (least, least + 1_000))
    assert more - few < 1_000 * MOST_BYTES_EACH


@pytest.fixture(scope="module")
def one_bad_column() -> RunRecord:
    """More different bad phones than are listed."""
    return record(
        rejects=tuple(
            reject(row(n, f"C-{n}", "A", "", f"call {n}", ""), value=f"call {n}", key=f"C-{n}")
            for n in range(2, LISTED + 7)
        )
    )


def test_a_column_of_bad_cells_is_one_reason(one_bad_column):
    (reason,) = reasons(one_bad_column.plan.rejects)
    assert (reason.rows, len(reason.listed), reason.more) == (LISTED + 5, LISTED, 5)


def test_the_page_lists_the_first_and_says_where_all_are(one_bad_column, tmp_path):
    report.write_html(one_bad_column, tmp_path / "report.html")
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    pieces = re.findall(r'class="reason-rows" data-number="0">(.*?)</script>', text)
    assert sum(len(json.loads(piece)) for piece in pieces) == LISTED
    assert "10,005 rows" in text
    assert "And 5 more of this kind, which are all in <code>rejected.csv</code>." in text


def test_the_workbook_lists_the_first_and_says_where_all_are(one_bad_column, tmp_path):
    report.write_xlsx(one_bad_column, tmp_path / "report.xlsx")
    book = openpyxl.load_workbook(tmp_path / "report.xlsx", read_only=True)
    lines = list(book["To fix in your file"].iter_rows(values_only=True))
    book.close()
    assert len(lines) == 1 + LISTED + 1
    assert lines[-1][5] == "And 5 more of this kind, which are all in rejected.csv."


def test_the_files_to_mend_and_for_programs_have_every_row(one_bad_column, tmp_path):
    report.write_rejected(one_bad_column, tmp_path / "rejected.csv")
    report.write_rejected_xlsx(one_bad_column, tmp_path / "rejected.xlsx")
    report.write_json(one_bad_column, tmp_path / "report.json")
    with (tmp_path / "rejected.csv").open(encoding="utf-8-sig", newline="") as file:
        keys = [line[0] for line in csv.reader(file)][1:]
    book = openpyxl.load_workbook(tmp_path / "rejected.xlsx", read_only=True)
    cells = [line[0] for line in book.worksheets[0].iter_rows(min_row=2, values_only=True)]
    book.close()
    told = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["rejects"]
    assert keys == cells == [one["reference_id"] for one in told]
    assert keys == [f"C-{n}" for n in range(2, LISTED + 7)]


def test_rows_to_mend_stand_in_their_order_each_with_all_its_reasons(tmp_path):
    rejects = [reject(row(n, f"C-{n}", "", "", "", "")) for n in range(2, 40)]
    again = [reject(one.rows[0], message='"Company" is empty', hint="") for one in rejects]
    mixed = [*rejects, *again, *rejects]
    random.Random(7).shuffle(mixed)
    report.write_rejected(record(rejects=tuple(mixed)), tmp_path / "rejected.csv")
    with (tmp_path / "rejected.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))[1:]
    assert [line[0] for line in lines] == [f"C-{n}" for n in range(2, 40)]
    for line in lines:
        assert line[5].count('"Company" is empty.') == line[5].count("is not a phone number.") == 1
