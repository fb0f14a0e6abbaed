"""Changes, built from columns: Python objects only for the customers that change. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from wizsync.model import (
    ATTRIBUTES,
    CUSTOMER_FIELDS,
    LIST_SEPARATOR,
    Change,
    ChangeKind,
    ChildChange,
    Desired,
    FieldChange,
    FieldKind,
    LookAlike,
    Mode,
    Reject,
    Rules,
    Snapshot,
    SourceRow,
    Write,
    attribute_of,
    kind_of_field,
)
from wizsync.plan.equality import differs

Positions = npt.NDArray[np.intp]
Objects = npt.NDArray[np.object_]
Rows = Sequence[tuple[SourceRow, ...]]


def field_order(names: Iterable[str]) -> list[str]:
    """The names in the order of CUSTOMER_FIELDS, then attributes; referenceId never changes and is out."""
    names = list(names)
    attributes = sorted(name for name in names if attribute_of(name))
    return [
        name for name in CUSTOMER_FIELDS if name in names and name != "referenceId"
    ] + attributes


# --- updates ------------------------------------------------------------------------------------


def moves(
    wanted: pd.DataFrame, snapshot: Snapshot, found: Positions, rules: Rules
) -> dict[int, list[FieldChange]]:
    """What differs between what is wanted and what is, field by field.

    Args:
        wanted: A column for each field (n rows): missing keep, "" clear, else set.
        snapshot: The account.
        found: Whom each is compared with, by position in its customers (n,); -1: with nobody.
        rules: How the mapping bends comparing, and when it writes: what it ignores, or writes only to new
            customers, is not looked at; what it writes only if empty counts where it is.

    Returns:
        0…n-1 to the fields that differ, in the order of CUSTOMER_FIELDS; who agrees is left out.

    Raises:
        ValueError: A field that is wanted was not read.
    """
    moved: dict[int, list[FieldChange]] = {}
    compare = rules.compare
    concerned = found >= 0
    if not concerned.any():
        return moved
    for field in field_order(wanted.columns):
        if field in compare.ignore or rules.write.get(field) is Write.ON_CREATE:
            continue
        after = wanted[field]
        asked = concerned & after.notna().to_numpy(bool)
        if not asked.any():
            continue
        before = values_read(snapshot, field, found, asked)
        unlike = np.flatnonzero(differs(field, before, after, compare, asked))
        old, new = before.iloc[unlike], after.iloc[unlike]
        if rules.write.get(field) is Write.IF_EMPTY:
            empty = (old.str.strip() == "").to_numpy(bool)
            unlike, old, new = unlike[empty], old[empty], new[empty]
        for one, was, is_to_be in zip(unlike.tolist(), old.tolist(), new.tolist(), strict=True):
            change = FieldChange(field, was, as_sent(field, is_to_be))
            moved.setdefault(one, []).append(change)
    return moved


def as_sent(field: str, value: str) -> str:
    """The file's value as it is; but of ids none twice, and none with the spaces or line ends beside it."""
    if kind_of_field(field) is not FieldKind.IDS:
        return value
    ids = (one.strip() for one in value.split(LIST_SEPARATOR))
    return LIST_SEPARATOR.join(dict.fromkeys(one for one in ids if one))


def values_read(
    snapshot: Snapshot, field: str, at: Positions, asked: npt.NDArray[np.bool_]
) -> pd.Series[str]:
    """A field of some of the account's customers.

    Args:
        snapshot: The account; at least one customer.
        field: The field.
        at: The customers by position (n,).
        asked: bool (n,), whom it is asked of; of the others the values are anything.

    Raises:
        ValueError: It was not read for all of whom it is asked.
    """
    if field in snapshot.customers:
        known = snapshot.customers[field]
    elif attribute_of(field) and ATTRIBUTES in snapshot.customers:
        # Nobody has it.
        known = snapshot.customers[ATTRIBUTES]
    else:
        raise ValueError(f"the snapshot lacks {field}, which is to be compared")
    values = known.iloc[at]
    unread = int((values.isna().to_numpy(bool) & asked).sum())
    if unread:
        raise ValueError(
            f"the snapshot lacks {field} of {unread} customers for whom it is to be compared"
        )
    return values


def update_changes(
    moved: Sequence[Sequence[FieldChange]],
    keys: Sequence[str],
    snapshot: Snapshot,
    found_at: Positions,
    rows: Rows | None,
    children: Sequence[Sequence[ChildChange]] | None = None,
) -> Iterator[Change]:
    """Updates.

    Args:
        moved: What differs (k).
        keys: Whose it is (k).
        snapshot: The account.
        found_at: Their positions in it (k).
        rows: Their rows (k); None for absent ones.
        children: What happens to their children (k); None: nothing.
    """
    ids = snapshot.customers["id"].iloc[found_at]
    names = company_names(snapshot, found_at)
    for number, (fields, key, customer_id, name) in enumerate(
        zip(moved, keys, ids, names, strict=True)
    ):
        new_name = next((field.after for field in fields if field.field == "companyName"), "")
        yield Change(
            ChangeKind.UPDATE,
            key,
            customer_id,
            new_name or name,
            tuple(fields),
            rows=rows[number] if rows is not None else (),
            absent=rows is None,
            seen={field.field: field.before for field in fields},
            children=tuple(children[number]) if children is not None else (),
        )


def company_names(snapshot: Snapshot, at: Positions) -> list[str]:
    """The names of some of the account's customers, "" where they were not read."""
    if "companyName" not in snapshot.customers:
        return [""] * len(at)
    return list(snapshot.customers["companyName"].iloc[at].fillna(""))


# --- deletes ------------------------------------------------------------------------------------


def delete_changes(
    keys: Sequence[str], snapshot: Snapshot, at: Positions, rows: Rows | None
) -> Iterator[Change]:
    """Deletes of customers, with everything that was read of them.

    Args:
        keys: Their keys (k).
        snapshot: The account.
        at: Their positions in it (k,).
        rows: Their rows (k); None for absent ones.
    """
    customers = snapshot.customers.iloc[at]
    fields = field_order(customers.columns)
    names = company_names(snapshot, at)
    looked_at = (*fields, "status", "updatedAt")
    columns = [customers[name].array for name in looked_at]
    for number, (key, customer_id, name, values) in enumerate(
        zip(keys, customers["id"], names, zip(*columns, strict=True), strict=True)
    ):
        read = dict(zip(looked_at, values, strict=True))
        seen = {field: value for field, value in read.items() if not pd.isna(value)}
        yield Change(
            ChangeKind.DELETE,
            key,
            customer_id,
            name,
            tuple(FieldChange(field, seen[field], "") for field in fields if seen.get(field)),
            rows=rows[number] if rows is not None else (),
            absent=rows is None,
            seen=seen,
        )


# --- creates ------------------------------------------------------------------------------------


class CreateChanges(NamedTuple):
    """New customers.

    Args:
        changes: Those that can be sent, held ones among them.
        rejects: Those that lack what a create needs.
        left_out: Field to how many creates go without it, because a create cannot carry it.
    """

    changes: tuple[Change, ...]
    rejects: tuple[Reject, ...]
    left_out: Mapping[str, int]


def create_changes(
    desired: Desired,
    at: Positions,
    rules: Rules,
    held: Mapping[int, tuple[LookAlike, ...]],
    rows: Rows,
    children: Mapping[int, Sequence[ChildChange]],
) -> CreateChanges:
    """Creates: the file's values, else the mapping's defaults; what is blank is not sent.

    Args:
        desired: The customers.
        at: Positions of the new ones (k,).
        rules: For what is required, and the names of columns.
        held: 0…k-1 to whom a new one looks like.
        rows: Their rows (k).
        children: Position in `Desired.keys` to the addresses and contacts that one begins with.
    """
    keys = list(desired.keys.array.take(at))
    values = values_of_new(desired, at)
    lacking = lacks(values, rules, len(at))
    rejects = [
        lacks_required(name, rules, rows[one], keys[one])
        for name, positions in lacking.items()
        for one in positions
    ]
    sent = np.setdiff1d(np.arange(len(at)), [*chain.from_iterable(lacking.values())])
    columns = {name: column[sent] for name, column in values.items()}
    left_out = {
        name: int((columns.pop(name) != "").sum())
        for name in list(columns)
        if name in CUSTOMER_FIELDS and not CUSTOMER_FIELDS[name].on_create
    }
    changes = tuple(
        replace(
            _create(
                keys[one], dict(zip(columns, cells, strict=True)), rows[one], held.get(one, ())
            ),
            children=tuple(children.get(int(at[one]), ())),
        )
        for one, cells in zip(sent.tolist(), zip(*columns.values(), strict=True), strict=True)
    )
    return CreateChanges(
        changes, tuple(rejects), {name: number for name, number in left_out.items() if number}
    )


def values_of_new(desired: Desired, at: Positions) -> dict[str, Objects]:
    """What some customers would be created with: field to values (k), "" for none."""
    return {
        name: _value_or_default(desired, name, at)
        for name in field_order(desired.customers.columns)
    }


def unfit_for_new(desired: Desired, rules: Rules) -> dict[str, list[str]]:
    """Which customers could not be created, should the account turn out to lack them.

    Returns:
        Field to the keys of those who lack it.
    """
    may_create = desired.actions.isin([Mode.CREATE.value, Mode.UPSERT.value]).to_numpy(bool)
    at = np.flatnonzero(may_create)
    keys = desired.keys.array.take(at)
    lacking = lacks(values_of_new(desired, at), rules, len(at))
    return {name: list(keys.take(positions)) for name, positions in lacking.items()}


def lacks(values: Mapping[str, Objects], rules: Rules, number: int) -> dict[str, list[int]]:
    """Which new customers lack what they cannot be without, by WizCommerce or by the mapping.

    Args:
        values: As of `values_of_new`.
        rules: Their `required` says what the mapping asks for.
        number: How many customers they are.

    Returns:
        Field to the positions of those who lack it; fields that nobody lacks are left out.
    """
    found = {}
    for name in field_order([*CUSTOMER_FIELDS]):
        if CUSTOMER_FIELDS[name].required or name in rules.required:
            empty = values[name] == "" if name in values else np.ones(number, dtype=bool)
            found[name] = np.flatnonzero(empty).tolist()
    return {name: positions for name, positions in found.items() if positions}


def _value_or_default(desired: Desired, name: str, at: Positions) -> Objects:
    values = _blank_as_empty(desired.customers[name], at)
    if name in desired.defaults:
        empty = values == ""
        values[empty] = _blank_as_empty(desired.defaults[name], at[empty])
    return values


def _blank_as_empty(column: pd.Series[str], at: Positions) -> Objects:
    values = column.iloc[at].fillna("")
    return values.where(values.str.strip() != "", "").to_numpy(object, copy=True)


def _create(
    key: str, values: Mapping[str, str], rows: tuple[SourceRow, ...], held: tuple[LookAlike, ...]
) -> Change:
    fields = tuple(
        FieldChange(name, "", as_sent(name, value)) for name, value in values.items() if value
    )
    return Change(
        ChangeKind.CREATE, key, None, values["companyName"], fields, rows=rows, held_for=held
    )


def lacks_required(name: str, rules: Rules, rows: tuple[SourceRow, ...], key: str) -> Reject:
    """The reject of a customer that would be without a field that none can be without."""
    column = rules.columns.get(name)
    if column:
        message = f'"{column}" is empty, and a customer needs it as its {name}'
        hint = f'Fill in "{column}", or give {name} a default in the mapping.'
        return Reject("required", message, hint, rows, column=column, value="", key=key)
    message = f"A new customer needs a {name}, and the mapping gives it none"
    return Reject("required", message, f"Add {name} to the mapping.", rows, key=key)
