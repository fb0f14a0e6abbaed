"""Reading a status from end to end, on the sandbox and on servers that contradict themselves."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.api.servers import KEY, Behaviour, answer, scripted
from tests.conftest import StartSandbox
from tests.observed.builders import client_of
from wizsync.api import WizCommerce
from wizsync.errors import UnsoundRead
from wizsync.observed.walk import READS, read_newest, read_status

pytestmark = pytest.mark.anyio


def nothing(_read: int, _total: int | None) -> None:
    pass


def pages(*contents: str, total: int | None = None) -> Behaviour:
    """A list of these pages one after the other, ids are letters; the last one repeats."""
    left = list(contents)

    async def behave(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        rows = [{"id": each} for each in (left.pop(0) if len(left) > 1 else left[0])]
        content: Any = rows
        if total is not None:
            last = {"total_records": total, "total_pages": 1}
            content = {"data": rows, "pagination": last}
        writer.write(answer(200, content))
        await writer.drain()

    return behave


async def read(behaviour: Behaviour, dialect: str) -> tuple[list[str], int]:
    async with (
        scripted(behaviour) as script,
        WizCommerce(script.url, KEY, dialect=dialect, rate=2000, attempts=1) as client,
    ):
        rows = await read_status(client.customers, "active", nothing)
        return [known["id"] for known in rows], len(script.asked)


async def test_everybody_once_in_the_order_of_creation(dialect: str, start_sandbox: StartSandbox):
    sandbox = start_sandbox(dialect=dialect, customers=250)
    told: list[tuple[int, int | None]] = []
    async with client_of(sandbox) as client:
        rows = await read_status(client.customers, "active", lambda *args: told.append(args))
    active = [c["id"] for c in sandbox.customers() if c["status"] == "active"]
    assert [known["id"] for known in rows] == active
    total = len(active) if dialect == "snake" else None
    assert told == [(100, total), (200, total), (len(active), total)]


async def test_short_pages_are_no_end(dialect: str, start_sandbox: StartSandbox):
    sandbox = start_sandbox(dialect=dialect, customers=250, assume=("short_pages=yes",))
    async with client_of(sandbox) as client:
        rows = await read_status(client.customers, "active", nothing)
    assert len(rows) == sum(c["status"] == "active" for c in sandbox.customers())


async def test_one_deleted_meanwhile_has_it_read_anew(start_sandbox: StartSandbox):
    sandbox = start_sandbox(dialect="snake", customers=250)
    active = [c["id"] for c in sandbox.customers() if c["status"] == "active"]
    gone: list[str] = []

    def on_page(number: int, _total: int | None) -> None:
        if not gone:
            gone.append(active[0])
            sandbox.remove(active[0])

    async with client_of(sandbox, "snake") as client:
        rows = await read_status(client.customers, "active", on_page)
    assert [known["id"] for known in rows] == active[1:]
    # The first page, the one that told of fewer, and all three.
    assert sandbox.counts()["operations"]["list"] == 5


async def test_one_that_always_goes_meanwhile_ends_it(start_sandbox: StartSandbox):
    sandbox = start_sandbox(dialect="snake", customers=250)
    active = [c["id"] for c in sandbox.customers() if c["status"] == "active"]

    async with client_of(sandbox) as client:
        with pytest.raises(UnsoundRead, match="told of") as caught:
            await read_status(client.customers, "active", lambda *_: sandbox.remove(active.pop(0)))
    assert "few minutes" in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("contents", "total", "doubt"),
    [
        # The same page each time it is asked for another.
        (("ab", "ab"), None, "Page 2 is page 1 once more"),
        (("ab", "bc"), None, "customer b came on two pages"),
        (("ab", "cd", ""), 5, "4 customers were shown where 5 were announced"),
        (("abc",), 2, "3 customers were shown where 2 were announced"),
    ],
)
async def test_pages_that_contradict_each_other(contents, total, doubt):
    with pytest.raises(UnsoundRead, match=doubt):
        await read(pages(*contents * READS, total=total), "snake" if total else "camel")


async def test_a_list_without_totals_ends_at_an_empty_page():
    assert await read(pages("ab", "c", ""), "camel") == (["a", "b", "c"], 3)


async def test_an_empty_status_costs_one_request(dialect: str, start_sandbox: StartSandbox):
    sandbox = start_sandbox(dialect=dialect)
    async with client_of(sandbox, dialect) as client:
        assert await read_status(client.customers, "inactive", nothing) == []
    assert sandbox.counts()["operations"]["list"] == 1


async def test_only_the_newest_back_to_one_that_is_known(dialect: str, start_sandbox: StartSandbox):
    sandbox = start_sandbox(dialect=dialect, customers=150)
    known = {c["id"] for c in sandbox.customers()}
    added = [sandbox.add(name=f"New {n}", reference_id=f"N-{n}")["id"] for n in range(130)]
    async with client_of(sandbox, dialect) as client:
        rows = await read_newest(client.customers, "active", known.__contains__)
    assert [row["id"] for row in rows] == added[::-1]
    assert sandbox.counts()["operations"]["list"] == 2
