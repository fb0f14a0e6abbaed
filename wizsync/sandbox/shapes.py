"""What requests may carry, in the names of both dialects.

Written from the API's documentation on its own, and on purpose not from the client's tables: a
mistake in one shows against the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from wizsync.sandbox.options import DialectName


class Kind(StrEnum):
    """What a written field holds."""

    TEXT = "text"
    EMAIL = "e-mail"
    ADDRESS_TYPE = "address type"
    BOOLEAN = "boolean"
    SALES_REPS = "sales reps"
    PRICE_LIST = "price list"
    CHILD_ID = "child id"
    ADDRESSES = "addresses"
    CONTACTS = "contacts"
    ATTRIBUTES = "attributes"


class WriteField(NamedTuple):
    """A field that a request may carry: its stored name, and its name in each dialect, if it has one."""

    stored: str
    snake: str | None
    camel: str | None
    kind: Kind = Kind.TEXT

    def name(self, dialect: DialectName) -> str | None:
        """The name in a dialect; None: the dialect does not know it here."""
        return self.snake if dialect == "snake" else self.camel


@dataclass(frozen=True)
class Shape:
    """What one kind of request may carry.

    Args:
        entity: Whose attributes it carries: `customer`, `address` or `contact`.
        fields: Every field it may carry.
        required: Stored names of the fields that a whole record needs.
    """

    entity: str
    fields: tuple[WriteField, ...]
    required: frozenset[str]


_NAME_FIELDS = (
    WriteField("first_name", "first_name", "firstName"),
    WriteField("last_name", "last_name", "lastName"),
    WriteField("phone", "phone", "phone"),
    WriteField("email", "email", "email", Kind.EMAIL),
)
_CUSTOMER_FIELDS = (
    WriteField("reference_id", "reference_id", "referenceId"),
    WriteField("name", "company_name", "companyName"),
    WriteField("display_name", "display_name", "displayName"),
    WriteField("freight_term", "freight_term", "freightTerm"),
    WriteField("shipping_method", "shipping_method", "shippingMethod"),
    WriteField("payment_mode", "payment_mode", "paymentMode"),
    WriteField("payment_term", "payment_term", "paymentTerm"),
    *_NAME_FIELDS,
    WriteField("sales_rep_ids", "assigned_sales_rep_ids", "assignedSalesRepIds", Kind.SALES_REPS),
    WriteField("addresses", "addresses", "addresses", Kind.ADDRESSES),
    WriteField("contacts", "contacts", "contacts", Kind.CONTACTS),
    WriteField("attributes", "attributes", "attributes", Kind.ATTRIBUTES),
)
_CUSTOMER_REQUIRED = frozenset({"reference_id", "name", "display_name"})

CUSTOMER_CREATE = Shape(
    "customer",
    (
        *_CUSTOMER_FIELDS,
        WriteField("display_id", "display_id", None),
        WriteField(
            "price_list_id", "assigned_price_list_id", "assignedPriceListID", Kind.PRICE_LIST
        ),
    ),
    _CUSTOMER_REQUIRED,
)
CUSTOMER_UPDATE = Shape(
    "customer",
    (
        *_CUSTOMER_FIELDS,
        WriteField("display_id", "display_id", "displayId"),
        WriteField(
            "price_list_id", "assigned_price_list_id", "assignedPriceListId", Kind.PRICE_LIST
        ),
        WriteField("primary_contact_id", "primary_contact_id", "primaryContactId", Kind.CHILD_ID),
        WriteField(
            "default_shipping_address_id",
            "default_shipping_address_id",
            "defaultShippingAddressId",
            Kind.CHILD_ID,
        ),
        WriteField(
            "default_billing_address_id",
            "default_billing_address_id",
            "defaultBillingAddressId",
            Kind.CHILD_ID,
        ),
    ),
    _CUSTOMER_REQUIRED,
)
ADDRESS_CREATE = Shape(
    "address",
    (
        WriteField("reference_id", "reference_id", "referenceId"),
        WriteField("address_line_1", "address_line_1", "addressLine1"),
        WriteField("address_line_2", "address_line_2", "addressLine2"),
        WriteField("city", "city", "city"),
        WriteField("state", "state", "state"),
        WriteField("country", "country", "country"),
        WriteField("zip_code", "zip_code", "zipCode"),
        WriteField("type", "type", "type", Kind.ADDRESS_TYPE),
        *_NAME_FIELDS,
        WriteField("is_default", "is_default", "isDefault", Kind.BOOLEAN),
        WriteField("attributes", "attributes", "attributes", Kind.ATTRIBUTES),
    ),
    frozenset({"reference_id", "address_line_1", "city", "type"}),
)
CONTACT_CREATE = Shape(
    "contact",
    (
        WriteField("reference_id", "reference_id", "referenceId"),
        *_NAME_FIELDS,
        WriteField("designation", "designation", "designation"),
        WriteField("is_default", "is_default", "isDefault", Kind.BOOLEAN),
        WriteField("attributes", "attributes", "attributes", Kind.ATTRIBUTES),
    ),
    frozenset({"reference_id", "first_name", "email"}),
)
CHILD_ID = WriteField("id", "id", "id", Kind.CHILD_ID)
ADDRESS_UPDATE = Shape("address", (CHILD_ID, *ADDRESS_CREATE.fields), ADDRESS_CREATE.required)
CONTACT_UPDATE = Shape("contact", (CHILD_ID, *CONTACT_CREATE.fields), CONTACT_CREATE.required)
