"""Creates whose answers are lost, that are shown late, or done late: nobody is doubled unsaid."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import MakeOptions, StartSandbox
from tests.job import MAPPING, Job
from wizsync.model import Limit, Result, Timing


def file_of(number: int) -> list[tuple[str, str, str]]:
    return [(f"N-{n}", f"Company {n}", "") for n in range(number)]


def hasty(job: Job, **values: object) -> dict[str, object]:
    """A run that gives up on an answer soon."""
    timing = Timing(timeout=0.3, back_off=0.01)
    return {"connection": replace(job.options.connection, timing=timing), **values}


def posts(job: Job) -> Counter[str]:
    job.sandbox.wait()
    return Counter(w["reference_id"] for w in job.sandbox.ledger() if w["operation"] == "create")


def there(job: Job) -> Counter[str]:
    keys = (customer["reference_id"] for customer in job.sandbox.customers())
    return Counter(key for key in keys if key and key.startswith("N-"))


def test_every_answer_of_200_creates_is_lost(
    dialect: str, start_sandbox: StartSandbox, make_options: MakeOptions, tmp_path
) -> None:
    sandbox = start_sandbox(dialect=dialect, customers=40, assume=("reference_id=free",))
    (tmp_path / "customers.yaml").write_text(MAPPING, encoding="utf-8")
    job = Job(sandbox, make_options(sandbox), tmp_path)
    sandbox.set_faults(["reset_done:on=create"])

    done = job.sync(*file_of(200), **hasty(job))

    assert done.exit_code == 0, done.error
    assert set(there(job).values()) == set(posts(job).values()) == {1}
    assert len(there(job)) == 200
    assert {o.code for o in done.record.outcomes} == {"found_done"}


def test_lists_that_lag_and_lost_answers_double_nobody(job: Job) -> None:
    job.sandbox.assume(list_lag=1.0)
    job.sandbox.set_faults(["reset_done:on=create,nth=2+5+9"])

    done = job.sync(*file_of(12), **hasty(job, settle=3.0))

    assert done.exit_code == 0, done.error
    assert set(there(job).values()) == set(posts(job).values()) == {1}
    assert len(there(job)) == 12


def test_a_create_that_is_done_late_is_found_within_the_settle_time(job: Job) -> None:
    job.sandbox.set_faults(["hang_done:on=create,key=N-3,seconds=1"])

    done = job.sync(*file_of(6), **hasty(job, settle=3.0))

    assert done.exit_code == 0, done.error
    assert set(posts(job).values()) == set(there(job).values()) == {1}


def test_one_that_is_done_later_still_is_doubled_and_named_with_both_ids(job: Job) -> None:
    # Given up after 0.3 s, sent again after a second, and the first one done another half later.
    job.sandbox.set_faults(["hang_done:on=create,key=N-3,times=1,seconds=1.6"])

    done = job.sync(*file_of(4), **hasty(job, settle=1.0))

    (outcome,) = [o for o in done.record.outcomes if o.reference_id == "N-3"]
    both = [c["id"] for c in job.sandbox.customers() if c["reference_id"] == "N-3"]
    assert len(both) == 2
    assert (outcome.result, outcome.code, done.exit_code) == (Result.CONFLICT, "doubled", 3)
    assert all(customer_id in outcome.message for customer_id in both)
    # From then on nobody touches them.
    job.sandbox.reset()
    again = job.sync(*file_of(4))
    assert [c.reference_id for c in again.record.plan.conflicts] == ["N-3"]
    assert job.sandbox.ledger() == []


NEW_ACCOUNT = {"empty_account": Limit(count=30)}


@pytest.fixture
def unlisted(
    dialect: str, start_sandbox: StartSandbox, make_options: MakeOptions, tmp_path: Path
) -> Job:
    """An account that nobody counted before, whose lists are always empty."""
    sandbox = start_sandbox(dialect=dialect, assume=("reference_id=free",))
    for n in range(20):
        sandbox.add(reference_id=f"N-{n}", name=f"Company {n}", display_name=f"Company {n}")
    (tmp_path / "customers.yaml").write_text(MAPPING, encoding="utf-8")
    sandbox.set_faults(["list_empty"])
    return Job(sandbox, make_options(sandbox), tmp_path)


def test_nobody_is_created_in_an_account_that_shows_nobody(unlisted: Job) -> None:
    for _ in range(2):
        done = unlisted.sync(*file_of(20))
        assert (done.exit_code, [b.allow for b in done.record.breaches]) == (
            4,
            ["--allow empty_account=20"],
        )
    unlisted.plan(*file_of(20))
    assert unlisted.apply().exit_code == 4
    assert unlisted.sandbox.ledger() == []


def test_empty_lists_that_a_person_believed_are_doubted_once_they_lack_a_new_customer(
    unlisted: Job,
) -> None:
    done = unlisted.sync(*file_of(20), settle=0.5, allow=NEW_ACCOUNT)

    assert (done.exit_code, len(unlisted.sandbox.ledger())) == (5, 1)
    assert "cannot be believed" in str(done.error)
    # The one is found as soon as the lists are well.
    unlisted.sandbox.no_faults()
    again = unlisted.sync(*file_of(20))
    assert len(again.record.plan.conflicts) == 1
    assert len(unlisted.sandbox.ledger()) == 1


def test_a_new_account_is_filled_although_its_lists_lag(job: Job) -> None:
    for customer in job.sandbox.customers():
        job.sandbox.remove(customer["id"])
    job.sandbox.assume(list_lag=0.5)

    done = job.sync(*file_of(30), settle=3.0, allow=NEW_ACCOUNT)

    assert done.exit_code == 0, done.error
    assert set(there(job).values()) == set(posts(job).values()) == {1}
    assert len(there(job)) == 30
