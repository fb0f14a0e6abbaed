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

# What every row has.
IDENTITY = ("id", "referenceId", "status", "updatedAt")


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
    fields = (name for name in CUSTOMER_FIELDS if name not in IDENTITY)
    columns = [*IDENTITY, *fields, *ChildKind, ATTRIBUTES]
    values = {
        str(name): [record.get(name) for record in records]
        for name in columns
        if name in IDENTITY or name in read
    }
    values |= {
        name: [record.get(name, "" if ATTRIBUTES in record else None) for record in records]
        for name in attributes
    }
    return pd.DataFrame({name: pd.Series(texts, dtype="str") for name, texts in values.items()})


def with_kept(customers: pd.DataFrame, kept: pd.DataFrame) -> pd.DataFrame:
    """Customers with what is kept of some of them, by id, where nothing was read just now.

    Args:
        customers: As of `frame`.
        kept: The same of some of them, each of whom has every field.
    """
    at = pd.Index(kept["id"]).get_indexer(pd.Index(customers["id"]))
    is_kept = at >= 0
    filled: dict[str, pd.Series[str]] = {}
    for name in (*customers.columns, *(name for name in kept if name not in customers)):
        read = customers.get(name)
        if name not in kept:
            # An attribute of which nobody who is kept has a value.
            filled[name] = customers[name].mask(is_kept & customers[name].isna(), "")
            continue
        values = pd.Series(kept[name].array.take(at, allow_fill=True), index=customers.index)
        filled[name] = values if read is None else read.where(read.notna(), values)
    return pd.DataFrame(filled)


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
