"""Putting back what a run did: whole runs, undone, against a real server."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import MakeOptions, StartSandbox
from tests.job import Job
from wizsync import pipeline
from wizsync.errors import UsageError
from wizsync.model import Limit
from wizsync.pipeline import Finished, Options
from wizsync.sandbox import Sandbox
from wizsync.state import RunState

MAPPING = """\
version: 1
source: {action_column: Action}
customer:
  referenceId: Code
  companyName: Company
  displayName: {column: Company}
  phone: Phone
  freightTerm: Freight
addresses:
  - when: Street
    referenceId: Ship-to
    addressLine1: Street
    city: City
    type: {const: shipping}
    isDefault: {const: true}
"""
# What goes with a customer or a child made again is its own; ids and times cannot come back.
_OWN = {"id", "display_id", "created_at", "updated_at", "customer_id"}
ALL = {name: Limit() for name in ("deletes", "children_removed", "updates", "erased")}


def content(sandbox: Sandbox) -> list[str]:
    """Every customer with all there is to it, but for ids and times."""

    def own(record: dict[str, Any]) -> dict[str, Any]:
        return {name: value or "" for name, value in record.items() if name not in _OWN}

    return sorted(
        json.dumps(
            own(customer)
            | {
                kind: sorted(json.dumps(own(child), sort_keys=True) for child in customer[kind])
                for kind in ("addresses", "contacts")
            },
            sort_keys=True,
        )
        for customer in sandbox.customers()
    )


def undo(name: str, options: Options, **values: Any) -> Finished:
    return pipeline.undo(name, replace(options, **{"allow": ALL, **values}), approve=lambda _: True)


@pytest.mark.parametrize("in_lists", [False, True], ids=["endpoints", "lists"])
def test_what_a_run_did_is_put_back_and_that_is_undone_again(
    dialect: str,
    in_lists: bool,
    start_sandbox: StartSandbox,
    make_options: MakeOptions,
    tmp_path: Path,
) -> None:
    sandbox = start_sandbox(dialect=dialect, customers=60)
    options = make_options(sandbox)
    connection = replace(options.connection, children_in_lists=in_lists)
    options = replace(options, connection=connection, allow=ALL)
    known = [c for c in sandbox.customers() if c["reference_id"] and c["status"] == "active"]
    rows = ["Code,Company,Phone,Freight,Action,Ship-to,Street,City"]
    rows += [f"N-{n},New {n},,cod,create,N-{n}/1,{n} Pier,Bath" for n in range(5)]
    for number, customer in enumerate(known[:10]):
        ship_tos = [a for a in customer["addresses"] if a["type"] == "shipping"]
        # The last of them becomes the default and is changed; where there is none, one is added.
        key = ship_tos[-1]["reference_id"] if ship_tos else f"{customer['reference_id']}/1"
        code = customer["reference_id"]
        rows.append(f"{code},Renamed {number},+12065550100,cod,update,{key},9 Pier,Bath")
    rows += [f"{customer['reference_id']},,,,delete,,," for customer in known[10:18]]
    (tmp_path / "c.csv").write_text("\n".join(rows), encoding="utf-8")
    (tmp_path / "c.yaml").write_text(MAPPING, encoding="utf-8")
    before = content(sandbox)

    done = pipeline.sync(tmp_path / "c.csv", tmp_path / "c.yaml", options, approve=lambda _: True)
    assert (done.exit_code, len(done.record.outcomes)) == (0, 23)
    after = content(sandbox)
    back = undo(done.record.run, options)

    assert back.exit_code == 0, back.error
    assert content(sandbox) == before
    assert back.record.plan.undoes == done.record.run
    notes = " ".join(back.record.plan.notes)
    assert "new id" in notes
    assert "(8 customers)" in notes

    again = undo(back.record.run, options)
    assert again.exit_code == 0, again.error
    assert content(sandbox) == after


def test_what_somebody_changed_since_is_left_alone(job: Job) -> None:
    one, two, three, gone = [
        c for c in job.sandbox.customers() if c["reference_id"] and c["status"] == "active"
    ][:4]
    rows = [(c["reference_id"], c["name"], "+12065550100") for c in (one, two, three, gone)]
    done = job.sync(*rows, ("N-1", "New", ""), ("N-2", "New too", ""), allow=ALL)
    job.sandbox.edit(one["id"], phone="+12065550111")
    job.sandbox.edit(two["id"], email="else@shop.example")
    job.sandbox.remove(gone["id"])
    new = job.sandbox.customer("N-1")
    job.sandbox.edit(new["id"], email="ann@shop.example")
    job.sandbox.reset()

    back = undo(done.record.run, job.options)

    left_alone = {one["reference_id"], gone["reference_id"], "N-1"}
    assert {conflict.reference_id for conflict in back.record.plan.conflicts} == left_alone
    assert back.exit_code == 3
    # Another field of an update is nobody's business; it stays as it is now.
    assert job.sandbox.customer(two["reference_id"])["phone"] == two["phone"]
    assert job.sandbox.customer(two["reference_id"])["email"] == "else@shop.example"
    assert job.sandbox.customer(one["reference_id"])["phone"] == "+12065550111"
    assert job.sandbox.customer("N-1")["email"] == "ann@shop.example"
    deleted = [w["reference_id"] for w in job.sandbox.ledger() if w["operation"] == "delete"]
    assert deleted == ["N-2"]


def test_a_deleted_customer_whom_the_account_still_lists_is_not_made_again(
    start_sandbox: StartSandbox, make_options: MakeOptions, tmp_path: Path
) -> None:
    sandbox = start_sandbox(customers=30, assume=("delete=soft", "reference_id=free"))
    options = make_options(sandbox, allow=ALL)
    code = next(c["reference_id"] for c in sandbox.customers() if c["reference_id"])
    (tmp_path / "c.csv").write_text(f"Code\n{code}\n", encoding="utf-8")
    (tmp_path / "c.yaml").write_text(
        "version: 1\nmode: delete-listed\ncustomer: {referenceId: Code}\n", encoding="utf-8"
    )
    done = pipeline.sync(tmp_path / "c.csv", tmp_path / "c.yaml", options, approve=lambda _: True)
    sandbox.reset()

    back = undo(done.record.run, options)

    (conflict,) = back.record.plan.conflicts
    assert "status inactive" in conflict.message
    assert (back.exit_code, sandbox.ledger()) == (3, [])


def test_limits_hold_for_an_undo_and_a_no_writes_nothing(job: Job) -> None:
    done = job.sync(*((f"N-{n}", f"New {n}", "") for n in range(12)))
    job.sandbox.reset()
    refused = undo(done.record.run, job.options, allow={})
    assert refused.exit_code == 4
    assert refused.error is not None
    assert "--allow deletes=12" in str(refused.error.hint)
    options = replace(job.options, allow=ALL)
    declined = pipeline.undo(done.record.run, options, approve=lambda _: False)
    assert (declined.exit_code, job.sandbox.ledger()) == (4, [])


def test_a_plan_alone_cannot_be_undone(job: Job) -> None:
    planned = job.plan(("N-1", "New", ""))
    with pytest.raises(UsageError, match="wrote nothing"):
        undo(planned.record.run, job.options)


def test_an_unfinished_run_that_was_put_back_is_not_taken_up_again(job: Job) -> None:
    done = job.sync(("N-1", "New", ""))
    with job.state() as (state, _):
        state.update(done.record.run, RunState.STOPPED)
    assert undo(done.record.run, job.options).exit_code == 0
    assert job.runs()[done.record.run] is RunState.SUPERSEDED
