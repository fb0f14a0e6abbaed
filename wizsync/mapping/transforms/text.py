"""Transforms of plain text."""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated

import regex as patient
from pydantic import AfterValidator, Field

from wizsync.mapping.transforms.fault import Fault


def regular_expression(pattern: str) -> str:
    """A pattern, if it is one.

    Raises:
        ValueError: It is not, or Python's next version will read it otherwise.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            re.compile(pattern)
    except RecursionError:
        raise ValueError("no regular expression: it is nested too deep") from None
    except (re.error, OverflowError, Warning) as error:
        raise ValueError(f"no regular expression: {error}") from None
    return pattern


# A cell takes microseconds; a pattern that backtracks without end would take years.
_SECONDS = 0.25


def _searchable(pattern: str) -> str:
    """A regular expression of Python's, if the engine that can be stopped reads it, too."""
    try:
        _searched(pattern)
    except patient.error as error:
        raise ValueError(f"no regular expression: {error}") from None
    return pattern


Width = Annotated[int, Field(ge=1, le=1000)]
Pattern = Annotated[
    str, Field(min_length=1), AfterValidator(regular_expression), AfterValidator(_searchable)
]
Replacements = Annotated[Mapping[Annotated[str, Field(min_length=1)], str], Field(min_length=1)]


# Letters and digits, with the apostrophes and the accents that stand on their own within.
_WORD = re.compile("[^\\W_](?:[^\\W_]|['’\u0300-\u036f])*")


def strip(
    text: str,
    characters: Annotated[str | None, Field(description="The characters, in any order.")] = None,
) -> str:
    """Remove white space, or the given characters, at both ends."""
    return text.strip(characters)


def collapse(text: str) -> str:
    """Make each run of white space, line breaks too, one space."""
    return " ".join(text.split())


def upper(text: str) -> str:
    """Make it capitals."""
    return text.upper()


def lower(text: str) -> str:
    """Make it small letters."""
    return text.lower()


def title(text: str) -> str:
    """Begin each word with a capital, the rest small."""
    return _WORD.sub(lambda word: word[0].capitalize(), text)


def zfill(
    text: str, width: Annotated[Width, Field(description="How many characters there are then.")]
) -> str:
    """Put zeros in front up to a width."""
    return text.rjust(width, "0")


def digits(text: str) -> str:
    """Keep only the digits."""
    kept = "".join(str(unicodedata.digit(c)) for c in text if c.isdecimal())
    if not kept:
        raise Fault("no_digits", "has no digits", "Write the number, or empty the cell.")
    return kept


def replace(
    text: str,
    texts: Annotated[
        Replacements, Field(description="The old text to the new one. Capitals count.")
    ],
) -> str:
    """Replace texts by others, all at once, the longest first."""
    longest_first = sorted(texts, key=len, reverse=True)
    pattern = "|".join(re.escape(old) for old in longest_first)
    return re.sub(pattern, lambda found: texts[found[0]], text)


def regex(
    text: str,
    pattern: Annotated[Pattern, Field(description="The regular expression, as Python has them.")],
    replacement: Annotated[str, Field(description="What stands there then.")] = "",
) -> str:
    r"""Replace what a regular expression finds; `\1` is its first group.

    A cell on which it takes more than a quarter of a second is rejected: a pattern with a repetition inside a
    repetition may take years.
    """
    try:
        return _searched(pattern).sub(replacement, text, timeout=_SECONDS)
    except TimeoutError:
        raise Fault(
            "slow_regex",
            "takes too long to search by the regular expression in the mapping",
            'Write the pattern without a repetition inside a repetition, such as "(a+)+".',
        ) from None


@lru_cache(maxsize=256)
def _searched(pattern: str) -> patient.Pattern[str]:
    return patient.compile(pattern, patient.VERSION0)


def truncate(
    text: str, length: Annotated[Width, Field(description="How many characters stay.")]
) -> str:
    """Keep at most that many characters."""
    return text[:length].rstrip()
