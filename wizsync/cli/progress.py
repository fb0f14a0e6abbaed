"""How far long work is: one line that is redrawn at a terminal, now and then a line in a pipe."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from wizsync.cli.pace import Pace, told

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_LINE_EVERY = 30.0
# So many characters of the figures are shown however long the text before them is.
_FIGURES = 14


class Paces:
    """The pace of everything that is being done; what is taken up again after a wait keeps its own."""

    def __init__(self) -> None:
        self._paces: dict[str, Pace] = {}

    def step(self, doing: str, done: int) -> Pace:
        """Take note of how much is done of something."""
        now = time.monotonic()
        pace = self._paces.get(doing)
        if pace is None:
            pace = self._paces[doing] = Pace(now, done)
        else:
            pace.step(now, done)
        return pace


class Bars:
    """Draws a bar on stderr for what is being done; a new text is a new bar."""

    def __init__(self) -> None:
        self._drawn: Progress | None = None
        self._task: TaskID | None = None
        self._doing = ""
        self._paces = Paces()

    def __call__(self, doing: str, done: int, total: int | None) -> None:
        """See `wizsync.model.Progress`."""
        pace = self._paces.step(doing, done)
        if self._drawn is None or doing != self._doing:
            self.pause()
            self._drawn = _bar()
            self._task = self._drawn.add_task(doing, total=total, pace=pace)
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
    """Writes a line on stderr for what is being done, now and then.

    Args:
        every: Seconds from one line to the next, at least.
    """

    def __init__(self, every: float = _LINE_EVERY) -> None:
        self._every = every
        self._last = time.monotonic()
        self._paces = Paces()

    def __call__(self, doing: str, done: int, total: int | None) -> None:
        """See `wizsync.model.Progress`."""
        pace = self._paces.step(doing, done)
        now = time.monotonic()
        if now - self._last < self._every:
            return
        self._last = now
        figures = told(done, total, pace.rate(now))
        try:
            sys.stderr.write(f"{': '.join(filter(None, (doing, figures)))}\n")
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
    from rich.progress import BarColumn, ProgressColumn, Task, TextColumn  # noqa: PLC0415
    from rich.progress import Progress as Drawn  # noqa: PLC0415
    from rich.table import Column  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    class Figures(ProgressColumn):
        """What is done and left, the rate and the time to go."""

        max_refresh = 0.5

        def render(self, task: Task) -> Text:
            rate = task.fields["pace"].rate(time.monotonic())
            total = None if task.total is None else int(task.total)
            return Text(told(int(task.completed), total, rate))

    return Drawn(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=10),
        Figures(table_column=Column(no_wrap=True, min_width=_FIGURES)),
        console=Console(stderr=True, highlight=False),
        transient=True,
    )
