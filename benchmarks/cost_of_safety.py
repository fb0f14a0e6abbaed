"""What safety costs: a run of 2,000 changes with and without durable records, and the look before each write.

    python -m benchmarks.cost_of_safety [--changes 2000] [--pairs 3]

Each way is run in turn, several times over, against a sandbox in a process of its own; what is printed are
ratios of the medians. Without the one or the other wizsync is not safe: these ways exist here alone.
"""

from __future__ import annotations

import argparse
import csv
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks.sandbox import KEY, sandbox
from wizsync import pipeline
from wizsync.model import Found, Limit
from wizsync.observed import AccountReader
from wizsync.pipeline import Options
from wizsync.settings import Connection
from wizsync.state import database

MAPPING = """\
version: 1
customer:
  referenceId: Code
  companyName: {column: Company, required: true}
  displayName: {column: Company}
  phone: Phone
"""


def run_once(changes: int, *, durable: bool, looks: bool) -> tuple[float, int]:
    """Seconds and requests of one run: half creates, half updates."""
    with tempfile.TemporaryDirectory() as name, sandbox(changes) as url:
        folder = Path(name)
        (folder / "c.yaml").write_text(MAPPING, encoding="utf-8")
        with (folder / "c.csv").open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream)
            writer.writerow(("Code", "Company", "Phone"))
            half = changes // 2
            writer.writerows((f"N-{n}", f"New {n}", "") for n in range(half))
            writer.writerows(
                (f"C-{10_001 + n}", f"Changed {n}", "+12065550100") for n in range(changes)
            )
        options = Options(
            connection=Connection(url, KEY, "sandbox", "sandbox:bench", rate=5000.0),
            state_dir=folder / "state",
            allow={name: Limit() for name in ("updates", "creates")},
        )
        with _without(durable=durable, looks=looks):
            start = time.perf_counter()
            done = pipeline.sync(
                folder / "c.csv", folder / "c.yaml", options, approve=lambda _: True
            )
            seconds = time.perf_counter() - start
        if done.error:
            raise done.error
        sent = done.record.requests
        return seconds, sent.list + sent.get + sent.create + sent.update


@contextmanager
def _without(*, durable: bool, looks: bool) -> Iterator[None]:
    """Take away what makes it safe, while the context lasts."""

    def hasty(connection: sqlite3.Connection, *how: Any) -> None:
        prepare(connection, *how)
        connection.execute("PRAGMA synchronous = OFF")

    async def blind(self: AccountReader, wanted: dict[str, str | None], *_: object) -> Found:
        known = self._finder.everybody or {}
        there = {key: [known[i]] for key, i in wanted.items() if i in known}
        return Found(there, frozenset(wanted) - there.keys())

    prepare: Callable[..., None] = database._prepare
    with (
        patch.object(database, "_prepare", prepare if durable else hasty),
        patch.object(AccountReader, "look_up", AccountReader.look_up if looks else blind),
    ):
        yield


def main() -> None:
    """Print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--changes", type=int, default=2000)
    parser.add_argument("--pairs", type=int, default=3)
    asked = parser.parse_args()
    ways = {
        "as it is": {"durable": True, "looks": True},
        "records not made durable": {"durable": False, "looks": True},
        "no look before writing": {"durable": True, "looks": False},
    }
    seen: dict[str, list[tuple[float, int]]] = {way: [] for way in ways}
    for _ in range(asked.pairs):
        for way, how in ways.items():
            seen[way].append(run_once(asked.changes, **how))
    base, requests = statistics.median(s for s, _ in seen["as it is"]), seen["as it is"][0][1]
    for way, runs in seen.items():
        ratio = base / statistics.median(seconds for seconds, _ in runs)
        print(f"{way}: {runs[0][1]:,} requests; as it is takes {ratio:.2f} times as long")
    print(f"as it is: {base:.1f} s, {requests:,} requests")


if __name__ == "__main__":
    main()
