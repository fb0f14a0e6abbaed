"""The mapping's schema for editors: JSON Schema, with descriptions and examples."""

from __future__ import annotations

from typing import Any

from wizsync.mapping.fields import DESCRIPTIONS, SPELLINGS, Help, field_name
from wizsync.mapping.schema import KEY, MappingSchema
from wizsync.model.customer import CUSTOMER_FIELDS


def _without_null(schema: Any) -> Any:
    """A JSON Schema in which no key may be empty, as `Section` has it."""
    if isinstance(schema, list):
        return [_without_null(each) for each in schema if each != {"type": "null"}]
    if not isinstance(schema, dict):
        return schema
    kept = {key: _without_null(value) for key, value in schema.items() if value is not None}
    choices = kept.get("anyOf", [])
    return {**kept.pop("anyOf")[0], **kept} if len(choices) == 1 else kept


def _help(name: str) -> Help:
    return DESCRIPTIONS[name if name in DESCRIPTIONS else field_name(name)]


def json_schema() -> dict[str, Any]:
    """The mapping's JSON Schema, with descriptions and examples, for editors' completion and hover help."""
    schema: dict[str, Any] = _without_null(MappingSchema.model_json_schema())
    customer = schema["properties"]["customer"]
    field = customer.pop("additionalProperties")
    customer.pop("propertyNames", None)
    customer["properties"] = {
        name: {"description": _help(name).says, "examples": [_help(name).example], **field}
        for name in (*CUSTOMER_FIELDS, *SPELLINGS)
    }
    customer["additionalProperties"] = False
    # What a mapping needs may also stand in the one that it extends.
    needed = schema.pop("required")
    whole = {"required": needed, "properties": {"customer": {"required": [KEY]}}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "anyOf": [{"required": ["extends"]}, whole],
        "title": "A wizsync mapping",
    }
