"""The customers API: an async client, and the only part of wizsync that speaks HTTP.

Usable by itself:

    async with WizCommerce(base_url, key) as wiz:
        async for page in wiz.customers.pages(status="active"):
            for customer in page.customers:
                print(customer.reference_id, customer.name)

It paces and repeats requests, finds out which of the API's two dialects a server speaks, and raises
only the errors of `wizsync.errors`; see `WizCommerce` for which, and what each says of a write.
"""

from __future__ import annotations

from wizsync.api.attributes import Definitions, definitions
from wizsync.api.children import Children
from wizsync.api.client import WizCommerce, token
from wizsync.api.customers import CustomerPage, Customers, Filters, ListEncoding
from wizsync.api.dialects import CAMEL, DIALECTS, SNAKE, Dialect
from wizsync.api.failures import TooLate
from wizsync.api.fields import (
    AllDefinitions,
    ChildLists,
    child_create_request,
    child_update_request,
    create_request,
    update_request,
    written_child,
    written_fields,
    written_name,
)
from wizsync.api.models import (
    Address,
    AddressCreateRequest,
    AddressUpdateRequest,
    Attribute,
    AttributeValue,
    Contact,
    ContactCreateRequest,
    ContactUpdateRequest,
    CustomerCreateRequest,
    CustomerDetails,
    CustomerSummary,
    CustomerUpdateRequest,
    PriceList,
    SalesRep,
    Token,
)
from wizsync.api.paging import ROWS_AT_MOST
from wizsync.model import AUTO, AutoRate, Rate, Requests, Timing

__all__ = [
    "AUTO",
    "CAMEL",
    "DIALECTS",
    "ROWS_AT_MOST",
    "SNAKE",
    "Address",
    "AddressCreateRequest",
    "AddressUpdateRequest",
    "AllDefinitions",
    "Attribute",
    "AttributeValue",
    "AutoRate",
    "ChildLists",
    "Children",
    "Contact",
    "ContactCreateRequest",
    "ContactUpdateRequest",
    "CustomerCreateRequest",
    "CustomerDetails",
    "CustomerPage",
    "CustomerSummary",
    "CustomerUpdateRequest",
    "Customers",
    "Definitions",
    "Dialect",
    "Filters",
    "ListEncoding",
    "PriceList",
    "Rate",
    "Requests",
    "SalesRep",
    "Timing",
    "Token",
    "TooLate",
    "WizCommerce",
    "child_create_request",
    "child_update_request",
    "create_request",
    "definitions",
    "token",
    "update_request",
    "written_child",
    "written_fields",
    "written_name",
]
