"""A workbook with several sheets, made in an empty account and planned again: nothing is left to do."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import MakeOptions, StartSandbox
from tests.end_to_end.workbook import Job, write_job
from wizsync import pipeline
from wizsync.errors import Exit
from wizsync.model import Limit
from wizsync.pipeline import Finished, Options
from wizsync.sandbox import Sandbox


def job_for(sandbox: Sandbox, folder: Path, *, customers: int = 40) -> Job:
    def options(name: str) -> list[str]:
        return next(a["options"] for a in sandbox.lookup("attributes") if a["name"] == name)

    return write_job(
        folder,
        customers=customers,
        ship_tos=customers * 5 // 2,
        contacts=customers * 3 // 2,
        sectors=options("Industry"),
        windows=options("Delivery Window"),
        categories=options("Product Categories"),
    )


def sync(job: Job, options: Options) -> Finished:
    options = replace(options, allow={**options.allow, "empty_account": Limit(count=50)})
    return pipeline.sync(job.workbook, job.mapping, options, approve=lambda _: True)


def test_made_in_an_empty_account_then_nothing_is_left_to_do(
    dialect: str, start_sandbox: StartSandbox, make_options: MakeOptions, tmp_path: Path
) -> None:
    sandbox = start_sandbox(dialect=dialect)
    job, options = job_for(sandbox, tmp_path), make_options(sandbox)

    finished = sync(job, options)

    assert finished.record.plan.rejects == ()
    assert finished.exit_code is Exit.DONE
    customers = sandbox.customers()
    assert len(customers) == 40
    assert sum(len(c["addresses"]) for c in customers) == 32 + 100
    assert sum(len(c["contacts"]) for c in customers) == 60
    second = sandbox.customer("000002")
    assert second["price_list_id"] == "pl_keystone"
    assert second["sales_rep_ids"] == ["rep_02", "rep_03"]
    assert second["attributes"]["attr_revenue"] == 1000.5
    assert second["attributes"]["attr_key_account"] is False
    bill = next(a for a in second["addresses"] if a["reference_id"] == "000002-BILL")
    assert (bill["zip_code"], bill["state"], bill["country"]) == ("02108", "MA", "US")

    again = pipeline.plan(job.workbook, job.mapping, options)

    assert again.record.plan.changes == ()
    assert again.record.plan.tally.unchanged == 40


@pytest.mark.parametrize("in_lists", [False, True], ids=["endpoints", "lists"])
@pytest.mark.parametrize("children", ["merge", "replace"])
def test_one_address_of_three_costs_one_get_and_one_write_a_customer(
    children: str,
    in_lists: bool,
    dialect: str,
    start_sandbox: StartSandbox,
    make_options: MakeOptions,
    tmp_path: Path,
) -> None:
    sandbox = start_sandbox(dialect=dialect, assume=(f"children={children}",))
    options = make_options(sandbox)
    options = replace(
        options,
        connection=replace(options.connection, children_in_lists=in_lists),
        allow={"updates": Limit(share=1.0)},
    )
    job = job_for(sandbox, tmp_path, customers=50)
    sync(job, options)
    before = {c["id"]: c for c in sandbox.customers()}
    # Another street for the first ship-to of each customer.
    job.mapping.write_text(
        job.mapping.read_text(encoding="utf-8").replace(
            "    addressLine1: Street\n    city: City\n    state: State\n",
            '    addressLine1: {column: Street, transforms: [{regex: {pattern: "^(\\\\d|[1-4]\\\\d) ", '
            'replacement: "N\\\\1 "}}]}\n    city: City\n    state: State\n',
        ),
        encoding="utf-8",
    )
    made = pipeline.plan(job.workbook, job.mapping, options, output=tmp_path / "plan.jsonl")
    assert (made.record.plan.tally.update, made.record.plan.tally.children_change) == (50, 50)
    sandbox.reset()

    finished = pipeline.apply(tmp_path / "plan.jsonl", options, approve=lambda _: True)

    assert finished.exit_code is Exit.DONE
    requests = finished.record.requests
    # One more to see whether it is the plan's account, and after a first child's write to look again.
    assert requests.get == 50 + (1 if in_lists else 2)
    assert (requests.update, requests.child) == ((50, 0) if in_lists else (0, 50))
    for customer in sandbox.customers():
        was = {a["id"]: a for a in before[customer["id"]]["addresses"]}
        now = {a["id"]: a for a in customer["addresses"]}
        assert now.keys() == was.keys()
        changed = [a for a in now.values() if a["address_line_1"] != was[a["id"]]["address_line_1"]]
        assert len(changed) == 1
        for identifier, address in now.items():
            ignored = {"updated_at", *(["address_line_1"] if address in changed else [])}
            assert {k: v or "" for k, v in address.items() if k not in ignored} == {
                k: v or "" for k, v in was[identifier].items() if k not in ignored
            }
    assert pipeline.plan(job.workbook, job.mapping, options).record.plan.changes == ()


@pytest.mark.system
@pytest.mark.parametrize("extension", ["xlsx", "ods", "xls"])
def test_saved_again_by_a_spreadsheet_program_it_plans_nothing(
    extension: str, start_sandbox: StartSandbox, make_options: MakeOptions, tmp_path: Path
) -> None:
    sandbox = start_sandbox()
    job, options = job_for(sandbox, tmp_path), make_options(sandbox)
    sync(job, options)
    saved = tmp_path / "saved"
    subprocess.run(
        [
            *("soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/office"),
            *("--convert-to", extension, "--outdir", str(saved), str(job.workbook)),
        ],
        check=True,
        capture_output=True,
        timeout=110,
    )
    shutil.copy(job.contacts, saved)

    again = pipeline.plan(saved / f"customers.{extension}", job.mapping, options)

    assert again.record.plan.rejects == ()
    assert again.record.plan.changes == ()
    assert again.record.plan.tally.unchanged == 40
