"""The page's own words, and what makes it safe to open, seen in its text."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.report.builders import (
    LIKE,
    change,
    child,
    child_outcome,
    conflict,
    field,
    outcome,
    record,
    refused,
    reject,
    row,
    ship_to,
)
from wizsync.model import Breach, ChildKind, RunRecord
from wizsync.report import verdicts, write_html
from wizsync.report.embedded import script_json
from wizsync.report.reading_order import in_reading_order

SCRIPT = re.compile(r'<script type="application/json"([^>]*)>(.*?)</script>', re.DOTALL)


def written(run: RunRecord, folder: Path) -> str:
    path = folder / "report.html"
    write_html(run, path)
    return path.read_text(encoding="utf-8")


def words(text: str) -> str:
    """What a person reads of the page's head and sections, on one line."""
    body = re.sub(r"<(script|style|noscript)\b.*?</\1>", "", text, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", " ", body).split())


def test_it_says_what_was_asked_planned_and_done(tmp_path):
    run = record(
        change("create"),
        change("update", "C-3"),
        outcomes=(outcome("applied", "create"), refused("C-3")),
        source={"encoding": "cp1252", "delimiter": ";", "notes": ("Read as cp1252.",)},
        warnings=("Mind this.",),
        tally={"unchanged": 4000, "in_scope": 5000},
    )
    text = words(written(run, tmp_path))
    for part in (
        "Done: 1 customer created. 1 change was refused by WizCommerce.",
        "cp1252, cells separated by semicolons",
        "Read as cp1252.",
        "customers.yaml",
        "production https://api.example.com/v1, camel dialect",
        "upsert: create customers that are missing, update those that exist",
        "4 March 2026, 02:00 UTC, took 12 s requests: 3 list",
        "5,000 customers of the account in scope",
        "1 to create",
        "4,000 unchanged",
        "0 to delete",
        "1 applied",
        "1 failed",
        "Mind this.",
    ):
        assert part in text


def test_a_dry_run_cannot_be_overlooked(tmp_path):
    text = written(record(change(), ending="dry_run"), tmp_path)
    assert re.search("<title>Dry run: nothing was written · customers.csv", text)
    assert '<body class="dry_run">' in text
    assert words(text).count("Dry run: nothing was written") >= 3
    assert "This plan would update 1 customer." in text
    assert "1 applied" not in words(text)


def test_a_limit_that_refused_gives_what_lets_it_through(tmp_path):
    breach = Breach(
        "deletes", 42, 10, "42 would be deleted; allowed are 10.", ("C-9",), "--allow deletes=42"
    )
    text = words(written(record(change("delete"), ending="refused", breaches=(breach,)), tmp_path))
    assert "deletes: 42, allowed 10" in text
    assert "To let it through: --allow deletes=42" in text


def test_nothing_in_the_page_reaches_outside_of_it(tmp_path):
    text = written(record(change()), tmp_path)
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    assert policy is not None
    assert policy[1].startswith("default-src &#39;none&#39;; style-src &#39;sha256-")
    assert "unsafe" not in policy[1]
    tags = re.findall(r"<[a-z][^>]*>", re.sub(SCRIPT, "", text))
    assert not [
        tag for tag in tags if re.search(r"\b(src|action|srcset|on[a-z]+)=|href=\"(?!#)", tag)
    ]
    assert "@import" not in text
    assert "url(" not in text


def test_without_scripts_the_first_customers_and_rejects_can_be_read(tmp_path):
    run = record(
        *(change("update", f"C-{number}") for number in range(1_001)), rejects=(reject(row(7)),)
    )
    (static,) = re.findall(r"<noscript>(.*)</noscript>", written(run, tmp_path), re.DOTALL)
    assert static.count('<th scope="row">') == 1_000
    assert "<bdi>555-0100</bdi>" in static
    assert "<td>row 7</td>" in static


def test_without_scripts_children_can_be_read(tmp_path):
    run = record(change(children=(child("add", "S-1"),)), rejects=(reject(ship_to(9)),))
    (static,) = re.findall(r"<noscript>(.*)</noscript>", written(run, tmp_path), re.DOTALL)
    assert "<bdi>12 Main St, Austin</bdi>: Add this address. Added." in static
    assert "<td>Zip</td>" in static
    assert "<td>Ship-to, row 9</td>" in static


def test_children_are_counted_and_customers_left_as_they_are_listed(tmp_path):
    children = (child("add", "S-8"), child(), child("remove", "S-9"), child("add", moved="C-5"))
    run = record(
        change(children=children),
        rejects=(reject(ship_to(9)),),
        childless={ChildKind.ADDRESSES: ("C-7", "C-8")},
        ending="dry_run",
    )
    page = written(run, tmp_path)
    text = words(page)
    for part in (
        "1 to add addresses and contacts of existing customers",
        "1 to change addresses",
        "1 to remove addresses",
        "1 moves held addresses",
        "1 row of Ship-to",
        "2 customers of the file without a row in Ship-to: they keep their addresses",
        "rejected.xlsx",
    ):
        assert part in text
    assert '<option value="children remove">… to remove (1)</option>' in page
    held = child_outcome("skipped", child_id=None)
    run = record(*run.plan.changes, outcomes=(outcome(children=(held,)),))
    done = words(written(run, tmp_path))
    assert "1 added addresses and contacts of existing customers" in done
    assert "1 not done addresses and contacts, each marked below" in done
    assert "None to add" not in words(written(record(change()), tmp_path))


def test_a_customer_with_an_open_child_comes_before_those_that_are_done():
    held = child_outcome("skipped", child_id=None)
    run = record(
        change("update", "done", rows=(row(2),)),
        change("update", "open", field(), children=(child("add", moved="C-5"),), rows=(row(9),)),
        outcomes=(outcome(key="done"), outcome(key="open", children=(held,))),
    )
    order = in_reading_order(verdicts(run), run.plan.changes)
    assert [one.reference_id for one in order] == ["open", "done"]


def test_those_that_need_a_person_come_first_then_deletes_then_the_files_order():
    run = record(
        change("update", "late", rows=(row(9),)),
        change("update", "early", rows=(row(3),)),
        change("delete", "gone", rows=()),
        change("update", "bad", rows=(row(8),)),
        change("create", "held", rows=(row(5),), held_for=(LIKE,)),
        outcomes=(
            outcome(key="late"),
            outcome(key="early"),
            outcome("applied", "delete", "gone"),
            refused("bad"),
        ),
        conflicts=(conflict("torn"),),
    )
    order = in_reading_order(verdicts(run), [*run.plan.changes, *run.plan.conflicts])
    assert [one.reference_id for one in order] == ["bad", "torn", "held", "gone", "early", "late"]


def test_every_customer_and_reject_lies_in_the_page_once(tmp_path):
    run = record(
        *(change("update", f"C-{number}") for number in range(4_100)),
        rejects=tuple(reject(row(number)) for number in range(2_100)),
        conflicts=(conflict("torn"),),
        absent=tuple((f"A-{number}", "") for number in range(2_050)),
    )
    found: dict[str, list[object]] = {}
    for attributes, text in SCRIPT.findall(written(run, tmp_path)):
        data = json.loads(text)
        name = re.sub(r'.*(?:class|id)="([^"]*)".*', r"\1", attributes)
        found.setdefault(name, []).extend(data["customers"] if name == "customers" else data)
    assert len({entry[2] for entry in found["customers"]}) == len(found["customers"]) == 4_101
    assert len(found["reason-rows"]) == 2_100
    assert len(found["absent-customers"]) == 2_050


@given(st.text() | st.sampled_from(["</script>", "<!--<script>", "]]>", "\u2028\u2029", "\ud800"]))
def test_no_text_can_end_the_data(text):
    data = script_json([text])
    assert not set(data) & set("<>&\u2028\u2029")
    assert json.loads(data) == [text]


@pytest.mark.parametrize("text", ["\u202eevil", "nul\x00", "\ud800", "zero\u200bwidth", "\ufeff"])
def test_what_cannot_be_seen_is_made_visible(tmp_path, text):
    page = written(record(change("update", "C-2", field()), warnings=(text,)), tmp_path)
    hidden = next(one for one in text if not one.isascii() or one == "\x00")
    assert f"[U+{ord(hidden):04X}]" in words(page)
    assert hidden not in re.sub(SCRIPT, "", page)


def test_one_of_anything_is_told_as_one(tmp_path):
    text = words(written(record(change(), rejects=(reject(row(3)),), tally={"rows": 1}), tmp_path))
    assert "1 row, 1 usable customer " in text
    assert "1 change in the plan" in text
    assert "1 row could not be used, for 1 reason. It lies, with its reason, in" in text
    text = words(written(record(change(), change(key="C-3")), tmp_path))
    assert "2 rows, 2 usable customers " in text
    assert "2 changes in the plan" in text
