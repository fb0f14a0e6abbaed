"""A customer as it was read: one flat mapping of texts, and frames of many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from wizsync.api import written_fields
from wizsync.api.models import CustomerDetails
from wizsync.model import CUSTOMER_FIELDS, as_in_a_file

# `id`, `referenceId` ("" for none), `status`, `updatedAt`, and the fields that the answer carried.
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
    """Whether one of the fields was not carried by what is known of a customer."""
    return any(field not in known for field in fields)


def frame(rows: Iterable[Row]) -> pd.DataFrame:
    """Rows as the frame of a Snapshot: `str` columns, missing where a field was not read."""
    records = list(rows)
    columns = [*_ALWAYS, *(name for name in CUSTOMER_FIELDS if name not in _ALWAYS)]
    read = {name for record in records for name in record}
    return pd.DataFrame(
        {
            name: pd.Series([record.get(name) for record in records], dtype="str")
            for name in columns
            if name in _ALWAYS or name in read
        }
    )
