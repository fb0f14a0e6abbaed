"""The right name nearest to a mistyped one."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """The choice most like a mistyped word, or None where none is alike."""
    from rapidfuzz import fuzz, process, utils  # noqa: PLC0415 - only mistakes need it

    found = process.extractOne(
        word, list(choices), scorer=fuzz.ratio, processor=utils.default_process, score_cutoff=60
    )
    return found[0] if found else None
