"""Reports say names where the account keeps ids."""

from __future__ import annotations

from dataclasses import replace

from tests.report.builders import change, outcome, record
from wizsync.model import FieldChange
from wizsync.report import in_names

NAMES = {
    "assignedPriceListId": {"pl_1": "Retail", "pl_2": "Wholesale", "pl_3": "Wholesale", "pl_4": ""},
    "assignedSalesRepIds": {"rep_1": "ana@brand.example", "rep_2": "bo@brand.example"},
}


def told(field: str, before: str, after: str) -> tuple[str, str]:
    run = record(change("update", "C-1", FieldChange(field, before, after)))
    run = replace(run, plan=replace(run.plan, names=NAMES))
    (changed,) = in_names(run).plan.changes
    return changed.fields[0].before, changed.fields[0].after


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
    run = record(change("update", "C-1"), outcomes=(moved,))
    run = replace(run, plan=replace(run.plan, names=NAMES))
    assert in_names(run).outcomes[0].now == {"assignedPriceListId": "Retail", "phone": "pl_1"}
