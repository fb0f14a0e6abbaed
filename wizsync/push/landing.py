"""What became of a request that was never answered, judged from what the account shows now. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from wizsync.model import ChangeKind, ChildAction, Outcome, Result, children_in
from wizsync.push.children import is_as_meant, namesake
from wizsync.push.judgement import GONE, doubled, has_key, is_so, moved_fields, outcome_of, rekeyed
from wizsync.push.reader import Row, Same
from wizsync.state.protocol import ChildTarget, Step


def landed(step: Step, there: Sequence[Row], same: Same) -> Outcome | None:
    """Judge a step whose request was never answered.

    Args:
        step: The step.
        there: For a create the customers that have its referenceId now, else the customer by its id.
        same: The mapping's way of comparing.

    Returns:
        The outcome; None: the account shows no trace of it.
    """
    if len(there) > 1:
        return doubled(step.kind, step.reference_id, there)
    if not there:
        return _landed_nowhere(step)
    now = there[0]
    if step.child is not None:
        return _landed_child(step, step.child, now, same)
    if step.kind is ChangeKind.CREATE and not has_key(now, step.reference_id):
        return rekeyed(step, now)
    return (_landed_delete if step.kind is ChangeKind.DELETE else _landed_write)(step, now, same)


def _landed_write(step: Step, now: Row, same: Same) -> Outcome | None:
    if is_so(step.after, now, same) and _lists_landed(step, now, same):
        return outcome_of(step, Result.APPLIED, "found_done", _FOUND_DONE, now)
    if step.kind is not ChangeKind.CREATE and not moved_fields(step.before, now, same):
        return None
    return outcome_of(step, Result.CONFLICT, "moved", _FOUND_OTHER, now)


def _landed_nowhere(step: Step) -> Outcome | None:
    if step.kind is ChangeKind.CREATE:
        return None
    if step.kind is ChangeKind.DELETE:
        return outcome_of(step, Result.APPLIED, "found_done", _FOUND_DONE)
    return outcome_of(step, Result.CONFLICT, "gone", GONE)


def _landed_delete(step: Step, now: Row, same: Same) -> Outcome | None:
    moved = moved_fields(step.before, now, same)
    # Some servers keep whom they delete, as an inactive customer.
    put_away = all(name in _MOVED_BY_DELETING or name.endswith("].status") for name in moved)
    if moved.get("status") == "inactive" and put_away:
        return outcome_of(step, Result.APPLIED, "found_done", _FOUND_DONE, now)
    return outcome_of(step, Result.CONFLICT, "moved", _FOUND_OTHER, now) if moved else None


def _landed_child(step: Step, target: ChildTarget, now: Row, same: Same) -> Outcome | None:
    """Judge a step at a child's own endpoint."""
    there = children_in(now, target.kind) or {}
    child: Row | None = there.get(target.child_id or "")
    if target.action is ChildAction.ADD:
        child = namesake(target.kind, step.after, there)
        if child is None:
            return None
    elif child is None and target.action is ChildAction.CHANGE:
        return outcome_of(step, Result.CONFLICT, "moved", _CHILD_GONE, now)
    removed = target.action is ChildAction.REMOVE
    if child is None or (not removed and is_as_meant(target.kind, step.after, child, same)):
        return outcome_of(step, Result.APPLIED, "found_done", _FOUND_DONE, now)
    before = {name: text for name, text in step.before.items() if name != "status"}
    if target.action is not ChildAction.ADD and is_as_meant(target.kind, before, child, same):
        return None
    return outcome_of(step, Result.CONFLICT, "moved", _FOUND_OTHER, now)


def _lists_landed(step: Step, now: Row, same: Same) -> bool:
    """Whether a customer has all the children that went with a write."""
    for kind, sent in step.lists.items():
        there = children_in(now, kind) or {}
        for child in sent:
            known = there.get(child.get("id", "")) or namesake(kind, child, there)
            values = {name: text for name, text in child.items() if name != "id"}
            if known is None or not is_as_meant(kind, values, known, same):
                return False
    return True


# What a delete changes of a customer that the server keeps.
_MOVED_BY_DELETING = frozenset({"status", "updatedAt"})

_FOUND_DONE = "The answer was lost on the way; the account shows that it was done."
_FOUND_OTHER = "The answer was lost on the way, and the account shows other values than were sent."
_CHILD_GONE = "The answer was lost on the way, and what was to be changed is no longer there."
