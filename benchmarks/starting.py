"""Starting: how long until the help is there, and until the first request leaves."""

from __future__ import annotations

import csv
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from benchmarks.page import Aim, Section, Table
from benchmarks.pairs import ROOT, WrongAnswer, environment
from benchmarks.writing import HEADER, MAPPING

# A start takes a fraction of a second, so there are so many times more turns.
TURNS = {"quick": 1, "full": 5}
ROWS = 50
MOST_HELP = 1.3

# What such a program is at its smallest.
TWO_COMMANDS = '''\
"""A program of two commands."""

import typer

app = typer.Typer()


@app.command()
def plan(file: str, target: str = "sandbox") -> None:
    """Say what would change."""


@app.command()
def sync(file: str, target: str = "sandbox", yes: bool = False) -> None:
    """Change it."""


app()
'''


def section(size: str, pairs: int) -> Section:
    """The comparison."""
    turns = pairs * TURNS[size]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "two_commands.py").write_text(TWO_COMMANDS, encoding="utf-8")
        helps = _in_turn(
            {
                "wizsync --help": lambda: _help("-m", "wizsync"),
                "a typer program of two commands": lambda: _help(str(folder / "two_commands.py")),
            },
            turns,
        )
        _write_file(folder)
        first = [_until_first_request(folder, turn) for turn in range(turns)]
    ours, theirs = helps.values()
    ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
    return Section(
        "Starting",
        f"CPU until the help is printed and the process has ended; and, for a `sync` of {ROWS} rows, the "
        "time from the start of the process until its first request arrives.",
        [
            Table(
                ("Help", "CPU, ms: median", "least"),
                [(each, *_milliseconds(figures)) for each, figures in helps.items()],
            ),
            Table(
                ("First request", "time, ms: median", "least"),
                [(f"wizsync sync, {ROWS} rows", *_milliseconds(first))],
            ),
        ],
        [Aim("CPU of --help, in times of a typer program of two commands", MOST_HELP, ratio)],
    )


def _in_turn(ways: Mapping[str, Callable[[], float]], turns: int) -> dict[str, list[float]]:
    seen: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(turns):
        for name in list(ways) if turn % 2 == 0 else reversed(list(ways)):
            seen[name].append(ways[name]())
    return seen


def _help(*words: str) -> float:
    """Seconds of CPU of a program that prints its help."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    told = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, *words, "--help"],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=environment(),
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if "sync" not in told.stdout or "plan" not in told.stdout:
        raise WrongAnswer(f"{words} does not tell of its commands.")
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def _write_file(folder: Path) -> None:
    (folder / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    with (folder / "few.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADER)
        for n in range(ROWS):
            writer.writerow(
                (f"N-{n}", f"Company {n}", f"b{n}@shop.example", "+12065550100", "net30")
            )


def _until_first_request(folder: Path, turn: int) -> float:
    """Seconds from the start of a `sync` until a server hears from it; it is ended then."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(60)
        url = f"http://127.0.0.1:{server.getsockname()[1]}/v1"
        words = ("sync", "few.csv", "-m", "mapping.yaml", "--target", url, "--yes")
        environ = {**environment(), "WIZSYNC_API_KEY": "sandbox-key"}
        start = time.perf_counter()
        with subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "wizsync", *words, "--state-dir", f"state-{turn}"],
            cwd=folder,
            env=environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            try:
                connection, _ = server.accept()
                with connection:
                    asked = connection.recv(16)
                    seconds = time.perf_counter() - start
            finally:
                process.kill()
    if not asked.startswith(b"GET /v1/"):
        raise WrongAnswer(f"The first request began with {asked!r}.")
    return seconds


def _milliseconds(seconds: Sequence[float]) -> tuple[str, str]:
    return f"{statistics.median(seconds) * 1000:.0f}", f"{min(seconds) * 1000:.0f}"
