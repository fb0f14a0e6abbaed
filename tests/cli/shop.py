"""Customers with ship-to addresses in a file of their own, and an account that has them all already."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.cli.conftest import Ended, Wizsync
from tests.test_child_probe import as_it_is
from wizsync.sandbox import Sandbox

MAPPING = """\
version: 1
customer:
  referenceId: Code
  companyName: Company
  displayName: "{companyName}"
addresses:
  - file: ship-tos.csv
    join: Customer
    referenceId: Ship-to
    addressLine1: Street
    city: Town
    type: {const: shipping}
children: {addresses: remove}
"""
CUSTOMERS = ("Code", "Company")
SHIP_TOS = ("Customer", "Ship-to", "Street", "Town")
Rows = list[tuple[str, ...]]


class Shop:
    """Ten customers with three addresses each, in the files and in the account alike."""

    def __init__(self, sandbox: Sandbox, folder: Path, run: Wizsync) -> None:
        self.sandbox, self.folder, self._run = sandbox, folder, run
        codes = [f"K-{number}" for number in range(10)]
        self.customers: Rows = [(code, f"Company {code}") for code in codes]
        self.ship_tos: Rows = [
            (code, f"{code}/{number}", f"{number} Pier", "Bath")
            for code in codes
            for number in range(1, 4)
        ]
        self.mapping, self.target = MAPPING, sandbox.base_url
        for code, company in self.customers:
            sandbox.add(
                reference_id=code,
                name=company,
                display_name=company,
                addresses=[_address(row) for row in self.ship_tos if row[0] == code],
            )

    def run(self, command: str, *words: str) -> Ended:
        """A command on the files as they are to be now."""
        _write(self.folder / "customers.csv", [CUSTOMERS, *self.customers])
        _write(self.folder / "ship-tos.csv", [SHIP_TOS, *self.ship_tos])
        return self.run_again(command, *words)

    def run_again(self, command: str, *words: str, file: str = "customers.csv") -> Ended:
        """A command on the files as they are."""
        (self.folder / "customers.yaml").write_text(self.mapping, encoding="utf-8")
        yes = ("--yes",) if command == "sync" else ()
        return self._run(
            *(command, file, "-m", "customers.yaml", *yes, "--json", *words),
            *("--target", self.target, "--state-dir", "state", "--rate", "500"),
            WIZSYNC_API_KEY=self.sandbox.key,
        )

    def account(self) -> list[dict[str, Any]]:
        """Every customer, but for when it was written."""
        return [as_it_is(self.sandbox, each["reference_id"]) for each in self.sandbox.customers()]

    def addresses(self, code: str) -> list[str]:
        """The referenceIds of a customer's addresses."""
        return [each["reference_id"] for each in self.sandbox.customer(code)["addresses"]]


def allowances(ended: Ended) -> list[str]:
    """The exact `--allow` words that a refusal names."""
    return re.findall(r"--allow|\w+=\d+", ended.answer["error"]["hint"])


def _address(row: tuple[str, ...]) -> dict[str, str]:
    _, key, street, town = row
    return {"reference_id": key, "type": "shipping", "address_line_1": street, "city": town}


def _write(path: Path, rows: Sequence[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
