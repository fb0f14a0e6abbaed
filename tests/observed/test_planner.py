"""What the ways to read an account cost, and which is taken."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import StartSandbox
from tests.observed.builders import client_of
from wizsync.model import Way
from wizsync.observed.planner import (
    LISTS_AND_KEPT,
    LOOK_UPS_AND_KEPT,
    Known,
    Need,
    cheapest,
    price_of_lists,
    price_of_look_ups,
    ways,
)
from wizsync.observed.whole import read_whole

STATUSES = ("active", "inactive")


def known(active: int = 2824, inactive: int = 176, **values: Any) -> Known:
    counts = {"active": active, "inactive": inactive}
    return Known(
        **{"counts": counts, "statuses": STATUSES, "totals": True, "canaries": STATUSES} | values
    )


def chosen(need: Need, **values: Any) -> Way:
    return cheapest(ways(need, known(**values)))


@pytest.mark.anyio
@pytest.mark.parametrize("customers", [0, 40, 350, 1000])
@pytest.mark.parametrize("in_hope", [True, False])
async def test_the_price_of_reading_everybody_is_what_is_sent(
    customers: int, in_hope: bool, dialect: str, start_sandbox: StartSandbox
) -> None:
    sandbox = start_sandbox(dialect=dialect, customers=customers)
    async with client_of(sandbox, dialect) as client:
        lists = await read_whole(
            client.customers,
            STATUSES,
            lambda _: False,
            lambda _read, _total: None,
            totals=dialect == "snake",
            in_hope=in_hope,
        )
        counts = {status: len(listed.rows) for status, listed in lists.items()}
        price = price_of_lists(Known(counts, STATUSES, dialect == "snake", proven=not in_hope))
        assert client.requests.list == price


@pytest.mark.parametrize(("keys", "requests"), [(1, 2), (99, 2), (100, 4), (40, 2)])
def test_look_ups_ask_for_99_keys_in_each_status(keys: int, requests: int) -> None:
    assert price_of_look_ups(keys, known()) == requests


def test_without_a_total_a_status_without_a_canary_takes_one_more() -> None:
    assert price_of_look_ups(40, known(totals=False, canaries=["active"])) == 3


@pytest.mark.parametrize("totals", [True, False])
@pytest.mark.parametrize("active", [2824, 94_000])
def test_a_small_file_is_looked_up_whatever_the_size_of_the_account(
    active: int, totals: bool
) -> None:
    way = chosen(Need(40), active=active, totals=totals)
    assert (way.name, way.requests) == (LOOK_UPS_AND_KEPT, 2)


def test_details_cost_a_get_each_unless_they_are_kept() -> None:
    prices = {way.name: way.requests for way in ways(Need(3000, details=3000, kept=2990), known())}
    assert prices == {
        "lists_and_kept_details": 31 + 10,
        "lists_and_gets": 31 + 3000,
        "look_ups_and_kept_details": 62 + 10,
        "look_ups_and_gets": 62 + 3000,
    }


def test_where_everybody_must_be_read_nobody_is_looked_up() -> None:
    assert chosen(Need(1, whole=True), active=94_000).name == LISTS_AND_KEPT


def test_where_a_look_up_may_be_in_vain_it_must_be_four_times_cheaper() -> None:
    assert chosen(Need(2, may_create=True), active=500, inactive=50).name == LISTS_AND_KEPT
    assert chosen(Need(2, may_create=True), active=900, inactive=50).name == LOOK_UPS_AND_KEPT


def test_what_costs_the_same_is_read_whole() -> None:
    assert chosen(Need(100), active=250, inactive=5).name == LISTS_AND_KEPT


def test_an_account_of_a_page_is_read_whole() -> None:
    assert chosen(Need(1), active=60, inactive=39, totals=False).name == LISTS_AND_KEPT
    assert chosen(Need(1), active=60, inactive=40, totals=False).name == LOOK_UPS_AND_KEPT
