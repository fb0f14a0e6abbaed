"""One command from its options to its exit code, whatever happens in between."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from wizsync.cli.answers import blank
from wizsync.cli.options import Showing, spread
from wizsync.cli.output import Answer, Output
from wizsync.errors import Exit


def command(function: Callable[..., Answer]) -> Callable[..., Any]:
    """A command as typer takes it: its options spread out, its answer turned into an exit code.

    Args:
        function: Takes its options, in groups or single, and `output: Output`.
    """

    def call(arguments: dict[str, Any]) -> Exit:
        output = Output(function.__name__, arguments.pop("output"))
        output.secrets |= secrets()
        return _carry_out(output, lambda: function(**arguments, output=output))

    return spread(function, call, stand_ins={Output: Showing})


def secrets() -> frozenset[str]:
    """The keys of every target: none may stand in what a command says, whomever it talks to."""
    from wizsync.settings import known_keys  # noqa: PLC0415 - not for --help

    try:
        here = Path.cwd()
    except OSError:
        here = Path("/")
    return known_keys(os.environ, here)


def _carry_out(output: Output, body: Callable[[], Answer]) -> Exit:
    try:
        answer = body()
    except (Exception, KeyboardInterrupt) as problem:  # noqa: BLE001 - the last catch there is
        from wizsync.cli.failures import told  # noqa: PLC0415 - not for --help

        folder = output.crash_folder or _usual_state_dir()
        error = told(problem, crash_folder=folder, scrub=output.scrub)
        answer = Answer(error.exit_code, fields=blank(output.command), error=error)
    return output.finish(answer)


def _usual_state_dir() -> Path | None:
    """The state folder of a command that had no need of one, if it can be told."""
    from wizsync.settings import resolve_state_dir  # noqa: PLC0415 - not for --help

    try:
        return resolve_state_dir(None, environ=os.environ, directory=Path.cwd())
    except OSError:
        return None
