"""The parts of a plan, one function for each fate of a row, and one for who is absent. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from wizsync.model import (
    CUSTOMER_FIELDS,
    AbsentPolicy,
    Change,
    Conflict,
    Desired,
    FieldChange,
    Reject,
    Rules,
    Snapshot,
    SourceRow,
)
from wizsync.plan.absent import Scoped, policy_of
from wizsync.plan.changes import (
    create_changes,
    delete_changes,
    lacks_required,
    moves,
    update_changes,
)
from wizsync.plan.child_changes import ChildParts
from wizsync.plan.keys import among
from wizsync.plan.look_alikes import look_alikes, twins
from wizsync.plan.pairing import Fate, Pairing
from wizsync.plan.source_rows import source_rows
from wizsync.plan.wording import counted


@dataclass(frozen=True)
class Comparison:
    """What is compared: both sides, what the mapping says, who is who, and what becomes of children."""

    desired: Desired
    snapshot: Snapshot
    rules: Rules
    pairing: Pairing
    children: ChildParts

    def keys(self, at: npt.NDArray[np.intp]) -> list[str]:
        """The keys of some rows."""
        return list(self.desired.keys.array.take(at))

    def rows(self, at: npt.NDArray[np.intp]) -> list[tuple[SourceRow, ...]]:
        """The file's rows of some customers."""
        return source_rows(self.desired, at)

    def rows_of_children(self, customers: Sequence[int]) -> dict[int, tuple[SourceRow, ...]]:
        """The file's rows of some customers' addresses and contacts."""
        found: dict[int, list[SourceRow]] = {customer: [] for customer in customers}
        for children in self.desired.children.values():
            for at in np.flatnonzero(np.isin(children.customers, customers)).tolist():
                found[int(children.customers[at])] += children.rows[at]
        return {customer: tuple(rows) for customer, rows in found.items()}


@dataclass(frozen=True)
class Part:
    """What one fate adds to a plan.

    Args:
        unchanged: Customers that agree.
        skipped: Customers that the mode does not apply to.
    """

    changes: tuple[Change, ...] = ()
    rejects: tuple[Reject, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    notes: tuple[str, ...] = ()
    unchanged: int = 0
    skipped: int = 0


# --- new ----------------------------------------------------------------------------------------


def new_customers(comparison: Comparison) -> Part:
    """Creates: of keys that the account lacks.

    Raises:
        ValueError: The snapshot is not complete, so that nobody knows whom they look like.
    """
    desired, snapshot = comparison.desired, comparison.snapshot
    at = comparison.pairing.rows(Fate.CREATE)
    if len(at) == 0:
        return Part()
    if not snapshot.complete:
        raise ValueError(f"{len(at)} creates cannot be planned on a snapshot that is not complete")
    keys = desired.keys.iloc[at]
    held = look_alikes(_telling(comparison, at), keys, snapshot, comparison.pairing.keys)
    rows = comparison.rows(at)
    changes, rejects, left_out = create_changes(
        desired, at, comparison.rules, held, rows, comparison.children.changes
    )
    notes = tuple(
        f"{field} cannot be part of a create: of {counted(number, 'new customer')} it is left out, "
        "and written by a later run that updates."
        for field, number in left_out.items()
    )
    return Part(changes, rejects, notes=(*notes, *_twins(changes)))


def _twins(changes: Sequence[Change]) -> tuple[str, ...]:
    """A note on new customers who may be one and the same, written in two ways."""
    keys = pd.Series([change.reference_id for change in changes], dtype="str")
    found = twins(keys)
    if not found:
        return ()
    shown = "; ".join(" and ".join(group) for group in found[:_SHOWN])
    more = f"; and {len(found) - _SHOWN:,} more" if len(found) > _SHOWN else ""
    note = (
        "The file has new customers whose codes differ only by case, punctuation, spaces or leading zeros: "
        f"{shown}{more}. If they are the same customer, give its rows one code."
    )
    return (note,)


_SHOWN = 5


def _telling(comparison: Comparison, at: npt.NDArray[np.intp]) -> pd.DataFrame:
    """The e-mails and phones of new customers; what is the same for all tells nobody apart."""
    columns = comparison.rules.columns
    fields = [
        name
        for name in ("email", "phone")
        if name in comparison.desired.customers and columns.get(name) != ""
    ]
    return comparison.desired.customers[fields].iloc[at]


# --- in both ------------------------------------------------------------------------------------


def same_customers(comparison: Comparison) -> Part:
    """Updates: of what differs between a customer of the file and the same one of the account."""
    desired, snapshot, rules = comparison.desired, comparison.snapshot, comparison.rules
    compared = comparison.pairing.fates == Fate.COMPARE
    found = np.where(compared, comparison.pairing.found, -1)
    moved = moves(desired.customers, snapshot, found, rules)
    nameless, rejects = _nameless(comparison, moved)
    for one in comparison.children.changes:
        if compared[one] and one not in nameless:
            moved.setdefault(one, [])
    changed = np.array(list(moved), dtype=np.intp)
    changes = update_changes(
        list(moved.values()),
        comparison.keys(changed),
        snapshot,
        found[changed],
        comparison.rows(changed),
        [comparison.children.changes.get(one, ()) for one in moved],
    )
    return Part(
        tuple(changes),
        rejects,
        notes=_inactive(snapshot, found[compared]),
        unchanged=int(compared.sum()) - len(changed) - len(nameless),
    )


def _nameless(
    comparison: Comparison, moved: dict[int, list[FieldChange]]
) -> tuple[set[int], tuple[Reject, ...]]:
    """Take out, and reject, updates that would empty what no customer can be without."""
    emptied = [
        (one, field.field)
        for one, fields in moved.items()
        for field in fields
        if field.field in CUSTOMER_FIELDS
        and CUSTOMER_FIELDS[field.field].required
        and not field.after.strip()
    ]
    positions = np.array([one for one, _ in emptied], dtype=np.intp)
    rows, keys = comparison.rows(positions), comparison.keys(positions)
    for one, _ in emptied:
        moved.pop(one, None)
    rejects = (
        lacks_required(field, comparison.rules, of, key)
        for (_, field), of, key in zip(emptied, rows, keys, strict=True)
    )
    return set(positions.tolist()), tuple(rejects)


_NAMED = 5  # of the customers that a note is about


def _inactive(snapshot: Snapshot, found: npt.NDArray[np.intp]) -> tuple[str, ...]:
    inactive = (snapshot.customers["status"] == "inactive").to_numpy(bool)[found]
    keys = snapshot.customers["referenceId"].iloc[found[inactive]]
    if keys.empty:
        return ()
    are = "is" if len(keys) == 1 else "are"
    named = ", ".join(sorted(keys)[:_NAMED]) + (", …" if len(keys) > _NAMED else "")
    note = (
        f"{counted(len(keys), 'customer')} of the file {are} inactive in the account ({named}): compared and "
        "updated like the others, but nobody can be made active through the API."
    )
    return (note,)


def children_apart(comparison: Comparison) -> Part:
    """Rejects of addresses and contacts, and a note on those that seem to move between customers."""
    parts = comparison.children
    held = sum(bool(change.moved) for some in parts.changes.values() for change in some)
    note = (
        f"{counted(held, 'change')} to addresses and contacts: held, since the same one leaves one "
        "customer and comes to another. Look at them in the report; they are written with "
        f"--allow child_moves={held} only."
    )
    return Part(rejects=tuple(parts.rejects), notes=(note,) if held else ())


# --- deletes, and rows that come to nothing -----------------------------------------------------


def listed_deletes(comparison: Comparison) -> Part:
    """Deletes of customers that the file names to be deleted; none while a key cannot be read."""
    at = comparison.pairing.rows(Fate.DELETE)
    unread = comparison.desired.keys_unread
    if unread and len(at):
        note = (
            f"Nothing is deleted: the referenceId of {counted(unread, 'row')} cannot be read. "
            f"Listed for deletion, and left alone: {counted(len(at), 'customer')}."
        )
        return Part(notes=(note,), skipped=len(at))
    found = comparison.pairing.found[at]
    changes = delete_changes(comparison.keys(at), comparison.snapshot, found, comparison.rows(at))
    return Part(tuple(changes))


def skipped_rows(comparison: Comparison) -> Part:
    """Rows that the mode does not apply to."""
    return Part(skipped=len(comparison.pairing.rows(Fate.SKIP)))


def not_in_account(comparison: Comparison) -> Part:
    """Rejects: updates of customers that do not exist."""
    at = comparison.pairing.rows(Fate.NOT_IN_ACCOUNT)
    # A customer without a row of its own is here for those of its addresses or contacts.
    own = comparison.rows(at)
    others = comparison.rows_of_children(
        [one for one, rows in zip(at.tolist(), own, strict=True) if not rows]
    )
    every = [rows or others[one] for one, rows in zip(at.tolist(), own, strict=True)]
    return Part(
        rejects=tuple(
            Reject(
                code="not_in_account",
                message="No customer of the account has this referenceId, so there is nothing to update",
                hint="Correct the referenceId; or, if the customer is new, let the row create it "
                "(`mode: upsert`).",
                rows=rows,
                column=comparison.rules.columns.get("referenceId") or None,
                value=key,
                key=key,
            )
            for key, rows in zip(comparison.keys(at), every, strict=True)
        )
    )


def partly_rejected(comparison: Comparison) -> Part:
    """Rejects: what is left of customers of whom another row cannot be used."""
    at = comparison.pairing.rows(Fate.PARTLY_REJECTED)
    return Part(
        rejects=tuple(
            Reject(
                code="other_row_rejected",
                message="Another row of the same customer cannot be used",
                hint="Mend the other row; both are used together.",
                rows=rows,
                key=key,
            )
            for key, rows in zip(comparison.keys(at), comparison.rows(at), strict=True)
        )
    )


def doubled_customers(comparison: Comparison, customers: Scoped) -> Part:
    """Conflicts: keys that two customers of the account have."""
    at = comparison.pairing.rows(Fate.DOUBLED)
    rows = dict(zip(comparison.keys(at), comparison.rows(at), strict=True))
    keys = comparison.pairing.keys
    concerned = among(keys, [*rows, *keys.iloc[customers.doubled]]) & comparison.pairing.doubled
    ids = comparison.snapshot.customers["id"][concerned].groupby(keys[concerned])
    return Part(
        conflicts=tuple(
            Conflict(
                reference_id=str(key),
                customer_ids=tuple(sorted(group)),
                message=f"{len(group)} customers of the account have this referenceId: "
                f"{' and '.join(sorted(group))}",
                rows=rows.get(key, ()),
            )
            for key, group in ids
        )
    )


# --- absent -------------------------------------------------------------------------------------


def absent_customers(comparison: Comparison, customers: Scoped) -> Part:
    """Deletes or updates of customers that the file does not name, as the mapping says."""
    desired, snapshot, rules = comparison.desired, comparison.snapshot, comparison.rules
    at = customers.touchable
    keys = comparison.pairing.keys
    policy = policy_of(desired, rules)
    if policy is AbsentPolicy.DELETE:
        return Part(tuple(delete_changes(list(keys.iloc[at]), snapshot, at, None)))
    if policy is AbsentPolicy.SET:
        wanted = pd.DataFrame(dict(rules.absent.values), index=range(len(at)), dtype="str")
        moved = moves(wanted, snapshot, at, rules)
        changed = at[np.array(list(moved), dtype=np.intp)]
        return Part(
            tuple(
                update_changes(
                    list(moved.values()), list(keys.iloc[changed]), snapshot, changed, None
                )
            )
        )
    return Part()
