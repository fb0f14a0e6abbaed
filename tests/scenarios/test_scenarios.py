"""Scenario folders: a file, a mapping and an account before; what must come of them.

A folder holds `input.csv` (and files that the mapping names besides), `mapping.yaml`, `before.json` (the
account's customers, in stored snake names), optionally `options.json` (`mode`, `allow`, `assume`, and
`in_lists`: children go in their customer's update), and `expected.json`, which
`pytest tests/scenarios --update-scenarios` writes anew: read the difference before committing it. A folder
with `shipped` in its options takes a ready mapping with its sample in place of files of its own.
Every folder runs in both dialects, with the same result.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import MakeOptions, StartSandbox
from wizsync import pipeline
from wizsync.errors import WizsyncError
from wizsync.model import ChildChange, Limit, SourceRow
from wizsync.sandbox import Sandbox

ROOT = Path(__file__).parents[2]
FOLDERS = sorted(path.parent for path in Path(__file__).parent.glob("*/expected.json"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_scenario(
    folder: Path,
    dialect: str,
    start_sandbox: StartSandbox,
    make_options: MakeOptions,
    request: pytest.FixtureRequest,
) -> None:
    wanted = _json(folder / "options.json", {})
    sandbox = start_sandbox(dialect=dialect, assume=tuple(wanted.get("assume", ())))
    for customer in _json(folder / "before.json", []):
        sandbox.add(**customer)
    options = make_options(
        sandbox,
        mode=wanted.get("mode"),
        allow={name: Limit(**limit) for name, limit in wanted.get("allow", {}).items()},
    )
    in_lists = wanted.get("in_lists", False)
    options = replace(options, connection=replace(options.connection, children_in_lists=in_lists))
    files = _files(folder, wanted.get("shipped"))
    first = _told(*files, options)
    told = {
        "run": first,
        "account": sorted(map(_customer, sandbox.customers()), key=_name_of),
        "writes": _writes(sandbox),
        "again": _told(*files, options),
    }
    golden = folder / "expected.json"
    if request.config.getoption("--update-scenarios"):
        golden.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert told == _json(golden, None)


def _files(folder: Path, shipped: str | None) -> tuple[Path, Path]:
    """The customers' file and the mapping."""
    if shipped is None:
        return folder / "input.csv", folder / "mapping.yaml"
    return ROOT / "sample_data" / f"{shipped}.csv", ROOT / "mappings" / f"{shipped}.yaml"


def _told(file: Path, mapping: Path, options: pipeline.Options) -> dict[str, Any]:
    """What a run says, without what differs between runs and dialects."""
    try:
        finished = pipeline.sync(file, mapping, options, approve=lambda _: True)
    except WizsyncError as error:
        return {"exit_code": int(error.exit_code), "reason": error.reason, "says": error.message}
    plan, outcomes = finished.record.plan, finished.record.outcomes
    tally = plan.tally
    childless = {kind: list(keys) for kind, keys in plan.childless.items()}
    counts = {
        name: getattr(tally, name)
        for name in tally.__slots__
        if isinstance(getattr(tally, name), int) and getattr(tally, name)
    }
    return {
        "exit_code": int(finished.exit_code),
        "says": finished.error.message if finished.error else None,
        "tally": counts,
        "changes": [
            {
                "kind": change.kind.value,
                "key": change.reference_id,
                "rows": [row.number for row in change.rows],
                "fields": {f.field: [f.before, f.after] for f in change.fields},
                **({"looks_like": [o.why for o in change.held_for]} if change.held_for else {}),
                **(
                    {"children": [_child(one) for one in change.children]}
                    if change.children
                    else {}
                ),
            }
            for change in plan.changes
        ],
        "rejects": [
            {
                "code": reject.code,
                "rows": [_row(row) for row in reject.rows],
                "column": reject.column,
                "key": reject.key,
                **({"child": reject.child.value} if reject.child else {}),
            }
            for reject in plan.rejects
        ],
        "conflicts": [conflict.reference_id for conflict in plan.conflicts],
        "absent": [key for key, _ in plan.absent],
        "outcomes": {o.reference_id: f"{o.result.value}: {o.code}" for o in outcomes},
        **({"childless": {k.value: v for k, v in childless.items()}} if childless else {}),
    }


def _child(change: ChildChange) -> dict[str, Any]:
    return {
        "kind": change.kind.value,
        "action": change.action.value,
        "key": change.reference_id,
        "rows": [_row(row) for row in change.rows],
        "fields": {f.field: [f.before, f.after] for f in change.fields},
        **({"moved": change.moved} if change.moved else {}),
    }


def _row(row: SourceRow) -> int | str:
    return row.where if row.place else row.number


def _customer(customer: dict[str, Any]) -> dict[str, Any]:
    """What of a stored customer does not depend on when the test ran."""
    of_its_time = ("id", "customer_id", "created_at", "updated_at", "display_id")
    return {
        name: [_customer(one) for one in value] if name in ("addresses", "contacts") else value
        for name, value in customer.items()
        if name not in of_its_time and value not in ("", None, [], {})
    }


def _name_of(customer: dict[str, Any]) -> tuple[str, str]:
    """What to sort customers by: several are created at once, so their order is chance."""
    return customer.get("reference_id", ""), customer.get("name", "")


def _writes(sandbox: Sandbox) -> dict[str, int]:
    return {
        name: number
        for name, number in sandbox.counts()["operations"].items()
        if name in ("create", "update", "delete", "child") and number
    }


def _json(path: Path, otherwise: Any) -> Any:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else otherwise
