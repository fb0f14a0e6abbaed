"""The names of fields in mappings: of customers, addresses and contacts."""

from __future__ import annotations

import re
from collections.abc import Mapping

from wizsync.mapping.problems import Misfit
from wizsync.model.customer import CHILD_FIELDS, CUSTOMER_FIELDS, ChildKind
from wizsync.nearest import nearest_of

# Hover help for editors; the same names as CUSTOMER_FIELDS.
DESCRIPTIONS: Mapping[str, str] = {
    "referenceId": "The customer's key in your own system: it decides which customer a row is.",
    "companyName": "The company's name. A new customer needs one.",
    "displayName": "The name that is shown. A new customer needs one.",
    "displayId": "The number that is shown. It can be set only on customers that exist.",
    "firstName": "The first name of the person.",
    "lastName": "The last name of the person.",
    "email": "The e-mail address.",
    "phone": "The phone number.",
    "paymentTerm": "The payment term, such as net30.",
    "paymentMode": "The payment mode.",
    "shippingMethod": "The shipping method.",
    "freightTerm": "The freight term.",
    "assignedPriceListId": "The id of the price list.",
    "assignedSalesRepIds": "The id of the sales rep.",
}


# The same for CHILD_FIELDS, and `id`.
CHILD_DESCRIPTIONS: Mapping[ChildKind, Mapping[str, str]] = {
    ChildKind.ADDRESSES: {
        "id": "WizCommerce's own id of the address: only to tell which one a row is; it is never written.",
        "referenceId": "The address's key in your own system, such as a ship-to number.",
        "type": "billing or shipping.",
        "addressLine1": "Street and number.",
        "addressLine2": "A second line: suite, floor, dock.",
        "city": "The city.",
        "state": "The state or province.",
        "zipCode": "The zip or postal code.",
        "country": "The country.",
        "firstName": "The first name of the person there.",
        "lastName": "The last name of the person there.",
        "email": "The e-mail address there.",
        "phone": "The phone number there.",
        "isDefault": "Whether it is the customer's default of its type: yes or no.",
    },
    ChildKind.CONTACTS: {
        "id": "WizCommerce's own id of the contact: only to tell which one a row is; it is never written.",
        "referenceId": "The contact's key in your own system.",
        "firstName": "The first name.",
        "lastName": "The last name.",
        "email": "The e-mail address.",
        "phone": "The phone number.",
        "designation": "What the person does: Buyer, Owner.",
        "isDefault": "Whether it is the customer's primary contact: yes or no.",
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
