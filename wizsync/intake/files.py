"""Opens a file, once, and tells a text file from what is none."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from pathlib import Path

from wizsync.errors import MachineError, SourceNotReady, UnfitFile, UsageError
from wizsync.intake.delimited import read_delimited
from wizsync.model import Source, Table

_WORKBOOK_HINT = (
    'Open it in the spreadsheet program and save the sheet as "CSV UTF-8 (comma delimited)".'
)
_EXPORT_HINT = "Export the list as CSV again."

# How files that are no text begin, what they are, and what to do about it.
_SIGNATURES = (
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an Excel workbook of the old kind (.xls)",
        _WORKBOOK_HINT,
    ),
    (b"%PDF-", "a PDF document", _EXPORT_HINT),
    (b"\x1f\x8b", "a gzip archive", "Unpack it and name the file that is inside."),
    (b"SQLite format 3\x00", "an SQLite database", _EXPORT_HINT),
    (b"PAR1", "a Parquet file", _EXPORT_HINT),
)
# The same for marked-up text, which has no delimiters; compared without case and leading white space.
_MARKUP = (
    (b"<!doctype html", "a web page, whatever its name says", _WORKBOOK_HINT),
    (b"<html", "a web page, whatever its name says", _WORKBOOK_HINT),
    (b"<table", "a web page, whatever its name says", _WORKBOOK_HINT),
    (b"<?xml", "an XML document", _WORKBOOK_HINT),
)

# Anything but white space, byte order marks, NULs and the old end-of-file mark.
_SOMETHING = re.compile(rb"[^ \t\r\n\x00\xef\xbb\xbf\xfe\xff\x1a]")


def read(
    path: Path | str,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    header_row: int = 1,
) -> Table:
    """Reads a CSV file to its end; every cell stays the text it is.

    The file is read from the disk once: the digest is that of the bytes the rows come from.

    Args:
        path: The file.
        encoding: Its encoding by any name Python knows; None: a byte order mark, UTF-8, else a guess.
        delimiter: One character, or `comma`, `semicolon`, `tab`, `pipe`; None: found out.
        header_row: The row of the header, as a spreadsheet counts; what is above it is left alone. An
            empty row there, or a `sep=` line, gives way to the next row.

    Returns:
        The rows; what was assumed or met is said in `source.notes`. Rows that do not fit the header
        are in `broken`, and none is shifted.

    Raises:
        SourceNotReady: There is no such file.
        UsageError: It is a folder, or may not be read; encoding, delimiter or header row are none.
        UnfitFile: It is no table, or cannot be read safely to its end.
        MachineError: The disk fails.
    """
    if header_row < 1:
        raise UsageError(
            f"There is no row {header_row}.",
            where="source: header_row",
            hint="Rows are counted from 1, as a spreadsheet program does.",
        )
    name = _legible(Path(path).name)
    data = _load(Path(path))
    _refuse_foreign(data, name)
    source = Source(_legible(str(path)), hashlib.sha256(data).hexdigest(), encoding, delimiter)
    return read_delimited(data, source, header_row)


def _legible(path: str) -> str:
    """A path as a text that can be kept: bytes of it that are no UTF-8 (Linux takes any) are replaced."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _load(path: Path) -> bytes:
    try:
        is_folder = path.is_dir()
        data = b"" if is_folder else path.read_bytes()
    except FileNotFoundError:
        raise SourceNotReady(
            f"There is no file {path}.",
            where=str(path),
            hint="Check the name and the folder, or wait until the file has been written.",
        ) from None
    except PermissionError:
        raise UsageError(
            f"{path} may not be read.",
            where=str(path),
            hint="Close it in other programs, and check that your user may read it.",
        ) from None
    except OSError as error:
        raise MachineError(
            f"{path} cannot be read: {error.strerror or error}.",
            where=str(path),
            hint="Check the disk or the network.",
        ) from error
    if is_folder:
        raise UsageError(
            f"{path} is a folder, not a file.", where=str(path), hint="Name the file that is in it."
        )
    return data


def _refuse_foreign(data: bytes, name: str) -> None:
    """Refuses what is certainly no delimited text, by how it begins."""
    found = _foreign_kind(data)
    if found is not None:
        kind, hint = found
        raise UnfitFile(
            f"{name} is {kind}, and this version reads CSV files only.", where=name, hint=hint
        )
    if _SOMETHING.search(data) is None:
        raise UnfitFile(
            f"{name} is empty.",
            where=name,
            hint="Check the export that wrote it, and run it again.",
        )


def _foreign_kind(data: bytes) -> tuple[str, str] | None:
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _archive_kind(data)
    beginning = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for signature, kind, hint in _SIGNATURES:
        if data.startswith(signature):
            return kind, hint
    for opening, kind, hint in _MARKUP:
        if beginning.startswith(opening):
            return kind, hint
    return None


def _archive_kind(data: bytes) -> tuple[str, str]:
    """What a zip archive is: workbooks of today are archives with known members."""
    try:
        members = zipfile.ZipFile(io.BytesIO(data)).namelist()
    except zipfile.BadZipFile:
        return "a damaged workbook or archive", _WORKBOOK_HINT
    if any(member.startswith("xl/") for member in members):
        return "an Excel workbook (.xlsx)", _WORKBOOK_HINT
    if "content.xml" in members:
        return "a LibreOffice workbook (.ods)", _WORKBOOK_HINT
    return "a zip archive", "Unpack it and name the file that is inside."
