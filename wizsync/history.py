"""Looking back at runs: which there were, where their files lie, and which can be forgotten."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from wizsync import plan as planning
from wizsync.errors import MachineError, SourceNotReady, UnfitPlan, UsageError
from wizsync.model import Result, Tally
from wizsync.named_runs import named_run
from wizsync.run import how_to_go_on
from wizsync.run_files import Files, files_in
from wizsync.state import RunEntry, RunState, SqliteState


@dataclass(frozen=True)
class Shown:
    """A run in full.

    Args:
        entry: The run.
        tally: Its plan's counts; None where it came to no plan, or that is not to be read any more.
        files: Where its files lie.
        what_next: What can be done about it, for people; "" for nothing.
    """

    entry: RunEntry
    tally: Tally | None
    files: Files
    what_next: str


@dataclass(frozen=True)
class Prunable:
    """What can be forgotten.

    Args:
        runs: The runs, newest first.
        size: Bytes that their folders take.
    """

    runs: tuple[RunEntry, ...]
    size: int


def runs(state_dir: Path) -> list[RunEntry]:
    """The runs of a state folder, newest first."""
    with SqliteState(state_dir) as state:
        return state.runs()


def report(state_dir: Path, run: str | None) -> Files:
    """The files of a run, by its name or the beginning of it; None: the latest.

    Raises:
        UsageError: There is no such run, or more than one; the nearest names are said.
    """
    return files_in(_found(state_dir, run).folder)


def show(state_dir: Path, run: str | None) -> Shown:
    """A run in full, by its name or the beginning of it; None: the latest.

    Raises:
        UsageError: There is no such run, or more than one; the nearest names are said.
    """
    entry = _found(state_dir, run)
    files = files_in(entry.folder)
    tally: Tally | None = None
    try:
        if files.plan is not None:
            tally = planning.read_plan(files.plan).tally
    except (SourceNotReady, UnfitPlan, MachineError):
        tally = None
    return Shown(entry, tally, files, _what_next(entry, files))


def prunable(state_dir: Path, older_than: timedelta) -> Prunable:
    """The runs that nobody needs: older than that, ended, with no question left open.

    Of each mapping and account the latest stays.
    """
    before = datetime.now(UTC) - older_than
    with SqliteState(state_dir) as state:
        latest: set[tuple[str, str]] = set()
        old: list[RunEntry] = []
        for entry in state.runs():
            mapping = (entry.account, entry.mapping_digest)
            is_old = datetime.fromisoformat(entry.started) < before
            if mapping in latest and is_old and _is_settled(state, entry):
                old.append(entry)
            latest.add(mapping)
    size = sum(
        file.stat().st_size for entry in old for file in entry.folder.rglob("*") if file.is_file()
    )
    return Prunable(tuple(old), size)


def prune(state_dir: Path, entries: Sequence[RunEntry]) -> None:
    """Forget runs: their folders and their lines. What was learned of the account stays.

    Raises:
        MachineError: A folder cannot be removed; those before it are gone.
    """
    with SqliteState(state_dir) as state:
        for entry in entries:
            try:
                # Cut off in between, the line stays, and the next time takes it.
                shutil.rmtree(entry.folder)
            except FileNotFoundError:
                pass
            except OSError as error:
                raise MachineError(
                    f"The files of the run {entry.run} could not be removed: {error.strerror or error}.",
                    where=str(entry.folder),
                    hint="Close what has one of them open, then run again.",
                ) from error
            state.forget(entry)


def _is_settled(state: SqliteState, entry: RunEntry) -> bool:
    """Whether a run has ended, and what became of each of its requests is known."""
    if entry.state.unfinished or entry.counts.get(Result.UNKNOWN, 0):
        return False
    if not (entry.folder / "journal.db").exists():
        return True
    journal = state.journal(entry.run)
    try:
        return not journal.open_steps()
    finally:
        journal.close()


def _what_next(entry: RunEntry, files: Files) -> str:
    if entry.state is RunState.RUNNING:
        return f"If it is no longer at work: {how_to_go_on(entry)}"
    if entry.state is RunState.STOPPED:
        return how_to_go_on(entry)
    if entry.state is RunState.DRY_RUN:
        return f"`wizsync apply {files.plan}` applies its plan." if files.plan else ""
    if entry.counts.get(Result.APPLIED, 0):
        return f"`wizsync undo {entry.run}` puts back what it changed."
    return ""


def _found(state_dir: Path, run: str | None) -> RunEntry:
    known = runs(state_dir)
    if not known:
        raise UsageError(
            "There is no run yet.", where=str(state_dir), hint="Start with `wizsync plan`."
        )
    return known[0] if run is None else named_run(known, run, state_dir)
