"""What the reports of a run cost: seconds, and memory beside the plan and its outcomes.

    python -m benchmarks.reports [--changes 100000]

The run has so many changes, an address and a contact with each, and as many rows that cannot be used, each
with another bad phone. Every file is written in a process of its own: once for its time and the peak of the
process above what the run itself takes, once more under tracemalloc for what Python's objects take.
"""

from __future__ import annotations

import argparse
import gc
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from benchmarks.made_run import made_run
from wizsync import report
from wizsync.model import RunRecord
from wizsync.plan import write_plan

MIB = 2**20
WRITERS: dict[str, Callable[[RunRecord, Path], object]] = {
    "plan.jsonl": lambda run, path: write_plan(run.plan, path),
    "report.json": report.write_json,
    "report.html": report.write_html,
    "report.xlsx": report.write_xlsx,
    "rejected.csv": report.write_rejected,
    "rejected.xlsx": report.write_rejected_xlsx,
}


def measured(name: str, changes: int) -> Iterator[str]:
    """Write one file; its row of the table, cell by cell."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        WRITERS[name](made_run(10), path)  # what is imported and compiled once is not the file's
        run = made_run(changes)
        gc.collect()
        _forget_peak()
        before = _memory("VmRSS")
        start = time.process_time()
        WRITERS[name](run, path)
        seconds = time.process_time() - start
        peak = _memory("VmHWM") - before
        size = path.stat().st_size
        gc.collect()
        tracemalloc.start()
        WRITERS[name](run, path)
        objects = tracemalloc.get_traced_memory()[1]
    yield name
    yield f"{seconds:.1f}"
    yield f"{objects / MIB:.1f}"
    yield f"{peak / MIB:.1f}"
    yield f"{size / MIB:.1f}"


def _forget_peak() -> None:
    """Begin the process's peak anew, where the system lets us."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _memory(name: str) -> int:
    """A figure of the process's memory, in bytes; 0 where the system does not tell."""
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1]) * 1024
    return 0


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--changes", type=int, default=100_000)
    parser.add_argument("--only", choices=WRITERS, help="Measure one file, in this process.")
    asked = parser.parse_args()
    if asked.only:
        print("| " + " | ".join(measured(asked.only, asked.changes)) + " |")
        return
    print(f"{asked.changes:,} changes with two children each, {asked.changes:,} rejects\n")
    print("| file | CPU seconds | MiB of objects | MiB of the process | MiB of the file |")
    print("| --- | --- | --- | --- | --- |", flush=True)
    for name in WRITERS:
        words = ("--changes", str(asked.changes), "--only", name)
        subprocess.run([sys.executable, "-m", "benchmarks.reports", *words], check=True)  # noqa: S603


if __name__ == "__main__":
    main()
