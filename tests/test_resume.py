"""Going on with runs that were interrupted: what is left is sent, under what was agreed to, and no more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.job import Job
from tests.push.between import Asked, Trouble, between, well
from wizsync import pipeline
from wizsync.errors import Interrupted, UnfitPlan, UsageError
from wizsync.model import Limit, Plan, Result
from wizsync.pipeline import Finished
from wizsync.state import RunState

DELETING = """\
version: 1
mode: mirror
scope: {referenceId: {prefix: "D-"}}
customer:
  referenceId: Code
  companyName: {column: Company, required: true}
  displayName: "{companyName}"
  phone: Phone
"""
ALL = {name: Limit() for name in ("deletes", "updates")}


def yes(_: Plan) -> bool:
    return True


def never(_: Plan) -> bool:
    raise AssertionError("asked")


def resume(job: Job, name: str | None = None, **values: object) -> Finished | None:
    return pipeline.resume(name, replace(job.options, **values), approve=never)


def stopped_after(job: Job, writes: int, *rows: tuple[str, str, str], **values: object) -> Finished:
    """A run whose key is refused once so many writes are done."""
    sent = 0

    def rule(asked: Asked) -> Trouble:
        nonlocal sent
        sent += asked.method != "GET"
        return 401 if sent > writes else None

    with between(job.sandbox, rule) as server:
        options = replace(job.through(server.base_url), **values)
        done = pipeline.sync(job.file(*rows), job.mapping, options, approve=yes)
    assert done.exit_code == 5
    return done


def sent(job: Job, operation: str) -> list[str]:
    return [w["reference_id"] for w in job.sandbox.ledger() if w["operation"] == operation]


def customers(number: int) -> list[tuple[str, str, str]]:
    return [(f"N-{n}", f"Company {n}", "") for n in range(number)]


def test_what_is_left_is_sent_and_nothing_twice(job: Job) -> None:
    first = stopped_after(job, 5, *customers(30))
    assert 0 < len(sent(job, "create")) < 30

    done = resume(job)

    assert done is not None
    assert done.exit_code == 0, done.error
    assert done.record.run == first.record.run
    assert done.record.command == "resume"
    assert sorted(sent(job, "create")) == sorted(code for code, _, _ in customers(30))
    assert {outcome.result for outcome in done.record.outcomes} == {Result.APPLIED}
    assert len(done.record.outcomes) == 30
    assert job.runs()[done.record.run] is RunState.FINISHED
    assert resume(job) is None
    assert resume(job, first.record.run) is None


def test_what_was_refused_is_not_sent_again(job: Job) -> None:
    refused: list[str] = []

    def rule(asked: Asked) -> Trouble:
        if asked.method != "POST":
            return None
        refused.append(asked.key)
        return 422 if len(refused) == 1 else 401

    with between(job.sandbox, rule) as server:
        file, options = job.file(*customers(3)), job.through(server.base_url)
        assert pipeline.sync(file, job.mapping, options, approve=yes).exit_code == 5
        server.rule = well
        done = pipeline.resume(None, options, approve=never)
        assert server.sent("POST", refused[0]) == 1
    assert done is not None
    assert done.exit_code == 3
    failed = [o.reference_id for o in done.record.outcomes if o.result is Result.FAILED]
    assert failed == refused[:1]
    assert len(sent(job, "create")) == 2


def test_what_was_allowed_holds_when_it_is_resumed(job: Job) -> None:
    job.mapping.write_text(DELETING, encoding="utf-8")
    for n in range(20):
        job.sandbox.add(reference_id=f"D-{n}", name=f"D {n}", display_name=f"D {n}")
    stopped_after(job, 3, ("D-0", "D 0", ""), allow=ALL)
    assert len(sent(job, "delete")) < 19

    done = resume(job)

    assert done is not None
    assert done.exit_code == 0, done.error
    assert sorted(sent(job, "delete")) == sorted(f"D-{n}" for n in range(1, 20))


def test_once_a_later_run_was_planned_nothing_is_deleted(job: Job) -> None:
    job.mapping.write_text(DELETING, encoding="utf-8")
    for n in range(5):
        job.sandbox.add(reference_id=f"D-{n}", name=f"D {n}", display_name=f"D {n}")
    stopped_after(job, 1, ("D-0", "D 0", ""), ("D-9", "New", ""), allow=ALL)
    deleted = len(sent(job, "delete"))
    job.plan(("D-0", "D 0", ""))

    done = resume(job)

    assert done is not None
    assert len(sent(job, "delete")) == deleted
    assert {o.code for o in done.record.outcomes if o.result is Result.SKIPPED} == {"overtaken"}


def test_it_asks_where_nobody_had_agreed(job: Job) -> None:
    def gone(_: Plan) -> bool:
        raise KeyboardInterrupt

    with pytest.raises(Interrupted):
        pipeline.sync(job.file(*customers(3)), job.mapping, job.options, approve=gone)
    with pytest.raises(AssertionError, match="asked"):
        resume(job)
    assert sent(job, "create") == []
    done = pipeline.resume(None, job.options, approve=yes)
    assert done is not None
    assert len(sent(job, "create")) == 3


def test_a_run_whose_place_was_taken_is_not_resumed(job: Job) -> None:
    first = stopped_after(job, 2, *customers(5))
    job.sync(*customers(5))
    with pytest.raises(UnfitPlan, match="took its place"):
        resume(job, first.record.run)
    assert resume(job) is None


def test_an_older_run_that_is_resumed_takes_no_later_ones_place(job: Job) -> None:
    stopped_after(job, 2, *customers(5))
    with job.state() as (state, account):
        later = state.begin(
            account,
            "sync",
            "later.csv",
            pipeline.check(job.file(), job.mapping).rules.mapping_digest,
        )
    assert resume(job) is not None
    assert job.runs()[later.run] is RunState.RUNNING


def test_there_is_nothing_to_resume_in_a_new_state(job: Job) -> None:
    assert resume(job) is None
    with pytest.raises(UsageError, match="no run"):
        resume(job, "2026-01-01_0000_nothing")
