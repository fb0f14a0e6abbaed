"""The page that the benchmarks write: what it is made of, and that it can be made anew from what was kept."""

from __future__ import annotations

from pathlib import Path

from benchmarks.page import Aim, Section, Table, costs_table, keep, kept, page
from benchmarks.pairs import Cost, Costs

SECTION = Section(
    "Reading",
    "So it was done.",
    [Table(("", "CPU, s"), [("ours", "1.00")], "Of all")],
    [Aim("CPU, in times of theirs", 2.0, 1.5), Aim("Memory", 100, 120.0, "MB")],
    "So it is.",
    {"picture.svg": "<svg/>"},
)


def test_a_section_is_kept_and_read_back_as_it_was(tmp_path: Path):
    keep(SECTION, tmp_path / "kept" / "reading.json", "full", 3)
    section, measured = kept(tmp_path / "kept" / "reading.json")
    keep(section, tmp_path / "again.json", "full", 3)
    assert (tmp_path / "again.json").read_text() == (tmp_path / "kept" / "reading.json").read_text()
    assert measured.endswith("size full, 3 times in turn.")


def test_the_page_says_what_is_reached_and_what_is_not():
    text = page([(SECTION, "Measured then.")])
    reached, others = text.split("## What is not")
    assert "CPU, in times of theirs: at most 2; seen 1.50, reached." in reached
    assert "Memory: at most 100 MB; seen 120.00 MB, **not reached**." in others
    for part in ("Machine: ", "Python 3.", "pandas ", "## Reading", "So it was done.", "So it is."):
        assert part in text
    assert "Of all:\n\n|  | CPU, s |\n| --- | ---: |\n| ours | 1.00 |" in text


def test_what_is_not_installed_is_said_and_reaches_nothing():
    costs = Costs({"ours": [Cost(1.0, 2.0, 50.0)], "theirs": []})
    table = costs_table(costs, {"ours": "wizsync", "theirs": "another"})
    assert table.rows[1][:2] == ("another", "not installed")
    aim = Aim("CPU", 2.0, costs.ratio("ours", "theirs"))
    assert (
        "CPU: not measured here." in page([(Section("T", "A", (), [aim]), "")]).split("is not")[1]
    )
