"""Desired against Snapshot: the plan. Pure.

Pair by key, then compare column by column. No step loops over all customers, and no Python object is
made for one that stays as it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from wizsync.model import (
    CUSTOMER_FIELDS,
    Account,
    Attribute,
    Change,
    ChangeKind,
    Conflict,
    Desired,
    Kept,
    Plan,
    Reject,
    Rules,
    Snapshot,
    attribute_of,
)
from wizsync.plan.absent import scoped
from wizsync.plan.child_changes import child_changes
from wizsync.plan.pairing import pair
from wizsync.plan.parts import (
    Comparison,
    absent_customers,
    children_apart,
    doubled_customers,
    listed_deletes,
    new_customers,
    not_in_account,
    partly_rejected,
    same_customers,
    skipped_rows,
)
from wizsync.plan.stubborn import without_stubborn
from wizsync.plan.tally import tally
from wizsync.plan.wording import counted

_BUCKETS = 64
_KINDS = tuple(ChangeKind)


@dataclass(frozen=True, slots=True)
class Context:
    """What a plan is made for, besides what is compared.

    Args:
        account: Whose customers.
        dialect: `camel` or `snake`.
        created: When, ISO 8601 UTC.
        notes: Sentences to go before the plan's own.
        attributes: Of each entity that the mapping has attributes of, their definitions.
        names: Of the fields that hold ids and were looked up, field to id to what people call it.
        rows_before: The rows that each sheet and file had at the last run, by place.
        kept: What the account did not take as it was last sent, by referenceId and field.
    """

    account: Account
    dialect: str
    created: str
    notes: tuple[str, ...] = ()
    attributes: Mapping[str, tuple[Attribute, ...]] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    rows_before: Mapping[str, int] = field(default_factory=dict)
    kept: Mapping[tuple[str, str], Kept] = field(default_factory=dict)


def make_plan(desired: Desired, snapshot: Snapshot, rules: Rules, context: Context) -> Plan:
    """What would have to change for the account to be as the file says.

    Args:
        desired: The customers that should exist.
        snapshot: Those that do exist; complete where there may be creates.
        rules: What the mapping says.
        context: The rest.

    Returns:
        The plan. A create's `fields` hold no referenceId: it is the Change's own.

    Raises:
        UnfitFile: The file names nobody, and absent customers would be deleted or changed.
        ValueError: The snapshot lacks what is to be compared, or the Desired contradicts itself.
    """
    _check(desired)
    pairing = pair(desired, snapshot)
    customers = scoped(desired, snapshot, rules, pairing)
    children = child_changes(desired, snapshot, rules, pairing)
    comparison = Comparison(desired, snapshot, rules, pairing, children)
    parts = (
        new_customers(comparison),
        same_customers(comparison),
        children_apart(comparison),
        listed_deletes(comparison),
        skipped_rows(comparison),
        not_in_account(comparison),
        doubled_customers(comparison, customers),
        partly_rejected(comparison),
        absent_customers(comparison, customers),
    )
    compared = ordered(chain.from_iterable(part.changes for part in parts))
    changes, stubborn = without_stubborn(compared, context.kept)
    rejects = _by_row(chain(desired.rejects, *(part.rejects for part in parts)))
    conflicts = _by_key(chain.from_iterable(part.conflicts for part in parts))
    return Plan(
        created=context.created,
        account=context.account,
        dialect=context.dialect,
        source=desired.table.source,
        columns=desired.table.columns,
        rules=rules,
        changes=tuple(changes),
        rejects=rejects,
        conflicts=conflicts,
        absent=customers.names(snapshot, pairing),
        tally=replace(
            counts := tally(comparison, customers, parts, changes, rejects),
            unchanged=counts.unchanged + len(compared) - len(changes),
            shrunk=_shrunk(desired.counts, context.rows_before),
        ),
        attributes=context.attributes,
        childless={kind: some.without for kind, some in desired.children.items() if some.without},
        tables=desired.tables,
        counts=desired.counts,
        names=context.names,
        notes=(
            *context.notes,
            *snapshot.notes,
            *customers.notes,
            *chain.from_iterable(part.notes for part in parts),
            *_of_stubborn(stubborn),
        ),
    )


def _of_stubborn(left_out: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """A note on values that are not sent again and again."""
    if not left_out:
        return ()
    shown = ", ".join(f"{field} of {key}" for key, field in left_out[:_SHOWN])
    more = f" and {len(left_out) - _SHOWN:,} more" if len(left_out) > _SHOWN else ""
    note = (
        f"WizCommerce did not take {counted(len(left_out), 'value')} as last sent, and still has its own: "
        f"{shown}{more}. They are not sent again until the file or the account says something else."
    )
    return (note,)


_SHOWN = 5


def _shrunk(now: Mapping[str, int], before: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    return {
        place: (rows, before[place]) for place, rows in now.items() if rows < before.get(place, 0)
    }


def _check(desired: Desired) -> None:
    """A defect that would delete or overwrite what nobody named must not come so far."""
    if not desired.present.issuperset(desired.keys.tolist()):
        raise ValueError("Desired.present lacks keys of Desired.keys")
    for name in desired.customers.columns:
        if name == "referenceId" or (name not in CUSTOMER_FIELDS and not attribute_of(name)):
            raise ValueError(f"{name} is no field of a customer that a row can set")


def ordered(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Changes by kind, then hash bucket, then referenceId: the file's order plays no part."""
    return tuple(sorted(changes, key=lambda change: (_KINDS.index(change.kind), *_place(change))))


def _place(change: Change) -> tuple[int, str]:
    digest = hashlib.blake2b(change.reference_id.encode("utf-8"), digest_size=1).digest()
    return digest[0] % _BUCKETS, change.reference_id


def _by_row(rejects: Iterable[Reject]) -> tuple[Reject, ...]:
    return tuple(sorted(rejects, key=lambda one: (one.rows[0].place, one.rows[0].number, one.code)))


def _by_key(conflicts: Iterable[Conflict]) -> tuple[Conflict, ...]:
    return tuple(sorted(conflicts, key=lambda conflict: conflict.reference_id))
