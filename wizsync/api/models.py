"""Every request and answer of the customers API, as pydantic models.

A field's Python name is its snake-dialect name, its alias the camel-dialect one; an answer is read
by either. What a server sends beyond these fields is kept, not refused. An answer's missing and null
texts both read as None; whether a field was in the answer at all is in `model_fields_set`.

Source: the vendor's REST reference and SDK documentation; see docs/unknowns.md for what they leave
open.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic_core import PydanticUseDefault

from wizsync.api.spelling import camel


class Answer(BaseModel):
    """What a server sends: unknown fields are kept."""

    model_config = ConfigDict(
        alias_generator=camel, populate_by_name=True, extra="allow", coerce_numbers_to_str=True
    )


class Request(BaseModel):
    """What a client sends: only fields that the API names.

    Fields left out are not sent. "" and [] clear; None is sent as null, and what a server makes of
    that is not documented.
    """

    model_config = ConfigDict(
        alias_generator=camel,
        populate_by_name=True,
        extra="forbid",
        # A value that JSON has no word for is refused when it is sent, not turned into null.
        ser_json_inf_nan="constants",
    )


# --- attributes, price lists, sales reps --------------------------------------------------------


class AttributeValue(Request):
    """An attribute on write, named by its name or its id."""

    name: str
    value: Any


class Attribute(BaseModel):
    """An attribute's definition, with its value where one is set. Snake names in both dialects."""

    model_config = ConfigDict(extra="allow", coerce_numbers_to_str=True)

    id: str
    name: str
    entity: str | None = None
    data_type: str | None = None
    options: list[Any] | None = None
    value: Any = None
    created_at: str | None = None
    updated_at: str | None = None


class PriceList(BaseModel):
    """A price list. Snake names in both dialects."""

    model_config = ConfigDict(extra="allow", coerce_numbers_to_str=True)

    id: str
    reference_id: str | None = None
    name: str | None = None
    status: str | None = None
    currency: str | None = None


class SalesRep(BaseModel):
    """A sales rep. Snake names in both dialects."""

    model_config = ConfigDict(extra="allow", coerce_numbers_to_str=True)

    id: str
    email: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    status: str | None = None


class Named(Answer):
    """A price list or sales rep as a customer's details name it."""

    id: str
    name: str | None = None


# --- addresses and contacts ---------------------------------------------------------------------


class AddressCreateRequest(Request):
    """An address inside a customer's create, or POSTed to the customer's addresses."""

    reference_id: str
    address_line_1: str
    city: str
    type: str
    first_name: str | None = None
    last_name: str | None = None
    phone: str | None = None
    email: str | None = None
    address_line_2: str | None = None
    state: str | None = None
    country: str | None = None
    zip_code: str | None = None
    is_default: bool | None = None
    attributes: list[AttributeValue] | None = None


class AddressUpdateRequest(Request):
    """An address inside a customer's update (with its id), or PUT to its own endpoint."""

    id: str | None = None
    reference_id: str | None = None
    address_line_1: str | None = None
    city: str | None = None
    type: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    phone: str | None = None
    email: str | None = None
    address_line_2: str | None = None
    state: str | None = None
    country: str | None = None
    zip_code: str | None = None
    is_default: bool | None = None
    attributes: list[AttributeValue] | None = None


class Address(Answer):
    """An address as it is read."""

    id: str
    customer_id: str | None = None
    reference_id: str | None = None
    address_line_1: str | None = None
    address_line_2: str | None = None
    city: str | None = None
    state: str | None = None
    country: str | None = None
    zip_code: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    phone: str | None = None
    email: str | None = None
    type: str | None = None
    status: str | None = None
    is_default: bool | None = None
    attributes: list[Attribute] | None = None
    created_at: str | None = None
    updated_at: str | None = None


class ContactCreateRequest(Request):
    """A contact inside a customer's create, or POSTed to the customer's contacts."""

    reference_id: str
    first_name: str
    email: str
    last_name: str | None = None
    phone: str | None = None
    designation: str | None = None
    is_default: bool | None = None
    attributes: list[AttributeValue] | None = None


class ContactUpdateRequest(Request):
    """A contact inside a customer's update (with its id), or PUT to its own endpoint."""

    id: str | None = None
    reference_id: str | None = None
    first_name: str | None = None
    email: str | None = None
    last_name: str | None = None
    phone: str | None = None
    designation: str | None = None
    is_default: bool | None = None
    attributes: list[AttributeValue] | None = None


class Contact(Answer):
    """A contact as it is read."""

    id: str
    reference_id: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    phone: str | None = None
    designation: str | None = None
    status: str | None = None
    is_default: bool | None = None
    attributes: list[Attribute] | None = None
    created_at: str | None = None
    updated_at: str | None = None


# --- customers ----------------------------------------------------------------------------------


class CustomerCreateRequest(Request):
    """A customer to be created."""

    company_name: str
    display_name: str
    reference_id: str
    display_id: str | None = None
    freight_term: str | None = None
    shipping_method: str | None = None
    payment_mode: str | None = None
    payment_term: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    phone: str | None = None
    email: str | None = None
    assigned_sales_rep_ids: list[str] | None = None
    # The SDK's create spells it ...ID and its update ...Id; both are the same field.
    assigned_price_list_id: str | None = Field(default=None, alias="assignedPriceListID")
    addresses: list[AddressCreateRequest] | None = None
    contacts: list[ContactCreateRequest] | None = None
    attributes: list[AttributeValue] | None = None


class CustomerUpdateRequest(Request):
    """A customer's changes: fields that are not set are not sent, and stay as they are."""

    company_name: str | None = None
    display_name: str | None = None
    reference_id: str | None = None
    display_id: str | None = None
    freight_term: str | None = None
    shipping_method: str | None = None
    payment_mode: str | None = None
    payment_term: str | None = None
    primary_contact_id: str | None = None
    default_shipping_address_id: str | None = None
    default_billing_address_id: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    phone: str | None = None
    email: str | None = None
    assigned_sales_rep_ids: list[str] | None = None
    assigned_price_list_id: str | None = None
    addresses: list[AddressUpdateRequest] | None = None
    contacts: list[ContactUpdateRequest] | None = None
    attributes: list[AttributeValue] | None = None


class CustomerSummary(Answer):
    """A customer as lists show it (CustomerListResponse).

    The camel dialect's summaries lack `status` and `freight_term`. Some servers' lists show more than
    is documented, so the client reads each row of a list as CustomerDetails: `model_fields_set` tells
    what was there.
    """

    id: str
    reference_id: str | None = None
    display_id: str | None = None
    name: str | None = None
    display_name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    phone: str | None = None
    email: str | None = None
    shipping_method: str | None = None
    payment_mode: str | None = None
    payment_term: str | None = None
    status: str | None = None
    freight_term: str | None = None
    created_at: str | None = None
    updated_at: str | None = None


def _none_if_empty(value: object) -> object:
    return value or None


class CustomerDetails(CustomerSummary):
    """One customer, all fields (CustomerDetailsResponse)."""

    assigned_sales_reps: list[Named] | None = None
    # Who has none may be told so by null, an empty object or an empty text.
    assigned_price_list: Annotated[Named | None, BeforeValidator(_none_if_empty)] = None
    addresses: list[Address] | None = None
    contacts: list[Contact] | None = None
    attributes: list[Attribute] | None = None


# --- paging, errors, tokens ---------------------------------------------------------------------


class Pagination(BaseModel):
    """The snake dialect's paging facts; `prev_page` 0 or None: there is none."""

    model_config = ConfigDict(extra="allow")

    total_records: int | None = None
    total_pages: int | None = None
    current_page: int | None = None
    next_page: int | None = None
    prev_page: int | None = None
    page_size: int | None = None


def _empty_if_otherwise(value: object, read: ValidatorFunctionWrapHandler) -> object:
    try:
        return read(value)
    except ValidationError:
        raise PydanticUseDefault from None


ErrorText = Annotated[str, WrapValidator(_empty_if_otherwise)]


class ErrorDetail(BaseModel):
    """What an error says of one field."""

    model_config = ConfigDict(extra="allow", coerce_numbers_to_str=True)

    field: ErrorText = ""
    reason: ErrorText = ""


class ErrorAnswer(BaseModel):
    """The body of a refusal. What is not as documented reads as empty: the rest is still of use."""

    model_config = ConfigDict(extra="allow", coerce_numbers_to_str=True)

    code: ErrorText = ""
    message: ErrorText = ""
    details: Annotated[list[ErrorDetail], WrapValidator(_empty_if_otherwise)] = []


class TokenRequest(BaseModel):
    """What `auth/token` is asked with."""

    email: str
    password: str = Field(repr=False)


class TokenUser(BaseModel):
    """Whose token it is."""

    model_config = ConfigDict(extra="allow", coerce_numbers_to_str=True)

    tenant_id: str | None = None


class Token(BaseModel):
    """What `auth/token` answers; valid for a year."""

    model_config = ConfigDict(extra="allow", coerce_numbers_to_str=True)

    access_token: str = Field(repr=False, min_length=1)
    token_id: str | None = None
    token_type: str | None = None
    expires_at: str | None = None
    user: TokenUser | None = None
