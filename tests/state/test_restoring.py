"""Damaged, cut and lost files of the state: told plainly, and what can be known is known again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import StartSandbox
from tests.job import NEW, Job, job
from tests.push.between import Lost, between, first
from tests.push.builders import create
from wizsync import pipeline
from wizsync.errors import Exit, MachineError, UnfitPlan
from wizsync.state import RunState

__all__ = ["job"]

ROWS = [(f"N-{number}", f"Company {number}", "") for number in range(12)]


def remove_state(job: Job) -> None:
    for path in job.options.state_dir.glob("state.db*"):
        path.unlink()


def keys(job: Job) -> list[str]:
    return sorted(c["reference_id"] for c in job.sandbox.customers() if c["reference_id"])


# --- state.db -----------------------------------------------------------------------------------


def test_a_lost_state_is_made_anew_from_the_runs_folders(job: Job) -> None:
    finished = job.sync(*ROWS[:3])
    planned = job.plan(*ROWS)
    before, created = job.runs(), job.created()
    with job.state() as (state, account):
        salt, known = state.salt, state.accounts.of_key(account.fingerprint)
    remove_state(job)
    again = job.sync(*ROWS[:3])
    assert "state.db was missing, though 2 run(s)" in again.record.warnings[0]
    assert job.runs() == {again.record.run: RunState.FINISHED, **before}
    assert job.created() == created
    with job.state() as (state, account):
        assert (state.salt, state.accounts.of_key(account.fingerprint)) == (salt, known)
        (entry,) = [one for one in state.runs() if one.run == finished.record.run]
        assert (entry.command, entry.counts["applied"]) == ("sync", 3)
        assert entry.mapping_digest == planned.record.plan.rules.mapping_digest
    assert job.sync(*ROWS[:3]).record.warnings == ()


def test_a_plan_that_was_used_up_is_so_still(job: Job) -> None:
    job.plan(NEW)
    job.apply()
    remove_state(job)
    with pytest.raises(UnfitPlan, match="taken up before"):
        job.apply()


def test_what_an_unfinished_run_left_open_is_settled_though_the_state_is_lost(job: Job) -> None:
    job.sandbox.assume(list_lag=600)
    with between(job.sandbox, first(1, Lost.ANSWER, method="POST")) as server:
        options = job.through(server.base_url)
        pipeline.sync(job.file(*ROWS[:4]), job.mapping, options, approve=lambda _: True)
    (run,) = job.options.state_dir.glob("runs/*")
    # As if it had been killed before it could report.
    (run / "report.json").unlink()
    remove_state(job)
    job.sandbox.assume(list_lag=0)
    assert job.sync(*ROWS[:4]).exit_code is Exit.DONE
    assert job.runs()[run.name] is RunState.SUPERSEDED
    assert [keys(job).count(key) for key, _, _ in ROWS[:4]] == [1] * 4
    assert job.created().keys() == {key for key, _, _ in ROWS[:4]}


@pytest.mark.parametrize("harm", ["", "{}", '{"kind": "plan", "account": {}}\n{"digest": "x"}\n'])
def test_a_folder_that_tells_nothing_is_passed_over(harm: str, job: Job) -> None:
    run = job.sync(NEW).record.run
    other = job.sync(NEW, ROWS[2]).record.run
    (job.options.state_dir / "runs" / run / "plan.jsonl").write_text(harm, encoding="utf-8")
    remove_state(job)
    assert job.runs() == {other: RunState.FINISHED}


def test_a_damaged_state_says_how_to_go_on_and_so_it_goes_on(job: Job) -> None:
    run = job.sync(NEW).record.run
    state = job.options.state_dir / "state.db"
    state.write_bytes(b"not a database " * 400)
    with pytest.raises(MachineError) as caught:
        job.sync(NEW)
    assert (caught.value.reason, caught.value.where) == ("state", str(state))
    assert "rename the file to state.db.damaged" in str(caught.value.hint)
    state.rename(state.with_name("state.db.damaged"))
    for path in job.options.state_dir.glob("state.db-*"):
        path.unlink()
    again = job.sync(NEW)
    assert again.exit_code is Exit.DONE
    assert job.runs().keys() == {run, again.record.run}
    assert keys(job).count("N-1") == 1


# --- journal.db ---------------------------------------------------------------------------------


def test_a_damaged_journal_says_how_to_go_on_and_so_it_goes_on(job: Job) -> None:
    run = job.killed(create("N-1"))
    journal = run.folder / "journal.db"
    journal.write_bytes(b"garbage " * 1000)
    with pytest.raises(MachineError) as caught:
        job.sync(NEW)
    assert caught.value.where == str(journal)
    assert "rename the file to journal.db.damaged" in str(caught.value.hint)
    assert job.sandbox.ledger() == []
    journal.rename(run.folder / "journal.db.damaged")
    for path in run.folder.glob("journal.db-*"):
        path.unlink()
    assert job.sync(NEW).exit_code is Exit.DONE
    assert keys(job).count("N-1") == 1


@pytest.mark.parametrize("left", [0.0, 0.3, 0.5, 0.9, 0.999])
def test_of_a_journal_whose_tail_is_cut_off_all_before_it_counts(left: float, job: Job) -> None:
    """As a disk leaves it that lied about what it had written: the rest is compared anew."""
    run = job.killed(create("Z-1"))
    folder = run.folder
    # Its last commits as a killed process leaves them: in the -wal file alone.
    with job.state() as (state, _):
        journal = state.journal(run.run)
        steps = journal.open_steps()
        journal._connection.execute("PRAGMA wal_autocheckpoint = 0")
        for number in range(2, 30):
            journal.intend([type(steps[0])(number, *_rest(steps[0], f"Z-{number}"))])
        copies = {path.name: path.read_bytes() for path in folder.glob("journal.db*")}
        journal.close()
    for name, content in copies.items():
        cut = int(len(content) * left) if name.endswith("-wal") else len(content)
        (folder / name).write_bytes(content[:cut])
    (folder / "journal.db-shm").unlink(missing_ok=True)
    there = [step.number for step in job.open_steps(run)]
    assert there == list(range(1, len(there) + 1))
    finished = job.sync(("Z-1", "Company Z-1", ""), *ROWS)
    assert finished.exit_code is Exit.DONE
    names = keys(job)
    assert len(names) == len(set(names))


def _rest(step: object, key: str) -> list[object]:
    values = [getattr(step, name) for name in ("kind", "customer_id", "after", "before")]
    return [values[0], key, *values[1:], 1.5]


def test_a_run_without_a_folder_stands_in_nobodys_way(job: Job) -> None:
    run = job.killed(create("N-1"))
    shutil.rmtree(run.folder)
    assert job.sync(NEW).exit_code is Exit.DONE


def test_a_folder_that_cannot_be_written_is_told(
    start_sandbox: StartSandbox, job: Job, tmp_path: Path
) -> None:
    # Even the superuser makes no file there.
    with pytest.raises(MachineError) as caught:
        job.sync(NEW, state_dir=Path("/proc/self/wizsync"))
    assert caught.value.where == "/proc/self/wizsync"
    assert "may be written" in str(caught.value.hint)
