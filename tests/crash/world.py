"""A file and an account that know what should become of each other, and a judge of what did.

The judge knows nothing of wizsync: it compares the account, and the server's ledger of every write that
reached it, with what the file asks for.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wizsync.sandbox import Sandbox

MAPPING = """\
version: 1
source: {action_column: Action}
customer:
  referenceId: Code
  companyName: {column: Company, required: true}
  displayName: {column: Company}
  phone: Phone
  freightTerm: Freight
addresses:
  - file: ship-tos.csv
    join: Customer
    referenceId: Ship-to
    addressLine1: Street
    city: Town
    type: {const: shipping}
children: {addresses: remove}
guard: {max_deletes: 100%, max_updates: 100%, max_erased: 100%, max_children_removed: 100%}
"""
CUSTOMERS = ("Code", "Company", "Phone", "Freight", "Action")
SHIP_TOS = ("Customer", "Ship-to", "Street", "Town")

# An address as it is compared: its referenceId, street and town.
ShipTo = tuple[str, str, str]


@dataclass(frozen=True)
class Customer:
    """A customer as it is to be."""

    company: str
    phone: str
    freight: str
    ship_tos: tuple[ShipTo, ...]

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Customer:
        """One of the account."""
        ship_tos = (
            (each["reference_id"], each["address_line_1"], each["city"])
            for each in record["addresses"]
        )
        phone, freight = record["phone"] or "", record["freight_term"] or ""
        return cls(record["name"], phone, freight, tuple(sorted(ship_tos)))


@dataclass
class Verdict:
    """What the judge found: of each, the referenceIds."""

    doubled: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    created_again: list[str] = field(default_factory=list)
    creates: int = 0
    writes: int = 0

    @property
    def is_clean(self) -> bool:
        """Whether all is as it should be."""
        return not (self.doubled or self.lost or self.wrong or self.created_again)


class World:
    """A sandbox with customers, and a file about them.

    Args:
        sandbox: Where a create that is sent twice makes two customers.
        folder: Where the files go.
        size: How many customers are created, updated, deleted, unchanged, and not in the file: each.
    """

    def __init__(self, sandbox: Sandbox, folder: Path, size: int) -> None:
        self.sandbox = sandbox
        self.file, self.mapping = folder / "customers.csv", folder / "customers.yaml"
        self._ship_tos = folder / "ship-tos.csv"
        self.mapping.write_text(MAPPING, encoding="utf-8")
        # Those who are there already, and whom the file does not name, are to stay as they are.
        self.wanted: dict[str, Customer] = {
            record["reference_id"]: Customer.of(record)
            for record in sandbox.customers()
            if record["reference_id"]
        }
        self.gone: set[str] = set()
        rows: list[tuple[str, ...]] = []
        ship_tos: list[tuple[str, ...]] = []
        for number in range(size):
            self._old(f"STAY-{number}")
            same = self._old(f"SAME-{number}")
            changed = self._old(f"CHANGED-{number}")
            self._old(f"GONE-{number}")
            self.gone.add(f"GONE-{number}")
            del self.wanted[f"GONE-{number}"]
            first, *_ = changed.ship_tos
            changed = Customer(
                changed.company,
                f"+12065550{number:03}",
                "cod",
                ((first[0], "9 New Quay", first[2]), (f"CHANGED-{number}/9", "7 Added", "Ely")),
            )
            new = Customer(f"New {number}", "", "cod", _ship_tos(f"NEW-{number}", 2))
            for code, customer in (
                (f"SAME-{number}", same),
                (f"CHANGED-{number}", changed),
                (f"NEW-{number}", new),
            ):
                self.wanted[code] = customer
                rows.append((code, customer.company, customer.phone, customer.freight, ""))
                ship_tos += [(code, *each) for each in customer.ship_tos]
            rows.append((f"GONE-{number}", "", "", "", "delete"))
        self.created = {f"NEW-{number}" for number in range(size)}
        _write(self.file, CUSTOMERS, rows)
        _write(self._ship_tos, SHIP_TOS, ship_tos)

    def _old(self, code: str) -> Customer:
        """A customer who is there already."""
        customer = Customer(f"Company {code}", "+12125550100", "", _ship_tos(code, 3))
        self.sandbox.add(
            reference_id=code,
            name=customer.company,
            display_name=customer.company,
            phone=customer.phone,
            addresses=[
                {"reference_id": key, "address_line_1": street, "city": town, "type": "shipping"}
                for key, street, town in customer.ship_tos
            ],
        )
        self.wanted[code] = customer
        return customer

    def judge(self) -> Verdict:
        """Compare the account and the ledger with the file."""
        there = [record for record in self.sandbox.customers() if record["reference_id"]]
        counts = Counter(record["reference_id"] for record in there)
        verdict = Verdict(doubled=sorted(key for key, number in counts.items() if number > 1))
        by_key = {record["reference_id"]: Customer.of(record) for record in there}
        verdict.lost = sorted(self.wanted.keys() - by_key.keys())
        verdict.wrong = sorted(
            key for key, customer in by_key.items() if self.wanted.get(key) != _tidy(customer)
        )
        ledger = self.sandbox.ledger()
        creates = [entry for entry in ledger if entry["operation"] == "create"]
        verdict.created_again = sorted(_again(creates))
        verdict.creates, verdict.writes = len(creates), len(ledger)
        return verdict


def _tidy(customer: Customer) -> Customer:
    return Customer(
        customer.company, customer.phone, customer.freight, tuple(sorted(customer.ship_tos))
    )


def _again(creates: Iterable[Mapping[str, Any]]) -> set[str]:
    """Keys whose create arrived when an earlier one was done already."""
    done_at: dict[str, float] = {}
    again: set[str] = set()
    for entry in creates:
        key = entry["reference_id"]
        if entry["at_start"] > done_at.get(key, entry["at_start"]):
            again.add(key)
        if entry["done"]:
            done_at.setdefault(key, entry["at"])
    return again


def _ship_tos(code: str, number: int) -> tuple[ShipTo, ...]:
    return tuple((f"{code}/{each}", f"{each} Pier", "Bath") for each in range(number))


def _write(file: Path, header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])
