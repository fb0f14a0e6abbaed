"""Secrets are taken out of texts however they are spelled."""

import json

import pytest

from wizsync.redaction import masked


@pytest.mark.parametrize("secret", ["abc-123", 'a"b\\c/d', "pässwörd"])
def test_as_it_is_and_as_json_spells_it(secret: str) -> None:
    texts = [secret, json.dumps(secret), json.dumps(secret, ensure_ascii=False)]
    texts.append(json.dumps(secret).replace("/", r"\/"))
    for text in texts:
        assert (
            masked(f"key {text}, {text}", [secret, "other"]) == f"key {_mask(text)}, {_mask(text)}"
        )


def _mask(text: str) -> str:
    return '"***"' if text.startswith('"') else "***"


def test_what_is_no_secret_stays() -> None:
    assert masked("nothing here", {"secret"}) == "nothing here"
    assert masked("nothing here", ()) == "nothing here"
