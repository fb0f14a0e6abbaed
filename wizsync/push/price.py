"""How many requests it takes to send changes, if none fails. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from wizsync.model import CUSTOMER_FIELDS, Change, ChangeKind, ChildAction
from wizsync.push.steps import fields_to_read, read_whole


def price(changes: Sequence[Change], *, batch: int, statuses: int, in_lists: bool) -> int:
    """The looks before writing, the writes, and the last look at whom they created.

    Args:
        changes: The changes.
        batch: How many are looked up at once.
        statuses: How many lists a look-up asks.
        in_lists: Addresses and contacts go in their customer's update.
    """
    creates = sum(change.kind is ChangeKind.CREATE for change in changes)
    looks = -(-len(changes) // batch) + -(-creates // batch)
    return looks * statuses + sum(_of_one(change, in_lists=in_lists) for change in changes)


def _of_one(change: Change, *, in_lists: bool) -> int:
    if change.kind is ChangeKind.CREATE:
        return 1
    looked_at = read_whole(change) or any(
        name not in CUSTOMER_FIELDS or not CUSTOMER_FIELDS[name].summary
        for name in fields_to_read(change)
    )
    if change.kind is ChangeKind.DELETE:
        return looked_at + 1
    apart = [c for c in change.children if not in_lists or c.action is ChildAction.REMOVE]
    updates = bool(change.fields) or len(apart) < len(change.children)
    return looked_at + updates + len(apart)
