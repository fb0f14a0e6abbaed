"""What a run's options, environment and wizsync.toml come to, with a word for all that is wrong."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from wizsync.cli.connecting import connected
from wizsync.cli.options import Keeping, Running, Whom, Writing
from wizsync.cli.output import Output
from wizsync.cli.progress import Display
from wizsync.errors import UsageError

if TYPE_CHECKING:
    from wizsync.pipeline import Options
    from wizsync.settings import Target


_STOPPING = "Stopping, once what is under way has ended. Ctrl-C again ends at once."


@contextmanager
def run_options(
    whom: Whom,
    keeping: Keeping,
    running: Running,
    writing: Writing,
    *,
    mode: str | None,
    progress: Display,
    output: Output,
) -> Iterator[Options]:
    """The pipeline's options for one command, with its target ready to be talked to.

    Raises:
        UsageError: An option or setting is wrong.
        MachineError: A folder cannot be used.
    """
    from wizsync.cli.limits import parse_allowances  # noqa: PLC0415 - not for --help
    from wizsync.pipeline import Options  # noqa: PLC0415 - after the options were looked at
    from wizsync.settings import resolve_report_dir, resolve_settle  # noqa: PLC0415 - not for --help

    allow = parse_allowances(running.allow or ())
    settle = resolve_settle(os.environ)
    target = find_target(whom, output)
    here = Path.cwd()
    report_dir = resolve_report_dir(running.report_dir, environ=os.environ, directory=here)
    state_dir = find_state_dir(keeping, output)
    with connected(target, state_dir) as connection:
        yield Options(
            connection=connection,
            state_dir=state_dir,
            report_dir=report_dir,
            mode=mode,
            allow=allow,
            settle=settle,
            keep_going=writing.keep_going,
            overwrite=writing.on_conflict == "overwrite",
            progress=progress,
            tell=lambda sentence: _tell(sentence, progress, output),
            on_stop=lambda: _tell(_STOPPING, progress, output),
        )


def _tell(sentence: str, progress: Display, output: Output) -> None:
    progress.pause()
    output.tell(sentence)


def find_target(whom: Whom, output: Output) -> Target:
    """Whom a command is to talk to; `output` learns the name, and what must never be shown.

    Raises:
        UsageError: There is no such target, or a setting is wrong.
    """
    from wizsync.settings import (  # noqa: PLC0415 - not for --help
        SANDBOX_KEY,
        Connection,
        parse_rate,
        resolve_target,
    )

    target = resolve_target(
        whom.target,
        dialect=whom.dialect,
        rate=parse_rate(whom.rate) if whom.rate is not None else None,
        environ=os.environ,
        directory=Path.cwd(),
    )
    if isinstance(target, Connection):
        output.target = target.target
        if target.key != SANDBOX_KEY:
            output.secrets.add(target.key)
    else:
        output.target = target.name
    return target


def find_state_dir(keeping: Keeping, output: Output) -> Path:
    """The state folder, created where it is not there; `output` warns of an unsafe one.

    Raises:
        MachineError: It cannot be created.
    """
    from wizsync.settings import (  # noqa: PLC0415 - not for --help
        make_state_dir,
        read_mounts,
        resolve_state_dir,
        state_dir_warnings,
    )

    folder = resolve_state_dir(keeping.state_dir, environ=os.environ, directory=Path.cwd())
    for warning in state_dir_warnings(folder, read_mounts()):
        output.warn(warning)
    make_state_dir(folder)
    output.crash_folder = folder
    return folder


def require_person_or_yes(writing: Writing, output: Output) -> None:
    """Make sure that somebody can agree, before anything is read or written.

    Raises:
        UsageError: There is no terminal to ask at, and no `--yes`.
    """
    if not writing.yes and not output.at_terminal:
        raise UsageError(
            "Nobody can be asked whether to write: this is no terminal.",
            hint="Add --yes to write without asking, or run `wizsync plan` to see what would change.",
            reason="no_terminal",
        )
