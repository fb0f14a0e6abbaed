"""What would put back what a run did, from its journal and the customers as they are now. Pure.

Only what is still as the run left it is put back; what somebody has changed since is a conflict.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from wizsync.model import (
    CHILD_FIELDS,
    CUSTOMER_FIELDS,
    Change,
    ChangeKind,
    ChildAction,
    ChildChange,
    ChildKind,
    Conflict,
    FieldChange,
    Outcome,
    Result,
    attribute_of,
    children_in,
)
from wizsync.push.children import is_as_meant, namesake, siblings
from wizsync.push.reader import Row, Same
from wizsync.push.standing import Key
from wizsync.state.protocol import Recorded, Step


@dataclass(frozen=True, slots=True)
class Deed:
    """What a run did to one customer, by its requests that were done, in their order."""

    kind: ChangeKind
    reference_id: str
    customer_id: str
    done: Sequence[tuple[Step, Outcome]]


@dataclass
class Undone:
    """What undoing a run comes to.

    Args:
        changes: What puts it back, in the order of the deeds.
        conflicts: What cannot be put back, because somebody has changed it since.
        as_before: How many customers are as they were before the run already.
        lost: What does not come back, to how many customers it concerns.
    """

    changes: list[Change] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    as_before: int = 0
    lost: dict[str, int] = field(default_factory=dict)

    def note_lost(self, what: str) -> None:
        """Count a customer of whom something does not come back."""
        self.lost[what] = self.lost.get(what, 0) + 1


def deeds(recorded: Iterable[Recorded]) -> list[Deed]:
    """What a run did, of its journal."""
    by_key: dict[Key, list[tuple[Step, Outcome]]] = {}
    for one in recorded:
        if one.outcome is not None and _was_done(one.step, one.outcome):
            key = one.step.kind, one.step.reference_id
            by_key.setdefault(key, []).append((one.step, one.outcome))
    return [
        Deed(kind, reference_id, customer_id, done)
        for (kind, reference_id), done in by_key.items()
        if (customer_id := done[-1][1].customer_id or done[-1][0].customer_id)
    ]


def _was_done(step: Step, outcome: Outcome) -> bool:
    # What did harm was done as well, and that a customer was gone already was not us.
    created_with_harm = step.kind is ChangeKind.CREATE and outcome.code == "child_harm"
    return outcome.result is Result.APPLIED or created_with_harm


def undone(
    deeds: Iterable[Deed],
    there: Mapping[str, Row],
    holders: Mapping[str, Sequence[Row]],
    same: Same,
) -> Undone:
    """What would put deeds back.

    Args:
        deeds: The deeds.
        there: Customers of the deeds as they are now, with every field, by id.
        holders: Who has the referenceIds of the deeds now, by referenceId.
        same: The mapping's way of comparing.
    """
    result = Undone()
    for deed in deeds:
        if deed.kind is ChangeKind.CREATE:
            _undo_create(deed, there.get(deed.customer_id), same, result)
        elif deed.kind is ChangeKind.DELETE:
            _undo_delete(deed, holders.get(deed.reference_id, ()), there, result)
        else:
            _undo_update(deed, there.get(deed.customer_id), same, result)
    return result


# --- a create becomes a delete ------------------------------------------------------------------


def _undo_create(deed: Deed, now: Row | None, same: Same, result: Undone) -> None:
    if now is None:
        result.as_before += 1
        return
    step, outcome = deed.done[-1]
    written = {**step.after, **outcome.differs}
    changed = [name for name, text in written.items() if not same(name, now.get(name, ""), text)]
    changed += [kind for kind in ChildKind if not _is_as_created(kind, step, now, same)]
    if not changed and outcome.updated_at and now.get("updatedAt") != outcome.updated_at:
        changed.append("updatedAt")
    if changed:
        result.conflicts.append(_conflict(deed, f"It was changed after the run ({changed[0]})."))
        return
    fields = tuple(FieldChange(name, now[name], "") for name in _own_fields(now) if now.get(name))
    seen = {name: now[name] for name in _own_fields(now)}
    seen |= {name: now[name] for name in ("status", "updatedAt")}
    change = Change(
        ChangeKind.DELETE, deed.reference_id, deed.customer_id, _name(now), fields, seen=seen
    )
    result.changes.append(change)


def _is_as_created(kind: ChildKind, step: Step, now: Row, same: Same) -> bool:
    """Whether a customer has the children that it was created with, and no others."""
    there, sent = siblings(now, kind), step.lists.get(kind, ())
    known = [namesake(kind, child, there) for child in sent]
    as_sent = all(
        each is not None and is_as_meant(kind, child, each, same)
        for child, each in zip(sent, known, strict=True)
    )
    return as_sent and len(there) == len(sent)


# --- a delete becomes a create ------------------------------------------------------------------


def _undo_delete(
    deed: Deed, holders: Sequence[Row], there: Mapping[str, Row], result: Undone
) -> None:
    still_there = there.get(deed.customer_id)
    if still_there is not None:
        status = still_there.get("status") or "unknown"
        why = f"The account still has it, with the status {status}: it is not made a second time."
        result.conflicts.append(_conflict(deed, why))
        return
    if holders:
        ids = tuple(sorted(row["id"] for row in holders))
        why = f"The account has a customer of this referenceId by now ({', '.join(ids)})."
        result.conflicts.append(Conflict(deed.reference_id, ids, why))
        return
    before = deed.done[-1][0].before
    if not all(before.get(name) for name in ("companyName", "displayName")):
        result.conflicts.append(_conflict(deed, "Nobody has kept what it was made of."))
        return
    fields = [
        FieldChange(name, "", before[name])
        for name in _own_fields(before)
        if before.get(name) and (attribute_of(name) or CUSTOMER_FIELDS[name].on_create)
    ]
    children = [
        change
        for kind in ChildKind
        for child_id, child in (children_in(before, kind) or {}).items()
        if (change := _added_again(kind, child_id, child, result))
    ]
    result.note_lost(_NEW_ID)
    if before.get("displayId"):
        result.note_lost(_DISPLAY_ID)
    if before.get("status") not in ("", None, "active"):
        result.note_lost(_STATUS)
    result.changes.append(
        Change(
            ChangeKind.CREATE,
            deed.reference_id,
            None,
            before["companyName"],
            tuple(fields),
            children=tuple(children),
        )
    )


_NEW_ID = "a customer made again has a new id: orders and whatever else points to the old one may not find it"
_DISPLAY_ID = "a customer made again cannot be given its displayId"
_STATUS = "a customer made again is active, whatever it was before"
_CHILD_LACKS = (
    "an address or contact lacks what WizCommerce asks of a new one, and is not made again"
)
_CHILD_KEY = (
    "an address or contact had no referenceId: made again, it has its former id in that place"
)
_CHILD_ID = "an address or contact made again has a new id"


def _added_again(
    kind: ChildKind, child_id: str, child: Mapping[str, str], result: Undone
) -> ChildChange | None:
    """The making of a child that is gone; None: it cannot be made."""
    values = {name: text for name, text in child.items() if text and _is_written(kind, name)}
    if not values.get("referenceId"):
        values["referenceId"] = child_id
        result.note_lost(_CHILD_KEY)
    if not all(values.get(f.name) for f in CHILD_FIELDS[kind].values() if f.required):
        result.note_lost(_CHILD_LACKS)
        return None
    fields = tuple(FieldChange(name, "", text) for name, text in values.items())
    return _child(kind, ChildAction.ADD, None, child, fields)


# --- an update goes the other way ---------------------------------------------------------------


def _undo_update(deed: Deed, now: Row | None, same: Same, result: Undone) -> None:
    if now is None:
        result.conflicts.append(_conflict(deed, "The customer is no longer in the account."))
        return
    try:
        fields = tuple(_fields_back(deed, now, same))
        children = tuple(_children_back(deed, now, same, result))
    except _Moved as moved:
        result.conflicts.append(_conflict(deed, f"It was changed after the run ({moved})."))
        return
    if not fields and not children:
        result.as_before += 1
        return
    seen = {one.field: one.before for one in fields}
    result.changes.append(
        Change(
            ChangeKind.UPDATE,
            deed.reference_id,
            deed.customer_id,
            _name(now),
            fields,
            seen=seen,
            children=children,
        )
    )


class _Moved(Exception):
    """Something is no longer as the run left it."""


def _fields_back(deed: Deed, now: Row, same: Same) -> Iterator[FieldChange]:
    """A customer's own fields, each from what the run left to what it found."""
    found: dict[str, str] = {}
    left: dict[str, str] = {}
    for step, outcome in deed.done:
        if step.child is None:
            for name, text in step.after.items():
                found.setdefault(name, step.before.get(name, ""))
                left[name] = outcome.differs.get(name, text)
    for name, before in found.items():
        back = _back(name, before, left[name], now.get(name, ""), same)
        if back is not None:
            yield back


def _back(name: str, found: str, left: str, now: str, same: Same) -> FieldChange | None:
    """One field put back; None: it is as the run found it."""
    field = name.partition(".")[2] if name.partition(".")[0] in frozenset(ChildKind) else name
    if same(name, now, found):
        return None
    if not same(name, now, left):
        raise _Moved(field)
    return FieldChange(field, now, found)


def _children_back(deed: Deed, now: Row, same: Same, result: Undone) -> Iterator[ChildChange]:
    for step, outcome in deed.done:
        if step.child is not None:
            told = outcome.children[0].child_id if outcome.children else None
            child_id = step.child.child_id or told
            kind, action = step.child.kind, step.child.action
            yield from _child_back(
                kind, action, child_id, step.before, step.after, now, same, result
            )
            yield from _default_back(kind, step.child.default_before, now)
        for kind, sent in step.lists.items():
            before = children_in(step.before, kind) or {}
            for child in sent:
                child_id = child.get("id")
                action = ChildAction.CHANGE if child_id else ChildAction.ADD
                was = before.get(child_id or "", {})
                after = {name: text for name, text in child.items() if name != "id"}
                yield from _child_back(kind, action, child_id, was, after, now, same, result)


def _child_back(  # noqa: PLR0913, PLR0917 - what a request to a child's endpoint holds
    kind: ChildKind,
    action: ChildAction,
    child_id: str | None,
    before: Mapping[str, str],
    after: Mapping[str, str],
    now: Row,
    same: Same,
    result: Undone,
) -> Iterator[ChildChange]:
    there = siblings(now, kind)
    if action is ChildAction.REMOVE:
        yield from _removed_back(kind, child_id, before, there, same, result)
        return
    child = there.get(child_id or "")
    if child is None and action is ChildAction.ADD:
        child = namesake(kind, after, there)
        child_id = next((one for one, each in there.items() if each is child), None)
    if child is None:
        if action is ChildAction.ADD:
            return
        raise _Moved(f"the {kind.one} {before.get('referenceId') or child_id} is gone")
    if action is ChildAction.ADD:
        if not is_as_meant(kind, after, child, same):
            raise _Moved(f"the {kind.one} {child.get('referenceId') or child_id}")
        gone = tuple(
            FieldChange(name, text, "")
            for name, text in child.items()
            if text and _is_written(kind, name)
        )
        yield _child(kind, ChildAction.REMOVE, child_id, child, gone)
        return
    backs = [
        _back(f"{kind}.{name}", before.get(name, ""), text, child.get(name, ""), same)
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
    result: Undone,
) -> Iterator[ChildChange]:
    again = _added_again(kind, child_id or "", before, result)
    if again is None:
        return
    after = {one.field: one.after for one in again.fields}
    known = namesake(kind, after, there)
    if known is None:
        result.note_lost(_CHILD_ID)
        yield again
    elif not is_as_meant(kind, after, known, same):
        raise _Moved(f"the {kind.one} {after['referenceId']} is there again")


def _default_back(kind: ChildKind, child_id: str | None, now: Row) -> Iterator[ChildChange]:
    """The child that was the default before, made so again."""
    child = siblings(now, kind).get(child_id or "")
    if child is not None and child.get("isDefault") != "true":
        fields = (FieldChange("isDefault", child.get("isDefault", ""), "true"),)
        yield _child(kind, ChildAction.CHANGE, child_id, child, fields)


# --- what they share ----------------------------------------------------------------------------


def _conflict(deed: Deed, why: str) -> Conflict:
    return Conflict(deed.reference_id, (deed.customer_id,), f"{why} It is left as it is.")


def _own_fields(row: Row) -> list[str]:
    """The names of a customer's writable fields that were read, but for its referenceId."""
    names = [name for name in CUSTOMER_FIELDS if name in row and name != "referenceId"]
    return [*names, *(name for name in row if attribute_of(name))]


def _is_written(kind: ChildKind, name: str) -> bool:
    return name in CHILD_FIELDS[kind] or attribute_of(name) is not None


def _name(row: Row) -> str:
    return row.get("companyName", "")


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
