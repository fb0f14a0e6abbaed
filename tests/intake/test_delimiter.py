"""What separates the cells, found by looking at header and rows."""

from __future__ import annotations

import pytest

from wizsync.intake import read


@pytest.mark.parametrize(
    ("text", "delimiter", "columns"),
    [
        ("No,Name\n1,A\n", ",", 2),
        ("No;Name\n1;A\n", ";", 2),
        ("No\tName\n1\tA\n", "\t", 2),
        ("No|Name\n1|A\n", "|", 2),
        ("No;Name\n", ";", 2),
        ("Name\nA\nB\n", ",", 1),
        ("Nr;Betrag;Ort\n1;1,50;x\n2;2,75;y\n", ";", 3),
        ('No,"Name;Town;Phone;Mail"\n1,"a;b;c;d"\n', ",", 2),
        ('No;"Name, Town, Phone, Mail"\n1;"a, b, c, d"\n', ";", 2),
        ("Nr;Street, Town, Country\n1;a, b, c\n2;d, e, f\n", ";", 2),
        ("No,Notes|Remarks\n1,a|b\n2,c|d\n", ",", 2),
        ("Nr;Name;Stadt\n1;Müller, Hans;x\n2;Schmidt, Eva\n3;Weiß, Ida;y;z\n", ";", 3),
        ('Nr;Name\n1;"one\ntwo, three\nfour, five"\n2;six\n', ";", 2),
        ("No, Name, Town\n1, A, x\n", ",", 3),
        ("a,b,c\n1,2,3,\n4,5,6,\n", ",", 3),
    ],
)
def test_the_delimiter_is_found(tmp_path, text, delimiter, columns):
    path = tmp_path / "in.csv"
    path.write_text(text, encoding="utf-8")
    table = read(path)
    assert table.source.delimiter == delimiter
    assert len(table.columns) == columns


def test_a_long_file_is_judged_by_its_beginning(tmp_path):
    path = tmp_path / "in.csv"
    path.write_text("Nr;Name\n" + '1;"a, ""b""\n, c"\n' * 20_000)
    table = read(path)
    assert len(table) == 20_000
    assert table.lines[-1] == 2 + 2 * 19_999


@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "SEP=; "])
@pytest.mark.parametrize("header_row", [1, 2])
def test_a_sep_line_is_honoured_and_counted(tmp_path, first, header_row):
    path = tmp_path / "in.csv"
    path.write_text(f"{first}\r\nNo;Name, Town\r\n1;A, x\r\n", newline="")
    table = read(path, header_row=header_row)
    assert table.columns == ("No", "Name, Town")
    assert table.source.delimiter == ";"
    assert (table.header.number, table.numbers.tolist(), table.lines.tolist()) == (2, [3], [3])
    assert table.source.notes == ("Cells are separated by semicolons.",)


@pytest.mark.parametrize(
    ("told", "note"),
    [
        ("^", 'Cells are separated by "^".'),
        ("~", 'Cells are separated by "~".'),
        (" ", 'Cells are separated by " ".'),
        ("|", "Cells are separated by pipes."),
        ("pipe", "Cells are separated by pipes."),
        ("Tab", "Cells are separated by tabs."),
        ("\t", "Cells are separated by tabs."),
    ],
)
def test_a_delimiter_that_is_told_is_used_and_said(tmp_path, told, note):
    character = {"pipe": "|", "Tab": "\t"}.get(told, told)
    path = tmp_path / "in.csv"
    path.write_text(f'No{character}Name\n1{character}"a,{character}b"\n2{character}c\n')
    table = read(path, delimiter=told)
    assert table.cells["Name"].tolist() == [f"a,{character}b", "c"]
    assert table.source.notes == (note,)
