"""A Change as the requests that carry it out, built on the customer as it is right now. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from wizsync.model import Change, ChangeKind, ChildAction, ChildKind, attribute_of
from wizsync.push.children import Left, in_order, left_of, own_steps, whole_lists
from wizsync.push.reader import Row, Same
from wizsync.state.protocol import ChildTarget, Step

Lists = Mapping[ChildKind, tuple[Row, ...]]
NO_LISTS: Lists = MappingProxyType({})


def fields_to_read(change: Change) -> set[str]:
    """The fields to look at before a change is sent; a delete looks at whatever the lists show."""
    if change.kind is ChangeKind.DELETE:
        return set()
    return {field.field for field in change.fields} | {
        child.kind.value for child in change.children
    }


def read_whole(change: Change) -> bool:
    """Whether everything about its customer is read right before it is sent.

    Children are written on top of what is there; and what goes with a deleted customer can be put back only
    if somebody has kept it.
    """
    return change.kind is ChangeKind.DELETE or bool(change.children)


def steps_of(
    change: Change, now: Row | None, same: Same, *, in_lists: bool, overwrite: bool = False
) -> list[Step]:
    """The requests that are left of a change, in their order, not yet numbered.

    Args:
        change: The change; what the customer is now does not forbid it.
        now: The customer; None for a create.
        same: How values are compared.
        in_lists: Children go in complete lists inside the customer's update, and not one by one; they are
            removed one by one even then.
        overwrite: Children that were changed after the plan are changed all the same.
    """
    if now is None or change.kind is ChangeKind.CREATE:
        return [_create(change)]
    if change.kind is ChangeKind.DELETE:
        return [_step(change, {}, before=now)]
    left = [
        child
        for child in change.children
        if left_of(child, now, same, overwrite=overwrite) is Left.ALL
    ]
    lists: Lists = whole_lists(in_order(left), now) if in_lists else NO_LISTS
    if in_lists:
        left = [child for child in left if child.action is ChildAction.REMOVE]
    after = _own_fields(change, now, same)
    steps = []
    if after or lists:
        steps.append(_step(change, after, lists=lists, before=_before(now, after, lists)))
    return steps + [
        _step(change, fields, child=target, before=before)
        for target, fields, before in own_steps(left, now)
    ]


def _before(now: Row, after: Row, lists: Lists) -> dict[str, str]:
    """What a customer has now of what an update writes."""
    return {name: now.get(name, "") for name in after} | {
        name: text
        for name, text in now.items()
        if any(name == kind or name.startswith(f"{kind}[") for kind in lists)
    }


def _create(change: Change) -> Step:
    lists = {
        kind: tuple(
            {field.field: field.after for field in child.fields}
            for child in change.children
            if child.kind is kind
        )
        for kind in ChildKind
        if any(child.kind is kind for child in change.children)
    }
    after = {field.field: field.after for field in change.fields}
    return _step(change, after, before={}, lists=lists)


def _own_fields(change: Change, now: Row, same: Same) -> dict[str, str]:
    """The customer's own fields that are to be sent; none where all are as they should be."""
    after = {field.field: field.after for field in change.fields}
    if all(same(name, now.get(name, ""), text) for name, text in after.items()):
        return {}
    if any(attribute_of(name) for name in after):
        # Whether attributes are merged or replaced is not documented: those that stay go along.
        kept = {name: text for name, text in now.items() if attribute_of(name) and text}
        after = {**kept, **after}
    return after


def _step(
    change: Change,
    after: Row,
    *,
    before: Row,
    child: ChildTarget | None = None,
    lists: Lists = NO_LISTS,
) -> Step:
    return Step(
        number=0,
        kind=change.kind,
        reference_id=change.reference_id,
        customer_id=change.customer_id,
        after=after,
        before=dict(before),
        intended=0.0,
        child=child,
        lists=lists,
    )
