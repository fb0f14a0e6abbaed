"""Where written and read shapes of a customer, and of its addresses and contacts, meet.

A customer is written as `companyName`, `assignedPriceListId`, `assignedSalesRepIds`, and read back
as `name`, `assignedPriceList: {id, name}`, `assignedSalesReps: [{id, name}, …]`. Everything that
compares what a file wants with what an account has goes through here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import ValidationError

from wizsync.api.attributes import Definitions, values_read, values_written
from wizsync.api.models import (
    Address,
    AddressCreateRequest,
    AddressUpdateRequest,
    Contact,
    ContactCreateRequest,
    ContactUpdateRequest,
    CustomerCreateRequest,
    CustomerDetails,
    CustomerSummary,
    CustomerUpdateRequest,
    Named,
    Request,
)
from wizsync.api.spelling import camel
from wizsync.errors import UsageError
from wizsync.model import (
    ATTRIBUTES,
    CHILD_FIELDS,
    CUSTOMER_FIELDS,
    ENTITIES,
    LIST_SEPARATOR,
    ChildKind,
    FieldKind,
    attribute_of,
    kind_of_field,
    with_children,
)

Written = TypeVar("Written", bound=Request)

# A customer's complete lists of children: kind to their fields, each with its `id` where it has one.
ChildLists = Mapping[ChildKind, Sequence[Mapping[str, str]]]

# Entity (of ENTITIES) to the definitions of its attributes.
AllDefinitions = Mapping[str, Definitions]

NONE: Mapping[Any, Any] = MappingProxyType({})

_CHILD_REQUESTS: Mapping[ChildKind, tuple[type[Request], type[Request]]] = {
    ChildKind.ADDRESSES: (AddressCreateRequest, AddressUpdateRequest),
    ChildKind.CONTACTS: (ContactCreateRequest, ContactUpdateRequest),
}

# What each request may carry, by the names of fields.
_WRITABLE: Mapping[type[Request], frozenset[str]] = {
    CustomerCreateRequest: frozenset(CUSTOMER_FIELDS),
    CustomerUpdateRequest: frozenset(CUSTOMER_FIELDS),
    **{
        request: frozenset(CHILD_FIELDS[kind]) | ({"id"} if "id" in request.model_fields else set())
        for kind, requests in _CHILD_REQUESTS.items()
        for request in requests
    },
}
# A field's name to the Python name under which requests have it.
_WRITTEN_AS = {
    info.alias: name
    for model in (CustomerUpdateRequest, AddressUpdateRequest, ContactUpdateRequest)
    for name, info in model.model_fields.items()
}
# A field's name to the Python name under which answers have it, where that is another one.
_READ_AS = {
    "companyName": "name",
    "assignedPriceListId": "assigned_price_list",
    "assignedSalesRepIds": "assigned_sales_reps",
}
_RELATIONS = frozenset({"assigned_price_list", "assigned_sales_reps"})
_FIELDS = tuple(
    (field.name, _READ_AS.get(field.name, _WRITTEN_AS[field.name]), field.summary)
    for field in CUSTOMER_FIELDS.values()
)
# What servers call a written field when they complain about it, to the name it has here.
_COMPLAINED_AS = {
    "name": "companyName",
    "assignedPriceList": "assignedPriceListId",
    "assignedPriceListID": "assignedPriceListId",
    "assignedSalesReps": "assignedSalesRepIds",
}


def written_fields(customer: CustomerSummary, *, listed: bool) -> dict[str, str]:
    """A read customer's fields under the names by which they are written.

    Args:
        customer: From a list, or the answer to a get, a create or an update.
        listed: It is a row of a list, which need not show every field.

    Returns:
        Names of `wizsync.model.CUSTOMER_FIELDS` to texts, several ids joined by LIST_SEPARATOR; "" is
        empty. A field that the answer did not carry is left out. With them the attributes, where the
        answer carried them (`attributes` is then a field as well, ""), and the children
        (`wizsync.model.with_children`).
    """
    fields = {
        name: _text(getattr(customer, attribute, None))
        for name, attribute, summary in _FIELDS
        if summary or not listed or _shown(customer, attribute)
    }
    if isinstance(customer, CustomerDetails):
        if customer.attributes or not listed:
            fields[ATTRIBUTES] = ""
            fields |= values_read(customer.attributes or ())
        for kind in ChildKind:
            children: Sequence[Address | Contact] = getattr(customer, kind) or ()
            if children or not listed:
                with_children(
                    fields, kind, {each.id: written_child(kind, each) for each in children}
                )
    return fields


def written_child(kind: ChildKind, child: Address | Contact) -> dict[str, str]:
    """A read child's fields under the names by which they are written, and its `status`.

    Args:
        kind: What it is.
        child: As the API answered.

    Returns:
        Names of `wizsync.model.CHILD_FIELDS` and of its attributes to texts; "" is empty.
    """
    return {
        **{name: _text(getattr(child, _WRITTEN_AS[name])) for name in CHILD_FIELDS[kind]},
        **values_read(child.attributes or ()),
        "status": child.status or "",
    }


def create_request(
    reference_id: str,
    values: Mapping[str, str],
    children: ChildLists = NONE,
    attributes: AllDefinitions = NONE,
) -> CustomerCreateRequest:
    """A create of field texts. Empty ones are left out: a new customer has nothing to be cleared.

    Args:
        reference_id: The customer's key.
        values: Names of `wizsync.model.CUSTOMER_FIELDS` and of attributes to texts.
        children: The addresses and contacts that it begins with.
        attributes: The definitions of attributes.

    Raises:
        UsageError: A name is none of a customer's fields, or a required field is missing.
    """
    filled = {name: text for name, text in values.items() if text}
    lists = {
        kind: [child_create_request(kind, each, attributes) for each in some]
        for kind, some in children.items()
        if some
    }
    filled["referenceId"] = reference_id
    return _request(CustomerCreateRequest, filled, lists, attributes.get(ENTITIES[0], {}))


def update_request(
    values: Mapping[str, str], children: ChildLists = NONE, attributes: AllDefinitions = NONE
) -> CustomerUpdateRequest:
    """An update of these fields alone; "" clears one.

    Args:
        values: Names of `wizsync.model.CUSTOMER_FIELDS` and of attributes to texts.
        children: Complete lists of addresses and contacts, existing ones with their `id`.
        attributes: The definitions of attributes.

    Raises:
        UsageError: A name is none of a customer's fields.
    """
    lists = {
        kind: [child_update_request(kind, each, attributes) for each in some]
        for kind, some in children.items()
    }
    return _request(CustomerUpdateRequest, values, lists, attributes.get(ENTITIES[0], {}))


def child_create_request(
    kind: ChildKind, values: Mapping[str, str], attributes: AllDefinitions = NONE
) -> Request:
    """A new address or contact of field texts; empty ones are left out.

    Args:
        kind: What it is.
        values: Names of `wizsync.model.CHILD_FIELDS` and of attributes to texts.
        attributes: The definitions of attributes.

    Raises:
        UsageError: A name is none of its fields, or a required field is missing.
    """
    filled = {name: text for name, text in values.items() if text}
    return _request(_CHILD_REQUESTS[kind][0], filled, {}, attributes.get(kind.one, {}))


def child_update_request(
    kind: ChildKind, values: Mapping[str, str], attributes: AllDefinitions = NONE
) -> Request:
    """All writable fields of an address or contact, with its `id` where it goes inside a customer's update.

    Args:
        kind: What it is.
        values: Names of `wizsync.model.CHILD_FIELDS` and of attributes to texts; "" clears one.
        attributes: The definitions of attributes.

    Raises:
        UsageError: A name is none of its fields.
    """
    return _request(_CHILD_REQUESTS[kind][1], values, {}, attributes.get(kind.one, {}))


def written_name(wire: str) -> str:
    """The name by which a field is written, of the name by which a server complains about it.

    Args:
        wire: Such as `phone`, `company_name`, `name` or `addresses[0].zip_code`.

    Returns:
        Such as `phone`, `companyName`, `companyName` or `addresses[0].zipCode`.
    """
    words = re.sub(r"[A-Za-z0-9_]+", lambda name: _camel(name[0]), wire)
    head = re.match(r"\w+", words)
    # Only at the top: `attributes[0].name` is a name of something else.
    if head is not None and head[0] in _COMPLAINED_AS:
        return _COMPLAINED_AS[head[0]] + words[head.end() :]
    return words


def _camel(name: str) -> str:
    return camel(name) if "_" in name else name


def _shown(customer: CustomerSummary, attribute: str) -> bool:
    """Whether a row of a list proves the value of a field that lists are not documented to show."""
    if attribute in _RELATIONS:
        # An empty relation in a list may only mean that lists do not load it.
        return bool(getattr(customer, attribute, None))
    return attribute in customer.model_fields_set


def _text(value: str | bool | Named | list[Named] | None) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case Named():
            return value.id
        case _:
            return LIST_SEPARATOR.join(each.id for each in value)


def _request(
    kind: type[Written],
    values: Mapping[str, str],
    lists: Mapping[ChildKind, Sequence[Request]],
    attributes: Definitions,
) -> Written:
    plain = {name: text for name, text in values.items() if attribute_of(name) is None}
    unknown = sorted(plain.keys() - _WRITABLE[kind])
    if unknown:
        raise UsageError(f"There is no field {', '.join(unknown)} that can be written.")
    content: dict[str, Any] = {
        _WRITTEN_AS[name]: _typed(name, text) for name, text in plain.items()
    }
    if len(plain) < len(values):
        content[ATTRIBUTES] = values_written(values, attributes)
    content |= {name.value: children for name, children in lists.items()}
    try:
        return kind.model_validate(content, by_name=True)
    except ValidationError as error:
        lacking = ", ".join(
            camel(str(each["loc"][0])) for each in error.errors(include_input=False)
        )
        raise UsageError(f"This cannot be written without: {lacking}.") from None


def _typed(name: str, text: str) -> str | bool | list[str]:
    """A text as the JSON that the field takes."""
    match kind_of_field(name):
        case FieldKind.IDS:
            return [each for each in text.split(LIST_SEPARATOR) if each]
        case FieldKind.BOOLEAN:
            return text == "true"
        case _:
            return text
