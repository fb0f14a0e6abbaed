"""Whole runs: what one leaves to the next, and what may be applied to whom."""

from __future__ import annotations

import csv
import json
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import MakeOptions, StartSandbox
from tests.push.between import Asked, Lost, Trouble, between, first
from tests.push.builders import create, delete, step, told, update
from wizsync import pipeline
from wizsync.errors import (
    AccountBusy,
    Declined,
    Exit,
    GaveUp,
    GuardRefused,
    Interrupted,
    KeyRefused,
    NotTheApi,
    UnfitPlan,
    UsageError,
)
from wizsync.model import Account, Change, Limit, Outcome, Plan, Result
from wizsync.pipeline import Finished, Options
from wizsync.sandbox import Sandbox
from wizsync.settings import fingerprint
from wizsync.state import RunEntry, RunState, SqliteState, Step

MAPPING = """\
version: 1
mode: upsert
customer:
  referenceId: Code
  companyName: {column: Company, required: true}
  displayName: "{companyName}"
  phone: Phone
"""


@dataclass
class Job:
    """A file, its mapping, and the account they are about."""

    sandbox: Sandbox
    options: Options
    folder: Path

    @property
    def mapping(self) -> Path:
        return self.folder / "customers.yaml"

    def file(self, *rows: tuple[str, str, str]) -> Path:
        """The file with these codes, companies and phones."""
        path = self.folder / "customers.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([("Code", "Company", "Phone"), *rows])
        return path

    def sync(self, *rows: tuple[str, str, str], **values: Any) -> Finished:
        options = replace(self.options, **values)
        return pipeline.sync(self.file(*rows), self.mapping, options, approve=lambda _: True)

    def plan(self, *rows: tuple[str, str, str], **values: Any) -> Finished:
        options = replace(self.options, **values)
        return pipeline.plan(
            self.file(*rows), self.mapping, options, output=self.folder / "plan.jsonl"
        )

    def apply(self, *, approve: bool = True, **values: Any) -> Finished:
        options = replace(self.options, **values)
        return pipeline.apply(self.folder / "plan.jsonl", options, approve=lambda _: approve)

    def through(self, url: str) -> Options:
        """The options with another way to the same account."""
        return replace(self.options, connection=replace(self.options.connection, url=url))

    @contextmanager
    def state(self) -> Iterator[tuple[SqliteState, Account]]:
        connection = self.options.connection
        with SqliteState(self.options.state_dir) as state:
            mark = fingerprint(connection.identity, connection.key, state.salt)
            yield state, Account(connection.identity, state.salt.hex(), mark, connection.target)

    def runs(self) -> dict[str, RunState]:
        with self.state() as (state, _):
            return {entry.run: entry.state for entry in state.runs()}

    def killed(self, *changes: Change, mapping: str | None = None, ago: float = 1.0) -> RunEntry:
        """A run as it is left when its process is killed after it recorded these intents."""
        digest = mapping or pipeline.check(self.file(), self.mapping).rules.mapping_digest
        with self.state() as (state, account):
            run = state.begin(account, "sync", "killed.csv", digest)
            journal = state.journal(run.run)
            at = time.time() - ago
            journal.intend([step(c, n, intended=at) for n, c in enumerate(changes, start=1)])
            journal.close()
        return run

    def conclude(self, run: RunEntry, outcomes: dict[int, Outcome | None]) -> None:
        with self.state() as (state, _):
            journal = state.journal(run.run)
            journal.conclude(outcomes)
            journal.close()

    def open_steps(self, run: RunEntry) -> list[Step]:
        with self.state() as (state, _):
            journal = state.journal(run.run)
            steps = journal.open_steps()
            journal.close()
        return steps

    def created(self) -> dict[str, str]:
        with self.state() as (state, account):
            return state.created(account)


@pytest.fixture
def job(start_sandbox: StartSandbox, make_options: MakeOptions, tmp_path: Path) -> Job:
    """On an account where a create that was sent twice makes two customers."""
    sandbox = start_sandbox(customers=40, assume=("reference_id=free",))
    (tmp_path / "customers.yaml").write_text(MAPPING, encoding="utf-8")
    return Job(sandbox, make_options(sandbox), tmp_path)


def named(sandbox: Sandbox) -> list[dict[str, Any]]:
    return [c for c in sandbox.customers() if c["reference_id"] and c["status"] == "active"]


def row(customer: dict[str, Any], phone: str | None = None) -> tuple[str, str, str]:
    return (
        customer["reference_id"],
        customer["name"],
        (customer["phone"] or "") if phone is None else phone,
    )


NEW = ("N-1", "Company N-1", "")


def results(finished: Finished) -> dict[str, str]:
    return told(finished.record.outcomes)


# --- what a killed run leaves ---------------------------------------------------------------------


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
    with between(job.sandbox, lambda _: 401) as server, pytest.raises(KeyRefused):
        pipeline.plan(job.file(NEW), job.mapping, job.through(server.base_url))
    assert list(job.runs().values()) == ["stopped"]
    assert job.sync(NEW).record.warnings == ()


def test_a_finished_run_that_does_not_know_is_settled_as_well(job: Job):
    job.sandbox.assume(list_lag=1.0)
    rows = [(f"N-{n}", f"Company N-{n}", "") for n in range(4)]
    with between(job.sandbox, first(1, Lost.ANSWER, method="POST")) as server:
        options = job.through(server.base_url)
        unsure = pipeline.sync(job.file(*rows), job.mapping, options, approve=lambda _: True)
    assert sorted(results(unsure).values()) == ["applied: done"] * 3 + ["unknown: unanswered"]
    assert (unsure.exit_code, unsure.record.ending) == (Exit.LEFT_OVER, "finished")
    writes = len(job.sandbox.ledger())
    # Nothing can be told while the lists do not even show the others.
    with pytest.raises(GaveUp, match="lists do not show"):
        job.sync(*rows)
    assert len(job.sandbox.ledger()) == writes
    job.sandbox.assume(list_lag=0)
    finished = job.sync(*rows)
    assert results(finished) == {}
    assert finished.exit_code is Exit.DONE
    assert len(job.sandbox.ledger()) == writes == 4
    assert job.created().keys() == {key for key, _, _ in rows}


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


# --- plan and apply -------------------------------------------------------------------------------


def test_a_plan_changes_nothing_and_is_applied_once(job: Job):
    planned = job.plan(NEW)
    assert (planned.exit_code, planned.record.ending) == (Exit.DONE, "dry_run")
    assert job.sandbox.ledger() == []
    assert results(job.apply()) == {"N-1": "applied: done"}
    with pytest.raises(UnfitPlan, match="taken up before") as caught:
        job.apply()
    assert caught.value.reason == "used_plan"
    assert len(job.sandbox.ledger()) == 1


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
        stopped = pipeline.apply(plan_file, options, approve=lambda _: True)
    assert (type(stopped.error), results(stopped)) == (KeyRefused, {"N-1": "pending: not_reached"})
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


def test_another_accounts_plan_is_refused(job: Job):
    job.plan(NEW)
    other = replace(job.options.connection, key="another-key")
    with pytest.raises(UnfitPlan, match="another account") as caught:
        job.apply(connection=other)
    assert caught.value.reason == "another_account"
    elsewhere = replace(job.options.connection, identity="https://api.example.com/v1")
    with pytest.raises(UnfitPlan, match="another account"):
        job.apply(connection=elsewhere)
    assert job.sandbox.ledger() == []
    # It was not used up by that.
    assert job.apply().exit_code is Exit.DONE


def test_what_changed_between_plan_and_apply_is_a_conflict(job: Job):
    moved, same, gone = named(job.sandbox)[:3]
    phone = "+12065550100"
    job.plan(NEW, ("N-2", "Company N-2", ""), *(row(c, phone) for c in (moved, same, gone)))
    job.sandbox.add(reference_id="N-1", name="Somebody else", display_name="Somebody else")
    job.sandbox.edit(moved["id"], phone="+12065550199")
    job.sandbox.edit(same["id"], payment_term="net90")
    job.sandbox.remove(gone["id"])
    finished = job.apply()
    assert results(finished) == {
        "N-1": "conflict: exists_now",
        "N-2": "applied: done",
        moved["reference_id"]: "conflict: moved",
        same["reference_id"]: "applied: done",
        gone["reference_id"]: "conflict: gone",
    }
    assert finished.exit_code is Exit.LEFT_OVER
    assert job.sandbox.customer(moved["reference_id"])["phone"] == "+12065550199"
    assert len(job.sandbox.ledger()) == 2


def test_a_mass_of_deletes_is_refused_before_anything_is_written(job: Job):
    mapping = MAPPING.replace("mode: upsert", "mode: upsert\nabsent: delete\nscope: all")
    job.mapping.write_text(mapping, encoding="utf-8")
    finished = job.sync(row(named(job.sandbox)[0]), NEW)
    assert isinstance(finished.error, GuardRefused)
    assert (finished.record.ending, finished.record.outcomes) == ("refused", ())
    assert [breach.guard for breach in finished.record.breaches] == ["deletes"]
    assert job.sandbox.ledger() == []


# --- what is remembered, and what is left behind --------------------------------------------------


def test_deleted_customers_are_no_longer_remembered_as_created(job: Job):
    job.sync(NEW, ("N-2", "Company N-2", ""))
    assert job.created().keys() == {"N-1", "N-2"}
    assert results(job.sync(NEW, mode="delete-listed")) == {"N-1": "applied: done"}
    assert job.created().keys() == {"N-2"}
    assert results(job.sync(NEW)) == {"N-1": "applied: done"}


def test_a_customer_created_a_moment_ago_is_not_created_again(job: Job):
    job.sandbox.assume(list_lag=60)
    job.sync(NEW)
    again = job.sync(NEW)
    assert again.record.plan.changes == ()
    assert [w["operation"] for w in job.sandbox.ledger()] == ["create"]


def test_a_created_customer_under_another_key_is_not_created_again(job: Job):
    job.sync(NEW)
    job.sandbox.edit(job.sandbox.customer("N-1")["id"], reference_id="CUT")
    assert results(job.sync(NEW)) == {"N-1": "conflict: moved"}
    assert [w["operation"] for w in job.sandbox.ledger()] == ["create"]


def test_the_dialect_is_remembered_and_forgotten_where_it_is_wrong(
    job: Job, start_sandbox: StartSandbox
):
    job.plan(NEW)
    job.sandbox.reset()
    job.plan(NEW)
    assert job.sandbox.counts()["operations"]["list"] == 2
    # The same account, which from now on speaks otherwise.
    other = start_sandbox(dialect="camel", customers=5)
    connection = replace(job.options.connection, url=other.base_url)
    with pytest.raises(NotTheApi):
        job.plan(NEW, connection=connection)
    assert job.plan(NEW, connection=connection).record.plan.dialect == "camel"


def test_copies_of_the_reports_go_where_they_are_wanted(job: Job):
    wanted = job.folder / "reports"
    finished = job.sync(NEW, ("", "No Code", "1"), report_dir=wanted)
    copies = wanted / finished.record.run
    assert {path.name for path in finished.files} == {path.name for path in copies.iterdir()}
    assert {path.name for path in copies.iterdir()} >= {
        "plan.jsonl",
        "report.html",
        "report.json",
        "rejected.csv",
    }
    originals = job.options.state_dir / "runs" / finished.record.run
    for copy in copies.iterdir():
        assert copy.read_bytes() == (originals / copy.name).read_bytes()
    assert json.loads((copies / "report.json").read_text(encoding="utf-8"))


def test_without_a_report_folder_the_originals_are_named(job: Job):
    finished = job.sync(NEW)
    assert finished.files.report_html is not None
    assert finished.files.report_html.parent == job.options.state_dir / "runs" / finished.record.run


def test_a_report_folder_that_cannot_be_written_is_told_before_anything_is_done(job: Job):
    (job.folder / "file").touch()
    with pytest.raises(UsageError):
        job.sync(NEW, report_dir=job.folder / "file" / "reports")
    assert job.sandbox.counts()["total"] == 0
    assert not job.options.state_dir.exists()


def test_a_report_folder_that_is_lost_meanwhile_takes_nothing_back(job: Job):
    wanted = job.folder / "reports"

    def approve(_: Plan) -> bool:
        wanted.rmdir()
        wanted.touch()
        return True

    options = replace(job.options, report_dir=wanted)
    finished = pipeline.sync(job.file(NEW), job.mapping, options, approve=approve)
    assert finished.error is not None
    # Not 2, as for a wrong option: that would say that nothing was written.
    assert finished.exit_code is Exit.DEFECT
    assert results(finished) == {"N-1": "applied: done"}
    assert finished.files.report_json is not None
    assert job.runs()[finished.record.run] is RunState.FINISHED


def test_one_run_at_a_time_for_an_account(job: Job):
    busy: list[str] = []

    def approve(_: Plan) -> bool:
        with pytest.raises(AccountBusy) as caught:
            job.sync(NEW)
        busy.append(caught.value.message)
        return True

    finished = pipeline.sync(job.file(NEW), job.mapping, job.options, approve=approve)
    assert finished.exit_code is Exit.DONE
    assert "`wizsync sync`" in busy[0]
    assert len(job.runs()) == 1


def test_the_answer_is_asked_for_once_and_only_where_there_is_something_to_send(job: Job):
    asked: list[Plan] = []

    def approve(plan: Plan) -> bool:
        asked.append(plan)
        return True

    for _ in range(2):
        pipeline.sync(job.file(NEW), job.mapping, job.options, approve=approve)
    assert [len(plan.changes) for plan in asked] == [1]


def test_a_server_that_fails_amid_the_writes_loses_and_doubles_nothing(job: Job):
    rows = [(f"N-{n}", f"Company {n}", "") for n in range(30)]
    troubles: Iterator[Trouble] = iter(
        [None, Lost.ANSWER, 500, 429, Lost.REQUEST, None, 503, Lost.ANSWER] * 4
    )

    def rule(asked: Asked) -> Trouble:
        return next(troubles, None) if asked.method == "POST" else None

    with between(job.sandbox, rule) as server:
        options = job.through(server.base_url)
        finished = pipeline.sync(job.file(*rows), job.mapping, options, approve=lambda _: True)
    assert finished.exit_code is Exit.DONE
    assert {o.result for o in finished.record.outcomes} == {Result.APPLIED}
    keys = [c["reference_id"] for c in job.sandbox.customers()]
    assert {keys.count(key) for key, _, _ in rows} == {1}
    assert job.created() == {key: job.sandbox.customer(key)["id"] for key, _, _ in rows}
