"""What would put back the addresses and contacts of customers that a run wrote. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from wizsync.model import (
    CHILD_FIELDS,
    ChildAction,
    ChildChange,
    ChildKind,
    FieldChange,
    Outcome,
    attribute_of,
    children_in,
)
from wizsync.push.children import is_as_meant, namesake, siblings
from wizsync.push.reader import Row, Same
from wizsync.state.protocol import Step

# Told what does not come back.
NoteLost = Callable[[str], None]

_CHILD_LACKS = (
    "an address or contact lacks what WizCommerce asks of a new one, and is not made again"
)
_CHILD_KEY = (
    "an address or contact had no referenceId: made again, it has its former id in that place"
)
_CHILD_ID = "an address or contact made again has a new id"


class Moved(Exception):
    """Something is no longer as the run left it."""


def field_back(name: str, found: str, left: str, now: str, same: Same) -> FieldChange | None:
    """One field of a customer or a child put back; None: it is as the run found it.

    Args:
        name: The field; a child's has its kind before it, `addresses.city`.
        found: Its value before the run.
        left: Its value after the run.
        now: Its value now.
        same: How values are compared.

    Raises:
        Moved: It is no longer as the run left it.
    """
    field = name.partition(".")[2] if name.partition(".")[0] in frozenset(ChildKind) else name
    if same(name, now, found):
        return None
    if not same(name, now, left):
        raise Moved(field)
    return FieldChange(field, now, found)


def are_as_created(kind: ChildKind, step: Step, now: Row, same: Same) -> bool:
    """Whether a customer has the children that it was created with, and no others."""
    there, sent = siblings(now, kind), step.lists.get(kind, ())
    known = [namesake(kind, child, there) for child in sent]
    as_sent = all(
        each is not None and is_as_meant(kind, child, each, same)
        for child, each in zip(sent, known, strict=True)
    )
    return as_sent and len(there) == len(sent)


def children_again(before: Row, note_lost: NoteLost) -> Iterator[ChildChange]:
    """The making of every child of a customer that is gone.

    Args:
        before: The customer as it was.
        note_lost: Told what does not come back.
    """
    for kind in ChildKind:
        for child_id, child in (children_in(before, kind) or {}).items():
            again = _added_again(kind, child_id, child, note_lost)
            if again is not None:
                yield again


def _added_again(
    kind: ChildKind, child_id: str, child: Mapping[str, str], note_lost: NoteLost
) -> ChildChange | None:
    """The making of a child that is gone; None: it cannot be made."""
    values = {name: text for name, text in child.items() if text and _is_written(kind, name)}
    if not values.get("referenceId"):
        values["referenceId"] = child_id
        note_lost(_CHILD_KEY)
    if not all(values.get(f.name) for f in CHILD_FIELDS[kind].values() if f.required):
        note_lost(_CHILD_LACKS)
        return None
    fields = tuple(FieldChange(name, "", text) for name, text in values.items())
    return _child(kind, ChildAction.ADD, None, child, fields)


def children_back(
    done: Sequence[tuple[Step, Outcome]], now: Row, same: Same, note_lost: NoteLost
) -> Iterator[ChildChange]:
    """The children of a customer that is still there, each from what the run left to what it found.

    Args:
        done: What was done to it.
        now: The customer as it is.
        same: How values are compared.
        note_lost: Told what does not come back.

    Raises:
        Moved: One of them is no longer as the run left it.
    """
    for step, outcome in done:
        if step.child is not None:
            told = outcome.children[0].child_id if outcome.children else None
            child_id = step.child.child_id or told
            kind, action = step.child.kind, step.child.action
            yield from _child_back(
                kind, action, child_id, step.before, step.after, now, same, note_lost
            )
            yield from _default_back(kind, step.child.default_before, now)
        for kind, sent in step.lists.items():
            before = children_in(step.before, kind) or {}
            for child in sent:
                child_id = child.get("id")
                action = ChildAction.CHANGE if child_id else ChildAction.ADD
                was = before.get(child_id or "", {})
                after = {name: text for name, text in child.items() if name != "id"}
                yield from _child_back(kind, action, child_id, was, after, now, same, note_lost)


def _child_back(  # noqa: PLR0913, PLR0917 - what a request to a child's endpoint holds
    kind: ChildKind,
    action: ChildAction,
    child_id: str | None,
    before: Mapping[str, str],
    after: Mapping[str, str],
    now: Row,
    same: Same,
    note_lost: NoteLost,
) -> Iterator[ChildChange]:
    there = siblings(now, kind)
    if action is ChildAction.REMOVE:
        yield from _removed_back(kind, child_id, before, there, same, note_lost)
        return
    child = there.get(child_id or "")
    if child is None and action is ChildAction.ADD:
        child = namesake(kind, after, there)
        child_id = next((one for one, each in there.items() if each is child), None)
    if child is None:
        if action is ChildAction.ADD:
            return
        raise Moved(f"the {kind.one} {before.get('referenceId') or child_id} is gone")
    if action is ChildAction.ADD:
        if not is_as_meant(kind, after, child, same):
            raise Moved(f"the {kind.one} {child.get('referenceId') or child_id}")
        gone = tuple(
            FieldChange(name, text, "")
            for name, text in child.items()
            if text and _is_written(kind, name)
        )
        yield _child(kind, ChildAction.REMOVE, child_id, child, gone)
        return
    backs = [
        field_back(f"{kind}.{name}", before.get(name, ""), text, child.get(name, ""), same)
        for name, text in after.items()
    ]
    fields = tuple(back for back in backs if back is not None)
    if fields:
        yield _child(kind, ChildAction.CHANGE, child_id, child, fields)


def _removed_back(
    kind: ChildKind,
    child_id: str | None,
    before: Mapping[str, str],
    there: Mapping[str, Mapping[str, str]],
    same: Same,
    note_lost: NoteLost,
) -> Iterator[ChildChange]:
    again = _added_again(kind, child_id or "", before, note_lost)
    if again is None:
        return
    after = {one.field: one.after for one in again.fields}
    known = namesake(kind, after, there)
    if known is None:
        note_lost(_CHILD_ID)
        yield again
    elif not is_as_meant(kind, after, known, same):
        raise Moved(f"the {kind.one} {after['referenceId']} is there again")


def _default_back(kind: ChildKind, child_id: str | None, now: Row) -> Iterator[ChildChange]:
    """The child that was the default before, made so again."""
    child = siblings(now, kind).get(child_id or "")
    if child is not None and child.get("isDefault") != "true":
        fields = (FieldChange("isDefault", child.get("isDefault", ""), "true"),)
        yield _child(kind, ChildAction.CHANGE, child_id, child, fields)


def _is_written(kind: ChildKind, name: str) -> bool:
    return name in CHILD_FIELDS[kind] or attribute_of(name) is not None


def _child(
    kind: ChildKind,
    action: ChildAction,
    child_id: str | None,
    child: Mapping[str, str],
    fields: tuple[FieldChange, ...],
) -> ChildChange:
    key = child.get("referenceId", "")
    if kind is ChildKind.ADDRESSES:
        parts = (child.get("addressLine1", ""), child.get("city", ""))
        name = ", ".join(filter(None, parts))
    else:
        name = " ".join(filter(None, (child.get("firstName", ""), child.get("lastName", ""))))
    added = next((one.after for one in fields if one.field == "referenceId" and one.after), "")
    return ChildChange(kind, action, key or added, child_id, name, fields)
