"""The fields of a customer, and how their values are compared."""

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


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a customer, by the name it is written under (camel, as the API documents it).

    Args:
        name: The name in mappings, frames, plans and reports.
        kind: How it is compared.
        required: A create is refused without it.
        summary: Lists are documented to show it; otherwise only `get` does.
        on_create: A create may carry it.
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
