"""Whole runs: what may be applied to whom, and what is remembered of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.conftest import StartSandbox
from tests.job import MAPPING, NEW, Job, named, results, row
from tests.push.between import Asked, Lost, Trouble, between
from wizsync import pipeline
from wizsync.errors import (
    AccountBusy,
    Exit,
    GaveUp,
    GuardRefused,
    NotTheApi,
    UnfitPlan,
)
from wizsync.model import Plan, Result, Timing
from wizsync.plan import read_plan, write_plan
from wizsync.settings import Connection

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


def long_ago(job: Job) -> None:
    """Let the plan be one of another day."""
    path = job.folder / "plan.jsonl"
    write_plan(replace(read_plan(path), created="2026-01-05T08:00:00+00:00"), path)


def test_a_plan_that_rests_on_absence_is_refused_once_a_newer_one_was_applied(job: Job):
    lines = "absent: delete\nscope: all\nguard: {max_updates: 100%}"
    mapping = MAPPING.replace("mode: upsert", lines)
    job.mapping.write_text(mapping, encoding="utf-8")
    everybody = [row(c) for c in named(job.sandbox)]
    for old in (everybody[1:], [*everybody, NEW]):
        job.plan(*old)
        long_ago(job)
        assert job.sync(*everybody, ("N1", "Company N-1", "")).record.ending == "finished"
        there = job.sandbox.customers()
        with pytest.raises(UnfitPlan, match="has applied a newer plan of this mapping"):
            job.apply()
        assert job.sandbox.customers() == there


def test_a_plan_is_not_overtaken_by_what_an_older_one_or_a_refused_run_did(job: Job):
    job.plan(NEW)
    long_ago(job)
    declined = pipeline.sync(job.file(NEW), job.mapping, job.options, approve=lambda _: False)
    assert declined.record.ending == "refused"
    older = job.folder / "plan.jsonl"
    newer = job.folder / "newer.jsonl"
    write_plan(replace(read_plan(older), created="2026-01-06T08:00:00+00:00"), newer)
    assert results(job.apply()) == {"N-1": "applied: done"}
    finished = pipeline.apply(newer, job.options, approve=lambda _: True)
    assert results(finished) == {"N-1": "skipped: already_so"}


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


# --- a server in trouble --------------------------------------------------------------------------


def impatient(job: Job, url: str) -> Connection:
    """Another way to the same account, which is not waited for as long as usual."""
    timing = Timing(timeout=5, back_off=0.01, outage=0.05)
    return replace(job.options.connection, url=url, timing=timing)


def test_an_outage_stops_a_run_resumably(job: Job):
    rows = [(f"N-{number}", f"Company {number}", "") for number in range(30)]
    begun = threading.Event()

    def rule(asked: Asked) -> Trouble:
        if server.sent("POST") > 10:
            begun.set()
        return 503 if begun.is_set() else None

    with between(job.sandbox, rule) as server:
        stopped = job.sync(*rows, connection=impatient(job, server.base_url))
        assert isinstance(stopped.error, GaveUp)
        assert "out of order for too long" in stopped.error.message
        assert stopped.exit_code is Exit.API
        probes = [each for each in server.asked if each.target.endswith("page=1&page_size=1")]
        assert probes
        server.rule = lambda _: None
        again = job.sync(*rows, connection=impatient(job, server.base_url), settle=0.05)
    assert again.exit_code is Exit.DONE
    keys = [each["reference_id"] for each in job.sandbox.customers()]
    assert {keys.count(code) for code, _, _ in rows} == {1}
