"""Each thing wrong with addresses, contacts, look-ups and attributes: said, and nothing sent for that row."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.chart import BarChart

from tests.cli.conftest import Ended, Wizsync
from tests.cli.shop import CUSTOMERS, SHIP_TOS, Shop
from tests.conftest import StartSandbox
from wizsync.sandbox import Sandbox


@pytest.fixture
def shop(start_sandbox: StartSandbox, tmp_path: Path, wizsync_command: Wizsync) -> Shop:
    return Shop(start_sandbox(), tmp_path, wizsync_command)


def told(ended: Ended, *said: str) -> None:
    """Words of the report on the terminal, wherever its lines break."""
    for words in said:
        assert words in " ".join(ended.err.split()), ended.err


# --- nothing can be done at all -------------------------------------------------------------------


def _missing(shop: Shop) -> Ended:
    shop.run("check")
    (shop.folder / "ship-tos.csv").unlink()
    return shop.run_again("sync")


def _empty(shop: Shop) -> Ended:
    shop.run("check")
    (shop.folder / "ship-tos.csv").write_bytes(b"")
    return shop.run_again("sync")


def _damaged(shop: Shop) -> Ended:
    shop.run("check")
    (shop.folder / "ship-tos.csv").write_bytes(b"PK\x03\x04" + b"\x00" * 200)
    return shop.run_again("sync")


def _folder(shop: Shop) -> Ended:
    shop.mapping = shop.mapping.replace("file: ship-tos.csv", "file: .")
    return shop.run("sync")


def _join(shop: Shop) -> Ended:
    shop.mapping = shop.mapping.replace("join: Customer", "join: Custmer")
    return shop.run("sync")


def _column(shop: Shop) -> Ended:
    shop.mapping = shop.mapping.replace("city: Town", "city: City")
    return shop.run("sync")


def _book(shop: Shop) -> None:
    book = Workbook()
    for name, rows in (
        ("Customers", (CUSTOMERS, *shop.customers)),
        ("Ship-tos", (SHIP_TOS, *shop.ship_tos)),
    ):
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    del book["Sheet"]
    book.create_chartsheet("Chart").add_chart(BarChart())
    book.save(shop.folder / "customers.xlsx")


def _sheet(shop: Shop) -> Ended:
    _book(shop)
    shop.mapping = shop.mapping.replace("file: ship-tos.csv", "sheet: Ship-to")
    return shop.run_again("sync", file="customers.xlsx")


def _chart(shop: Shop) -> Ended:
    _book(shop)
    shop.mapping = shop.mapping.replace("file: ship-tos.csv", "sheet: Chart")
    return shop.run_again("sync", file="customers.xlsx")


def _sheet_of_a_text_file(shop: Shop) -> Ended:
    shop.mapping = shop.mapping.replace("file: ship-tos.csv", "sheet: Ship-tos")
    return shop.run("sync")


def _loop(shop: Shop) -> Ended:
    shop.mapping = f"extends: house.yaml\n{shop.mapping}"
    (shop.folder / "house.yaml").write_text("extends: customers.yaml\n", encoding="utf-8")
    return shop.run("sync")


# What is wrong: (exit code, message, place, what to do).
WHOLE: dict[Callable[[Shop], Ended], tuple[int, str, str, str]] = {
    _missing: (
        *(7, "There is no file ship-tos.csv, which the mapping names."),
        *("customers.yaml, in the folder ", "Put it there, beside customers.csv"),
    ),
    _empty: (4, "ship-tos.csv is empty.", "ship-tos.csv", "Check the export"),
    _damaged: (4, "ship-tos.csv is a damaged workbook", "ship-tos.csv", "download it again"),
    _folder: (2, "folder", "", "Name the file that is in it."),
    _join: (
        *(2, 'The file has no column "Custmer".'),
        *("ship-tos.csv, header in row 1; customers.yaml, line 8", 'Did you mean "Customer"?'),
    ),
    _column: (
        *(2, 'The file has no column "City".'),
        *("ship-tos.csv, header in row 1; customers.yaml, line 11", "A header is written as in"),
    ),
    _sheet: (
        *(2, 'customers.xlsx has no sheet "Ship-to".'),
        *("customers.xlsx", 'Did you mean "Ship-tos"?'),
    ),
    _chart: (
        *(4, 'The sheet "Chart" is a chart or a dialog, and has no cells.'),
        *("customers.xlsx, sheet Chart", "Name one that has: Customers, Ship-tos."),
    ),
    _sheet_of_a_text_file: (
        *(2, 'names a sheet "Ship-tos", and customers.csv has no sheets.'),
        *("customers.yaml", "`file:` in place of `sheet:`"),
    ),
    _loop: (
        *(2, "extend each other in a circle: customers.yaml → house.yaml → customers.yaml."),
        *("customers.yaml, line 1", "Let one of them extend none."),
    ),
}


@pytest.mark.parametrize("wrong", WHOLE, ids=lambda wrong: wrong.__name__.strip("_"))
def test_a_source_of_children_that_cannot_be_used(
    shop: Shop, wrong: Callable[[Shop], Ended]
) -> None:
    code, message, place, hint = WHOLE[wrong]
    ended = wrong(shop)
    error = ended.answer["error"]
    assert ended.code == code
    assert message in error["message"]
    assert place in error["where"]
    assert hint in error["hint"]
    assert shop.sandbox.counts()["total"] == 0


# --- rows that cannot be used ---------------------------------------------------------------------


def test_rows_whose_customer_is_not_in_the_file(shop: Shop) -> None:
    """One is in the account, one nowhere, one is not named at all; a good row is there as well."""
    shop.customers.remove(("K-9", "Company K-9"))
    shop.ship_tos = [row for row in shop.ship_tos if row[1] not in ("K-9/2", "K-9/3")]
    shop.ship_tos += [("K-99", "K-99/1", "1 Pier", "Bath"), ("", "X/1", "1 Pier", "Bath")]
    shop.ship_tos += [("K-0", "K-0/4", "4 Pier", "Bath")]
    before = shop.account()
    ended = shop.run("sync")
    assert (ended.code, ended.answer["source"]["rejected"]) == (3, 3)
    told(
        ended,
        '"Customer" names a customer that is not in the customers\' table ship-tos.csv, rows 29, 30',
        "What the customer has in the account is left as it is.",
        '"Customer" is empty, and it says which customer the row belongs to ship-tos.csv, row 31',
    )
    assert shop.addresses("K-0") == ["K-0/1", "K-0/2", "K-0/3", "K-0/4"]
    assert shop.account()[1:] == before[1:]
    assert len(shop.sandbox.ledger()) == 1


def test_a_bad_address_is_rejected_alone_and_what_exists_of_it_is_kept(shop: Shop) -> None:
    """The customer's name and other address go through."""
    towns = "city: {column: Town, values: {Bath: Bath}, otherwise: reject}"
    shop.mapping = shop.mapping.replace("city: Town", towns)
    shop.customers[0] = ("K-0", "Renamed")
    shop.ship_tos[0] = ("K-0", "K-0/1", "1 Wharf", "Bth")
    shop.ship_tos[1] = ("K-0", "K-0/2", "2 Wharf", "Bath")
    before = {each["id"]: each for each in shop.sandbox.customer("K-0")["addresses"]}
    ended = shop.run("sync")
    assert (ended.code, ended.answer["source"]["rejected"]) == (3, 1)
    told(
        ended,
        '"Town" has a text that the mapping does not know ship-tos.csv, row 2 "Town" holds "Bth"',
    )
    customer = shop.sandbox.customer("K-0")
    assert customer["name"] == "Renamed"
    assert [each["address_line_1"] for each in customer["addresses"]] == [
        *("1 Pier", "2 Wharf", "3 Pier")
    ]
    kept = customer["addresses"][0]
    assert kept == before[kept["id"]]


def test_two_blocks_that_make_the_same_address(shop: Shop) -> None:
    """The same is merged; where they say different things, neither is used and the account's stays."""
    shop.mapping = shop.mapping.replace(
        "addresses:\n",
        'addresses:\n  - when: Company\n    referenceId: "{referenceId}/1"\n'
        "    addressLine1: {const: 1 Pier}\n    city: {const: Bath}\n    type: {const: shipping}\n",
    )
    assert shop.run("sync").answer["plan"]["unchanged"] == 10
    shop.ship_tos[0] = ("K-0", "K-0/1", "1 Other Street", "Bath")
    shop.ship_tos[4] = ("K-1", "K-1/2", "2 Wharf", "Bath")
    before = shop.account()
    ended = shop.run("sync")
    assert ended.code == 3
    told(
        ended,
        '"Street" has different values in rows of one address row 2; ship-tos.csv, row 2 '
        '"Street" holds "1 Other Street / 1 Pier" Keep one of the values in these rows',
    )
    assert shop.account()[0] == before[0]
    assert shop.sandbox.customer("K-1")["addresses"][1]["address_line_1"] == "2 Wharf"


# --- look-ups and attributes ----------------------------------------------------------------------

MAPPING = """\
version: 1
customer:
  referenceId: Code
  companyName: Company
  displayName: "{companyName}"
  priceList: Tier
  salesReps: Rep
attributes:
  Since: {column: Since, transforms: [{date: MM/DD/YYYY}]}
  Until: Until
  Credit: Credit
  Vip: Vip
"""
HEADER = "Code,Company,Tier,Rep,Since,Until,Credit,Vip\n"
BAD = """\
K-0,New 0,Spring,,,,,
K-1,New 1,,cy@shop.example,,,,
K-2,New 2,,,,,lots,
K-3,New 3,,,,,,perhaps
K-4,New 4,,,02/31/2026,,,
K-5,New 5,,,3/4/12026,,,
K-6,New 6,,,,2026-02-31,,
"""
GOOD = "K-7,New 7,Outlet,ada@shop.example,3/4/2026,2027-12-31,5000,yes\n"
SAID = """\
"Tier" names 2 price lists of the account alike
row 2
"Tier" holds "Spring"
They are: Spring (S1, id pl1); Spring (S2, id pl2). Write `by: reference_id` in the mapping and give that
instead, or rename one.
"Rep" names a sales rep that is no longer active
row 3
"Rep" holds "cy@shop.example"
Give another one. There are: "ada@shop.example".
"Credit" is not a number, and the attribute "Credit" is a number
row 4
"Credit" holds "lots"
Write it as 1234.56, or empty the cell.
"Vip" is neither yes nor no, and the attribute "Vip" is a boolean
row 5
"Vip" holds "perhaps"
Write true or false, or empty the cell.
"Since" is not a date of the form MM/DD/YYYY
rows 6, 7
"Since" holds "02/31/2026", "3/4/12026"
Write the date in this form.
"Until" is not a date
"""


def with_lists(sandbox: Sandbox) -> None:
    sandbox.set_lookup(
        "price_lists",
        [
            {"id": "pl1", "name": "Spring", "reference_id": "S1"},
            {"id": "pl2", "name": "Spring", "reference_id": "S2"},
            {"id": "pl3", "name": "Outlet", "reference_id": "O"},
        ],
    )
    reps = (("r1", "ada@shop.example", "active"), ("r2", "cy@shop.example", "inactive"))
    sandbox.set_lookup(
        "sales_reps", [{"id": one, "email": email, "status": status} for one, email, status in reps]
    )
    kinds = {"Since": "date", "Until": "date", "Credit": "number", "Vip": "boolean"}
    sandbox.set_lookup(
        "attributes",
        [
            {"id": f"a-{name}", "name": name, "entity": "customer", "data_type": kind}
            for name, kind in kinds.items()
        ],
    )


def test_look_ups_and_attributes_that_cannot_be_used(shop: Shop) -> None:
    with_lists(shop.sandbox)
    shop.mapping = MAPPING
    (shop.folder / "customers.csv").write_text(HEADER + BAD + GOOD, encoding="utf-8")
    before = shop.account()
    ended = shop.run_again("sync")
    assert (ended.code, ended.answer["source"]["rejected"]) == (3, 7)
    told(ended, " ".join(SAID.split()))
    assert shop.account()[:7] == before[:7]
    good = shop.sandbox.customer("K-7")
    assert (good["name"], good["price_list_id"], good["sales_rep_ids"]) == ("New 7", "pl3", ["r1"])
    dates = {"a-Since": "2026-03-04", "a-Until": "2027-12-31"}
    assert good["attributes"] == {**dates, "a-Credit": 5000, "a-Vip": True}
    assert len(shop.sandbox.ledger()) == 1
