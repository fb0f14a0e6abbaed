"""`check --online`: the account's lists are read, once each, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Ended, Wizsync
from tests.conftest import StartSandbox
from wizsync.sandbox import Sandbox

KEY = "sk-never-to-be-seen-0123456789"
MAPPING = """\
version: 1
customer:
  referenceId: Code
  companyName: Company
  displayName: "{companyName}"
  priceList: Tier
  salesReps: {column: Rep, split: ";"}
attributes:
  Industry: Sector
  Credit Limit: Credit
  Tags: {column: Tags, split: "/"}
addresses:
  - when: Street
    referenceId: "{referenceId}-S"
    addressLine1: Street
    city: Town
    type: {const: shipping}
    attributes: {Dock: Dock}
"""
HEADER = "Code,Company,Tier,Rep,Sector,Credit,Tags,Street,Town,Dock\n"
GOOD = "C-1,Good,wholesale,ada@shop.example;BOB@shop.example,retail,5000,Green/Blue,1 Pier,Bath,a\n"
PRICE_LISTS = (
    {"id": "pl1", "name": "Wholesale", "reference_id": "W"},
    {"id": "pl2", "name": "Spring", "reference_id": "S1"},
    {"id": "pl3", "name": "Spring", "reference_id": "S2"},
    {"id": "pl4", "name": "Outlet", "reference_id": "O", "status": "inactive"},
)
SALES_REPS = (
    {"id": "r1", "email": "ada@shop.example", "first_name": "Ada"},
    {"id": "r2", "email": "bob@shop.example", "first_name": "Bob"},
    {"id": "r3", "email": "cy@shop.example", "first_name": "Cy", "status": "inactive"},
)


def attribute(number: int, name: str, data_type: str, *options: str, **more: str) -> dict[str, Any]:
    entity = {"entity": "customer"} | more
    return {
        "id": f"a{number}",
        "name": name,
        "data_type": data_type,
        "options": [*options],
        **entity,
    }


ATTRIBUTES = (
    attribute(1, "Industry", "select", "Retail", "Hospitality"),
    attribute(2, "Credit Limit", "number"),
    attribute(3, "Tags", "multi_select", "Green", "Blue"),
    attribute(4, "Dock", "select", "A", "B", entity="address"),
)
Check = Callable[..., Ended]


@pytest.fixture
def sandbox(start_sandbox: StartSandbox, dialect: str) -> Sandbox:
    sandbox = start_sandbox(dialect=dialect, key=KEY, customers=20)
    sandbox.set_lookup("price_lists", PRICE_LISTS)
    sandbox.set_lookup("sales_reps", SALES_REPS)
    sandbox.set_lookup("attributes", ATTRIBUTES)
    return sandbox


@pytest.fixture
def check(wizsync_command: Wizsync, sandbox: Sandbox, tmp_path: Path) -> Check:
    def run(*rows: str, mapping: str = MAPPING, key: str = KEY) -> Ended:
        (tmp_path / "c.csv").write_text(HEADER + "".join(rows), encoding="utf-8")
        (tmp_path / "m.yaml").write_text(mapping, encoding="utf-8")
        return wizsync_command(
            *("check", "c.csv", "-m", "m.yaml", "--online", "--target", sandbox.base_url),
            *("--state-dir", "state", "--rate", "500", "--json"),
            WIZSYNC_API_KEY=key,
        )

    return run


def test_each_list_is_read_once_however_many_rows_ask_and_nothing_is_written(
    check: Check, sandbox: Sandbox, dialect: str
) -> None:
    ended = check(*(GOOD.replace("C-1,", f"C-{number},") for number in range(300)))
    assert ended.code == 0, ended.err
    assert ended.answer["result"]["customers"] == 300
    # Price lists, sales reps, the attributes of customers and those of addresses; where nobody tells how
    # many pages there are, an empty one proves the end.
    operations = sandbox.counts()["operations"]
    assert operations == {
        **dict.fromkeys(operations, 0),
        "other": {"snake": 4, "camel": 8}[dialect],
    }
    assert sandbox.ledger() == []
    assert KEY not in ended.out + ended.err


# A row that cannot be used: its code, what is said, and what there is instead.
ROWS = {
    "C-2,x,Wholesael,,,,,,,": (
        "unknown_lookup",
        '"Tier" names no price list of the account by its name',
        'Did you mean "Wholesale"?',
    ),
    "C-3,x,Spring,,,,,,,": (
        "ambiguous_lookup",
        '"Tier" names 2 price lists of the account alike',
        "They are: Spring (S1, id pl2); Spring (S2, id pl3). Write `by: reference_id`",
    ),
    "C-4,x,Outlet,,,,,,,": (
        "inactive_lookup",
        '"Tier" names a price list that is no longer active',
        'There are: "Spring", "Wholesale".',
    ),
    "C-5,x,,cy@shop.example,,,,,,": (
        "inactive_lookup",
        '"Rep" names a sales rep that is no longer active',
        'There are: "ada@shop.example", "bob@shop.example".',
    ),
    "C-6,x,,ada@shop.example;abba@shop.example,,,,,,": (
        "unknown_lookup",
        '"Rep" names no sales rep of the account by its email',
        '"ada@shop.example"',
    ),
    "C-7,x,,,Retial,,,,,": (
        "unknown_option",
        '"Sector" is no option of the attribute "Industry"',
        'Did you mean "Retail"?',
    ),
    "C-8,x,,,,lots,,,,": ("bad_number", '"Credit" is not a number', "Write it as 1234.56"),
    "C-9,x,,,,,Green/Grene,,,": (
        "unknown_option",
        '"Tags" is no option of the attribute "Tags"',
        'Did you mean "Green"?',
    ),
    "C-10,x,,,,,,2 Pier,Bath,Z": (
        "unknown_option",
        '"Dock" is no option of the attribute "Dock"',
        'Its options are: "A", "B".',
    ),
}


def test_every_row_that_cannot_be_used_is_named_with_what_there_is(
    check: Check, sandbox: Sandbox
) -> None:
    ended = check(GOOD, *(f"{row}\n" for row in ROWS))
    assert ended.code == 3
    rejects = ended.answer["result"]["rejects"]
    for number, (reject, (code, message, hint)) in enumerate(
        zip(rejects, ROWS.values(), strict=True), start=3
    ):
        assert (reject["rows"], reject["code"]) == ([number], code)
        assert reject["message"].startswith(message)
        assert hint in reject["hint"]
    assert ended.err.rstrip().endswith("10 rows, 2 customers: 9 rows cannot be used.")
    assert sandbox.ledger() == []


# Attributes in the mapping that the account does not have so: what is replaced, by what, what is said.
MAPPINGS = {
    "unknown": ("Industry:", "Industri:", 'no attribute "Industri"', 'Did you mean "Industry"?'),
    "of another entity": (
        "Industry:",
        "Dock:",
        'no attribute "Dock"',
        "It has: Industry, Credit Limit, Tags.",
    ),
    "of an address": ("{Dock:", "{Docks:", 'no attribute "Docks"', 'Did you mean "Dock"?'),
    "twice": (
        "Tags:",
        "industry: Tags\n  Tags:",
        '"Industry" and "industry" are the same.',
        "Keep one of them.",
    ),
    "no option": (
        "Industry: Sector",
        "Industry: {const: Retial}",
        '"Retial" is no option of the attribute "Industry"',
        'Did you mean "Retail"?',
    ),
    "template": ("Credit Limit: Credit", 'Credit Limit: "{companyName}"', "is a number", "column"),
}


@pytest.mark.parametrize("case", MAPPINGS)
def test_an_attribute_that_the_account_does_not_have_so(
    check: Check, sandbox: Sandbox, case: str
) -> None:
    old, new, said, hint = MAPPINGS[case]
    assert old in MAPPING
    ended = check(GOOD, mapping=MAPPING.replace(old, new, 1))
    assert ended.code == 2
    error = ended.answer["error"]
    assert said in error["message"]
    assert hint in error["hint"]
    assert "m.yaml, line" in error["where"]
    assert sandbox.ledger() == []


def test_two_attributes_of_one_name_are_told_by_their_ids(check: Check, sandbox: Sandbox) -> None:
    twins = [attribute(7, "Industry", "text"), attribute(8, "Industry", "text")]
    sandbox.set_lookup("attributes", [*twins, *ATTRIBUTES[1:]])
    error = check(GOOD).answer["error"]
    assert error["message"] == 'The account has 2 attributes "Industry".'
    assert error["hint"] == "Name one by its id: a7, a8."
    ended = check(GOOD, mapping=MAPPING.replace("Industry:", "a8:"))
    assert ended.code == 0, ended.err


def test_a_key_that_is_refused(check: Check) -> None:
    ended = check(GOOD, key="of-yesterday")
    assert ended.code == 5
    assert ended.answer["error"]["reason"] == "key_refused"
    assert "of-yesterday" not in ended.out + ended.err


def test_a_mapping_that_needs_no_list_asks_for_none(check: Check, sandbox: Sandbox) -> None:
    ended = check(GOOD, mapping=MAPPING[: MAPPING.index("  priceList")])
    assert ended.code == 0, ended.err
    assert sandbox.counts()["total"] == 0
