"""Templates: texts with fields in braces."""

from __future__ import annotations

import pandas as pd
import pytest

from wizsync.mapping.problems import Misfit
from wizsync.mapping.template import is_template, parse_template

ONE_FIELD = "Write the field's name alone: {companyName}."
BRACES = "A field is written {companyName}; a brace itself {{ or }}."
CONSTANT = "Name one as {companyName}; for a text that is always the same write {const: …}."


def filled(text: str, **fields: list[str | None]) -> list[str | None]:
    columns = {name: pd.Series(cells, dtype="str") for name, cells in fields.items()}
    return [None if pd.isna(each) else each for each in parse_template(text).fill(columns)]


@pytest.mark.parametrize(
    ("text", "filled_in"),
    [
        ("{phone}", "1"),
        ("{ phone }", "1"),
        ("a {phone} b {email}", "a 1 b 2"),
        ("{phone}{phone}-", "11-"),
        ("{{{phone}}}", "{1}"),
        ("}}{phone}{{", "}1{"),
        ("\\n%s{phone}$1", "\\n%s1$1"),
    ],
)
def test_fields_are_filled_in(text: str, filled_in: str) -> None:
    assert filled(text, phone=["1"], email=["2"]) == [filled_in]


def test_a_part_that_is_missing_or_empty_leaves_the_whole_missing() -> None:
    parts = {"phone": ["1", None, "", "4"], "email": ["a", "b", "c", None]}

    assert filled("{phone}/{email}", **parts) == ["1/a", None, None, None]


def test_values_are_not_templates_themselves() -> None:
    assert filled("<{phone}>", phone=["{email}"], email=["no"]) == ["<{email}>"]


def test_the_rows_keep_their_index_and_none_are_none() -> None:
    template = parse_template("{phone}!")

    assert template.fill({"phone": pd.Series(["1"], index=[7], dtype="str")}).to_dict() == {7: "1!"}
    assert template.fill({"phone": pd.Series([], dtype="str")}).tolist() == []


def test_it_knows_its_fields_each_once() -> None:
    assert parse_template("{email}{phone}{email}").fields == ("email", "phone")
    assert parse_template("{assignedPriceListID}").fields == ("assignedPriceListId",)


@pytest.mark.parametrize(("text", "is_one"), [("Company", False), ("{a}", True), ("a}", True)])
def test_braces_make_a_template(text: str, is_one: bool) -> None:
    assert is_template(text) is is_one


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("{phone", 'The braces of the template "{phone" do not match.', BRACES),
        ("phone}", 'The braces of the template "phone}" do not match.', BRACES),
        ("{phone!}", 'The braces of the template "{phone!}" do not match.', BRACES),
        (
            "{phone:>9}",
            '"{phone" in the template "{phone:>9}" has more than a field\'s name in its braces.',
            ONE_FIELD,
        ),
        (
            "{phone!r}",
            '"{phone" in the template "{phone!r}" has more than a field\'s name in its braces.',
            ONE_FIELD,
        ),
        ("{{phone}}", 'The template "{{phone}}" names no field.', CONSTANT),
        (
            "{phone.x}",
            'In the template "{phone.x}": A customer has no field "phone.x".',
            'Did you mean "phone"?',
        ),
        (
            "{compnyName}",
            'In the template "{compnyName}": A customer has no field "compnyName".',
            'Did you mean "companyName"?',
        ),
    ],
)
def test_what_is_no_template(text: str, message: str, hint: str) -> None:
    with pytest.raises(Misfit) as caught:
        parse_template(text)

    assert (caught.value.message, caught.value.hint) == (message, hint)


@pytest.mark.parametrize("text", ["{}", "{0}", "a{}b"])
def test_braces_without_a_name_name_no_field(text: str) -> None:
    with pytest.raises(Misfit, match="A customer has no field"):
        parse_template(text)
