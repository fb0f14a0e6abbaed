"""A judge of values by a JSON Schema: of the keywords that the mapping's own one uses."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

_SAYS_NOTHING = {"$schema", "$defs", "title", "description", "default", "examples"}
_TYPES = {"object": dict, "array": list, "string": str, "integer": int, "number": float | int}


def fits(value: Any, schema: Mapping[str, Any], whole: Mapping[str, Any]) -> bool:
    """Whether a value is valid.

    Args:
        value: As a YAML or JSON reader gives it.
        schema: What it must fit.
        whole: The schema that holds `$defs`.

    Raises:
        KeyError: The schema has a keyword that is not known here.
    """

    def good(part: Any, said: Any) -> bool:
        return fits(part, said, whole)

    def others(said: Any) -> bool:
        rest = [each for name, each in value.items() if name not in schema.get("properties", {})]
        return all(good(each, said) for each in rest) if isinstance(said, dict) else not rest

    of_all: dict[str, Callable[[Any], bool]] = {
        "$ref": lambda said: good(value, whole["$defs"][said.removeprefix("#/$defs/")]),
        "type": lambda said: any(
            _is(value, kind) for kind in ([said] if isinstance(said, str) else said)
        ),
        "anyOf": lambda said: any(good(value, each) for each in said),
        "oneOf": lambda said: sum(good(value, each) for each in said) == 1,
        "const": lambda said: value == said,
        "enum": lambda said: value in said,
    }
    of_kind: dict[type, dict[str, Callable[[Any], bool]]] = {
        dict: {
            "properties": lambda said: all(
                good(value[name], each) for name, each in said.items() if name in value
            ),
            "propertyNames": lambda said: all(good(name, said) for name in value),
            "additionalProperties": others,
            "required": lambda said: set(said) <= set(value),
            "minProperties": lambda said: len(value) >= said,
            "maxProperties": lambda said: len(value) <= said,
        },
        list: {
            "items": lambda said: all(good(each, said) for each in value),
            "minItems": lambda said: len(value) >= said,
        },
        str: {
            "minLength": lambda said: len(value) >= said,
            "pattern": lambda said: re.search(said, value) is not None,
        },
        int: {
            "minimum": lambda said: value >= said,
            "maximum": lambda said: value <= said,
        },
    }
    judges = {**of_all, **{name: _passes for kind in of_kind.values() for name in kind}}
    judges |= of_kind.get(type(value), {})
    return all(judges[word](said) for word, said in schema.items() if word not in _SAYS_NOTHING)


def _passes(_: Any) -> bool:
    return True


def _is(value: Any, kind: str) -> bool:
    if kind == "boolean" or isinstance(value, bool):
        return kind == "boolean" and isinstance(value, bool)
    return isinstance(value, _TYPES[kind])
