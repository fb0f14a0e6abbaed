"""Writing: new customers created, with all that makes it safe, and by what one writes in an afternoon."""

from __future__ import annotations

import asyncio
import csv
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks.page import Aim, Section, Table, costs_table
from benchmarks.pairs import Costs, Findings, Job, Way, compare, digest, peer
from benchmarks.sandbox import KEY, creates, sandbox

MAPPING = """\
version: 1
customer:
  referenceId: Code
  companyName: {column: Company, required: true}
  displayName: {column: Company}
  email: E-mail
  phone: Phone
  paymentTerm: Terms
"""
HEADER = ("Code", "Company", "E-mail", "Phone", "Terms")
# In the dialect that the sandbox speaks unless told otherwise.
FIELDS = ("reference_id", "company_name", "email", "phone", "payment_term")
IN_FLIGHT = 8

ROWS = {"quick": 300, "full": 5_000}
NAMES = {
    "wizsync": "wizsync, without its reports",
    "loop": "httpx and tenacity, 8 in flight",
    "dlt": "dlt, a destination of one's own",
    "sync": "wizsync, the whole sync",
}
# A server next door answers at once; one across a country does not.
LATENCIES = {0: "The server answers at once", 20: "The server takes 20 ms more for each answer"}
MOST_TIME = 1.25


def make(folder: Path, rows: int, latency: int) -> list[str]:
    """Write the file, its mapping, and how slow the server is to be (ms); the keys in the file."""
    (folder / "latency").write_text(str(latency), encoding="ascii")
    keys = [f"N-{n:06d}" for n in range(rows)]
    with (folder / "new.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADER)
        for n, key in enumerate(keys):
            writer.writerow(
                (key, f"New Company {n}", f"buyer{n}@shop{n}.example", "+12065550100", "net30")
            )
    (folder / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    return keys


def _against_sandbox(write: Callable[[Path, str], Callable[[], None]]) -> Way:
    """A way that writes to a sandbox of its own, which then tells what it was asked."""

    def prepare(folder: Path) -> Job:
        stack = ExitStack()
        latency = (folder / "latency").read_text(encoding="ascii")
        url = stack.enter_context(sandbox(100, "--latency", latency))
        ready = write(folder, url)

        def job() -> Findings:
            ready()
            return told

        def told() -> object:
            with stack:
                return creates(url)

        return job

    return prepare


# --- the ways -----------------------------------------------------------------------------------


def wizsync(folder: Path, url: str) -> Callable[[], None]:
    """A `sync` with all but its reports, which the others do not write either."""
    from wizsync.run_files import files_in  # noqa: PLC0415

    ready = sync(folder, url)

    def without_reports() -> None:
        with patch(
            "wizsync.run.write_reports", lambda _record, folder, _to: (files_in(folder), ())
        ):
            ready()

    return without_reports


def sync(folder: Path, url: str) -> Callable[[], None]:
    """A whole `sync`: the file read, the account compared, each step recorded, the reports written."""
    from wizsync import pipeline  # noqa: PLC0415 - each process loads what it measures
    from wizsync.model import Limit  # noqa: PLC0415
    from wizsync.settings import Connection  # noqa: PLC0415

    options = pipeline.Options(
        connection=Connection(url, KEY, "sandbox", "sandbox:bench", rate=100_000.0),
        state_dir=folder / f"state-{os.getpid()}",
        allow={"creates": Limit()},
    )

    def ready() -> None:
        done = pipeline.sync(
            folder / "new.csv", folder / "mapping.yaml", options, approve=lambda _: True
        )
        if done.error:
            raise done.error

    return ready


def loop(folder: Path, url: str) -> Callable[[], None]:
    """What one writes in an afternoon: eight requests in flight, sent again when refused for now."""
    import httpx  # noqa: PLC0415
    from tenacity import (  # noqa: PLC0415
        retry,
        retry_if_exception_type,
        stop_after_attempt,
        wait_random_exponential,
    )

    class Busy(Exception):
        """The server asks to be asked again."""

    @retry(
        retry=retry_if_exception_type((httpx.TransportError, Busy)),
        wait=wait_random_exponential(max=30),
        stop=stop_after_attempt(6),
    )
    async def create(client: httpx.AsyncClient, row: dict[str, str]) -> None:
        answer = await client.post("/customers", json=_body(row))
        if answer.status_code == 429 or answer.status_code >= 500:
            raise Busy
        answer.raise_for_status()

    async def all_rows() -> None:
        gate = asyncio.Semaphore(IN_FLIGHT)
        limits = httpx.Limits(max_connections=IN_FLIGHT, max_keepalive_connections=IN_FLIGHT)
        headers = {"X-API-Key": KEY}

        async def one(row: dict[str, str]) -> None:
            async with gate:
                await create(client, row)

        async with httpx.AsyncClient(base_url=url, headers=headers, limits=limits) as client:
            await asyncio.gather(*(one(row) for row in _rows(folder)))

    return lambda: asyncio.run(all_rows())


def dlt(folder: Path, url: str) -> Callable[[], None]:
    """A pipeline of dlt with a destination of one's own, which posts each row."""
    os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
    tool = peer("dlt")
    import httpx  # noqa: PLC0415

    client = httpx.Client(base_url=url, headers={"X-API-Key": KEY})

    @tool.destination(batch_size=100, loader_parallelism_strategy="parallel")  # type: ignore[untyped-decorator]
    def wizcommerce(items: list[dict[str, Any]], table: object) -> None:  # noqa: ARG001
        for row in items:
            client.post("/customers", json=row).raise_for_status()

    pipeline = tool.pipeline(
        "customers", destination=wizcommerce(), pipelines_dir=str(folder / f"dlt-{os.getpid()}")
    )

    def ready() -> None:
        rows = (_body(row) for row in _rows(folder))
        pipeline.run(rows, table_name="customers").raise_on_failed_jobs()

    return ready


def _rows(folder: Path) -> Iterator[dict[str, str]]:
    with (folder / "new.csv").open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def _body(row: dict[str, str]) -> dict[str, str]:
    named = dict(zip(FIELDS, (row[name] for name in HEADER), strict=True))
    return {**named, "display_name": named["company_name"]}


WAYS: Mapping[str, Way] = {
    "wizsync": _against_sandbox(wizsync),
    "sync": _against_sandbox(sync),
    "loop": _against_sandbox(loop),
    "dlt": _against_sandbox(dlt),
}


def section(size: str, pairs: int) -> Section:
    """The comparison."""
    rows = ROWS[size]
    tables: list[Table] = []
    aims: list[Aim] = []
    for latency, title in LATENCIES.items():
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            right = {"created": digest(make(folder, rows, latency)), "twice": 0}
            expected = dict.fromkeys(WAYS, right)
            # One after the other, dlt's take two minutes there.
            once = ("dlt",) if latency else ()
            costs = compare("writing", list(WAYS), folder, expected, pairs, once)
        tables.append(costs_table(costs, NAMES, measure="wall", title=title))
        told = f"{title[0].lower()}{title[1:]}"
        if latency:
            aims.append(
                _aim(f"{rows:,} creates without the reports where {told}", "dlt", costs, 1.0)
            )
        else:
            tables.append(costs_table(costs, NAMES, title="The same, by the CPU of the client"))
            aims += [
                _aim(
                    f"{rows:,} creates without the reports where {told}", "loop", costs, MOST_TIME
                ),
                _aim(f"{rows:,} creates without the reports where {told}", "dlt", costs, 1.0),
            ]
    return Section(
        "Writing",
        f"{rows:,} new customers, created in a sandbox without a rate limit that runs in a process of its "
        "own. wizsync looks before each write (99 keys a request and status), records each intent durably "
        "before it leaves and each outcome after, and looks once more at the end. The loop and dlt do none "
        "of it. The sandbox's ledger must show each customer created once.",
        tables,
        aims,
    )


def _aim(what: str, other: str, costs: Costs, most: float) -> Aim:
    ratio = costs.ratio("wizsync", other, "wall")
    return Aim(f"Time of {what}, in times of {NAMES[other]}", most, ratio)
