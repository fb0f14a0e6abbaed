"""A customer as it was read: one flat mapping of texts, and frames of many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pandas as pd

from wizsync.api import Definitions, definitions, written_fields
from wizsync.api.models import CustomerDetails
from wizsync.model import (
    ATTRIBUTES,
    CHILD_FIELDS,
    CUSTOMER_FIELDS,
    ENTITIES,
    ChildKind,
    as_in_a_file,
    attribute_of,
    children_in,
)

# `id`, `referenceId` ("" for none), `status`, `updatedAt`, and the fields that the answer carried, those of
# attributes and children among them.
Row = Mapping[str, str]

_ALWAYS = ("id", "referenceId", "status", "updatedAt")


def row(customer: CustomerDetails, *, status: str, listed: bool) -> Row:
    """The row of a customer.

    Args:
        customer: As the API answered.
        status: The status asked for, where the answer itself does not say.
        listed: It is a row of a list, which need not show every field.
    """
    return {
        "referenceId": "",
        **written_fields(customer, listed=listed),
        "id": customer.id,
        "status": customer.status or status,
        "updatedAt": customer.updated_at or "",
    }


def key_of(known: Row) -> str:
    """A customer's referenceId as files have it; "" for none."""
    return as_in_a_file(known["referenceId"])


def lacks(known: Row, fields: Iterable[str]) -> bool:
    """Whether one of the fields was not carried by what is known of a customer.

    Of an attribute that an answer does not name, although it names attributes, the value is empty.
    """
    return any((ATTRIBUTES if attribute_of(field) else field) not in known for field in fields)


def definitions_in(customer: CustomerDetails) -> dict[str, Definitions]:
    """The definitions of attributes that a customer's details tell, by entity of ENTITIES."""
    found: dict[str, Definitions] = {ENTITIES[0]: definitions(customer.attributes or ())}
    for kind in ChildKind:
        for child in getattr(customer, kind) or ():
            found.setdefault(kind.one, definitions(child.attributes or ()))
    return found


def frame(rows: Iterable[Row]) -> pd.DataFrame:
    """Rows as the frame of a Snapshot: `str` columns, missing where a field was not read."""
    records = list(rows)
    # A dict keeps the order in which attributes were met.
    attributes = dict.fromkeys(name for record in records for name in record if attribute_of(name))
    read = {name for record in records for name in record}
    columns = [*_ALWAYS, *(name for name in CUSTOMER_FIELDS if name not in _ALWAYS), *ChildKind]
    values = {
        str(name): [record.get(name) for record in records]
        for name in columns
        if name in _ALWAYS or name in read
    }
    values |= {
        name: [record.get(name, "" if ATTRIBUTES in record else None) for record in records]
        for name in attributes
    }
    return pd.DataFrame({name: pd.Series(texts, dtype="str") for name, texts in values.items()})


def child_frames(rows: Iterable[Row]) -> dict[ChildKind, pd.DataFrame]:
    """The children of rows as the frames of a Snapshot, of each kind of which some were read."""
    records = list(rows)
    return {
        kind: _child_frame(kind, records)
        for kind in ChildKind
        if any(kind in record for record in records)
    }


def _child_frame(kind: ChildKind, records: Iterable[Row]) -> pd.DataFrame:
    children = list(_children(kind, records))
    attributes = dict.fromkeys(name for child in children for name in child if attribute_of(name))
    columns = ["customer", "id", "status", *CHILD_FIELDS[kind], *attributes]
    return pd.DataFrame(
        {name: pd.Series([child.get(name) for child in children], dtype="str") for name in columns}
    )


def _children(kind: ChildKind, records: Iterable[Row]) -> Iterator[Row]:
    for record in records:
        for child_id, child in (children_in(record, kind) or {}).items():
            yield {**child, "customer": record["id"], "id": child_id}
