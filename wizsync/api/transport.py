"""Calls and their answers: paced, counted, sent again where that is safe.

What it raises is of `wizsync.errors` alone.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from copy import copy
from http import HTTPStatus
from types import TracebackType
from typing import Self, TypeVar

import httpx
from pydantic import SecretStr
from tenacity import retry_never

from wizsync.api.breaker import Breaker
from wizsync.api.budget import RetryBudget
from wizsync.api.call import Call, Limits, Operation
from wizsync.api.exchange import Lanes, Reply, exchange, json_of
from wizsync.api.failures import Fate, TooLate, error_of_status, fate_of
from wizsync.api.pacer import Pacer, Turn
from wizsync.api.paging import page_query
from wizsync.api.pauses import LONGEST_RETRY_AFTER, Pauses, chance
from wizsync.api.rates import pace_of
from wizsync.api.retry import again_after, retrying
from wizsync.api.stops import given_up, out_of_order, too_long, too_many_repeats
from wizsync.errors import (
    ApiError,
    KeyRefused,
    NotTheApi,
    OutcomeUnknown,
    RequestRefused,
    Throttled,
    Unreachable,
    UsageError,
)
from wizsync.model import Requests
from wizsync.redaction import masked

Answer = TypeVar("Answer")

# How long what a write rests on may be taken for what is.
FRESH_SECONDS = 30.0
# An answer that trickles in is cut off after so many time-outs' time.
TIMEOUTS_FOR_ALL = 4
# What shows that a server is in order again: it changes nothing, and every account answers it.
_PROBE = Call("GET", "/customers", Operation.LIST, page_query(1, 1), harmless=True)


class Transport:
    """Sends calls to one base URL.

    Args:
        base_url: Checked; see `wizsync.access`.
        key: Checked; None where a request proves itself otherwise (a sign-in).
        secrets: Further texts that no message may hold.
        limits: How requests are paced and repeated.
        on_wait: Told why and how long, at waits that a person should know of.
    """

    def __init__(
        self,
        base_url: str,
        key: str | None,
        *,
        secrets: Sequence[str] = (),
        limits: Limits,
        on_wait: Callable[[str, float], None] | None = None,
    ) -> None:
        self.base_url = base_url
        self._key = None if key is None else SecretStr(key)
        self._secrets = [SecretStr(secret) for secret in (key, *secrets) if secret]
        self._attempts = limits.attempts
        self._timing = limits.timing
        self._pacer = Pacer(pace_of(limits.rate))
        self._pauses = Pauses(self._pacer, limits.timing.back_off, on_wait)
        self._http: Lanes | None = None
        self._counts: Counter[str] = Counter()
        self._budget = RetryBudget()
        self._breaker = Breaker(limits.timing.back_off, limits.timing.outage)
        # Why nothing more is sent.
        self._ended: ApiError | None = None

    async def __aenter__(self) -> Self:
        self._http = Lanes(self.base_url, self._key, self._timing.timeout)
        self._ended = None
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._http is not None:
            http, self._http = self._http, None
            await http.aclose()

    @property
    def requests(self) -> Requests:
        """How many requests were sent so far."""
        return Requests(**self._counts)

    @property
    def rate(self) -> float:
        """Requests that may leave in a second, as of now."""
        return self._pacer.rate

    @property
    def limit(self) -> float | None:
        """Requests a second at which the server was last met refusing more; None: not known."""
        return self._pacer.limit

    async def ask(
        self,
        call: Call,
        read: Callable[[object], Answer],
        *,
        resend: bool = True,
        repeated: bool = False,
    ) -> Answer:
        """Sends a call, again where that is safe, and reads its answer.

        Args:
            call: What to send.
            read: Makes of the answer's JSON (None where the call is not `answered`) what is meant by
                it; raises NotTheApi where it cannot.
            resend: Send it again by itself where that is safe.
            repeated: It was sent before, and failed other than by a 429: it counts as a retry.

        Returns:
            What `read` made.

        Raises:
            ApiError: See `WizCommerce`.
        """
        sent, costs = 0, repeated

        async def once() -> Answer:
            nonlocal sent, costs
            sent += 1
            try:
                return await self._once(call, read, repeated=repeated or sent > 1, costs=costs)
            except ApiError as error:
                costs = not isinstance(error, Throttled)
                raise

        def before_wait(failure: BaseException, seconds: float) -> None:
            if costs and self._budget.used_up:
                raise too_many_repeats(self._budget, failure, self._where(call)) from None
            self._pauses.tell(str(failure), seconds)

        attempts = retrying(
            again_after(call.harmless) if resend else retry_never,
            attempts=self._attempts,
            back_off=self._timing.back_off,
            before_wait=before_wait,
        )
        try:
            return await attempts(once)
        except OutcomeUnknown as error:
            if call.harmless:
                raise given_up(error, sent) from None
            error.hint = "Look up whether it was done before anything is sent again."
            raise

    async def _once(
        self, call: Call, read: Callable[[object], Answer], *, repeated: bool, costs: bool
    ) -> Answer:
        async def may_leave() -> None:
            await self._in_order()
            too_old = time.monotonic() > call.looked_at + FRESH_SECONDS
            if too_old or self._pauses.held_at > call.looked_at:
                raise TooLate("Its turn came too late, so it was not sent.", where=where)
            if costs and self._budget.used_up:
                raise too_many_repeats(self._budget, None, where)

        where = self._where(call)
        prepared = self._prepared(call)
        async with self._pacer.turn(may_leave) as turn:
            self._counts["retried"] += repeated
            return await self._sent(call, prepared, read, turn, costs=costs)

    async def _in_order(self) -> None:
        """Lets a request leave, if the client may send any; waits for a server that is out of order.

        Called at the head of the queue: while it waits, all wait.

        Raises:
            ApiError: The client sends nothing more.
        """
        self._check_ended()
        while self._breaker.is_open:
            self._pauses.held_at = time.monotonic()
            seconds = self._breaker.pause(time.monotonic(), chance())
            self._pauses.tell("The server is out of order; it is tried again then.", seconds)
            await asyncio.sleep(seconds)
            self._check_ended()
            # A request that was under way may have been answered meanwhile.
            if self._breaker.is_open:
                await self._probe()

    async def _probe(self) -> None:
        """Asks for one customer, to see whether the server is in order again.

        Raises:
            GaveUp: It has not been for too long.
        """

        async def may_leave() -> None:
            self._check_ended()

        turn = await self._pacer.wait(may_leave)
        try:
            await self._sent(_PROBE, self._prepared(_PROBE), _anything, turn, costs=False)
        except (OutcomeUnknown, Unreachable) as error:
            if self._breaker.is_over(time.monotonic()):
                self._ended = out_of_order(error, self._breaker.probes)
                raise copy(self._ended) from None
        except (RequestRefused, NotTheApi):
            # An answer all the same. What it means is for the request that waits to find out.
            pass

    def _check_ended(self) -> None:
        if self._ended is not None:
            raise copy(self._ended)

    async def _sent(
        self,
        call: Call,
        prepared: tuple[Lanes, httpx.Request],
        read: Callable[[object], Answer],
        turn: Turn,
        *,
        costs: bool,
    ) -> Answer:
        """Sends a call now, and notes what its answer says of the server."""
        self._counts[call.operation] += 1
        self._budget.note(repeated=costs)
        try:
            answer = await self._answer(call, prepared, read, turn)
        except (OutcomeUnknown, Unreachable):
            self._breaker.failed()
            raise
        except ApiError as error:
            self._breaker.answered()
            if isinstance(error, KeyRefused):
                self._ended = error
            raise
        self._breaker.answered()
        return answer

    async def _answer(
        self,
        call: Call,
        prepared: tuple[Lanes, httpx.Request],
        read: Callable[[object], Answer],
        turn: Turn,
    ) -> Answer:
        http, request = prepared
        where = self._where(call)
        reply = await exchange(
            http, request, where=where, seconds=self._timing.timeout * TIMEOUTS_FOR_ALL
        )
        retry_after = self._obey(reply, turn, where)
        fate = fate_of(reply.status)
        try:
            if fate is not None:
                said = self._masked(reply.body)
                raise error_of_status(
                    reply.status, said, where=where, doing=call.doing, retry_after=retry_after
                )
            return read(json_of(reply) if call.answered else None)
        except NotTheApi as error:
            error.where = where
            if call.harmless or fate is Fate.REFUSED:
                raise
            raise OutcomeUnknown(error.message, where=where) from None
        except ApiError as error:
            error.where = where
            raise

    def _where(self, call: Call) -> str:
        return f"{call.method} {self.base_url}{call.path}"

    def _prepared(self, call: Call) -> tuple[Lanes, httpx.Request]:
        """The open client, and the call in its terms."""
        if self._http is None:
            raise UsageError(
                "The client is not open.", hint="Use it inside `async with WizCommerce(…) as wiz:`."
            )
        try:
            content = None if call.body is None else json.dumps(call.body, allow_nan=False)
            request = self._http.build_request(
                call.method,
                f"{self.base_url}{call.path}",
                params=call.query,
                content=content,
            )
        except ValueError:
            raise UsageError(
                "The request holds text or a number that cannot be sent.",
                where=f"{call.method} {call.path}",
            ) from None
        return self._http, request

    def _obey(self, reply: Reply, turn: Turn, where: str) -> float | None:
        """Does what an answer asks for: pause, or send less.

        Returns:
            The seconds that the server named, if it did.

        Raises:
            GaveUp: They are too many to wait for. The request was not done.
        """
        throttled = reply.status == HTTPStatus.TOO_MANY_REQUESTS
        self._counts["throttled"] += throttled
        asked = self._pauses.heed(reply, turn)
        if asked is not None and asked > LONGEST_RETRY_AFTER:
            self._ended = too_long(asked, reply.status, where)
            if throttled:
                raise copy(self._ended)
        return asked

    def _masked(self, body: bytes) -> bytes:
        """A server's words without the secrets that it may quote."""
        secrets = [secret.get_secret_value() for secret in self._secrets]
        return masked(body.decode(errors="replace"), secrets).encode(errors="replace")


def _anything(content: object) -> object:
    return content
