"""Files that an export may leave on a bad night, under `absent: delete`: not one write reaches the server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import MakeOptions, StartSandbox
from wizsync import pipeline
from wizsync.errors import WizsyncError
from wizsync.pipeline import Options
from wizsync.sandbox import Sandbox

MAPPING = """\
version: 1
mode: mirror
scope: all
customer:
  referenceId: Code
  companyName: {column: Company, required: true}
  displayName: Shown as
"""
HEADER = "Code,Company,Shown as\n"


def whole(sandbox: Sandbox) -> str:
    """A file that names every customer as it is."""
    named = [c for c in sandbox.customers() if c["reference_id"]]
    rows = (f'{c["reference_id"]},"{c["name"]}","{c["display_name"]}"\n' for c in named)
    return HEADER + "".join(rows)


BROKEN: dict[str, Callable[[str], bytes]] = {
    "empty": lambda _: b"",
    "header_only": lambda _: HEADER.encode(),
    "blank_rows": lambda _: (HEADER + ",,\n,,\n").encode(),
    "unreadable": lambda _: bytes(range(256)) * 40,
    "a_page_of_an_error": lambda _: b"<html><body>503 Service Unavailable</body></html>",
    "truncated_in_the_middle": lambda text: text[: len(text) // 2].encode(),
    "truncated_in_a_cell": lambda text: (text[: len(text) // 2] + ',"Half a ce').encode(),
    "another_accounts": lambda text: text.replace("C-", "X").encode(),
    "other_columns": lambda text: text.replace("Code", "Number").encode(),
    "keys_lost_by_a_spreadsheet": lambda text: text.replace("C-10", "1.0E+").encode(),
}


def exit_code(file: Path, mapping: Path, options: Options) -> int:
    try:
        return pipeline.sync(file, mapping, options, approve=lambda _: True).exit_code
    except WizsyncError as error:
        return error.exit_code


@pytest.mark.parametrize("broken", BROKEN)
def test_nothing_is_written(
    broken: str,
    dialect: str,
    start_sandbox: StartSandbox,
    make_options: MakeOptions,
    tmp_path: Path,
) -> None:
    sandbox = start_sandbox(dialect=dialect, customers=120)
    file, mapping = tmp_path / "c.csv", tmp_path / "c.yaml"
    mapping.write_text(MAPPING, encoding="utf-8")
    options = make_options(sandbox)
    file.write_text(whole(sandbox), encoding="utf-8")
    well = pipeline.sync(file, mapping, options, approve=lambda _: True)
    assert (well.exit_code, sandbox.ledger()) == (0, [])

    file.write_bytes(BROKEN[broken](whole(sandbox)))
    assert exit_code(file, mapping, options) in {2, 3, 4}
    assert sandbox.ledger() == []


def test_a_file_that_is_whole_deletes_who_is_absent(
    start_sandbox: StartSandbox, make_options: MakeOptions, tmp_path: Path
) -> None:
    # So that the tests above can fail.
    sandbox = start_sandbox(customers=120)
    file, mapping = tmp_path / "c.csv", tmp_path / "c.yaml"
    mapping.write_text(MAPPING, encoding="utf-8")
    lines = whole(sandbox).splitlines(keepends=True)
    file.write_text("".join(lines[:-3]), encoding="utf-8")
    options = make_options(sandbox)
    ended = pipeline.sync(file, mapping, options, approve=lambda _: True)
    assert ended.exit_code == 0
    assert [w["operation"] for w in sandbox.ledger()] == ["delete"] * 3
