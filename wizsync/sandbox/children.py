"""Addresses and contacts: what writing them means under the assumptions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from wizsync.sandbox.assumptions import Assumptions
from wizsync.sandbox.records import NEW_CHILD, Record, filled, new_id
from wizsync.sandbox.store import Store

# What a PUT loses first where it is assumed to lose something.
_BLANKED: Mapping[str, tuple[str, ...]] = {
    "addresses": (
        "address_line_2",
        "state",
        "zip_code",
        "country",
        "phone",
        "email",
        "first_name",
        "last_name",
    ),
    "contacts": ("designation", "phone", "last_name"),
}


@dataclass(frozen=True)
class Children:
    """Writes addresses and contacts, inside a write of the account.

    `kind` is `addresses` or `contacts` throughout; a child is its stored record.

    Args:
        store: Where they are.
        assumptions: How they behave where the documentation is silent.
        stamp: Gives the time of a write.
    """

    store: Store
    assumptions: Assumptions
    stamp: Callable[[], str]

    def insert(self, kind: str, customer_id: str, children: Iterable[Record]) -> list[Record]:
        """Add children of stored fields, whatever is assumed, and return them complete."""
        moment = self.stamp()
        complete = [
            NEW_CHILD[kind]
            | values
            | {"id": values.get("id") or new_id(kind), "customer_id": customer_id}
            | {"attributes": filled(values.get("attributes", {}))}
            | {"created_at": moment, "updated_at": moment}
            for values in children
        ]
        self.store.insert_children(kind, complete)
        return complete

    def post(self, kind: str, customer_id: str, values: Record) -> Record:
        """Add a child as its own endpoint does."""
        child = self._add(kind, customer_id, values)
        if self.assumptions.child_write == "doubles":
            child = self._add(kind, customer_id, values)
        self._drop_sibling_if_assumed(kind, child)
        return self._stored(kind, child)

    def put(self, kind: str, child: Record, values: Record) -> Record:
        """Change a child as its own endpoint does."""
        whole = self.assumptions.child_put == "whole"
        if self.assumptions.child_write == "doubles":
            return self._add_changed_copy(kind, child, values, whole=whole)
        if self.assumptions.child_write == "blanks":
            values = _blanked(kind, values)
        self._change(kind, child, values, whole=whole)
        self._drop_sibling_if_assumed(kind, child)
        return self._stored(kind, child)

    def combine(self, kind: str, before: Record, children: Iterable[Record]) -> None:
        """Combine the list in an update with the children there are.

        Args:
            kind: Which list.
            before: The customer, with its children.
            children: What was sent; those that there are have their `id`.
        """
        existing = {child["id"]: child for child in before[kind]}
        named = set()
        for values in children:
            if "id" in values:
                named.add(values["id"])
                self._combine_one(kind, existing[values["id"]], values)
            else:
                self._add(kind, before["id"], values)
        for identifier in self._left_out(list(existing), named):
            self.store.delete_child(kind, identifier)

    def make_default(
        self, kind: str, customer_id: str, address_type: str | None, identifier: str | None
    ) -> None:
        """Make one child the default, and no other of its type; type None: all are of one type."""
        for child in self._all(kind, customer_id):
            if address_type is None or child["type"] == address_type:
                self.store.update_child(
                    kind, child["id"], {"is_default": child["id"] == identifier}
                )

    def settle_default(self, kind: str, child: Record, written: Iterable[str]) -> None:
        """Clear the default of its siblings, where a write has made a child the default.

        Args:
            kind: Which list.
            child: As it is now.
            written: The fields that were written.
        """
        if self.assumptions.child_default == "free":
            return
        # One that moves to another type takes its being the default along.
        if child["is_default"] and not {"is_default", "type"}.isdisjoint(written):
            self.make_default(kind, child["customer_id"], child.get("type"), child["id"])

    # --- one child ------------------------------------------------------------------------------

    def _add(self, kind: str, customer_id: str, values: Record) -> Record:
        (child,) = self.insert(kind, customer_id, [values])
        self.settle_default(kind, child, values)
        return child

    def _add_changed_copy(self, kind: str, child: Record, values: Record, *, whole: bool) -> Record:
        copy = child | self._changes(child, values, whole=whole) | {"id": None}
        return self._add(kind, child["customer_id"], copy)

    def _change(self, kind: str, child: Record, values: Record, *, whole: bool) -> None:
        changes = self._changes(child, values, whole=whole)
        self.store.update_child(kind, child["id"], changes)
        self.settle_default(kind, child | changes, values)

    def _changes(self, child: Record, values: Record, *, whole: bool) -> Record:
        changes = values | {"updated_at": self.stamp()}
        if "attributes" in changes:
            merge = self.assumptions.attributes == "merge" and not whole
            kept = child["attributes"] if merge else {}
            changes["attributes"] = filled(kept | changes["attributes"])
        return changes

    def _combine_one(self, kind: str, child: Record, values: Record) -> None:
        if self.assumptions.children == "double":
            self._add_changed_copy(kind, child, values, whole=False)
        else:
            self._change(kind, child, values, whole=self.assumptions.children == "replace")

    # --- those of a customer --------------------------------------------------------------------

    def _left_out(self, existing: list[str], named: set[str]) -> list[str]:
        """The ids of children that an update's list costs the customer."""
        match self.assumptions.children:
            case "replace":
                return [identifier for identifier in existing if identifier not in named]
            case "drop" if len(existing) > 1:
                return existing[-1:]
        return []

    def _drop_sibling_if_assumed(self, kind: str, child: Record) -> None:
        if self.assumptions.child_write != "drops":
            return
        siblings = [each["id"] for each in self._all(kind, child["customer_id"])]
        siblings.remove(child["id"])
        if siblings:
            self.store.delete_child(kind, siblings[-1])

    def _stored(self, kind: str, child: Record) -> Record:
        children = self._all(kind, child["customer_id"])
        return next(each for each in children if each["id"] == child["id"])

    def _all(self, kind: str, customer_id: str) -> list[Record]:
        return self.store.children(kind, [customer_id])[customer_id]


def _blanked(kind: str, values: Record) -> Record:
    """What was sent, less one optional text that was filled."""
    lost = next((name for name in _BLANKED[kind] if values.get(name)), None)
    return values | {lost: None} if lost else values
