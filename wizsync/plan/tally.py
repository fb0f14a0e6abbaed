"""The counts of a plan. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from wizsync.model import Change, ChangeKind, Reject, Scope, Tally
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

    Every customer of the file is counted once: `customers` is the sum of creates, updates, deletes,
    unchanged, skipped, held and conflicts that are not about absent customers.

    Args:
        comparison: What was compared.
        customers: Who is in scope.
        parts: What the comparison came to.
        changes: All changes of the plan.
        rejects: All rejects of the plan, the mapping's too.
    """
    desired = comparison.desired
    kinds = Counter("held" if change.held_for else change.kind.value for change in changes)
    erased = Counter(
        field.field
        for change in changes
        if change.kind is ChangeKind.UPDATE
        for field in change.fields
        if not field.after.strip()
    )
    unusable = {reject.key for part in parts for reject in part.rejects}
    return Tally(
        rows=len(desired.table) + sum(len(reject.rows) for reject in desired.table.broken),
        customers=len(desired) - len(unusable),
        rejected=len({row.number for reject in rejects for row in reject.rows}),
        left_out=desired.left_out,
        create=kinds[ChangeKind.CREATE.value],
        update=kinds[ChangeKind.UPDATE.value],
        delete=kinds[ChangeKind.DELETE.value],
        rename=kinds[ChangeKind.RENAME.value],
        unchanged=sum(part.unchanged for part in parts),
        skipped=sum(part.skipped for part in parts),
        held=kinds["held"],
        conflict=sum(len(part.conflicts) for part in parts),
        erased=erased.total(),
        absent=len(customers.absent),
        in_scope=_in_scope(comparison, customers),
        erased_by_field=dict(erased),
        filled_by_field=_filled(comparison, customers),
    )


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
