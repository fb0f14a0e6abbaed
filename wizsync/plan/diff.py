"""Desired against Snapshot: the plan. Pure.

Pair by key, then compare column by column. No step loops over all customers, and no Python object is
made for one that stays as it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from itertools import chain

from wizsync.model import (
    CUSTOMER_FIELDS,
    Account,
    Change,
    ChangeKind,
    Conflict,
    Desired,
    Plan,
    Reject,
    Rules,
    Snapshot,
)
from wizsync.plan.absent import scoped
from wizsync.plan.keys import among
from wizsync.plan.pairing import pair
from wizsync.plan.parts import (
    Comparison,
    absent_customers,
    doubled_customers,
    listed_deletes,
    new_customers,
    not_in_account,
    partly_rejected,
    same_customers,
    skipped_rows,
)
from wizsync.plan.tally import tally

_BUCKETS = 64
_KINDS = tuple(ChangeKind)


def make_plan(
    desired: Desired,
    snapshot: Snapshot,
    rules: Rules,
    *,
    account: Account,
    dialect: str,
    created: str,
    notes: Sequence[str] = (),
) -> Plan:
    """What would have to change for the account to be as the file says.

    Args:
        desired: The customers that should exist.
        snapshot: Those that do exist; complete where there may be creates.
        rules: What the mapping says.
        account: Whose customers.
        dialect: `camel` or `snake`.
        created: When, ISO 8601 UTC.
        notes: Sentences to go before the plan's own.

    Returns:
        The plan. A create's `fields` hold no referenceId: it is the Change's own.

    Raises:
        UnfitFile: The file names nobody, and absent customers would be deleted or changed.
        ValueError: The snapshot lacks what is to be compared, or the Desired contradicts itself.
    """
    _check(desired)
    pairing = pair(desired, snapshot)
    customers = scoped(desired, snapshot, rules, pairing)
    comparison = Comparison(desired, snapshot, rules, pairing)
    parts = (
        new_customers(comparison),
        same_customers(comparison),
        listed_deletes(comparison),
        skipped_rows(comparison),
        not_in_account(comparison),
        doubled_customers(comparison, customers),
        partly_rejected(comparison),
        absent_customers(comparison, customers),
    )
    changes = _ordered(chain.from_iterable(part.changes for part in parts))
    rejects = _by_row(chain(desired.rejects, *(part.rejects for part in parts)))
    conflicts = _by_key(chain.from_iterable(part.conflicts for part in parts))
    return Plan(
        created=created,
        account=account,
        dialect=dialect,
        source=desired.table.source,
        columns=desired.table.columns,
        rules=rules,
        changes=changes,
        rejects=rejects,
        conflicts=conflicts,
        absent=customers.names(snapshot, pairing),
        tally=tally(comparison, customers, parts, changes, rejects),
        notes=(
            *notes,
            *snapshot.notes,
            *customers.notes,
            *chain.from_iterable(part.notes for part in parts),
        ),
    )


def _check(desired: Desired) -> None:
    """A defect that would delete or overwrite what nobody named must not come so far."""
    if not among(desired.keys, desired.present).all():
        raise ValueError("Desired.present lacks keys of Desired.keys")
    for name in desired.customers.columns:
        if name == "referenceId" or name not in CUSTOMER_FIELDS:
            raise ValueError(f"{name} is no field of a customer that a row can set")


def _ordered(changes: Iterable[Change]) -> tuple[Change, ...]:
    """By kind, then hash bucket, then referenceId: the file's order plays no part."""
    return tuple(sorted(changes, key=lambda change: (_KINDS.index(change.kind), *_place(change))))


def _place(change: Change) -> tuple[int, str]:
    digest = hashlib.blake2b(change.reference_id.encode("utf-8"), digest_size=1).digest()
    return digest[0] % _BUCKETS, change.reference_id


def _by_row(rejects: Iterable[Reject]) -> tuple[Reject, ...]:
    return tuple(sorted(rejects, key=lambda reject: (reject.rows[0].number, reject.code)))


def _by_key(conflicts: Iterable[Conflict]) -> tuple[Conflict, ...]:
    return tuple(sorted(conflicts, key=lambda conflict: conflict.reference_id))
