"""The names of customer fields in mappings."""

from __future__ import annotations

from collections.abc import Mapping

from wizsync.mapping.problems import Misfit
from wizsync.model.customer import CUSTOMER_FIELDS
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

# The API's create and update spell this field differently; both are one field.
SPELLINGS = {"assignedPriceListID": "assignedPriceListId"}

_LATER = {
    "priceList": "Until then give the id, with assignedPriceListId.",
    "salesReps": "Until then give the id, with assignedSalesRepIds.",
    "primaryContactId": "Leave it out.",
    "defaultShippingAddressId": "Leave it out.",
    "defaultBillingAddressId": "Leave it out.",
    "addresses": "Leave them out.",
    "contacts": "Leave them out.",
    "attributes": "Leave them out.",
}
_READ_ONLY = ("id", "status", "createdAt", "updatedAt")
_READ_AS = {"name": "companyName"}


def field_name(written: str) -> str:
    """The field's name in frames and plans.

    Raises:
        Misfit: A mapping cannot name it; with the nearest that it can.
    """
    name = SPELLINGS.get(written, written)
    if name in CUSTOMER_FIELDS:
        return name
    if written in _LATER:
        raise Misfit(f'The field "{written}" is not in this version of wizsync.', _LATER[written])
    if written in _READ_ONLY:
        raise Misfit(
            f'The field "{written}" cannot be written: WizCommerce sets it.', "Leave it out."
        )
    near = (
        [_READ_AS[written]]
        if written in _READ_AS
        else nearest_of(written, CUSTOMER_FIELDS, limit=1)
    )
    hint = (
        f'Did you mean "{near[0]}"?' if near else f"The fields are: {', '.join(CUSTOMER_FIELDS)}."
    )
    raise Misfit(f'A customer has no field "{written}".', hint)
