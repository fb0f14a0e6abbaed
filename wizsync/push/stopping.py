"""Ctrl-C and its kin: the first asks for a clean end, the second ends at once."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from wizsync.errors import Interrupted

# What asks a program to end, where the system has it: Ctrl-C, `kill`, a closed console.
SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")

# Seconds that what is under way has to end by itself, once a signal came.
PATIENCE = 10.0


class Stop(asyncio.Event):
    """Set when no new request is to be sent.

    Attributes:
        overdue: What was under way did not end in time, and is being cut off.
    """

    def __init__(self) -> None:
        super().__init__()
        self.overdue = False
        self._timer: asyncio.TimerHandle | None = None

    def begin(self, task: asyncio.Task[object] | None, patience: float | None) -> None:
        """Set it; after so many seconds the task is cancelled."""
        self.set()
        loop = asyncio.get_running_loop()
        # What requests end with that a second signal cuts off is no news: what they were about is on record.
        loop.set_exception_handler(lambda _loop, _context: None)
        if task is not None and patience is not None:
            self._timer = loop.call_later(patience, self._run_out, task)

    def _run_out(self, task: asyncio.Task[object]) -> None:
        self.overdue = True
        task.cancel()

    def cut_off(self) -> Interrupted:
        """What to raise or tell in place of the CancelledError that an overdue end came as."""
        task = asyncio.current_task()
        if task is not None:
            task.uncancel()
        return Interrupted(
            "Stopped. What was under way did not end in time and was cut off: what became of it is "
            "looked up when the run goes on."
        )

    def over(self) -> None:
        """All has ended in time."""
        if self._timer is not None:
            self._timer.cancel()


@contextmanager
def stop_on_signals(
    on_stop: Callable[[], None] | None = None, *, patience: float | None = PATIENCE
) -> Iterator[Stop]:
    """An event that the first signal sets; after it, signals act as they did before.

    To be used in the main thread, inside a running event loop.

    Args:
        on_stop: Called once when the first signal came.
        patience: Seconds after it until the current task is cancelled; None: never.

    Raises:
        Interrupted: It was cancelled so.
    """
    stop = Stop()
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    before = {
        number: signal.getsignal(number)
        for number in (getattr(signal, name, None) for name in SIGNALS)
        # One that is ignored, as `nohup` has it, stays ignored.
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN
    }

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        restore()
        loop.call_soon_threadsafe(stop.begin, task, patience)
        if on_stop is not None:
            loop.call_soon_threadsafe(on_stop)

    for number in before:
        signal.signal(number, on_signal)
    try:
        yield stop
    except asyncio.CancelledError:
        if not stop.overdue:
            raise
        raise stop.cut_off() from None
    finally:
        restore()
        stop.over()
