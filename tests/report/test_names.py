"""Reports say names where the account keeps ids."""

from __future__ import annotations

from dataclasses import replace

from tests.report.builders import change, outcome, record
from wizsync.model import FieldChange
from wizsync.report import verdicts

NAMES = {
    "assignedPriceListId": {"pl_1": "Retail", "pl_2": "Wholesale", "pl_3": "Wholesale", "pl_4": ""},
    "assignedSalesRepIds": {"rep_1": "ana@brand.example", "rep_2": "bo@brand.example"},
}


def told(field: str, before: str, after: str) -> tuple[str, str]:
    run = record(change("update", "C-1", FieldChange(field, before, after)))
    run = replace(run, plan=replace(run.plan, names=NAMES))
    cell = verdicts(run, in_names=True).of_change(run.plan.changes[0]).cells[0]
    return cell.before, cell.after


def test_an_id_is_told_by_its_name():
    assert told("assignedPriceListId", "pl_1", "") == ("Retail", "")


def test_lists_of_one_name_have_their_ids_beside_them():
    assert told("assignedPriceListId", "pl_2", "pl_3") == ("Wholesale (pl_2)", "Wholesale (pl_3)")


def test_an_id_that_nobody_named_stays():
    assert told("assignedPriceListId", "pl_4", "pl_9") == ("pl_4", "pl_9")


def test_each_of_several_ids_has_its_name():
    assert told("assignedSalesRepIds", "rep_1", "rep_2\nrep_1") == (
        "ana@brand.example",
        "bo@brand.example\nana@brand.example",
    )


def test_other_fields_that_hold_the_same_text_stay():
    assert told("displayId", "pl_1", "rep_1") == ("pl_1", "rep_1")


def test_what_the_account_holds_at_a_conflict_is_named_too():
    now = {"assignedPriceListId": "pl_1", "phone": "pl_1"}
    moved = outcome("conflict", key="C-1", now=now)
    fields = (FieldChange("assignedPriceListId", "", "pl_2"), FieldChange("phone", "", "pl_2"))
    run = record(change("update", "C-1", *fields), outcomes=(moved,))
    run = replace(run, plan=replace(run.plan, names=NAMES))
    verdict = verdicts(run, in_names=True).of_change(run.plan.changes[0])
    assert [cell.now for cell in verdict.cells] == ["Retail", "pl_1"]


def test_an_id_that_stayed_as_it_was_is_no_move():
    seen = {"assignedPriceListId": "pl_1", "phone": "1"}
    one = change("delete", "C-1", FieldChange("phone", "1", ""), seen=seen)
    moved = outcome("conflict", "delete", "C-1", now=seen | {"phone": "2"})
    run = record(one, outcomes=(moved,))
    run = replace(run, plan=replace(run.plan, names=NAMES))
    verdict = verdicts(run, in_names=True).of_change(run.plan.changes[0])
    assert [cell.field for cell in verdict.cells] == ["phone"]


def test_without_being_asked_for_names_ids_stay():
    run = record(change("update", "C-1", FieldChange("assignedPriceListId", "pl_1", "pl_2")))
    run = replace(run, plan=replace(run.plan, names=NAMES))
    assert verdicts(run).of_change(run.plan.changes[0]).cells[0].before == "pl_1"
