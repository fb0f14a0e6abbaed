"""Transforms of yes and no."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import BeforeValidator, Field

from wizsync.mapping.transforms.arguments import ONE_OR_MORE, listed
from wizsync.mapping.transforms.fault import Fault

_YES = ("true", "yes", "y", "t", "1", "x", "on", "ja", "oui", "si", "sí", "wahr", "vrai")
_NO = ("false", "no", "n", "f", "0", "off", "nein", "non", "falsch", "faux")

Words = Annotated[Sequence[str], BeforeValidator(listed), Field(min_length=1), ONE_OR_MORE]


def boolean(
    text: str,
    yes: Annotated[Words, Field(description="The file's own words for yes.")] = _YES,
    no: Annotated[Words, Field(description="The file's own words for no.")] = _NO,
) -> str:
    """Make it `true` or `false`; capitals do not count."""
    word = text.strip().casefold()
    if word in [w.casefold() for w in yes]:
        return "true"
    if word in [w.casefold() for w in no]:
        return "false"
    raise Fault(
        "bad_boolean", "is neither yes nor no", f"Write {yes[0]} or {no[0]}, or empty the cell."
    )
