"""What a run finds of those before it: lost answers, and plans that are used up."""

from __future__ import annotations

import signal
from dataclasses import replace

import pytest

from tests.conftest import StartSandbox
from tests.job import NEW, Job, named, results, row
from tests.push.between import Lost, between, first
from tests.push.builders import create, delete, update
from wizsync import pipeline
from wizsync.errors import (
    Declined,
    Exit,
    GuardRefused,
    Interrupted,
    KeyRefused,
    UnfitPlan,
)
from wizsync.model import ChangeKind, Limit, Outcome, Result
from wizsync.state import RunState


def test_a_killed_run_is_settled_by_the_next_and_nothing_doubled(job: Job):
    changed, gone = named(job.sandbox)[:2]
    run = job.killed(
        create("N-1"), create("N-2"), update(changed, phone="+12065550100"), delete(gone)
    )
    # One of the creates, and the update, had arrived.
    made = job.sandbox.add(reference_id="N-1", name="Company N-1", display_name="Company N-1")
    job.sandbox.edit(changed["id"], phone="+12065550100")

    finished = job.sync(NEW, ("N-2", "Company N-2", ""), row(changed, "+12065550100"))

    assert finished.exit_code is Exit.DONE
    assert results(finished) == {"N-2": "applied: done"}
    assert job.sandbox.customer("N-1")["id"] == made["id"]
    assert [w["reference_id"] for w in job.sandbox.ledger()] == ["N-2"]
    assert job.open_steps(run) == []
    # Ours, although the answer that said so was lost.
    assert job.created() == {"N-1": made["id"], "N-2": job.sandbox.customer("N-2")["id"]}
    assert job.runs() == {finished.record.run: "finished", run.run: "superseded"}
    assert any(run.run in w and "took its place" in w for w in finished.record.warnings)
    assert not job.sync(NEW).record.warnings


def test_whom_a_killed_run_deleted_the_next_does_not_miss(job: Job):
    assert job.sync(NEW).exit_code is Exit.DONE
    gone = named(job.sandbox)[:10]
    for known, lost_by_the_kill in zip(gone, [False, True] * 5, strict=True):
        job.sandbox.remove(known["id"])
        run = job.killed(delete(known))
        if not lost_by_the_kill:
            done = Outcome(ChangeKind.DELETE, known["reference_id"], Result.APPLIED, "done", "")
            job.conclude(run, {1: done})
    # A fourth of the account is missing, and nobody else took it.
    assert job.sync(("N-2", "Company N-2", "")).exit_code is Exit.DONE
    for known in named(job.sandbox)[:9]:
        job.sandbox.remove(known["id"])
    assert job.sync(("N-3", "Company N-3", "")).exit_code is Exit.REFUSED


def test_a_killed_runs_intents_are_settled_before_anything_is_planned(job: Job):
    customer = named(job.sandbox)[0]
    job.killed(update(customer, phone="+12065550100"))
    finished = job.sync(row(customer, "+12065550199"))
    # What left no trace is planned anew, by this file.
    assert results(finished) == {customer["reference_id"]: "applied: done"}
    assert job.sandbox.customer(customer["reference_id"])["phone"] == "+12065550199"


def test_another_mappings_unfinished_run_is_settled_and_left_for_its_owner(job: Job):
    run = job.killed(create("N-1"), mapping="another")
    job.sandbox.add(reference_id="N-1", name="Company N-1", display_name="Company N-1")
    finished = job.sync(("N-2", "Company N-2", ""))
    assert job.open_steps(run) == []
    assert job.runs()[run.run] is RunState.RUNNING
    assert finished.record.warnings == ()
    assert job.created().keys() == {"N-1", "N-2"}


def test_another_accounts_run_is_none_of_its_business(job: Job, start_sandbox: StartSandbox):
    run = job.killed(create("N-1"))
    other = replace(job.options.connection, identity="sandbox:other")
    job.sync(("N-2", "Company N-2", ""), connection=other)
    assert [s.reference_id for s in job.open_steps(run)] == ["N-1"]
    assert job.runs()[run.run] is RunState.RUNNING


def test_a_run_that_stopped_before_it_wrote_is_superseded_too(job: Job):
    with between(job.sandbox, lambda a: 401 if a.method == "POST" else None) as server:
        options = job.through(server.base_url)
        stopped = pipeline.sync(job.file(NEW), job.mapping, options, approve=lambda _: True)
    assert isinstance(stopped.error, KeyRefused)
    assert (stopped.exit_code, results(stopped)) == (Exit.API, {"N-1": "pending: not_reached"})
    finished = job.sync(NEW)
    assert job.runs() == {finished.record.run: "finished", stopped.record.run: "superseded"}
    assert results(finished) == {"N-1": "applied: done"}


def test_a_plan_that_failed_has_nothing_to_take_the_place_of(job: Job):
    job.plan(NEW)
    with between(job.sandbox, lambda _: 401) as server, pytest.raises(KeyRefused):
        pipeline.plan(job.file(NEW), job.mapping, job.through(server.base_url))
    assert list(job.runs().values()) == ["stopped", "dry_run"]
    assert job.sync(NEW).record.warnings == ()


def test_a_key_that_was_never_accepted_leaves_nothing(job: Job):
    with between(job.sandbox, lambda _: 401) as server, pytest.raises(KeyRefused):
        pipeline.plan(job.file(NEW), job.mapping, job.through(server.base_url))
    assert job.runs() == {}
    with job.state() as (state, account):
        assert state.accounts.of_target(account.target) is None


def test_a_finished_run_that_does_not_know_is_settled_as_well(job: Job):
    job.sandbox.assume(list_lag=600)
    rows = [(f"N-{n}", f"Company N-{n}", "") for n in range(4)]
    with between(job.sandbox, first(1, Lost.ANSWER, method="POST")) as server:
        options = job.through(server.base_url)
        unsure = pipeline.sync(job.file(*rows), job.mapping, options, approve=lambda _: True)
    assert sorted(results(unsure).values()) == ["applied: done"] * 3 + ["unknown: unanswered"]
    assert (unsure.exit_code, unsure.record.ending) == (Exit.LEFT_OVER, "finished")
    writes = len(job.sandbox.ledger())
    # Nothing can be told while the lists do not even show the others; other work goes on.
    still = job.sync(*rows, ("N-9", "Company N-9", ""))
    assert sorted(results(still).values()) == ["applied: done", "unknown: unanswered"]
    assert still.exit_code is Exit.LEFT_OVER
    assert "lists do not show its writes" in still.record.warnings[0]
    assert len(job.sandbox.ledger()) == writes + 1
    job.sandbox.assume(list_lag=0)
    finished = job.sync(*rows)
    assert results(finished) == {}
    assert finished.exit_code is Exit.DONE
    assert len(job.sandbox.ledger()) == writes + 1 == 5
    assert job.created().keys() == {"N-9", *(key for key, _, _ in rows)}


def test_a_killed_run_is_not_superseded_while_it_cannot_be_told(job: Job):
    job.sandbox.assume(list_lag=600)
    there = job.sandbox.add(reference_id="N-2", name="Company N-2", display_name="Company N-2")
    run = job.killed(create("N-1"), create("N-2"))
    done = Outcome(ChangeKind.CREATE, "N-2", Result.APPLIED, "done", customer_id=there["id"])
    job.conclude(run, {2: done})
    for _ in range(2):
        assert results(job.sync(NEW)) == {"N-1": "unknown: unanswered"}
        assert job.runs()[run.run] is RunState.RUNNING
    assert job.sandbox.ledger() == []
    job.sandbox.assume(list_lag=0)
    assert results(job.sync(NEW)) == {"N-1": "applied: done"}
    assert job.runs()[run.run] is RunState.SUPERSEDED


def test_stopped_while_it_waits_for_an_earlier_run(job: Job):
    run = job.killed(create("N-1"), ago=0)

    def stop(doing: str, _done: int, _total: int | None) -> None:
        if doing.startswith("Waiting to see"):
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(Interrupted):
        job.sync(NEW, settle=60, progress=stop)
    assert [s.reference_id for s in job.open_steps(run)] == ["N-1"]
    assert sorted(job.runs().values()) == ["running", "stopped"]
    assert job.sandbox.ledger() == []


def test_ctrl_c_amid_the_writes_leaves_a_run_that_the_next_finishes(job: Job):
    rows = [(f"N-{n}", f"Company {n}", "") for n in range(40)]

    def stop(doing: str, done: int, _total: int | None) -> None:
        if (doing, done) == ("Writing", 5):
            signal.raise_signal(signal.SIGINT)

    stopped = job.sync(*rows, progress=stop)
    assert (stopped.exit_code, stopped.record.ending) == (Exit.INTERRUPTED, "stopped")
    done = [key for key, result in results(stopped).items() if result == "applied: done"]
    assert 5 <= len(done) < 40
    finished = job.sync(*rows)
    assert results(finished).keys() == {key for key, _, _ in rows} - set(done)
    assert finished.exit_code is Exit.DONE
    keys = [c["reference_id"] for c in job.sandbox.customers()]
    assert {keys.count(key) for key, _, _ in rows} == {1}


# --- used plans ---------------------------------------------------------------------------------


def test_a_plan_that_was_declined_or_refused_may_still_be_applied(job: Job):
    job.plan(NEW)
    declined = job.apply(approve=False)
    assert isinstance(declined.error, Declined)
    refused = job.apply(allow={"creates": Limit(count=0)})
    assert isinstance(refused.error, GuardRefused)
    assert "--allow creates=1" in (refused.error.hint or "")
    assert {declined.exit_code, refused.exit_code} == {Exit.REFUSED}
    assert job.sandbox.ledger() == []
    assert job.apply().exit_code is Exit.DONE


def test_a_plan_whose_application_was_begun_is_not_taken_up_again(job: Job):
    job.plan(NEW)
    with between(job.sandbox, lambda a: 401 if a.method == "POST" else None) as server:
        plan_file, options = job.folder / "plan.jsonl", job.through(server.base_url)
        pipeline.apply(plan_file, options, approve=lambda _: True)
    with pytest.raises(UnfitPlan, match="stopped"):
        job.apply()


def test_a_plan_whose_application_came_to_no_write_may_still_be_applied(job: Job):
    job.plan(NEW)
    with between(job.sandbox, lambda _: 401) as server:
        plan_file, options = job.folder / "plan.jsonl", job.through(server.base_url)
        with pytest.raises(KeyRefused):
            pipeline.apply(plan_file, options, approve=lambda _: True)
    applied = job.apply()
    assert (applied.exit_code, applied.record.warnings) == (Exit.DONE, ())


def test_a_refused_plan_leaves_nothing_unfinished(job: Job):
    job.plan(NEW)
    applied = job.apply()
    with pytest.raises(UnfitPlan):
        job.apply()
    states = job.runs()
    assert states.pop(applied.record.run) is RunState.FINISHED
    assert set(states.values()) == {RunState.DRY_RUN, RunState.REFUSED}
    assert job.sync(NEW).record.warnings == ()
