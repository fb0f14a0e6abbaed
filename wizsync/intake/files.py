"""Opens a file, once, and tells by its content what it is."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from enum import Enum, auto
from pathlib import Path

from wizsync.errors import MachineError, SourceNotReady, UnfitFile, UsageError
from wizsync.intake.archive import opened
from wizsync.intake.delimited import read_delimited
from wizsync.model import Source, Table


class Kind(Enum):
    """What a file is."""

    TEXT = auto()
    WORKBOOK = auto()
    WEB_PAGE = auto()


_WORKBOOK_HINT = "Open it in the spreadsheet program and save it as an Excel workbook (.xlsx)."
_EXPORT_HINT = "Export the list as .xlsx or CSV."
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

# How files that are neither text nor workbook begin, what they are, and what to do about it.
_SIGNATURES = (
    (b"%PDF-", "a PDF document", _EXPORT_HINT),
    (b"\x1f\x8b", "a gzip archive", "Unpack it and name the file that is inside."),
    (b"SQLite format 3\x00", "an SQLite database", _EXPORT_HINT),
    (b"PAR1", "a Parquet file", _EXPORT_HINT),
)
_PAGES = (b"<!doctype html", b"<html", b"<table", b"<meta")

# Anything but white space, byte order marks, NULs and the old end-of-file mark.
_SOMETHING = re.compile(rb"[^ \t\r\n\x00\xef\xbb\xbf\xfe\xff\x1a]")


def read(
    path: Path | str,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    header_row: int = 1,
    place: str = "",
) -> Table:
    """Reads a workbook's sheet or a CSV file to its end; every cell becomes the text that it shows.

    The file is read from the disk once: the digest is that of the bytes the rows come from. What it is
    is told by its content, whatever its name.

    Args:
        path: The file.
        sheet: Of a workbook, the sheet's name, or its number from 1; None: the first visible one.
        encoding: Of a text, its encoding by any name Python knows; None: a byte order mark, UTF-8, else a
            guess.
        delimiter: Of a text, one character, or `comma`, `semicolon`, `tab`, `pipe`; None: found out.
        header_row: The row of the header, as a spreadsheet counts; what is above it is left alone. An
            empty row there, or a `sep=` line, gives way to the next row.
        place: What its rows are told as, where it is not the customers' own table.

    Returns:
        The rows; what was assumed or met is said in `source.notes`. Rows that do not fit the header
        are in `broken`, and none is shifted; cells whose values are not known are in `damaged`.

    Raises:
        SourceNotReady: There is no such file.
        UsageError: It is a folder, or may not be read; sheet, encoding, delimiter or header row are none.
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
    kind = _kind(data, name)
    source = Source(_legible(str(path)), hashlib.sha256(data).hexdigest(), encoding, delimiter)
    if kind is not Kind.WORKBOOK and sheet is not None:
        raise UsageError(
            f'{name} has no sheets, and the sheet "{sheet}" of it is named.',
            where=name,
            hint="Remove `sheet` from the mapping, or bring the workbook.",
            reason="no_sheet",
        )
    if kind is Kind.WORKBOOK:
        # Not before there is a workbook: a CSV file needs none of it.
        from wizsync.intake.workbook import open_workbook, read_workbook  # noqa: PLC0415

        source = replace(source, encoding=None, delimiter=None)
        table = read_workbook(open_workbook(data, name), source, sheet, header_row)
    elif kind is Kind.WEB_PAGE:
        from wizsync.intake.web_table import read_web_table  # noqa: PLC0415

        table = read_web_table(data, source, header_row)
    else:
        table = read_delimited(data, source, header_row)
    return _placed(table, place)


def _placed(table: Table, place: str) -> Table:
    """The table with its rows told as a sheet's or a file's."""
    broken = tuple(
        replace(reject, rows=tuple(replace(row, place=place) for row in reject.rows))
        for reject in table.broken
    )
    return replace(table, broken=broken, header=replace(table.header, place=place), place=place)


def sheets(path: Path | str) -> tuple[str, ...]:
    """The names of a workbook's visible sheets that have cells; of any other file none.

    Args:
        path: The file.

    Raises:
        WizsyncError: As of `read`.
    """
    name = _legible(Path(path).name)
    data = _load(Path(path))
    if _kind(data, name) is not Kind.WORKBOOK:
        return ()
    from wizsync.intake.workbook import open_workbook  # noqa: PLC0415 - see above

    return open_workbook(data, name).sheets


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


def _kind(data: bytes, name: str) -> Kind:
    """What a file is, by how it begins.

    Raises:
        UnfitFile: It is neither a workbook nor a text.
    """
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _archive_kind(data, name)
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise UnfitFile(
                f"{name} is protected by a password.",
                where=name,
                hint="Open it in the spreadsheet program and save a copy without the password.",
            )
        return Kind.WORKBOOK
    for signature, what, hint in _SIGNATURES:
        if data.startswith(signature):
            raise _foreign(name, what, hint)
    if _is_web_page(data, name):
        return Kind.WEB_PAGE
    if _SOMETHING.search(data) is None:
        raise UnfitFile(
            f"{name} is empty.",
            where=name,
            hint="Check the export that wrote it, and run it again.",
        )
    return Kind.TEXT


def _is_web_page(data: bytes, name: str) -> bool:
    """Whether it is marked-up text, of which a web page alone may hold a table.

    Raises:
        UnfitFile: It is marked-up text of another kind.
    """
    # Without the NULs and the mark of UTF-16, in which some programs write pages.
    start = data[:4000].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if start.startswith(b"mime-version:"):
        raise _foreign(name, "a web page with all its parts (.mht)", _WORKBOOK_HINT)
    if start.startswith(b"<?xml") and b"<html" not in start:
        is_2003 = b"spreadsheet" in start
        what = "an XML spreadsheet of 2003" if is_2003 else "an XML document"
        raise _foreign(name, what, _WORKBOOK_HINT)
    return start.startswith((*_PAGES, b"<?xml"))


def _archive_kind(data: bytes, name: str) -> Kind:
    """What a zip archive is: workbooks of today are archives with known members."""
    members = set(opened(data, name).namelist())
    if "content.xml" in members or members & {"xl/workbook.xml", "xl/workbook.bin"}:
        return Kind.WORKBOOK
    if "word/document.xml" in members:
        raise _foreign(name, "a Word document", _EXPORT_HINT)
    raise _foreign(name, "a zip archive", "Unpack it and name the file that is inside.")


def _foreign(name: str, what: str, hint: str) -> UnfitFile:
    return UnfitFile(
        f"{name} is {what}, and neither a workbook nor a CSV file.", where=name, hint=hint
    )
