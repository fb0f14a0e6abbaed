"""How soon wizsync answers: `--help`, `--version`, and the first request of a sync of 50 rows.

    python -m benchmarks.startup [--pairs 9] [--against TREE]

Printed are medians of the ratios of pairs, taken in turn: of the first two to a typer program of two commands
that does nothing; of the sync to a program that reads the file with pandas and sends one request with httpx;
and of each to the same in another tree of wizsync, where one is named. What is measured is CPU time, which
other work on the machine hardly changes; the seconds on the clock are told beside it. Linux alone tells the
CPU time of a process that is at work.
"""

from __future__ import annotations

import argparse
import os
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

MAPPING = """\
version: 1
customer:
  referenceId: Code
  companyName: {column: Company, required: true}
  email: Mail
  phone: Phone
"""
ROWS = "Code,Company,Mail,Phone\n" + "".join(
    f"C-{n},Company {n},{n}@example.com,+1206555{n:04}\n" for n in range(50)
)
TWO_COMMANDS = """\
import typer
app = typer.Typer(add_completion=False, rich_markup_mode=None)
@app.command()
def one() -> None:
    "Do one thing."
@app.command()
def other() -> None:
    "Do another."
app()
"""
ONE_REQUEST = """\
import sys
import pandas
import httpx
pandas.read_csv("c.csv", dtype=str)
httpx.get(sys.argv[1])
"""
# What the installed command does.
WIZSYNC = (sys.executable, "-c", "from wizsync.cli import main; main()")
HERE = Path(__file__).parent.parent


# CPU time, and seconds on the clock.
Times = tuple[float, float]


def to_end(words: Sequence[str], tree: Path = HERE) -> Times:
    """What a command takes."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(  # noqa: S603 - our own commands
        words, cwd=tree, env=_environment(tree), stdout=subprocess.DEVNULL, check=True
    )
    after, clock = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - start
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, clock


def to_first_request(words: Sequence[str], tree: Path = HERE) -> Times:
    """What a command takes until its first request is at the server, whose address its word URL becomes."""
    with tempfile.TemporaryDirectory() as name, socket.create_server(("127.0.0.1", 0)) as server:
        folder = Path(name)
        (folder / "c.csv").write_text(ROWS, encoding="utf-8")
        (folder / "c.yaml").write_text(MAPPING, encoding="utf-8")
        server.settimeout(60)
        url = f"http://127.0.0.1:{server.getsockname()[1]}/v1"
        start = time.perf_counter()
        with subprocess.Popen(  # noqa: S603 - our own command
            [url if word == "URL" else word for word in words],
            cwd=folder,
            env=_environment(tree) | {"WIZSYNC_API_KEY": "k"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            try:
                connection, _ = server.accept()
                with connection:
                    connection.settimeout(60)
                    connection.recv(1)
                    return _cpu_of(process.pid), time.perf_counter() - start
            finally:
                process.kill()


def _cpu_of(pid: int) -> float:
    """The CPU time of a process that is at work."""
    text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    # User and system time, the 14th and 15th figure; the name in brackets before may hold spaces.
    user, system = text.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _environment(tree: Path) -> dict[str, str]:
    # An installed program is compiled already, whatever is set here.
    kept = {
        name: text
        for name, text in os.environ.items()
        if not name.startswith("WIZSYNC_") and name != "PYTHONDONTWRITEBYTECODE"
    }
    return kept | {"PYTHONPATH": str(tree)}


def row(name: str, one: Callable[[], Times], other: Callable[[], Times], pairs: int) -> str:
    """What pairs come to: their ratios, and the times of the first of each."""
    one(), other()  # what is compiled once is not the start
    seen = [(one(), other()) for _ in range(pairs)]
    found = [mine[0] / theirs[0] for mine, theirs in seen]
    cpu, clock = (statistics.median(mine[at] for mine, _ in seen) for at in (0, 1))
    figures = (statistics.median(found), min(found), max(found), cpu, clock)
    return f"| {name} | {' | '.join(f'{figure:.2f}' for figure in figures)} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=9)
    parser.add_argument("--against", type=Path, help="Another tree of wizsync.")
    asked = parser.parse_args()
    sync = (*WIZSYNC, "sync", "c.csv", "-m", "c.yaml", "--yes", "-t", "URL", "--state-dir", "s")
    two_commands = (sys.executable, "-c", TWO_COMMANDS, "--help")
    one_request = (sys.executable, "-c", ONE_REQUEST, "URL")
    print("| what, and beside what | ratio | least | most | CPU seconds | seconds |")
    print("| --- | --- | --- | --- | --- | --- |", flush=True)
    for name, words, peer, timed in (
        ("--version", (*WIZSYNC, "--version"), two_commands, to_end),
        ("--help", (*WIZSYNC, "--help"), two_commands, to_end),
        ("sync to its first request", sync, one_request, to_first_request),
    ):
        ours, theirs = partial(timed, words), partial(timed, peer)
        print(row(f"{name}, a bare program", ours, theirs, asked.pairs), flush=True)
        if asked.against is not None:
            other = partial(timed, words, asked.against.resolve())
            print(row(f"{name}, the other tree", ours, other, asked.pairs), flush=True)


if __name__ == "__main__":
    main()
