"""Reading customers one by one, by their ids."""

from __future__ import annotations

import asyncio

import pytest

from tests.conftest import StartSandbox
from tests.observed.builders import client_of
from tests.push.between import Asked, Lie, between
from wizsync.errors import KeyRefused, NotTheApi
from wizsync.observed.singly import PORTION, read_singly

pytestmark = pytest.mark.anyio

# How often the client asks for one.
ATTEMPTS = 5


async def test_everybody_who_is_there_with_every_field(dialect: str, start_sandbox: StartSandbox):
    sandbox = start_sandbox(dialect=dialect, customers=PORTION + 20)
    ids = [customer["id"] for customer in sandbox.customers()]
    told: list[int] = []
    async with client_of(sandbox) as client:
        rows = await read_singly(client.customers, ["cust_gone", *ids], told.append, lambda _: None)
        assert client.requests.get == len(ids) + 1
    assert list(rows) == ids
    assert all("freightTerm" in row and row["status"] for row in rows.values())
    assert told == list(range(1, len(ids) + 2))


@pytest.mark.parametrize("times", [1, ATTEMPTS])
async def test_an_answer_about_somebody_else_is_never_taken(
    times, dialect: str, start_sandbox: StartSandbox
):
    sandbox = start_sandbox(dialect=dialect, customers=10)
    asked_for, other = (customer["id"] for customer in sandbox.customers()[:2])
    left = [Lie(f"/v1/customers/{other}")] * times

    def rule(asked: Asked) -> Lie | None:
        return left.pop() if asked.target.endswith(asked_for) and left else None

    with between(sandbox, rule) as server:
        async with client_of(server, dialect) as client:
            reading = read_singly(client.customers, [asked_for], lambda _: None, lambda _: None)
            if times < ATTEMPTS:
                assert list(await reading) == [asked_for]
            else:
                with pytest.raises(NotTheApi, match=f"about {other}"):
                    await reading


async def test_one_that_cannot_be_read_ends_the_others(start_sandbox: StartSandbox):
    sandbox = start_sandbox(customers=60, latency_ms=5)
    ids = [customer["id"] for customer in sandbox.customers()]
    with between(sandbox, lambda a: 403 if a.target.endswith(ids[0]) else None) as server:
        async with client_of(server, "snake") as client:
            tasks = asyncio.all_tasks()
            with pytest.raises(KeyRefused):
                await read_singly(client.customers, ids, lambda _: None, lambda _: None)
            assert asyncio.all_tasks() == tasks
            assert client.requests.get < len(ids)
