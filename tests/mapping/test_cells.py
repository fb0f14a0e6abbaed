"""The cells of one column: trimmed, transformed, looked up."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.mapping.builders import TOP, became, cells, mapping
from wizsync.mapping.cells import Around, read_cells
from wizsync.mapping.field_schema import ColumnField
from wizsync.mapping.words import EDGE, ERROR_WORDS
from wizsync.model import Damage


@pytest.mark.parametrize("mark", EDGE)
def test_what_cannot_be_seen_is_trimmed_from_both_ends_only(mark: str) -> None:
    assert became([f"{mark}a{mark}b{mark}", mark]) == [f"a{mark}b", None]


@pytest.mark.parametrize(
    "text", ["007", "1.50", "NO", "1E5", "TRUE", "#1", "# 5", "##", "=A1", "-"]
)
def test_a_cell_stays_as_written(text: str) -> None:
    assert became([text]) == [text]


def test_faults_that_are_alike_are_one() -> None:
    read = cells(["x", "y", "x"], "{column: P, transforms: [number]}")

    assert [text for _, text in read.faults] == ["x", "y"]
    assert read.faults[0][0] is read.faults[1][0]
    assert read.fault.tolist() == [0, 1, 0]


def test_an_empty_cell_keeps_or_clears() -> None:
    assert became(["", " \u00a0"]) == [None, None]
    assert became(["", "a"], clears=True) == ["", "a"]


def test_blank_words_count_as_empty_whatever_their_case() -> None:
    words = ["-", " N/A ", "straße", "e\u0301", "#N/A"]

    assert became(["-", "n/A", " - ", "STRASSE", "É", "#n/a", "--"], blank_words=words) == [
        *[None] * 6,
        "--",
    ]


@pytest.mark.parametrize(
    "text", [*sorted(ERROR_WORDS), "#n/a", " #REF! ", "###", "########", "#VALUE!"]
)
def test_a_spreadsheets_error_is_no_value(text: str) -> None:
    read = cells([text, "ok"], clears=True)

    assert became([text, "ok"]) == ["!error_value", "ok"]
    assert read.values.isna().tolist() == [True, False]
    assert read.faults[0][1] == text.strip()


@pytest.mark.parametrize("text", ["1.23E+11", "1,23e+11", "-4E+05", "1.23456789E-05", "1E+100"])
def test_a_long_number_in_short_is_no_key(text: str) -> None:
    assert became([text], for_key=True) == ["!damaged_key"]
    assert became([text]) == [text]


@pytest.mark.parametrize("text", ["1E5", "12E+05", "E+11", "1.23E+1", "A1.23E+11", "1.E+11"])
def test_what_only_looks_like_one_is_a_key(text: str) -> None:
    assert became([text], for_key=True) == [text]


# --- transforms and values ----------------------------------------------------------------------


def test_transforms_go_one_after_the_other_before_the_values() -> None:
    written = "{column: P, transforms: [upper, {zfill: 3}], values: {00A: one, 00B: ''}}"

    assert became([" a ", "b", "c"], written) == ["one", "", "!unknown_value"]


def test_a_cell_that_a_transform_empties_is_an_empty_cell_and_nothing_more_is_made_of_it() -> None:
    for then in ("{zfill: 5}", "email", "number", "{phone: US}"):
        written = f"{{column: P, transforms: [{{regex: '[-.]+'}}, {then}]}}"
        assert became(["--", "- -"], written) == [None, None]
        assert became(["--"], written, clears=True) == [""]


def test_empty_cells_and_errors_are_not_transformed() -> None:
    written = "{column: P, transforms: [{zfill: 5}], values: {00001: x}, otherwise: keep}"

    assert became(["", "#N/A", "-"], written, blank_words=["-"]) == [None, "!error_value", None]


def test_what_a_transform_leaves_at_the_ends_is_trimmed() -> None:
    assert became(["a, TX"], "{column: P, transforms: [{regex: TX}, {regex: ','}]}") == ["a"]


def test_a_fault_is_one_for_each_text_and_stands_at_every_row() -> None:
    read = cells(["x", "1", "x", "y"], "{column: P, transforms: [number]}")

    assert [(fault.code, text) for fault, text in read.faults] == [
        ("bad_number", "x"),
        ("bad_number", "y"),
    ]
    assert read.fault.tolist() == [0, -1, 0, 1]
    assert read.values.tolist()[1] == "1"


def test_no_cells() -> None:
    assert became([], "{column: P, transforms: [number], values: {a: b}}", for_key=True) == []


# --- several values -----------------------------------------------------------------------------


def split(cell: str, more: str = "") -> object:
    written = f"{{column: P, split: ';'{more}}}"
    field = mapping(f"{TOP}  assignedSalesRepIds: {written}\n").schema.customer
    read = read_cells(
        pd.Series([cell], dtype="str"),
        field["assignedSalesRepIds"],
        Around(),
        clears=False,
    )
    if read.fault[0] >= 0:
        return f"!{read.faults[0][0].code}"
    return None if pd.isna(read.values[0]) else read.values[0]


@pytest.mark.parametrize(
    ("cell", "more", "value"),
    [
        (" a ; b;;a ;", "", "a\nb"),
        (";;", "", None),
        ("a;b", ", transforms: [upper, {zfill: 3}]", "00A\n00B"),
        ("a;-;b", ", transforms: [{regex: '-'}]", "a\nb"),
        ("a;b", ", values: {a: x, b: y}", "x\ny"),
        ("a;b", ", values: {a: x, b: ''}", "x"),
        ("b", ", values: {b: ''}", ""),
        ("a;z", ", values: {a: x}", "!unknown_value"),
        ("a;z", ", values: {a: x}, otherwise: keep", None),
        ("a;z", ", values: {a: x}, otherwise: clear", "x"),
        ("z;z", ", values: {a: x}, otherwise: clear", ""),
    ],
)
def test_each_part_goes_its_way_alone(cell: str, more: str, value: object) -> None:
    assert split(cell, more) == value


# --- what stands around a cell ------------------------------------------------------------------


def phone_field(written: str) -> ColumnField:
    field = mapping(f"{TOP}  phone: {written}\n").schema.customer["phone"]
    assert isinstance(field, ColumnField)
    return field


@pytest.mark.parametrize("clears", [True, False])
def test_a_damaged_cell_is_a_fault_and_never_an_empty_one(clears: bool) -> None:
    damage = Damage(2, "P", "error_value", "holds the error #N/A", "Mend it.", "#N/A")
    column = pd.Series(["", "x", "", "y"], dtype="str")

    read = read_cells(column, phone_field("P"), Around(damaged={2: damage}), clears=clears)

    assert read.fault.tolist() == [-1, -1, 0, -1]
    assert read.values.isna().tolist() == [not clears, False, True, False]
    fault, text = read.faults[0]
    assert (fault.code, fault.says, fault.hint, text) == (
        "error_value",
        "holds the error #N/A",
        "Mend it.",
        "#N/A",
    )


def test_one_text_is_read_by_each_rows_country() -> None:
    column = pd.Series(["030 123456", "030 123456", "030 123456", "+1 212 555 0100"], dtype="str")
    countries = pd.Series(["Germany", "-", "DE", None], dtype="str")

    read = read_cells(
        column,
        phone_field("{column: P, transforms: [{phone: {country_from: C}}]}"),
        Around(blank_words=["-"], countries=countries),
        clears=False,
    )

    assert read.fault.tolist() == [-1, 0, -1, -1]
    assert read.values.dropna().tolist() == ["+4930123456", "+4930123456", "+12125550100"]
