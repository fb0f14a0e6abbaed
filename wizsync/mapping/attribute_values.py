"""The values of attributes, as their definitions ask for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from wizsync.mapping.problems import Misfit, suggestion
from wizsync.mapping.transforms import Fault
from wizsync.mapping.transforms.booleans import boolean
from wizsync.mapping.transforms.dates import date
from wizsync.mapping.transforms.numbers import number
from wizsync.mapping.words import code_of
from wizsync.model.account import Attribute
from wizsync.model.customer import LIST_SEPARATOR
from wizsync.nearest import nearest_of

# The data type of which several options may be chosen.
_SEVERAL = "multi_select"


def find_attribute(definitions: Sequence[Attribute], name: str) -> Attribute:
    """The attribute of a name or an id.

    Raises:
        Misfit: There is none, or there are two; with the nearest, or their ids.
    """
    by_id = [each for each in definitions if each.id == name]
    wanted = code_of(name).casefold()
    found = by_id or [each for each in definitions if code_of(each.name).casefold() == wanted]
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(each.id for each in found)
        raise Misfit(
            f'The account has {len(found)} attributes "{name}".', f"Name one by its id: {ids}."
        )
    names = [each.name for each in definitions]
    raise Misfit(
        f'The account has no attribute "{name}".',
        suggestion(name, names, what="It has") if names else "Define it in WizCommerce first.",
    )


def canonical(attribute: Attribute) -> Callable[[str], str]:
    """A text as a value of an attribute: the same value is the same text; Fault where it is none.

    Args:
        attribute: Its definition; a data type that is not known takes any text.
    """
    match attribute.data_type:
        case "number":
            return _told_of(attribute, _plain_number)
        case "boolean":
            return _told_of(attribute, boolean)
        case "date":
            return _told_of(attribute, date)
        case "select" | "multi_select":
            return _option_of(attribute)
        case _:
            return lambda text: text


def _told_of(attribute: Attribute, value_of: Callable[[str], str]) -> Callable[[str], str]:
    """The same, with the attribute's name in its faults."""

    def asked(text: str) -> str:
        if LIST_SEPARATOR in text:
            raise _one_value(attribute)
        try:
            return value_of(text)
        except Fault as fault:
            says = f'{fault.says}, and the attribute "{attribute.name}" is a {attribute.data_type}'
            raise Fault(fault.code, says, fault.hint) from None

    return asked


def _one_value(attribute: Attribute) -> Fault:
    return Fault(
        "several_values",
        f'holds several values, and the attribute "{attribute.name}" takes one',
        "Keep one, or take `split` out of the mapping where the text is one value.",
    )


def _plain_number(text: str) -> str:
    plain = number(text)
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _option_of(attribute: Attribute) -> Callable[[str], str]:
    """What makes the options chosen of a text that names them."""
    options = {_plain(each): each for each in attribute.options}

    def option(text: str) -> str:
        found = options.get(_plain(text))
        if found is None:
            raise _unknown_option(attribute, text)
        return found

    def chosen(text: str) -> str:
        parts = [part for part in text.split(LIST_SEPARATOR) if part.strip()]
        if len(parts) > 1 and attribute.data_type != _SEVERAL:
            raise _one_value(attribute)
        return LIST_SEPARATOR.join(sorted({option(part) for part in parts}))

    return chosen


def _plain(text: str) -> str:
    return " ".join(code_of(text).split()).casefold()


def _unknown_option(attribute: Attribute, text: str) -> Fault:
    near = nearest_of(text, attribute.options, limit=3)
    shown = ", ".join(f'"{each}"' for each in near or attribute.options[:8])
    hint = f"Did you mean {shown}?" if near else f"Its options are: {shown}."
    return Fault(
        "unknown_option",
        f'is no option of the attribute "{attribute.name}"',
        hint if shown else "It has none yet: add them to the attribute in WizCommerce.",
    )
