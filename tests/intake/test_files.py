"""What a bad file gets: its end, and the words it ends with."""

from __future__ import annotations

import hashlib
import io
import os
import random
import zipfile
from pathlib import Path

import pytest

from wizsync.errors import Exit, MachineError, SourceNotReady, UnfitFile, UsageError
from wizsync.intake import read


def archive(*members: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        for member in members:
            packed.writestr(member, "x")
    return file.getvalue()


GOOD = "Cust No,Company,Town\nC-1,Müller & Söhne,Köln\nC-2,Acme,Paris\n"
NEITHER = ", and neither a workbook nor a CSV file."
NEVER_CLOSED = 'A quotation mark (") opens a cell in line {} and is never closed'

REFUSED = {
    "empty": (b"", "in.csv is empty.", "in.csv"),
    "only a mark": (b"\xef\xbb\xbf", "in.csv is empty.", "in.csv"),
    "only blank lines": (b"\r\n \r\n\t\n", "in.csv is empty.", "in.csv"),
    "only delimiters": (b",,,\n,,,\n", "There is no header: the file has 2 rows", "in.csv, row 1"),
    "xlsx": (
        archive("[Content_Types].xml", "xl/workbook.xml"),
        "in.csv cannot be read as a workbook.",
        "in.csv",
    ),
    "ods": (
        archive("mimetype", "content.xml"),
        "in.csv cannot be read as a workbook.",
        "in.csv",
    ),
    "xls": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500),
        "in.csv cannot be read as a workbook.",
        "in.csv",
    ),
    "zip": (archive("customers.csv"), "a zip archive" + NEITHER, "in.csv"),
    "cut xlsx": (
        archive("xl/workbook.xml")[:40],
        "in.csv is a damaged workbook or archive.",
        "in.csv",
    ),
    "gzip": (b"\x1f\x8b\x08" + bytes(20), "a gzip archive" + NEITHER, "in.csv"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "a PDF document" + NEITHER, "in.csv"),
    "sqlite": (b"SQLite format 3\x00" + bytes(80), "an SQLite database" + NEITHER, "in.csv"),
    "parquet": (b"PAR1\x15\x04\x15" + bytes(9), "a Parquet file" + NEITHER, "in.csv"),
    "html": (
        b"\xef\xbb\xbf\r\n<!DOCTYPE html><html><table><table>",
        "in.csv is a web page with 2 tables, whatever its name says.",
        "in.csv",
    ),
    "html table with joined cells": (
        b"<TABLE border=1><tr><td colspan=2>Name</td></tr></table>",
        "in.csv is a web page with a table with joined cells, whatever its name says.",
        "in.csv",
    ),
    "xml": (b'<?xml version="1.0"?><customers/>', "an XML document" + NEITHER, "in.csv"),
    "random bytes": (
        random.Random(7).randbytes(5000),
        "in.csv is not a text file: line 2 holds characters that no text has.",
        "in.csv, line 2",
    ),
    "random bytes without NUL": (
        random.Random(8).randbytes(5000).replace(b"\0", b""),
        "in.csv is not a text file: line 1 holds characters",
        "in.csv, line 1",
    ),
    "one NUL": (
        b"Name,Town\nA,x\nB,\0y\n",
        "in.csv is not a text file: line 3 holds characters that no text has.",
        "in.csv, line 3",
    ),
    "NULs where a disk failed": (
        b"Name,Town\nA,x\n" + bytes(512),
        "in.csv is not a text file: line 3 holds characters",
        "in.csv, line 3",
    ),
    "NUL in UTF-16": (
        "Name,Town\nA,\0\n".encode("utf-16"),
        "in.csv is not a text file: line 2 holds characters",
        "in.csv, line 2",
    ),
    "half a UTF-16 letter": (
        "Name,Town\nA,x\n".encode("utf-16")[:-1],
        "Line 2 holds bytes that are not UTF-16",
        "in.csv, line 2",
    ),
    "half a UTF-16 pair": (
        b"\xff\xfe" + "Name\nA\n".encode("utf-16-le") + b"\x00\xd8" + "x\n".encode("utf-16-le"),
        "Line 3 holds bytes that are not UTF-16",
        "in.csv, line 3",
    ),
    "mark of UTF-8, bytes of cp1252": (
        b"\xef\xbb\xbfName,Town\nA,K\xf6ln\n",
        "Line 2 holds bytes that are not UTF-8",
        "in.csv, line 2",
    ),
    "UTF-8 with a foreign line": (
        (GOOD * 9).encode() + b"C-3,Caf\xe9,Nice\n",
        "Line 28 holds bytes that are not UTF-8, so that the text cannot be read to its end.",
        "in.csv, line 28",
    ),
    "UTF-8 cut inside a letter": (
        GOOD.encode() + "C-3,Ö".encode()[:-1],
        "Line 4 holds bytes that are not UTF-8",
        "in.csv, line 4",
    ),
    "quote never closed": (
        b'Name,Town\nA,x\nB,"y\nC,z\n',
        NEVER_CLOSED.format(3),
        "in.csv, line 3",
    ),
    "quote never closed in the header": (
        b'Name,"Town\nA,x\nB,y\n',
        NEVER_CLOSED.format(1),
        "in.csv, line 1",
    ),
    "quote never closed before quoted rows": (
        b'"Name","Town"\n"A","x\n"B","y"\n"C","z"\n',
        NEVER_CLOSED.format(2),
        "in.csv, line 2",
    ),
    "quote that would swallow one row": (
        b'No,Name,Town\n1,"abc,x\n2,"def",y\n3,g,h\n',
        NEVER_CLOSED.format(2),
        "in.csv, line 2",
    ),
    "quote never closed after line breaks": (
        b'Name,Town\r\n"A\r\nB","x"\r\n"C","y',
        NEVER_CLOSED.format(4),
        "in.csv, line 4",
    ),
    "lone quote at the end": (b'Name,Town\nA,x\nB,"', NEVER_CLOSED.format(3), "in.csv, line 3"),
    "doubled headers": (
        b"No,Phone,Name,Phone,No\n1,2,3,4,5\n",
        'The header names more than one column alike: "No" (columns A and E); "Phone" (columns B and D).',
        "in.csv, row 1",
    ),
    "headers doubled once trimmed": (
        "No;Phone; Phone\u00a0;\u200bPhone\n1;2;3;4\n".encode(),
        'alike: "Phone" (columns B, C and D).',
        "in.csv, row 1",
    ),
    "numbers for a header": (
        b"10001,555 0100,2024-01-02\n10002,555 0101,2024-01-03\n",
        "There is no header: row 1 looks like data (it holds no words).",
        "in.csv, row 1",
    ),
    "a customer for a header": (
        b"C-1,Acme,info@acme.example\nC-2,Bolt,info@bolt.example\n",
        "There is no header: row 1 looks like data (it holds info@acme.example).",
        "in.csv, row 1",
    ),
    "a title for a header": (
        b"Our customers\n\nNo;Name;Town\n1;A;x\n2;B;y\n",
        "There is no header: row 1 has a single cell, and the rows below it have 3.",
        "in.csv, row 1",
    ),
    "no header above filled cells": (
        b"No,,Town\n1,,x\n2,y,z\n",
        "Column B has no header, and row 3 has something in it.",
        "in.csv, row 3, column B",
    ),
    "no header above the last cells": (
        b"No,Name,\n1,A,\n2,B,note\n",
        "Column C has no header, and row 3 has something in it.",
        "in.csv, row 3, column C",
    ),
    "a row of 17 MB": (
        b"No,Name\n1," + b"x" * (17 << 20) + b"\n",
        "in.csv has a row of 17 MB",
        "in.csv",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_cannot_be_read_safely_is_refused_with_its_place(tmp_path, case):
    data, message, where = REFUSED[case]
    path = tmp_path / "in.csv"
    path.write_bytes(data)
    with pytest.raises(UnfitFile) as caught:
        read(path)
    assert message in caught.value.message
    assert caught.value.where == where
    assert caught.value.hint
    assert caught.value.exit_code == Exit.REFUSED


def test_a_header_row_below_the_end_is_refused(tmp_path):
    path = tmp_path / "in.csv"
    path.write_text(GOOD)
    with pytest.raises(
        UnfitFile, match="the file has 3 rows, and none from row 7 on is filled"
    ) as caught:
        read(path, header_row=7)
    assert caught.value.where == "in.csv, row 7"


def test_a_missing_file_is_not_ready(tmp_path):
    path = tmp_path / "night.csv"
    with pytest.raises(SourceNotReady) as caught:
        read(path)
    assert caught.value.message == f"There is no file {path}."
    assert caught.value.exit_code == Exit.NOT_READY
    assert (
        caught.value.hint
        == "Check the name and the folder, or wait until the file has been written."
    )


def test_a_folder_is_wrong_usage(tmp_path):
    with pytest.raises(UsageError) as caught:
        read(tmp_path)
    assert caught.value.message == f"{tmp_path} is a folder, not a file."
    assert caught.value.hint == "Name the file that is in it."


@pytest.mark.parametrize("closed", ["file", "folder"])
def test_a_file_that_may_not_be_read_is_wrong_usage(tmp_path, closed):
    path = tmp_path / "in.csv"
    path.write_text(GOOD)
    (path if closed == "file" else tmp_path).chmod(0)
    user = os.geteuid()
    if user == 0:  # to whom nothing is closed
        os.seteuid(65534)
    try:
        with pytest.raises(UsageError) as caught:
            read(path)
    finally:
        os.seteuid(user)
        tmp_path.chmod(0o700)
    assert caught.value.message == f"{path} may not be read."
    assert caught.value.hint == "Close it in other programs, and check that your user may read it."


@pytest.mark.parametrize("encoding", ["klingon", "hex", "rot13", "undefined", ""])
def test_an_unknown_encoding_is_wrong_usage(tmp_path, encoding):
    path = tmp_path / "in.csv"
    path.write_text(GOOD)
    with pytest.raises(UsageError) as caught:
        read(path, encoding=encoding)
    assert caught.value.message == f'There is no encoding "{encoding}".'
    assert (
        caught.value.hint == "Name one such as utf-8, cp1252, latin-1 or utf-16, or leave it out."
    )


@pytest.mark.parametrize("delimiter", ["", ";;", '"', "x", "\n", "§", "semi"])
def test_what_cannot_separate_cells_is_wrong_usage(tmp_path, delimiter):
    path = tmp_path / "in.csv"
    path.write_text(GOOD)
    with pytest.raises(UsageError) as caught:
        read(path, delimiter=delimiter)
    assert caught.value.message == f'"{delimiter}" cannot separate cells.'


def test_there_is_no_header_row_0(tmp_path):
    path = tmp_path / "in.csv"
    path.write_text(GOOD)
    with pytest.raises(UsageError, match="There is no row 0"):
        read(path, header_row=0)


def test_a_failing_disk_is_the_machines_fault(tmp_path):
    path = tmp_path / "in.csv"
    path.symlink_to(path)
    with pytest.raises(MachineError, match=r"in\.csv cannot be read: .*Too many levels"):
        read(path)


def test_the_source_tells_the_path_as_given_and_the_digest_of_the_bytes(tmp_path, monkeypatch):
    path = tmp_path / "in.csv"
    path.write_text(GOOD, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    source = read("./in.csv").source
    assert (source.path, source.name) == ("./in.csv", "in.csv")
    assert source.digest == hashlib.sha256(GOOD.encode()).hexdigest()
    assert (source.encoding, source.delimiter, source.notes) == ("utf-8", ",", ())
    assert read(Path("in.csv")).cells.equals(read("in.csv").cells)


def test_a_name_that_is_no_utf8_is_kept_legible(tmp_path):
    path = tmp_path / os.fsdecode(b"k\xfcnden.csv")
    path.write_bytes(b"No,Name\n1,Acme\n")
    source = read(path).source
    assert source.name == "k\ufffdnden.csv"
    assert source.path.encode() == str(tmp_path / "k\ufffdnden.csv").encode()


def test_rows_are_told_as_those_of_their_place(tmp_path):
    path = tmp_path / "in.csv"
    path.write_text("No,Name\n1,A\n2,B,C\n")
    table = read(path, place="Ship-to")
    assert table.row(0).where == "Ship-to, row 2"
    assert table.header.where == "Ship-to, row 1"
    assert [row.where for reject in table.broken for row in reject.rows] == ["Ship-to, row 3"]
