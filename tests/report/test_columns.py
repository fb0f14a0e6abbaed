"""The server's names lead back to the file's columns."""

from __future__ import annotations

import pytest

from tests.report.builders import BLOCKS, MAPPED, child
from wizsync.model import ChildKind
from wizsync.report.columns import AboutChild, ChildColumns, Columns, about_child, agreed

COLUMNS = Columns(MAPPED | {"assignedPriceListId": "Tier", "assignedSalesRepIds": "Rep"})


@pytest.mark.parametrize(
    ("written", "label"),
    [
        ("phone", '"Phone"'),
        ("companyName", '"Company"'),
        ("name", '"Company"'),
        ("assignedPriceListID", '"Tier"'),
        ("assignedSalesRepIds[1]", '"Rep"'),
        ("assignedSalesRepIds.0", '"Rep"'),
        ("freightTerm", "freightTerm"),
        ("shippingMethod", "shippingMethod"),
        ("addresses[0].phone", "addresses[0].phone"),
        ("", ""),
    ],
)
def test_a_name_of_the_server_as_people_know_it(written, label):
    assert COLUMNS.label(written) == label


@pytest.mark.parametrize(
    ("written", "about"),
    [
        ("addresses[0].zipCode", AboutChild(ChildKind.ADDRESSES, 0, "zipCode")),
        ("contacts.12.email", AboutChild(ChildKind.CONTACTS, 12, "email")),
        ("addresses[3]", AboutChild(ChildKind.ADDRESSES, 3, "")),
        (
            "addresses[1].attributes[0].value",
            AboutChild(ChildKind.ADDRESSES, 1, "attributes[0].value"),
        ),
        ("addresses", None),
        ("addressesOf[0].zipCode", None),
        ("phone", None),
    ],
)
def test_a_name_of_a_child_in_a_list(written, about):
    assert about_child(written) == about


@pytest.mark.parametrize("written", ["zipCode", "zip_code", "ZIPCODE"])
def test_a_childs_field_however_the_server_spells_it(written):
    assert ChildColumns(BLOCKS).of(child()).label(written) == '"Zip"'


def test_a_child_of_no_block_has_the_columns_that_all_blocks_agree_on():
    columns = ChildColumns(BLOCKS).of(child("remove"))
    assert (columns.column("zipCode"), columns.column("city")) == ("Zip", "")
    assert "email" not in agreed(BLOCKS, ChildKind.ADDRESSES)
