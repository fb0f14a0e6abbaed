"""report.json holds the whole run, and its counts agree with the plan."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

from hypothesis import given

from tests.report.builders import (
    LIKE,
    change,
    child,
    child_outcome,
    conflict,
    harmed,
    outcome,
    record,
    refused,
    reject,
    row,
    ship_to,
)
from tests.report.test_verdicts import runs
from wizsync.model import Breach, ChildKind, RunRecord
from wizsync.report import write_json

DOCUMENTED = Path(__file__).parents[2] / "docs" / "report-json.md"


def written(run: RunRecord, folder: Path) -> dict[str, Any]:
    path = folder / "report.json"
    write_json(run, path)
    found = json.loads(path.read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


FULL = record(
    change("update", "C-2"),
    change("create", "C-3", held_for=(LIKE,)),
    outcomes=(refused("C-2"),),
    rejects=(reject(row(7, "a", "b")),),
    conflicts=(conflict(),),
    absent=(("OLD", "Old Shop"),),
    breaches=(Breach("deletes", 2, 1, "Too many.", ("C-2",), "--allow deletes=2"),),
    warnings=("Mind this.",),
)


def test_a_change_with_its_fields_outcome_and_words(tmp_path):
    first, second = written(FULL, tmp_path)["changes"]
    assert first["rows"] == [{"number": 2, "line": 2, "place": ""}]
    assert first["fields"] == [
        {
            "field": "phone",
            "column": "Phone",
            "before": "555-0100",
            "after": "555-0199",
            "said": ['"Phone" was refused by WizCommerce: must be E.164.'],
        }
    ]
    assert first["outcome"]["words"] == [{"field": "phone", "reason": "must be E.164"}]
    assert (first["standing"], second["standing"]) == ("failed", "held")
    assert second["held_for"][0]["reference_id"] == "c-1001"
    assert second["outcome"] is None


def test_rejects_conflicts_absent_and_limits(tmp_path):
    found = written(FULL, tmp_path)
    assert found["rejects"][0]["rows"] == [
        {"number": 7, "line": 7, "cells": ["a", "b"], "place": ""}
    ]
    assert found["rejects"][0]["column"] == "Phone"
    assert found["conflicts"][0]["customer_ids"] == ["id-1", "id-2"]
    assert found["absent"] == [{"reference_id": "OLD", "name": "Old Shop"}]
    assert found["breaches"][0]["allow"] == "--allow deletes=2"
    assert found["warnings"] == ["Mind this."]


def test_the_account_is_named_without_what_its_key_could_be_guessed_from(tmp_path):
    found = written(FULL, tmp_path)
    assert set(found["account"]) == {"name", "target", "url"}
    account = FULL.plan.account
    assert account.salt not in json.dumps(found)
    assert account.fingerprint not in json.dumps(found)


def test_texts_come_back_as_they_were(tmp_path):
    texts = ["</script>", "\x00", "\u202e", "\ud800", "é\u2028", "\\ud800"]
    run = record(*(change("delete", f"C-{n}", name=text) for n, text in enumerate(texts)))
    assert [one["name"] for one in written(run, tmp_path)["changes"]] == texts


def test_long_lists_have_an_entry_a_line(tmp_path):
    written(record(*(change("update", f"C-{number}") for number in range(50))), tmp_path)
    lines = (tmp_path / "report.json").read_text().split("\n")
    entries = [line for line in lines if line.startswith("  ")]
    assert len(entries) == 50
    assert all(json.loads(line.rstrip(",")) for line in entries)


CHILDREN = record(
    change(children=(child(), child("add", "S-2"))),
    outcomes=(
        harmed(
            children=(child_outcome("failed", words=refused(about="zipCode").words, message="No"),)
        ),
    ),
    rejects=(reject(ship_to(), child=ChildKind.ADDRESSES),),
    childless={ChildKind.ADDRESSES: ("C-7", "C-8")},
)


def test_children_stand_under_their_change(tmp_path):
    found = written(CHILDREN, tmp_path)
    (one,) = found["changes"]
    first, second = one["children"]
    assert (first["kind"], first["action"], first["standing"]) == ("addresses", "change", "failed")
    assert first["fields"][0]["column"] == "Zip"
    assert first["fields"][0]["said"] == ['"Zip" was refused by WizCommerce: must be E.164.']
    assert first["rows"] == [{"number": 7, "line": 7, "place": "Ship-to"}]
    assert first["outcome"]["code"] == "refused"
    assert (second["outcome"], second["happened"][:9]) == (None, "Sent, and")
    assert [each["became"] for each in one["harm"]] == ["changed", "gone", "new"]
    assert found["rejects"][0]["child"] == "addresses"
    assert found["rejects"][0]["rows"][0]["place"] == "Ship-to"
    assert found["childless"] == [
        {"kind": "addresses", "reference_id": key} for key in ("C-7", "C-8")
    ]
    assert found["rules"]["blocks"][1]["place"] == "Ship-to"
    assert found["tables"]["Ship-to"][1] == "Ship-to No"


def test_every_key_is_documented(tmp_path):
    text = DOCUMENTED.read_text(encoding="utf-8")
    runs = [written(run, tmp_path) for run in (FULL, CHILDREN)]
    keys = {key for found in runs for key in (*found, *found["tally"], *found["rules"])}
    for found in runs:
        for name in ("changes", "rejects", "conflicts", "childless"):
            keys.update(key for entry in found[name] for key in entry)
        for one in found["changes"]:
            inner = (*one["children"], *one.get("harm", ()), *one["fields"], one["outcome"] or {})
            keys.update(key for entry in inner for key in entry)
    assert sorted(key for key in keys if f"`{key}`" not in text) == []


@given(runs())
def test_totals_equal_the_plan(tmp_path_factory, run):
    found = written(run, tmp_path_factory.mktemp("report"))
    lists = [*found["changes"], *found["conflicts"], *found["rejects"]]
    assert [entry["reference_id"] for entry in found["changes"]] == [
        one.reference_id for one in run.plan.changes
    ]
    assert found["standings"] == Counter(entry["standing"] for entry in lists)
    ended = Counter(entry["outcome"]["result"] for entry in found["changes"] if entry["outcome"])
    for result, number in found["outcomes"].items():
        if result != "pending":
            assert number == ended[result]
    assert found["tally"] == asdict(run.plan.tally)


def test_the_outcome_of_a_create_gives_its_new_id(tmp_path):
    run = record(change("create"), outcomes=(outcome("applied", "create", customer_id="new-1"),))
    assert written(run, tmp_path)["changes"][0]["customer_id"] == "new-1"
