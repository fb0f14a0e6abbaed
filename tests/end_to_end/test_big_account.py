"""An account of 5,000 customers: the counts a user is told, and the requests it costs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import MakeOptions, StartSandbox
from tests.end_to_end.big_file import write_big_file
from wizsync import pipeline
from wizsync.errors import Exit

# 50 pages of customers; 7 looks before writing, each at two statuses. A camel list tells no total: its pages
# overlap, and one from the other end shows that they were all.
# Six of them look once more at whom the run created.
MOST_LISTS = {"snake": 75, "camel": 85}


def test_says_exactly_what_it_does_with_few_requests(
    dialect: str, start_sandbox: StartSandbox, make_options: MakeOptions, tmp_path: Path
) -> None:
    sandbox = start_sandbox(dialect=dialect, customers=5000)
    before = {c["id"]: c for c in sandbox.customers()}
    big = write_big_file(tmp_path, list(before.values()))
    options = make_options(sandbox)

    finished = pipeline.sync(big.file, big.mapping, options, approve=lambda _: True)

    tally, requests = finished.record.plan.tally, finished.record.requests
    assert finished.exit_code is Exit.LEFT_OVER
    assert (tally.create, tally.update, tally.rejected, tally.unchanged) == (200, 300, 20, 400)
    assert [o.result.value for o in finished.record.outcomes] == ["applied"] * 500
    assert requests.list <= MOST_LISTS[dialect], requests.list
    assert (requests.get, requests.create, requests.update, requests.delete) == (0, 200, 300, 0)
    told = {name: getattr(requests, name) for name in ("list", "get", "create", "update")}
    seen = sandbox.counts()["operations"]
    assert told == {name: seen[name] for name in told}

    after = {c["reference_id"]: c for c in sandbox.customers() if c["reference_id"]}
    assert all(after[key]["payment_term"] == terms for key, terms in big.updated.items())
    assert len(sandbox.customers()) == 5200
    untouched = [c for c in before.values() if c["reference_id"] not in big.updated]
    assert {c["id"]: c for c in sandbox.customers() if c["id"] in before} | {} == {
        c["id"]: after[c["reference_id"]] if c["reference_id"] in big.updated else c
        for c in before.values()
    }
    assert len(untouched) == 4700
    assert after[big.inactive]["status"] == "inactive"

    again = pipeline.plan(big.file, big.mapping, options)
    assert again.record.plan.changes == ()
    assert again.record.plan.tally.unchanged == 900


@pytest.mark.parametrize("statuses", [("comma",), ("everybody",)], ids=["filter", "no filter"])
def test_two_runs_make_no_more_than_one(
    statuses: tuple[str],
    dialect: str,
    start_sandbox: StartSandbox,
    make_options: MakeOptions,
    tmp_path: Path,
) -> None:
    """A second run right after the first sends nothing, even where referenceIds are not unique."""
    sandbox = start_sandbox(
        dialect=dialect,
        customers=300,
        assume=("reference_id=free", f"reference_ids={statuses[0]}", "list_lag=0.3"),
    )
    big = write_big_file(tmp_path, sandbox.customers(), creates=30, updates=30, unchanged=40)
    options = make_options(sandbox)
    for _ in range(2):
        pipeline.sync(big.file, big.mapping, options, approve=lambda _: True)
    keys = [c["reference_id"] for c in sandbox.customers() if c["reference_id"]]
    assert len(keys) == len(set(keys))
