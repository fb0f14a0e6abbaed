"""The guide to rejects is complete, and quotes what the program says."""

from __future__ import annotations

import ast
import re
from collections import Counter

import pytest

from tests.cli.conftest import ROOT
from wizsync.model.reject_codes import CODES

PAGE = (ROOT / "docs" / "guides" / "what-rejects-mean.md").read_text(encoding="utf-8")
# The first cell of each row of the tables of what is said.
ROWS = re.findall(r"^\| (?!---|the report says|wizsync says)(.*?) \|", PAGE, re.MULTILINE)
SAID = sorted({part.strip(" .:,") for row in ROWS for part in re.split(r"[…;]", row)} - {""})


def test_every_code_has_its_row() -> None:
    told = re.findall(r"\| `(\w+)` \|$", PAGE, re.MULTILINE)
    assert Counter(told) == Counter(list(CODES))


@pytest.mark.parametrize("said", SAID)
def test_what_is_quoted_is_said_by_the_program(said: str) -> None:
    assert any(said in text for text in TEXTS)


def _texts() -> list[str]:
    """Every text in the program's source, a part of an f-string by itself."""
    sources = (ROOT / "wizsync").rglob("*.py")
    trees = [ast.parse(source.read_text(encoding="utf-8")) for source in sources]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    return [n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)]


TEXTS = _texts()
