"""A file for a big account: so many creates, updates and rejects, and the account as it should be after."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MAPPING = """\
version: 1
customer:
  referenceId: Code
  companyName: {column: Company, required: true}
  displayName: {column: Shown as, default: "{companyName}"}
  email: {column: E-mail, transforms: [email]}
  phone: Phone
  paymentTerm: Terms
"""
HEADER = ("Code", "Company", "Shown as", "E-mail", "Phone", "Terms")


@dataclass(frozen=True)
class BigFile:
    """A file with its mapping.

    Args:
        file: The CSV file.
        mapping: Its mapping.
        created: The keys that are new.
        updated: The keys that change, each to its new payment term.
        inactive: An inactive customer's key that the file names.
    """

    file: Path
    mapping: Path
    created: tuple[str, ...]
    updated: dict[str, str]
    inactive: str


def write_big_file(
    folder: Path,
    customers: list[dict[str, Any]],
    *,
    creates: int = 200,
    updates: int = 300,
    rejects: int = 20,
    unchanged: int = 400,
) -> BigFile:
    """Write a file that asks exactly that of an account.

    Args:
        folder: Where.
        customers: The account as it is, in stored names.
        creates: New customers.
        updates: Customers whose payment term changes.
        rejects: Rows with a broken e-mail address.
        unchanged: Customers that stay as they are, an inactive one among them.
    """
    named = [c for c in customers if c["reference_id"]]
    inactive = next(c for c in named if c["status"] == "inactive")
    active = [c for c in named if c["status"] == "active"]
    changed, kept = active[:updates], [*active[updates : updates + unchanged - 1], inactive]
    new = [f"N-{number:05d}" for number in range(1, creates + 1)]
    updated = {c["reference_id"]: f"{c['payment_term'] or 'net30'}-x" for c in changed}
    rows = [_row(c, terms=updated[c["reference_id"]]) for c in changed]
    rows += [_row(c) for c in kept]
    rows += [
        (key, f"Newly Opened Number {key}", "", f"hello{key.lower()}@example.org", "", "net30")
        for key in new
    ]
    rows += [
        (f"R-{number:05d}", f"Bad Mail {number}", "", "not an address", "", "net30")
        for number in range(rejects)
    ]
    file, mapping = folder / "customers.csv", folder / "customers.yaml"
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([HEADER, *rows])
    mapping.write_text(MAPPING, encoding="utf-8")
    return BigFile(file, mapping, tuple(new), updated, inactive["reference_id"])


def _row(customer: dict[str, Any], terms: str | None = None) -> tuple[str, ...]:
    return (
        customer["reference_id"],
        customer["name"],
        customer["display_name"],
        customer["email"] or "",
        customer["phone"] or "",
        terms if terms is not None else customer["payment_term"] or "",
    )
