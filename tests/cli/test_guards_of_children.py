"""Limits on what is lost and what moves: refused with the words that let it through, and those alone do."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.cli.conftest import Ended, Wizsync
from tests.cli.shop import CUSTOMERS, SHIP_TOS, Shop, allowances
from tests.conftest import StartSandbox


@pytest.fixture
def shop(
    start_sandbox: StartSandbox, dialect: str, tmp_path: Path, wizsync_command: Wizsync
) -> Shop:
    return Shop(start_sandbox(dialect=dialect), tmp_path, wizsync_command)


def refused(shop: Shop, ended: Ended, *said: str) -> list[str]:
    """Exit code 4, nothing written, the words; the allowances that are named."""
    assert ended.code == 4, ended.err
    assert shop.sandbox.ledger() == []
    assert ended.answer["error"]["reason"] == "guard"
    assert ended.answer["error"]["hint"].startswith("Nothing was written. Look at the report;")
    assert set(ended.answer["outcome"].values()) == {0}
    for words in said:
        assert words in ended.err, ended.err
    return allowances(ended)


def test_children_removed(shop: Shop) -> None:
    """Of 30 addresses 5 % may go, but at least 5; the file has lost 6 of them, a fifth, and no more."""
    shop.ship_tos = [row for row in shop.ship_tos if row[1] not in {f"K-{n}/2" for n in range(6)}]
    words = refused(
        shop,
        shop.run("sync", "--allow", "updates=100%"),
        "6 addresses and contacts would be removed; allowed are 5 (5 % of 30 that could be).",
        "K-0 Company K-0: address K-0/2 2 Pier, Bath",
        "If that is meant: --allow children_removed=6",
    )
    assert words == ["--allow", "children_removed=6"]
    too_few = shop.run("sync", "--allow", "updates=100%", "--allow", "children_removed=5")
    assert refused(shop, too_few) == words
    done = shop.run("sync", "--allow", "updates=100%", *words)
    assert (done.code, done.answer["plan"]["children_remove"]) == (0, 6)
    assert shop.addresses("K-0") == ["K-0/1", "K-0/3"]
    assert shop.addresses("K-9") == ["K-9/1", "K-9/2", "K-9/3"]


def test_all_that_is_exceeded_is_named_at_once(shop: Shop) -> None:
    assert shop.run("sync").code == 0
    shop.ship_tos = [row for row in shop.ship_tos if not row[1].endswith("/3")]
    words = refused(shop, shop.run("sync"))
    assert words[1::2] == ["children_removed=10", "shrink=10", "updates=10"]
    assert shop.run("sync", *words).code == 0
    assert all(len(each["addresses"]) == 2 for each in shop.account())


def test_a_file_that_lost_a_fifth_of_its_rows(shop: Shop) -> None:
    """20 % of 30 rows is 6: with 7 fewer nothing is removed, though the mapping lets 7 go."""
    shop.mapping += "guard: {max_children_removed: 50%, max_updates: 100%}\n"
    assert shop.run("sync").code == 0
    shop.ship_tos = [row for row in shop.ship_tos if row[1] not in {f"K-{n}/2" for n in range(7)}]
    words = refused(
        shop,
        shop.run("sync"),
        '"ship-tos.csv" has 7 rows fewer than at the last run (23 instead of 30)',
        "allowed are 6 (20 % of 30 rows of the last run).",
        "If that is meant: --allow shrink=7",
    )
    assert words == ["--allow", "shrink=7"]
    # A run that was refused is not what the next one is measured by.
    assert refused(shop, shop.run("sync")) == words
    assert shop.run("sync", *words).code == 0
    assert shop.addresses("K-6") == ["K-6/1", "K-6/3"]
    # One that was applied is.
    shop.ship_tos.remove(("K-9", "K-9/3", "3 Pier", "Bath"))
    assert shop.run("sync").code == 0


def test_a_smaller_file_that_removes_nothing_is_let_through(shop: Shop) -> None:
    shop.mapping = shop.mapping.replace("remove", "keep")
    before = shop.account()
    assert shop.run("sync").code == 0
    shop.ship_tos = shop.ship_tos[:3]
    assert shop.run("sync").code == 0
    assert shop.account() == before


def test_customers_that_are_deleted_count_as_well(shop: Shop) -> None:
    shop.mapping += "absent: delete\nscope: all\nguard: {max_deletes: 50%}\n"
    assert shop.run("sync").code == 0
    gone = {f"K-{number}" for number in range(3)}
    shop.customers = [row for row in shop.customers if row[0] not in gone]
    shop.ship_tos = [row for row in shop.ship_tos if row[0] not in gone]
    words = refused(
        shop,
        shop.run("sync", "--allow", "shrink=5"),
        '"ship-tos.csv" has 9 rows fewer than at the last run (21 instead of 30)',
        "something would be deleted or removed",
    )
    assert words == ["--allow", "shrink=9"]
    assert shop.run("sync", *words).code == 0
    assert {each["reference_id"] for each in shop.account()} == {
        f"K-{number}" for number in range(3, 10)
    }


def test_each_sheet_is_remembered_by_itself(shop: Shop) -> None:
    """Two sheets of ship-tos: one loses what the other gains, and the rows are as many as before."""
    shop.mapping = shop.mapping.replace("file: ship-tos.csv", "sheet: East")
    west = shop.mapping[shop.mapping.index("  - sheet:") : shop.mapping.index("children:")]
    shop.mapping = shop.mapping.replace("children:", f"{west.replace('East', 'West')}children:")
    shop.mapping += "guard: {max_children_removed: 100%, max_updates: 100%, max_rejected: 100%}\n"

    def run(east: slice, west: slice, *words: str) -> Ended:
        book = Workbook()
        sheet = book.active
        for row in (CUSTOMERS, *shop.customers):
            sheet.append(row)
        for name, some in (("East", east), ("West", west)):
            sheet = book.create_sheet(name)
            for row in (SHIP_TOS, *shop.ship_tos[some]):
                sheet.append(row)
        book.save(shop.folder / "customers.xlsx")
        return shop.run_again("sync", *words, file="customers.xlsx")

    assert run(slice(0, 15), slice(15, 30)).code == 0
    shop.ship_tos = [
        *shop.ship_tos[:8],
        *shop.ship_tos[15:30],
        *[("K-9", "K-9/4", "4", "Bath")] * 7,
    ]
    ended = run(slice(0, 8), slice(8, 30))
    words = refused(shop, ended, '"East" has 7 rows fewer than at the last run (8 instead of 15)')
    assert words == ["--allow", "shrink=7"]
    assert "West" not in ended.answer["error"]["message"]
    assert run(slice(0, 8), slice(8, 30), *words).code == 0
    assert shop.addresses("K-9") == ["K-9/1", "K-9/2", "K-9/3", "K-9/4"]


def test_one_that_moves_is_held_until_it_is_allowed(shop: Shop) -> None:
    moved = ("K-0", "K-0/1", "1 Pier", "Bath")
    shop.ship_tos[shop.ship_tos.index(moved)] = ("K-1", *moved[1:])
    before = shop.account()
    held = shop.run("sync")
    assert held.code == 3
    assert "held back: it goes to K-1" in held.err
    assert "held back: it comes from K-0" in held.err
    (warning,) = held.answer["warnings"]
    assert "they are written with --allow child_moves=2 only." in warning
    assert (held.answer["outcome"]["skipped"], shop.account()) == (2, before)

    words = refused(
        shop,
        shop.run("sync", "--allow", "child_moves=1"),
        "2 changes would move addresses or contacts from one customer to another; allowed are 1.",
        "address K-0/1 1 Pier, Bath: from K-0 to K-1",
    )
    assert words == ["--allow", "child_moves=2"]
    assert shop.run("sync", *words).code == 0
    assert shop.addresses("K-0") == ["K-0/2", "K-0/3"]
    assert shop.addresses("K-1") == ["K-1/1", "K-1/2", "K-1/3", "K-0/1"]
    assert shop.run("sync").answer["plan"]["unchanged"] == 10


def test_the_other_changes_of_a_customer_go_while_a_move_is_held(shop: Shop) -> None:
    moved = ("K-0", "K-0/1", "1 Pier", "Bath")
    shop.ship_tos[shop.ship_tos.index(moved)] = ("K-1", *moved[1:])
    shop.customers[1] = ("K-1", "Renamed")
    assert shop.run("sync").code == 3
    assert shop.sandbox.customer("K-1")["name"] == "Renamed"
    assert shop.addresses("K-0") == ["K-0/1", "K-0/2", "K-0/3"]
    assert shop.addresses("K-1") == ["K-1/1", "K-1/2", "K-1/3"]
