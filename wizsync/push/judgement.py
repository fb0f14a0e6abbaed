"""What to do about a customer, judged from what the account shows right now. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Protocol

from wizsync.model import Change, ChangeKind, Found, Outcome, Result, as_in_a_file
from wizsync.state.protocol import Step

Row = Mapping[str, str]

# Whether two texts of a field are the same: (field, left, right).
Same = Callable[[str, str, str], bool]


class Reader(Protocol):
    """How the account is read while it is written to."""

    async def look_up(
        self, wanted: Mapping[str, str | None], fields: Mapping[str, Collection[str]]
    ) -> Found:
        """Who has these referenceIds just now; each with the id known to have it, or None.

        One who is known is found even where it has another referenceId by now. `fields`: of whom
        what must be read.
        """

    async def listed(self, keys: Sequence[str]) -> frozenset[str]:
        """Which of the keys the lists show just now, whoever is known besides."""

    async def by_id(self, customer_ids: Sequence[str], doing: str) -> dict[str, Row]:
        """Customers by id, with every field; those that are gone are left out."""


def look_before(change: Change, there: Sequence[Row], same: Same) -> Outcome | None:
    """Judge a change right before it is sent.

    Args:
        change: The change.
        there: The customers that have its referenceId now; or the one that is known to have had it.
        same: The mapping's way of comparing.

    Returns:
        The outcome, where nothing is to be sent; None: send it.
    """
    if len(there) > 1:
        return _doubled(change.kind, change.reference_id, there)
    now = there[0] if there else None
    if now is not None and change.customer_id not in (None, now["id"]):
        message = f"Another customer ({now['id']}) has this referenceId now."
        return _outcome(change, Result.CONFLICT, "moved", message, now)
    if now is not None and not has_key(now, change.reference_id):
        return _rekeyed(change, now)
    return _BEFORE[change.kind](change, now, same)


def _before_create(change: Change, now: Row | None, same: Same) -> Outcome | None:
    if now is None:
        return None
    if _is_as_meant({f.field: f.after for f in change.fields}, now, same):
        return _outcome(change, Result.SKIPPED, "already_so", "It has been created meanwhile.", now)
    return _outcome(
        change,
        Result.CONFLICT,
        "exists_now",
        "A customer with this referenceId was created meanwhile, with other values.",
        now,
    )


def _before_update(change: Change, now: Row | None, same: Same) -> Outcome | None:
    if now is None:
        return _outcome(change, Result.CONFLICT, "gone", _GONE)
    moved = {
        f.field: now.get(f.field, "")
        for f in change.fields
        if not same(f.field, now.get(f.field, ""), f.before)
        and not same(f.field, now.get(f.field, ""), f.after)
    }
    if moved:
        return _outcome(change, Result.CONFLICT, "moved", _MOVED, moved)
    if _is_as_meant({f.field: f.after for f in change.fields}, now, same):
        return _outcome(change, Result.SKIPPED, "already_so", "It is so already.", now)
    return None


def _before_delete(change: Change, now: Row | None, same: Same) -> Outcome | None:
    if now is None:
        return _outcome(change, Result.SKIPPED, "already_so", "It is gone already.")
    moved = _moved(change.seen, now, same)
    if moved:
        return _outcome(change, Result.CONFLICT, "moved", _MOVED, moved)
    return None


_BEFORE = {
    ChangeKind.CREATE: _before_create,
    ChangeKind.UPDATE: _before_update,
    ChangeKind.RENAME: _before_update,
    ChangeKind.DELETE: _before_delete,
}


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
        return _doubled(step.kind, step.reference_id, there)
    if not there:
        return _landed_nowhere(step)
    now = there[0]
    if step.kind is ChangeKind.CREATE and not has_key(now, step.reference_id):
        return _rekeyed(step, now)
    moved = _moved(step.before, now, same)
    if step.kind is ChangeKind.DELETE and moved.get("status") == "inactive":
        # Some servers keep whom they delete, as an inactive customer.
        moved = {name: value for name, value in moved.items() if name not in _MOVED_BY_DELETING}
        if not moved:
            return _outcome(step, Result.APPLIED, "found_done", _FOUND_DONE, now)
    if step.kind is not ChangeKind.DELETE and _is_as_meant(step.after, now, same):
        return _outcome(step, Result.APPLIED, "found_done", _FOUND_DONE, now)
    if step.kind is not ChangeKind.CREATE and not moved:
        return None
    return _outcome(step, Result.CONFLICT, "moved", _FOUND_OTHER, now)


def unanswered(of: Change | Step, message: str) -> Outcome:
    """The outcome of what may or may not have been done."""
    return _outcome(of, Result.UNKNOWN, "unanswered", message)


def _landed_nowhere(step: Step) -> Outcome | None:
    if step.kind is ChangeKind.CREATE:
        return None
    if step.kind is ChangeKind.DELETE:
        return _outcome(step, Result.APPLIED, "found_done", _FOUND_DONE)
    return _outcome(step, Result.CONFLICT, "gone", _GONE)


# What a delete changes of a customer that the server keeps.
_MOVED_BY_DELETING = frozenset({"status", "updatedAt"})

_GONE = "The customer is no longer in the account."
_MOVED = "It was changed in the account after the plan."
_FOUND_DONE = "The answer was lost on the way; the account shows that it was done."
_FOUND_OTHER = "The answer was lost on the way, and the account shows other values than were sent."


def _is_as_meant(after: Mapping[str, str], now: Row, same: Same) -> bool:
    return all(same(field, now.get(field, ""), value) for field, value in after.items())


def _moved(before: Mapping[str, str], now: Row, same: Same) -> dict[str, str]:
    """The fields whose value is no longer the one seen, of those that this read shows."""
    return {
        field: now[field]
        for field, value in before.items()
        if field in now and not same(field, now[field], value)
    }


def has_key(now: Row, key: str) -> bool:
    """Whether a customer has a referenceId, which the account may keep with spaces or decomposed."""
    return as_in_a_file(now["referenceId"]) == key


def _rekeyed(of: Change | Step, now: Row) -> Outcome:
    # To a create as well: ours is there, under another name, and a second one would double it.
    other = (
        f"another referenceId ({now['referenceId']})" if now["referenceId"] else "no referenceId"
    )
    message = f"The customer that had this referenceId ({now['id']}) has {other} now."
    return _outcome(of, Result.CONFLICT, "moved", message, now)


def _doubled(kind: ChangeKind, reference_id: str, there: Sequence[Row]) -> Outcome:
    ids = ", ".join(sorted(row["id"] for row in there))
    return Outcome(
        kind,
        reference_id,
        Result.CONFLICT,
        "doubled",
        f"{len(there)} customers of the account have this referenceId: {ids}. Merge them in WizCommerce.",
    )


def _outcome(
    of: Change | Step, result: Result, code: str, message: str, now: Row | None = None
) -> Outcome:
    return Outcome(
        kind=of.kind,
        reference_id=of.reference_id,
        result=result,
        code=code,
        message=message,
        customer_id=(now or {}).get("id") or of.customer_id,
        now=dict(now or {}) if result is Result.CONFLICT else {},
    )
