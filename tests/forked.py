"""The command in processes of its own that are quick to start: forked from one that has wizsync imported.

What is forked has words, folder, environment and streams of its own; only the second that the imports take is
saved, which hundreds of tests would spend each.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from multiprocessing import get_context
from pathlib import Path

_CONTEXT = get_context("forkserver")
_CONTEXT.set_forkserver_preload(
    [
        *("wizsync.cli", "wizsync.cli.run_view", "wizsync.pipeline", "wizsync.sandbox"),
        *("wizsync.doctor", "wizsync.history", "openpyxl", "phonenumbers"),
        "tests.crash.fail_points",
    ]
)


class Forked:
    """A command that runs.

    Args:
        words: Its words after `wizsync`.
        folder: Its current directory.
        environ: Its whole environment.
        out: The file that its stdout becomes.
        err: The file that its stderr becomes.
        first: What the process does before it becomes the command.
    """

    def __init__(
        self,
        *words: str | Path,
        folder: Path,
        environ: Mapping[str, str],
        out: Path,
        err: Path,
        first: Callable[[], None] | None = None,
    ) -> None:
        self._files = out, err
        self.process = _CONTEXT.Process(
            target=_become,
            args=(list(map(str, words)), folder, dict(environ), self._files, first),
        )
        self.process.start()

    def wait(self, seconds: float) -> tuple[int, str, str]:
        """The code that it ended with, as subprocess tells it, and what it wrote."""
        self.process.join(seconds)
        if self.process.is_alive():
            self.process.kill()
            raise TimeoutError(f"It did not end in {seconds} s.")
        out, err = (
            file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""
            for file in self._files
        )
        return self.process.exitcode or 0, out, err


def _become(
    words: list[str],
    folder: Path,
    environ: dict[str, str],
    files: tuple[Path, Path],
    first: Callable[[], None] | None,
) -> None:
    for number, file in enumerate(files, start=1):
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(descriptor, number)
        os.close(descriptor)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False)
    os.environ.clear()
    os.environ.update(environ)
    os.chdir(folder)
    sys.argv = ["wizsync", *words]
    if first is not None:
        first()
    from wizsync.cli import main  # noqa: PLC0415 - after the environment is the command's

    main()
