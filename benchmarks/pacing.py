"""How much of a rate is used, as the server sees it: a fixed one, an unknown limit, and one that changes.

    python -m benchmarks.pacing [--writes 2000] [--only fixed|run|unknown|changing]

A sandbox in a process of its own notes when each write arrives. `fixed` sends 50 creates a second by the
client alone, `run` the same by a whole `sync` with its records and looks; `unknown` lets the client find a
limit of 40, and `changing` one that goes from 40 to 10 and back.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import itertools
import os
import subprocess
import sys
import tempfile
import time
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from wizsync import pipeline
from wizsync.api import AUTO, CustomerCreateRequest, Rate, WizCommerce
from wizsync.model import Limit
from wizsync.pipeline import Options
from wizsync.settings import Connection

KEY = "sandbox-key"
FIXED = 50.0
UNKNOWN = 40.0
LOWER = 10.0
# Seconds that a search may take before its share counts, and of each part of a limit that changes.
SEARCH = 10.0
PARTS = (40.0, 40.0, 60.0)
MAPPING = """\
version: 1
customer:
  referenceId: Code
  companyName: {column: Company, required: true}
  displayName: {column: Company}
"""


class Server:
    """A sandbox's address, and what it tells by its control address."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._control = url.removesuffix("/v1") + "/control"

    def limit(self, rate: float) -> None:
        """Change its limit."""
        httpx.put(f"{self._control}/rate", json={"rate": rate}).raise_for_status()

    def writes(self) -> list[dict[str, Any]]:
        """The writes that arrived, in that order."""
        answer = httpx.get(f"{self._control}/ledger", timeout=60)
        return list(answer.json())

    def refused(self) -> tuple[int, int]:
        """How many requests were answered 429, and how many there were."""
        counts = httpx.get(f"{self._control}/requests").json()
        return counts["statuses"].get("429", 0), counts["total"]


@contextmanager
def sandbox(*options: str) -> Iterator[Server]:
    """A sandbox in a process of its own."""
    words = ("sandbox", "--port", "0", "--customers", "1", "--control", *options)
    environ = {name: text for name, text in os.environ.items() if not name.startswith("WIZSYNC_")}
    with subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "wizsync", *words], stdout=subprocess.PIPE, text=True, env=environ
    ) as process:
        try:
            # Its first line ends with its address.
            yield Server(next(iter(process.stdout or ())).split()[-1])
        finally:
            process.terminate()


def send(url: str, rate: Rate, goes_on: Callable[[int], bool]) -> None:
    """Creates customers as fast as the client lets them leave, as long as it is to go on."""
    numbers = itertools.count()

    async def sender(wiz: WizCommerce) -> None:
        while goes_on(number := next(numbers)):
            name = f"N-{number}"
            await wiz.customers.create(
                CustomerCreateRequest(reference_id=name, company_name=name, display_name=name)
            )

    async def all_of_them() -> None:
        async with WizCommerce(url, KEY, dialect="snake", rate=rate) as wiz:
            await asyncio.gather(*(sender(wiz) for _ in range(16)))

    asyncio.run(all_of_them())


def fullest_second(times: Sequence[float]) -> int:
    """The most of them in any one second."""
    return max(bisect_left(times, start + 1.0) - place for place, start in enumerate(times))


def fixed(writes: int) -> None:
    """50 a second by the client alone."""
    with sandbox() as server:
        send(server.url, FIXED, lambda number: number < writes)
        times = [write["at_start"] for write in server.writes()]
    share = (len(times) - 1) / (times[-1] - times[0]) / FIXED
    print(
        f"fixed {FIXED:g}/s, {len(times):,} writes: {share:.2%} of the rate from first to last send; "
        f"fullest second {fullest_second(times)}"
    )


def run(writes: int) -> None:
    """50 a second by a sync of as many new customers."""
    with sandbox() as server, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "c.yaml").write_text(MAPPING, encoding="utf-8")
        with (folder / "c.csv").open("w", newline="", encoding="utf-8") as stream:
            rows = ((f"N-{number}", f"New {number}") for number in range(writes))
            csv.writer(stream).writerows([("Code", "Company"), *rows])
        options = Options(
            connection=Connection(server.url, KEY, "sandbox", "sandbox:pacing", rate=FIXED),
            state_dir=folder / "state",
            allow={name: Limit() for name in ("creates", "look_alikes")},
        )
        done = pipeline.sync(folder / "c.csv", folder / "c.yaml", options, approve=lambda _: True)
        if done.error:
            raise done.error
        ledger = server.writes()
    times = [write["at_start"] for write in ledger]
    requests = ledger[-1]["number"] - ledger[0]["number"]
    share = requests / (times[-1] - times[0]) / FIXED
    print(
        f"sync at {FIXED:g}/s, {len(times):,} writes and {requests + 1 - len(times)} reads between them: "
        f"{share:.2%} of the rate from first to last write; fullest second {fullest_second(times)} writes"
    )


def unknown(writes: int) -> None:
    """A limit of 40 a second that has to be found."""
    with sandbox("--rate", f"{UNKNOWN:g}") as server:
        send(server.url, AUTO, lambda number: number < writes)
        ledger, (refused, sent) = server.writes(), server.refused()
    done = [write["at_start"] for write in ledger if write["done"]]
    later = [moment for moment in done if moment >= ledger[0]["at_start"] + SEARCH]
    share = (len(later) - 1) / (later[-1] - later[0]) / UNKNOWN
    print(
        f"unknown {UNKNOWN:g}/s, {len(done):,} writes: {share:.1%} of it used after the first {SEARCH:g} s; "
        f"{refused} of {sent:,} requests answered 429 ({refused / sent:.2%})"
    )


def changing() -> None:
    """A limit that goes from 40 to 10 and back."""
    limits = (UNKNOWN, LOWER, UNKNOWN)
    with sandbox("--rate", f"{UNKNOWN:g}") as server:
        begun, changes = time.time(), list(itertools.accumulate(PARTS))
        parts = iter(zip(changes, limits[1:], strict=False))
        change, limit = next(parts)

        def goes_on(_: int) -> bool:
            nonlocal change, limit
            if time.time() >= begun + change:
                server.limit(limit)
                change, limit = next(parts, (float("inf"), limit))
            return time.time() < begun + changes[-1]

        send(server.url, AUTO, goes_on)
        ledger, (refused, sent) = server.writes(), server.refused()
    done = [write["at_start"] - begun for write in ledger if write["done"]]
    print(f"changing: {refused} of {sent:,} requests answered 429 ({refused / sent:.2%})")
    for start, end, limit in zip([0.0, *changes], changes, limits, strict=False):
        found = next(
            (s for s in _halves(start, end - 3) if _share(done, s, s + 3, limit) >= 0.9), None
        )
        told = "never" if found is None else f"after {found - start:.1f} s"
        print(
            f"  {limit:g}/s for {end - start:g} s: nine tenths used {told}; of its last 20 s "
            f"{_share(done, end - 20, end, limit):.1%} used"
        )


def _halves(start: float, end: float) -> Iterator[float]:
    """Every half second."""
    return (start + number / 2 for number in range(int((end - start) * 2)))


def _share(done: Sequence[float], start: float, end: float, limit: float) -> float:
    return (bisect_left(done, end) - bisect_left(done, start)) / (end - start) / limit


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--writes", type=int, default=2000)
    parser.add_argument("--only", choices=["fixed", "run", "unknown", "changing"])
    asked = parser.parse_args()
    ways: dict[str, Callable[[], None]] = {
        "fixed": lambda: fixed(asked.writes),
        "run": lambda: run(asked.writes),
        "unknown": lambda: unknown(asked.writes),
        "changing": changing,
    }
    for name, way in ways.items():
        if asked.only in {None, name}:
            way()


if __name__ == "__main__":
    main()
