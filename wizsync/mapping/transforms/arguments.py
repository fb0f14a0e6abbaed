"""What arguments of transforms, and other parts of a mapping, have in common."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, StringConstraints, WithJsonSchema

from wizsync.model.table import column_name


def listed(value: object) -> object:
    """A single text as a list of one; anything else as it is."""
    return [value] if isinstance(value, str) else value


# What YAML may take a text for.
SCALAR = {"type": ["string", "number", "boolean"]}
ONE_OR_MORE = WithJsonSchema({"anyOf": [SCALAR, {"type": "array", "minItems": 1, "items": SCALAR}]})


def _seen(value: object) -> object:
    return column_name(value) if isinstance(value, str) else value


# A column's header, as it is seen.
ColumnName = Annotated[
    str, BeforeValidator(_seen), StringConstraints(min_length=1), WithJsonSchema(SCALAR)
]
