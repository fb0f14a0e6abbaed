"""What the file's codes stand for."""

from __future__ import annotations

import pytest

from tests.mapping.builders import became, cells


@pytest.mark.parametrize(
    ("otherwise", "expected"), [("reject", "!unknown_value"), ("keep", None), ("clear", "")]
)
def test_a_text_that_the_values_do_not_name(otherwise: str, expected: str | None) -> None:
    written = f"{{column: P, values: {{30: net30}}, otherwise: {otherwise}}}"

    assert became(["30", "31", ""], written, clears=True) == ["net30", expected, ""]
    assert became(["30", "31", ""], written) == ["net30", expected, None]


def test_an_unknown_text_is_told_with_those_that_are_known() -> None:
    codes = ", ".join(f"C{n}: x" for n in range(10))
    read = cells(["zz"], f"{{column: P, values: {{{codes}}}}}")

    fault, text = read.faults[0]
    assert text == "zz"
    assert fault.says == "has a text that the mapping does not know"
    assert fault.hint == (
        "Write one of C0, C1, C2, C3, C4, C5, C6, C7, …, or add this text to `values` in the mapping."
    )


def test_values_are_found_whatever_the_normal_form_but_not_whatever_the_case() -> None:
    written = "{column: P, values: {' é ': x, NO: y, 007: z}}"

    assert became(["é", "e\u0301", " é", "É", "NO", "no", "007", "7"], written) == [
        *["x"] * 3,
        "!unknown_value",
        "y",
        "!unknown_value",
        "z",
        "!unknown_value",
    ]


def test_a_value_is_taken_as_the_mapping_writes_it() -> None:
    assert became(["1"], "{column: P, values: {1: ' net 30 '}}") == [" net 30 "]
