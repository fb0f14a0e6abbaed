"""Whatever goes wrong, in words for people: no traceback ever reaches a terminal."""

from __future__ import annotations

import errno
import os
import platform
import tempfile
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from wizsync.errors import Interrupted, MachineError, WizsyncError
from wizsync.version import __version__

_FULL = ("The disk is full.", "Make room, then run the command again.")
_DENIED = (
    "A file or folder may not be used.",
    "Mend its permissions, close the program that has it open, or name another.",
)
# What an operating system's refusal means, and what to do about it.
_MACHINE = {
    errno.ENOSPC: _FULL,
    getattr(errno, "EDQUOT", errno.ENOSPC): ("Your share of the disk is full.", _FULL[1]),
    errno.EACCES: _DENIED,
    errno.EPERM: _DENIED,
    errno.EROFS: ("The disk cannot be written to.", "Name another folder."),
    errno.EMFILE: ("Too many files are open.", "Close other programs, then run the command again."),
    errno.ENAMETOOLONG: ("A file name is too long.", "Name a shorter folder."),
    errno.ENOTDIR: ("A part of the path is a file, not a folder.", "Name another folder."),
    errno.EIO: ("The disk does not answer as it should.", "Check the disk, then run again."),
}
_SQLITE = {
    "SQLITE_FULL": _FULL,
    "SQLITE_READONLY": _DENIED,
    "SQLITE_CANTOPEN": _DENIED,
    "SQLITE_IOERR": _MACHINE[errno.EIO],
}


def told(
    problem: BaseException, *, crash_folder: Path | None, scrub: Callable[[str], str]
) -> WizsyncError:
    """An error that a person can read, for whatever stopped a command.

    Args:
        problem: What was raised.
        crash_folder: Where the details of a defect are written; None: the system's own folder.
        scrub: Takes keys out of a text.
    """
    if isinstance(problem, WizsyncError):
        return problem
    if isinstance(problem, KeyboardInterrupt):
        return Interrupted("Stopped.", hint="Run the same command again to go on.")
    return _refused_by_machine(problem) or _defect(problem, crash_folder, scrub)


def _refused_by_machine(problem: BaseException) -> MachineError | None:
    if isinstance(problem, MemoryError):
        return MachineError(
            "There is not enough memory.", hint="Close other programs, then run the command again."
        )
    sqlite_name = getattr(problem, "sqlite_errorname", "")
    for name, (message, hint) in _SQLITE.items():
        if sqlite_name.startswith(name):
            return MachineError(message, where="wizsync's own data", hint=hint)
    if isinstance(problem, FileNotFoundError) and problem.filename is None:  # asked where we are
        return MachineError(
            "The current folder is no longer there.", hint="Change to another, then run again."
        )
    if not isinstance(problem, OSError) or problem.errno not in _MACHINE:
        return None
    message, hint = _MACHINE[problem.errno]
    return MachineError(message, where=_place(problem), hint=hint)


def _place(problem: OSError) -> str | None:
    return os.fsdecode(problem.filename) if isinstance(problem.filename, str | bytes) else None


def _defect(
    problem: BaseException, folder: Path | None, scrub: Callable[[str], str]
) -> WizsyncError:
    details = scrub("".join(traceback.format_exception(problem)))
    file = _write_crash(details, folder)
    report = "Please report it, with the file named above. " if file else "Please report it. "
    return WizsyncError(
        "Something went wrong inside wizsync: this is a defect in wizsync, not a mistake of yours.",
        where=str(file) if file else None,
        hint=(
            f"{report}Running the same command again is safe: wizsync looks up what is done "
            "before it writes."
        ),
    )


def _write_crash(details: str, folder: Path | None) -> Path | None:
    now = datetime.now(UTC)
    text = (
        f"wizsync {__version__}, Python {platform.python_version()}, {platform.platform()}\n"
        f"{now.isoformat()}\n\n{details}"
    )
    name = f"crash-{now:%Y-%m-%d_%H%M%S}-{os.getpid()}.txt"
    for place in (folder, Path(tempfile.gettempdir())):
        if place is not None and place.is_dir():
            try:
                (place / name).write_text(text, encoding="utf-8")
            except OSError:
                continue
            return place / name
    return None
