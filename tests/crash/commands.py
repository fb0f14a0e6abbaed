"""The command in processes of its own, quick to start, to be killed at any time or at a chosen point.

A server that has wizsync imported forks them off, so that hundreds can be started and killed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from multiprocessing import get_context
from pathlib import Path

from tests.cli.conftest import Ended
from tests.crash.fail_points import FailPoint, arm

_CONTEXT = get_context("forkserver")
_CONTEXT.set_forkserver_preload(
    ["wizsync.cli", "wizsync.cli.run_view", "wizsync.pipeline", "tests.crash.fail_points"]
)
# What settles, waits and gives up does so sooner than for people.
HASTE = {"WIZSYNC_SETTLE": "0.6", "WIZSYNC_TIMEOUT": "0.5", "WIZSYNC_BACK_OFF": "0.02"}


class Command:
    """A command that runs.

    Args:
        words: Its words after `wizsync`.
        folder: Where its output goes.
        environ: Beside what is there and HASTE.
        fail_point: Where it kills itself.
    """

    def __init__(
        self,
        *words: str | Path,
        folder: Path,
        environ: Mapping[str, str],
        fail_point: FailPoint | None = None,
    ) -> None:
        self._files = folder / "out.txt", folder / "err.txt"
        self._process = _CONTEXT.Process(
            target=_run,
            args=(list(map(str, words)), {**HASTE, **environ}, self._files, fail_point),
        )
        self._process.start()

    @property
    def runs(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.is_alive()

    def kill(self) -> None:
        """End it at once, with SIGKILL."""
        self._process.kill()

    def send(self, signal: int) -> None:
        """Send it a signal."""
        os.kill(self._process.pid or 0, signal)

    def wait(self, seconds: float = 120) -> Ended:
        """How it ended; its code is -9 where it was killed."""
        self._process.join(seconds)
        assert not self._process.is_alive(), f"it did not end in {seconds} s"
        out, err = (
            file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""
            for file in self._files
        )
        assert "Traceback" not in out + err, err
        return Ended(self._process.exitcode or 0, out, err)


def _run(
    words: list[str],
    environ: dict[str, str],
    files: tuple[Path, Path],
    fail_point: FailPoint | None,
) -> None:
    """In the process: become the command."""
    for number, file in enumerate(files, start=1):
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(descriptor, number)
        os.close(descriptor)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False)
    for name in [name for name in os.environ if name.startswith("WIZSYNC_")]:
        del os.environ[name]
    os.environ.update(environ)
    sys.argv = ["wizsync", *words]
    if fail_point is not None:
        arm(fail_point)
    from wizsync.cli import main  # noqa: PLC0415 - after the environment is the command's

    main()
