"""Runs to report on, built with defaults."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from wizsync.model import (
    Account,
    Change,
    ChangeKind,
    Conflict,
    Ending,
    FieldChange,
    LookAlike,
    Outcome,
    Plan,
    Reject,
    Requests,
    Result,
    Rules,
    RunRecord,
    ServerWord,
    Source,
    SourceRow,
    Tally,
)

RUN = "2026-03-04_0200_customers"
COLUMNS = ("Cust No", "Company", "E-mail", "Phone", "Terms")
MAPPED = {
    "referenceId": "Cust No",
    "companyName": "Company",
    "displayName": "Company",
    "email": "E-mail",
    "phone": "Phone",
    "paymentTerm": "Terms",
    "freightTerm": "",
}
LIKE = LookAlike("id-7", "c-1001", "Blue Door", "the same code but for case")


def row(number: int = 2, *cells: str, line: int | None = None) -> SourceRow:
    cells = cells or (
        f"C-{number}",
        f"Company {number}",
        f"{number}@example.com",
        "555-0100",
        "N30",
    )
    return SourceRow(number, number if line is None else line, cells)


def field(name: str = "phone", before: str = "555-0100", after: str = "555-0199") -> FieldChange:
    return FieldChange(name, before, after)


def change(kind: str = "update", key: str = "C-2", *fields: FieldChange, **more: Any) -> Change:
    created = kind == "create"
    given = {
        "customer_id": None if created else f"id-{key}",
        "name": "Blue Door",
        "rows": (row(2),),
        "seen": {one.field: one.before for one in fields},
    } | more
    return Change(
        kind=ChangeKind(kind),
        reference_id=key,
        fields=fields or (field(before="" if created else "555-0100"),),
        **given,
    )


def outcome(
    result: str = "applied", kind: str = "update", key: str = "C-2", **more: Any
) -> Outcome:
    code = {"applied": "done", "failed": "refused"}.get(result, result)
    return Outcome(
        kind=ChangeKind(kind),
        reference_id=key,
        result=Result(result),
        **{"code": code, "customer_id": f"id-{key}"} | more,
    )


def refused(
    key: str = "C-2", word: str = "must be E.164", about: str = "phone", **more: Any
) -> Outcome:
    given = {"message": "Validation failed", "words": (ServerWord(about, word),)} | more
    return outcome("failed", key=key, **given)


def reject(*rows: SourceRow, **more: Any) -> Reject:
    given = {
        "code": "bad_phone",
        "message": '"Phone" is not a phone number',
        "hint": "Write it with its country code, such as +1 555 0100.",
        "column": "Phone",
        "value": "none",
        "key": "C-2",
    } | more
    return Reject(rows=rows or (row(),), **given)


def conflict(key: str = "C-9", *rows: SourceRow, message: str = "") -> Conflict:
    message = message or "2 customers of the account have this referenceId: id-1, id-2"
    return Conflict(key, ("id-1", "id-2"), message, rows or (row(9),))


def record(
    *changes: Change,
    outcomes: tuple[Outcome, ...] | None = None,
    rejects: tuple[Reject, ...] = (),
    conflicts: tuple[Conflict, ...] = (),
    absent: tuple[tuple[str, str], ...] = (),
    ending: str = "finished",
    columns: tuple[str, ...] = COLUMNS,
    mapped: dict[str, str] | None = None,
    source: dict[str, Any] | None = None,
    notes: tuple[str, ...] = (),
    tally: dict[str, Any] | None = None,
    **more: Any,
) -> RunRecord:
    """A run; where no outcomes are given, a finished one applied every change."""
    if outcomes is None:
        finished = changes if ending == "finished" else ()
        outcomes = tuple(outcome("applied", c.kind.value, c.reference_id) for c in finished)
    plan = Plan(
        created="2026-03-04T02:00:00+00:00",
        account=Account("https://api.example.com/v1", "5a17", "f1e2d3c4b5a6978877", "production"),
        dialect="camel",
        source=replace(
            Source("exports/customers.csv", "d1", encoding="utf-8", delimiter=","), **source or {}
        ),
        columns=columns,
        rules=Rules(columns=MAPPED if mapped is None else mapped, mapping_name="customers.yaml"),
        changes=changes,
        rejects=rejects,
        conflicts=conflicts,
        absent=absent,
        tally=replace(tally_of(changes, rejects, conflicts, absent), **tally or {}),
        notes=notes,
    )
    given = {
        "run": RUN,
        "command": "plan" if ending == "dry_run" else "sync",
        "started": "2026-03-04T02:00:00+00:00",
        "seconds": 12.4,
        "requests": Requests(list=3),
    } | more
    return RunRecord(plan=plan, outcomes=outcomes, ending=Ending(ending), **given)


def tally_of(
    changes: tuple[Change, ...],
    rejects: tuple[Reject, ...],
    conflicts: tuple[Conflict, ...],
    absent: tuple[tuple[str, str], ...],
) -> Tally:
    kinds = Counter("held" if one.held_for else one.kind.value for one in changes)
    rejected = len({row.number for reject in rejects for row in reject.rows})
    return Tally(
        rows=len(changes) + rejected,
        customers=len(changes) + len(conflicts),
        rejected=rejected,
        conflict=len(conflicts),
        absent=len(absent),
        **kinds,
    )
