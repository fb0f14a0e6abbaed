"""The command in processes of its own, to be killed at any time or at a chosen point."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from tests.cli.conftest import Ended
from tests.crash.fail_points import FailPoint, arm
from tests.forked import Forked

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
        there = {name: v for name, v in os.environ.items() if not name.startswith("WIZSYNC_")}
        self._forked = Forked(
            *words,
            folder=Path.cwd(),
            environ={**there, **HASTE, **environ},
            out=folder / "out.txt",
            err=folder / "err.txt",
            first=partial(arm, fail_point) if fail_point is not None else None,
        )
        self._process = self._forked.process

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
        code, out, err = self._forked.wait(seconds)
        assert "Traceback" not in out + err, err
        return Ended(code, out, err)
