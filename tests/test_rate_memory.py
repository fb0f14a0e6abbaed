"""What a run remembers of the account's rate limit, and how the next one begins with it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.job import Job, job
from wizsync import pipeline
from wizsync.api.rates import SHARE, START
from wizsync.errors import Exit
from wizsync.model import AUTO, Rate
from wizsync.run import Options, begun
from wizsync.state import Facts

__all__ = ["job"]


def at(job: Job, rate: Rate) -> Options:
    return replace(job.options, connection=replace(job.options.connection, rate=rate))


def remembered(job: Job) -> float | None:
    with job.state() as (state, account):
        return state.facts(account).rate_limit


def first_rate(job: Job, rate: Rate) -> float:
    """The rate that a run begins with."""
    rules = pipeline.check(job.file(), job.mapping).rules
    with begun("plan", at(job, rate), "customers.csv", rules) as run:
        return run.client.rate


def test_where_the_limit_was_met_is_where_the_next_run_begins(job: Job) -> None:
    assert first_rate(job, AUTO) == START
    job.sandbox.limit(6)
    rows = [(f"N-{number}", f"Company {number}", "") for number in range(15)]
    finished = job.sync(*rows, connection=at(job, AUTO).connection)
    assert finished.exit_code is Exit.DONE
    assert finished.record.requests.throttled
    writes = [write["reference_id"] for write in job.sandbox.ledger() if write["done"]]
    assert sorted(writes) == sorted(code for code, *_ in rows)
    limit = remembered(job)
    assert limit is not None
    assert 4 <= limit <= 12
    assert first_rate(job, AUTO) == pytest.approx(SHARE * limit)
    assert first_rate(job, 3.0) == 3.0


@pytest.mark.parametrize("rate", [2000.0, AUTO], ids=["asked for", "found"])
def test_a_run_that_met_no_limit_leaves_the_memory_alone(job: Job, rate: Rate) -> None:
    with job.state() as (state, account):
        state.remember(account, Facts(rate_limit=500.0))
    finished = job.sync(("N-1", "Company N-1", ""), connection=at(job, rate).connection)
    assert finished.exit_code is Exit.DONE
    assert remembered(job) == 500.0
