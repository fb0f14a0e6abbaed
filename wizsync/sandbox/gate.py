"""What every request passes: the key, the ledger, the rate limit, the faults, and the latency."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping, Sequence
from dataclasses import astuple
from datetime import timedelta
from email.utils import format_datetime
from functools import partial

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wizsync.sandbox import clock
from wizsync.sandbox.arrivals import Arrival
from wizsync.sandbox.assumptions import Assumptions
from wizsync.sandbox.exchange import Answer, Exchange
from wizsync.sandbox.faults import Strike
from wizsync.sandbox.ledger import Write
from wizsync.sandbox.lies import Lies
from wizsync.sandbox.options import SandboxOptions
from wizsync.sandbox.problems import Problem
from wizsync.sandbox.striking import EFFECTS, Struck, Surroundings
from wizsync.sandbox.workings import Workings


class Gate:
    """The outermost layer of the server, in front of everything but the control address.

    Args:
        workings: The accounts, the ledger, the limit, the faults.
        routes: Name of an account to what serves it.
        control: What serves the control address.
        options: The latency.
        around: What some faults need.
    """

    def __init__(
        self,
        workings: Workings,
        routes: Mapping[str, ASGIApp],
        control: ASGIApp,
        options: SandboxOptions,
        around: Surroundings,
    ) -> None:
        self._workings = workings
        self._routes = routes
        self._control = control
        self._latency = options.latency_ms / 1000
        self._around = around
        self._lies = Lies()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["path"].startswith("/control"):
            await self._control(scope, receive, send)
            return
        tenants = self._workings.tenants
        known = tenants.of_key(Headers(scope=scope).get("x-api-key", ""))
        tenant = known or tenants.main
        arrival = await Arrival.read(scope, receive, tenant)
        if arrival is None:
            return

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                # First the work, then the wait: a client that gives up has been served all the same.
                await asyncio.sleep(self._latency)
                date = format_datetime(clock.now(), usegmt=True).encode()
                rest = [(b"date", date), *self._rate_headers()]
                message = {**message, "headers": [*message["headers"], *rest]}
            await send(message)

        ledger = self._workings.ledger
        write = _entry(arrival)
        # Routes leave here whom the request turned out to be about.
        scope.setdefault("state", {})
        routes = self._routes[tenant.name]
        exchange = Exchange(scope, arrival, tenant, write, ledger, routes, receive, answer)
        ledger.arrived(write)
        try:
            problem = self._refusal(scope, is_known=known is not None)
            if problem is None:
                await self._serve(exchange)
            else:
                errors = tenant.account.assumptions.errors
                await exchange.refuse(Answer.of(problem.response(errors)))
        finally:
            ledger.left()

    async def _serve(self, exchange: Exchange) -> None:
        """Do the request, or what the faults that strike it make of it."""
        strikes = self._workings.faults.strikes(exchange.arrival)
        account, arrival = exchange.tenant.account, exchange.arrival
        exchange.scope["state"]["page"] = (
            partial(self._lies.page, arrival.account, account, strikes)
            if self._workings.faults
            else account.page
        )
        exchange.write.fault = "+".join(strike.name for strike in strikes) or None
        with clock.off_by(_seconds_off(strikes)):
            for strike in strikes:
                if strike.name.startswith("others_"):
                    self._workings.others.act(account, arrival, strike)
            spoiling = next((strike for strike in strikes if strike.kind.spoils), None)
            if spoiling is None:
                await exchange.answer(await exchange.do())
            else:
                await EFFECTS[spoiling.name](Struck(exchange, spoiling, self._around))

    @property
    def _assumptions(self) -> Assumptions:
        return self._workings.tenants.main.account.assumptions

    def _rate_headers(self) -> list[tuple[bytes, bytes]]:
        """What every answer tells of the rate limit, as it is assumed to."""
        standing = self._workings.limiter.standing()
        if standing is None:
            return []
        quota, window, left, reset = map(str, astuple(standing))
        headers = {
            "none": {},
            "draft": {
                "RateLimit-Limit": quota,
                "RateLimit-Policy": f"{quota};w={window}",
                "RateLimit-Remaining": left,
                "RateLimit-Reset": reset,
            },
            "structured": {
                "RateLimit-Policy": f'"default";q={quota};w={window}',
                "RateLimit": f'"default";r={left};t={reset}',
            },
            "x": {
                "X-RateLimit-Limit": quota,
                "X-RateLimit-Remaining": left,
                "X-RateLimit-Reset": str(int(clock.now().timestamp()) + standing.reset),
            },
        }[self._assumptions.rate_headers]
        return [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    def _refusal(self, scope: Scope, *, is_known: bool) -> Problem | None:
        if scope["path"].startswith("/v1") and not is_known:
            return Problem(401, "unauthorized", "The API key is missing or not valid.")
        wait = self._workings.limiter.wait()
        if not wait:
            return None
        headers = {}
        # Whole seconds, rounded up: that is all that the header can say.
        match self._assumptions.retry_after:
            case "seconds":
                headers["Retry-After"] = str(math.ceil(wait))
            case "date":
                until = clock.now() + timedelta(seconds=wait)
                until += timedelta(microseconds=-until.microsecond % 1_000_000)
                headers["Retry-After"] = format_datetime(until, usegmt=True)
        return Problem(429, "rate_limited", "Too many requests.", headers=headers)


def _entry(arrival: Arrival) -> Write:
    return Write(
        number=0,
        account=arrival.account,
        operation=arrival.operation,
        method=arrival.method,
        path=arrival.path,
        sent=arrival.sent,
        reference_id=arrival.reference_id,
        customer_id=arrival.customer_id,
        kind=arrival.kind,
        child_id=arrival.child_id,
        at_start=clock.steady(),
    )


def _seconds_off(strikes: Sequence[Strike]) -> float:
    return sum(strike.seconds for strike in strikes if strike.name == "clock")
