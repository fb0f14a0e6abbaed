"""A workbook that is written in little memory, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import xlsxwriter
from xlsxwriter.exceptions import XlsxFileError

from wizsync.atomic import replacing


@contextmanager
def workbook(path: Path) -> Iterator[Any]:
    """An `xlsxwriter.Workbook` to fill, from the top of each sheet down, which takes the place of `path`.

    Rows are on disk as soon as the next one begins, so that memory does not grow with them.

    Args:
        path: The file.

    Raises:
        MachineError: The disk is full, or the folder or file cannot be written.
        UsageError: The path goes through something that is no folder, or is itself a folder.
    """
    with replacing(path) as file:
        out = _Out(file)
        book = xlsxwriter.Workbook(out, {"constant_memory": True})
        book.use_zip64()
        try:
            yield book
            book.close()
            out.check()
        except XlsxFileError as error:
            raise _cause(error) from error
        finally:
            out.failed = out.failed or OSError("closed")
            for sheet in book.worksheets():
                with suppress(OSError):
                    sheet.row_data_fh.close()


class _Out:
    """A file to which an archive is written; after an error it takes everything, and keeps the error.

    An archive that was not finished is closed by Python whenever it thinks fit: on a full disk, or
    after the file, that would print errors of its own beside ours.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._position = 0
        self.failed: OSError | None = None

    def check(self) -> None:
        """Raise what went wrong."""
        if self.failed is not None:
            raise self.failed

    def write(self, data: bytes) -> int:
        """Take in data."""
        if self.failed is None:
            try:
                self._file.write(data)
            except OSError as error:
                self.failed = error
        self._position += len(data)
        return len(data)

    def flush(self) -> None:
        """Write what is held back."""
        if self.failed is None:
            try:
                self._file.flush()
            except OSError as error:
                self.failed = error

    def tell(self) -> int:
        """Where the next data goes."""
        return self._position

    def seek(self, position: int, whence: int = 0) -> int:
        """Go back into what was written, or to its end."""
        if self.failed is None:
            position = self._file.seek(position, whence)
        self._position = position
        return position

    def seekable(self) -> bool:
        """It is."""
        return True


def _cause(error: Exception) -> Exception:
    """What the writer wrapped: an error of the machine."""
    inner = error.args[0] if error.args else None
    return inner if isinstance(inner, OSError) else error
