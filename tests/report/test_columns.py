"""The server's names lead back to the file's columns."""

from __future__ import annotations

import pytest

from tests.report.builders import MAPPED
from wizsync.report.columns import Columns

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
