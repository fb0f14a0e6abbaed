"""Secrets are taken out of texts however they are spelled."""

from __future__ import annotations

import base64
import html
import json
import textwrap
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest

from wizsync.redaction import masked

SECRETS = ["wiz_Live-9f8e7d6c5b4a", "a+b/c==&<d>'e\"f\\g", "pässwörd für alle", "short"]
SPELLINGS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "JSON": json.dumps,
    "JSON with letters": lambda s: json.dumps(s, ensure_ascii=False),
    "JSON with slashes": lambda s: json.dumps(s).replace("/", r"\/"),
    "JSON with codes": lambda s: "".join(f"\\u{ord(c):04X}" for c in s),
    "repr": lambda s: repr({"key": s}),
    "ASCII": ascii,
    "address": lambda s: f"?key={quote(s, safe='')}",
    "form": lambda s: f"key={quote_plus(s)}",
    "address in small letters": lambda s: quote(s, safe="").replace("%C3", "%c3"),
    "address all in codes": lambda s: "".join(f"%{b:02x}" for b in s.encode()),
    "HTML": html.escape,
    "HTML in codes": lambda s: "".join(f"&#{ord(c)};" for c in s),
}
LONG: dict[str, Callable[[str], str]] = {
    **{
        f"base64 behind {before}": lambda s, b=before: base64.b64encode(b + s.encode()).decode()  # type: ignore[misc]
        for before in (b"", b":", b"me", b"me:", b"user:")
    },
    "base64 for addresses": lambda s: base64.urlsafe_b64encode(s.encode()).decode(),
    "base64 before more": lambda s: base64.b64encode(s.encode() + b"\xff\xfe:more").decode(),
    "hexadecimal": lambda s: s.encode().hex(),
    "over lines": lambda s: "\n    ".join(textwrap.wrap(s, 6, drop_whitespace=False)),
    "over quoted lines": lambda s: "'" + "'\n '".join(s[i : i + 6] for i in range(0, len(s), 6)),
    "over lines in JSON": lambda s: json.dumps(f"{s[:5]}\r\n\t{s[5:]}"),
}


def parts(secret: str) -> set[str]:
    """What must not be left of a secret: any of its halves."""
    return {secret[: len(secret) // 2], secret[len(secret) // 2 :]}


@pytest.mark.parametrize("how", SPELLINGS)
@pytest.mark.parametrize("secret", SECRETS)
def test_however_it_is_spelled(secret: str, how: str) -> None:
    text = masked(f"first {SPELLINGS[how](secret)}, then {secret}.", ["another", secret])
    assert text.startswith("first ")
    assert text.endswith(", then ***.")
    assert text.count("***") == 2
    assert not any(part in text for part in parts(secret))


@pytest.mark.parametrize("how", LONG)
@pytest.mark.parametrize("secret", SECRETS[:2])
def test_however_it_is_coded_or_broken(secret: str, how: str) -> None:
    coded = LONG[how](secret)
    text = masked(f"first {coded}, last", [secret])
    assert text.startswith("first ")
    assert text.endswith(", last")
    assert "***" in text
    # Of what is coded a digit at each end tells of what stands beside it, too.
    assert sum(letter in text for letter in textwrap.wrap(coded, 8)) <= 1


def test_what_is_no_secret_stays() -> None:
    assert masked("nothing here", {"secret"}) == "nothing here"
    assert masked("nothing here", {""}) == "nothing here"
    assert masked("nothing here", ()) == "nothing here"
    assert masked("s h o r t", {"short"}) == "s h o r t"


def test_a_long_text_takes_no_long_time() -> None:
    key = "k" * 60 + "!"
    assert masked("k" * 20_000, {key}) == "k" * 20_000
