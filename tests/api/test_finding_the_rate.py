"""A client that finds its rate on a real sandbox: refusals, headers, and a limit that changes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.api.asking import GOOD, READ, as_is, transport
from tests.api.servers import KEY, says, scripted
from wizsync.api import AUTO, AutoRate, WizCommerce
from wizsync.api.call import Limits
from wizsync.api.rates import SHARE, START
from wizsync.sandbox import Assumptions, Sandbox, SandboxOptions, running

pytestmark = pytest.mark.anyio


@contextmanager
def sandbox(rate: float, **assumptions: Any) -> Iterator[Sandbox]:
    with running(SandboxOptions(rate=rate, assumptions=Assumptions(**assumptions))) as started:
        yield started


async def asked(wiz: WizCommerce, number: int) -> None:
    await asyncio.gather(*(wiz.customers.list(page_size=1) for _ in range(number)))


@pytest.mark.parametrize("retry_after", ["seconds", "date", "missing"])
async def test_a_limit_is_found_by_being_refused_and_kept_to_from_then_on(retry_after):
    with sandbox(8, retry_after=retry_after) as server:
        async with WizCommerce(server.base_url, server.key, dialect="snake") as wiz:
            assert (wiz.rate, wiz.limit) == (START, None)
            while not wiz.requests.throttled:
                await asked(wiz, 1)
            assert wiz.limit is not None
            assert 5 <= wiz.limit <= 16
            assert wiz.rate <= SHARE * wiz.limit
            known = AutoRate(wiz.limit)
        assert server.counts()["statuses"]["429"] == 1
    assert WizCommerce("http://localhost/v1", KEY, rate=known).rate == SHARE * wiz.limit


async def test_a_rate_that_was_asked_for_is_no_search():
    with sandbox(10) as server:
        async with WizCommerce(server.base_url, server.key, dialect="snake", rate=40.0) as wiz:
            await asked(wiz, 8)
            assert wiz.requests.throttled
            assert (wiz.rate, wiz.limit) == (40.0, None)


async def test_a_limit_that_falls_is_found_and_no_write_is_lost_or_doubled():
    with sandbox(200) as server:
        async with WizCommerce(
            server.base_url, server.key, dialect="snake", rate=AutoRate(50)
        ) as wiz:
            await asked(wiz, 5)
            server.limit(10)
            await asked(wiz, 20)
            assert wiz.requests.throttled
            assert wiz.rate <= 25
        counts = server.counts()
    assert counts["statuses"] == {"200": 25, "429": wiz.requests.throttled}


@pytest.mark.parametrize("rate_headers", ["draft", "structured"])
async def test_what_the_server_says_is_kept_to_without_being_refused(rate_headers):
    with sandbox(4, rate_headers=rate_headers) as server:
        async with WizCommerce(server.base_url, server.key, dialect="snake", rate=AUTO) as wiz:
            await asked(wiz, 5)
            assert wiz.rate == pytest.approx(SHARE * 4)
            assert (wiz.requests.throttled, wiz.limit) == (0, None)


async def test_what_is_used_up_is_waited_for_before_anything_is_refused():
    waits = []
    used_up = says(200, {"id": "c1"}, X_RateLimit_Remaining="0", X_RateLimit_Reset="60")
    async with (
        scripted(used_up, GOOD) as script,
        transport(script.url, Limits(AUTO), on_wait=lambda *wait: waits.append(wait[1])) as client,
    ):
        await client.ask(READ, as_is)
        assert waits == [60.0]
        assert client.rate == START
        held = asyncio.create_task(client.ask(READ, as_is))
        await asyncio.wait([held], timeout=0.3)
        assert not held.done()
        held.cancel()
        await asyncio.gather(held, return_exceptions=True)
        assert len(script.asked) == 1


@pytest.mark.parametrize("reset", ["86400", "-1", "soon", "1"])
async def test_what_cannot_be_meant_holds_nobody(reset):
    absurd = says(200, {"id": "c1"}, RateLimit_Remaining="0", RateLimit_Reset=reset)
    async with scripted(absurd) as script, transport(script.url, Limits(AUTO)) as client:
        for _ in range(3):
            assert await client.ask(READ, as_is) == {"id": "c1"}
        assert len(script.asked) == 3


async def test_a_day_that_is_asked_for_says_nothing_of_the_rate():
    day = says(429, Retry_After="86400")
    async with scripted(GOOD, day) as script, transport(script.url, Limits(AUTO)) as client:
        await client.ask(READ, as_is)
        with pytest.raises(Exception, match="takes no requests until"):
            await client.ask(READ, as_is)
        assert client.limit is None
