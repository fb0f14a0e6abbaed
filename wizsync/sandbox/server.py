"""Puts the sandbox on a port: in the foreground, or in a thread of this process."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from wizsync.errors import MachineError
from wizsync.sandbox.account import Account
from wizsync.sandbox.assumptions import Assumptions
from wizsync.sandbox.control import Control, checked_fields
from wizsync.sandbox.gate import Gate
from wizsync.sandbox.ledger import Ledger
from wizsync.sandbox.lookups import LookupName, checked_lookup
from wizsync.sandbox.options import SandboxOptions
from wizsync.sandbox.problems import Problem
from wizsync.sandbox.routes import Api

_SECONDS_TO_FINISH = 2
_CODES = {404: "not_found", 405: "method_not_allowed"}


class Sandbox:
    """A sandbox that runs in this process, and what a test may ask and change behind its back.

    Args:
        origin: Where it listens: `http://127.0.0.1:PORT`.
        options: What it was started with.
        account: Its customers.
        ledger: What was asked of it.
    """

    def __init__(
        self, origin: str, options: SandboxOptions, account: Account, ledger: Ledger
    ) -> None:
        self.base_url = f"{origin}/v1"
        self.control_url = f"{origin}/control"
        self.key = options.key
        self._account = account
        self._ledger = ledger

    @property
    def assumptions(self) -> Assumptions:
        """How it behaves now where the documentation is silent."""
        return self._account.assumptions

    def assume(self, **values: Any) -> None:
        """Change assumptions while it runs.

        Raises:
            UsageError: A name or a value does not exist.
        """
        self._account.assumptions = self._account.assumptions.changed(values)

    def counts(self) -> dict[str, Any]:
        """Requests so far; see Ledger.counts."""
        return self._ledger.counts()

    def ledger(self) -> list[dict[str, Any]]:
        """The writes so far, oldest first; see ledger.Write."""
        return self._ledger.writes()

    def reset(self) -> None:
        """Forget the requests so far."""
        self._ledger.reset()

    def customers(self) -> list[dict[str, Any]]:
        """The account as it is: every customer of every status, in full, oldest first."""
        return self._account.customers()

    def customer(self, reference_id: str) -> dict[str, Any]:
        """The one customer that has a referenceId.

        Raises:
            KeyError: There is none, or more than one.
        """
        found = [each for each in self.customers() if each["reference_id"] == reference_id]
        if len(found) != 1:
            raise KeyError(f"{len(found)} customers have the referenceId {reference_id}")
        return found[0]

    def add(self, **fields: Any) -> dict[str, Any]:
        """Add a customer of stored fields without any check, and return it.

        Raises:
            Problem: A field does not exist.
        """
        return self._account.add(checked_fields(fields))

    def edit(self, customer_id: str, **fields: Any) -> dict[str, Any]:
        """Change stored fields of a customer without any check, and return it.

        Raises:
            KeyError: There is no such customer.
            Problem: A field does not exist.
        """
        return self._account.edit(customer_id, checked_fields(fields))

    def remove(self, customer_id: str) -> None:
        """Remove a customer, whatever is assumed of deletes.

        Raises:
            KeyError: There is no such customer.
        """
        self._account.remove(customer_id)

    def lookup(self, name: LookupName) -> list[dict[str, Any]]:
        """The price lists, sales reps or attributes there are, as a copy."""
        return self._account.lookup(name)

    def set_lookup(self, name: LookupName, records: Sequence[Mapping[str, Any]]) -> None:
        """Replace the price lists, sales reps or attributes there are.

        Raises:
            Problem: A record has an unknown key or a wrong value, or lacks what it needs.
        """
        self._account.set_lookup(name, checked_lookup(name, records))


def serve(options: SandboxOptions, on_ready: Callable[[str], None]) -> None:
    """Serve in the foreground until SIGINT or SIGTERM.

    Args:
        options: What it is.
        on_ready: Called with the base URL once it listens.

    Raises:
        MachineError: The port or the file cannot be used.
    """
    with _prepared(options) as (server, listener, sandbox):
        server.on_started = lambda: on_ready(sandbox.base_url)
        server.run(sockets=[listener])


@contextmanager
def running(options: SandboxOptions) -> Iterator[Sandbox]:
    """A sandbox in a thread of this process, as long as the context lasts.

    Args:
        options: What it is.

    Yields:
        The sandbox, listening.

    Raises:
        MachineError: The port or the file cannot be used.
    """
    with _prepared(options) as (server, listener, sandbox):
        started = threading.Event()
        server.on_started = started.set

        def run() -> None:
            try:
                server.run(sockets=[listener])
            finally:
                started.set()

        thread = threading.Thread(target=run, name="wizsync sandbox", daemon=True)
        thread.start()
        try:
            started.wait()
            yield sandbox
        finally:
            server.should_exit = True
            thread.join()


class _Server(uvicorn.Server):
    """uvicorn's server; it tells when it listens, and a signal ends it without more ado."""

    on_started: Callable[[], object]

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self.on_started()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
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


@contextmanager
def _prepared(options: SandboxOptions) -> Iterator[tuple[_Server, socket.socket, Sandbox]]:
    """A server, the socket it is to listen on, and its handle; closed at the end."""
    with _listener(options) as listener:
        origin = f"http://{options.host}:{listener.getsockname()[1]}"
        account = _account(options)
        try:
            ledger = Ledger()
            config = uvicorn.Config(
                _application(options, account, ledger),
                http="h11",
                loop="asyncio",
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="critical",
                access_log=False,
                server_header=False,
                timeout_keep_alive=60,
                timeout_graceful_shutdown=_SECONDS_TO_FINISH,
            )
            yield _Server(config), listener, Sandbox(origin, options, account, ledger)
        finally:
            account.close()


def _application(options: SandboxOptions, account: Account, ledger: Ledger) -> Gate:
    """The whole server as one ASGI application."""

    async def refused(_: Request, error: Exception) -> Response:
        return _problem(error).response(account.assumptions.errors)

    control = [Control(account, ledger).mount()] if options.control else []
    application = Starlette(
        routes=[*Api(options, account).routes(), *control],
        exception_handlers=dict.fromkeys((Problem, HTTPException, Exception), refused),
    )
    application.router.redirect_slashes = False
    return Gate(application, options, account, ledger)


def _problem(error: Exception) -> Problem:
    match error:
        case Problem():
            return error
        case HTTPException():
            code = _CODES.get(error.status_code, "error")
            return Problem(error.status_code, code, f"{error.detail}.", headers=error.headers)
        case _:
            return Problem(500, "internal_error", "The sandbox failed at this request.")


def _listener(options: SandboxOptions) -> socket.socket:
    # TCP is named, because asyncio only then sends small answers without delay.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((options.host, options.port))
        listener.listen(128)
    except (OSError, OverflowError) as error:
        listener.close()
        raise MachineError(
            f"The sandbox cannot listen there: {getattr(error, 'strerror', None) or error}.",
            where=f"{options.host}:{options.port}",
            hint="Choose another port, or 0 for any free one.",
        ) from error
    return listener


def _account(options: SandboxOptions) -> Account:
    try:
        return Account(options.db, options.customers, options.assumptions)
    except sqlite3.Error as error:
        raise MachineError(
            f"The sandbox cannot keep its customers there: {error}.",
            where=str(options.db),
            hint="Name a file that is a sandbox's own, or a new one in a folder that can be written.",
        ) from error
