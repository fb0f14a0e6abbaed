"""The attributes that a mapping names, as the account has them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wizsync.errors import MappingError
from wizsync.mapping.attribute_values import canonical, find_attribute
from wizsync.mapping.field_schema import ColumnField, ConstField, CustomerField
from wizsync.mapping.problems import Misfit
from wizsync.mapping.template import Template
from wizsync.mapping.transforms import Fault
from wizsync.model.customer import ATTRIBUTES, attribute_field

if TYPE_CHECKING:
    from wizsync.mapping.document import Document
    from wizsync.model.account import Attribute, Lists


@dataclass(frozen=True)
class Attributes:
    """Attributes as fields, by the names that the account has for them.

    Args:
        fields: Field name, such as `attributes.Industry`, to what the mapping says of it.
        definitions: Field name to the account's definition; none offline.
    """

    fields: Mapping[str, CustomerField]
    definitions: Mapping[str, Attribute]


def resolved(
    written: Mapping[str, CustomerField],
    entity: str,
    lists: Lists | None,
    document: Document,
    above: Sequence[Hashable] = (),
) -> Attributes:
    """The attributes that a mapping names in one place.

    Args:
        written: The mapping's names, or ids, to what it says of each.
        entity: Whose attributes: one of ENTITIES.
        lists: What the account was asked for; None offline: the names are taken as they are written.
        document: The mapping's text, for messages.
        above: Where in it they stand: the block, or nothing for the customer's own.

    Raises:
        MappingError: The account has none of that name, or two; two names are one attribute; a constant
            or a default is no value of it.
    """
    if lists is None:
        return Attributes({attribute_field(name): each for name, each in written.items()}, {})
    known = lists.attributes.get(entity, ())
    names = Counter(each.name for each in known)
    fields: dict[str, CustomerField] = {}
    definitions: dict[str, Attribute] = {}
    spelled: dict[str, str] = {}
    for name, each in written.items():
        at = (*above, ATTRIBUTES, name)
        try:
            definition = find_attribute(known, name)
            # As the account's own answers are read: a name that two have tells nothing.
            field = attribute_field(
                definition.name if names[definition.name] == 1 else definition.id
            )
            _check_new(field, name, spelled)
            fields[field] = _with_values(each, definition)
        except Misfit as misfit:
            where = document.where(*at, *misfit.location)
            raise MappingError(misfit.message, where=where, hint=misfit.hint or None) from None
        definitions[field] = definition
        spelled[field] = name
    return Attributes(fields, definitions)


def _check_new(field: str, name: str, spelled: Mapping[str, str]) -> None:
    if field in spelled:
        raise Misfit(
            f'"{spelled[field]}" and "{name}" are the same attribute.', "Keep one of them."
        )


def _with_values(each: CustomerField, definition: Attribute) -> CustomerField:
    """A field whose constant or default is written as the attribute's values are."""
    if isinstance(each, ColumnField):
        if isinstance(each.default, Template):
            _check_text(definition, "default")
        elif each.default:
            return each.model_copy(update={"default": _value(each.default, definition, "default")})
        return each
    if isinstance(each, ConstField):
        if not each.const:
            return each
        return each.model_copy(update={"const": _value(each.const, definition, "const")})
    _check_text(definition)
    return each


def _value(text: str, definition: Attribute, key: str) -> str:
    ask: Callable[[str], str] = canonical(definition)
    try:
        return ask(text)
    except Fault as fault:
        raise Misfit(f'"{text}" {fault.says}.', fault.hint, location=(key,)) from None


def _check_text(definition: Attribute, *at: str) -> None:
    """Check that an attribute can take what a template makes."""
    if definition.data_type in ("number", "boolean", "date", "select", "multi_select"):
        raise Misfit(
            f'A template makes a text, and the attribute "{definition.name}" is a '
            f"{definition.data_type}.",
            "Name a column.",
            location=at,
        )
