"""Keys and passwords taken out of texts, before anybody sees them."""

from __future__ import annotations

import json
from collections.abc import Iterable

_MASK = "***"


def masked(text: str, secrets: Iterable[str]) -> str:
    """A text without any of the secrets, as they are or as JSON may spell them."""
    for secret in secrets:
        for spelling in _spellings(secret):
            text = text.replace(spelling, _MASK)
    return text


def _spellings(secret: str) -> list[str]:
    in_json = [json.dumps(secret, ensure_ascii=ascii_alone)[1:-1] for ascii_alone in (True, False)]
    return [secret, *in_json, *(text.replace("/", r"\/") for text in in_json)]
