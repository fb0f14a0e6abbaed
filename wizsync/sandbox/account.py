"""The account: what creating, changing and deleting customers means under the assumptions."""

from __future__ import annotations

import copy
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from wizsync.sandbox import clock, seed
from wizsync.sandbox.assumptions import Assumptions
from wizsync.sandbox.children import Children
from wizsync.sandbox.lookups import ENTITIES, LOOKUPS, LookupName, seeded
from wizsync.sandbox.records import NEW_CUSTOMER, Record, filled, new_id
from wizsync.sandbox.store import CHILD_COLUMNS, CUSTOMER_COLUMNS, ListQuery, Store

STATUSES = {"two": ("active", "inactive"), "three": ("active", "inactive", "archived")}
_SEEDED_AT_ONCE = 5_000
# A field of an update that names a child, and which children it makes default or not.
_DEFAULT_CHILD: Mapping[str, tuple[str, str | None]] = {
    "primary_contact_id": ("contacts", None),
    "default_shipping_address_id": ("addresses", "shipping"),
    "default_billing_address_id": ("addresses", "billing"),
}


class ReferenceIdTaken(Exception):
    """Another customer has this referenceId."""


class Account:
    """One tenant's customers. Its methods may be called from any thread.

    Records have snake names. A customer's are CUSTOMER_COLUMNS, and in full also `addresses` and
    `contacts`, whose records have CHILD_COLUMNS.

    Args:
        path: The SQLite file; None: in memory. One that holds an account is used as it is.
        customers: How many made-up customers a new account has.
        assumptions: How it behaves where the documentation is silent; may be set while it runs.
        mark: What the ids of made-up customers end with, so that no other account has them.
    """

    def __init__(
        self, path: Path | None, customers: int, assumptions: Assumptions, mark: str = ""
    ) -> None:
        self.assumptions = assumptions
        self._mark = mark
        self._lock = threading.RLock()
        self._store = Store(path)
        if self._store.is_new:
            self._seed(customers)
        self._latest = self._store.latest_stamp()
        self._lookups = {name: self._kept_lookup(name) for name in LOOKUPS}

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._store.close()

    # --- reading --------------------------------------------------------------------------------

    def page(self, query: ListQuery) -> tuple[list[Record], int]:
        """One page of customers, and how many there are on all pages.

        They carry their children only where lists are assumed to show them.
        """
        with self._lock:
            lag = self.assumptions.list_lag
            customers, total = self._store.page(
                replace(
                    query,
                    fold_case=self.assumptions.key_case == "insensitive",
                    as_of=time.time() - lag if lag else None,
                )
            )
            if self.assumptions.list_children == "yes":
                self._add_children(customers)
            return customers, total

    def customer(self, identifier: str) -> Record | None:
        """A customer with all there is to it, or None."""
        with self._lock:
            customer = self._store.customer(identifier)
            if customer is not None:
                self._add_children([customer])
            return customer

    def customers(self) -> list[Record]:
        """Every customer with all there is to it, whatever its status, oldest first."""
        with self._lock:
            customers, _ = self._store.page(ListQuery(sort_by="created_at", descending=False))
            for start in range(0, len(customers), 1000):
                self._add_children(customers[start : start + 1000])
            return customers

    def reference_id(self, identifier: str) -> str | None:
        """The referenceId of a customer; None: there is no such customer, or it has none."""
        with self._lock:
            customer = self._store.customer(identifier)
            return customer["reference_id"] if customer else None

    def with_reference_id(self, reference_id: str) -> Record | None:
        """The first customer that has a referenceId, without its children."""
        with self._lock:
            found, _ = self._store.page(ListQuery(reference_ids=(reference_id,), limit=1))
            return found[0] if found else None

    def active_one(self, share: float) -> Record | None:
        """The active customer at that share, from 0 to below 1, of all by creation; no children."""
        with self._lock:
            query = ListQuery(status="active", sort_by="created_at", descending=False, limit=1)
            _, total = self._store.page(query)
            found, _ = self._store.page(replace(query, offset=int(total * share)))
            return found[0] if found else None

    # --- look-ups -------------------------------------------------------------------------------

    @property
    def price_lists(self) -> list[Record]:
        """The price lists, as answers have them."""
        return self._lookups["price_lists"]

    @property
    def sales_reps(self) -> list[Record]:
        """The sales reps, as answers have them."""
        return self._lookups["sales_reps"]

    @property
    def attributes(self) -> dict[str, list[Record]]:
        """Entity to the definitions of its attributes."""
        defined = self._lookups["attributes"]
        return {
            entity: [each for each in defined if each["entity"] == entity] for entity in ENTITIES
        }

    def lookup(self, name: LookupName) -> list[Record]:
        """A copy of a look-up list."""
        return copy.deepcopy(self._lookups[name])

    def set_lookup(self, name: LookupName, records: list[Record]) -> None:
        """Replace a look-up list; customers go on naming what is gone, and no longer show it."""
        with self._write():
            self._store.set_lookup(name, records)
        self._lookups[name] = records

    # --- writing --------------------------------------------------------------------------------

    def create(self, values: Record) -> Record:
        """Add a customer of stored fields, with its children.

        Raises:
            ReferenceIdTaken: Another customer has the referenceId.
        """
        with self._write():
            self._check_reference_id(values.get("reference_id"), None)
            made = self._insert(values)
            for kind in CHILD_COLUMNS:
                for child in made[kind]:
                    self._children.settle_default(kind, child, child)
            return self._existing(made["id"])

    def update(self, identifier: str, values: Record) -> Record:
        """Change the fields given, and combine children and attributes as assumed.

        Raises:
            ReferenceIdTaken: Another customer has the new referenceId.
            KeyError: There is no such customer.
        """
        with self._write():
            before = self._existing(identifier)
            if "reference_id" in values and values["reference_id"] != before["reference_id"]:
                self._check_reference_id(values["reference_id"], identifier)
            changes = {name: value for name, value in values.items() if name in CUSTOMER_COLUMNS}
            if "attributes" in changes:
                merged = before["attributes"] if self.assumptions.attributes == "merge" else {}
                changes["attributes"] = filled(merged | changes["attributes"])
            self._change(identifier, changes)
            for kind in CHILD_COLUMNS.keys() & values.keys():
                self._children.combine(kind, before, values[kind])
            for name in _DEFAULT_CHILD.keys() & values.keys():
                kind, address_type = _DEFAULT_CHILD[name]
                self._children.make_default(kind, identifier, address_type, values[name])
            return self._existing(identifier)

    def delete(self, identifier: str) -> None:
        """Remove a customer, or make it inactive, as assumed.

        Raises:
            KeyError: There is no such customer.
        """
        with self._write():
            self._existing(identifier)
            if self.assumptions.delete == "soft":
                self._change(identifier, {"status": "inactive"})
            else:
                self.remove(identifier)

    def add_child(self, kind: str, customer_id: str, values: Record) -> Record:
        """Add an address or contact to a customer."""
        with self._write():
            child = self._children.post(kind, customer_id, values)
            self._child_edited(customer_id)
            return child

    def put_child(self, kind: str, child: Record, values: Record) -> Record:
        """Change an address or contact by the values given."""
        with self._write():
            written = self._children.put(kind, child, values)
            self._child_edited(child["customer_id"])
            return written

    def remove_child(self, kind: str, child: Record) -> None:
        """Remove an address or contact."""
        with self._write():
            self._store.delete_child(kind, child["id"])
            self._child_edited(child["customer_id"])

    # --- behind a client's back -----------------------------------------------------------------

    def add(self, values: Record) -> Record:
        """Add a customer as given, without any check: no referenceId, a doubled one, any status."""
        with self._write():
            return self._insert(values)

    def edit(self, identifier: str, values: Record) -> Record:
        """Change any columns of a customer; `addresses` and `contacts` replace those there are.

        Raises:
            KeyError: There is no such customer.
        """
        with self._write():
            before = self._existing(identifier)
            self._change(
                identifier,
                {name: value for name, value in values.items() if name in CUSTOMER_COLUMNS},
            )
            for kind in CHILD_COLUMNS.keys() & values.keys():
                for child in before[kind]:
                    self._store.delete_child(kind, child["id"])
                self._children.insert(kind, identifier, values[kind])
            return self._existing(identifier)

    def remove(self, identifier: str) -> None:
        """Remove a customer, whatever is assumed of deletes.

        Raises:
            KeyError: There is no such customer.
        """
        with self._write():
            self._existing(identifier)
            self._remember(identifier)
            self._store.delete_customer(identifier)

    # --- inside a write -------------------------------------------------------------------------

    @property
    def _children(self) -> Children:
        return Children(self._store, self.assumptions, self._stamp)

    @contextmanager
    def _write(self) -> Iterator[None]:
        """Hold the lock and a transaction; a write inside a write belongs to it."""
        with self._lock:
            if self._store.in_transaction:
                yield
            else:
                with self._store.transaction():
                    yield

    def _seed(self, count: int) -> None:
        made = seed.customers(count)
        with self._write():
            self._store.create_tables()
            while batch := list(islice(made, _SEEDED_AT_ONCE)):
                self._insert_seeded(batch)

    def _kept_lookup(self, name: LookupName) -> list[Record]:
        kept = self._store.lookup(name)
        return seeded(name) if kept is None else kept

    def _insert_seeded(self, customers: list[Record]) -> None:
        for customer in customers:
            if self.assumptions.statuses == "two" and customer["status"] == "archived":
                customer["status"] = "inactive"
            for record in (customer, *customer["addresses"], *customer["contacts"]):
                record["id"] += self._mark
        self._store.insert_customers(customers, written_at=0.0)
        for kind in CHILD_COLUMNS:
            children = (
                child
                | {"customer_id": customer["id"]}
                | dict.fromkeys(("created_at", "updated_at"), customer["created_at"])
                for customer in customers
                for child in customer[kind]
            )
            self._store.insert_children(kind, children)

    def _existing(self, identifier: str) -> Record:
        customer = self.customer(identifier)
        if customer is None:
            raise KeyError(identifier)
        return customer

    def _add_children(self, customers: list[Record]) -> None:
        identifiers = [customer["id"] for customer in customers]
        for kind in CHILD_COLUMNS:
            found = self._store.children(kind, identifiers)
            for customer in customers:
                customer[kind] = found[customer["id"]]

    def _check_reference_id(self, reference_id: str | None, own_id: str | None) -> None:
        if reference_id is None or self.assumptions.reference_id == "free":
            return
        holder = self._store.holder(
            reference_id,
            other_than=own_id,
            fold_case=self.assumptions.key_case == "insensitive",
            active_only=self.assumptions.reference_id == "unique_active",
        )
        if holder is not None:
            raise ReferenceIdTaken(reference_id)

    def _insert(self, values: Record) -> Record:
        moment = self._stamp()
        customer = (
            NEW_CUSTOMER
            | {"id": new_id("customers"), "created_at": moment, "updated_at": moment}
            | {name: value for name, value in values.items() if name in CUSTOMER_COLUMNS}
        )
        customer["attributes"] = filled(customer["attributes"])
        self._store.insert_customers([customer], time.time())
        for kind in CHILD_COLUMNS:
            self._children.insert(kind, customer["id"], values.get(kind, ()))
        return self._existing(customer["id"])

    def _change(self, identifier: str, changes: Record) -> None:
        self._remember(identifier)
        self._store.update_customer(
            identifier, {"updated_at": self._stamp()} | changes, written_at=time.time()
        )

    def _remember(self, identifier: str) -> None:
        if self.assumptions.list_lag:
            self._store.remember(identifier, time.time(), self.assumptions.list_lag)

    def _child_edited(self, customer_id: str) -> None:
        if self.assumptions.child_edit == "moves_parent":
            self._change(customer_id, {})

    def _stamp(self) -> str:
        """Now, and always later than any stamp before it, but for those of a clock that is off."""
        now = seed.stamp(clock.now())
        if clock.is_off():
            return now
        if now <= self._latest:
            before = datetime.fromisoformat(self._latest)
            now = seed.stamp(before + timedelta(microseconds=1))
        self._latest = now
        return now
