"""How planning and reading grow: ten times as much, again and again."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path

from benchmarks import data, planning
from benchmarks.page import Aim, Section, Table
from benchmarks.pairs import Costs, Findings, Job, Way, compare
from benchmarks.plot import Curve, plot
from benchmarks.sandbox import KEY, sandbox

ROWS = {"quick": (1_000, 10_000), "full": (10_000, 100_000, 1_000_000)}
CUSTOMERS = {"quick": (1_000, 2_000), "full": (1_000, 10_000, 100_000)}
PLOT = "growth.svg"
# So much more than ten times the CPU may ten times as much take.
MOST_GROWTH = 1.1


def wizsync(folder: Path) -> Job:
    """Planning, as in `planning`."""
    return planning.wizsync(folder)


def account(folder: Path) -> Job:
    """Every customer of an account read, as `sync` reads them."""
    from wizsync.api import WizCommerce  # noqa: PLC0415 - each process loads what it measures
    from wizsync.observed import AccountReader  # noqa: PLC0415
    from wizsync.state.protocol import Facts  # noqa: PLC0415

    many = int((folder / "customers").read_text(encoding="ascii"))
    stack = ExitStack()
    url = stack.enter_context(sandbox(many))

    async def read() -> int:
        async with WizCommerce(url, KEY, rate=100_000.0) as client:
            reader = AccountReader(client, Facts(), {})
            fields = ("companyName", "email", "phone")
            snapshot = await reader.snapshot(
                [], fields, whole=True, may_create=False, rests_on=lambda _: False
            )
        return len(snapshot.customers)

    def job() -> Findings:
        found = asyncio.run(read())
        return lambda: _end(stack, found)

    return job


def _end(stack: ExitStack, found: int) -> int:
    stack.close()
    return found


WAYS: Mapping[str, Way] = {"wizsync": wizsync, "account": account}


def section(size: str, pairs: int) -> Section:
    """The comparison."""
    plans = {rows: _planned(rows, pairs) for rows in ROWS[size]}
    reads = {many: _read(many, pairs) for many in CUSTOMERS[size]}
    curves = (
        Curve("planning a file", _medians(plans, "wizsync")),
        Curve("reading an account", _medians(reads, "account")),
    )
    tables = [
        _table(plans, "wizsync", "Rows of the file, and customers of the account"),
        _table(reads, "account", "Customers of the account, of whom all are read"),
    ]
    aims = [
        Aim(f"CPU of {curve.name}, ten times as much, in times of ten", MOST_GROWTH, growth / 10)
        for curve in curves
        for growth in [max(b[1] / a[1] for a, b in pairwise(curve.points))]
    ]
    return Section(
        "How it grows",
        "Planning a file of so many rows with an account of as many customers, and reading an account "
        "through its lists, by CPU. Both scales of the plot are logarithmic: a line as steep as the grey one "
        "means ten times the work for ten times as much.\n\n"
        f"![Seconds of CPU by rows and by customers.]({PLOT})",
        tables,
        aims,
        figures={PLOT: plot(curves, "rows or customers", "seconds of CPU")},
    )


def _planned(rows: int, pairs: int) -> Costs:
    with tempfile.TemporaryDirectory() as name:
        data.make_apart(Path(name), rows, "plain")
        right = {"wizsync": data.expected(rows)}
        return compare("growing", ["wizsync"], Path(name), right, pairs)


def _read(many: int, pairs: int) -> Costs:
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "customers").write_text(str(many), encoding="ascii")
        return compare("growing", ["account"], Path(name), {"account": many}, pairs)


def _medians(seen: Mapping[int, Costs], way: str) -> list[tuple[float, float]]:
    return [(many, statistics.median(costs.of(way, "cpu"))) for many, costs in seen.items()]


def _table(seen: Mapping[int, Costs], way: str, title: str) -> Table:
    heads = ("", "CPU, s: median", "least", "ms a thousand", "most memory, MB")
    rows = []
    for many, costs in seen.items():
        figures = costs.of(way, "cpu")
        middle = statistics.median(figures)
        rows.append(
            (
                f"{many:,}",
                f"{middle:.2f}",
                f"{min(figures):.2f}",
                f"{middle / many * 1e6:.1f}",
                f"{max(costs.of(way, 'peak')):,.0f}",
            )
        )
    return Table(heads, rows, title)
