"""What to do about a customer, judged from what the account shows right before it is written. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wizsync.model import (
    Change,
    ChangeKind,
    Outcome,
    Result,
    as_in_a_file,
)
from wizsync.push.children import Left, left_of
from wizsync.push.reader import Row, Same
from wizsync.state.protocol import Step


def look_before(
    change: Change, there: Sequence[Row], same: Same, *, overwrite: bool = False
) -> Outcome | None:
    """Judge a change right before it is sent.

    Args:
        change: The change.
        there: The customers that have its referenceId now; or the one that is known to have had it.
        same: The mapping's way of comparing.
        overwrite: An update is sent also where its fields were changed after the plan; a delete never is.

    Returns:
        The outcome, where nothing is to be sent; None: send it.
    """
    if len(there) > 1:
        return doubled(change.kind, change.reference_id, there)
    now = there[0] if there else None
    if now is not None and change.customer_id not in (None, now["id"]):
        message = f"Another customer ({now['id']}) has this referenceId now."
        return outcome_of(change, Result.CONFLICT, "moved", message, now)
    if now is not None and not has_key(now, change.reference_id):
        return rekeyed(change, now)
    if change.kind is ChangeKind.CREATE:
        return _before_create(change, now, same)
    if change.kind is ChangeKind.DELETE:
        return _before_delete(change, now, same)
    return _before_update(change, now, same, overwrite=overwrite)


def _before_create(change: Change, now: Row | None, same: Same) -> Outcome | None:
    if now is None:
        return None
    children = all(left_of(child, now, same) is Left.NOTHING for child in change.children)
    if children and is_so({f.field: f.after for f in change.fields}, now, same):
        return outcome_of(
            change, Result.SKIPPED, "already_so", "It has been created meanwhile.", now
        )
    return outcome_of(
        change,
        Result.CONFLICT,
        "exists_now",
        "A customer with this referenceId was created meanwhile, with other values.",
        now,
    )


def _before_update(
    change: Change, now: Row | None, same: Same, *, overwrite: bool
) -> Outcome | None:
    if now is None:
        return outcome_of(change, Result.CONFLICT, "gone", GONE)
    moved = {
        f.field: now.get(f.field, "")
        for f in change.fields
        if not same(f.field, now.get(f.field, ""), f.before)
        and not same(f.field, now.get(f.field, ""), f.after)
    }
    left = [left_of(child, now, same, overwrite=overwrite) for child in change.children]
    if moved and not overwrite:
        return outcome_of(change, Result.CONFLICT, "moved", _MOVED, moved)
    if Left.MOVED in left:
        at = change.children[left.index(Left.MOVED)]
        message = f"The {at.kind.one} {at.name or at.reference_id} was changed in the account after the plan."
        return outcome_of(change, Result.CONFLICT, "moved", message, now)
    done = is_so({f.field: f.after for f in change.fields}, now, same)
    if done and all(one is Left.NOTHING for one in left):
        return outcome_of(change, Result.SKIPPED, "already_so", "It is so already.", now)
    return None


def _before_delete(change: Change, now: Row | None, same: Same) -> Outcome | None:
    if now is None:
        return outcome_of(change, Result.SKIPPED, "already_so", "It is gone already.")
    moved = moved_fields(change.seen, now, same)
    if moved:
        return outcome_of(change, Result.CONFLICT, "moved", _MOVED, moved)
    return None


def unanswered(of: Change | Step, message: str) -> Outcome:
    """The outcome of what may or may not have been done."""
    return outcome_of(of, Result.UNKNOWN, "unanswered", message)


GONE = "The customer is no longer in the account."
_MOVED = "It was changed in the account after the plan."


def is_so(after: Mapping[str, str], now: Row, same: Same) -> bool:
    """Whether a customer has all of the values."""
    return all(same(field, now.get(field, ""), value) for field, value in after.items())


def moved_fields(before: Mapping[str, str], now: Row, same: Same) -> dict[str, str]:
    """The fields whose value is no longer the one seen, of those that this read shows."""
    return {
        field: now[field]
        for field, value in before.items()
        if field in now and not same(field, now[field], value)
    }


def has_key(now: Row, key: str) -> bool:
    """Whether a customer has a referenceId, which the account may keep with spaces or decomposed."""
    return as_in_a_file(now["referenceId"]) == key


def rekeyed(of: Change | Step, now: Row) -> Outcome:
    """The outcome of what concerns a customer who has another referenceId by now."""
    # To a create as well: ours is there, under another name, and a second one would double it.
    other = (
        f"another referenceId ({now['referenceId']})" if now["referenceId"] else "no referenceId"
    )
    message = f"The customer that had this referenceId ({now['id']}) has {other} now."
    return outcome_of(of, Result.CONFLICT, "moved", message, now)


def doubled(kind: ChangeKind, reference_id: str, there: Sequence[Row]) -> Outcome:
    """The outcome of what concerns a referenceId that several customers have."""
    ids = ", ".join(sorted(row["id"] for row in there))
    return Outcome(
        kind,
        reference_id,
        Result.CONFLICT,
        "doubled",
        f"{len(there)} customers of the account have this referenceId: {ids}. Merge them in WizCommerce.",
    )


def outcome_of(
    of: Change | Step, result: Result, code: str, message: str, now: Row | None = None
) -> Outcome:
    """An outcome of a change or a step; of a conflict with the account's values now."""
    return Outcome(
        kind=of.kind,
        reference_id=of.reference_id,
        result=result,
        code=code,
        message=message,
        customer_id=(now or {}).get("id") or of.customer_id,
        now=dict(now or {}) if result is Result.CONFLICT else {},
        updated_at=(now or {}).get("updatedAt", ""),
    )
