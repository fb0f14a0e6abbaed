"""The comparisons themselves, as far as they need nobody else's package."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import data, diffing, planning, writing
from benchmarks.pairs import compare, digest


@pytest.mark.parametrize("kind", ["plain", "transformed"])
def test_planning_finds_what_differs(kind: str, tmp_path: Path):
    data.make(tmp_path, 1100, kind)
    right = data.expected(1100)
    assert right["created"].startswith("2 ")
    assert right["changed"].startswith("9 ")
    ways = ["wizsync", "loop", "records"]
    costs = compare("planning", ways, tmp_path, dict.fromkeys(ways, right), 1)
    assert all(len(costs.runs[way]) == 1 for way in ways)
    assert set(planning.WAYS) == set(planning.NAMES)


def test_the_difference_alone_is_found(tmp_path: Path):
    right = diffing.make(tmp_path, 1100)
    costs = compare("diffing", ["wizsync"], tmp_path, {"wizsync": right}, 1)
    assert len(costs.runs["wizsync"]) == 1


def test_writing_creates_each_customer_once(tmp_path: Path):
    right = {"created": digest(writing.make(tmp_path, 20, 0)), "twice": 0}
    ways = ["wizsync", "loop"]
    costs = compare("writing", ways, tmp_path, dict.fromkeys(ways, right), 1)
    assert all(len(costs.runs[way]) == 1 for way in ways)
