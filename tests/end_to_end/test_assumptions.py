"""Whatever the API turns out to do where its documentation is silent: no duplicate, no wrong delete."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from tests.conftest import MakeOptions, StartSandbox
from tests.end_to_end.big_file import write_big_file
from wizsync import pipeline
from wizsync.model import AbsentPolicy, ChangeKind
from wizsync.sandbox import Assumptions
from wizsync.sandbox.assumptions import CHOICES

FLIPPED = [
    f"{name}={value}"
    for name in (field.name for field in fields(Assumptions))
    for value in CHOICES.get(name, ("", "1.5"))[1:]
]


@pytest.mark.parametrize("assume", FLIPPED)
def test_no_duplicate_and_no_wrong_delete(
    assume: str,
    dialect: str,
    start_sandbox: StartSandbox,
    make_options: MakeOptions,
    tmp_path: Path,
) -> None:
    sandbox = start_sandbox(dialect=dialect, customers=300, assume=(assume,))
    before = {c["id"]: c for c in sandbox.customers()}
    hidden = next((c for c in before.values() if c["status"] not in ("active", "inactive")), None)
    big = write_big_file(
        tmp_path, list(before.values()), creates=30, updates=30, rejects=5, unchanged=235
    )
    if hidden is not None:
        with big.file.open("a", encoding="utf-8") as stream:
            stream.write(f"{hidden['reference_id']},{hidden['name']},,,,net30\r\n")
    mapping = big.mapping.read_text(encoding="utf-8")
    big.mapping.write_text(
        mapping.replace("version: 1", "version: 1\nabsent: delete\nscope: all"), encoding="utf-8"
    )
    options = make_options(sandbox)

    finished = pipeline.sync(big.file, big.mapping, options, approve=lambda _: True)

    plan = finished.record.plan
    assert plan.rules.absent.policy is AbsentPolicy.DELETE
    named = {line.split(",")[0] for line in big.file.read_text(encoding="utf-8").splitlines()}
    after = {c["id"]: c for c in sandbox.customers()}
    keys = [c["reference_id"] for c in after.values() if c["reference_id"]]
    assert len(keys) == len(set(keys)), "a customer was doubled"
    # What went was active, had a referenceId, and is not named in the file.
    gone = [
        c
        for customer_id, c in before.items()
        if customer_id not in after or after[customer_id]["status"] != c["status"]
    ]
    assert all(c["status"] == "active" for c in gone)
    assert not {c["reference_id"] for c in gone} & (named | {""})
    assert 0 < len(gone) <= 10
    assert set(big.created) <= set(keys)
    by_key = {c["reference_id"]: c for c in after.values()}
    assert all(by_key[key]["payment_term"] == terms for key, terms in big.updated.items())

    if hidden is not None:
        outcome = next(
            o for o in finished.record.outcomes if o.reference_id == hidden["reference_id"]
        )
        assert outcome.code == "exists_unseen"
    again = pipeline.plan(big.file, big.mapping, options).record.plan
    left = {c.reference_id for c in again.changes if c.kind is ChangeKind.CREATE}
    assert left == ({hidden["reference_id"]} if hidden else set()), "it would create once more"
    # Until the lists show a write, the plan would repeat an update, which does no harm.
    sandbox.assume(list_lag=0)
    again = pipeline.plan(big.file, big.mapping, options).record.plan
    assert {c.reference_id for c in again.changes} == left


def test_the_report_says_what_it_met(
    dialect: str, start_sandbox: StartSandbox, make_options: MakeOptions, tmp_path: Path
) -> None:
    said = {}
    for value in ("repeated", "everybody", "nobody"):
        sandbox = start_sandbox(dialect=dialect, customers=150, assume=(f"reference_ids={value}",))
        folder = tmp_path / value
        folder.mkdir()
        big = write_big_file(
            folder, sandbox.customers(), creates=2, updates=2, rejects=0, unchanged=5
        )
        options = make_options(sandbox, state_dir=folder / "state")
        finished = pipeline.sync(big.file, big.mapping, options, approve=lambda _: True)
        said[value] = " ".join((*finished.record.warnings, *finished.record.plan.notes))
    assert "repeated parameters" in said["repeated"]
    assert "does not answer look-ups by referenceId" in said["everybody"]
    assert "does not answer look-ups by referenceId" in said["nobody"]
