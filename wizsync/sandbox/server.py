"""Puts the sandbox on a port: in the foreground, or in a thread of this process."""

from __future__ import annotations

import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from wizsync.errors import MachineError
from wizsync.sandbox.account import Account
from wizsync.sandbox.control import Control
from wizsync.sandbox.gate import Gate
from wizsync.sandbox.handle import Sandbox
from wizsync.sandbox.listening import Server, listener
from wizsync.sandbox.options import SandboxOptions
from wizsync.sandbox.problems import Problem
from wizsync.sandbox.routes import Api
from wizsync.sandbox.striking import Surroundings
from wizsync.sandbox.workings import Workings

_CODES = {404: "not_found", 405: "method_not_allowed"}


def serve(options: SandboxOptions, on_ready: Callable[[str], None]) -> None:
    """Serve in the foreground until SIGINT or SIGTERM.

    Args:
        options: What it is.
        on_ready: Called with the base URL once it listens.

    Raises:
        MachineError: The port or the file cannot be used.
    """
    with _prepared(options) as (server, listening, sandbox):
        server.on_started = lambda: on_ready(sandbox.base_url)
        server.run(sockets=[listening])


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
    with _prepared(options) as (server, listening, sandbox):
        started = threading.Event()
        server.on_started = started.set

        def run() -> None:
            try:
                server.run(sockets=[listening])
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


@contextmanager
def _prepared(options: SandboxOptions) -> Iterator[tuple[Server, socket.socket, Sandbox]]:
    """A server, the socket it is to listen on, and its handle; closed at the end."""
    with listener(options.host, options.port) as listening:
        address = (options.host, listening.getsockname()[1])
        workings = _workings(options)
        try:
            server = Server(address, on_end=workings.elsewhere.close)
            around = Surroundings(workings.elsewhere, server.refuse)
            server.serve_by(_application(options, workings, around))
            yield server, listening, Sandbox(f"http://{address[0]}:{address[1]}", workings)
        finally:
            workings.tenants.close()


def _application(options: SandboxOptions, workings: Workings, around: Surroundings) -> Gate:
    """The whole server as one ASGI application."""
    routes = {
        tenant.name: _routed(Api(options.dialect, tenant).routes(), tenant.account)
        for tenant in workings.tenants
    }
    control = [Control(workings).mount()] if options.control else []
    return Gate(workings, routes, _routed(control, workings.tenants.main.account), options, around)


def _routed(routes: Sequence[BaseRoute], account: Account) -> Starlette:
    """Routes whose errors are told as the account is assumed to tell them."""

    async def refused(_: Request, error: Exception) -> Response:
        return _problem(error).response(account.assumptions.errors)

    application = Starlette(
        routes=routes,
        exception_handlers=dict.fromkeys((Problem, HTTPException, Exception), refused),
    )
    application.router.redirect_slashes = False
    return application


def _problem(error: Exception) -> Problem:
    match error:
        case Problem():
            return error
        case HTTPException():
            code = _CODES.get(error.status_code, "error")
            return Problem(error.status_code, code, f"{error.detail}.", headers=error.headers)
        case _:
            return Problem(500, "internal_error", "The sandbox failed at this request.")


def _workings(options: SandboxOptions) -> Workings:
    try:
        return Workings.of(options)
    except sqlite3.Error as error:
        raise MachineError(
            f"The sandbox cannot keep its customers there: {error}.",
            where=str(options.db),
            hint="Name a file that is a sandbox's own, or a new one in a folder that can be written.",
        ) from error
