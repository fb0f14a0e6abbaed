"""The names of fields in mappings."""

from __future__ import annotations

import pytest

from wizsync.mapping.fields import (
    CHILD_DESCRIPTIONS,
    DESCRIPTIONS,
    FRIENDLY_LOOKUPS,
    child_field_name,
    field_name,
)
from wizsync.mapping.problems import Misfit
from wizsync.model import CHILD_FIELDS, CUSTOMER_FIELDS, ChildKind


@pytest.mark.parametrize("name", CUSTOMER_FIELDS)
def test_every_field_of_a_customer_has_its_name_and_its_help(name: str) -> None:
    assert field_name(name) == name
    assert DESCRIPTIONS[name].says.endswith(".")


def test_no_help_is_for_a_field_that_there_is_not() -> None:
    assert set(DESCRIPTIONS) == {*CUSTOMER_FIELDS, *FRIENDLY_LOOKUPS}


def test_both_spellings_of_the_price_list_are_one_field() -> None:
    assert field_name("assignedPriceListID") == field_name("assignedPriceListId")


@pytest.mark.parametrize(
    ("written", "message", "hint"),
    [
        ("fone", 'A customer has no field "fone".', 'Did you mean "phone"?'),
        ("company_name", 'A customer has no field "company_name".', 'Did you mean "companyName"?'),
        ("Email", 'A customer has no field "Email".', 'Did you mean "email"?'),
        ("name", 'A customer has no field "name".', 'Did you mean "companyName"?'),
        (
            "xyzzy",
            'A customer has no field "xyzzy".',
            f"The fields are: {', '.join(CUSTOMER_FIELDS)}.",
        ),
        (
            "primaryContactId",
            'The field "primaryContactId" is not one of the customer itself.',
            "Use `isDefault` in a block of addresses or contacts.",
        ),
        ("pricelist", 'A customer has no field "pricelist".', 'Did you mean "priceList"?'),
        (
            "postal_code",
            'A customer has no field "postal_code".',
            "Write it as `zipCode:` in a block of `addresses:`, beside `customer:`.",
        ),
        (
            "status",
            'The field "status" cannot be written: WizCommerce sets it.',
            "Leave it out.",
        ),
    ],
)
def test_what_cannot_be_named(written: str, message: str, hint: str) -> None:
    with pytest.raises(Misfit) as caught:
        field_name(written)

    assert (caught.value.message, caught.value.hint) == (message, hint)


@pytest.mark.parametrize("kind", ChildKind)
def test_every_field_of_a_child_has_its_name_and_its_help(kind: ChildKind) -> None:
    names = [*CHILD_FIELDS[kind], "id"]

    assert [child_field_name(kind, name) for name in names] == names
    assert set(CHILD_DESCRIPTIONS[kind]) == set(names)


@pytest.mark.parametrize(
    ("kind", "written", "hint"),
    [
        (ChildKind.ADDRESSES, "zip", 'Did you mean "zipCode"?'),
        (ChildKind.ADDRESSES, "postal_code", 'Did you mean "zipCode"?'),
        (ChildKind.ADDRESSES, "Street", 'Did you mean "addressLine1"?'),
        (ChildKind.ADDRESSES, "address_line_2", 'Did you mean "addressLine2"?'),
        (ChildKind.CONTACTS, "jobTitle", 'Did you mean "designation"?'),
        (ChildKind.CONTACTS, "name", 'Did you mean "firstName"?'),
        (ChildKind.CONTACTS, "city", "The fields are: referenceId, firstName, lastName, email,"),
        (ChildKind.CONTACTS, "customerId", "Leave it out."),
    ],
)
def test_what_a_child_has_not(kind: ChildKind, written: str, hint: str) -> None:
    with pytest.raises(Misfit) as caught:
        child_field_name(kind, written)

    assert caught.value.hint.startswith(hint)
