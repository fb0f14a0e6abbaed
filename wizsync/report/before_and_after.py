"""A customer's addresses and contacts before and after a write that an account took otherwise than meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from wizsync.model import (
    CHILD_FIELDS,
    ChildKind,
    Outcome,
    attribute_of,
    children_in,
)
from wizsync.report.columns import Columns
from wizsync.report.standings import HARM, Cell


class Became(StrEnum):
    """What became of one address or contact."""

    SAME = "same"
    CHANGED = "changed"
    GONE = "gone"
    NEW = "new"
    NOT_READ = "not_read"


@dataclass(frozen=True, slots=True)
class Beside:
    """One address or contact as it was and as it is.

    Args:
        kind: What it is.
        child_id: Its id.
        name: What people call it.
        became: What became of it.
        cells: Its fields with a value on either side; `after` is the account's value after the write.
    """

    kind: ChildKind
    child_id: str
    name: str
    became: Became
    cells: tuple[Cell, ...]


def before_and_after(
    outcome: Outcome | None, columns: Mapping[ChildKind, Columns]
) -> tuple[Beside, ...]:
    """The children of a customer to which an account did otherwise than was meant; none of any other.

    Args:
        outcome: What became of the customer.
        columns: The file's columns of each kind.
    """
    if outcome is None or outcome.code != HARM:
        return ()
    return tuple(one for kind in ChildKind for one in _of_kind(kind, outcome, columns[kind]))


def _of_kind(kind: ChildKind, outcome: Outcome, columns: Columns) -> Iterator[Beside]:
    before = children_in(outcome.before, kind) or {}
    now = children_in(outcome.now, kind)
    for child_id in dict.fromkeys((*before, *(now or {}))):
        was, is_now = before.get(child_id), (now or {}).get(child_id)
        cells = tuple(_cells(kind, was or {}, is_now or {}, columns))
        if now is None:
            became = Became.NOT_READ
        elif was is None:
            became = Became.NEW
        elif is_now is None:
            became = Became.GONE
        else:
            differs = any(cell.before != cell.after for cell in cells)
            became = Became.CHANGED if differs else Became.SAME
        yield Beside(kind, child_id, _name(kind, was or is_now or {}), became, cells)


def _cells(
    kind: ChildKind, was: Mapping[str, str], is_now: Mapping[str, str], columns: Columns
) -> Iterator[Cell]:
    attributes = [name for name in {**was, **is_now} if attribute_of(name)]
    for field in (*CHILD_FIELDS[kind], *attributes, "status"):
        before, after = was.get(field, ""), is_now.get(field, "")
        if before or after:
            yield Cell(field, columns.column(field), before, after, shared=columns.is_shared(field))


def _name(kind: ChildKind, child: Mapping[str, str]) -> str:
    address = kind is ChildKind.ADDRESSES
    parts = ("addressLine1", "city") if address else ("firstName", "lastName")
    name = (", " if address else " ").join(filter(None, map(child.get, parts)))
    return name or child.get("referenceId", "")
