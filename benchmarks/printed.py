"""Comparisons that print what they found, in a form of their own: each is shown on the page as it is."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec

from benchmarks.page import Section
from benchmarks.pairs import ROOT, environment


@dataclass(frozen=True)
class Printed:
    """A module of this package that prints its figures.

    Args:
        module: Its name.
        title: The question that it answers.
        about: What it does.
        words: Its options, by size.
    """

    module: str
    title: str
    about: str
    words: dict[str, tuple[str, ...]]

    @property
    def is_there(self) -> bool:
        """Whether the module is part of this tree."""
        return find_spec(f"benchmarks.{self.module}") is not None

    def section(self, size: str, pairs: int) -> Section:
        """What it prints."""
        words = [word.format(pairs=pairs) for word in self.words[size]]
        told = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", f"benchmarks.{self.module}", *words],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=environment(),
        )
        return Section(self.title, self.about, (), after=f"```text\n{told.stdout.strip()}\n```")


SAFETY = Printed(
    "cost_of_safety",
    "What safety costs",
    "A run of creates and updates as it is, and with parts of its safety taken away, in turn; ratios of the "
    "medians. Without the one or the other wizsync is not safe: these ways exist for this comparison alone.",
    {
        "quick": ("--changes", "100", "--pairs", "{pairs}"),
        "full": ("--changes", "2000", "--pairs", "{pairs}"),
    },
)
REPORTS = Printed(
    "reports",
    "Reports",
    "The files of a run, each written in a process of its own.",
    {"quick": ("--changes", "1000"), "full": ("--changes", "100000")},
)
PACING = Printed(
    "pacing",
    "The rate itself",
    "How much of a rate limit is used, as a server sees it that notes when each request arrives.",
    {"quick": ("--writes", "100", "--only", "fixed"), "full": ("--writes", "2000")},
)
