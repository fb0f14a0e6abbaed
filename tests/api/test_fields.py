"""Where written and read shapes meet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizsync.api.dialects import DIALECTS
from wizsync.api.fields import create_request, update_request, written_fields, written_name
from wizsync.api.models import CustomerDetails, CustomerSummary
from wizsync.errors import UsageError
from wizsync.model import CUSTOMER_FIELDS, LIST_SEPARATOR

SUMMARY = {name for name, field in CUSTOMER_FIELDS.items() if field.summary}


def details(**fields):
    return CustomerDetails.model_validate({"id": "c1", **fields})


def test_a_full_answer_carries_every_field():
    customer = details(
        referenceId="K",
        name="Acme",
        phone=None,
        email="",
        assignedPriceList={"id": "p1", "name": "Gold"},
        assignedSalesReps=[{"id": "r2", "name": "B"}, {"id": "r1", "name": "A"}],
    )
    fields = written_fields(customer, listed=False)
    assert fields.keys() == CUSTOMER_FIELDS.keys() | {"attributes", "addresses", "contacts"}
    assert fields["companyName"] == "Acme"
    assert fields["assignedPriceListId"] == "p1"
    assert fields["assignedSalesRepIds"] == f"r2{LIST_SEPARATOR}r1"
    assert {fields["phone"], fields["email"], fields["freightTerm"]} == {""}


def test_a_row_of_a_list_carries_the_documented_summary_and_what_it_shows_besides():
    assert written_fields(details(name="Acme"), listed=True).keys() == SUMMARY
    assert written_fields(CustomerSummary(id="c1"), listed=True).keys() == SUMMARY
    shown = details(freight_term="", assigned_price_list={"id": "p1"})
    assert written_fields(shown, listed=True).keys() == SUMMARY | {
        "freightTerm",
        "assignedPriceListId",
    }


@pytest.mark.parametrize("nothing", [None, [], {}, ""])
def test_an_empty_relation_in_a_list_proves_nothing(nothing):
    row = details(assignedPriceList=nothing, assignedSalesReps=[])
    assert written_fields(row, listed=True).keys() == SUMMARY
    assert written_fields(row, listed=False)["assignedPriceListId"] == ""


def test_a_create_leaves_empty_fields_out_and_splits_ids():
    request = create_request(
        "K",
        {"companyName": "Acme", "displayName": "A", "phone": "", "assignedSalesRepIds": "r1\nr2"},
    )
    assert request.model_dump(exclude_unset=True) == {
        "reference_id": "K",
        "company_name": "Acme",
        "display_name": "A",
        "assigned_sales_rep_ids": ["r1", "r2"],
    }


def test_an_update_holds_only_the_named_fields_and_clears_with_empty_ones():
    request = update_request({"phone": "", "assignedSalesRepIds": "", "assignedPriceListId": ""})
    assert request.model_dump(exclude_unset=True) == {
        "phone": "",
        "assigned_sales_rep_ids": [],
        "assigned_price_list_id": "",
    }


def test_requests_that_cannot_be_written():
    with pytest.raises(UsageError, match="no field status"):
        update_request({"status": "active"})
    with pytest.raises(UsageError, match="without: displayName"):
        create_request("K", {"companyName": "Acme"})


@given(
    st.dictionaries(st.sampled_from(sorted(CUSTOMER_FIELDS)), st.text("abé ,;", min_size=1)),
    st.sampled_from(sorted(DIALECTS)),
)
def test_what_is_written_is_read_back_under_the_same_names(values, dialect):
    """A server that stores what it is sent, and shows it as the API page says."""
    body = DIALECTS[dialect].written(update_request(values))
    read_as = {
        "companyName": "name",
        "company_name": "name",
        "assignedPriceListId": "assignedPriceList",
        "assigned_price_list_id": "assigned_price_list",
        "assignedSalesRepIds": "assignedSalesReps",
        "assigned_sales_rep_ids": "assigned_sales_reps",
    }
    shown = {"id": "c1"}
    for name, value in body.items():
        if isinstance(value, list):
            shown[read_as[name]] = [{"id": each} for each in value]
        elif "rice" in name:
            shown[read_as[name]] = {"id": value}
        else:
            shown[read_as.get(name, name)] = value
    fields = written_fields(CustomerDetails.model_validate(shown), listed=False)
    assert {name: fields[name] for name in values} == values


@pytest.mark.parametrize(
    ("wire", "name"),
    [
        ("phone", "phone"),
        ("reference_id", "referenceId"),
        ("name", "companyName"),
        ("company_name", "companyName"),
        ("assigned_price_list_id", "assignedPriceListId"),
        ("assignedPriceListID", "assignedPriceListId"),
        ("assigned_sales_reps", "assignedSalesRepIds"),
        ("assigned_sales_rep_ids[1]", "assignedSalesRepIds[1]"),
        ("addresses[0].zip_code", "addresses[0].zipCode"),
        ("addresses[0].address_line_1", "addresses[0].addressLine1"),
        ("attributes[2].name", "attributes[2].name"),
        ("", ""),
    ],
)
def test_names_that_servers_complain_by(wire, name):
    assert written_name(wire) == name
