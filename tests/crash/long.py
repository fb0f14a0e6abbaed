# ruff: noqa: T201 - it is a command
"""The long form of the laboratory: `python -m tests.crash.long --kills 500`.

Kills real processes until so many were, in both dialects, with faults at 5 %, and prints the figures as the
table that docs/reliability.md shows.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from multiprocessing import get_context
from pathlib import Path

from tests.crash.laboratory import Figures, killed


def main() -> int:
    """Run it; 1 where something was not as it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--share", type=float, default=0.05, help="of requests that go wrong")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1, help="of the first account")
    asked = parser.parse_args()
    start = time.monotonic()
    all_figures = list(_until(asked.kills, asked.seed, asked.share, asked.jobs))
    print(_table(all_figures, time.monotonic() - start, asked.share))
    bad = [(seed, f.verdict) for seed, f in all_figures if not f.verdict.is_clean]
    for seed, verdict in bad:
        print(f"seed {seed}: {verdict}", file=sys.stderr)
    return 1 if bad else 0


def _until(kills: int, seed: int, share: float, jobs: int) -> Iterator[tuple[int, Figures]]:
    """Accounts of rising seeds, both dialects in turn, until so many commands were killed."""
    done = 0
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        running: dict[Future[Figures], int] = {}
        while running or done < kills:
            while len(running) < jobs and done < kills:
                running[pool.submit(_one, seed, share)] = seed
                seed += 1
            ended, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in ended:
                figures = future.result()
                done += figures.kills
                print(f"seed {running[future]}: {figures.kills} kills, {done} in all", flush=True)
                yield running.pop(future), figures


def _one(seed: int, share: float) -> Figures:
    with tempfile.TemporaryDirectory() as folder:
        dialect = "camel" if seed % 2 else "snake"
        return killed(dialect, Path(folder), seed=seed, kills=50, share=share)


def _table(all_figures: list[tuple[int, Figures]], seconds: float, share: float) -> str:
    at: Counter[str] = Counter()
    struck: Counter[str] = Counter()
    ended: Counter[int] = Counter()
    for _, figures in all_figures:
        at += figures.at
        struck += figures.struck
        ended += figures.ended
    verdicts = [figures.verdict for _, figures in all_figures]
    rows = (
        ("commands killed", sum(f.kills for _, f in all_figures)),
        ("of these at any time", at["at any time"]),
        ("of these before or after a durable step", at.total() - at["at any time"]),
        ("accounts", len(all_figures)),
        (f"faults that struck ({share:.0%} of requests)", struck.total()),
        ("kinds of faults that struck", len(struck)),
        ("creates that reached the server", sum(v.creates for v in verdicts)),
        ("writes that reached the server", sum(v.writes for v in verdicts)),
        ("customers doubled", sum(len(v.doubled) for v in verdicts)),
        ("customers lost", sum(len(v.lost) for v in verdicts)),
        ("customers wrong", sum(len(v.wrong) for v in verdicts)),
        (
            "creates sent again for a customer that was there",
            sum(len(v.created_again) for v in verdicts),
        ),
        ("minutes", round(seconds / 60)),
    )
    ends = ", ".join(f"{number} with {code}" for code, number in sorted(ended.items()))
    lines = [f"| {name} | {number:,} |" for name, number in rows]
    return "\n".join(
        ["| | |", "| --- | --- |", *lines, f"| commands that ended by themselves | {ends} |"]
    )


if __name__ == "__main__":
    sys.exit(main())
