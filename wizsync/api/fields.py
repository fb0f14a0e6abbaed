"""Where written and read shapes of a customer meet.

A customer is written as `companyName`, `assignedPriceListId`, `assignedSalesRepIds`, and read back
as `name`, `assignedPriceList: {id, name}`, `assignedSalesReps: [{id, name}, …]`. Everything that
compares what a file wants with what an account has goes through here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from wizsync.api.models import (
    CustomerCreateRequest,
    CustomerSummary,
    CustomerUpdateRequest,
    Named,
    Request,
)
from wizsync.api.spelling import camel
from wizsync.errors import UsageError
from wizsync.model import CUSTOMER_FIELDS, LIST_SEPARATOR, FieldKind

Written = TypeVar("Written", bound=Request)

# A field's name to the Python name under which requests have it.
_WRITTEN_AS = {info.alias: name for name, info in CustomerUpdateRequest.model_fields.items()}
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
        empty. A field that the answer did not carry is left out.
    """
    return {
        name: _text(getattr(customer, attribute, None))
        for name, attribute, summary in _FIELDS
        if summary or not listed or _shown(customer, attribute)
    }


def create_request(reference_id: str, values: Mapping[str, str]) -> CustomerCreateRequest:
    """A create of field texts. Empty ones are left out: a new customer has nothing to be cleared.

    Args:
        reference_id: The customer's key.
        values: Names of `wizsync.model.CUSTOMER_FIELDS` to texts.

    Raises:
        UsageError: A name is none of a customer's fields, or a required field is missing.
    """
    filled = {name: text for name, text in values.items() if text}
    return _request(CustomerCreateRequest, filled | {"referenceId": reference_id})


def update_request(values: Mapping[str, str]) -> CustomerUpdateRequest:
    """An update of these fields alone; "" clears one.

    Args:
        values: Names of `wizsync.model.CUSTOMER_FIELDS` to texts.

    Raises:
        UsageError: A name is none of a customer's fields.
    """
    return _request(CustomerUpdateRequest, values)


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


def _text(value: str | Named | list[Named] | None) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case Named():
            return value.id
        case _:
            return LIST_SEPARATOR.join(each.id for each in value)


def _request(kind: type[Written], values: Mapping[str, str]) -> Written:
    unknown = sorted(values.keys() - CUSTOMER_FIELDS.keys())
    if unknown:
        raise UsageError(f"A customer has no field {', '.join(unknown)} that can be written.")
    content: dict[str, Any] = {
        _WRITTEN_AS[name]: _ids(text) if CUSTOMER_FIELDS[name].kind is FieldKind.IDS else text
        for name, text in values.items()
    }
    try:
        return kind.model_validate(content, by_name=True)
    except ValidationError as error:
        lacking = ", ".join(
            camel(str(each["loc"][0])) for each in error.errors(include_input=False)
        )
        raise UsageError(f"A customer cannot be written without: {lacking}.") from None


def _ids(text: str) -> list[str]:
    return [each for each in text.split(LIST_SEPARATOR) if each]
