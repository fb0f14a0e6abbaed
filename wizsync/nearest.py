"""The right name nearest to a mistyped one, wherever people write names."""

from __future__ import annotations

import re
from collections.abc import Iterable


def nearest_of(word: str, choices: Iterable[str], *, limit: int) -> list[str]:
    """The choices most like a mistyped word, best first; none where nothing is like it.

    Case, spaces and punctuation do not count: `company_name` is like `companyName`.
    """
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - only mistakes need it

    found = process.extract(
        word, list(choices), scorer=fuzz.ratio, processor=_letters, limit=limit, score_cutoff=60
    )
    return [choice for choice, _, _ in found]


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """The choice most like a mistyped word, or None where none is alike."""
    return next(iter(nearest_of(word, choices, limit=1)), None)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()
