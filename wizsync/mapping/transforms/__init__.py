"""The transforms: small named pure functions from a cell's text to another, with arguments.

`TRANSFORMS` is the list of them all; a new one is a function and a line there, and its examples in
`examples`. A function takes the text first and its arguments by name; the types of the arguments say
what a mapping may write, and their descriptions what they mean. It raises Fault where the text cannot
be used.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, create_model

from wizsync.mapping.transforms import booleans, contact, dates, numbers, places, text
from wizsync.mapping.transforms.examples import EXAMPLES, Example
from wizsync.mapping.transforms.fault import Fault

__all__ = ["TRANSFORMS", "Example", "Fault", "Step", "Transform"]


# The parameter by which a transform takes the row's country; a mapping does not write it.
_ROW_COUNTRY = "row_country"


class _Arguments(BaseModel):
    """What a mapping writes after a transform's name."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True)
class Transform:
    """A transform by its name in mappings.

    Args:
        function: What it does.
        arguments: The model of its arguments; the first is also what `{name: argument}` sets.
        examples: What it makes of cells; at least one.
        takes_country: It can use the row's country.
    """

    function: Callable[..., str]
    arguments: type[_Arguments]
    examples: tuple[Example, ...]
    takes_country: bool = False

    @property
    def name(self) -> str:
        """Its name in mappings."""
        return self.function.__name__

    @property
    def summary(self) -> str:
        """What it does, one sentence."""
        return self.says.splitlines()[0]

    @property
    def says(self) -> str:
        """What it does, all of it; paragraphs are parted by blank lines."""
        return inspect.getdoc(self.function) or ""

    @property
    def first(self) -> str | None:
        """The argument that `{name: argument}` sets, None where it takes none."""
        return next(iter(self.arguments.model_fields), None)

    @property
    def needs_argument(self) -> bool:
        """Its bare name alone is not enough."""
        return any(each.is_required() for each in self.arguments.model_fields.values())

    def named(self, written: Any) -> Any:
        """What a mapping wrote after the name, as arguments by name."""
        fields = self.arguments.model_fields
        if self.first is None or not isinstance(written, Mapping):
            return {self.first: written}
        takes_lines = get_origin(fields[self.first].annotation) is Mapping
        return {self.first: written} if takes_lines and not set(written) <= set(fields) else written


@dataclass(frozen=True)
class Step:
    """A transform with the arguments that a mapping gives it."""

    transform: Transform
    arguments: Mapping[str, Any] = field(default_factory=dict)

    def __call__(self, cell: str, country: str = "") -> str:
        """The text that becomes of a cell's; Fault where it cannot be used.

        Args:
            cell: The cell's text.
            country: The row's country, by any of its names; "" where nothing says it.
        """
        if self.transform.takes_country:
            return self.transform.function(cell, **self.arguments, row_country=country)
        return self.transform.function(cell, **self.arguments)


@cache
def _transform(function: Callable[..., str]) -> Transform:
    hints = get_type_hints(function, include_extras=True)
    parameters = list(inspect.signature(function).parameters.values())[1:]
    fields: dict[str, Any] = {
        each.name: (
            hints[each.name],
            ... if each.default is inspect.Parameter.empty else each.default,
        )
        for each in parameters
        if each.name != _ROW_COUNTRY
    }
    model = create_model(f"{function.__name__}_arguments", __base__=_Arguments, **fields)
    takes_country = _ROW_COUNTRY in {each.name for each in parameters}
    return Transform(function, model, EXAMPLES[function.__name__], takes_country)


TRANSFORMS: Mapping[str, Transform] = {
    each.name: each
    for each in map(
        _transform,
        (
            text.strip,
            text.collapse,
            text.upper,
            text.lower,
            text.title,
            text.zfill,
            text.digits,
            numbers.number,
            dates.date,
            booleans.boolean,
            contact.email,
            contact.phone,
            places.country,
            places.state,
            places.city_line,
            text.replace,
            text.regex,
            text.truncate,
        ),
    )
}
