"""What would put back what a run did, from its journal and the customers as they are now. Pure.

Only what is still as the run left it is put back; what somebody has changed since is a conflict.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from wizsync.model import (
    CUSTOMER_FIELDS,
    Change,
    ChangeKind,
    ChildKind,
    Conflict,
    FieldChange,
    Outcome,
    Result,
    attribute_of,
)
from wizsync.push.reader import Row, Same
from wizsync.push.standing import Key, key_of
from wizsync.push.undo_children import (
    Moved,
    are_as_created,
    children_again,
    children_back,
    field_back,
)
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
            by_key.setdefault(key_of(one.step), []).append((one.step, one.outcome))
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
    changed += [kind for kind in ChildKind if not are_as_created(kind, step, now, same)]
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
    children = tuple(children_again(before, result.note_lost))
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
            children=children,
        )
    )


_NEW_ID = "a customer made again has a new id: orders and whatever else points to the old one may not find it"
_DISPLAY_ID = "a customer made again cannot be given its displayId"
_STATUS = "a customer made again is active, whatever it was before"


# --- an update goes the other way ---------------------------------------------------------------


def _undo_update(deed: Deed, now: Row | None, same: Same, result: Undone) -> None:
    if now is None:
        result.conflicts.append(_conflict(deed, "The customer is no longer in the account."))
        return
    try:
        fields = tuple(_fields_back(deed, now, same))
        children = tuple(children_back(deed.done, now, same, result.note_lost))
    except Moved as moved:
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
        back = field_back(name, before, left[name], now.get(name, ""), same)
        if back is not None:
            yield back


# --- what they share ----------------------------------------------------------------------------


def _conflict(deed: Deed, why: str) -> Conflict:
    return Conflict(deed.reference_id, (deed.customer_id,), f"{why} It is left as it is.")


def _own_fields(row: Row) -> list[str]:
    """The names of a customer's writable fields that were read, but for its referenceId."""
    names = [name for name in CUSTOMER_FIELDS if name in row and name != "referenceId"]
    return [*names, *(name for name in row if attribute_of(name))]


def _name(row: Row) -> str:
    return row.get("companyName", "")
