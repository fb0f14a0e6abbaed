"""Looking back at runs: which there were, and where their files lie."""

from __future__ import annotations

from pathlib import Path

from wizsync.errors import UsageError
from wizsync.nearest import nearest
from wizsync.run_files import Files, files_in
from wizsync.state import RunEntry, SqliteState


def runs(state_dir: Path) -> list[RunEntry]:
    """The runs of a state folder, newest first."""
    with SqliteState(state_dir) as state:
        return state.runs()


def report(state_dir: Path, run: str | None) -> Files:
    """The files of a run, by its name or the beginning of it; None: the latest.

    Raises:
        UsageError: There is no such run, or more than one; the nearest names are said.
    """
    names = [entry.run for entry in runs(state_dir)]
    if not names:
        raise UsageError(
            "There is no run yet.", where=str(state_dir), hint="Start with `wizsync plan`."
        )
    wanted = names[0] if run is None else run
    matching = [name for name in names if name == wanted] or [
        name for name in names if name.startswith(wanted)
    ]
    if len(matching) > 1:
        raise UsageError(
            f"Several runs begin so: {', '.join(matching[:10])}.", where=f"run {wanted}"
        )
    if not matching:
        meant = nearest(wanted, names)
        raise UsageError(
            f"There is no run {wanted}.",
            where=str(state_dir),
            hint=f"Did you mean {meant}? `wizsync runs` lists them."
            if meant
            else "See `wizsync runs`.",
        )
    return files_in(state_dir / "runs" / matching[0])
