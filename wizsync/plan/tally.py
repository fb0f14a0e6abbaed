"""The counts of a plan. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from wizsync.model import Change, ChangeKind, ChildAction, Reject, Scope, Tally
from wizsync.plan.absent import Scoped
from wizsync.plan.changes import field_order
from wizsync.plan.parts import Comparison, Part


def tally(
    comparison: Comparison,
    customers: Scoped,
    parts: Sequence[Part],
    changes: Iterable[Change],
    rejects: Iterable[Reject],
) -> Tally:
    """The counts of a plan.

    Every customer of the file is counted once: `customers` is the sum of creates, updates (held ones
    too), deletes, unchanged, skipped, held and conflicts that are not about absent customers.

    Args:
        comparison: What was compared.
        customers: Who is in scope.
        parts: What the comparison came to.
        changes: All changes of the plan.
        rejects: All rejects of the plan, the mapping's too.
    """
    desired = comparison.desired
    unusable = {reject.key for part in parts for reject in part.rejects if reject.child is None}
    return replace(
        listed(changes, rejects),
        rows=sum(desired.counts.values())
        or len(desired.table) + sum(len(reject.rows) for reject in desired.table.broken),
        customers=len(desired) - len(unusable),
        left_out=desired.left_out,
        unchanged=sum(part.unchanged for part in parts),
        skipped=sum(part.skipped for part in parts),
        conflict=sum(len(part.conflicts) for part in parts),
        absent=len(customers.absent),
        in_scope=_in_scope(comparison, customers),
        in_account=comparison.snapshot.total if comparison.snapshot.complete else None,
        in_account_before=comparison.snapshot.total_before,
        filled_by_field=_filled(comparison, customers) | comparison.children.filled,
        children_there=comparison.children.there,
    )


# The counts that follow from what a plan lists.
LISTED = (
    "rejected",
    "create",
    "update",
    "delete",
    "rename",
    "update_held",
    "held",
    "erased",
    "erased_by_field",
    "children_add",
    "children_change",
    "children_remove",
    "children_held",
)


def listed(changes: Iterable[Change], rejects: Iterable[Reject]) -> Tally:
    """A Tally of which only the counts in LISTED are filled in."""
    kinds: Counter[str] = Counter()
    erased: Counter[str] = Counter()
    actions: Counter[str] = Counter()
    for change in changes:
        kinds[_kind(change)] += 1
        if change.kind is ChangeKind.UPDATE:
            for field in change.fields:
                if not field.after.strip():
                    erased[field.field] += 1
            for child in change.children:
                actions["held" if child.moved else child.action.value] += 1
                if child.action is ChildAction.CHANGE:
                    erased.update(
                        f"{child.kind}.{field.field}"
                        for field in child.fields
                        if not field.after.strip()
                    )
    return Tally(
        rejected=len({(row.place, row.number) for reject in rejects for row in reject.rows}),
        create=kinds[ChangeKind.CREATE.value],
        update=kinds[ChangeKind.UPDATE.value],
        delete=kinds[ChangeKind.DELETE.value],
        rename=kinds[ChangeKind.RENAME.value],
        update_held=kinds["update_held"],
        held=kinds["held"],
        erased=erased.total(),
        erased_by_field=dict(erased),
        children_add=actions[ChildAction.ADD.value],
        children_change=actions[ChildAction.CHANGE.value],
        children_remove=actions[ChildAction.REMOVE.value],
        children_held=actions["held"],
    )


def _kind(change: Change) -> str:
    """What a change is counted as."""
    if change.held_for:
        return "held"
    return "update_held" if change.only_moves else change.kind.value


def _in_scope(comparison: Comparison, customers: Scoped) -> int | None:
    if comparison.snapshot.complete:
        return int(customers.inside.sum())
    return comparison.snapshot.total if comparison.rules.scope == Scope() else None


def _filled(comparison: Comparison, customers: Scoped) -> dict[str, int]:
    """Values that customers in scope have, of the fields that the plan could erase."""
    rules = comparison.rules
    written = {*comparison.desired.customers.columns, *rules.absent.values} - rules.compare.ignore
    read = comparison.snapshot.customers
    return {
        field: int((read[field].fillna("") != "").to_numpy(bool)[customers.inside].sum())
        for field in field_order(list(written))
        if field in read
    }
