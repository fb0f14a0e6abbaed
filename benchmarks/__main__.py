"""Run comparisons and write docs/performance.md."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from benchmarks import diffing, growing, planning, reading_csv, reading_excel, starting, writing
from benchmarks.page import Section, keep, kept, page
from benchmarks.pairs import ROOT
from benchmarks.printed import PACING, REPORTS, SAFETY

# In the order of the page: given a size and how many turns, each answers with its section.
COMPARISONS: Mapping[str, Callable[[str, int], Section]] = {
    "reading_csv": reading_csv.section,
    "reading_excel": reading_excel.section,
    "planning": planning.section,
    "diffing": diffing.section,
    "writing": writing.section,
    "growing": growing.section,
    "starting": starting.section,
    **{each.module: each.section for each in (REPORTS, PACING, SAFETY) if each.is_there},
}
KEPT = ROOT / "build" / "benchmarks"
PAGE = ROOT / "docs" / "performance.md"


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"of {', '.join(COMPARISONS)}; all, if none")
    parser.add_argument("--size", choices=("quick", "full"), default="quick")
    parser.add_argument("--pairs", type=int, default=3, help="how many turns")
    parser.add_argument("--page", type=Path, default=PAGE)
    parser.add_argument(
        "--kept", type=Path, default=KEPT, help="where figures are kept between runs"
    )
    asked = parser.parse_args()
    unknown = sorted(set(asked.names) - set(COMPARISONS))
    if unknown:
        parser.error(f"there is no comparison {', '.join(unknown)}")
    for name in asked.names or COMPARISONS:
        print(name, flush=True)
        section = COMPARISONS[name](asked.size, asked.pairs)
        if asked.size == "quick":  # what was to be reached is said of the full size
            section = replace(section, aims=())
        keep(section, asked.kept / f"{name}.json", asked.size, asked.pairs)
        for aim in section.aims:
            print(f"  {aim.told}", flush=True)
    files = [asked.kept / f"{name}.json" for name in COMPARISONS]
    sections = [kept(file) for file in files if file.exists()]
    asked.page.write_text(page(sections), encoding="utf-8")
    for section, _ in sections:
        for name, figure in section.figures.items():
            (asked.page.parent / name).write_text(figure, encoding="utf-8")


if __name__ == "__main__":
    main()
