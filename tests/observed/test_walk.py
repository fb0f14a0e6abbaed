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
from wizsync.observed.walk import READS, read_anew, read_newest, read_status

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
        totals = dialect == "snake"
        listed = await read_status(client.customers, "active", nothing, totals=totals)
        return list(listed.rows), len(script.asked)


async def test_everybody_once_in_the_order_of_creation(dialect: str, start_sandbox: StartSandbox):
    sandbox = start_sandbox(dialect=dialect, customers=250)
    told: list[tuple[int, int | None]] = []
    async with client_of(sandbox) as client:
        listed = await read_status(
            client.customers,
            "active",
            lambda *args: told.append(args),
            totals=dialect == "snake",
        )
    active = [c["id"] for c in sandbox.customers() if c["status"] == "active"]
    assert list(listed.rows) == active
    assert listed.proven == (dialect == "snake")
    assert listed.gapless == (dialect == "camel")
    total = len(active) if dialect == "snake" else None
    # Pages that overlap bring a few less.
    second = 200 if dialect == "snake" else 198
    assert told == [(100, total), (second, total), (len(active), total)]


async def test_short_pages_are_no_end(dialect: str, start_sandbox: StartSandbox):
    sandbox = start_sandbox(dialect=dialect, customers=250, assume=("short_pages=yes",))
    async with client_of(sandbox) as client:
        listed = await read_status(client.customers, "active", nothing, totals=dialect == "snake")
    assert len(listed.rows) == sum(c["status"] == "active" for c in sandbox.customers())


async def test_one_deleted_meanwhile_has_it_read_anew(start_sandbox: StartSandbox):
    sandbox = start_sandbox(dialect="snake", customers=250)
    active = [c["id"] for c in sandbox.customers() if c["status"] == "active"]
    gone: list[str] = []

    def on_page(number: int, _total: int | None) -> None:
        if not gone:
            gone.append(active[0])
            sandbox.remove(active[0])

    async with client_of(sandbox, "snake") as client:
        listed = await read_status(client.customers, "active", on_page, totals=True)
    assert list(listed.rows) == active[1:]
    # The newest page, all three others, of which one row is lost; then the newest page and the two oldest.
    assert sandbox.counts()["operations"]["list"] == 7


async def test_one_that_always_goes_meanwhile_ends_it(start_sandbox: StartSandbox):
    sandbox = start_sandbox(dialect="snake", customers=250)
    active = [c["id"] for c in sandbox.customers() if c["status"] == "active"]

    async with client_of(sandbox) as client:
        with pytest.raises(UnsoundRead, match="were announced") as caught:
            await read_status(
                client.customers,
                "active",
                lambda *_: sandbox.remove(active.pop(0)),
                totals=True,
            )
    assert "few minutes" in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("contents", "total", "doubt"),
    [
        # The same page each time it is asked for another.
        (("ab", "ab"), None, "Page 2 is page 1 once more"),
        (("ab", "ab", "bc"), None, "customer b came on two pages"),
        # The newest page comes first, then those from the oldest on.
        (("dc", "ab", "cd", ""), 5, "4 customers were shown where 5 were announced"),
        (("dc", "ab", "cd"), 3, "4 customers were shown where 3 were announced"),
        (("ed", "ab", "c", ""), 5, "it ended before it came to its newest customers"),
        (("", "ab"), 0, "2 customers were shown where 0 were announced"),
    ],
)
async def test_pages_that_contradict_each_other(contents, total, doubt):
    with pytest.raises(UnsoundRead, match=doubt):
        await read(
            pages(*contents * READS, *contents[-2:] * READS, total=total),
            "camel" if total is None else "snake",
        )


async def test_a_list_without_totals_ends_at_an_empty_page():
    # So few are asked for as they are, without overlap.
    assert await read(pages("ab", "ab", "c", ""), "camel") == (["a", "b", "c"], 4)


async def test_an_empty_status_is_asked_once_more(dialect: str, start_sandbox: StartSandbox):
    sandbox = start_sandbox(dialect=dialect)
    async with client_of(sandbox, dialect) as client:
        listed = await read_status(client.customers, "inactive", nothing, totals=dialect == "snake")
    assert listed.rows == {}
    assert sandbox.counts()["operations"]["list"] == 2


# As many as a page, and as many as several: where the list meets its newest page only a page later.
@pytest.mark.parametrize(
    ("customers", "requests"), [(1, 1), (99, 1), (100, 2), (101, 2), (200, 3), (299, 3), (300, 4)]
)
async def test_what_a_list_that_tells_its_total_costs(customers, requests, start_sandbox):
    sandbox = start_sandbox(dialect="snake", customers=0)
    ids = [sandbox.add(name="N", reference_id=f"N-{n}")["id"] for n in range(customers)]
    async with client_of(sandbox, "snake") as client:
        listed = await read_status(client.customers, "active", nothing, totals=True)
    assert list(listed.rows) == ids
    assert sandbox.counts()["operations"]["list"] == requests


async def test_those_who_come_meanwhile_are_no_contradiction(dialect, start_sandbox):
    sandbox = start_sandbox(dialect=dialect, customers=250)
    come: list[str] = []

    def on_page(*_: object) -> None:
        come.append(sandbox.add(name="New", reference_id=f"NEW-{len(come)}")["id"])

    async with client_of(sandbox, dialect) as client:
        how = {"totals": dialect == "snake"}
        first = await read_status(client.customers, "active", on_page, **how)
        then = await read_anew(client.customers, "active", first, on_page)
    there = [c["id"] for c in sandbox.customers() if c["status"] == "active"]
    # All but those who came after the page that would show them.
    assert set(there) - set(come) <= set(then.rows) <= set(there)
    assert then.proven
    # Three pages each way and one that ends them; or pages that overlap, and the newest.
    assert sandbox.counts()["operations"]["list"] == (7 if dialect == "snake" else 6)


async def test_only_the_newest_back_to_one_that_is_known(dialect: str, start_sandbox: StartSandbox):
    sandbox = start_sandbox(dialect=dialect, customers=150)
    known = {c["id"] for c in sandbox.customers()}
    added = [sandbox.add(name=f"New {n}", reference_id=f"N-{n}")["id"] for n in range(130)]
    async with client_of(sandbox, dialect) as client:
        rows = await read_newest(client.customers, "active", known.__contains__, some_known=True)
    assert [row["id"] for row in rows] == added[::-1]
    assert sandbox.counts()["operations"]["list"] == 2


async def test_a_list_that_comes_to_nobody_who_is_known_is_no_list_of_the_newest(dialect):
    empty = pages("", total=0) if dialect == "snake" else pages("")
    async with (
        scripted(empty) as script,
        WizCommerce(script.url, KEY, dialect=dialect, rate=2000, attempts=1) as client,
    ):
        with pytest.raises(UnsoundRead, match="who were there before"):
            await read_newest(client.customers, "active", "a".__eq__, some_known=True)
        assert len(script.asked) == READS
        assert await read_newest(client.customers, "active", "a".__eq__, some_known=False) == []
