"""Writing a file whole or not at all."""

from __future__ import annotations

import errno
import io
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TextIO

from wizsync.errors import MachineError, UsageError, WizsyncError

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_NOT_A_FOLDER = frozenset({errno.ENOTDIR, errno.EEXIST, errno.EISDIR, errno.ENAMETOOLONG})


@contextmanager
def replacing(path: Path, *, mode: int = 0o600) -> Iterator[IO[bytes]]:
    """A file to write to, which takes the place of `path`, safe on disk, when the block ends well.

    Until then it lies beside `path` under a name of its own; when the block fails it is removed, and
    `path` is as it was.

    Args:
        path: The file; its folder is made where it is missing.
        mode: Who may do what with it, less what the user's own settings take away. What wizsync keeps
            holds customers: it is its owner's alone.

    Raises:
        MachineError: The disk is full, or the folder or file cannot be written.
        UsageError: The path goes through something that is no folder, or is itself a folder.
    """
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            part.touch(mode, exist_ok=False)
            with part.open("wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)
    except OSError as error:
        raise _translated(error, path) from error


@contextmanager
def replacing_text(path: Path, encoding: str = "utf-8") -> Iterator[TextIO]:
    r"""The same for a text; line ends are written as they are given.

    What UTF-8 cannot hold (a lone half of a surrogate pair, which JSON from a server may carry) is
    written in JSON's way, as a backslash, `u` and four hexadecimal digits.

    Args:
        path: As of `replacing`, and so are the errors.
        encoding: `utf-8`, or `utf-8-sig` for a byte order mark.
    """
    with replacing(path) as file:
        text = io.TextIOWrapper(file, encoding=encoding, errors="backslashreplace", newline="")
        yield text
        text.flush()
        text.detach()


def _sync_folder(folder: Path) -> None:
    """Make a new name in a folder safe on disk; Windows knows no such thing."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _translated(error: OSError, path: Path) -> WizsyncError:
    where = str(path)
    if error.errno in _FULL:
        return MachineError(
            f"The disk is full: {path.name} could not be written.",
            where=where,
            hint="Free some space, or name a folder on another disk, and run again.",
        )
    if error.errno in _NOT_A_FOLDER:
        return UsageError(
            f"{path.name} cannot be written there: {error.strerror}.",
            where=where,
            hint="Name another folder.",
        )
    return MachineError(
        f"{path.name} could not be written: {error.strerror or error}.",
        where=where,
        hint="Close the file if another program has it open, see that you may write to the folder, "
        "or name another one.",
    )
