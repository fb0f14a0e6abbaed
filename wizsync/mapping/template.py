"""Templates: texts with fields in braces, `{companyName}-{displayId}`."""

from __future__ import annotations

import string
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wizsync.mapping.fields import field_name
from wizsync.mapping.problems import Misfit
from wizsync.model.customer import CHILD_FIELDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

_OF_CHILDREN = frozenset(name for fields in CHILD_FIELDS.values() for name in fields)


@dataclass(frozen=True, slots=True)
class Template:
    """A text with fields in it.

    Args:
        text: As written.
        parts: Texts between fields, and the field that follows each; None after the last.
    """

    text: str
    parts: tuple[tuple[str, str | None], ...]

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields it names, each once, in their order."""
        return tuple(dict.fromkeys(name for _, name in self.parts if name is not None))

    def fill(self, fields: Mapping[str, pd.Series]) -> pd.Series:
        """The texts for rows of fields; missing where a part is missing or "".

        Args:
            fields: For each of `fields` a `str` Series; all share one index.
        """
        first = fields[self.fields[0]]
        result = first.where(first.isna(), "")
        for before, name in self.parts:
            result = result + before
            if name is not None:
                result = result + fields[name].mask(fields[name] == "")
        return result


def is_template(text: str) -> bool:
    """Whether a text holds braces, and so is a template and not a column's name."""
    return "{" in text or "}" in text


def parse_template(text: str) -> Template:
    """Parse a template; `{{` and `}}` are braces themselves.

    Raises:
        Misfit: A brace is not closed, or what stands in braces is no field.
    """
    try:
        parsed = list(string.Formatter().parse(text))
    except ValueError:
        raise Misfit(
            f'The braces of the template "{text}" do not match.',
            "A field is written {companyName}; a brace itself {{ or }}.",
        ) from None
    parts = []
    for before, name, form, conversion in parsed:
        if form or conversion:
            raise Misfit(
                f'"{{{name}" in the template "{text}" has more than a field\'s name in its braces.',
                "Write the field's name alone: {companyName}.",
            )
        parts.append((before, None if name is None else _named(name, text)))
    template = Template(text, tuple(parts))
    if not template.fields:
        raise Misfit(
            f'The template "{text}" names no field.',
            "Name one as {companyName}; for a text that is always the same write {const: …}.",
        )
    return template


def _named(name: str, text: str) -> str:
    # Whether the field is mapped where the template stands is checked when all of the mapping is read.
    if name.strip() in _OF_CHILDREN:
        return name.strip()
    try:
        return field_name(name.strip())
    except Misfit as error:
        raise Misfit(f'In the template "{text}": {error.message}', error.hint) from None
