"""Each file of the table in docs/spreadsheets.md, and the end that it promises."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.intake.spreadsheet_cases import CASES, Case
from tests.intake.spreadsheet_traps import TRAPS
from wizsync.errors import UnfitFile, UsageError
from wizsync.intake import read

ALL = CASES | TRAPS
PAGE = Path(__file__).parents[2] / "docs" / "spreadsheets.md"


@pytest.mark.parametrize("case", ALL.values(), ids=ALL.keys())
def test_a_file_comes_to_its_promised_end(case: Case, tmp_path: Path) -> None:
    path = case.make(tmp_path)

    if case.refused is not None:
        with pytest.raises((UnfitFile, UsageError)) as caught:
            read(path, **case.options)
        assert case.refused in caught.value.message
        assert caught.value.where
        assert caught.value.hint
        return
    table = read(path, **case.options)

    if case.cells is not None:
        assert table.cells.to_numpy().tolist() == [list(row) for row in case.cells]
    if case.columns is not None:
        assert list(table.columns) == list(case.columns)
    if case.numbers is not None:
        assert table.numbers.tolist() == list(case.numbers)
    if case.cells is not None or case.damaged:
        assert [(one.column, one.code) for one in table.damaged] == list(case.damaged)
    if case.note is not None:
        assert any(case.note in note for note in table.source.notes)


def test_the_page_tells_of_every_case() -> None:
    rows = [f"| {case.what} | {case.promise} |" for case in ALL.values()]

    text = PAGE.read_text(encoding="utf-8")

    assert [line for line in text.splitlines() if line in rows] == list(dict.fromkeys(rows))
    assert text.count("\n| ") == len(rows) + 2
