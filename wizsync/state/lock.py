"""One run at a time for an account: an OS lock, which a dead holder cannot keep."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from wizsync.errors import AccountBusy, MachineError


@contextmanager
def hold(path: Path, target: str, command: str) -> Iterator[None]:
    """Hold a lock, and say beside it who does.

    Args:
        path: The lock file.
        target: The account's name, for the message.
        command: What holds it, for another's message.

    Raises:
        AccountBusy: Another run holds it.
        MachineError: The file cannot be locked at all.
    """
    holder = path.with_suffix(".holder")
    lock = FileLock(path, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise AccountBusy(
            f"Another run is at work on {target}: {_described(holder)}.",
            where=str(path),
            hint="Wait until it has ended, then run again. One account takes one run at a time.",
        ) from None
    except (OSError, NotImplementedError) as error:
        raise MachineError(
            f"The account could not be locked: {error}.",
            where=str(path),
            hint="Put the state into a folder of this machine's own disk that may be written: --state-dir.",
            reason="state",
        ) from error
    try:
        since = datetime.now(UTC).isoformat(timespec="seconds")
        # It only tells another run who is at work: a full disk is for the journal to say.
        with suppress(OSError):
            holder.write_text(json.dumps({"pid": os.getpid(), "command": command, "since": since}))
        yield
    finally:
        with suppress(OSError):
            holder.unlink(missing_ok=True)
        lock.release()


def _described(holder: Path) -> str:
    """Who holds a lock; the file may be gone or half written, as its holder is just coming or going."""
    try:
        known = json.loads(holder.read_text())
        return f"`wizsync {known['command']}`, process {known['pid']}, since {known['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "it has just begun"
