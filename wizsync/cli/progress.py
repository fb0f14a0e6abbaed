"""How far long work is: a bar with rate and time left at a terminal, now and then a line in a pipe."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_LINE_EVERY = 10.0


class Bars:
    """Draws a bar on stderr for what is being done; a new text is a new bar."""

    def __init__(self) -> None:
        self._drawn: Progress | None = None
        self._task: TaskID | None = None
        self._doing = ""

    def __call__(self, doing: str, done: int, total: int | None) -> None:
        """See `wizsync.model.Progress`."""
        if self._drawn is None or doing != self._doing:
            self.pause()
            self._drawn = _bar()
            self._task = self._drawn.add_task(doing, total=total)
            self._doing = doing
            self._drawn.start()
        if self._task is not None:
            self._drawn.update(self._task, completed=done, total=total)

    def pause(self) -> None:
        """Take the bar off the screen, so that something else can be shown."""
        if self._drawn is not None:
            self._drawn.stop()
            self._drawn = None


class Lines:
    """Writes a line on stderr for what is being done, at most every ten seconds."""

    def __init__(self) -> None:
        self._last = time.monotonic()
        self._begun = self._last
        self._doing = ""

    def __call__(self, doing: str, done: int, total: int | None) -> None:
        """See `wizsync.model.Progress`."""
        now = time.monotonic()
        if doing != self._doing:
            self._doing, self._begun = doing, now
        if now - self._last < _LINE_EVERY:
            return
        self._last = now
        rate = done / max(now - self._begun, 0.001)
        of = f" of {total:,}" if total is not None else ""
        left = (
            f", {_minutes((total - done) / rate)} left" if total and rate and done < total else ""
        )
        try:
            sys.stderr.write(f"{doing}: {done:,}{of}, {rate:.1f}/s{left}\n")
            sys.stderr.flush()
        except (OSError, ValueError):
            return

    def pause(self) -> None:
        """There is nothing to take off the screen."""


class Nothing:
    """Says nothing, for `--quiet`."""

    def __call__(self, doing: str, done: int, total: int | None) -> None:
        """See `wizsync.model.Progress`."""

    def pause(self) -> None:
        """There is nothing to take off the screen."""


Display = Bars | Lines | Nothing


def progress_display(*, quiet: bool) -> Display:
    """What fits stderr: bars at a terminal, lines elsewhere."""
    if quiet:
        return Nothing()
    return Bars() if sys.stderr.isatty() else Lines()


def _bar() -> Progress:
    from rich.console import Console  # noqa: PLC0415 - only a terminal needs it
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        MofNCompleteColumn,
        ProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as Drawn  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    class Rate(ProgressColumn):
        """How many a second."""

        def render(self, task: object) -> Text:
            speed = getattr(task, "finished_speed", None) or getattr(task, "speed", None)
            return Text(f"{speed:.1f}/s" if speed else "")

    return Drawn(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        Rate(),
        TimeRemainingColumn(compact=True),
        console=Console(stderr=True, highlight=False),
        transient=True,
    )


def _minutes(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
