"""The file of rows to mend reads back as it was."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.report.builders import COLUMNS, RUN, change, outcome, record, refused, reject, row
from wizsync.intake import read
from wizsync.model import RUN_COLUMN, WHY_COLUMN, RunRecord
from wizsync.report import write_rejected

HOSTILE = ("=cmd|'/C calc'!A0", "</script>", '"quoted", and\r\nbroken', "+1;2", " padded\t")


def written(run: RunRecord, path: Path) -> list[list[str]]:
    assert write_rejected(run, path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=run.plan.source.delimiter or ","))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "rejected.csv"


def test_nothing_to_mend_is_no_file(path):
    assert write_rejected(record(change()), path) is False
    assert not path.exists()


def test_rejected_rows_and_those_of_refused_customers_in_the_files_order(path):
    run = record(
        change("update", "C-5", rows=(row(5), row(6))),
        change("update", "C-3", rows=(row(3),)),
        change("update", "C-4", rows=(row(4),)),
        outcomes=(refused("C-5"), outcome(key="C-3"), outcome("conflict", key="C-4")),
        rejects=(reject(row(9)), reject(row(2))),
    )
    header, *rows = written(run, path)
    assert header == [*COLUMNS, WHY_COLUMN, RUN_COLUMN]
    assert [cells[0] for cells in rows] == ["C-2", "C-5", "C-6", "C-9"]
    assert all(cells[-1] == RUN for cells in rows)
    assert rows[0][-2].startswith('"Phone" is not a phone number. Write it')
    assert rows[1][-2].startswith('"Phone" was refused by WizCommerce: must be E.164.')


def test_a_row_of_several_reasons_stands_once_with_all_of_them(path):
    other = reject(row(2), code="bad_email", message='"E-mail" is no address', hint="Mend it")
    _, cells = written(record(rejects=(reject(row(2)), other, other)), path)
    assert cells[-2] == (
        '"Phone" is not a phone number. Write it with its country code, such as +1 555 0100. '
        '"E-mail" is no address. Mend it.'
    )


def test_it_opens_right_in_excel_and_keeps_the_delimiter(path):
    written(
        record(rejects=(reject(row(2, "Ä", "b", "c", "d", "e")),), source={"delimiter": ";"}), path
    )
    assert path.read_bytes().startswith("\ufeffCust No;Company;".encode())
    assert path.read_bytes().endswith(b"\r\n")


def test_a_second_round_replaces_the_columns_of_the_first(path):
    columns = (*COLUMNS, WHY_COLUMN, RUN_COLUMN)
    again = row(2, "a", "b", "c", "d", "e", "an old reason", "an old run")
    header, cells = written(record(rejects=(reject(again),), columns=columns), path)
    assert header == list(columns)
    assert cells[:5] == ["a", "b", "c", "d", "e"]
    assert cells[6] == RUN
    assert "old" not in cells[5]


def test_our_own_cells_start_no_formula_and_stay_on_one_line(path):
    run = record(change(), outcomes=(outcome("failed", code="x", message="=HYPERLINK(1)\n no"),))
    _, cells = written(run, path)
    assert cells[-2].startswith("'=HYPERLINK(1) no.")


@pytest.mark.parametrize(
    "cells", [("C-2", "x"), ("C-2", "Smith", "Inc", "x@example.com", "1", "N30")]
)
def test_a_row_that_does_not_fit_the_header_is_rejected_again_until_mended(path, cells):
    broken = reject(row(2, *cells), code="cells", message="The row has a wrong number of cells")
    _, found = written(record(rejects=(broken,)), path)
    assert found[:5] == [""] * 5
    assert " | ".join(cells) in found[5]
    assert len(found) == 7


def test_our_reader_reads_back_what_was(path):
    run = record(rejects=(reject(row(2, *HOSTILE)),), source={"delimiter": ";"})
    written(run, path)
    table = read(path)
    assert table.columns == (*COLUMNS, WHY_COLUMN, RUN_COLUMN)
    assert table.source.delimiter == ";"
    assert table.row(0).cells[:5] == HOSTILE
    assert table.broken == ()


cells = st.text(st.characters(codec="utf-8"), max_size=12)


@given(
    st.lists(st.tuples(*[cells] * len(COLUMNS)), min_size=1, max_size=6), st.sampled_from(",;\t|")
)
def test_original_cells_are_unchanged(tmp_path_factory, rows, delimiter):
    rejects = tuple(reject(row(number, *texts)) for number, texts in enumerate(rows, 2))
    path = tmp_path_factory.mktemp("rejected") / "rejected.csv"
    _, *found = written(record(rejects=rejects, source={"delimiter": delimiter}), path)
    assert [tuple(texts[:-2]) for texts in found] == rows
