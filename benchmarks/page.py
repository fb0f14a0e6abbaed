"""docs/performance.md: what the comparisons came to, in plain words and tables."""

from __future__ import annotations

import json
import os
import platform
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from benchmarks.pairs import Costs

# Named on the page, in this order; of those that are installed.
PACKAGES = (
    *(
        "pandas",
        "pyarrow",
        "numpy",
        "httpx",
        "pydantic",
        "python-calamine",
        "openpyxl",
        "XlsxWriter",
    ),
    *("duckdb", "fastexcel", "csv-diff", "datacompy", "polars", "daff", "dlt", "tenacity"),
)


@dataclass(frozen=True)
class Table:
    """A table.

    Args:
        heads: Its columns.
        rows: Its rows, a text for each column.
        title: A line above it, if any.
    """

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    title: str = ""


@dataclass(frozen=True)
class Aim:
    """What was to be reached.

    Args:
        what: In words.
        limit: A figure that is not to be passed.
        seen: What was measured; None: it could not be.
        unit: Behind both figures.
    """

    what: str
    limit: float
    seen: float | None
    unit: str = ""

    @property
    def told(self) -> str:
        """One line of it."""
        if self.seen is None:
            return f"{self.what}: not measured here."
        said = "reached" if self.seen <= self.limit else "**not reached**"
        unit = f" {self.unit}" if self.unit else ""
        return f"{self.what}: at most {self.limit:g}{unit}; seen {self.seen:.2f}{unit}, {said}."


@dataclass(frozen=True)
class Section:
    """What one comparison came to.

    Args:
        title: The question.
        about: What was done, and how it was checked.
        tables: The figures.
        aims: What was to be reached.
        after: What follows from it.
        figures: Pictures beside the page: their names to their SVG.
    """

    title: str
    about: str
    tables: Sequence[Table]
    aims: Sequence[Aim] = ()
    after: str = ""
    figures: Mapping[str, str] = field(default_factory=dict)


def costs_table(
    costs: Costs, names: Mapping[str, str], *, measure: str = "cpu", title: str = ""
) -> Table:
    """The ways of a comparison, one a row; the first is what the others are compared with.

    Args:
        costs: What they took.
        names: Each way to what people call it, in the order of the rows.
        measure: `cpu` or `wall`, by which they are compared.
        title: A line above it.
    """
    word = "CPU, s" if measure == "cpu" else "time, s"
    first, *_ = names
    heads = (
        "",
        f"{word}: median",
        "least",
        "most memory, MB",
        f"{names[first].split(',')[0]} takes, times",
    )
    rows = []
    for way, name in names.items():
        figures = costs.of(way, measure)
        if not figures:
            rows.append((name, "not installed", "", "", ""))
            continue
        ratio = costs.ratio(first, way, measure) if way != first else None
        rows.append(
            (
                name,
                _seconds(statistics.median(figures)),
                _seconds(min(figures)) if len(figures) > 1 else "once",
                f"{max(costs.of(way, 'peak')):,.0f}",
                f"{ratio:.2f}" if ratio is not None else "",
            )
        )
    return Table(heads, rows, title)


def _seconds(figure: float) -> str:
    return f"{figure:.2f}" if figure >= 0.1 else f"{figure:.4f}"


# --- keeping what was measured -------------------------------------------------------------------


def keep(section: Section, path: Path, size: str, pairs: int) -> None:
    """Keep a section, so that the page can be written anew without measuring it again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    when = datetime.now(UTC).date().isoformat()
    value = {"section": asdict(section), "size": size, "pairs": pairs, "when": when}
    path.write_text(json.dumps(value, indent=1), encoding="utf-8")


def kept(path: Path) -> tuple[Section, str]:
    """A section that was kept, and a line on how it was measured."""
    value = json.loads(path.read_text(encoding="utf-8"))
    of = value["section"]
    section = Section(
        **{
            **of,
            "tables": [Table(**each) for each in of["tables"]],
            "aims": [Aim(**each) for each in of["aims"]],
        }
    )
    times = "once" if value["pairs"] == 1 else f"{value['pairs']} times in turn"
    return section, f"Measured on {value['when']}, size {value['size']}, {times}."


# --- the page -----------------------------------------------------------------------------------


def page(sections: Iterable[tuple[Section, str]]) -> str:
    """The page's text.

    Args:
        sections: Each with a line on how it was measured.
    """
    told = list(sections)
    aims = [aim for section, _ in told for aim in section.aims]
    reached = [aim.told for aim in aims if aim.seen is not None and aim.seen <= aim.limit]
    others = [aim.told for aim in aims if aim.seen is None or aim.seen > aim.limit]
    blocks = [_HEAD, _machine()]
    if reached:
        blocks.append("## What is reached\n\n" + _list(reached))
    if others:
        blocks.append("## What is not\n\n" + _list(others))
    blocks += [_section(section, measured) for section, measured in told]
    return "\n\n".join(blocks) + "\n"


_HEAD = """\
# How fast it is

This page is written by `python -m benchmarks`; nobody edits it. To make it again, after
`pip install -e ".[dev,benchmarks]"`:

    python -m benchmarks --size full

What a user waits for is mostly the account's rate limit; how many requests that is, tests count exactly.
Here are the CPU and the memory of the rest. Ways of doing the same thing are run in turn, in one run, each
time in a process of its own, and what each found must be right before its time counts. Believe the ratios,
not the seconds: those are this machine's. A ratio is the median of those of the single turns; below 1,
wizsync is faster. Memory is the most that the process held, with what was loaded before the clock began."""


def _machine() -> str:
    """What it was measured on."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    versions = ", ".join(f"{name} {version}" for name, version in _versions())
    return (
        f"Machine: {platform.system()} on {platform.machine()}, {cores} cores, "
        f"Python {platform.python_version()}.\nWith {versions}."
    )


def _versions() -> Iterable[tuple[str, str]]:
    for name in PACKAGES:
        try:
            yield name, metadata.version(name)
        except metadata.PackageNotFoundError:
            continue


def _section(section: Section, measured: str) -> str:
    blocks = [f"## {section.title}", section.about]
    blocks += [_table(table) for table in section.tables]
    if section.aims:
        blocks.append(_list(aim.told for aim in section.aims))
    return "\n\n".join(filter(None, [*blocks, section.after, measured]))


def _table(table: Table) -> str:
    rules = ["---", *["---:"] * (len(table.heads) - 1)]
    lines = [_row(row) for row in (table.heads, rules, *table.rows)]
    return "\n".join(([f"{table.title}:", ""] if table.title else []) + lines)


def _row(texts: Sequence[Any]) -> str:
    return f"| {' | '.join(map(str, texts))} |"


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
