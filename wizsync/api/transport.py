"""One request and its answer: paced, counted, sent again where that is safe, never over-read.

The only module that sends anything. What it raises is of `wizsync.errors` alone.
"""

from __future__ import annotations

import asyncio
import json
import math
import random
from collections import Counter
from collections.abc import Callable, Generator, Mapping, Sequence
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

from wizsync.api.address import is_loopback
from wizsync.api.failures import (
    UnusableAnswer,
    error_of_exception,
    error_of_status,
    fate_of,
    retry_after_seconds,
    server_time,
)
from wizsync.api.pacer import IN_FLIGHT_AT_MOST, Pacer
from wizsync.api.retry import LONGEST_BACK_OFF, again_after, retrying
from wizsync.errors import ApiError, GaveUp, NotTheApi, OutcomeUnknown, UsageError
from wizsync.model import Requests
from wizsync.version import __version__

Answer = TypeVar("Answer")

LARGEST_ANSWER = 64 * 1024 * 1024
LONGEST_RETRY_AFTER = 15 * 60.0
# Waits shorter than this are nobody's business.
NOTABLE_WAIT = 1.0
# An answer that trickles in is cut off after so many time-outs' time.
TIMEOUTS_FOR_ALL = 4
# Shorter than servers usually keep an idle connection: to reuse one just as the server closes it
# would leave a write's outcome unknown for nothing.
KEEP_IDLE_CONNECTION = 2.0


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
    """

    method: str
    path: str
    operation: Operation
    query: tuple[tuple[str, str], ...] = ()
    body: Mapping[str, object] | None = field(default=None, repr=False)
    harmless: bool = False
    answered: bool = True


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
        base_url: Checked; see `wizsync.api.address`.
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
        local = is_loopback(self.base_url)
        try:
            self._http = httpx.AsyncClient(
                auth=None if self._key is None else _KeyHeader(self._key),
                headers={
                    "Accept": "application/json",
                    "Accept-Encoding": "gzip",
                    "Content-Type": "application/json",
                    "User-Agent": f"wizsync/{__version__}",
                },
                follow_redirects=False,
                limits=httpx.Limits(
                    max_connections=IN_FLIGHT_AT_MOST,
                    max_keepalive_connections=IN_FLIGHT_AT_MOST,
                    keepalive_expiry=KEEP_IDLE_CONNECTION,
                ),
                timeout=httpx.Timeout(self._limits.timeout),
                # A proxy could not reach this machine's own servers.
                trust_env=not local,
            )
        except (ImportError, ValueError, httpx.InvalidURL) as error:
            raise UsageError(
                f"The proxy that the environment names cannot be used: {error}",
                hint="Correct HTTPS_PROXY or ALL_PROXY, or name the host in NO_PROXY.",
            ) from None
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
        request = self._request(call)
        where = f"{call.method} {self.base_url}{call.path}"
        async with self._pacer.turn():
            self._counts[call.operation] += 1
            self._counts["retried"] += repeated
            reply = await self._exchange(request, where)
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

    def _request(self, call: Call) -> httpx.Request:
        """The call in httpx's terms."""
        if self._http is None:
            raise UsageError(
                "The client is not open.", hint="Use it inside `async with WizCommerce(…) as wiz:`."
            )
        try:
            content = None if call.body is None else json.dumps(call.body, allow_nan=False)
            return self._http.build_request(
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

    async def _exchange(self, request: httpx.Request, where: str) -> _Reply:
        """Sends a request and reads its answer as far as it goes.

        What goes wrong once the status is known is told in the reply: the status says more about the
        request's fate than a connection that breaks after it.
        """
        if self._http is None:
            raise AssertionError
        status, headers = 0, httpx.Headers()
        try:
            async with asyncio.timeout(self._limits.timeout * TIMEOUTS_FOR_ALL):
                response = await self._http.send(request, stream=True)
                status, headers = response.status_code, response.headers
                try:
                    return _Reply(status, headers, await _body(response))
                finally:
                    await response.aclose()
        except NotTheApi as error:
            return _Reply(status, headers, trouble=error)
        except Exception as error:  # noqa: BLE001 - the border: whatever is below must not slip through
            trouble = error_of_exception(error, where=where)
            if not status:
                raise trouble from None
            return _Reply(status, headers, trouble=trouble)

    def _obey(self, reply: _Reply, where: str) -> float | None:
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
        for secret in self._secrets:
            body = body.replace(secret.get_secret_value().encode(), b"***")
        return body


@dataclass(frozen=True, slots=True)
class _Reply:
    """An answer: its body, or why that could not be read."""

    status: int
    headers: httpx.Headers
    body: bytes = field(default=b"", repr=False)
    trouble: ApiError | None = None


class _KeyHeader(httpx.Auth):
    """Adds the key as a request leaves, so that it stands in no client's or request's repr."""

    def __init__(self, key: SecretStr) -> None:
        self._key = key

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """See httpx.Auth."""
        request.headers["X-API-Key"] = self._key.get_secret_value()
        yield request


async def _body(response: httpx.Response) -> bytes:
    """An answer's body, unpacked, as long as it is of a size and a coding that an API answers with.

    Raises:
        NotTheApi: It is not.
    """
    # Codings can be nested, and each multiplies what a few bytes can become.
    if response.headers.get("Content-Encoding", "identity").lower() not in {"identity", "gzip"}:
        raise NotTheApi("The answer is compressed in a way that was not asked for.")
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > LARGEST_ANSWER:
            raise NotTheApi(
                f"The answer is larger than {LARGEST_ANSWER // 1024**2} MiB.",
                hint="Check the address of the API.",
            )
    return bytes(body)


def _json(reply: _Reply) -> object:
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
