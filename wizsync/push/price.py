"""How many requests it takes to send changes, if none fails. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from wizsync.model import CUSTOMER_FIELDS, Change, ChangeKind, ChildAction, ChildChange
from wizsync.push.steps import fields_to_read, read_whole


def price(changes: Sequence[Change], *, batch: int, statuses: int, in_lists: bool) -> int:
    """The looks before writing, the writes, and the looks at what became of them.

    Args:
        changes: The changes.
        batch: How many are looked up at once.
        statuses: How many lists a look-up asks.
        in_lists: Addresses and contacts go in their customer's update.
    """
    kinds = Counter(change.kind for change in changes)
    # A look-up is for changes of one kind; whom the run created is looked up once more at its end.
    looks = [*kinds.values(), kinds[ChangeKind.CREATE]]
    look_ups = statuses * sum(-(-number // batch) for number in looks)
    first_ones = {child.action for change in changes for child in _apart(change, in_lists=in_lists)}
    return look_ups + len(first_ones) + sum(_of_one(one, in_lists=in_lists) for one in changes)


def _of_one(change: Change, *, in_lists: bool) -> int:
    if change.kind is ChangeKind.CREATE:
        return 1
    looked_at = read_whole(change) or any(
        name not in CUSTOMER_FIELDS or not CUSTOMER_FIELDS[name].summary
        for name in fields_to_read(change)
    )
    if change.kind is ChangeKind.DELETE:
        return looked_at + 1
    apart = _apart(change, in_lists=in_lists)
    updates = bool(change.fields) or len(apart) < len(change.children)
    return looked_at + updates + len(apart)


def _apart(change: Change, *, in_lists: bool) -> list[ChildChange]:
    """The addresses and contacts that are written by requests of their own."""
    if change.kind in (ChangeKind.CREATE, ChangeKind.DELETE):
        return []
    return [c for c in change.children if not in_lists or c.action is ChildAction.REMOVE]
