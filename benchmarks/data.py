"""Customers for the comparisons: a file, its mapping, and an account that differs by one in a hundred.

    python -m benchmarks.data FOLDER ROWS plain|transformed

It is run in a process of its own: what it takes up must not count for those who use its data.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.pairs import ROOT, digest, environment

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

# The file's column to the field that it is.
CUSTOMER = {
    "Company": "companyName",
    "Trading As": "displayName",
    "First Name": "firstName",
    "Last Name": "lastName",
    "E-mail": "email",
    "Phone": "phone",
    "Terms": "paymentTerm",
    "Tax": "displayId",
}
ADDRESS = {
    "Street": "addressLine1",
    "City": "city",
    "State": "state",
    "Zip": "zipCode",
    "Country": "country",
}
COLUMNS = ("Code", *CUSTOMER, *ADDRESS, "Notes")
TERMS = {"30": "net30", "45": "net45", "COD": "cod"}
COUNTRIES = {"United States": "US", "USA": "US", "US": "US", "Canada": "CA"}
# Columns that the file spells otherwise than the account, which a mapping makes alike.
SPELT = ("Terms", "Country")
SPELT_IF_TRANSFORMED = (*SPELT, "E-mail", "Phone")

_MAPPING = """\
version: 1
customer:
  referenceId: Code
  companyName: {{column: Company, required: true}}
  displayName: Trading As
  firstName: First Name
  lastName: Last Name
  email: {email}
  phone: {phone}
  paymentTerm: {{column: Terms, values: {{"30": net30, "45": net45, COD: cod}}}}
  displayId: Tax
addresses:
  - when: Street
    referenceId: "{{referenceId}}-BILL"
    type: {{const: billing}}
    addressLine1: Street
    city: City
    state: State
    zipCode: Zip
    country: {{column: Country, transforms: [country]}}
"""
_FIELDS = {
    "plain": {"email": "E-mail", "phone": "Phone"},
    "transformed": {
        "email": "{column: E-mail, transforms: [lower, email]}",
        "phone": "{column: Phone, transforms: [{phone: US}]}",
    },
}
_AREAS = (206, 212, 312, 404, 415, 512, 602, 617, 702, 808)
_PHONES = ("({0}) {1}-{2}", "{0}-{1}-{2}", "+1 {0} {1} {2}", "{0}.{1}.{2}")


def make_apart(folder: Path, rows: int, kind: str) -> None:
    """Make the data in a process of its own; see `make`."""
    command = [sys.executable, "-m", "benchmarks.data", str(folder), str(rows), kind]
    subprocess.run(command, check=True, cwd=ROOT, env=environment())  # noqa: S603 - our own command


def make(folder: Path, rows: int, kind: str) -> None:
    """Write `customers.csv`, `mapping.yaml`, and the account's frames as `.arrow` files.

    Args:
        folder: Where.
        rows: How many.
        kind: `plain`, or `transformed`: with transforms of phones and e-mails, no two of which are alike.
    """
    import pyarrow.csv  # noqa: PLC0415 - the parent only asks for it
    import pyarrow.feather  # noqa: PLC0415

    columns = _columns(rows)
    pyarrow.csv.write_csv(pyarrow.table(columns), folder / "customers.csv")
    (folder / "mapping.yaml").write_text(_MAPPING.format(**_FIELDS[kind]), encoding="utf-8")
    for name, table in _account(columns, rows, transformed=kind == "transformed").items():
        pyarrow.feather.write_feather(table, folder / f"{name}.arrow", compression="uncompressed")


def expected(rows: int) -> dict[str, str]:
    """Which keys a right comparison finds to be new, and to be changed."""
    odd = range(0, rows, 100)
    return {
        "created": digest([key(n) for n in odd if _is_new(n)]),
        "changed": digest([key(n) for n in odd if not _is_new(n)]),
    }


def key(n: int) -> str:
    """The referenceId of the customer in a row."""
    return f"C-{n:07d}"


def zip_code(n: int) -> str:
    """The zip code in a row: five digits, often with a zero in front."""
    return f"{n % 90_000:05d}"


def _is_new(n: int) -> bool:
    """Of those that differ, one in ten is not in the account."""
    return n % 100 == 0 and n // 100 % 10 == 0


def _phone(n: int) -> tuple[str, str]:
    """A phone number as the file writes it, and as the account has it; each is a valid one of its own."""
    area, line = _AREAS[n % len(_AREAS)], 2_000_000 + n // len(_AREAS) * 7 % 8_000_000
    digits = f"{line:07d}"
    return _PHONES[n % 4].format(area, digits[:3], digits[3:]), f"+1{area}{digits}"


def _columns(rows: int) -> dict[str, list[str]]:
    """The file's columns."""
    numbers = range(rows)
    terms, countries, states = list(TERMS), list(COUNTRIES), ("WA", "NY", "IL", "GA")
    names = ("Ann", "Bob", "Chloe", "Dan", "Eve", "Zoë")
    return {
        "Code": [key(n) for n in numbers],
        "Company": [f"Company {n} Ltd" for n in numbers],
        "Trading As": [f"Traders No {n}" for n in numbers],
        "First Name": [names[n * 7 % 6 % len(names)] for n in numbers],
        "Last Name": [f"Miller {n % 5000}" for n in numbers],
        "E-mail": [f"Sales.{n}@Shop{n % 250_000}.com" for n in numbers],
        "Phone": [_phone(n)[0] for n in numbers],
        "Terms": [terms[n // 3 % 3] for n in numbers],
        "Tax": [f"{n * 7 % 1_000_000_007:09d}" for n in numbers],
        "Street": [f"{n} Main Street" for n in numbers],
        "City": [f"City {n % 20_000}" for n in numbers],
        "State": [states[n // 5 % 4] for n in numbers],
        "Zip": [zip_code(n) for n in numbers],
        "Country": [countries[n // 7 % 4] for n in numbers],
        "Notes": [f"since {1990 + n % 30}" for n in numbers],
    }


def _account(
    columns: Mapping[str, list[str]], rows: int, *, transformed: bool
) -> dict[str, pa.Table]:
    """The account's customers and addresses: those of the file, one in a hundred otherwise or not there."""
    import pyarrow as pa  # noqa: PLC0415

    kept = [n for n in range(rows) if not _is_new(n)]
    customers = {field: [columns[name][n] for n in kept] for name, field in CUSTOMER.items()}
    customers["paymentTerm"] = [TERMS[text] for text in customers["paymentTerm"]]
    if transformed:
        customers["email"] = [text.lower() for text in customers["email"]]
        customers["phone"] = [_phone(n)[1] for n in kept]
    addresses = {field: [columns[name][n] for n in kept] for name, field in ADDRESS.items()}
    addresses["country"] = [COUNTRIES[text] for text in addresses["country"]]
    for place, n in enumerate(kept):
        if n % 100 == 0:
            column = customers["companyName"] if n // 100 % 2 else addresses["city"]
            column[place] = f"Old {column[place]}"
    ids, of_addresses = [f"cus_{n}" for n in kept], [f"addr_{n}" for n in kept]
    active = ["active"] * len(kept)
    keys = [key(n) for n in kept]
    return {
        "customers": pa.table(
            {
                "id": ids,
                "referenceId": keys,
                "status": active,
                "updatedAt": ["2026-03-01T00:00:00Z"] * len(kept),
                **customers,
                "addresses": of_addresses,
            }
        ),
        "addresses": pa.table(
            {
                "customer": ids,
                "id": of_addresses,
                "status": active,
                "referenceId": [f"{each}-BILL" for each in keys],
                "type": ["billing"] * len(kept),
                **addresses,
            }
        ),
    }


# --- reading it back, for the ways --------------------------------------------------------------


def account_table(folder: Path, name: str) -> Any:
    """The account's `customers` or `addresses` as an Arrow table."""
    import pyarrow.feather  # noqa: PLC0415

    return pyarrow.feather.read_table(folder / f"{name}.arrow", memory_map=False)


def account_frame(folder: Path, name: str) -> pd.DataFrame:
    """The same as a frame of text columns, as wizsync has it."""
    import pandas as pd  # noqa: PLC0415

    table = account_table(folder, name)
    return pd.DataFrame(
        {each: table[each].to_pandas().astype("str") for each in table.column_names}
    )


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
