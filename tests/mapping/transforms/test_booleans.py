"""Transforms of yes and no."""

from __future__ import annotations

import pytest

from tests.mapping.builders import transformed


@pytest.mark.parametrize(
    ("transform", "text", "result"),
    [
        *(("boolean", word, "true") for word in ("true", "YES", " y ", "1", "x", "on", "Ja", "sí")),
        *(("boolean", word, "false") for word in ("False", "no", "N", "0", "off", "nein", "faux")),
        *(("boolean", word, "!bad_boolean") for word in ("", "maybe", "2", "yes!", "-")),
        ({"boolean": "A"}, "a", "true"),
        ({"boolean": "A"}, "no", "false"),
        ({"boolean": "A"}, "yes", "!bad_boolean"),
        ({"boolean": {"yes": ["A", "B"], "no": ["I"]}}, "i", "false"),
        ({"boolean": {"yes": ["A", "B"], "no": ["I"]}}, "no", "!bad_boolean"),
        ({"boolean": {"no": "I"}}, "yes", "true"),
    ],
)
def test_yes_or_no(transform: object, text: str, result: str) -> None:
    assert transformed(transform, text) == result
