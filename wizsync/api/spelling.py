"""How the two dialects spell a field: `address_line_1` here, `addressLine1` there."""

from __future__ import annotations

from pydantic.alias_generators import to_camel

# What mechanical conversion gets wrong: addressLine1 would become address_line1, and back.
_EXCEPTIONS = {"address_line_1": "addressLine1", "address_line_2": "addressLine2"}


def camel(name: str) -> str:
    """The camel-dialect name of a snake-dialect field name."""
    return _EXCEPTIONS.get(name) or to_camel(name)
