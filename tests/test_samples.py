"""The sample files with their mappings: what they hold, and how they fit the sandbox's customers."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from wizsync.intake import read
from wizsync.mapping import load, to_desired
from wizsync.model import Desired
from wizsync.pipeline import plan
from wizsync.sandbox.seed import customers

ROOT = Path(__file__).resolve().parents[1]
STORED_UNDER = {
    "companyName": "name",
    "displayName": "display_name",
    "firstName": "first_name",
    "lastName": "last_name",
    "email": "email",
    "phone": "phone",
    "paymentTerm": "payment_term",
    "paymentMode": "payment_mode",
    "shippingMethod": "shipping_method",
}


def desired(name: str) -> Desired:
    mapping = load(ROOT / "mappings" / f"{name}.yaml")
    told = mapping.schema.source
    table = read(
        ROOT / "sample_data" / f"{name}.csv",
        encoding=told.encoding,
        delimiter=told.delimiter,
        header_row=told.header_row,
    )
    return to_desired(mapping, table)


@pytest.fixture(scope="module")
def seeded() -> dict[str, dict[str, object]]:
    return {each["reference_id"]: each for each in customers(40) if each["reference_id"]}


def changed_fields(wanted: Desired, seeded: dict[str, dict[str, object]]) -> dict[str, set[str]]:
    """For each customer that exists, the fields in which the file differs from the account."""
    changed = {}
    for index, key in enumerate(wanted.keys):
        if key in seeded:
            row = wanted.customers.iloc[index]
            changed[key] = {
                field
                for field, stored in STORED_UNDER.items()
                if pd.notna(row[field]) and row[field] != (seeded[key][stored] or "")
            }
    return changed


def test_the_customer_list_gives_what_the_demo_tells(seeded):
    wanted = desired("customers")
    assert len(wanted.table) == 41
    assert wanted.table.broken == ()
    assert wanted.table.source.notes == ()
    assert len(wanted) == 38
    assert (wanted.left_out, wanted.keys_unread) == (0, 0)
    assert [(r.code, r.key, r.column, r.rows[0].number) for r in wanted.rejects] == [
        ("bad_email", "C-10020", "E-mail", 18),
        ("unknown_value", "C-10031", "Terms", 26),
        ("bad_phone", "C-20009", "Phone", 42),
    ]
    changed = changed_fields(wanted, seeded)
    assert {key: fields for key, fields in changed.items() if fields} == {
        "C-10003": {"phone", "paymentTerm"},
        "C-10007": {"email"},
        "C-10011": {"paymentTerm"},
        "C-10016": {"shippingMethod"},
        "C-10022": {"lastName", "phone"},
        "C-10036": {"companyName", "displayName"},
    }
    assert len(changed) == 30
    assert [key for key in changed if seeded[key]["status"] != "active"] == ["C-10006"]
    assert len(set(wanted.keys) - set(seeded)) == 8


def test_the_erp_export_gives_what_its_mapping_says(seeded):
    wanted = desired("erp_export")
    assert len(wanted.table) == 56
    assert wanted.table.broken == ()
    assert len(wanted) == 44
    assert (wanted.left_out, wanted.keys_unread) == (5, 0)
    assert Counter(wanted.actions) == {"upsert": 38, "update": 2, "delete-listed": 2, "create": 2}
    assert [(r.code, r.key, r.column, [row.number for row in r.rows]) for r in wanted.rejects] == [
        ("unknown_value", "C-10021", "TERMS", [16]),
        ("bad_email", "C-30019", "EMAIL", [48]),
        ("bad_phone", "C-30020", "TEL", [49]),
        ("different_values", "C-30022", "TERMS", [51, 52]),
        ("bad_action", "C-30024", "ACTION", [55]),
    ]
    changed = changed_fields(wanted, seeded)
    assert {key: fields for key, fields in changed.items() if fields} == {
        "C-10002": {"paymentTerm"},
        "C-10008": {"phone"},
        "C-10012": {"shippingMethod"},
        "C-10015": {"firstName"},
        "C-10029": {"phone"},
        "C-10033": {"paymentTerm"},
    }
    assert set(wanted.keys[wanted.actions == "delete-listed"]) == {"C-10026", "C-10034"}
    company = dict(zip(wanted.keys, wanted.customers["companyName"], strict=True))
    assert company["C-30001"] == "Bäckerei Grünwald GmbH"
    assert company["C-10019"] == "Violet Stationers & Co"


def test_rows_of_one_customer_complete_each_other():
    wanted = desired("erp_export")
    index = list(wanted.keys).index("C-30023")
    assert wanted.customers.loc[index, ["firstName", "phone"]].tolist() == [
        "Océane",
        "+16045550195",
    ]
    assert [row.number for row in wanted.rows(index)] == [53, 54]


def test_the_workbook_gives_what_the_demo_tells(start_sandbox, make_options):
    record = _planned("customers.xlsx", "customers_workbook.yaml", start_sandbox, make_options)
    planned, tally = record.plan, record.plan.tally
    assert (tally.rows, tally.rejected, tally.left_out) == (100, 12, 1)
    assert (tally.create, tally.update, tally.unchanged) == (9, 9, 19)
    assert (tally.children_add, tally.children_change, tally.children_remove) == (1, 5, 0)
    assert [(reject.code, reject.column, reject.rows[0].where) for reject in planned.rejects] == [
        ("unknown_lookup", "Sales Rep", "row 16"),
        ("bad_email", "E-mail", "row 17"),
        ("unknown_option", "Sector", "row 18"),
        ("error_value", "Stores", "row 19"),
        *(("customer_rejected", None, f"Contacts, row {row}") for row in (11, 12, 13, 14)),
        ("child_required", "First Name", "Contacts, row 36"),
        ("customer_rejected", None, "Ship-to, row 7"),
        ("customer_not_in_file", "Customer No", "Ship-to, row 23"),
        ("child_required", "Street", "Ship-to, row 24"),
    ]
    assert not record.breaches


def test_the_fair_adds_its_people_and_takes_none(start_sandbox, make_options):
    planned = _planned("trade_fair.xls", "trade_fair.yaml", start_sandbox, make_options).plan
    assert (planned.tally.create, planned.tally.update) == (0, 8)
    assert (planned.tally.children_add, planned.tally.children_change) == (1, 8)
    assert {field.field for change in planned.changes for field in change.fields} == set()
    assert {
        field.field
        for change in planned.changes
        for child in change.children
        for field in child.fields
    } == {"referenceId", "firstName", "lastName", "email", "phone", "designation"}
    assert [(reject.code, reject.key) for reject in planned.rejects] == [
        ("not_in_account", "C-99998")
    ]


def _planned(file, mapping, start_sandbox, make_options):
    options = make_options(start_sandbox(customers=40))
    return plan(ROOT / "sample_data" / file, ROOT / "mappings" / mapping, options).record


@pytest.mark.parametrize("name", ["customers", "erp_export"])
def test_new_customers_look_like_nobody_there(name, seeded):
    wanted = desired(name)
    is_new = ~wanted.keys.isin(list(seeded))
    everybody = list(customers(40))
    for field in ("companyName", "email", "phone"):
        there = {each[STORED_UNDER[field]] for each in everybody}
        assert not there & set(wanted.customers.loc[is_new, field].dropna())
        assert wanted.customers.loc[is_new, field].dropna().is_unique


@pytest.mark.parametrize("name", ["customers", "erp_export"])
def test_the_form_of_a_sample_is_found_out_without_the_mapping(name):
    path = ROOT / "sample_data" / f"{name}.csv"
    source = read(path).source
    assert (source.encoding, source.delimiter) == {
        "customers": ("utf-8", ","),
        "erp_export": ("cp1252", ";"),
    }[name]
    assert read(path).cells.equals(desired(name).table.cells)
