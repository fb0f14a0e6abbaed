"""Fields that an account does not take as they are sent: said once, and not written every night. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from wizsync.model import (
    Change,
    ChangeKind,
    ChildAction,
    ChildChange,
    ChildKind,
    FieldChange,
    Kept,
    Outcome,
    Result,
    child_field,
)

# Value by referenceId and field; a child's as `addresses[addr_1].city`.
Name = tuple[str, str]


def kept_otherwise(
    changes: Iterable[Change], outcomes: Iterable[Outcome]
) -> dict[Name, Kept | None]:
    """What an account took otherwise than it was sent; None of what it took as it was.

    Args:
        changes: What was sent.
        outcomes: What became of it.
    """
    by_key = {(one.kind, one.reference_id): one for one in outcomes}
    found: dict[Name, Kept | None] = {}
    for change in changes:
        outcome = by_key.get((change.kind, change.reference_id))
        if change.kind is ChangeKind.DELETE or outcome is None:
            continue
        if outcome.result is Result.APPLIED:
            found |= _of(change.reference_id, change.fields, outcome.differs)
        for told in outcome.children:
            if told.result is Result.APPLIED and told.child_id:
                fields = _sent(change.children, told.kind, told.reference_id, told.child_id)
                named = [
                    replace(one, field=child_field(told.kind, told.child_id, one.field))
                    for one in fields
                ]
                differs = {
                    child_field(told.kind, told.child_id, name): text
                    for name, text in told.differs.items()
                }
                found |= _of(change.reference_id, named, differs)
    return found


def _of(
    key: str, fields: Iterable[FieldChange], differs: Mapping[str, str]
) -> dict[Name, Kept | None]:
    return {
        (key, one.field): Kept(one.after, differs[one.field]) if one.field in differs else None
        for one in fields
    }


def _sent(
    children: Iterable[ChildChange], kind: ChildKind, reference_id: str, child_id: str
) -> Sequence[FieldChange]:
    for child in children:
        same = child.child_id == child_id or (
            child.child_id is None and child.reference_id == reference_id
        )
        if child.kind is kind and same and child.action is not ChildAction.REMOVE:
            return child.fields
    return ()


def without_stubborn(
    changes: Iterable[Change], kept: Mapping[Name, Kept]
) -> tuple[list[Change], list[Name]]:
    """Changes without what was sent before and is as the account then kept it.

    Args:
        changes: The changes of a comparison.
        kept: What the account did not take as it was last sent.

    Returns:
        The changes that are left, and what was left out of them.
    """
    if not kept:
        return list(changes), []
    left: list[Change] = []
    left_out: list[Name] = []
    for change in changes:
        stubborn = [name for name, one in _named(change) if kept.get(name) == _kept(one)]
        rest = _without(change, {field for _, field in stubborn}) if stubborn else change
        left_out += stubborn
        if rest.fields or rest.children or not stubborn:
            left.append(rest)
    return left, left_out


def _kept(one: FieldChange) -> Kept:
    return Kept(sent=one.after, kept=one.before)


def _named(change: Change) -> Iterator[tuple[Name, FieldChange]]:
    """The fields of an update, and of the children that it changes, by their names."""
    if change.kind is not ChangeKind.UPDATE:
        return
    for one in change.fields:
        yield (change.reference_id, one.field), one
    for child in change.children:
        if child.action is ChildAction.CHANGE:
            for one in child.fields:
                yield (change.reference_id, _field_of(child, one)), one


def _field_of(child: ChildChange, one: FieldChange) -> str:
    return child_field(child.kind, child.child_id or "", one.field)


def _without(change: Change, names: Collection[str]) -> Change:
    fields = tuple(one for one in change.fields if one.field not in names)
    children = tuple(
        replace(child, fields=tuple(f for f in child.fields if _field_of(child, f) not in names))
        for child in change.children
    )
    return replace(
        change,
        fields=fields,
        seen={one.field: one.before for one in fields},
        children=tuple(
            child for child in children if child.fields or child.action is not ChildAction.CHANGE
        ),
    )
