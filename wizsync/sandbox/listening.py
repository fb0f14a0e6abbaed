"""The server's socket and its connections, which a fault may refuse, reset or hold."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from wizsync.errors import MachineError

_CONNECTION = "sandbox.connection"
_SECONDS_TO_FINISH = 2
_SECONDS_BETWEEN_TRIES = 0.05
# Linger on, for no time: closing then resets. Windows has shorts where others have ints.
_NO_LINGER = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)


class Connection(H11Protocol):
    """A connection that lets the application have hold of it; see `connection_of`."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._application = self.app
        self.app = self._serve
        # Whether its client waits for an answer that will never come.
        self.held = False

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("extensions", {})[_CONNECTION] = self
        await self._application(scope, receive, send)

    def reset(self) -> None:
        """Reset it: the client sees an error, and not an end."""
        self.transport.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER
        )
        self.transport.abort()

    def end(self) -> None:
        """Close it after what was sent, whether that was all or not."""
        self.transport.close()


def connection_of(scope: Scope) -> Connection:
    """The connection that a request came by."""
    connection: Connection = scope["extensions"][_CONNECTION]
    return connection


class Server(uvicorn.Server):
    """uvicorn's server; it tells when it listens, and a signal ends it without more ado.

    Args:
        address: Where: host and port.
        on_end: Called when it ends.
    """

    on_started: Callable[[], object]

    def __init__(self, address: tuple[str, int], on_end: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                _nothing,
                http=Connection,
                loop="asyncio",
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="critical",
                access_log=False,
                server_header=False,
                # The gate says the time: a fault may put its clock wrong.
                date_header=False,
                timeout_keep_alive=60,
                timeout_graceful_shutdown=_SECONDS_TO_FINISH,
            )
        )
        self._address = address
        self._on_end = on_end
        self._reopening: asyncio.Task[None] | None = None

    def serve_by(self, application: ASGIApp) -> None:
        """Say what answers the requests, before it runs."""
        self.config.app = application

    def refuse(self, seconds: float) -> None:
        """Refuse connections for so long, and close those that are idle."""
        if self._reopening is not None and not self._reopening.done():
            return
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        self._reopening = asyncio.get_running_loop().create_task(self._reopen(seconds))

    async def _reopen(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        while True:
            try:
                socket_again = listener(*self._address)
            except MachineError:
                # Somebody has the port for the moment, as a client's end of a connection.
                await asyncio.sleep(_SECONDS_BETWEEN_TRIES)
            else:
                await super().startup(sockets=[socket_again])
                return

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen, and tell."""
        await super().startup(sockets=sockets)
        self.on_started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End, and leave nobody waiting."""
        if self._reopening is not None:
            self._reopening.cancel()
        self._on_end()
        for connection in list(self.server_state.connections):
            if isinstance(connection, Connection) and connection.held:
                connection.transport.abort()
        await super().shutdown(sockets=sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take the signals that end it, as long as it runs."""
        # uvicorn's own raises the signal again at the end, which would end the command with it.
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        handled = (signal.SIGINT, signal.SIGTERM)
        before = {number: signal.signal(number, self.handle_exit) for number in handled}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


async def _nothing(scope: Scope, receive: Receive, send: Send) -> None:
    """Stands for an application until there is one."""


def listener(host: str, port: int) -> socket.socket:
    """A socket that listens.

    Raises:
        MachineError: The port cannot be used.
    """
    # TCP is named, because asyncio only then sends small answers without delay.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(128)
    except (OSError, OverflowError) as error:
        listening.close()
        raise MachineError(
            f"The sandbox cannot listen there: {getattr(error, 'strerror', None) or error}.",
            where=f"{host}:{port}",
            hint="Choose another port, or 0 for any free one.",
        ) from error
    return listening
