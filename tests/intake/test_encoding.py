"""Bytes into text: what is proof, what is a guess, and what the guess is said to be."""

from __future__ import annotations

import pytest

from wizsync.errors import UnfitFile, UsageError
from wizsync.intake import read

WESTERN = "Kd-Nr;Firma;Ort\n1;Müller & Söhne;Köln\n2;Œuvre à 10 €;Besançon\n3;Año Nuevo;Málaga\n"
POLISH = "Nr;Firma;Miasto\n1;Żabka;Łódź\n2;Księgarnia Gdańska;Gdańsk\n3;Usługi Źródło;Kraków\n"
RUSSIAN = "Код;Название;Город\n1;Рога и копыта;Москва\n2;Ромашка;Санкт-Петербург\n"  # noqa: RUF001 - these letters are the point
GREEK = "Κωδ;Όνομα;Πόλη\n1;Παπαδόπουλος ΑΕ;Αθήνα\n2;Ελληνικά Τρόφιμα;Θεσσαλονίκη\n"  # noqa: RUF001 - these letters are the point
GUESSED = "The file is not UTF-8 and was read as {}; look at names with accents."


def cells(text: str) -> list[list[str]]:
    return [line.split(";") for line in text.splitlines()[1:]]


@pytest.mark.parametrize(
    ("text", "written", "encoding", "note"),
    [
        (WESTERN, "utf-8", "utf-8", None),
        (WESTERN, "utf-8-sig", "utf-8", None),
        (WESTERN, "utf-16", "utf-16-le", "The file is in UTF-16."),
        (WESTERN, "utf-32", "utf-32-le", "The file is in UTF-32."),
        (WESTERN, "utf-16-le", "utf-16-le", "The file is in UTF-16 without a mark that says so."),
        (WESTERN, "utf-16-be", "utf-16-be", "The file is in UTF-16 without a mark that says so."),
        (RUSSIAN, "utf-16-le", "utf-16-le", "The file is in UTF-16 without a mark that says so."),
        (WESTERN, "cp1252", "cp1252", GUESSED.format("Windows-1252 (Western European)")),
        (POLISH, "cp1250", "cp1250", GUESSED.format("Windows-1250 (Central European)")),
        (RUSSIAN, "cp1251", "cp1251", GUESSED.format("Windows-1251 (Cyrillic)")),
        (RUSSIAN, "koi8-r", "koi8-r", GUESSED.format("KOI8-R")),
        (GREEK, "cp1253", "cp1253", GUESSED.format("Windows-1253 (Greek)")),
    ],
)
def test_an_encoding_is_found_and_said(tmp_path, text, written, encoding, note):
    path = tmp_path / "in.csv"
    path.write_bytes(text.encode(written))
    table = read(path)
    assert table.cells.to_numpy().tolist() == cells(text)
    assert table.source.encoding == encoding
    assert [said for said in table.source.notes if "separated" not in said] == (
        [note] if note else []
    )


@pytest.mark.parametrize("words", ["Café Noir", "Müller", "Señor 10 €", "Smørrebrød", "Zürich Süd"])
def test_a_single_western_accent_is_enough(tmp_path, words):
    path = tmp_path / "in.csv"
    path.write_bytes(f"No,Name\n1,{words}\n2,Acme\n".encode("cp1252"))
    table = read(path)
    assert table.source.encoding == "cp1252"
    assert table.cells["Name"][0] == words


def test_an_accent_far_behind_the_start_is_seen(tmp_path):
    path = tmp_path / "in.csv"
    rows = "".join(f"{number},Acme {number}\n" for number in range(400_000))
    path.write_bytes(f"No,Name\n{rows}400001,Köln\n".encode("cp1252"))
    table = read(path)
    assert table.source.encoding == "cp1252"
    assert table.cells["Name"].iloc[-1] == "Köln"


@pytest.mark.parametrize(
    ("written", "told", "encoding"),
    [
        ("latin-1", "latin-1", "iso8859-1"),
        ("cp1252", "windows-1252", "cp1252"),
        ("cp850", "cp850", "cp850"),
        ("utf-16-be", "utf-16-be", "utf-16-be"),
        ("utf-8", "UTF8", "utf-8"),
        ("utf-8", "utf-8-sig", "utf-8"),
        ("utf-8-sig", "utf-8-sig", "utf-8"),
    ],
)
def test_an_encoding_that_is_told_is_used(tmp_path, written, told, encoding):
    text = "No;Name\n1;Müller & Söhne\n"
    path = tmp_path / "in.csv"
    path.write_bytes(text.encode(written))
    table = read(path, encoding=told)
    assert table.cells.to_numpy().tolist() == cells(text)
    assert table.source.encoding == encoding


def test_a_mark_is_believed_more_than_the_mapping(tmp_path):
    path = tmp_path / "in.csv"
    path.write_bytes(WESTERN.encode("utf-8-sig"))
    table = read(path, encoding="cp1252")
    assert table.source.encoding == "utf-8"
    assert table.columns[0] == "Kd-Nr"
    assert table.source.notes[0] == (
        "The mapping says that the file is in cp1252; its first bytes say UTF-8: so it was read."
    )


def test_utf8_told_to_be_something_else_is_refused(tmp_path):
    path = tmp_path / "in.csv"
    path.write_bytes(WESTERN.encode())
    with pytest.raises(
        UnfitFile, match="says that the file is in cp1252, but its text is UTF-8"
    ) as caught:
        read(path, encoding="cp1252")
    assert caught.value.hint == "Save the file in cp1252, or take `encoding` out of the mapping."


@pytest.mark.parametrize("told", ["utf-8", "ascii", "cp1253"])
def test_bytes_that_the_told_encoding_has_not_are_refused_with_their_line(tmp_path, told):
    path = tmp_path / "in.csv"
    path.write_bytes(b"No,Name\n1,Acme\r2,\xd2\xff\xaa\n")
    with pytest.raises(UnfitFile) as caught:
        read(path, encoding=told)
    assert caught.value.where == "in.csv, line 3"
    assert "Line 3 holds bytes that are not" in caught.value.message


def test_pure_ascii_fits_whatever_is_told(tmp_path):
    path = tmp_path / "in.csv"
    path.write_bytes(b"No,Name\n1,Acme\n")
    assert read(path, encoding="cp1252").cells.to_numpy().tolist() == [["1", "Acme"]]


@pytest.mark.parametrize("told", ["idna", "punycode", "rot13", "base64", "no-such"])
def test_what_is_no_encoding_of_files_is_refused(tmp_path, told):
    path = tmp_path / "in.csv"
    path.write_bytes("Nö,Name=\n1,Acme\n".encode())
    with pytest.raises(UsageError, match=f'There is no encoding "{told}"'):
        read(path, encoding=told)
