"""What a stored record starts with, before a write fills it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from wizsync.sandbox.store import CHILD_COLUMNS, CUSTOMER_COLUMNS

Record = dict[str, Any]

NEW_CUSTOMER: Record = dict.fromkeys(CUSTOMER_COLUMNS) | {
    "status": "active",
    "sales_rep_ids": [],
    "attributes": {},
}
NEW_CHILD: Mapping[str, Record] = {
    kind: dict.fromkeys(columns) | {"status": "active", "is_default": False, "attributes": {}}
    for kind, columns in CHILD_COLUMNS.items()
}
_ID_PREFIX = {"customers": "cust", "addresses": "addr", "contacts": "cont"}


def new_id(kind: str) -> str:
    """An id that nothing has; `kind` is `customers`, `addresses` or `contacts`."""
    return f"{_ID_PREFIX[kind]}_{secrets.token_hex(8)}"


def filled(attributes: Record) -> Record:
    """The attributes that have a value."""
    return {identifier: value for identifier, value in attributes.items() if value is not None}
