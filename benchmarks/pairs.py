"""Ways of doing the same thing, run in turn, each time in a process of its own.

A fresh process makes CPU time and peak memory each way's own. Every way answers what it found; one that found
something else than it should is refused, before anybody looks at its time.
"""

from __future__ import annotations

import json
import os
import re
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

# Asked once the clock has stopped: what was found, for the check. It goes through JSON.
Findings = Callable[[], object]
# What is measured.
Job = Callable[[], Findings]
# Given the folder with the data, loads what is not to be measured and answers what is.
Way = Callable[[Path], Job]

ROOT = Path(__file__).resolve().parent.parent


class WrongAnswer(Exception):
    """A way found something else than is there; its time means nothing."""


@dataclass(frozen=True)
class Cost:
    """What one run of a way took.

    Args:
        cpu: Seconds of CPU, all threads.
        wall: Seconds by the clock.
        peak: The most memory its process held, MB, with what was loaded before.
    """

    cpu: float
    wall: float
    peak: float


@dataclass(frozen=True)
class Costs:
    """What the runs of several ways took, in the order of the turns.

    Args:
        runs: Each way to what its runs took; none where what it needs is not installed.
    """

    runs: Mapping[str, Sequence[Cost]]

    def of(self, way: str, measure: str) -> list[float]:
        """One figure of each run of a way: `cpu`, `wall` or `peak`."""
        return [float(getattr(run, measure)) for run in self.runs[way]]

    def ratio(self, way: str, other: str, measure: str = "cpu") -> float | None:
        """How many times as much a way takes as another: the median over the turns.

        A way that ran fewer times is compared by its last run; None where one did not run.
        """
        one, two = self.of(way, measure), self.of(other, measure)
        if not one or not two:
            return None
        turns = max(len(one), len(two))
        pairs = zip(_stretched(one, turns), _stretched(two, turns), strict=True)
        return statistics.median(left / right for left, right in pairs)


def _stretched(figures: list[float], turns: int) -> list[float]:
    return figures + [figures[-1]] * (turns - len(figures))


def compare(
    module: str,
    ways: Sequence[str],
    folder: Path,
    expected: Mapping[str, object],
    pairs: int,
    once: Sequence[str] = (),
) -> Costs:
    """Run ways in turn, in alternating order.

    Args:
        module: The comparison's, below `benchmarks`; its WAYS names the ways.
        ways: Which of them.
        folder: Where its data lie.
        expected: What each way must answer.
        pairs: How many turns.
        once: Those that take so long that one turn must do.

    Raises:
        WrongAnswer: A way answered something else.
    """
    runs: dict[str, list[Cost]] = {way: [] for way in ways}
    for turn in range(pairs):
        for way in ways if turn % 2 == 0 else reversed(ways):
            if turn == 0 or way not in once:
                told = run_apart(module, way, folder)
                if "missing" in told:
                    continue
                _check(way, told["answer"], expected[way])
                runs[way].append(Cost(**told["cost"]))
    return Costs(runs)


def _check(way: str, answer: object, expected: object) -> None:
    if answer != expected:
        raise WrongAnswer(f"{way} found {answer}, where {expected} is right.")


def run_apart(module: str, way: str, folder: Path) -> dict[str, Any]:
    """Run one way once, in a process of its own.

    Returns:
        `cost` and `answer`; or `missing`, the package that it needs and that is not installed.
    """
    command = [sys.executable, "-m", "benchmarks.pairs", module, way, str(folder)]
    ran = subprocess.run(  # noqa: S603 - our own command
        command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment()
    )
    told: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return told


def environment() -> dict[str, str]:
    """This process's environment, without what would settle for wizsync whom it talks to."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("WIZSYNC_")}
    return {**kept, "PYTHONPATH": str(ROOT)}


def digest(keys: Sequence[str]) -> str:
    """How many keys there are, and a mark of which, whatever their order."""
    return f"{len(keys)} {sha256(chr(10).join(sorted(keys)).encode()).hexdigest()[:16]}"


def peer(name: str) -> Any:
    """A package that wizsync is compared with; it need not be installed."""
    return import_module(name)


def measured(job: Job) -> tuple[Cost, object]:
    """What a job takes, and what it found."""
    wall, cpu = time.perf_counter(), time.process_time()
    findings = job()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    cost = Cost(cpu, wall, peak_memory())
    return cost, findings()


def peak_memory() -> float:
    """The most memory this process has held so far, MB."""
    status = Path("/proc/self/status")
    if status.exists():
        # What getrusage tells begins with the memory of the process that started this one.
        held = re.search(r"VmHWM:\s+(\d+) kB", status.read_text(encoding="ascii"))
        if held:
            return int(held[1]) / 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024**2 if sys.platform == "darwin" else 1024)


def _main(module: str, way: str, folder: str) -> None:
    try:
        job = import_module(f"benchmarks.{module}").WAYS[way](Path(folder))
    except ModuleNotFoundError as error:
        print(json.dumps({"missing": error.name}))
        return
    cost, answer = measured(job)
    print(json.dumps({"cost": vars(cost), "answer": answer}))


if __name__ == "__main__":
    _main(*sys.argv[1:])
