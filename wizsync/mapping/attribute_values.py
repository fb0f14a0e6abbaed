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
from wizsync.nearest import nearest_of

# Several options in one cell, after `split`.
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
            return _plain_number
        case "boolean":
            return boolean
        case "date":
            return date
        case "select" | "multi_select":
            return lambda text: _option(attribute, text)
        case _:
            return lambda text: text


def takes_several(attribute: Attribute) -> bool:
    """Whether an attribute takes several options."""
    return attribute.data_type == _SEVERAL


def _plain_number(text: str) -> str:
    plain = number(text)
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _option(attribute: Attribute, text: str) -> str:
    options = {" ".join(code_of(each).split()).casefold(): each for each in attribute.options}
    found = options.get(" ".join(code_of(text).split()).casefold())
    if found is not None:
        return found
    near = nearest_of(text, attribute.options, limit=3)
    shown = ", ".join(f'"{each}"' for each in near or attribute.options[:8])
    raise Fault(
        "unknown_option",
        f'is no option of the attribute "{attribute.name}"',
        f"Did you mean {shown}?" if near else f"Its options are: {shown}.",
    )
