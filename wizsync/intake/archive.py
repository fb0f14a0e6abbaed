"""A workbook's archive, looked at before anything in it is unpacked."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator

from wizsync.errors import UnfitFile

# A workbook of a million rows of 15 columns unpacks to about a gigabyte, twenty times its size.
LARGEST = 2 * 1024**3
LARGEST_RATIO = 200
# What is small may be as dense as it likes.
HARMLESS = 50 * 1024**2
MOST_PARTS = 10_000

_PIECE = 1 << 20

_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError)


def opened(data: bytes, name: str) -> zipfile.ZipFile:
    """The archive, if all of it can be unpacked safely.

    Args:
        data: The file.
        name: Its name, for messages.

    Raises:
        UnfitFile: It is damaged, or unpacks to far more than a workbook does.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise _damaged(name) from error
    declared = sum(part.file_size for part in parts)
    if declared > LARGEST or len(parts) > MOST_PARTS or _is_dense(declared, len(data)):
        raise _bomb(name, declared)
    return archive


def check_contents(archive: zipfile.ZipFile, size: int, name: str) -> None:
    """Unpack everything once, piece by piece and keeping none, to see that it is as large as it says.

    Args:
        archive: The archive.
        size: Its own size in bytes.
        name: Its name, for messages.

    Raises:
        UnfitFile: It is damaged, encrypted, or larger than it says.
    """
    total = 0
    try:
        for length in _lengths(archive):
            total += length
            if total > LARGEST or _is_dense(total, size):
                break
    except (*_BROKEN, NotImplementedError) as error:
        raise _damaged(name) from error
    except RuntimeError:  # a part that asks for a password
        raise protected(name) from None
    if total > LARGEST or _is_dense(total, size):
        raise _bomb(name, total)


def _lengths(archive: zipfile.ZipFile) -> Iterator[int]:
    """The lengths of the pieces of all parts, as they are unpacked."""
    for each in archive.infolist():
        with archive.open(each) as stream:
            while piece := stream.read(_PIECE):
                yield len(piece)


def part(archive: zipfile.ZipFile, name: str) -> bytes:
    """A part's bytes, b"" where there is none."""
    try:
        return archive.read(name)
    except KeyError:
        return b""


def protected(name: str) -> UnfitFile:
    """What is said of a workbook that a password protects."""
    return UnfitFile(
        f"{name} is protected by a password.",
        where=name,
        hint="Open it in the spreadsheet program and save a copy without the password.",
    )


def _is_dense(unpacked: int, packed: int) -> bool:
    return unpacked > HARMLESS and unpacked > LARGEST_RATIO * packed


def _bomb(name: str, size: int) -> UnfitFile:
    return UnfitFile(
        f"{name} unpacks to {size / 1024**2:,.0f} MB or more: no customer list does.",
        where=name,
        hint="Open it in the spreadsheet program, copy the cells that are filled into a new workbook, and "
        "save that.",
    )


def _damaged(name: str) -> UnfitFile:
    return UnfitFile(
        f"{name} is a damaged workbook or archive.",
        where=name,
        hint="Copy or download it again; or open it in the spreadsheet program and save it anew.",
    )
