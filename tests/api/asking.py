"""Calls on a transport, and what a scripted server was asked meanwhile."""

from __future__ import annotations

import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.api.servers import KEY, Behaviour, Script, says, scripted
from wizsync.api import Timing
from wizsync.api.call import Call, Limits, Operation
from wizsync.api.transport import Transport
from wizsync.errors import ApiError


def limits(
    *, attempts: int = 3, timeout: float = 5, back_off: float = 0.01, outage: float = 30
) -> Limits:
    return Limits(1000, attempts, Timing(timeout, back_off, outage))


READ = Call("GET", "/customers/c1", Operation.GET, harmless=True)
WRITE = Call("POST", "/customers", Operation.CREATE, body={"company_name": "Acme"})
DELETE = Call("DELETE", "/customers/c1", Operation.DELETE, answered=False)
BIG = {"attributes": "x" * 30_000_000}
FAST = limits()
IMPATIENT = limits(attempts=2, timeout=0.15)
GOOD = says(200, {"id": "c1"})


def as_is(content: object) -> object:
    return content


@asynccontextmanager
async def transport(url: str, within: Limits = FAST, **rest) -> AsyncIterator[Transport]:
    async with Transport(url, KEY, limits=within, **rest) as opened:
        yield opened


async def asked_of(
    behaviours: list[Behaviour], call: Call, *, within: Limits = FAST, resend: bool = True
) -> tuple[object, Script]:
    """What a call to a server that behaves so comes to, and what the server was asked."""
    async with scripted(*behaviours) as script, transport(script.url, within) as client:
        try:
            outcome = await client.ask(call, as_is, resend=resend)
        except ApiError as error:
            outcome = error
        counts = client.requests
    sent = counts.get + counts.create + counts.delete
    assert sent == len(script.asked)
    assert counts.retried == len(script.asked) - 1
    assert_hidden(outcome)
    return outcome, script


def assert_hidden(outcome: object) -> None:
    """Neither the key nor an exception of httpx in what a user or a log may see."""
    if isinstance(outcome, BaseException):
        told = f"{''.join(traceback.format_exception(outcome))} {vars(outcome)!r}"
        assert KEY not in told
        assert "httpx." not in told
