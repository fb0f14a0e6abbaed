"""Calls and their answers: paced, counted, sent again where that is safe.

What it raises is of `wizsync.errors` alone.
"""

from __future__ import annotations

import json
import math
import random
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from http import HTTPStatus
from types import TracebackType
from typing import Self, TypeVar

import httpx
from pydantic import SecretStr
from pydantic_core import from_json
from tenacity import retry_never

from wizsync.api.exchange import Reply, exchange, opened_client
from wizsync.api.failures import (
    UnusableAnswer,
    error_of_status,
    fate_of,
)
from wizsync.api.pacer import Pacer
from wizsync.api.retry import (
    LONGEST_BACK_OFF,
    again_after,
    retry_after_seconds,
    retrying,
    server_time,
)
from wizsync.errors import ApiError, GaveUp, NotTheApi, OutcomeUnknown, Unreachable, UsageError
from wizsync.model import Requests
from wizsync.redaction import masked

Answer = TypeVar("Answer")

LONGEST_RETRY_AFTER = 15 * 60.0
# Waits shorter than this are nobody's business.
NOTABLE_WAIT = 1.0
# An answer that trickles in is cut off after so many time-outs' time.
TIMEOUTS_FOR_ALL = 4


class Operation(StrEnum):
    """What requests are counted as: the fields of `wizsync.model.Requests`."""

    LIST = "list"
    GET = "get"
    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    CHILD = "child"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Call:
    """One request, before it is sent.

    Args:
        method: `GET`, `POST`, …
        path: Below the base URL, from its slash on, ids quoted.
        operation: What it is counted as.
        query: Names and values; a name may stand more than once.
        body: Sent as JSON.
        harmless: Done twice it is as good as done once: it changes nothing.
        answered: A 2xx has a body that matters.
        not_after: A moment of `time.monotonic`; where its turn comes later it is not sent.
    """

    method: str
    path: str
    operation: Operation
    query: tuple[tuple[str, str], ...] = ()
    body: Mapping[str, object] | None = field(default=None, repr=False)
    harmless: bool = False
    answered: bool = True
    not_after: float = math.inf


@dataclass(frozen=True, slots=True)
class Limits:
    """How requests are paced and repeated.

    Args:
        rate: Requests a second.
        attempts: How often one request may fail.
        timeout: Seconds for each of connecting, sending and waiting for the next piece of an answer.
        back_off: Seconds that the first wait between attempts lasts at most.

    Raises:
        UsageError: A number is out of its range.
    """

    rate: float = 5.0
    attempts: int = 5
    timeout: float = 30.0
    back_off: float = 1.0

    def __post_init__(self) -> None:
        if self.attempts < 1:
            raise UsageError(f"A request cannot be attempted {self.attempts} times.")
        if not (math.isfinite(self.timeout) and self.timeout > 0):
            raise UsageError(f"A time-out of {self.timeout} seconds cannot be kept.")


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
        self._limits = limits
        self._pacer = Pacer(limits.rate)
        self._on_wait = on_wait
        self._http: httpx.AsyncClient | None = None
        self._counts: Counter[str] = Counter()
        self._throttled_in_a_row = 0

    async def __aenter__(self) -> Self:
        self._http = opened_client(self.base_url, self._key, self._limits.timeout)
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

    async def ask(
        self, call: Call, read: Callable[[object], Answer], *, resend: bool = True
    ) -> Answer:
        """Sends a call, again where that is safe, and reads its answer.

        Args:
            call: What to send.
            read: Makes of the answer's JSON (None where the call is not `answered`) what is meant by
                it; raises NotTheApi where it cannot.
            resend: Send it again by itself where that is safe.

        Returns:
            What `read` made.

        Raises:
            ApiError: See `WizCommerce`.
        """
        sent = 0

        async def once() -> Answer:
            nonlocal sent
            sent += 1
            return await self._once(call, read, repeated=sent > 1)

        attempts = retrying(
            again_after(call.harmless) if resend else retry_never,
            attempts=self._limits.attempts,
            back_off=self._limits.back_off,
            on_wait=self._tell,
        )
        try:
            return await attempts(once)
        except OutcomeUnknown as error:
            if call.harmless:
                raise _given_up(error, sent) from None
            error.hint = "Look up whether it was done before anything is sent again."
            raise

    async def _once(
        self, call: Call, read: Callable[[object], Answer], *, repeated: bool
    ) -> Answer:
        http, request = self._prepared(call)
        where = f"{call.method} {self.base_url}{call.path}"
        async with self._pacer.turn():
            if time.monotonic() > call.not_after:
                raise Unreachable("Its turn came too late, so it was not sent.", where=where)
            self._counts[call.operation] += 1
            self._counts["retried"] += repeated
            reply = await exchange(
                http, request, where=where, seconds=self._limits.timeout * TIMEOUTS_FOR_ALL
            )
            retry_after = self._obey(reply, where)
        if fate_of(reply.status) is not None:
            said = self._masked(reply.body)
            raise error_of_status(reply.status, said, where=where, retry_after=retry_after)
        try:
            return read(_json(reply) if call.answered else None)
        except ApiError as error:
            error.where = where
            if isinstance(error, NotTheApi) and not call.harmless:
                raise OutcomeUnknown(error.message, where=where) from None
            raise

    def _prepared(self, call: Call) -> tuple[httpx.AsyncClient, httpx.Request]:
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
                params=list(call.query) or None,
                content=content,
            )
        except ValueError:
            raise UsageError(
                "The request holds text or a number that cannot be sent.",
                where=f"{call.method} {call.path}",
            ) from None
        return self._http, request

    def _obey(self, reply: Reply, where: str) -> float | None:
        """Pauses every request of this client where the server asked for it.

        Returns:
            The seconds that the server named, if it did.

        Raises:
            GaveUp: They are too many to wait for. The request was not done.
        """
        throttled = reply.status == HTTPStatus.TOO_MANY_REQUESTS
        self._counts["throttled"] += throttled
        if not throttled:
            self._throttled_in_a_row = 0
        if not throttled and reply.status != HTTPStatus.SERVICE_UNAVAILABLE:
            return None
        asked = retry_after_seconds(
            reply.headers.get("Retry-After"), now=server_time(reply.headers.get("Date"))
        )
        if asked is not None and asked > LONGEST_RETRY_AFTER:
            if not throttled:
                return None
            raise _too_long(asked, where)
        if asked is not None:
            self._pause(asked)
        elif throttled and not self._pacer.paused:
            self._pause(self._guessed_pause())
        return asked

    def _guessed_pause(self) -> float:
        """Seconds to pause after a 429 that names none: exponential, with jitter, capped."""
        whole = min(LONGEST_BACK_OFF, self._limits.back_off * 2.0**self._throttled_in_a_row)
        self._throttled_in_a_row += 1
        return whole * random.uniform(0.5, 1.0)  # noqa: S311 - keeps clients apart, hides nothing

    def _pause(self, seconds: float) -> None:
        if self._pacer.pause(seconds):
            self._tell("The server asks for fewer requests.", seconds)

    def _tell(self, reason: str, seconds: float) -> None:
        if self._on_wait is not None and seconds >= NOTABLE_WAIT:
            self._on_wait(reason, seconds)

    def _masked(self, body: bytes) -> bytes:
        """A server's words without the secrets that it may quote."""
        secrets = [secret.get_secret_value() for secret in self._secrets]
        return masked(body.decode(errors="replace"), secrets).encode(errors="replace")


def _json(reply: Reply) -> object:
    if reply.trouble is not None:
        raise reply.trouble
    try:
        return from_json(reply.body)
    except ValueError:
        kind = reply.headers.get("Content-Type", "").split(";")[0].strip() or "of no stated kind"
        raise UnusableAnswer(
            f"The server answered {reply.status}, but not with JSON (the answer is {kind[:60]})."
        ) from None


def _given_up(error: OutcomeUnknown, sent: int) -> ApiError:
    """What a request that changes nothing ends with when it failed too often."""
    if isinstance(error, UnusableAnswer):
        return NotTheApi(error.message, where=error.where, hint="Check the address of the API.")
    times = "once" if sent == 1 else f"{sent} times"
    return GaveUp(
        f"{error.message} (tried {times})",
        where=error.where,
        hint="Run again later; if it goes on, ask whether the service has trouble.",
    )


def _too_long(seconds: float, where: str) -> GaveUp:
    # A number of seconds may be anything; a date has limits.
    until = datetime.now(UTC) + timedelta(
        seconds=min(seconds, timedelta(days=3650).total_seconds())
    )
    return GaveUp(
        f"The server takes no requests until {until:%Y-%m-%d %H:%M} UTC (429 with Retry-After).",
        where=where,
        hint="Run again then.",
    )
