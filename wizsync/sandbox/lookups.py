"""Price lists, sales reps and attributes: what their records hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from wizsync.sandbox import seed
from wizsync.sandbox.problems import invalid
from wizsync.sandbox.records import Record

LookupName = Literal["price_lists", "sales_reps", "attributes"]
LOOKUPS: tuple[LookupName, ...] = get_args(LookupName)
ENTITIES = ("customer", "address", "contact")
DATA_TYPES = ("text", "number", "boolean", "select", "date", "multi_select")


@dataclass(frozen=True)
class _Layout:
    """What the records of a look-up list hold: every key with what it is when not given."""

    required: frozenset[str]
    defaults: Mapping[str, Any]


_LAYOUTS: Mapping[LookupName, _Layout] = {
    "price_lists": _Layout(
        frozenset({"id", "name"}),
        dict.fromkeys(("id", "reference_id", "name", "status", "currency")) | {"status": "active"},
    ),
    "sales_reps": _Layout(
        frozenset({"id"}),
        dict.fromkeys(("id", "email", "first_name", "last_name", "status")) | {"status": "active"},
    ),
    "attributes": _Layout(
        frozenset({"id", "name", "entity", "data_type"}),
        {name: [] if name == "options" else None for name in seed.ATTRIBUTES[0]}
        | dict.fromkeys(("created_at", "updated_at"), seed.ATTRIBUTES[0]["created_at"]),
    ),
}
_SEEDED: Mapping[LookupName, Sequence[Record]] = {
    "price_lists": seed.PRICE_LISTS,
    "sales_reps": seed.SALES_REPS,
    "attributes": seed.ATTRIBUTES,
}


def seeded(name: LookupName) -> list[Record]:
    """The list that a new account has."""
    return [dict(record) for record in _SEEDED[name]]


def checked_lookup(name: LookupName, records: Sequence[Any]) -> list[Record]:
    """The records of a look-up list, each with all its keys.

    Raises:
        Problem: 422, with every key that is wrong.
    """
    details: list[tuple[str, str]] = []
    for index, record in enumerate(records):
        reasons = _wrong(name, record) if isinstance(record, dict) else {"": "must be an object"}
        details += [
            (f"[{index}].{key}".rstrip("."), reason) for key, reason in sorted(reasons.items())
        ]
    if not details:
        details = _doubled([record["id"] for record in records])
    if details:
        raise invalid(details)
    return [{**_LAYOUTS[name].defaults, **record} for record in records]


def _wrong(name: LookupName, record: Record) -> dict[str, str]:
    """Key to reason."""
    layout = _LAYOUTS[name]
    reasons = {}
    for key, value in record.items():
        if key not in layout.defaults:
            reasons[key] = "unknown field"
        elif key == "options":
            if not _are_texts(value):
                reasons[key] = "must be an array of strings"
        elif not isinstance(value, str | None):
            reasons[key] = "must be a string"
    for key, values in (("entity", ENTITIES), ("data_type", DATA_TYPES)):
        if key in layout.defaults and record.get(key) not in values:
            reasons[key] = f"must be one of: {', '.join(values)}"
    return reasons | {key: "is required" for key in layout.required if not record.get(key)}


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _doubled(identifiers: list[str]) -> list[tuple[str, str]]:
    first = {identifier: index for index, identifier in reversed([*enumerate(identifiers)])}
    return [
        (f"[{index}].id", "is doubled")
        for index, identifier in enumerate(identifiers)
        if first[identifier] != index
    ]
