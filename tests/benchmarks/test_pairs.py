"""Ways run in turn: each in a process of its own, and none that answers wrongly counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import data, reading_csv
from benchmarks.pairs import Cost, Costs, WrongAnswer, compare, digest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Customers enough to be read."""
    data.make(tmp_path, 500, "plain")
    return tmp_path


def right(rows: int) -> list[str]:
    return [
        digest([data.key(n) for n in range(rows)]),
        digest([data.zip_code(n) for n in range(rows)]),
    ]


def test_what_answers_rightly_is_measured(folder: Path):
    ways = ["wizsync", "pyarrow"]
    costs = compare(
        "reading_csv", ways, folder, dict.fromkeys(ways, right(500)), 2, once=["pyarrow"]
    )
    assert [len(costs.runs[way]) for way in ways] == [2, 1]
    for way in ways:
        assert min(costs.of(way, "cpu")) > 0
        assert min(costs.of(way, "wall")) > 0
        assert min(costs.of(way, "peak")) > 10
    assert costs.ratio("wizsync", "pyarrow")


def test_a_peer_that_reads_something_else_is_refused(folder: Path):
    # It makes the number 1234 of the zip code 01234.
    with pytest.raises(WrongAnswer, match="pandas_default found"):
        compare("reading_csv", ["pandas_default"], folder, {"pandas_default": right(500)}, 1)


def test_a_peer_that_is_not_installed_is_left_out(folder: Path, monkeypatch: pytest.MonkeyPatch):
    (folder / "fastexcel").mkdir()
    (folder / "fastexcel" / "__init__.py").write_text("import no_such_package_at_all\n")
    monkeypatch.setattr("benchmarks.pairs.environment", lambda: {"PYTHONPATH": f"{folder}:."})
    costs = compare("reading_excel", ["fastexcel"], folder, {"fastexcel": None}, 1)
    assert costs.runs == {"fastexcel": []}


def test_a_ratio_is_the_median_of_the_turns():
    runs = {
        "one": [Cost(cpu, cpu, 1.0) for cpu in (2.0, 9.0, 4.0)],
        "other": [Cost(cpu, cpu, 1.0) for cpu in (1.0, 1.0, 4.0)],
        "once": [Cost(2.0, 2.0, 1.0)],
    }
    assert Costs(runs).ratio("one", "other") == 2.0
    assert Costs(runs).ratio("one", "once") == 2.0


def test_the_ways_of_a_comparison_are_those_of_its_table():
    assert set(reading_csv.WAYS) == set(reading_csv.NAMES)
