"""The sandbox's names and the client's, written apart from the same page, agree."""

import pytest

from wizsync.api import models
from wizsync.sandbox import shapes

PAIRS = [
    (shapes.CUSTOMER_CREATE, models.CustomerCreateRequest),
    (shapes.CUSTOMER_UPDATE, models.CustomerUpdateRequest),
    (shapes.ADDRESS_CREATE, models.AddressCreateRequest),
    (shapes.ADDRESS_UPDATE, models.AddressUpdateRequest),
    (shapes.CONTACT_CREATE, models.ContactCreateRequest),
    (shapes.CONTACT_UPDATE, models.ContactUpdateRequest),
]


@pytest.mark.parametrize(("shape", "model"), PAIRS)
def test_requests_carry_the_same_fields(shape, model):
    pairs = {(field.snake, field.camel) for field in shape.fields}
    written = {(name, field.alias) for name, field in model.model_fields.items()}
    if model is models.CustomerCreateRequest:
        # The SDK has it on updates only.
        written = written - {("display_id", "displayId")} | {("display_id", None)}
    assert pairs == written


@pytest.mark.parametrize(
    ("shape", "model"), [pair for pair in PAIRS if "Create" in pair[1].__name__]
)
def test_the_same_fields_are_required(shape, model):
    required = {field.snake for field in shape.fields if field.stored in shape.required}
    assert required == {name for name, field in model.model_fields.items() if field.is_required()}


def test_answers_are_read_whole(api):
    made = api.create(addresses=[api.address()], contacts=[api.contact()])
    for record, model in (
        (made, models.CustomerDetails),
        (made["addresses"][0], models.Address),
        (made["contacts"][0], models.Contact),
        (made["attributes"][0], models.Attribute),
        (api.open(api.send("GET", "/price-lists"))[0], models.PriceList),
        (api.open(api.send("GET", "/sales-reps"))[0], models.SalesRep),
    ):
        read = model.model_validate(record)
        assert read.model_extra == {}
        assert read.model_fields_set >= set(model.model_fields) - {"value"}
