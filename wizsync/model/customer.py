"""The fields of a customer and of its children, and how their values are compared."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

LIST_SEPARATOR = "\n"


def as_in_a_file(key: str) -> str:
    """A referenceId as files have it, and as the plan compares it: trimmed, in NFC."""
    return unicodedata.normalize("NFC", key).strip()


class FieldKind(StrEnum):
    """How a field's values are compared, and whether they are one text or several ids."""

    TEXT = "text"
    EMAIL = "email"
    PHONE = "phone"
    IDS = "ids"
    BOOLEAN = "boolean"
    COUNTRY = "country"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a customer or a child, by the name it is written under (camel, as the API documents it).

    Args:
        name: The name in mappings, frames, plans and reports.
        kind: How it is compared.
        required: A create is refused without it.
        summary: Of a customer: lists are documented to show it; otherwise only `get` does.
        on_create: Of a customer: a create may carry it.
    """

    name: str
    kind: FieldKind = FieldKind.TEXT
    required: bool = False
    summary: bool = True
    on_create: bool = True


# The fields of a customer that can be written and read back, in the order people expect them.
CUSTOMER_FIELDS: Mapping[str, Field] = {
    f.name: f
    for f in (
        Field("referenceId", required=True),
        Field("companyName", required=True),
        Field("displayName", required=True),
        Field("displayId", on_create=False),
        Field("firstName"),
        Field("lastName"),
        Field("email", FieldKind.EMAIL),
        Field("phone", FieldKind.PHONE),
        Field("paymentTerm"),
        Field("paymentMode"),
        Field("shippingMethod"),
        Field("freightTerm", summary=False),
        Field("assignedPriceListId", summary=False),
        Field("assignedSalesRepIds", FieldKind.IDS, summary=False),
    )
}


class ChildKind(StrEnum):
    """What a customer has several of, by the name of the list in the API."""

    ADDRESSES = "addresses"
    CONTACTS = "contacts"

    @property
    def one(self) -> str:
        """What one of them is called."""
        return "address" if self is ChildKind.ADDRESSES else "contact"


# The fields of an address and of a contact that can be written and read back, in the order people expect
# them.
CHILD_FIELDS: Mapping[ChildKind, Mapping[str, Field]] = {
    ChildKind.ADDRESSES: {
        f.name: f
        for f in (
            Field("referenceId", required=True),
            Field("type", required=True),
            Field("addressLine1", required=True),
            Field("addressLine2"),
            Field("city", required=True),
            Field("state"),
            Field("zipCode"),
            Field("country", FieldKind.COUNTRY),
            Field("firstName"),
            Field("lastName"),
            Field("email", FieldKind.EMAIL),
            Field("phone", FieldKind.PHONE),
            Field("isDefault", FieldKind.BOOLEAN),
        )
    },
    ChildKind.CONTACTS: {
        f.name: f
        for f in (
            Field("referenceId", required=True),
            Field("firstName", required=True),
            Field("lastName"),
            Field("email", FieldKind.EMAIL, required=True),
            Field("phone", FieldKind.PHONE),
            Field("designation"),
            Field("isDefault", FieldKind.BOOLEAN),
        )
    },
}

# An attribute is a field too, of a customer, an address or a contact: `attributes.Industry`.
ATTRIBUTES = "attributes"
_ATTRIBUTE_START = f"{ATTRIBUTES}."


def attribute_field(name: str) -> str:
    """The name of an attribute as a field."""
    return _ATTRIBUTE_START + name


def attribute_of(field: str) -> str | None:
    """The attribute's name of a field that is one; None of any other field."""
    return field.removeprefix(_ATTRIBUTE_START) if field.startswith(_ATTRIBUTE_START) else None


def kind_of_field(field: str) -> FieldKind:
    """How a field of a customer, an address or a contact is compared; an attribute is a text."""
    for fields in (CUSTOMER_FIELDS, *CHILD_FIELDS.values()):
        if field in fields:
            return fields[field].kind
    return FieldKind.TEXT


def child_field(kind: ChildKind, child_id: str, field: str) -> str:
    """The name of a child's field among those of its customer: `addresses[addr_1].city`."""
    return f"{kind}[{child_id}].{field}"


def with_children(
    fields: dict[str, str], kind: ChildKind, children: Mapping[str, Mapping[str, str]]
) -> None:
    """Add a customer's children of a kind to its fields.

    The list itself is a field as well, `addresses`: the ids, joined by LIST_SEPARATOR; where it is missing,
    the children were not read.

    Args:
        fields: Field to text.
        kind: The kind.
        children: Child id to its fields.
    """
    fields[kind] = LIST_SEPARATOR.join(children)
    for child_id, child in children.items():
        for name, text in child.items():
            fields[child_field(kind, child_id, name)] = text


def children_in(fields: Mapping[str, str], kind: ChildKind) -> dict[str, dict[str, str]] | None:
    """The children of a kind among a customer's fields: child id to its fields; None: not read."""
    if kind not in fields:
        return None
    children: dict[str, dict[str, str]] = {
        one: {} for one in fields[kind].split(LIST_SEPARATOR) if one
    }
    start = f"{kind}["
    for name, text in fields.items():
        if name.startswith(start):
            child_id, _, field = name.removeprefix(start).partition("].")
            if child_id in children:
                children[child_id][field] = text
    return children
