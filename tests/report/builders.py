"""Runs to report on, built with defaults."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from wizsync.model import (
    Account,
    Block,
    Change,
    ChangeKind,
    ChildAction,
    ChildChange,
    ChildKind,
    ChildOutcome,
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
    with_children,
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
BLOCKS = (
    Block(
        ChildKind.ADDRESSES,
        "",
        {"addressLine1": "Street", "city": "City", "zipCode": "Zip", "type": ""},
    ),
    Block(
        ChildKind.ADDRESSES,
        "Ship-to",
        {"referenceId": "Ship-to No", "addressLine1": "Street", "city": "Town", "zipCode": "Zip"},
    ),
    Block(
        ChildKind.CONTACTS,
        "contacts.csv",
        {"referenceId": "No", "firstName": "Given name", "email": "Mail", "phone": "Phone"},
    ),
)
TABLES = {
    "Ship-to": ("Cust No", "Ship-to No", "Street", "Town", "Zip"),
    "contacts.csv": ("Cust No", "No", "Given name", "Mail", "Phone"),
}
LIKE = LookAlike("id-7", "c-1001", "Blue Door", "the same code but for case")


def row(number: int = 2, *cells: str, line: int | None = None, place: str = "") -> SourceRow:
    cells = cells or (
        f"C-{number}",
        f"Company {number}",
        f"{number}@example.com",
        "555-0100",
        "N30",
    )
    return SourceRow(number, number if line is None else line, cells, place)


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
        fields=fields
        if fields or given.get("children")
        else (field(before="" if created else "555-0100"),),
        **given,
    )


def ship_to(number: int = 7, *cells: str) -> SourceRow:
    """A row of the sheet of ship-to addresses."""
    cells = cells or ("C-2", f"S-{number}", f"{number} Main St", "Austin", "78701")
    return row(number, *cells, place="Ship-to")


def child(
    action: str = "change", key: str = "S-1", *fields: FieldChange, **more: Any
) -> ChildChange:
    """An address of the sheet Ship-to; with `kind="contacts"` a contact."""
    kind = ChildKind(more.pop("kind", "addresses"))
    name, text = (
        ("zipCode", "78701") if kind is ChildKind.ADDRESSES else ("email", "jane@example.com")
    )
    before, after = ("" if action == "add" else f"0{text}"), ("" if action == "remove" else text)
    removed = action == "remove"
    given = {
        "child_id": None if action == "add" else f"id-{key}",
        "name": "12 Main St, Austin" if kind is ChildKind.ADDRESSES else "Jane Doe",
        "rows": () if removed else (ship_to(),),
        "block": None if removed else 1 if kind is ChildKind.ADDRESSES else 2,
    } | more
    return ChildChange(
        kind,
        ChildAction(action),
        reference_id=key,
        fields=fields or (field(name, before, after),),
        **given,
    )


def child_outcome(
    result: str = "applied", key: str = "S-1", kind: str = "addresses", **more: Any
) -> ChildOutcome:
    code = {"applied": "done", "failed": "refused", "skipped": "held"}.get(result, result)
    return ChildOutcome(
        ChildKind(kind),
        key,
        result=Result(result),
        **{"code": code, "child_id": f"id-{key}"} | more,
    )


def having(kind: str = "addresses", **children: dict[str, str]) -> dict[str, str]:
    """A customer's children of a kind as fields, by their ids."""
    fields: dict[str, str] = {}
    with_children(fields, ChildKind(kind), children)
    return fields


def harmed(key: str = "C-2", **more: Any) -> Outcome:
    """A write after which one of two siblings was gone and the other doubled."""
    one = {"addressLine1": "12 Main St", "city": "Austin", "zipCode": "78701", "status": "active"}
    other = {"addressLine1": "9 Oak Ave", "city": "Dallas", "zipCode": "75001", "status": "active"}
    given = {
        "code": "child_harm",
        "message": "WizCommerce did something else than was asked. The address 9 Oak Ave is gone.",
        "before": having(a1=one, a2=other),
        "now": having(a1=one | {"zipCode": "78702"}, a3=one),
    } | more
    return outcome("failed", key=key, **given)


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
    blocks: tuple[Block, ...] | None = None,
    childless: dict[ChildKind, tuple[str, ...]] | None = None,
    **more: Any,
) -> RunRecord:
    """A run; where no outcomes are given, a finished one applied every change.

    It has blocks of children, and the tables they come from, where a change has children.
    """
    if blocks is None:
        blocks = BLOCKS if childless or any(one.children for one in changes) else ()
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
        rules=Rules(
            columns=MAPPED if mapped is None else mapped,
            mapping_name="customers.yaml",
            blocks=blocks,
        ),
        changes=changes,
        rejects=rejects,
        conflicts=conflicts,
        absent=absent,
        tally=replace(tally_of(changes, rejects, conflicts, absent), **tally or {}),
        notes=notes,
        childless=childless or {},
        tables=TABLES if blocks else {},
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
    rejected = len({(row.place, row.number) for reject in rejects for row in reject.rows})
    actions = Counter(
        "held" if child.moved else child.action.value
        for one in changes
        if one.kind is not ChangeKind.CREATE
        for child in one.children
    )
    return Tally(
        rows=len(changes) + rejected,
        customers=len(changes) + len(conflicts),
        rejected=rejected,
        conflict=len(conflicts),
        absent=len(absent),
        children_add=actions["add"],
        children_change=actions["change"],
        children_remove=actions["remove"],
        children_held=actions["held"],
        **kinds,
    )
