"""A customer's addresses and contacts: what is left to do, what is sent, what must come of it. Pure.

Fields of children are compared under the name of their kind, `addresses.city`, so that the mapping's way of
comparing customers does not bend them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum, auto

from wizsync.model import (
    CHILD_FIELDS,
    ChildAction,
    ChildChange,
    ChildKind,
    as_in_a_file,
    attribute_of,
    children_in,
    with_children,
)
from wizsync.push.reader import Row, Same
from wizsync.state.protocol import ChildTarget, Step

# Child id to its fields.
Siblings = Mapping[str, Mapping[str, str]]


class Left(Enum):
    """What is left to do of one ChildChange."""

    ALL = auto()
    NOTHING = auto()
    MOVED = auto()


def siblings(now: Row, kind: ChildKind) -> Siblings:
    """A customer's children of a kind as they are now; none where they were not read."""
    return children_in(now, kind) or {}


def left_of(change: ChildChange, now: Row, same: Same, *, overwrite: bool = False) -> Left:
    """What is left to do, by what the customer has now.

    Args:
        change: What is to happen.
        now: The customer.
        same: How values are compared.
        overwrite: A child whose fields were changed after the plan is changed all the same; one is not
            removed then, nor added beside one of the same referenceId.
    """
    there = siblings(now, change.kind)
    if change.action is ChildAction.ADD:
        alike = namesake(change.kind, _after(change), there)
        if alike is None:
            return Left.ALL
        return Left.NOTHING if is_as_meant(change.kind, _after(change), alike, same) else Left.MOVED
    child = there.get(change.child_id or "")
    if child is None:
        return Left.NOTHING if change.action is ChildAction.REMOVE else Left.MOVED
    if change.action is ChildAction.CHANGE and is_as_meant(
        change.kind, _after(change), child, same
    ):
        return Left.NOTHING
    for field in change.fields:
        value = child.get(field.field, "")
        name = f"{change.kind}.{field.field}"
        is_before = same(name, value, field.before)
        is_after = change.action is ChildAction.CHANGE and same(name, value, field.after)
        may_go_over = overwrite and change.action is ChildAction.CHANGE
        if not is_before and not is_after and not may_go_over:
            return Left.MOVED
    return Left.ALL


def namesake(
    kind: ChildKind, after: Mapping[str, str], there: Siblings
) -> Mapping[str, str] | None:
    """The child that has the referenceId of one to be added, and its type; None: there is none."""
    key = as_in_a_file(after.get("referenceId", ""))
    for child in there.values():
        same_key = key and as_in_a_file(child.get("referenceId", "")) == key
        if same_key and (kind is ChildKind.CONTACTS or child.get("type") == after.get("type")):
            return child
    return None


def is_as_meant(
    kind: ChildKind, after: Mapping[str, str], child: Mapping[str, str], same: Same
) -> bool:
    """Whether a child has all of the values."""
    return all(same(f"{kind}.{name}", child.get(name, ""), text) for name, text in after.items())


# --- what is sent -------------------------------------------------------------------------------


def in_order(changes: Iterable[ChildChange]) -> list[ChildChange]:
    """Changes and additions before removals; those that make a child the default last of their kind."""
    return sorted(
        changes,
        key=lambda change: (change.action is ChildAction.REMOVE, _makes_default(change)),
    )


def own_steps(changes: Iterable[ChildChange], now: Row) -> Iterator[tuple[ChildTarget, Row, Row]]:
    """The requests to the children's own endpoints: whom, what is sent, what it is decided by.

    Args:
        changes: What is left to do.
        now: The customer as it is.
    """
    changes = list(changes)
    for change in in_order(changes):
        child = siblings(now, change.kind).get(change.child_id or "", {})
        default = _default_before(change, now) if _makes_default(change) else None
        target = ChildTarget(change.kind, change.action, change.child_id, default)
        if change.action is ChildAction.ADD:
            yield target, _after(change), {}
        elif change.action is ChildAction.CHANGE:
            yield target, _whole(change.kind, change.child_id, child, changes), dict(child)
        else:
            yield target, {}, dict(child)


def whole_lists(
    changes: Sequence[ChildChange], now: Row
) -> dict[ChildKind, tuple[Mapping[str, str], ...]]:
    """The complete lists that result, of the kinds of which something is added or changed.

    Those to be removed are still in them: only a DELETE removes.
    """
    lists: dict[ChildKind, tuple[Mapping[str, str], ...]] = {}
    for kind in ChildKind:
        ours = [change for change in changes if change.kind is kind]
        if all(change.action is ChildAction.REMOVE for change in ours):
            continue
        existing = [
            {"id": child_id, **_whole(kind, child_id, child, ours)}
            for child_id, child in siblings(now, kind).items()
        ]
        added = [_after(change) for change in ours if change.action is ChildAction.ADD]
        lists[kind] = (*existing, *added)
    return lists


def _after(change: ChildChange) -> dict[str, str]:
    return {field.field: field.after for field in change.fields}


def _whole(
    kind: ChildKind,
    child_id: str | None,
    child: Mapping[str, str],
    changes: Sequence[ChildChange],
) -> dict[str, str]:
    """Every writable field of a child, as it is to be.

    One that is empty and stays so is left out: to a server that puts a child in place of the old one it says
    the same, and none is asked to take an empty e-mail address.
    """
    whole = {
        name: text
        for name, text in child.items()
        if text and (name in CHILD_FIELDS[kind] or attribute_of(name))
    }
    siblings_default = any(
        change.kind is kind
        and change.child_id != child_id
        and _makes_default(change)
        and _after(change).get("type", child.get("type")) == child.get("type")
        for change in changes
    )
    # What a sibling takes over is not to be claimed again by the old default's own write.
    if siblings_default and whole.get("isDefault") == "true":
        whole["isDefault"] = "false"
    for change in changes:
        if (
            change.kind is kind
            and change.child_id == child_id
            and change.action is ChildAction.CHANGE
        ):
            whole |= _after(change)
    return whole


def _default_before(change: ChildChange, now: Row) -> str | None:
    """The id of the sibling that is the default of the kind and type until then."""
    there = siblings(now, change.kind)
    own_type = _after(change).get("type", there.get(change.child_id or "", {}).get("type"))
    for child_id, child in there.items():
        is_default = child.get("isDefault") == "true" and child.get("type") == own_type
        if is_default and child_id != change.child_id:
            return child_id
    return None


def _makes_default(change: ChildChange) -> bool:
    return change.action is not ChildAction.REMOVE and _after(change).get("isDefault") == "true"


def after_step(step: Step, now: Row, child_id: str | None) -> Row:
    """A customer as it is after a child's own write that was done as meant.

    Args:
        step: The write.
        now: The customer before it.
        child_id: The child's id, an added one's new one.
    """
    target = step.child
    if target is None or child_id is None:
        return now
    there = {one: dict(child) for one, child in siblings(now, target.kind).items()}
    if target.action is ChildAction.REMOVE:
        there.pop(child_id, None)
    else:
        there[child_id] = {**there.get(child_id, {"status": ""}), **step.after}
    start = f"{target.kind}["
    others = {name: text for name, text in now.items() if not name.startswith(start)}
    with_children(others, target.kind, there)
    return others


# --- what must come of it -----------------------------------------------------------------------


def harm(step: Step, before: Row, after: Row, same: Same) -> str | None:
    """What an account did otherwise than was meant by a write of children; None: all is as it should be.

    A sibling that is gone or has other values, a child that is there twice, a field that was blanked. That
    a sibling of a new default is no default any more is as it should be; so is a value that the server has
    only tidied.

    Args:
        step: The write.
        before: The customer right before it.
        after: The customer right after it.
        same: How values are compared.
    """
    for kind in ChildKind:
        if kind in before and kind in after:
            found = _harm_of_kind(kind, step, siblings(before, kind), siblings(after, kind), same)
            if found is not None:
                return found
    return None


def _harm_of_kind(
    kind: ChildKind, step: Step, before: Siblings, after: Siblings, same: Same
) -> str | None:
    sent = _sent(kind, step)
    target = step.child
    removed = (
        target.child_id
        if target and target.kind is kind and target.action is ChildAction.REMOVE
        else None
    )
    for child_id, child in before.items():
        if child_id == removed:
            continue
        if child_id not in after:
            return f"The {kind.one} {_called(child)} is gone"
        meant = sent.get(child_id)
        wrong = _wrong(kind, child, meant, after[child_id], same)
        if wrong:
            return f"The {kind.one} {_called(child)} has another {wrong} than was meant"
    if removed is not None and removed in after and after[removed].get("status") in ("", "active"):
        return f"The {kind.one} {_called(before[removed])} is still there"
    new = [child for child_id, child in after.items() if child_id not in before]
    added = [fields for child_id, fields in sent.items() if child_id.startswith("+")]
    if len(new) != len(added):
        return f"{len(new)} new {kind} are there, and {len(added)} were added"
    for fields in added:
        if not any(not _blanked(fields, child) for child in new):
            return f"The new {kind.one} {_called(fields)} lacks something that was sent"
    return None


def _sent(kind: ChildKind, step: Step) -> dict[str, Mapping[str, str]]:
    """What a step sends for children of a kind: by id, new ones by `+0`, `+1`."""
    target = step.child
    if target is not None:
        is_of_kind = target.kind is kind and target.action is not ChildAction.REMOVE
        return {target.child_id or "+0": step.after} if is_of_kind else {}
    return {
        child.get("id") or f"+{number}": child
        for number, child in enumerate(step.lists.get(kind, ()))
    }


def _wrong(
    kind: ChildKind,
    before: Mapping[str, str],
    meant: Mapping[str, str] | None,
    after: Mapping[str, str],
    same: Same,
) -> str:
    """The first field that is neither as it was nor as was meant; of what was meant, only blanks count."""
    for name in (*CHILD_FIELDS[kind], *filter(attribute_of, before)):
        old, new = before.get(name, ""), after.get(name, "")
        if same(f"{kind}.{name}", old, new) or (name == "isDefault" and new != "true"):
            continue
        if meant is None or name not in meant or (meant[name].strip() and not new.strip()):
            return name
    return ""


def _blanked(fields: Mapping[str, str], child: Mapping[str, str]) -> bool:
    return any(
        text.strip() and not child.get(name, "").strip()
        for name, text in fields.items()
        if name not in ("id", "isDefault")
    )


def _called(child: Mapping[str, str]) -> str:
    return (
        child.get("referenceId")
        or child.get("addressLine1")
        or child.get("email")
        or "without a key"
    )
