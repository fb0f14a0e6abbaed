"""What is to happen to addresses and contacts: added, changed, removed, or held. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from wizsync.model import (
    CHILD_FIELDS,
    ChildAction,
    ChildChange,
    ChildKind,
    Children,
    Compare,
    Desired,
    FieldChange,
    Reject,
    Rules,
    Snapshot,
    Write,
    attribute_of,
)
from wizsync.plan.child_pairing import ChildPairs, content_form, pair_children
from wizsync.plan.equality import differs
from wizsync.plan.pairing import Fate, Pairing

Positions = npt.NDArray[np.intp]

_PLAIN = Compare()


@dataclass
class ChildParts:
    """What children add to a plan.

    Args:
        changes: Position of a customer in `Desired.keys` to what happens to its children.
        rejects: Children that cannot be used.
        there: Children with a referenceId among those of whom some may be removed.
        filled: Field, such as `addresses.city`, to the filled values that children of customers of the
            file have.
        notes: A sentence each.
    """

    changes: dict[int, list[ChildChange]] = field(default_factory=lambda: defaultdict(list))
    rejects: list[Reject] = field(default_factory=list)
    there: int = 0
    filled: dict[str, int] = field(default_factory=dict)


def child_changes(
    desired: Desired, snapshot: Snapshot, rules: Rules, pairing: Pairing
) -> ChildParts:
    """Compare children with those of the same customers in the account; those of new ones are added.

    Raises:
        ValueError: The children of somebody of whom they are to be compared were not read.
    """
    parts = ChildParts()
    for kind, children in desired.children.items():
        _Comparison(kind, children, desired, snapshot, rules, pairing).add_to(parts)
    _hold_moves(parts, desired)
    return parts


@dataclass(frozen=True)
class _Comparison:
    """The children of one kind, on both sides."""

    kind: ChildKind
    children: Children
    desired: Desired
    snapshot: Snapshot
    rules: Rules
    pairing: Pairing

    def add_to(self, parts: ChildParts) -> None:
        fates = self.pairing.fates
        existing = np.flatnonzero(fates[self.children.customers] == Fate.COMPARE)
        compared = np.flatnonzero(fates == Fate.COMPARE)
        there, there_of = self._of_customers(compared)
        pairs = pair_children(
            self.kind,
            self.children.fields.iloc[existing],
            self.children.customers[existing],
            there,
            there_of,
        )
        rejected = [self._unclear(int(at)) for at in existing[pairs.unclear]]
        matched = pairs.found >= 0
        found = np.full(len(self.children), -1, dtype=np.intp)
        found[existing] = pairs.found
        rejected += self._changes(there, found, parts)
        added = [
            *existing[~matched & ~pairs.unclear],
            *np.flatnonzero(fates[self.children.customers] == Fate.CREATE),
        ]
        rejected += self._additions(np.array(added, dtype=np.intp), parts)
        parts.rejects += rejected
        self._removals(there, there_of, pairs, {reject.key for reject in rejected}, parts)
        names = [name for name in self.children.fields if name in there and name != "id"]
        parts.filled |= {
            f"{self.kind}.{name}": int((there[name].fillna("") != "")[there_of >= 0].sum())
            for name in names
        }

    def _of_customers(self, compared: Positions) -> tuple[pd.DataFrame, Positions]:
        """The account's children, and whose they are by position in `Desired.keys` (-1: of nobody)."""
        there = self.snapshot.children.get(self.kind, pd.DataFrame())
        found = self.pairing.found[compared]
        self._check_read(found)
        if there.empty:
            return there, np.array([], dtype=np.intp)
        ids = pd.Index(self.snapshot.customers["id"].iloc[found])
        at = ids.get_indexer(pd.Index(there["customer"]))
        return there, np.where(at >= 0, compared[at], -1) if len(compared) else np.full(
            len(there), -1
        )

    def _check_read(self, found: Positions) -> None:
        read = self.snapshot.customers.get(self.kind.value)
        unread = len(found) if read is None else int(read.iloc[found].isna().sum())
        if unread:
            raise ValueError(f"the snapshot lacks the {self.kind} of {unread} customers")

    def _names(self) -> list[str]:
        """The mapped fields in the order of CHILD_FIELDS, attributes last."""
        mapped = self.children.fields.columns
        plain = [name for name in CHILD_FIELDS[self.kind] if name in mapped]
        return plain + [name for name in mapped if attribute_of(name)]

    # --- changed --------------------------------------------------------------------------------

    def _changes(self, there: pd.DataFrame, found: Positions, parts: ChildParts) -> list[Reject]:
        moved = self._moved(there, found)
        rejects = []
        theirs = _records(there, found[list(moved)])
        own = self._own_references(list(moved))
        for (position, fields), known, reference in zip(moved.items(), theirs, own, strict=True):
            emptied = next(
                (f.field for f in fields if self._needs(f.field) and not f.after.strip()), ""
            )
            if emptied:
                rejects.append(self._lacks(position, emptied))
                continue
            parts.changes[int(self.children.customers[position])].append(
                ChildChange(
                    self.kind,
                    ChildAction.CHANGE,
                    reference or known["referenceId"],
                    known["id"],
                    child_name(self.kind, known),
                    tuple(fields),
                    rows=tuple(self.children.rows[position]),
                    block=int(self.children.blocks[position]),
                )
            )
        return rejects

    def _moved(self, there: pd.DataFrame, found: Positions) -> dict[int, list[FieldChange]]:
        """What differs: position of a child to its fields, in the order of the fields."""
        moved: dict[int, list[FieldChange]] = {}
        concerned = found >= 0
        if not concerned.any():
            return moved
        for name in self._names():
            after = self.children.fields[name]
            asked = concerned & after.notna().to_numpy(bool)
            asked &= ~self._of_blocks(name, Write.ON_CREATE)
            # Of an attribute that nobody has there is no column.
            known = there[name] if name in there else pd.Series("", there.index, dtype="str")
            before = known.iloc[found].fillna("")
            only_if_empty = self._of_blocks(name, Write.IF_EMPTY)
            if only_if_empty.any():
                asked &= ~only_if_empty | (before == "").to_numpy(bool)
            unlike = np.flatnonzero(differs(name, before, after, _PLAIN, asked))
            old, new = before.iloc[unlike].tolist(), after.iloc[unlike].tolist()
            for one, was, is_to_be in zip(unlike.tolist(), old, new, strict=True):
                moved.setdefault(one, []).append(FieldChange(name, was, is_to_be))
        return moved

    def _of_blocks(self, name: str, write: Write) -> npt.NDArray[np.bool_]:
        """Which children are of blocks that write a field so."""
        so = [block.write.get(name) is write for block in self.rules.blocks]
        if not any(so):
            return np.zeros(len(self.children), dtype=np.bool_)
        return np.array(so)[self.children.blocks]

    def _own_references(self, at: Sequence[int]) -> list[str]:
        """The referenceIds that some children have in the file, "" where there is none."""
        if "referenceId" not in self.children.fields:
            return [""] * len(at)
        return self.children.fields["referenceId"].iloc[list(at)].fillna("").tolist()

    # --- added ----------------------------------------------------------------------------------

    def _additions(self, at: Positions, parts: ChildParts) -> list[Reject]:
        values = {name: self._value_or_default(name, at) for name in self._names()}
        rejects = []
        for one, position in enumerate(at.tolist()):
            filled = {name: column[one] for name, column in values.items() if column[one]}
            required = self.rules.blocks[int(self.children.blocks[position])].required
            lacking = [
                name
                for name, each in CHILD_FIELDS[self.kind].items()
                if (each.required or name in required) and name not in filled
            ]
            if lacking:
                rejects.append(self._lacks(position, lacking[0]))
                continue
            parts.changes[int(self.children.customers[position])].append(
                ChildChange(
                    self.kind,
                    ChildAction.ADD,
                    filled["referenceId"],
                    None,
                    child_name(self.kind, filled),
                    tuple(FieldChange(name, "", text) for name, text in filled.items()),
                    rows=tuple(self.children.rows[position]),
                    block=int(self.children.blocks[position]),
                )
            )
        return rejects

    def _value_or_default(self, name: str, at: Positions) -> npt.NDArray[np.object_]:
        values = _blank_as_empty(self.children.fields[name].iloc[at])
        if name in self.children.defaults:
            defaults = _blank_as_empty(self.children.defaults[name].iloc[at])
            values = np.where(values == "", defaults, values)
        return values

    # --- removed --------------------------------------------------------------------------------

    def _removals(
        self,
        there: pd.DataFrame,
        there_of: Positions,
        pairs: ChildPairs,
        spared: set[str | None],
        parts: ChildParts,
    ) -> None:
        """Remove children that the file does not name, where that is asked for; those without a key stay."""
        if there.empty or not self.children.removes.any():
            return
        keys = self.desired.keys
        removes = self.children.removes & ~keys.isin([key for key in spared if key]).to_numpy(bool)
        concerned = (there_of >= 0) & removes[np.maximum(there_of, 0)]
        # One that was made by hand has none, and one that is put away already need not be removed.
        named = ((there["referenceId"] != "") & there["status"].isin(["", "active"])).to_numpy(bool)
        parts.there += int((concerned & named).sum())
        kept = np.zeros(len(there), dtype=np.bool_)
        kept[pairs.found[pairs.found >= 0]] = True
        removed = np.flatnonzero(concerned & named & ~kept)
        for one, known in zip(removed.tolist(), _records(there, removed), strict=True):
            parts.changes[int(there_of[one])].append(
                ChildChange(
                    self.kind,
                    ChildAction.REMOVE,
                    known["referenceId"],
                    known["id"],
                    child_name(self.kind, known),
                    tuple(
                        FieldChange(name, known[name], "")
                        for name in there.columns
                        if (name in CHILD_FIELDS[self.kind] or attribute_of(name)) and known[name]
                    ),
                )
            )

    # --- rejected -------------------------------------------------------------------------------

    def _needs(self, name: str) -> bool:
        known = CHILD_FIELDS[self.kind].get(name)
        return known is not None and known.required

    def _lacks(self, position: int, name: str) -> Reject:
        column = self.rules.blocks[int(self.children.blocks[position])].columns.get(name)
        where = f'"{column}" is empty' if column else f"The mapping gives it no {name}"
        return self._reject(
            position,
            "child_required",
            f"{where}, and {_an(self.kind)} cannot be without its {name}",
            f'Fill in "{column}".' if column else f"Add {name} to the block in the mapping.",
            column or None,
        )

    def _unclear(self, position: int) -> Reject:
        return self._reject(
            position,
            "child_unclear",
            f"It could be any of several {self.kind} that this customer has in the account",
            "Give them different referenceIds in WizCommerce, or remove the one that is doubled.",
        )

    def _reject(
        self, position: int, code: str, message: str, hint: str, column: str | None = None
    ) -> Reject:
        return Reject(
            code,
            message,
            hint,
            tuple(self.children.rows[position]),
            column=column,
            value="" if column else None,
            key=str(self.desired.keys.iloc[int(self.children.customers[position])]),
            child=self.kind,
        )


def _records(children: pd.DataFrame, at: Positions) -> list[dict[str, str]]:
    """Some of the account's children, field to text; what is missing is ""."""
    names = [str(name) for name in children]
    columns = [children[name].iloc[at].fillna("").tolist() for name in names]
    return [dict(zip(names, texts, strict=True)) for texts in zip(*columns, strict=True)]


def child_name(kind: ChildKind, child: Mapping[str, str]) -> str:
    """What people call an address or contact: `12 Main St, Austin`, or `Jane Doe`."""
    names, between = (
        (("addressLine1", "city"), ", ")
        if kind is ChildKind.ADDRESSES
        else (("firstName", "lastName"), " ")
    )
    parts = [str(child[name]).strip() for name in names if child.get(name)]
    return between.join(filter(None, parts)) or str(child.get("referenceId") or "")


def _an(kind: ChildKind) -> str:
    return "an address" if kind is ChildKind.ADDRESSES else "a contact"


def _blank_as_empty(column: pd.Series[str]) -> npt.NDArray[np.object_]:
    values = column.fillna("")
    return values.where(values.str.strip() != "", "").to_numpy(object)


# --- from one customer to another -----------------------------------------------------------------


def _hold_moves(parts: ChildParts, desired: Desired) -> None:
    """Mark the additions and removals that together are a child's move from one customer to another.

    The same referenceId goes here and comes there: with the same content, or as the only one of that
    referenceId, it is the same child. Such a move concerns two customers, so that a person should look.
    """
    leaving: dict[tuple[ChildKind, str], list[tuple[int, int]]] = defaultdict(list)
    coming: dict[tuple[ChildKind, str], list[tuple[int, int]]] = defaultdict(list)
    for customer, at, change in _each_change(parts.changes):
        if change.reference_id and change.action is not ChildAction.CHANGE:
            side = leaving if change.action is ChildAction.REMOVE else coming
            side[change.kind, change.reference_id].append((customer, at))
    for key in leaving.keys() & coming.keys():
        for (old, old_at), (new, new_at) in _moves(leaving[key], coming[key], parts.changes):
            for customer, at, other in ((old, old_at, new), (new, new_at, old)):
                other_key = str(desired.keys.iloc[other])
                changes = parts.changes[customer]
                changes[at] = replace(changes[at], moved=other_key)


def _each_change(
    changes: Mapping[int, Sequence[ChildChange]],
) -> Iterator[tuple[int, int, ChildChange]]:
    for customer, some in changes.items():
        for at, change in enumerate(some):
            yield customer, at, change


def _moves(
    leaving: Sequence[tuple[int, int]],
    coming: Sequence[tuple[int, int]],
    changes: Mapping[int, Sequence[ChildChange]],
) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    if len(leaving) == len(coming) == 1:
        yield leaving[0], coming[0]
        return
    by_content = {_content(changes[customer][at]): (customer, at) for customer, at in leaving}
    counts = Counter(_content(changes[customer][at]) for customer, at in (*leaving, *coming))
    for customer, at in coming:
        content = _content(changes[customer][at])
        if content in by_content and counts[content] == 2:
            yield by_content[content], (customer, at)


def _content(change: ChildChange) -> str:
    """A child's content: what it has before it goes, or after it comes."""
    texts = {one.field: one.before or one.after for one in change.fields}
    names = (
        ("addressLine1", "zipCode", "city") if change.kind is ChildKind.ADDRESSES else ("email",)
    )
    return " / ".join(content_form(texts.get(name, "")) for name in names)
