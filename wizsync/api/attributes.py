"""Attributes: values of JSON types on the wire, texts everywhere else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from wizsync.api.models import Attribute, AttributeValue
from wizsync.model import LIST_SEPARATOR, attribute_field, attribute_of
from wizsync.model import Attribute as Definition

# Field name, such as `attributes.Industry`, to the definition.
Definitions = Mapping[str, Definition]


def definitions(attributes: Iterable[Attribute] | Iterable[Definition]) -> dict[str, Definition]:
    """Definitions by the name that the attribute has as a field.

    That is its name; of attributes that share one, the id.

    Args:
        attributes: All attributes of one entity, as a list of them shows them, or a customer's details.
    """
    known = [each if isinstance(each, Definition) else _definition(each) for each in attributes]
    names = Counter(each.name for each in known)
    return {
        attribute_field(each.name if names[each.name] == 1 else each.id): each for each in known
    }


def values_read(attributes: Iterable[Attribute]) -> dict[str, str]:
    """The values of attributes as texts, by field name; "" where none is set."""
    values = {each.id: each.value for each in attributes}
    return {name: _text(values[each.id]) for name, each in definitions(attributes).items()}


def values_written(fields: Mapping[str, str], known: Definitions) -> list[AttributeValue]:
    """The attributes among some fields, as they are sent; "" clears one.

    Args:
        fields: Field to text; other fields are left aside.
        known: The definitions; one that is missing is sent by its name, as a text.
    """
    found = []
    for name, text in fields.items():
        attribute = attribute_of(name)
        if attribute is not None:
            definition = known.get(name)
            found.append(
                AttributeValue(
                    name=definition.id if definition else attribute,
                    value=_value(text, definition.data_type if definition else "text"),
                )
            )
    return found


def _definition(attribute: Attribute) -> Definition:
    options = tuple(str(option) for option in attribute.options or ())
    return Definition(attribute.id, attribute.name, attribute.data_type or "text", options)


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            return _plain(Decimal(str(value)))
        case list():
            return LIST_SEPARATOR.join(sorted(map(_text, value)))
        case _:
            return str(value)


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _value(text: str, data_type: str) -> Any:
    if text == "":
        return [] if data_type == "multi_select" else ""
    match data_type:
        case "number":
            return _number(text)
        case "boolean" if text in ("true", "false"):
            return text == "true"
        case "multi_select":
            return text.split(LIST_SEPARATOR)
        case _:
            return text


def _number(text: str) -> int | float | str:
    if not re.fullmatch(r"-?[0-9]{1,300}(\.[0-9]{1,300})?", text):
        return text  # the server says what is wrong with it
    number = Decimal(text)
    return int(number) if number == number.to_integral_value() else float(number)
