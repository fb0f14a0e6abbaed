"""The rows to mend, mended and fed back: exactly they are written, and nothing is deleted or removed."""

from __future__ import annotations

import csv
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.cli.conftest import Wizsync
from tests.conftest import StartSandbox
from wizsync.sandbox import Sandbox

MAPPING = """\
version: 1
source: {sheet: SHEET, header_row: 3, action_column: Action}
scope: {referenceId: {prefix: "0"}}
customer:
  referenceId: {column: Cust No, transforms: [{zfill: 4}]}
  companyName: {column: Company, required: true}
  displayName: "{companyName}"
  email: E-mail
  phone: {column: Phone, transforms: [{phone: US}]}
addresses:
  - PLACE: Ship-to
    header_row: 2
    join: Customer
    referenceId: Number
    addressLine1: Street
    city: {const: Austin}
    zipCode: {const: "78701"}
    state: {column: State, transforms: [state]}
    country: {const: US}
    type: {const: shipping}
contacts:
  - PLACE: People
    join: Customer
    referenceId: Number
    firstName: Name
    lastName: {const: Doe}
    email: "{referenceId}@shop.example"
children: {addresses: remove, contacts: remove}
guard: {max_updates: 100%, max_deletes: 100%, max_children_removed: 100%, max_erased: 100%}
"""
MIRROR = "mode: mirror\n"
ABSENT = "mode: upsert\nabsent: delete\n"
UPDATE = "mode: update\nabsent: delete\n"

# What is wrong in the file, and how it is mended: sheet, the row's number or code, column, right value.
TO_MEND = (
    ("Customers", "2", "Phone", "(512) 555-0182"),
    ("Customers", "4", "Company", "Name 4"),
    ("Customers", "6", "Action", "delete"),
    ("Ship-to", "S-31", "State", "Texas"),
    ("People", "P-52", "Customer", "5"),
)
WRONG = {
    ("Customers", "2", "Phone"): "none",
    ("Customers", "4", "Company"): "N" * 300,
    ("Customers", "6", "Action"): "dlete",
    ("Customers", "7", "Phone"): "nor this one",
    ("Ship-to", "S-31", "State"): "Nowhere",
    ("People", "P-52", "Customer"): None,
}
Sheets = dict[str, list[list[Any]]]
TITLES = {"Customers": 2, "Ship-to": 1, "People": 0}


def sheets() -> Sheets:
    """What the account shall be: nine customers with two addresses and two contacts each."""
    found: Sheets = {
        "Customers": [["Cust No", "Company", "E-mail", "Phone", "Action"]],
        "Ship-to": [["Customer", "Number", "Street", "State"]],
        "People": [["Customer", "Number", "Name"]],
    }
    for n in range(1, 10):
        mail, phone = f"{n}@shop.example", f"(512) 555-010{n}"
        found["Customers"].append([n, f"New name {n}", mail, phone, None])
        for one in (1, 2):
            found["Ship-to"].append([n, f"S-{n}{one}", f"{n}{one} New Rd", "TX"])
            found["People"].append([n, f"P-{n}{one}", f"New {n}{one}"])
    return found


def with_faults(good: Sheets) -> Sheets:
    for (sheet, code, column), value in WRONG.items():
        header, *rows = good[sheet]
        row = next(row for row in rows if code in (str(row[0]), row[1]))
        row[header.index(column)] = value
    return good


@dataclass
class Job:
    """A file of each kind, and what the account was."""

    file: Path
    mapping: Path


def workbook(folder: Path) -> Path:
    """The sheets, with titles above their headers; the customers' own is the second."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    content = with_faults(sheets())
    for name in ("Ship-to", "Customers", "People"):
        sheet = book.create_sheet(name)
        for _ in range(TITLES[name]):
            sheet.append([f"All {name}"])
        for row in content[name]:
            sheet.append(row)
        for cell in sheet["A"]:
            cell.number_format = "0000"
    book.save(folder / "customers.xlsx")
    return folder / "customers.xlsx"


def texts(folder: Path) -> Path:
    """The same as text files."""
    content = with_faults(sheets())
    for name, rows in content.items():
        with (folder / f"{name}.csv").open("w", encoding="cp1252", newline="") as file:
            writer = csv.writer(file, delimiter=";")
            writer.writerows([[f"Übersicht {name}"] * len(rows[0])] * TITLES[name])
            writer.writerows(rows)
    return folder / "Customers.csv"


def converted(file: Path, kind: str) -> Path:
    """A workbook as LibreOffice saves it."""
    folder = file.parent / "saved"
    office = f"-env:UserInstallation=file://{file.parent}/office"
    command = ["soffice", "--headless", office, "--convert-to", kind]
    command += ["--outdir", str(folder), str(file)]
    subprocess.run(command, check=True, capture_output=True, timeout=110)
    return folder / f"{file.stem}.{kind}"


def job_of(folder: Path, kind: str, *, mode: str = MIRROR, sheet: str = "2") -> Job:
    rules = f"{MAPPING}{mode}"
    if kind == "csv":
        file = texts(folder)
        rules = rules.replace("sheet: SHEET, ", "encoding: cp1252, ")
        for name in ("Ship-to", "People"):
            rules = rules.replace(f"PLACE: {name}", f"file: {name}.csv")
    else:
        file = workbook(folder)
        rules = rules.replace("PLACE", "sheet").replace("SHEET", sheet)
        file = file if kind == "xlsx" else converted(file, kind)
    (folder / "customers.yaml").write_text(rules, encoding="utf-8")
    return Job(file, folder / "customers.yaml")


def account(start_sandbox: StartSandbox) -> Sandbox:
    """The customers of the file as they were, and one whom it does not name."""
    sandbox = start_sandbox(assume=("text_limit=255",))
    for n in range(1, 10):
        sandbox.add(
            reference_id=f"{n:04}",
            name=f"Old name {n}",
            display_name=f"Old name {n}",
            addresses=[
                {
                    "reference_id": f"S-{n}{one}",
                    "address_line_1": f"{n}{one} Old Rd",
                    "country": "US",
                    "type": "shipping",
                }
                for one in (1, 2)
            ],
            contacts=[
                {"reference_id": f"P-{n}{one}", "first_name": f"Old {n}{one}"} for one in (1, 2)
            ],
        )
    return sandbox


def meanwhile(sandbox: Sandbox) -> None:
    """What a mirror would delete and remove: a customer, an address and a contact that no file names."""
    sandbox.add(reference_id="0099", name="Only here", display_name="Only here")
    for code in ("0002", "0003", "0005"):
        customer = sandbox.customer(code)
        address = {"reference_id": "S-X", "address_line_1": "Only here", "country": "US"}
        contact = {"reference_id": "P-X", "first_name": "Only here"}
        sandbox.edit(
            customer["id"],
            addresses=[*customer["addresses"], {**address, "type": "shipping"}],
            contacts=[*customer["contacts"], contact],
        )


def mend(path: Path, only: str | None = None) -> None:
    """Mend the cells of a workbook, as a person does in a spreadsheet program."""
    book = openpyxl.load_workbook(path)
    for sheet, code, column, value in TO_MEND:
        if only in (None, sheet):
            cells = book[_sheet(book, sheet)]
            names = [cell.value for cell in cells[1]]
            (row,) = [
                row
                for row in cells.iter_rows(min_row=2)
                if code in (str(row[0].value).lstrip("0"), row[1].value)
            ]
            row[names.index(column)].value = value
    book.save(path)


def _sheet(book: openpyxl.Workbook, name: str) -> str:
    return next(one for one in book.sheetnames if one.removesuffix(".csv") == name)


def mend_text(path: Path) -> None:
    """The same in a text file, which has the customers' rows alone."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = file.read()
    delimiter = ";" if ";" in lines.splitlines()[0] else ","
    header, *rows = csv.reader(lines.splitlines(), delimiter=delimiter)
    for sheet, code, column, value in TO_MEND:
        for row in rows:
            if sheet == "Customers" and row[0].lstrip("0") == code:
                row[header.index(column)] = value
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([header, *rows])


def seen(sandbox: Sandbox) -> dict[str, Any]:
    """The account: every customer, address and contact by its code."""
    found: dict[str, Any] = {}
    for customer in sandbox.customers():
        code = customer["reference_id"]
        found[code] = (customer["name"], customer["email"], customer["phone"], customer["status"])
        for one in customer["addresses"]:
            found[f"{code} {one['reference_id']}"] = (one["address_line_1"], one["state"])
        for one in customer["contacts"]:
            found[f"{code} {one['reference_id']}"] = (one["first_name"],)
    return found


# What the mended rows say, by what they are about.
CUSTOMERS = {
    "0002": ("New name 2", "2@shop.example", "+15125550182", "active"),
    "0004": ("Name 4", "4@shop.example", "+15125550104", "active"),
}
OF_THESE = {
    **{
        f"{code} S-{code[3]}{n}": (f"{code[3]}{n} New Rd", "TX")
        for code in CUSTOMERS
        for n in (1, 2)
    },
    **{f"{code} P-{code[3]}{n}": (f"New {code[3]}{n}",) for code in CUSTOMERS for n in (1, 2)},
}
CHILDREN = {"0003 S-31": ("31 New Rd", "TX"), "0005 P-52": ("New 52",)}


@dataclass
class Rejected:
    """What a run left to mend, and how it is fed back."""

    folder: Path
    feed: Callable[[Path], dict[str, Any]]


@pytest.fixture
def rejected(
    start_sandbox: StartSandbox, wizsync_command: Wizsync, tmp_path: Path
) -> Callable[..., tuple[Sandbox, Rejected]]:
    """Run a faulty file of a kind through the command line, and let things happen meanwhile."""

    def run(kind: str, **more: str) -> tuple[Sandbox, Rejected]:
        sandbox, job = account(start_sandbox), job_of(tmp_path, kind, **more)

        def feed(file: Path) -> dict[str, Any]:
            ended = wizsync_command(
                *("sync", file, "-m", job.mapping, "--target", sandbox.base_url, "--yes", "--json"),
                *("--state-dir", "state", "--report-dir", "reports", "--rate", "500"),
                WIZSYNC_API_KEY=sandbox.key,
            )
            assert ended.code == ended.answer["exit_code"]
            return ended.answer

        answer = feed(job.file)
        assert answer["error"] is None
        assert answer["exit_code"] == 3
        assert answer["outcome"]["failed"] == 1
        meanwhile(sandbox)
        sandbox.reset()
        return sandbox, Rejected(Path(answer["files"]["rejected_xlsx"]).parent, feed)

    return run


FORMATS = [
    "csv",
    "xlsx",
    pytest.param("ods", marks=pytest.mark.system),
    pytest.param("xls", marks=pytest.mark.system),
]


@pytest.mark.parametrize("kind", FORMATS)
def test_of_every_kind_of_file_exactly_what_was_mended_is_written(kind: str, rejected) -> None:
    sandbox, left = rejected(kind)
    before = seen(sandbox)
    mend(left.folder / "rejected.xlsx")

    answer = left.feed(left.folder / "rejected.xlsx")

    assert answer["error"] is None
    assert seen(sandbox) == {**before, **CUSTOMERS, **OF_THESE, **CHILDREN}
    assert answer["requests"]["delete"] == answer["requests"]["create"] == 0
    assert answer["plan"]["children_remove"] == answer["plan"]["absent"] == 0
    # One row was not mended, with its two addresses and two contacts.
    assert (answer["source"]["rejected"], answer["exit_code"]) == (5, 3)


@pytest.mark.parametrize("kind", FORMATS)
def test_of_a_text_file_the_mended_customers_are_written(kind: str, rejected) -> None:
    sandbox, left = rejected(kind)
    before = seen(sandbox)
    mend_text(left.folder / "rejected.csv")

    answer = left.feed(left.folder / "rejected.csv")

    assert seen(sandbox) == {**before, **CUSTOMERS}
    assert answer["requests"]["delete"] == answer["requests"]["child"] == 0
    assert answer["source"]["rejected"] == 1


@pytest.mark.parametrize("mode", [ABSENT, UPDATE], ids=["absent", "update"])
def test_in_every_mode_nothing_is_deleted_or_removed(mode: str, rejected) -> None:
    sandbox, left = rejected("xlsx", mode=mode, sheet="Customers")
    before = seen(sandbox)
    mend(left.folder / "rejected.xlsx")

    answer = left.feed(left.folder / "rejected.xlsx")

    assert seen(sandbox) == {**before, **CUSTOMERS, **OF_THESE, **CHILDREN}
    assert answer["requests"]["delete"] == 0


def test_with_children_mended_alone_their_customers_lose_nothing(rejected) -> None:
    sandbox, left = rejected("xlsx")
    before = seen(sandbox)
    mend(left.folder / "rejected.xlsx", only="Ship-to")

    left.feed(left.folder / "rejected.xlsx")

    assert seen(sandbox) == {**before, "0003 S-31": ("31 New Rd", "TX")}


@pytest.mark.system
@pytest.mark.parametrize("extension", ["xlsx", "ods", "xls"])
def test_mended_and_saved_by_a_spreadsheet_program(extension: str, rejected) -> None:
    sandbox, left = rejected("xlsx")
    before = seen(sandbox)
    mend(left.folder / "rejected.xlsx")

    left.feed(converted(left.folder / "rejected.xlsx", extension))

    assert seen(sandbox) == {**before, **CUSTOMERS, **OF_THESE, **CHILDREN}


def test_fed_back_unmended_it_writes_nothing(rejected) -> None:
    sandbox, left = rejected("xlsx")
    before = seen(sandbox)

    answer = left.feed(left.folder / "rejected.xlsx")

    assert seen(sandbox) == before
    again = Path(answer["files"]["rejected_xlsx"])
    mend(again)
    left.feed(again)
    assert seen(sandbox) == {**before, **CUSTOMERS, **OF_THESE, **CHILDREN}
