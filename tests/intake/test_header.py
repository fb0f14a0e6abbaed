"""The names of columns, as people see them."""

from __future__ import annotations

import pytest

from wizsync.intake import read
from wizsync.intake.header import column_letters
from wizsync.model import RUN_COLUMN, WHY_COLUMN


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("  Company ", "Company"),
        ("\u00a0Company\u00a0\u2003", "Company"),
        ("\ufeffCompany", "Company"),
        ("\u200bCom\u200bpany\u2060", "Company"),
        ("Company\u00a0Name", "Company Name"),
        ('"Company\r\nName "', "Company Name"),
        ("Stra\u00dfe u\u0308ber", "Straße über"),
        ("2024", "2024"),
    ],
)
def test_a_header_is_what_is_seen(tmp_path, written, seen):
    path = tmp_path / "in.csv"
    path.write_text(f"{written},No\nA,1\n", encoding="utf-8", newline="")
    table = read(path)
    assert table.columns == (seen, "No")
    assert list(table.cells.columns) == [seen, "No"]


def test_headers_that_differ_by_case_are_two(tmp_path):
    path = tmp_path / "in.csv"
    path.write_text("Phone,phone\n1,2\n")
    assert read(path).columns == ("Phone", "phone")


def test_a_file_of_rejected_rows_has_its_header_on_top_whatever_the_mapping_says(tmp_path):
    path = tmp_path / "rejected.csv"
    path.write_text(
        f"No;Name;{WHY_COLUMN};{RUN_COLUMN}\nC-1;A;why, oh why;run\nC-2;B;because;run\n",
        encoding="utf-8-sig",
    )
    table = read(path, header_row=3)
    assert table.columns == ("No", "Name", WHY_COLUMN, RUN_COLUMN)
    assert table.numbers.tolist() == [2, 3]


@pytest.mark.parametrize(
    ("index", "letters"),
    [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")],
)
def test_columns_have_the_letters_of_spreadsheets(index, letters):
    assert column_letters(index) == letters
