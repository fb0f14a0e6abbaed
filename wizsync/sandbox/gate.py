"""What every request passes: the key, the rate limit, the latency, and the ledger."""

from __future__ import annotations

import asyncio
import hmac
import math
import time
from email.utils import formatdate

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wizsync.sandbox.account import Account
from wizsync.sandbox.ledger import Ledger, Write, operation
from wizsync.sandbox.options import SandboxOptions
from wizsync.sandbox.problems import Problem

_BURST = 2.0


class TokenBucket:
    """Lets `rate` requests a second through, and two at once after a pause."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._tokens = _BURST
        self._filled_at = time.monotonic()

    def wait(self) -> float:
        """Take a token and return 0, or return the seconds until there is one."""
        now = time.monotonic()
        self._tokens = min(_BURST, self._tokens + (now - self._filled_at) * self._rate)
        self._filled_at = now
        if self._tokens >= 1:
            self._tokens -= 1
            return 0.0
        return (1 - self._tokens) / self._rate


class Gate:
    """The outermost layer of the server, in front of everything but the control address."""

    def __init__(
        self, app: ASGIApp, options: SandboxOptions, account: Account, ledger: Ledger
    ) -> None:
        self._app = app
        self._key = options.key.encode()
        self._latency = options.latency_ms / 1000
        self._bucket = TokenBucket(options.rate) if options.rate else None
        self._account = account
        self._ledger = ledger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["path"].startswith("/control"):
            await self._app(scope, receive, send)
            return
        # Routes leave the customer that a request is about here, for the ledger.
        scope.setdefault("state", {})

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                # First the work, then the wait: a client that gives up has been served all the same.
                self._record(scope, message["status"])
                await asyncio.sleep(self._latency)
            await send(message)

        problem = self._refusal(scope)
        if problem is None:
            await self._app(scope, receive, answer)
        else:
            response = problem.response(self._account.assumptions.errors)
            await response(scope, receive, answer)

    def _refusal(self, scope: Scope) -> Problem | None:
        if scope["path"].startswith("/v1"):
            key = Headers(scope=scope).get("x-api-key", "")
            if not hmac.compare_digest(key.encode("latin-1"), self._key):
                return Problem(401, "unauthorized", "The API key is missing or not valid.")
        wait = self._bucket.wait() if self._bucket else 0.0
        if not wait:
            return None
        headers = {}
        # Whole seconds, rounded up: that is all that the header can say.
        match self._account.assumptions.retry_after:
            case "seconds":
                headers["Retry-After"] = str(math.ceil(wait))
            case "date":
                headers["Retry-After"] = formatdate(math.ceil(time.time() + wait), usegmt=True)
        return Problem(429, "rate_limited", "Too many requests.", headers=headers)

    def _record(self, scope: Scope, status: int) -> None:
        method, path, state = scope["method"], scope["path"], scope["state"]
        self._ledger.record(
            Write(
                at=time.time(),
                operation=operation(method, path),
                method=method,
                path=path,
                reference_id=state.get("reference_id"),
                customer_id=state.get("customer_id"),
                kind=state.get("kind"),
                child_id=state.get("child_id"),
                status=status,
            )
        )
