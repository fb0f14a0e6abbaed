"""The `--json` object of every command, as `docs` publish it: the same keys, however it ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wizsync.model import Outcome, Requests, RunRecord, Tally
    from wizsync.pipeline import Finished
    from wizsync.report.verdict import Verdict
    from wizsync.run_files import Files

# Commands that are runs; the others have a `result` in place of a run's keys.
RUNS = frozenset({"plan", "apply", "sync", "resume", "undo"})

_SOURCE = ("rows", "customers", "rejected", "left_out")
_PLAN = (
    *("create", "update", "delete", "rename", "unchanged", "held", "erased", "absent"),
    *("skipped", "conflict", "children_add", "children_change", "children_remove", "children_held"),
    "update_held",
)
_FILES = ("plan", "report_html", "report_xlsx", "report_json", "rejected", "rejected_xlsx")


def blank(command: str) -> dict[str, Any]:
    """The keys of a command that was stopped before it had anything to tell."""
    if command not in RUNS:
        return {"command": None, "account": None, "target": None, "result": None}
    from wizsync.model import Requests, Tally  # noqa: PLC0415 - not for --help

    return _run_keys(None, Tally(), (), Requests(), {})


def of_run(finished: Finished) -> dict[str, Any]:
    """The keys of a run that came as far as a plan."""
    from wizsync.cli.explaining import reading_fields  # noqa: PLC0415 - heavy
    from wizsync.report import conflicts, verdicts  # noqa: PLC0415 - heavy

    record = finished.record
    files = paths(finished.files)
    keys = _run_keys(record, record.plan.tally, record.outcomes, record.requests, files)
    return keys | {
        "conflicts": [_conflict(one) for one in conflicts(verdicts(record))],
        "reading": reading_fields(finished.reading),
    }


def _conflict(verdict: Verdict) -> dict[str, Any]:
    """What was left alone, and each of its fields as it was planned and as it is now."""
    from wizsync.report import moved  # noqa: PLC0415 - heavy

    return {
        "reference_id": verdict.reference_id,
        "message": verdict.happened,
        "fields": [
            {
                "of": one.name,
                "field": one.cell.field,
                "column": one.cell.column,
                "planned_from": one.cell.before,
                "planned_to": one.cell.after,
                "now": one.cell.now,
            }
            for one in moved(verdict)
        ],
    }


def of_result(result: Any, account: str | None = None) -> dict[str, Any]:
    """The keys of a command that is no run."""
    return {"command": None, "account": account, "target": None, "result": result}


def paths(files: Files) -> dict[str, str | None]:
    """Where a run's files lie, absolute; None where there is none."""
    return {name: _absolute(path) for name, path in asdict(files).items()}


def _absolute(path: Path | None) -> str | None:
    return str(path.absolute()) if path is not None else None


def _run_keys(
    record: RunRecord | None,
    tally: Tally,
    outcomes: tuple[Outcome, ...],
    requests: Requests,
    files: Mapping[str, str | None],
) -> dict[str, Any]:
    from wizsync.model import Result  # noqa: PLC0415 - not for --help

    results = dict.fromkeys(Result, 0)
    for outcome in outcomes:
        results[outcome.result] += 1
    return {
        "run": record.run if record else None,
        "command": None,
        "account": record.plan.account.name if record else None,
        "target": None,
        "dialect": record.plan.dialect if record else None,
        "mode": record.plan.rules.mode.value if record else None,
        "source": {name: getattr(tally, name) for name in _SOURCE},
        "plan": {name: getattr(tally, name) for name in _PLAN},
        "outcome": {
            **{result.value: number for result, number in results.items()},
            "differs": sum(bool(outcome.differs) for outcome in outcomes),
        },
        "requests": asdict(requests),
        "conflicts": [],
        "reading": None,
        "files": {name: files.get(name) for name in _FILES},
    }
