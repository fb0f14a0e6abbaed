"""The names of fields in mappings: of customers, addresses and contacts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from wizsync.mapping.problems import Misfit
from wizsync.model.customer import CHILD_FIELDS, CUSTOMER_FIELDS, ChildKind
from wizsync.nearest import nearest_of


class Help(NamedTuple):
    """What editors and the reference say of a field.

    Args:
        says: What it is, in sentences.
        example: Where its value may come from, as a mapping writes it.
    """

    says: str
    example: Any


# The same names as CUSTOMER_FIELDS, and the friendlier ones.
DESCRIPTIONS: Mapping[str, Help] = {
    "referenceId": Help(
        "The customer's key in your own system: it decides which customer a row is.",
        {"column": "Customer No", "transforms": [{"zfill": 6}]},
    ),
    "companyName": Help(
        "The company's name. A new customer needs one. In the API's answers it is called `name`.",
        {"column": "Company", "transforms": ["collapse"], "required": True},
    ),
    "displayName": Help(
        "The name that is shown. A new customer needs one.",
        {"column": "Trading As", "default": "{companyName}"},
    ),
    "displayId": Help(
        "The number that is shown. The API takes it only for customers that exist: a new one gets it at the "
        "next run.",
        "W-{referenceId}",
    ),
    "firstName": Help("The first name of the person.", "First Name"),
    "lastName": Help("The last name of the person.", "Last Name"),
    "email": Help("The e-mail address.", {"column": "E-mail", "transforms": ["lower", "email"]}),
    "phone": Help("The phone number.", {"column": "Phone", "transforms": [{"phone": "US"}]}),
    "paymentTerm": Help(
        "The payment term, in WizCommerce's words, such as net30.",
        {"column": "Terms", "values": {"N30": "net30", "COD": "cod"}},
    ),
    "paymentMode": Help(
        "The payment mode, in WizCommerce's words, such as credit_card.", {"const": "credit_card"}
    ),
    "shippingMethod": Help(
        "The shipping method, in WizCommerce's words.", {"column": "Ship Via", "write": "if_empty"}
    ),
    "freightTerm": Help("Who pays the freight.", {"const": "prepaid"}),
    "assignedPriceListId": Help(
        "The id of the price list. It may also be spelled assignedPriceListID.", "Price List Id"
    ),
    "assignedSalesRepIds": Help(
        "The ids of the sales reps, each on a line of its own in the cell; `split` makes several of one "
        "line.",
        {"column": "Rep Ids", "split": ";"},
    ),
    "priceList": Help(
        "The price list, by its name if `lookup` says nothing else. It stands in place of "
        "assignedPriceListId.",
        "Price Tier",
    ),
    "salesReps": Help(
        "The sales reps, by their e-mail addresses if `lookup` says nothing else. It stands in place of "
        "assignedSalesRepIds.",
        {"column": "Reps", "split": ";"},
    ),
}


# The same for CHILD_FIELDS, and `id`.
CHILD_DESCRIPTIONS: Mapping[ChildKind, Mapping[str, Help]] = {
    ChildKind.ADDRESSES: {
        "id": Help(
            "WizCommerce's own id of the address: only to tell which one a row is; it is never written. With "
            "it the other fields may be left out, and nothing is added then.",
            "Address Id",
        ),
        "referenceId": Help(
            "The address's key in your own system, such as a ship-to number. A template makes one where you "
            "have none.",
            "{referenceId}-BILL",
        ),
        "type": Help("billing or shipping.", {"const": "billing"}),
        "addressLine1": Help("Street and number.", "Street"),
        "addressLine2": Help("A second line: suite, floor, dock.", "Street 2"),
        "city": Help("The city.", {"column": "City line", "transforms": [{"city_line": "city"}]}),
        "state": Help(
            "The state or province.", {"column": "State", "transforms": [{"state": "US"}]}
        ),
        "zipCode": Help("The zip or postal code.", {"column": "Zip", "transforms": [{"zfill": 5}]}),
        "country": Help("The country.", {"column": "Country", "transforms": ["country"]}),
        "firstName": Help("The first name of the person there.", "First Name"),
        "lastName": Help("The last name of the person there.", "Last Name"),
        "email": Help("The e-mail address there.", "E-mail"),
        "phone": Help(
            "The phone number there.", {"column": "Phone", "transforms": [{"phone": "US"}]}
        ),
        "isDefault": Help(
            "Whether it is the customer's default of its type: yes or no.", {"const": "yes"}
        ),
    },
    ChildKind.CONTACTS: {
        "id": Help(
            "WizCommerce's own id of the contact: only to tell which one a row is; it is never written. With "
            "it the other fields may be left out, and nothing is added then.",
            "Contact Id",
        ),
        "referenceId": Help(
            "The contact's key in your own system. A template makes one where you have none.",
            "{referenceId}-{email}",
        ),
        "firstName": Help("The first name.", "First Name"),
        "lastName": Help("The last name.", "Last Name"),
        "email": Help(
            "The e-mail address.", {"column": "E-mail", "transforms": ["lower", "email"]}
        ),
        "phone": Help("The phone number.", "Phone"),
        "designation": Help("What the person does: Buyer, Owner.", "Role"),
        "isDefault": Help(
            "Whether it is the customer's primary contact: yes or no.", {"column": "Primary"}
        ),
    },
}

# Other spellings of a field: the API's create and update differ in one, and two have friendlier names.
SPELLINGS = {
    "assignedPriceListID": "assignedPriceListId",
    "priceList": "assignedPriceListId",
    "salesReps": "assignedSalesRepIds",
}
# What a friendlier name is looked up in, where the mapping does not say.
FRIENDLY_LOOKUPS = {"priceList": "price_lists", "salesReps": "sales_reps"}

_BY_DEFAULT_FLAG = "Use `isDefault` in a block of addresses or contacts."
_ELSEWHERE = {
    "primaryContactId": _BY_DEFAULT_FLAG,
    "defaultShippingAddressId": _BY_DEFAULT_FLAG,
    "defaultBillingAddressId": _BY_DEFAULT_FLAG,
    "addresses": "Write `addresses:` beside `customer:`, not inside it.",
    "contacts": "Write `contacts:` beside `customer:`, not inside it.",
    "attributes": "Write `attributes:` beside `customer:`, not inside it.",
}
_READ_ONLY = ("id", "status", "customerId", "createdAt", "updatedAt")
# What a field is called elsewhere, in small letters alone, to its names here: the first that there is.
_CALLED = {
    "name": ("companyName", "firstName"),
    "fullname": ("companyName", "firstName"),
    "company": ("companyName",),
    "zip": ("zipCode",),
    "postalcode": ("zipCode",),
    "postcode": ("zipCode",),
    "postal": ("zipCode",),
    "street": ("addressLine1",),
    "address": ("addressLine1",),
    "line1": ("addressLine1",),
    "address1": ("addressLine1",),
    "line2": ("addressLine2",),
    "address2": ("addressLine2",),
    "town": ("city",),
    "province": ("state",),
    "region": ("state",),
    "county": ("state",),
    "title": ("designation",),
    "jobtitle": ("designation",),
    "position": ("designation",),
    "role": ("designation",),
    "default": ("isDefault",),
    "primary": ("isDefault",),
    "mail": ("email",),
    "mobile": ("phone",),
    "telephone": ("phone",),
    "pricelist": ("priceList",),
    "pricetier": ("priceList",),
    "salesrep": ("salesReps",),
    "salesreps": ("salesReps",),
}


def field_name(written: str) -> str:
    """The name of a customer's field in frames and plans.

    Raises:
        Misfit: A mapping cannot name it; with the nearest that it can.
    """
    name = SPELLINGS.get(written, written)
    if name in CUSTOMER_FIELDS:
        return name
    if written in _ELSEWHERE:
        raise Misfit(
            f'The field "{written}" is not one of the customer itself.', _ELSEWHERE[written]
        )
    raise _unknown(written, CUSTOMER_FIELDS, "A customer")


def child_field_name(kind: ChildKind, written: str) -> str:
    """The name of an address's or a contact's field.

    Raises:
        Misfit: A mapping cannot name it; with the nearest that it can.
    """
    if written in CHILD_FIELDS[kind] or written == "id":
        return written
    raise _unknown(
        written, CHILD_FIELDS[kind], "An address" if kind is ChildKind.ADDRESSES else "A contact"
    )


def _unknown(written: str, known: Mapping[str, object], who: str) -> Misfit:
    if written in _READ_ONLY:
        return Misfit(
            f'The field "{written}" cannot be written: WizCommerce sets it.', "Leave it out."
        )
    choices = [*known, *FRIENDLY_LOOKUPS] if known is CUSTOMER_FIELDS else [*known]
    near = [name for name in _called(written) if name in choices]
    near = near or nearest_of(written, choices, limit=1)
    hint = f'Did you mean "{near[0]}"?' if near else f"The fields are: {', '.join(known)}."
    if not near and known is CUSTOMER_FIELDS:
        hint = _of_a_child(written) or hint
    return Misfit(f'{who} has no field "{written}".', hint)


def _called(written: str) -> tuple[str, ...]:
    return _CALLED.get(re.sub(r"[\W_]+", "", written).casefold(), ())


def _of_a_child(written: str) -> str | None:
    """Where a field of an address or a contact belongs, None where it is none."""
    for kind, fields in CHILD_FIELDS.items():
        name = next((name for name in (written, *_called(written)) if name in fields), None)
        if name is not None:
            return f"Write it as `{name}:` in a block of `{kind}:`, beside `customer:`."
    return None
