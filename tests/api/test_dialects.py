"""The two dialects: names both ways for every model, and what shapes are understood."""

from typing import Any, get_args, get_origin

import pytest
from pydantic import BaseModel

from wizsync.api import models
from wizsync.api.dialects import CAMEL, SNAKE, all_understood, opened, understood
from wizsync.api.models import CustomerDetails, PriceList
from wizsync.errors import NotTheApi, UsageError

REQUESTS = [
    models.CustomerCreateRequest,
    models.CustomerUpdateRequest,
    models.AddressCreateRequest,
    models.AddressUpdateRequest,
    models.ContactCreateRequest,
    models.ContactUpdateRequest,
    models.AttributeValue,
]
ANSWERS = [
    models.CustomerSummary,
    models.CustomerDetails,
    models.Address,
    models.Contact,
    models.Named,
]
# What is in snake names in both dialects.
SNAKE_ALWAYS = [
    models.Attribute,
    models.PriceList,
    models.SalesRep,
    models.Token,
    models.Pagination,
]

# The names of the API page, both ways.
NAMES = {
    "reference_id": "referenceId",
    "display_id": "displayId",
    "company_name": "companyName",
    "address_line_1": "addressLine1",
    "address_line_2": "addressLine2",
    "zip_code": "zipCode",
    "is_default": "isDefault",
    "first_name": "firstName",
    "default_shipping_address_id": "defaultShippingAddressId",
    "primary_contact_id": "primaryContactId",
    "created_at": "createdAt",
    "assigned_sales_rep_ids": "assignedSalesRepIds",
    "assigned_price_list": "assignedPriceList",
}


def filled(model: type[BaseModel]) -> dict[str, Any]:
    """A value for every field of a model, by its Python names."""
    return {name: example(name, info.annotation) for name, info in model.model_fields.items()}


def example(name: str, kind: Any) -> Any:
    options = [each for each in get_args(kind) if each is not type(None)]
    if get_origin(kind) is list:
        return [example(name, options[0])]
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return filled(kind)
    if options:
        return example(name, options[0])
    return {bool: True, int: 7, Any: 3.5}.get(kind, f"a {name}")


@pytest.mark.parametrize("model", REQUESTS + ANSWERS, ids=lambda model: model.__name__)
@pytest.mark.parametrize("dialect", [CAMEL, SNAKE], ids=lambda dialect: dialect.name)
def test_every_field_of_every_model_goes_both_ways_in_both_dialects(model, dialect):
    full = model.model_validate(filled(model), by_name=True)
    written = dialect.written(full)
    assert len(written) == len(model.model_fields)
    assert understood(written, model) == full
    if dialect is SNAKE:
        assert written.keys() == model.model_fields.keys()
    else:
        assert not any("_" in name for name in written)
    for snake, camel in NAMES.items():
        assert (snake in written) == (snake in model.model_fields and dialect is SNAKE)
        assert (camel in written) == (snake in model.model_fields and dialect is CAMEL)


@pytest.mark.parametrize("model", SNAKE_ALWAYS, ids=lambda model: model.__name__)
def test_models_with_one_spelling(model):
    content = filled(model)
    assert understood(content, model).model_dump() == content


def test_the_price_list_is_spelt_as_each_request_has_it():
    create = models.CustomerCreateRequest(
        company_name="A", display_name="A", reference_id="K", assigned_price_list_id="p"
    )
    update = models.CustomerUpdateRequest(assigned_price_list_id="p")
    assert "assignedPriceListID" in CAMEL.written(create)
    assert CAMEL.written(update) == {"assignedPriceListId": "p"}
    assert SNAKE.written(update) == {"assigned_price_list_id": "p"}


def test_only_fields_that_were_set_are_written_inside_children_too():
    child = models.AddressUpdateRequest(id="a1", zip_code="")
    update = models.CustomerUpdateRequest(addresses=[child])
    assert CAMEL.written(update) == {"addresses": [{"id": "a1", "zipCode": ""}]}


def test_unknown_fields_are_kept_and_numbers_become_texts():
    customer = understood({"id": 7, "loyalty_tier": {"x": 1}}, CustomerDetails)
    assert customer.id == "7"
    assert customer.model_extra == {"loyalty_tier": {"x": 1}}


@pytest.mark.parametrize(
    ("answer", "dialect", "count"),
    [
        ([], CAMEL, 0),
        ([{"id": "1"}], CAMEL, 1),
        ({"data": []}, SNAKE, 0),
        ({"data": [{"id": "1"}], "pagination": {"total_records": 9, "total_pages": 9}}, SNAKE, 1),
        ({"data": None, "pagination": {"total_records": 0, "total_pages": 0}}, SNAKE, 0),
    ],
)
def test_a_dialect_is_known_by_the_shape_of_a_list(answer, dialect, count):
    found, rows = opened(answer)
    assert found is dialect
    assert len(rows.content) == count


@pytest.mark.parametrize(
    ("answer", "seen"),
    [
        (None, "nothing"),
        ({}, "an empty object"),
        ({"error": "x", "at": 1}, "an object with at, error"),
        ({"data": None}, "an object with data"),
        ({"data": {"id": "1"}}, "an object with data"),
        ({"data": [1]}, "an object with data"),
        ([1, 2], "a list of something else"),
        ("secret words", "a single value"),
        (3, "a single value"),
    ],
)
def test_what_has_neither_shape_is_not_the_api(answer, seen):
    with pytest.raises(NotTheApi, match=seen) as caught:
        opened(answer)
    assert "secret" not in str(caught.value)


def test_a_list_in_the_other_dialect_is_refused_with_what_to_do():
    with pytest.raises(NotTheApi) as caught:
        CAMEL.rows({"data": []})
    assert "--dialect snake" in caught.value.hint
    with pytest.raises(NotTheApi) as caught:
        SNAKE.rows([])
    assert "--dialect camel" in caught.value.hint


def test_one_thing_is_understood_in_its_own_dialect_alone():
    bare, wrapped = {"id": "1"}, {"data": {"id": "1"}}
    assert CAMEL.one(bare) == SNAKE.one(wrapped) == bare
    for dialect, answer in [(CAMEL, wrapped), (SNAKE, bare), (CAMEL, [bare]), (SNAKE, None)]:
        with pytest.raises(NotTheApi):
            dialect.one(answer)


def test_an_answer_that_lacks_an_id_says_where_and_shows_no_values():
    rows = opened([{"id": "1"}, {"name": "Very Private Ltd"}])[1]
    with pytest.raises(NotTheApi, match=r"CustomerDetails: 1\.id: Field required") as caught:
        all_understood(rows, CustomerDetails)
    assert "Private" not in str(caught.value)
    with pytest.raises(NotTheApi, match="PriceList: id"):
        understood({}, PriceList)


@pytest.mark.parametrize("pagination", ["1", [1], {"total_pages": "many"}])
def test_a_broken_pagination_is_not_the_api(pagination):
    with pytest.raises(NotTheApi):
        opened({"data": [], "pagination": pagination})


def test_filters_have_the_names_of_the_dialect_or_do_not_exist():
    assert (CAMEL.query("sort_by"), SNAKE.query("sort_by")) == ("sortBy", "sort_by")
    assert (CAMEL.query("reference_ids"), SNAKE.query("reference_ids")) == (
        "referenceIds",
        "reference_ids",
    )
    assert SNAKE.query("updated_after") == "updated_after"
    for name in ("created_after", "created_before", "updated_after", "updated_before"):
        with pytest.raises(UsageError, match=f"camel dialect of the API has no filter {name}"):
            CAMEL.query(name)
    with pytest.raises(UsageError, match="cannot be sorted by city"):
        SNAKE.sorted_by("city")
