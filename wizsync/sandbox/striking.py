"""How each fault that replaces or spoils an answer is done."""

from __future__ import annotations

import asyncio
import math
import zlib
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from email.utils import format_datetime
from functools import cache, partial
from typing import NamedTuple

from starlette.responses import HTMLResponse, Response

from wizsync.sandbox import clock
from wizsync.sandbox.elsewhere import Elsewhere
from wizsync.sandbox.exchange import Answer, Exchange
from wizsync.sandbox.faults import Strike
from wizsync.sandbox.problems import Problem

_DAY = 86_400
_BOMB_BYTES = 256 * 1024 * 1024
_SECONDS_BETWEEN_DRIPS = 0.05
_TITLES = {200: "Welcome", 502: "Bad Gateway", 503: "Service Unavailable"}
_PROBLEMS = {
    500: ("internal_error", "Something went wrong."),
    503: ("unavailable", "Try again later."),
    408: ("request_timeout", "The request took too long."),
    401: ("unauthorized", "The API key has been revoked."),
    403: ("forbidden", "The API key may not do this."),
    429: ("rate_limited", "Too many requests."),
}


class Surroundings(NamedTuple):
    """What some faults need besides the request: another host, and how to refuse connections."""

    elsewhere: Elsewhere
    refuse: Callable[[float], None]


class Struck(NamedTuple):
    """A request and the fault that replaces or spoils its answer."""

    exchange: Exchange
    strike: Strike
    around: Surroundings


Effect = Callable[[Struck], Awaitable[None]]


def _answers(make: Callable[[Strike], Response], *, done: bool = False) -> Effect:
    """The effect that puts an answer in place of the real one."""

    async def effect(struck: Struck) -> None:
        if done:
            await struck.exchange.do()
            await struck.exchange.answer(Answer.of(make(struck.strike)))
        else:
            await struck.exchange.refuse(Answer.of(make(struck.strike)))

    return effect


def _problem(status: int, headers: Mapping[str, str] | None = None) -> Response:
    code, message = _PROBLEMS[status]
    return Problem(status, code, message, headers=headers).response()


def _page(status: int) -> Response:
    title = _TITLES[status]
    text = f"<!doctype html><html><head><title>{title}</title></head><body><h1>{title}</h1></body>"
    return HTMLResponse(f"{text}</html>", status)


def _always(make: Callable[[], Response]) -> Callable[[Strike], Response]:
    return lambda _: make()


def _wait(retry_after: str | None) -> Callable[[Strike], Response]:
    headers = None if retry_after is None else {"Retry-After": retry_after}
    return _always(partial(_problem, 429, headers))


def _wait_seconds(strike: Strike) -> Response:
    return _problem(429, {"Retry-After": str(math.ceil(strike.seconds))})


def _wait_until(strike: Strike) -> Response:
    until = clock.now() + timedelta(seconds=math.ceil(strike.seconds))
    return _problem(429, {"Retry-After": format_datetime(until, usegmt=True)})


async def _redirect(struck: Struck) -> None:
    query = f"?{struck.exchange.arrival.query}" if struck.exchange.arrival.query else ""
    to = f"{await struck.around.elsewhere.origin()}{struck.exchange.arrival.path}{query}"
    await struck.exchange.refuse(Answer.of(Response(status_code=307, headers={"Location": to})))


async def _bomb(struck: Struck) -> None:
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    packed = await asyncio.to_thread(_packed_bomb)
    await struck.exchange.refuse(Answer.of(Response(packed, headers=headers)))


@cache
def _packed_bomb() -> bytes:
    packer = zlib.compressobj(wbits=31)
    blanks = b" " * (1024 * 1024)
    parts = [packer.compress(blanks) for _ in range(_BOMB_BYTES // len(blanks))]
    return b"".join((*parts, packer.compress(b"[]"), packer.flush()))


async def _refused(struck: Struck) -> None:
    struck.exchange.not_done()
    struck.around.refuse(struck.strike.seconds)
    await struck.exchange.reset()


async def _reset(struck: Struck) -> None:
    struck.exchange.not_done()
    await struck.exchange.reset()


async def _reset_done(struck: Struck) -> None:
    await struck.exchange.do()
    await struck.exchange.reset()


async def _hang(struck: Struck) -> None:
    struck.exchange.not_done()
    struck.exchange.lost()
    await struck.exchange.gone()


async def _hang_done(struck: Struck) -> None:
    struck.exchange.lost()
    await struck.exchange.gone()
    await asyncio.sleep(struck.strike.seconds)
    await struck.exchange.do()


async def _slow_drip(struck: Struck) -> None:
    answer = await struck.exchange.do()
    await struck.exchange.begin(answer)
    drips = max(1, min(len(answer.body), math.ceil(struck.strike.seconds / _SECONDS_BETWEEN_DRIPS)))
    size = math.ceil(len(answer.body) / drips)
    gone = asyncio.ensure_future(struck.exchange.gone())
    for start in range(0, len(answer.body), max(1, size)):
        await struck.exchange.go_on(answer.body[start : start + size])
        await asyncio.wait({gone}, timeout=struck.strike.seconds / drips)
        if gone.done():
            return
    gone.cancel()
    await struck.exchange.finish()


async def _cut(struck: Struck) -> None:
    answer = await struck.exchange.do()
    await struck.exchange.answer(answer.with_body(answer.body[: len(answer.body) // 2]))


async def _cut_short(struck: Struck) -> None:
    answer = await struck.exchange.do()
    await struck.exchange.begin(answer)
    await struck.exchange.go_on(answer.body[: len(answer.body) // 2])
    struck.exchange.connection.end()
    await struck.exchange.gone()


async def _wrong_customer(struck: Struck) -> None:
    answer = await struck.exchange.do()
    other = struck.exchange.tenant.account.active_one(struck.strike.draw.random())
    if other is not None and answer.status < 300:
        path = f"/v1/customers/{other['id']}"
        shown = await struck.exchange.ask({**struck.exchange.scope, "method": "GET", "path": path})
        answer = answer.with_body(shown.body)
    await struck.exchange.answer(answer)


EFFECTS: Mapping[str, Effect] = {
    "500": _answers(_always(partial(_problem, 500))),
    "500_done": _answers(_always(partial(_problem, 500)), done=True),
    "502_html": _answers(_always(partial(_page, 502))),
    "503_json": _answers(_always(partial(_problem, 503))),
    "503_html": _answers(_always(partial(_page, 503))),
    "408": _answers(_always(partial(_problem, 408))),
    "408_done": _answers(_always(partial(_problem, 408)), done=True),
    "429_seconds": _answers(_wait_seconds),
    "429_date": _answers(_wait_until),
    "429_bare": _answers(_wait(None)),
    "429_day": _answers(_wait(str(_DAY))),
    "429_negative": _answers(_wait("-1")),
    "401": _answers(_always(partial(_problem, 401))),
    "403": _answers(_always(partial(_problem, 403))),
    "html_200": _answers(_always(partial(_page, 200))),
    "html_200_done": _answers(_always(partial(_page, 200)), done=True),
    "empty_200": _answers(_always(Response)),
    "empty_200_done": _answers(_always(Response), done=True),
    "redirect": _redirect,
    "gzip_bomb": _bomb,
    "refused": _refused,
    "reset": _reset,
    "reset_done": _reset_done,
    "hang": _hang,
    "hang_done": _hang_done,
    "slow_drip": _slow_drip,
    "cut": _cut,
    "cut_short": _cut_short,
    "wrong_customer": _wrong_customer,
}
