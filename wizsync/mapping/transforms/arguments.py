"""What arguments of transforms, and other parts of a mapping, have in common."""

from __future__ import annotations

from pydantic import WithJsonSchema


def listed(value: object) -> object:
    """A single text as a list of one; anything else as it is."""
    return [value] if isinstance(value, str) else value


# What YAML may take a text for.
SCALAR = {"type": ["string", "number", "boolean"]}
ONE_OR_MORE = WithJsonSchema({"anyOf": [SCALAR, {"type": "array", "minItems": 1, "items": SCALAR}]})
