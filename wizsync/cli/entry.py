"""From the words on the command line to the exit code of the process."""

from __future__ import annotations

import atexit
import gc
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import NoReturn

import typer

from wizsync.cli.answers import blank
from wizsync.cli.app import app
from wizsync.cli.invocation import secrets
from wizsync.cli.options import Showing
from wizsync.cli.output import Answer, Output, prepare_streams
from wizsync.errors import Exit, UsageError


def main() -> NoReturn:
    """Run the command that is asked for, and end the process with its exit code."""
    code = carry_out(sys.argv[1:])
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        # What could not be written was told of where it was written.
        with suppress(OSError, ValueError):
            stream.flush()
    # Not by sys.exit: while the interpreter takes itself apart, threads of pyarrow that are just ending abort
    # the process now and then (1 in 100 short ones; apache/arrow issue 34314), with a code that is not ours.
    os._exit(code)


def carry_out(words: Sequence[str]) -> int:
    """Run the command that is asked for.

    Args:
        words: What stands behind `wizsync`.

    Returns:
        The exit code.
    """
    prepare_streams()
    # Imports, plans and outcomes are many objects and no garbage: looking through them often is for nothing.
    gc.set_threshold(50_000, 20, 100)
    _end_as_ctrl_c_does()
    try:
        code = typer.main.get_command(app).main(
            [*words], prog_name="wizsync", standalone_mode=False
        )
    except typer.TyperException as problem:
        code = _usage(problem, words)
    except (KeyboardInterrupt, typer.Abort):
        code = Exit.INTERRUPTED
    return int(code or Exit.DONE)


def _end_as_ctrl_c_does() -> None:
    """Let `kill`, a closed terminal and a closed console end a command in order, and not in mid-air."""
    for name in ("SIGTERM", "SIGHUP", "SIGBREAK"):
        number = getattr(signal, name, None)
        # One that is ignored, as `nohup` has it, stays ignored.
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)


def _usage(problem: typer.TyperException, words: Sequence[str]) -> Exit:
    """Tell what typer did not understand, in the form that every other error has."""
    name = next((word for word in words if not word.startswith("-")), "")
    context = getattr(problem, "ctx", None)
    path = context.command_path if context is not None else "wizsync"
    error = UsageError(
        # What pydantic puts before every such message says nothing.
        problem.format_message().replace("Value error, ", ""),
        where="the command line",
        hint=f"`{path} --help` shows how.",
    )
    output = Output(name, Showing(as_json="--json" in words))
    output.secrets |= secrets()
    output.finish(Answer(Exit.USAGE, fields=blank(name), error=error))
    return Exit.USAGE
