"""The files that a run leaves: where they lie, and their copies for the user."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import astuple, dataclass
from functools import partial
from pathlib import Path

from wizsync.atomic import replacing
from wizsync.errors import UsageError, WizsyncError
from wizsync.model import RunRecord


@dataclass(frozen=True)
class Files:
    """Where a run's files lie; None where there is none."""

    plan: Path | None = None
    report_html: Path | None = None
    report_xlsx: Path | None = None
    report_json: Path | None = None
    rejected: Path | None = None
    rejected_xlsx: Path | None = None

    def __iter__(self) -> Iterator[Path]:
        return (path for path in astuple(self) if path is not None)


_NAMES = {
    "plan": "plan.jsonl",
    "report_html": "report.html",
    "report_xlsx": "report.xlsx",
    "report_json": "report.json",
    "rejected": "rejected.csv",
    "rejected_xlsx": "rejected.xlsx",
}
# So many files of one name may be open in other programs.
_MOST_BESIDE = 9


def files_in(folder: Path) -> Files:
    """The files that lie in a run's folder; of those of one name the newest."""
    return Files(**{kind: _newest(folder / name) for kind, name in _NAMES.items()})


def write_reports(
    record: RunRecord, folder: Path, report_dir: Path | None
) -> tuple[Files, tuple[str, ...]]:
    """Write a run's reports into its folder, and copies into the user's.

    A file that another program holds, as Excel does on Windows, stays as it is: ours gets a name beside
    it.

    Args:
        record: What the reports tell.
        folder: The run's folder; its plan file lies there already.
        report_dir: Where copies go, in a folder named after the run, if anywhere.

    Returns:
        The copies where there are any, else the originals; and of each that has another name than usual
        a sentence.

    Raises:
        WizsyncError: Something could not be written.
    """
    notes: list[str] = []
    files = {"plan": _newest(folder / _NAMES["plan"])}
    for kind, write in _writers().items():
        files[kind] = _written(partial(write, record), folder / _NAMES[kind], notes)
    if report_dir is not None:
        for kind, original in files.items():
            if original is not None:
                copy = report_dir / record.run / _NAMES[kind]
                files[kind] = _written(partial(copy_file, original), copy, notes)
    return Files(**files), tuple(notes)


def _writers() -> dict[str, Callable[[RunRecord, Path], bool | None]]:
    """What writes each file; it gives False where there is nothing to write."""
    from wizsync import report  # noqa: PLC0415 - heavy, and wanted at the end of a run

    return {
        "report_json": report.write_json,
        "report_html": report.write_html,
        "report_xlsx": report.write_xlsx,
        "rejected": report.write_rejected,
        "rejected_xlsx": report.write_rejected_xlsx,
    }


def _newest(path: Path) -> Path | None:
    """The file, or the one beside it that was written while another program held it."""
    found = [one for one in (path, *_beside(path)) if one.is_file()]
    return max(found, key=lambda one: one.stat().st_mtime_ns, default=None)


def _beside(path: Path) -> Iterator[Path]:
    """The names that a file gets while others are held: `report (2).xlsx` and so on."""
    for number in range(2, _MOST_BESIDE + 2):
        yield path.with_name(f"{path.stem} ({number}){path.suffix}")


def _written(write: Callable[[Path], bool | None], path: Path, notes: list[str]) -> Path | None:
    """Write a file, where its name cannot be had under one beside it; None where there is nothing."""
    try:
        return path if write(path) is not False else None
    except WizsyncError as error:
        if not isinstance(error.__cause__, _HELD):
            raise
        for name in _beside(path):
            with suppress(WizsyncError):
                write(name)
                notes.append(
                    f"{path.name} may be open in another program and was left as it is. "
                    f"The new one is {name}."
                )
                return name
        raise


# How a name is refused that a program holds, or a folder has.
_HELD = (PermissionError, IsADirectoryError)


def copy_file(original: Path, copy: Path) -> None:
    """Copy a file for the user, whole or not at all; who may read it is as the user's settings have it.

    Raises:
        WizsyncError: It cannot be written.
    """
    with original.open("rb") as source, replacing(copy, mode=0o666) as target:
        shutil.copyfileobj(source, target)


def check_writable(folder: Path | None, option: str) -> None:
    """Make sure, before anything is done, that files can be put into a folder that the user named.

    Args:
        folder: Made if it is not there; None: nothing to check.
        option: The option that named it, for the message.

    Raises:
        UsageError: They cannot.
    """
    if folder is None:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise UsageError(
            f"Nothing can be written into this folder: {error.strerror or error}.",
            where=f"{option} {folder}",
            hint="Name another folder, or get the right to write there.",
            reason="report_dir",
        ) from error
