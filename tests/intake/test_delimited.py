"""What a file holds is what `read` gives back, to the character, the row and the line."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizsync.errors import UnfitFile
from wizsync.intake import read
from wizsync.model import Table

MISQUOTED = (
    'A quotation mark (") inside a quoted cell is not doubled, '
    "so that it is not clear where the cell ends"
)
HEADER = ["Cust No", "Company", "Phone", "E-mail", "Terms"]

hostile = st.text(st.sampled_from("\",;\t|\r\n ='ax0é\u00a0\ufeff\u2028"), max_size=8)
anything = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
cell = st.one_of(hostile, anything, st.sampled_from(["", "NA", "null", "007", "1E5", "#N/A"]))


@st.composite
def sheets(draw: st.DrawFn) -> list[list[str]]:
    width = draw(st.integers(1, len(HEADER)))
    return draw(st.lists(st.lists(cell, min_size=width, max_size=width), max_size=12).map(
        lambda rows: [HEADER[:width], *rows]
    ))  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("delimited")


def rows_of(table: Table) -> list[tuple[str, ...]]:
    return [tuple(row) for row in table.cells.itertuples(index=False)]


@given(
    sheet=sheets(),
    delimiter=st.sampled_from(",;\t|"),
    writing=st.sampled_from(
        [
            ("\r\n", csv.QUOTE_MINIMAL),
            ("\r\n", csv.QUOTE_ALL),
            ("\n", csv.QUOTE_ALL),
            ("\r", csv.QUOTE_ALL),
        ]
    ),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]),
)
def test_what_csv_writer_wrote_comes_back(folder, sheet, delimiter, writing, encoding):
    line_end, quoting = writing
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=line_end, quoting=quoting)
    expected = []
    for number, row in enumerate(sheet, start=1):
        line = 1 + len(re.findall(r"\r\n|\r|\n", text.getvalue()))
        writer.writerow(row)
        if number > 1 and any(value.strip() for value in row):
            expected.append((number, line, tuple(row)))
    path = folder / "written.csv"
    path.write_bytes(text.getvalue().encode(encoding))

    # In a file of one column nothing tells the delimiter.
    table = read(path, delimiter=delimiter if len(sheet[0]) == 1 else None)

    assert table.columns == tuple(sheet[0])
    assert table.broken == ()
    assert [(int(n), int(line), row) for n, line, row in
            zip(table.numbers, table.lines, rows_of(table), strict=True)] == expected  # fmt: skip
    assert table.source.delimiter == delimiter
    assert [table.row(place).cells for place in range(len(table))] == rows_of(table)


@given(st.text(st.sampled_from('ab",\r\n "'), max_size=60))
def test_any_text_is_read_as_pythons_csv_reads_it_or_refused(folder, text):
    text = "one,two\n" + text
    path = folder / "any.csv"
    path.write_bytes(text.encode())
    reference = dict(enumerate(csv.reader(io.StringIO(text, newline="")), start=1))
    try:
        table = read(path)
    except UnfitFile:
        with pytest.raises(UnfitFile, match="never closed"):
            read(path)
        return

    got = dict(zip(table.numbers.tolist(), rows_of(table), strict=True))
    got.update({reject.rows[0].number: reject.rows[0].cells for reject in table.broken})
    blank = [number for number, row in reference.items() if not any(c.strip() for c in row)]
    assert {number: list(row) for number, row in got.items()} == {
        number: row for number, row in reference.items() if number > 1 and number not in blank
    }


def test_cells_are_text_and_nothing_is_guessed(folder):
    words = [
        "NA",
        "null",
        "NULL",
        "None",
        "nan",
        "007",
        "1E5",
        "2024-01-02",
        "TRUE",
        "-",
        "#N/A",
        " x ",
    ]
    path = folder / "words.csv"
    path.write_text("Word,Other\n" + "".join(f"{word},\n" for word in words))
    table = read(path)
    assert table.cells["Word"].tolist() == words
    assert table.cells["Other"].tolist() == [""] * len(words)
    assert not table.cells.isna().any().any()
    assert table.cells["Word"].dtype == pd.StringDtype(storage="pyarrow", na_value=np.nan)


def test_blank_rows_are_left_out_and_counted(folder):
    path = folder / "blank.csv"
    path.write_text('\nName,Town\n\nA,x\n,\n   \n"",""\n \t, \nB,"two\nlines"\n,,,,\nC,z\n\n')
    table = read(path)
    assert rows_of(table) == [("A", "x"), ("B", "two\nlines"), ("C", "z")]
    assert table.numbers.tolist() == [4, 9, 11]
    assert table.lines.tolist() == [4, 9, 12]
    assert table.broken == ()
    assert (table.header.number, table.header.line) == (2, 2)
    assert table.source.notes == ("The header is in row 2: the rows above it are empty.",)


def test_rows_that_do_not_fit_the_header_are_rejected_and_not_shifted(folder):
    path = folder / "broken.csv"
    path.write_text(
        'Name,Town,Phone\nA,x,1\nB,"y\ny"\nC,z,3,4\nD,w,5\n"E "the" elder",v,6\nF,u,"7" \nG,5" pipe,8\n'
    )
    table = read(path)
    assert rows_of(table) == [
        ("A", "x", "1"), ("D", "w", "5"), ("F", "u", "7 "), ("G", '5" pipe', "8")
    ]  # fmt: skip
    assert [(r.code, r.message, r.rows[0].number, r.rows[0].line, r.rows[0].cells) for r in table.broken] == [
        ("row_shape", "The row has too few cells: 2, and the header has 3", 3, 3, ("B", "y\ny")),
        ("row_shape", "The row has too many cells: 4, and the header has 3", 4, 5, ("C", "z", "3", "4")),
        (
            "row_quotes",
            MISQUOTED,
            6,
            7,
            ('E the" elder"', "v", "6"),
        ),
    ]  # fmt: skip
    assert table.numbers.tolist() == [2, 5, 7, 8]
    assert table.lines.tolist() == [2, 6, 8, 9]


def test_trailing_delimiters_make_no_column(folder):
    path = folder / "trailing.csv"
    path.write_text("Name;Town;;\nA;x;;\nB;y\n")
    table = read(path)
    assert table.columns == ("Name", "Town")
    assert rows_of(table) == [("A", "x")]
    assert table.header.cells == ("Name", "Town")
    assert table.broken[0].message == "The row has too few cells: 2, and the header has 4"
    assert "Left out because they have no header and are empty: columns C, D." in table.source.notes


@pytest.mark.parametrize("ending", ["", "\n", "\r\n", "\n\n\n"])
def test_a_header_alone_is_a_table_of_no_rows(folder, ending):
    path = folder / "header.csv"
    path.write_bytes(f"Name,Town{ending}".encode())
    table = read(path)
    assert len(table) == 0
    assert table.columns == ("Name", "Town")
    assert list(table.cells.columns) == ["Name", "Town"]
    assert table.cells["Name"].dtype == pd.StringDtype(storage="pyarrow", na_value=np.nan)


def test_rows_above_the_header_are_skipped_and_counted(folder):
    path = folder / "titled.csv"
    path.write_text('"Customers, all\nof them",,\n,,\nName,Town,Phone\nA,x,1\n')
    table = read(path, header_row=3)
    assert table.columns == ("Name", "Town", "Phone")
    assert (table.header.number, table.header.line) == (3, 4)
    assert (table.numbers.tolist(), table.lines.tolist()) == ([4], [5])
    assert table.source.notes == ()


def test_line_ends_may_be_mixed_and_the_last_may_be_missing(folder):
    path = folder / "ends.csv"
    path.write_bytes(b'Name,Town\r\nA,"x\r\ny"\rB,z\nC,"w\rw"')
    table = read(path)
    assert rows_of(table) == [("A", "x\r\ny"), ("B", "z"), ("C", "w\rw")]
    assert table.lines.tolist() == [2, 4, 5]


def test_rows_and_lines_hold_across_the_readers_blocks(folder):
    # 20 MB: more than one of the reader's blocks; rows with line breaks, blank and broken ones between.
    rows, expected, line = [], [], 2
    for number in range(2, 60_002):
        kind = number % 7
        if kind == 0:
            rows.append("")
        elif kind == 1:
            rows.append(f"C-{number},too few")
        else:
            note = "x" * 300 + ("\n" if kind == 2 else " ") + '5"" wide'
            rows.append(f'C-{number},"{note}",{number}')
            expected.append((number, line, str(number)))
        line += 2 if kind == 2 else 1
    path = folder / "blocks.csv"
    path.write_text("Name,Note,Number\n" + "\n".join(rows) + "\n")
    table = read(path)
    assert list(zip(table.numbers, table.lines, table.cells["Number"], strict=True)) == expected
    assert {reject.rows[0].number % 7 for reject in table.broken} == {1}
    assert table.cells["Note"].str.endswith('5" wide').all()


def test_a_header_that_stands_again_in_the_data_is_no_row(tmp_path):
    path = tmp_path / "in.csv"
    path.write_text("No,Company\nA,1\nNo,Company\nB,Company\nNo,Company\n", encoding="utf-8")
    table = read(path)
    assert table.cells["No"].tolist() == ["A", "B"]
    assert (table.numbers.tolist(), table.broken) == ([2, 4], ())
    assert table.source.notes == (
        "The header stands again in the data and is left out there: rows 3, 5.",
    )
