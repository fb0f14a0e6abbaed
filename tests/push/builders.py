"""Changes, steps, and an executor at work: what a test does not say is the plainest thing that works."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.observed.builders import Server, reading
from wizsync.api.spelling import camel
from wizsync.model import (
    CHILD_FIELDS,
    Change,
    ChangeKind,
    ChildAction,
    ChildChange,
    ChildKind,
    Compare,
    FieldChange,
    Outcome,
)
from wizsync.observed import AccountReader
from wizsync.plan import same_by
from wizsync.push import Applied, Conduct, Executor, Recovery, Stop
from wizsync.state import Step
from wizsync.state.journal import SqliteJournal

same = same_by(Compare())


def create(key: str, **fields: str) -> Change:
    values = {"companyName": f"Company {key}", "displayName": f"Company {key}", **fields}
    changes = tuple(FieldChange(name, "", value) for name, value in values.items())
    return Change(ChangeKind.CREATE, key, None, values["companyName"], changes)


def update(customer: Mapping[str, Any], **after: str) -> Change:
    """An update of one of a sandbox's customers, planned on what it is now."""
    key = customer["reference_id"]
    changes = tuple(
        FieldChange(name, customer[_STORED.get(name, name)] or "", value)
        for name, value in after.items()
    )
    seen = {change.field: change.before for change in changes}
    return Change(ChangeKind.UPDATE, key, customer["id"], customer["name"], changes, seen=seen)


def delete(customer: Mapping[str, Any]) -> Change:
    """A delete of one of a sandbox's customers, planned on what it is now."""
    seen = {
        "companyName": customer["name"],
        "phone": customer["phone"] or "",
        "updatedAt": customer["updated_at"],
    }
    changes = tuple(FieldChange(name, value, "") for name, value in seen.items())[:2]
    key = customer["reference_id"]
    return Change(ChangeKind.DELETE, key, customer["id"], customer["name"], changes, seen=seen)


def child(
    action: ChildAction,
    kind: ChildKind = ChildKind.ADDRESSES,
    of: Mapping[str, Any] | None = None,
    **after: str,
) -> ChildChange:
    """What happens to an address or contact; `of` is the sandbox's record of one that is there."""
    record = {} if of is None else {camel(name): _text(value) for name, value in of.items()}
    if action is ChildAction.REMOVE:
        fields = [
            FieldChange(name, record[name], "") for name in CHILD_FIELDS[kind] if record[name]
        ]
    else:
        fields = [FieldChange(name, record.get(name, ""), text) for name, text in after.items()]
    key = after.get("referenceId") or record.get("referenceId", "")
    return ChildChange(kind, action, key, record.get("id"), key, tuple(fields))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value or "")


def with_children(change: Change, *children: ChildChange) -> Change:
    return replace(change, children=children)


_STORED = {
    "companyName": "name",
    "freightTerm": "freight_term",
    "paymentTerm": "payment_term",
    "assignedPriceListId": "price_list_id",
}


def step(change: Change, number: int = 1, *, intended: float = 0.0) -> Step:
    """The step of a change."""
    is_delete = change.kind is ChangeKind.DELETE
    after = {} if is_delete else {f.field: f.after for f in change.fields}
    return Step(
        number, change.kind, change.reference_id, change.customer_id, after, change.seen, intended
    )


def told(outcomes: Sequence[Outcome]) -> dict[str, str]:
    """Each key's result and code."""
    return {o.reference_id: f"{o.result}: {o.code}" for o in outcomes}


@dataclass
class Work:
    """An executor at work, and what it talks to."""

    reader: AccountReader
    journal: SqliteJournal
    recovery: Recovery
    executor: Executor
    stop: Stop
    created: dict[str, str] = field(default_factory=dict)

    async def run(self, *changes: Change) -> Applied:
        return await self.executor.run(changes)


@asynccontextmanager
async def at_work(
    server: Server, folder: Path, *, settle: float = 0.2, rate: float = 2000, **conduct: Any
) -> AsyncIterator[Work]:
    """An executor on a server, with a journal in a folder."""
    journal = SqliteJournal(folder / "journal.db")
    stop = Stop()
    created: dict[str, str] = {}
    try:
        async with reading(server) as reader:
            recovery = Recovery(reader, journal, same, settle=settle)
            how = Conduct(rate=lambda: rate, stop=stop, on_created=created.update, **conduct)
            executor = Executor(reader._client, reader, journal, recovery, same, how)
            yield Work(reader, journal, recovery, executor, stop, created)
    finally:
        journal.close()
