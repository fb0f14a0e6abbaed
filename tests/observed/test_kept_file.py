"""Kept details in a file: read back as they were, or not believed at all."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from wizsync.observed.kept_file import Unusable, digest_of, read_kept, write_kept

TABLES = {
    "customers": pd.DataFrame(
        {
            "id": pd.Series(["c1", "c2"], dtype="str"),
            "companyName": pd.Series(["Café", ""], dtype="str"),
            "readAt": [1.5, 2.5],
            "settled": [True, False],
        }
    ),
    "addresses": pd.DataFrame({"id": pd.Series([], dtype="str")}),
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "cache" / "details"
    write_kept(path, "a1", TABLES, {"number": 7})
    return path


def test_what_was_written_is_read_back(file: Path) -> None:
    tables, facts = read_kept(file, "a1")
    assert facts == {"number": 7}
    assert tables.keys() == TABLES.keys()
    for name, table in TABLES.items():
        pd.testing.assert_frame_equal(tables[name], table)


def test_nothing_is_kept_where_there_is_no_file(tmp_path: Path) -> None:
    assert read_kept(tmp_path / "details", "a1") == ({}, {})


def test_a_file_cut_at_any_point_is_not_believed(file: Path) -> None:
    content = file.read_bytes()
    for length in (*range(0, len(content), 37), len(content) - 1):
        file.write_bytes(content[:length])
        with pytest.raises(Unusable, match="cut short or changed"):
            read_kept(file, "a1")


def test_a_file_edited_at_any_point_is_not_believed(file: Path) -> None:
    content = file.read_bytes()
    for place in range(0, len(content), 37):
        edited = bytearray(content)
        edited[place] ^= 1
        file.write_bytes(edited)
        with pytest.raises(Unusable, match="cut short or changed"):
            read_kept(file, "a1")


@pytest.mark.parametrize(
    "content", [b"[]", b"{}", b"null", b'{"digest": 1}', b"\xff\xfe\x00", b"\n" * 70_000]
)
def test_another_file_is_not_believed(content: bytes, file: Path) -> None:
    file.write_bytes(content)
    with pytest.raises(Unusable, match="cut short or changed"):
        read_kept(file, "a1")


def test_another_accounts_file_is_not_believed(file: Path) -> None:
    with pytest.raises(Unusable, match="another account's"):
        read_kept(file, "a2")


def test_another_versions_file_is_not_believed(file: Path) -> None:
    line, _, rest = file.read_bytes().partition(b"\n")
    head = json.loads(line)
    del head["digest"]
    head["version"] = "0"
    line = json.dumps(head, sort_keys=True).encode() + b"\n"
    head["digest"] = digest_of(line, rest)
    file.write_bytes(json.dumps(head, sort_keys=True).encode() + b"\n" + rest)
    with pytest.raises(Unusable, match="another version"):
        read_kept(file, "a1")


def test_what_cannot_be_read_is_not_believed(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="cannot be read"):
        read_kept(tmp_path, "a1")


def test_the_head_is_for_people_too(file: Path) -> None:
    head = json.loads(file.read_bytes().split(b"\n")[0])
    assert (head["is"], head["account"]) == ("wizsync details", "a1")
