"""The files that a run leaves: where they lie, and their copies for the user."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from itertools import count
from pathlib import Path

from wizsync import report as reporting
from wizsync.atomic import replacing
from wizsync.errors import MachineError, UsageError
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


_NAMES = (
    *("plan.jsonl", "report.html", "report.xlsx", "report.json"),
    *("rejected.csv", "rejected.xlsx"),
)


def files_in(folder: Path) -> Files:
    """The files that lie in a run's folder."""
    return Files(*(path if (path := folder / name).exists() else None for name in _NAMES))


def write_reports(record: RunRecord, folder: Path, report_dir: Path | None) -> Files:
    """Write a run's reports into its folder, and copies into the user's.

    Args:
        record: What the reports tell.
        folder: The run's folder; its plan file lies there already.
        report_dir: Where copies go, in a folder named after the run, if anywhere.

    Returns:
        The copies where there are any, else the originals.

    Raises:
        WizsyncError: Something could not be written.
    """
    reporting.write_json(record, folder / "report.json")
    reporting.write_html(record, folder / "report.html")
    reporting.write_xlsx(record, folder / "report.xlsx")
    reporting.write_rejected(record, folder / "rejected.csv")
    reporting.write_rejected_xlsx(record, folder / "rejected.xlsx")
    originals = files_in(folder)
    if report_dir is None:
        return originals
    copies = report_dir / record.run
    names = {name: path for name, path in vars(originals).items() if path is not None}
    return Files(**{name: _copy_beside(path, copies / path.name) for name, path in names.items()})


def _copy_beside(original: Path, copy: Path) -> Path:
    """Copy a file; where another program holds the one that is there, under a name beside it."""
    for number in count(2):
        try:
            copy_file(original, copy)
        except MachineError as error:
            if not isinstance(error.__cause__, PermissionError) or number > _MOST_COPIES:
                raise
            copy = copy.with_name(f"{original.stem} ({number}){original.suffix}")
        else:
            break
    return copy


# So many reports of one run may be open in other programs.
_MOST_COPIES = 9


def copy_file(original: Path, copy: Path) -> None:
    """Copy a file for the user, whole or not at all.

    Raises:
        WizsyncError: It cannot be written.
    """
    with original.open("rb") as source, replacing(copy) as target:
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
