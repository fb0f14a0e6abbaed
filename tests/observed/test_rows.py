"""A customer as it was read, and frames of many."""

from __future__ import annotations

import pytest

from wizsync.api.models import CustomerDetails
from wizsync.model import as_in_a_file
from wizsync.observed.rows import frame, key_of, lacks, row


def customer(**fields: object) -> CustomerDetails:
    return CustomerDetails.model_validate({"id": "c1", **fields})


def test_a_listed_customer_lacks_what_lists_do_not_show():
    known = row(customer(referenceId="K", name="Acme"), status="inactive", listed=True)
    assert (known["companyName"], known["phone"], known["status"]) == ("Acme", "", "inactive")
    assert "freightTerm" not in known
    assert lacks(known, ["phone", "freightTerm"])
    assert not lacks(known, ["phone", "companyName"])


def test_a_customer_by_id_lacks_nothing_and_tells_its_own_status():
    known = row(customer(status="archived"), status="", listed=False)
    assert (known["referenceId"], known["freightTerm"], known["status"]) == ("", "", "archived")
    assert known["updatedAt"] == ""


def test_a_list_that_shows_more_is_believed():
    known = row(customer(freightTerm="prepaid"), status="active", listed=True)
    assert known["freightTerm"] == "prepaid"


@pytest.mark.parametrize("kept", ["Café 1", "  Café 1\t", "Cafe\u0301 1"])
def test_a_key_is_told_as_a_file_has_it(kept):
    assert as_in_a_file(kept) == key_of({"referenceId": kept}) == "Café 1"


def test_a_frame_tells_unread_from_empty():
    listed = row(customer(referenceId="A"), status="active", listed=True)
    whole = row(
        CustomerDetails.model_validate({"id": "c2", "freightTerm": "cod"}), status="", listed=False
    )
    shown = frame([listed, whole])
    assert list(shown.columns[:4]) == ["id", "referenceId", "status", "updatedAt"]
    assert shown["freightTerm"].isna().tolist() == [True, False]
    assert shown["phone"].tolist() == ["", ""]
    assert "freightTerm" not in frame([listed])


def test_a_frame_of_nobody_has_the_columns_that_everybody_has():
    assert list(frame([]).columns) == ["id", "referenceId", "status", "updatedAt"]
