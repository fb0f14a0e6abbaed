"""Values of attributes: one text for one value."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mapping.builders import mapping, table
from wizsync.errors import MappingError
from wizsync.mapping import to_desired
from wizsync.mapping.attribute_values import canonical, find_attribute
from wizsync.mapping.problems import Misfit
from wizsync.mapping.transforms import Fault
from wizsync.model import LIST_SEPARATOR, Attribute, Lists

SECTOR = Attribute("a1", "Sector", "select", ("Gift & Home", "Grocery"))
TAGS = Attribute("a2", "Tags", "multi_select", ("New", "Key", "Eco"))
SINCE = Attribute("a3", "Since", "date")
REVENUE = Attribute("a4", "Revenue", "number")
KEY = Attribute("a5", "Key Account", "boolean")
NOTE = Attribute("a6", "Note")
ALL = (SECTOR, TAGS, SINCE, REVENUE, KEY, NOTE)


@pytest.mark.parametrize(
    ("attribute", "text", "value"),
    [
        (SECTOR, " gift  & home ", "Gift & Home"),
        (REVENUE, "1200.50", "1200.5"),
        (REVENUE, "1,234,567", "1234567"),
        (REVENUE, "0.0", "0"),
        (KEY, "Yes", "true"),
        (KEY, "0", "false"),
        (SINCE, "2026-03-04", "2026-03-04"),
        (NOTE, " as it is ", " as it is "),
        (Attribute("x", "X", "colour"), "red", "red"),
    ],
)
def test_a_value(attribute: Attribute, text: str, value: str) -> None:
    assert canonical(attribute)(text) == value


@pytest.mark.parametrize(
    ("attribute", "text", "code"),
    [
        (SECTOR, "Toys", "unknown_option"),
        (REVENUE, "many", "bad_number"),
        (KEY, "perhaps", "bad_boolean"),
        (SINCE, "2026-02-30", "bad_date"),
        (SINCE, "03/04/2026", "ambiguous_date"),
    ],
)
def test_no_value(attribute: Attribute, text: str, code: str) -> None:
    with pytest.raises(Fault) as caught:
        canonical(attribute)(text)

    assert caught.value.code == code


@given(st.decimals(-(10**12), 10**12, places=6))
def test_a_canonical_number_stays_itself(number: object) -> None:
    once = canonical(REVENUE)(f"{number:f}")

    assert canonical(REVENUE)(once) == once


def test_found_by_name_and_by_id() -> None:
    assert find_attribute(ALL, "key account") == find_attribute(ALL, "a5") == KEY
    with pytest.raises(Misfit, match='no attribute "Sectr"'):
        find_attribute(ALL, "Sectr")
    with pytest.raises(Misfit, match='2 attributes "Note"') as caught:
        find_attribute((*ALL, Attribute("a7", "Note")), "Note")
    assert "a6, a7" in caught.value.hint


def test_through_a_mapping() -> None:
    text = (
        "version: 1\ncustomer: {referenceId: No}\nattributes:\n  Sector: S\n"
        '  Tags: {column: T, split: ","}\n  a4: R\n  Note: {const: x}\n'
    )
    sheet = table(
        {"No": "C-1", "S": "GROCERY", "T": "key, new", "R": "1200.0"},
        {"No": "C-2", "S": "", "T": "nope", "R": ""},
    )

    desired = to_desired(mapping(text), sheet, lists=Lists(attributes={"customer": ALL}))

    assert desired.customers.iloc[0].to_dict() == {
        "attributes.Sector": "Grocery",
        "attributes.Tags": f"Key{LIST_SEPARATOR}New",
        "attributes.Revenue": "1200",
        "attributes.Note": "x",
    }
    assert [(one.code, one.column) for one in desired.rejects] == [("unknown_option", "T")]


def test_one_that_the_account_lacks() -> None:
    read = mapping("version: 1\ncustomer: {referenceId: No}\nattributes:\n  Sectr: S\n")

    with pytest.raises(MappingError) as caught:
        to_desired(read, table({"No": "C-1", "S": "x"}), lists=Lists(attributes={"customer": ALL}))

    assert (caught.value.where, caught.value.hint) == (
        "mapping.yaml, line 4",
        'Did you mean "Sector"?',
    )


@pytest.mark.parametrize("attribute", [SECTOR, REVENUE, KEY, SINCE])
def test_several_values_are_none_where_one_is_asked_for(attribute: Attribute) -> None:
    with pytest.raises(Fault) as caught:
        canonical(attribute)(f"Grocery{LIST_SEPARATOR}Grocery")

    assert caught.value.code == "several_values"
    assert f'"{attribute.name}"' in caught.value.says


@given(st.lists(st.sampled_from(["new", "KEY ", "Eco"]), min_size=1))
def test_options_chosen_are_sorted_each_once_and_stay_themselves(chosen: list[str]) -> None:
    once = canonical(TAGS)(LIST_SEPARATOR.join(chosen))

    assert once.split(LIST_SEPARATOR) == sorted({each.strip().title() for each in chosen})
    assert canonical(TAGS)(once) == once


@pytest.mark.parametrize("attribute", [REVENUE, KEY, SINCE])
def test_a_fault_names_the_attribute(attribute: Attribute) -> None:
    with pytest.raises(Fault) as caught:
        canonical(attribute)("nonsense")

    assert caught.value.says.endswith(
        f'the attribute "{attribute.name}" is a {attribute.data_type}'
    )
