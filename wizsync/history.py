"""Looking back at runs: which there were, and where their files lie."""

from __future__ import annotations

from pathlib import Path

from wizsync.errors import UsageError
from wizsync.named_runs import named_run
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
    known = runs(state_dir)
    if not known:
        raise UsageError(
            "There is no run yet.", where=str(state_dir), hint="Start with `wizsync plan`."
        )
    wanted = known[0] if run is None else named_run(known, run, state_dir)
    return files_in(wanted.folder)
