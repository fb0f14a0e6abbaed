"""Attributes by the names that the account has for them."""

from __future__ import annotations

import pytest

from tests.mapping.builders import mapping, table
from wizsync.errors import MappingError
from wizsync.mapping import rules, to_desired
from wizsync.model import Attribute, Desired, Lists, Rules, Write

TOP = "version: 1\ncustomer:\n  referenceId: No\n"
KNOWN = (
    Attribute("a1", "Industry", "select", ("Retail", "Food")),
    Attribute("a2", "Revenue", "number"),
    Attribute("a3", "Size", "text"),
    Attribute("a4", "Size", "text"),
    Attribute("a5", "VIP", "boolean"),
    Attribute("a6", "Tags", "multi_select", ("A", "B")),
)
LISTS = Lists(attributes={"customer": KNOWN})
CELLS = {"No": "C-1", "S": " retail ", "R": "1,200.50", "T": "b; a"}


def read(attributes: str, *, lists: Lists | None = LISTS, **cells: str) -> Desired:
    text = f"{TOP}attributes: {attributes}\n"
    return to_desired(mapping(text), table({**CELLS, **cells}), lists=lists)


def ruled(attributes: str, lists: Lists | None = LISTS) -> Rules:
    return rules(mapping(f"{TOP}attributes: {attributes}\n"), table(CELLS), lists=lists)


@pytest.mark.parametrize(
    ("attributes", "field", "value"),
    [
        ("{industry: S}", "attributes.Industry", "Retail"),
        ("{a1: S}", "attributes.Industry", "Retail"),
        ("{Revenue: R}", "attributes.Revenue", "1200.5"),
        ("{a4: S}", "attributes.a4", "retail"),
        ("{VIP: {const: yes}}", "attributes.VIP", "true"),
        ('{Tags: {column: T, split: ";"}}', "attributes.Tags", "A\nB"),
        ('{a3: "{referenceId}!"}', "attributes.a3", "C-1!"),
    ],
)
def test_values_and_names_are_the_accounts(attributes: str, field: str, value: str) -> None:
    desired = read(attributes)

    assert desired.customers[field].tolist() == [value]
    assert desired.rejects == ()


def test_a_default_is_written_as_the_values_are() -> None:
    desired = read("{Revenue: {column: R, default: '1,000.00'}}", R="")

    assert desired.defaults["attributes.Revenue"].tolist() == ["1000"]


def test_rules_have_the_same_names() -> None:
    rule = ruled("{industry: {column: S, write: if_empty, required: true}}")

    assert rule.columns["attributes.Industry"] == "S"
    assert rule.write == {"attributes.Industry": Write.IF_EMPTY}
    assert rule.required == {"attributes.Industry"}


def test_offline_names_and_texts_pass_as_they_are() -> None:
    desired = read("{industry: {const: Nonsense}, Nobody: S}", lists=None)

    assert desired.customers["attributes.industry"].tolist() == ["Nonsense"]
    assert desired.customers["attributes.Nobody"].tolist() == ["retail"]


@pytest.mark.parametrize(
    ("cells", "code"),
    [({"S": "Retial"}, "unknown_option"), ({"R": "many"}, "bad_number")],
)
def test_a_cell_that_is_no_value_rejects_its_row(cells: dict[str, str], code: str) -> None:
    desired = read("{Industry: S, Revenue: R}", **cells)

    assert [(one.code, one.key, one.child) for one in desired.rejects] == [(code, "C-1", None)]
    assert len(desired) == 0


def test_rows_that_disagree_about_one_name_its_column() -> None:
    text = mapping(f"{TOP}attributes: {{industry: S}}\n")

    desired = to_desired(text, table(CELLS, {**CELLS, "S": "Food"}), lists=LISTS)

    assert [(one.code, one.column, one.value) for one in desired.rejects] == [
        ("different_values", "S", "Food / Retail")
    ]


@pytest.mark.parametrize(
    ("attributes", "message", "hint"),
    [
        ("{Industri: S}", 'The account has no attribute "Industri".', 'Did you mean "Industry"?'),
        ("{Size: S}", 'The account has 2 attributes "Size".', "Name one by its id: a3, a4."),
        ("{Industry: S, a1: S}", '"Industry" and "a1" are the same attribute.', "Keep one"),
        ("{Industry: {const: Fod}}", '"Fod" is no option of the attribute "Industry".', '"Food"'),
        ("{VIP: {column: S, default: maybe}}", '"maybe" is neither yes nor no', "Write true"),
        ('{Revenue: "{referenceId}"}', "A template makes a text, and the attribute", "column"),
        ('{VIP: {column: S, default: "{referenceId}"}}', "A template makes a text", "column"),
    ],
)
def test_what_the_mapping_has_wrong_is_told_on_its_line(
    attributes: str, message: str, hint: str
) -> None:
    with pytest.raises(MappingError) as caught:
        read(attributes)

    assert message in caught.value.message
    assert hint in (caught.value.hint or "")
    assert caught.value.where == "mapping.yaml, line 4"


def test_two_spellings_of_one_attribute_are_told_offline_too() -> None:
    with pytest.raises(MappingError, match='"Industry" and "industry" are the same'):
        read("{Industry: S, industry: S}", lists=None)
