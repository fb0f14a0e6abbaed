"""A real server between client and sandbox that loses requests and answers as a test says."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from wizsync.sandbox import Sandbox


class Lost(Enum):
    """What is lost: the connection is cut after the request was read, or after it was done."""

    REQUEST = auto()
    ANSWER = auto()


@dataclass(frozen=True)
class Asked:
    """A request as it arrived."""

    method: str
    target: str
    body: bytes

    @property
    def key(self) -> str:
        """The referenceId in its body, "" where there is none."""
        content: dict[str, Any] = json.loads(self.body) if self.body else {}
        return str(content.get("reference_id") or content.get("referenceId") or "")


@dataclass(frozen=True)
class Lie:
    """An answer to something else than was asked, or one that was tampered with.

    Args:
        target: What the sandbox is asked in place of what the client asked; "" the same.
        told: Its JSON to what the client is told.
    """

    target: str = ""
    told: Callable[[Any], Any] | None = None


# Lost, a lie, or a status to answer with in place of the sandbox, and the body; None: all goes well.
Trouble = Lost | Lie | int | tuple[int, bytes] | None
Rule = Callable[[Asked], Trouble]


@dataclass
class Between:
    """Where the client connects to, and what came so far; `rule` may be changed at any time."""

    base_url: str
    key: str
    rule: Rule
    asked: list[Asked] = field(default_factory=list)

    def sent(self, method: str, key: str | None = None) -> int:
        """How many requests of a method came, about one referenceId or any."""
        return sum(a.method == method and key in (None, a.key) for a in self.asked)


def first(number: int, trouble: Trouble, *, method: str, key: str | None = None) -> Rule:
    """Trouble for the first so many requests of a method, about one referenceId or any."""
    left = iter(range(number))

    def rule(asked: Asked) -> Trouble:
        concerned = asked.method == method and key in (None, asked.key)
        return trouble if concerned and next(left, None) is not None else None

    return rule


def well(_: Asked) -> Trouble:
    """All goes well."""
    return None


class _Server(ThreadingHTTPServer):
    """What the handlers of its connections share."""

    def __init__(self, origin: str, proxy: Between) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.origin = origin
        self.proxy = proxy


class _Handler(BaseHTTPRequestHandler):
    """One connection, with one of its own to the sandbox."""

    protocol_version = "HTTP/1.1"
    # An answer leaves in one piece: in two, the second would wait for the first one's receipt.
    wbufsize = -1
    disable_nagle_algorithm = True
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.upstream = http.client.HTTPConnection(self.server.origin)

    def handle(self) -> None:
        # A client that goes cuts its connections.
        with suppress(ConnectionError):
            super().handle()

    def finish(self) -> None:
        self.upstream.close()
        super().finish()

    def _handle(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        asked = Asked(self.command, self.path, body)
        self.server.proxy.asked.append(asked)
        trouble = self.server.proxy.rule(asked)
        if isinstance(trouble, int):
            trouble = trouble, b'{"message": "as the test says"}'
        if isinstance(trouble, tuple):
            self._answer(*trouble)
            return
        if trouble is not Lost.REQUEST:
            lie = trouble if isinstance(trouble, Lie) else Lie()
            target = lie.target or self.path
            self.upstream.request(self.command, target, body or None, dict(self.headers))
            answer = self.upstream.getresponse()
            content = answer.read()
            if lie.told is not None and answer.status < 300:
                content = json.dumps(lie.told(json.loads(content))).encode()
        if not isinstance(trouble, Lost):
            self._answer(answer.status, content)
        else:
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _handle  # noqa: N815 - http.server's names

    def _answer(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        if status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def between(sandbox: Sandbox, rule: Rule = well) -> Iterator[Between]:
    """A server in front of a sandbox."""
    origin = urlsplit(sandbox.base_url)
    proxy = Between("", sandbox.key, rule)
    server = _Server(origin.netloc, proxy)
    proxy.base_url = f"http://127.0.0.1:{server.server_port}{origin.path}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
