"""Ctrl-C and its kin: the first asks for a clean end, the second ends at once."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

# What asks a program to end, where the system has it: Ctrl-C, `kill`, a closed console.
_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


@contextmanager
def stop_on_signals(on_stop: Callable[[], None] | None = None) -> Iterator[asyncio.Event]:
    """An event that the first signal sets; after it, signals act as they did before.

    To be used in the main thread, inside a running event loop.

    Args:
        on_stop: Called once when the first signal came.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    before = {
        number: signal.getsignal(number)
        for number in (getattr(signal, name, None) for name in _NAMES)
        # One that is ignored, as `nohup` has it, stays ignored.
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN
    }

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        restore()
        loop.call_soon_threadsafe(stop.set)
        if on_stop is not None:
            loop.call_soon_threadsafe(on_stop)

    for number in before:
        signal.signal(number, on_signal)
    try:
        yield stop
    finally:
        restore()
