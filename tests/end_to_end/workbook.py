"""A workbook of customers and ship-tos, and a second file of contacts, with tiers, reps and attributes."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import openpyxl

MAPPING = """\
version: 1
source:
  sheet: Customers
  header_row: 3
customer:
  referenceId: Cust No
  companyName: {column: Company, required: true}
  displayName: "{companyName}"
  email: {column: E-mail, transforms: [lower, email]}
  phone: {column: Phone, transforms: [{phone: US}]}
  paymentTerm: {column: Terms, values: {"30": net30, "60": net60}}
  priceList: Tier
  salesReps: {column: Reps, split: ";"}
attributes:
  Industry: Sector
  Annual Revenue: {column: Revenue, transforms: [number]}
  Key Account: {column: Key, transforms: [boolean]}
  Customer Since: Since
  Product Categories: {column: Categories, split: ","}
addresses:
  - when: Street
    referenceId: "{referenceId}-BILL"
    addressLine1: Street
    city: City
    state: {column: State, transforms: [state]}
    zipCode: Zip
    country: {column: Country, transforms: [country]}
    type: {const: billing}
    isDefault: {const: true}
  - sheet: Ship-to
    join: Cust No
    referenceId: Ship-to No
    addressLine1: Street
    city: City
    state: State
    zipCode: Zip
    country: {const: US}
    type: {const: shipping}
    isDefault: Default
    attributes: {Delivery Window: Window}
contacts:
  - file: contacts.csv
    join: Customer
    referenceId: "{referenceId}-{email}"
    firstName: First
    lastName: Last
    email: {column: Mail, transforms: [lower]}
    designation: Title
children: {addresses: remove, contacts: keep}
"""

TIERS = ("Wholesale", "Keystone", "Preferred Wholesale", "")
REPS = ("dana.whitfield@brand.example", "marcus.bell@brand.example; SOFIA.REYES@brand.example", "")
PLACES = (("Austin", "Texas", "78701"), ("Boston", "MA", "02108"), ("Savannah", "georgia", "31401"))


@dataclass(frozen=True)
class Job:
    """The files of a job."""

    workbook: Path
    contacts: Path
    mapping: Path


def write_job(
    folder: Path,
    *,
    customers: int,
    ship_tos: int,
    contacts: int,
    sectors: list[str],
    windows: list[str],
    categories: list[str],
) -> Job:
    """Write a workbook with two sheets, a CSV file, and their mapping."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Customers"
    sheet.append(["All customers of the house"])
    sheet.append([])
    sheet.append(
        [
            *(
                "Cust No",
                "Company",
                "E-mail",
                "Phone",
                "Terms",
                "Tier",
                "Reps",
                "Sector",
                "Revenue",
            ),
            *("Key", "Since", "Categories", "Street", "City", "State", "Zip", "Country"),
        ]
    )
    for n in range(customers):
        city, state, code = PLACES[n % 3]
        sheet.append(
            [
                n + 1,
                f"Shop {n} & Sons",
                f"Orders{n}@shop{n}.example",
                f"(512) 555-{100 + n % 100:04}",
                30 if n % 2 else 60,
                TIERS[n % 4],
                REPS[n % 3],
                sectors[n % len(sectors)],
                1000.5 * n,
                n % 2 == 0,
                f"20{10 + n % 15}-0{1 + n % 9}-1{n % 10}",
                f"{categories[0]}, {categories[-1]}" if n % 2 else "",
                f"{n} Main St" if n % 5 else None,
                city,
                state,
                int(code),
                ("USA", "United States", "us")[n % 3],
            ]
        )
        row = sheet.max_row
        sheet.cell(row, 1).number_format = "000000"
        sheet.cell(row, 16).number_format = "00000"
    other = book.create_sheet("Ship-to")
    other.append(["Cust No", "Ship-to No", "Street", "City", "State", "Zip", "Default", "Window"])
    for n in range(ship_tos):
        city, _, code = PLACES[n % 3]
        other.append(
            [
                n % customers + 1,
                f"S-{n}",
                f"{n} Dock Rd",
                city,
                "TX",
                code,
                "yes" if n < customers else "no",
                windows[n % len(windows)],
            ]
        )
        other.cell(other.max_row, 1).number_format = "000000"
    job = Job(folder / "customers.xlsx", folder / "contacts.csv", folder / "customers.yaml")
    book.save(job.workbook)
    with job.contacts.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["Customer", "First", "Last", "Mail", "Title"])
        for n in range(contacts):
            key = f"{n % customers + 1:06}"
            writer.writerow([key, f"Ada{n}", "Byron", f"Ada{n}@shop.example", "Buyer"])
    job.mapping.write_text(MAPPING, encoding="utf-8")
    return job
