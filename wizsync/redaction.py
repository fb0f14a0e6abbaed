"""Keys and passwords taken out of texts, before anybody sees them."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from urllib.parse import quote, quote_plus

_MASK = "***"

# Shorter than that, a secret's letters come by chance in a text of white space, and its codings anywhere.
_LONG = 8
# Where a text was broken into lines, as it is or as a quoted text has it.
_BREAK = r"""(?:["']?(?:\s|\\[nrt])+["']?)?"""


def masked(text: str, secrets: Iterable[str]) -> str:
    """A text without any of the secrets, however they are spelled.

    As they are, as JSON, HTML, an address or Python's repr has them, in base64 or hexadecimal, also inside
    of something longer, and over several lines.
    """
    for secret in secrets:
        if secret:
            text = _pattern(secret).sub(_MASK, text)
    return text


@lru_cache(maxsize=64)
def _pattern(secret: str) -> re.Pattern[str]:
    between = _BREAK if len(secret) >= _LONG else ""
    letters = ("|".join(map(re.escape, _spellings(letter))) for letter in secret)
    plain = between.join(f"(?:{letter})" for letter in letters)
    coded = (
        between.join(map(re.escape, one)) for one in sorted(_codings(secret), key=len, reverse=True)
    )
    return re.compile("|".join((*coded, plain)))


def _spellings(letter: str) -> list[str]:
    """How one letter may stand in a text, the longest first."""
    number = ord(letter)
    spelled = {letter, letter.encode("unicode_escape").decode(), html.escape(letter)}
    spelled |= {json.dumps(letter)[1:-1], quote(letter, safe=""), quote_plus(letter)}
    spelled |= {f"\\u{number:04x}", f"&#{number};", f"&#x{number:x};", f"\\{letter}"}
    spelled.add("".join(f"%{byte:02x}" for byte in letter.encode("utf-8", "replace")))
    # Hexadecimal digits may be capitals, all else is as it is.
    spelled |= {one[:2] + one[2:].upper() for one in spelled if one[0] in "\\&%" and len(one) > 2}
    return sorted(spelled, key=len, reverse=True)


def _codings(secret: str) -> Iterator[str]:
    """How a secret looks inside of what was coded as a whole: base64 by where it began, hexadecimal."""
    if len(secret) < _LONG:
        return
    raw = secret.encode("utf-8", "replace")
    yield raw.hex()
    yield raw.hex().upper()
    for before in range(3):
        coded = base64.b64encode(b"\0" * before + raw).decode().rstrip("=")
        # The digits at both ends hold bits of what stands beside it as well.
        start, end = -(-before * 8 // 6), (before + len(raw)) * 8 // 6
        yield coded[start:end]
        yield coded[start:end].replace("+", "-").replace("/", "_")
