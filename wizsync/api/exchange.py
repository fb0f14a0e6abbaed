"""One request over the wire and its answer, never over-read: the only module that sends anything."""

from __future__ import annotations

import asyncio
import ssl
import zlib
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus

import httpx
from pydantic import SecretStr
from pydantic_core import from_json

from wizsync.access import is_loopback
from wizsync.api.failures import UnusableAnswer, error_of_exception
from wizsync.errors import ApiError, NotTheApi, UsageError
from wizsync.version import __version__

# A page of a hundred customers takes well below one. Eight of them may be under way.
LARGEST_ANSWER = 16 * 1024 * 1024
# Shorter than servers usually keep an idle connection: to reuse one just as the server closes it
# would leave a write's outcome unknown for nothing.
KEEP_IDLE_CONNECTION = 2.0
# zlib's word for it.
_GZIP = 31


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer.

    Args:
        status: Its HTTP status.
        headers: Its headers.
        body: Unpacked; empty where there is trouble.
        trouble: Why the body could not be read to its end.
    """

    status: int
    headers: httpx.Headers
    body: bytes = field(default=b"", repr=False)
    trouble: ApiError | None = None


class Lanes:
    """Clients that follow no redirect, trust nobody unverified, and show their key nowhere.

    Each has one request at a time: a client looks through all its connections before each request and after
    it, and of eight in one client that takes as long as a seventh of the request. The one that was used last
    is used next, so that at a slow pace one connection is kept.

    Args:
        base_url: What will be asked, checked.
        key: None where a request proves itself otherwise.
        timeout: Seconds for each of connecting, sending, and waiting for a piece of an answer.

    Raises:
        UsageError: The environment names a proxy that cannot be used.
    """

    def __init__(self, base_url: str, key: SecretStr | None, timeout: float) -> None:
        self._base_url = base_url
        self._auth = None if key is None else _KeyHeader(key)
        self._timeout = httpx.Timeout(timeout)
        # A proxy could not reach this machine's own servers.
        self._use_environment = not is_loopback(base_url)
        self._trusted = _trusted(base_url, use_environment=self._use_environment)
        self._first = self._opened()
        self._all = [self._first]
        self._free = [self._first]

    def build_request(
        self, method: str, url: str, *, params: Sequence[tuple[str, str]], content: str | None
    ) -> httpx.Request:
        """A request that any of them can send."""
        return self._first.build_request(method, url, params=tuple(params) or None, content=content)

    @contextmanager
    def free(self) -> Iterator[httpx.AsyncClient]:
        """One that has no request under way, for one request."""
        if not self._free:
            self._free.append(self._opened())
            self._all.append(self._free[-1])
        client = self._free.pop()
        try:
            yield client
        finally:
            self._free.append(client)

    async def aclose(self) -> None:
        """Closes every connection."""
        for client in self._all:
            await client.aclose()

    def _opened(self) -> httpx.AsyncClient:
        try:
            return httpx.AsyncClient(
                auth=self._auth,
                headers={
                    "Accept": "application/json",
                    "Accept-Encoding": "gzip",
                    "Content-Type": "application/json",
                    "User-Agent": f"wizsync/{__version__}",
                },
                follow_redirects=False,
                limits=httpx.Limits(
                    max_keepalive_connections=1, keepalive_expiry=KEEP_IDLE_CONNECTION
                ),
                timeout=self._timeout,
                trust_env=self._use_environment,
                verify=self._trusted,
            )
        except (ImportError, ValueError, httpx.InvalidURL):
            # Without the foreign text: a proxy's address may hold a password.
            raise UsageError(
                "The proxy that the environment names cannot be used.",
                hint="Correct HTTPS_PROXY or ALL_PROXY (http:// or https://), or name the host in NO_PROXY.",
            ) from None


async def exchange(http: Lanes, request: httpx.Request, *, where: str, seconds: float) -> Reply:
    """Sends a request once and reads its answer as far as it goes.

    What goes wrong once the status is known is told in the reply: the status says more about the
    request's fate than a connection that breaks after it.

    Args:
        http: The clients.
        request: What to send.
        where: Method and address, for errors.
        seconds: How long all of it may take.

    Raises:
        ApiError: No answer came.
    """
    status, headers = 0, httpx.Headers()
    try:
        async with asyncio.timeout(seconds):
            with http.free() as client:
                response = await client.send(request, stream=True)
                status, headers = response.status_code, response.headers
                try:
                    return Reply(status, headers, await _body(response))
                finally:
                    await response.aclose()
    except (NotTheApi, UnusableAnswer) as error:
        return Reply(status, headers, trouble=error)
    except Exception as error:  # noqa: BLE001 - the border: nothing from below may slip through
        trouble = error_of_exception(error, where=where)
        if not status:
            raise trouble from None
        return Reply(status, headers, trouble=trouble)


def json_of(reply: Reply) -> object:
    """What an answer holds.

    Raises:
        NotTheApi: It is not of an API.
        OutcomeUnknown: It could not be read to its end, or is no JSON.
    """
    if reply.trouble is not None:
        raise reply.trouble
    try:
        return from_json(reply.body)
    except ValueError:
        kind = reply.headers.get("Content-Type", "").split(";")[0].strip() or "of no stated kind"
        raise UnusableAnswer(
            f"The server answered {reply.status}, but not with JSON (the answer is {kind[:60]})."
        ) from None


class _KeyHeader(httpx.Auth):
    """Adds the key as a request leaves, so that it stands in no client's or request's repr."""

    def __init__(self, key: SecretStr) -> None:
        self._key = key

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """See httpx.Auth."""
        request.headers["X-API-Key"] = self._key.get_secret_value()
        yield request


def _trusted(base_url: str, *, use_environment: bool) -> ssl.SSLContext:
    """Whose certificates are trusted: the public authorities, and those of this machine.

    A company's own authority, which its laptops trust, is in the machine's store alone.
    """
    if base_url.startswith("http:"):
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # never used, and trusts nobody
    context = httpx.create_ssl_context(trust_env=use_environment)
    context.load_default_certs()
    return context


async def _body(response: httpx.Response) -> bytes:
    """An answer's body, unpacked, as long as it is of a size and a coding that an API answers with.

    It is unpacked here, because httpx unpacks each piece to whatever it comes to.

    Raises:
        NotTheApi: It is not.
        UnusableAnswer: It cannot be unpacked.
    """
    # It has none. Unread, what a server sends all the same goes with its connection; read, it would be
    # taken for the beginning of the next answer.
    if response.status_code == HTTPStatus.NO_CONTENT:
        return b""
    coding = response.headers.get("Content-Encoding", "identity").lower()
    # Codings can be nested, and each multiplies what a few bytes can become.
    if coding not in {"identity", "gzip"}:
        raise NotTheApi("The answer is compressed in a way that was not asked for.")
    unpacking = zlib.decompressobj(wbits=_GZIP) if coding == "gzip" else None
    body = bytearray()
    try:
        async for chunk in response.aiter_raw():
            room = LARGEST_ANSWER + 1 - len(body)
            body += unpacking.decompress(chunk, room) if unpacking else chunk
            if len(body) > LARGEST_ANSWER:
                raise NotTheApi(
                    f"The answer is larger than {LARGEST_ANSWER // 1024**2} MiB.",
                    hint="Check the address of the API.",
                )
    except zlib.error:
        raise UnusableAnswer("The answer's compression is damaged.") from None
    return bytes(body)
