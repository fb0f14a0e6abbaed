"""One run at a time for an account: an OS lock, which a dead holder cannot keep."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from wizsync.errors import AccountBusy, MachineError
from wizsync.state.protocol import TellRun


@dataclass(frozen=True, slots=True)
class _Holder:
    """Who holds a lock, as it is written beside it."""

    command: str
    pid: int
    host: str
    since: str
    run: str = ""

    @property
    def described(self) -> str:
        """Who it is, for people: `wizsync sync`, run 2026-03-04_0200_customers, process 12 on shop-pc."""
        run = f"run {self.run}, " if self.run else ""
        return (
            f"`wizsync {self.command}`, {run}process {self.pid} on {self.host}, since {self.since}"
        )


@contextmanager
def hold(path: Path, target: str, command: str) -> Iterator[TellRun]:
    """Hold a lock, and say beside it who does.

    Args:
        path: The lock file.
        target: The account's name, for the message.
        command: What holds it, for another's message.

    Raises:
        AccountBusy: Another run holds it, or one on another machine, of which no lock tells.
        MachineError: The file cannot be locked at all.
    """
    beside = path.with_suffix(".holder")
    # Without a lock that its holder's death releases there is none: a mere file would stay for ever.
    lock = FileLock(path, timeout=0, fallback_to_soft=False)
    try:
        lock.acquire()
    except Timeout:
        raise _busy(target, _read(beside), path) from None
    except (OSError, NotImplementedError) as error:
        raise MachineError(
            f"The account could not be locked: {error}.",
            where=str(path),
            hint="Put the state into a folder of this machine's own disk that may be written: --state-dir.",
            reason="state",
        ) from error
    try:
        left = _read(beside)
        if left is not None and left.host != _host():
            # On a folder that machines share, the lock of another one need not be seen here.
            raise _busy_elsewhere(target, left, beside)
        holder = _Holder(
            command, os.getpid(), _host(), datetime.now(UTC).isoformat(timespec="seconds")
        )
        _write(beside, holder)
        try:
            yield lambda run: _write(beside, replace(holder, run=run))
        finally:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
    finally:
        lock.release()


def _busy(target: str, holder: _Holder | None, path: Path) -> AccountBusy:
    return AccountBusy(
        f"Another run is at work on {target}: {holder.described if holder else 'it has just begun'}.",
        where=str(path),
        hint="Wait until it has ended, then run again. One account takes one run at a time.",
    )


def _busy_elsewhere(target: str, holder: _Holder, beside: Path) -> AccountBusy:
    return AccountBusy(
        f"A run on another machine is at work on {target}, or was cut off there: {holder.described}.",
        where=str(beside),
        hint="A lock does not reach from machine to machine. Wait until that run has ended. If it is no "
        "longer at work, delete the file named above, then run again. Better, give each machine a "
        "--state-dir on its own disk.",
    )


def _host() -> str:
    return socket.gethostname()


def _write(beside: Path, holder: _Holder) -> None:
    # It only tells another run who is at work: a full disk is for the journal to say.
    with suppress(OSError):
        beside.write_text(json.dumps(asdict(holder)), encoding="utf-8")


def _read(beside: Path) -> _Holder | None:
    """Who holds a lock; None where the file is gone or half written, its holder just coming or going."""
    try:
        return _Holder(**json.loads(beside.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
