"""report.json: the whole run for programs; docs/report-json.md tells its keys."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from wizsync.atomic import replacing_text
from wizsync.model import (
    Change,
    ChildOutcome,
    Conflict,
    Outcome,
    Reject,
    Rules,
    RunRecord,
    SourceRow,
)
from wizsync.report.before_and_after import Beside
from wizsync.report.headline import headline
from wizsync.report.verdicts import Cell, ChildVerdict, Verdict, Verdicts, verdicts

FORMAT = "wizsync-report"
VERSION = 1


def write_json(record: RunRecord, path: Path) -> None:
    """Write report.json: one object, its long lists with an entry a line, however many there are.

    Args:
        record: The run.
        path: The file to write.

    Raises:
        MachineError: The disk is full, or the file cannot be written.
        UsageError: The path goes through something that is no folder.
    """
    judged = verdicts(record)
    plan = record.plan
    lists: dict[str, Iterable[Any]] = {
        "changes": (_change(change, judged.of_change(change)) for change in plan.changes),
        "conflicts": (_conflict(one, judged.of_conflict(one)) for one in plan.conflicts),
        "rejects": (_reject(reject, judged.of_reject(reject)) for reject in plan.rejects),
        "absent": ({"reference_id": key, "name": name} for key, name in plan.absent),
        "childless": (
            {"kind": kind.value, "reference_id": key}
            for kind, keys in plan.childless.items()
            for key in keys
        ),
    }
    with replacing_text(path) as file:
        file.write("{")
        for key, value in _summary(record, judged).items():
            file.write(f"\n{_text(key)}: {_text(value)},")
        for number, (key, entries) in enumerate(lists.items()):
            file.write(f"{',' if number else ''}\n{_text(key)}: [")
            file.writelines(_lines(entries))
            file.write("\n]")
        file.write("\n}\n")


def _lines(entries: Iterable[Any]) -> Iterator[str]:
    for number, entry in enumerate(entries):
        yield f"{',' if number else ''}\n  {_text(entry)}"


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _summary(record: RunRecord, judged: Verdicts) -> dict[str, Any]:
    plan = record.plan
    told = headline(judged)
    return {
        "format": FORMAT,
        "version": VERSION,
        "run": record.run,
        "command": record.command,
        "started": record.started,
        "seconds": record.seconds,
        "ending": record.ending.value,
        "headline": told.text,
        "next": list(told.steps),
        "error": record.error,
        "account": {
            "name": plan.account.name,
            "target": plan.account.target,
            "url": plan.account.url,
        },
        "dialect": plan.dialect,
        "source": {**asdict(plan.source), "columns": plan.columns},
        "tables": {place: list(columns) for place, columns in plan.tables.items()},
        "counts": dict(plan.counts),
        "rules": _rules(plan.rules),
        "planned": plan.created,
        "tally": asdict(plan.tally),
        "outcomes": {result.value: number for result, number in judged.results.items()},
        "standings": {standing.value: number for standing, number in judged.standings.items()},
        "requests": asdict(record.requests),
        "breaches": [asdict(breach) for breach in record.breaches],
        "notes": list(plan.notes),
        "warnings": list(record.warnings),
    }


def _rules(rules: Rules) -> dict[str, Any]:
    scope, compare = rules.scope, rules.compare
    return {
        "mapping": rules.mapping_name,
        "digest": rules.mapping_digest,
        "mode": rules.mode.value,
        "absent": {"policy": rules.absent.policy.value, "values": dict(rules.absent.values)},
        "scope": {
            "prefix": scope.prefix,
            "regex": scope.regex,
            "keys": None if scope.keys is None else sorted(scope.keys),
        },
        "compare": {
            "ignore": sorted(compare.ignore),
            "casefold": sorted(compare.casefold),
            "equal": dict(compare.equal),
        },
        "limits": {name: asdict(limit) for name, limit in rules.limits.items()},
        "columns": dict(rules.columns),
        "write": {field: write.value for field, write in rules.write.items()},
        "blocks": [
            {
                "kind": block.kind.value,
                "place": block.place,
                "columns": dict(block.columns),
                "write": {field: write.value for field, write in block.write.items()},
            }
            for block in rules.blocks
        ],
    }


def _change(change: Change, verdict: Verdict) -> dict[str, Any]:
    return {
        "kind": change.kind.value,
        "reference_id": change.reference_id,
        "customer_id": (verdict.outcome and verdict.outcome.customer_id) or change.customer_id,
        "name": change.name,
        "absent": change.absent,
        "rows": [_place(row) for row in change.rows],
        "fields": [_cell(cell) for cell in verdict.cells],
        "held_for": [asdict(look_alike) for look_alike in change.held_for],
        "outcome": _outcome(verdict.outcome) if verdict.outcome else None,
        "children": [_child(child) for child in verdict.children],
        **({"harm": [_beside(one) for one in verdict.harm]} if verdict.harm else {}),
        **_told(verdict),
    }


def _child(verdict: ChildVerdict) -> dict[str, Any]:
    child, outcome = verdict.of, verdict.outcome
    return {
        "kind": child.kind.value,
        "action": child.action.value,
        "reference_id": child.reference_id,
        "child_id": (outcome and outcome.child_id) or child.child_id,
        "name": verdict.name,
        "moved": child.moved,
        "rows": [_place(row) for row in verdict.rows],
        "fields": [_cell(cell) for cell in verdict.cells],
        "outcome": _child_outcome(outcome) if outcome else None,
        "standing": verdict.standing.value,
        "meant": verdict.meant,
        "happened": verdict.happened,
        "said": list(verdict.said),
    }


def _child_outcome(outcome: ChildOutcome) -> dict[str, Any]:
    return {
        "result": outcome.result.value,
        "code": outcome.code,
        "message": outcome.message,
        "words": [asdict(word) for word in outcome.words],
        "differs": dict(outcome.differs),
    }


def _beside(one: Beside) -> dict[str, Any]:
    return {
        "kind": one.kind.value,
        "child_id": one.child_id,
        "name": one.name,
        "became": one.became.value,
        "fields": [_cell(cell) for cell in one.cells],
    }


def _cell(cell: Cell) -> dict[str, Any]:
    """A field's values; what only few have is left out of the others."""
    found: dict[str, Any] = {
        "field": cell.field,
        "column": cell.column,
        "before": cell.before,
        "after": cell.after,
    }
    few = {"now": cell.now, "kept": cell.kept, "said": cell.said or None}
    return found | {key: value for key, value in few.items() if value is not None}


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        "result": outcome.result.value,
        "code": outcome.code,
        "message": outcome.message,
        "words": [asdict(word) for word in outcome.words],
        "now": dict(outcome.now),
        "differs": dict(outcome.differs),
        "before": dict(outcome.before),
    }


def _conflict(conflict: Conflict, verdict: Verdict) -> dict[str, Any]:
    return {
        "reference_id": conflict.reference_id,
        "customer_ids": conflict.customer_ids,
        "message": conflict.message,
        "rows": [_row(row) for row in conflict.rows],
        **_told(verdict),
    }


def _reject(reject: Reject, verdict: Verdict) -> dict[str, Any]:
    return {
        "code": reject.code,
        "message": reject.message,
        "hint": reject.hint,
        "reference_id": reject.key,
        "column": reject.column,
        "value": reject.value,
        "child": reject.child.value if reject.child else None,
        "rows": [_row(row) for row in reject.rows],
        **_told(verdict),
    }


def _told(verdict: Verdict) -> dict[str, Any]:
    """The verdict in words."""
    return {
        "standing": verdict.standing.value,
        "meant": verdict.meant,
        "happened": verdict.happened,
        "to_do": verdict.to_do,
        "said": list(verdict.said),
    }


def _row(row: SourceRow) -> dict[str, Any]:
    return {"number": row.number, "line": row.line, "cells": row.cells, "place": row.place}


def _place(row: SourceRow) -> dict[str, int | str]:
    return {"number": row.number, "line": row.line, "place": row.place}
