"""Addresses and contacts of customers who exist: siblings stay as they are, and harm ends at the first."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import StartSandbox
from tests.push.between import Asked, Lost, Trouble, between
from tests.push.builders import at_work, child, create, told, update, with_children
from wizsync.model import Change, ChildAction, ChildKind
from wizsync.sandbox import Sandbox

pytestmark = pytest.mark.anyio

ADDRESSES, CONTACTS = ChildKind.ADDRESSES, ChildKind.CONTACTS
ADD, CHANGE, REMOVE = ChildAction
NEW = {"referenceId": "X-9", "type": "shipping", "addressLine1": "9 Elm St", "city": "Waco"}

ways = pytest.mark.parametrize("in_lists", [False, True], ids=["endpoints", "lists"])
honest = pytest.mark.parametrize(
    "assume",
    [
        (),
        ("children=replace",),
        ("children=replace", "child_match=reference_id"),
        ("child_put=partial",),
        ("child_edit=keeps_parent",),
        ("child_default=free",),
        ("empty=absent",),
        ("attributes=replace",),
    ],
    ids=lambda assume: ",".join(assume) or "default",
)


def several(sandbox: Sandbox, number: int = 3) -> list[dict[str, Any]]:
    """Customers with that many addresses at least, oldest first."""
    return [c for c in sandbox.customers() if c["reference_id"] and len(c["addresses"]) >= number]


def relocated(customer: Mapping[str, Any], **after: str) -> Change:
    """The customer's second address gets other values."""
    values = after or {"city": "Dallas"}
    return with_children(update(customer), child(CHANGE, of=customer["addresses"][1], **values))


def lasting(record: Mapping[str, Any]) -> dict[str, Any]:
    """What of an address no one else's write may change; how empty is spelled does not count."""
    return {name: value or "" for name, value in record.items() if name != "updated_at"}


def now(sandbox: Sandbox, customer: Mapping[str, Any]) -> dict[str, Any]:
    return next(c for c in sandbox.customers() if c["id"] == customer["id"])


# --- as it should be ------------------------------------------------------------------------------


@ways
@honest
async def test_one_address_of_several_is_changed_and_its_siblings_stay_as_they_are(
    assume: tuple[str, ...],
    in_lists: bool,
    dialect: str,
    start_sandbox: StartSandbox,
    tmp_path: Path,
):
    sandbox = start_sandbox(dialect=dialect, customers=60, assume=assume)
    customers = several(sandbox)[:5]
    sandbox.reset()
    async with at_work(sandbox, tmp_path, children_in_lists=in_lists) as work:
        applied = await work.run(*map(relocated, customers))
    assert set(told(applied.outcomes).values()) == {"applied: done"}
    assert applied.warnings == ()
    for before in customers:
        after = {one["id"]: lasting(one) for one in now(sandbox, before)["addresses"]}
        expected = {one["id"]: lasting(one) for one in before["addresses"]}
        expected[before["addresses"][1]["id"]]["city"] = "Dallas"
        assert after == expected
    requests = sandbox.counts()["operations"]
    # One get and one write a customer; the first write through an endpoint is looked at again.
    assert requests["get"] == len(customers) + (0 if in_lists else 1)
    assert (requests["update"], requests["child"]) == ((5, 0) if in_lists else (0, 5))


@ways
@honest
async def test_adding_changing_and_removing_at_once(
    assume: tuple[str, ...],
    in_lists: bool,
    dialect: str,
    start_sandbox: StartSandbox,
    tmp_path: Path,
):
    sandbox = start_sandbox(dialect=dialect, customers=60, assume=assume)
    customer = several(sandbox)[0]
    kept, changed, gone = customer["addresses"][:3]
    change = with_children(
        update(customer, phone="+1 212 555 0142"),
        child(REMOVE, of=gone),
        child(ADD, **NEW, isDefault="true"),
        child(CHANGE, of=changed, addressLine2="Dock 9", city="Dallas"),
    )
    async with at_work(sandbox, tmp_path, children_in_lists=in_lists) as work:
        applied = await work.run(change)
        assert work.journal.open_steps() == []
        again = await work.run(change)
    assert told(applied.outcomes) == {customer["reference_id"]: "applied: done"}
    assert told(again.outcomes) == {customer["reference_id"]: "applied: done"}
    there = now(sandbox, customer)
    assert there["phone"] == "+1 212 555 0142"
    after = {one["id"]: one for one in there["addresses"]}
    assert gone["id"] not in after
    assert lasting(after[kept["id"]]) | {"is_default": ""} == lasting(kept) | {"is_default": ""}
    assert (after[changed["id"]]["address_line_2"], after[changed["id"]]["city"]) == (
        "Dock 9",
        "Dallas",
    )
    (new,) = [one for one in there["addresses"] if one["reference_id"] == "X-9"]
    assert (new["address_line_1"], new["is_default"]) == ("9 Elm St", True)
    if "child_default=free" not in assume:
        assert sum(one["is_default"] for one in after.values() if one["type"] == "shipping") == 1


@ways
async def test_contacts_likewise(
    in_lists: bool, dialect: str, start_sandbox: StartSandbox, tmp_path: Path
):
    sandbox = start_sandbox(dialect=dialect, customers=60)
    customer = next(c for c in sandbox.customers() if c["reference_id"] and len(c["contacts"]) > 1)
    first, second = customer["contacts"][:2]
    change = with_children(
        update(customer),
        child(CHANGE, CONTACTS, first, designation="Chief"),
        child(ADD, CONTACTS, referenceId="P-9", firstName="Ada", email="ada@shop.example"),
    )
    async with at_work(sandbox, tmp_path, children_in_lists=in_lists) as work:
        applied = await work.run(change)
    assert told(applied.outcomes) == {customer["reference_id"]: "applied: done"}
    after = {one["id"]: one for one in now(sandbox, customer)["contacts"]}
    assert after[first["id"]]["designation"] == "Chief"
    assert lasting(after[second["id"]]) == lasting(second)
    assert [one["first_name"] for one in after.values() if one["reference_id"] == "P-9"] == ["Ada"]


async def test_a_new_customer_brings_its_children(
    start_sandbox: StartSandbox, dialect: str, tmp_path: Path
):
    sandbox = start_sandbox(dialect=dialect, customers=3)
    change = with_children(
        create("N-1"), child(ADD, **NEW), child(ADD, **{**NEW, "referenceId": "X-8"})
    )
    async with at_work(sandbox, tmp_path) as work:
        applied = await work.run(change)
    assert told(applied.outcomes) == {"N-1": "applied: done"}
    there = sandbox.customer("N-1")
    assert there is not None
    assert [one["reference_id"] for one in there["addresses"]] == ["X-9", "X-8"]


# --- moved meanwhile --------------------------------------------------------------------------------


async def test_an_address_that_moved_is_a_conflict_and_nothing_of_the_customer_is_written(
    start_sandbox: StartSandbox, tmp_path: Path
):
    sandbox = start_sandbox(customers=60)
    customer = several(sandbox)[0]
    change = with_children(
        update(customer, phone="+1"), child(CHANGE, of=customer["addresses"][1], city="Dallas")
    )
    moved = [dict(one) for one in customer["addresses"]]
    moved[1]["city"] = "Elsewhere"
    sandbox.edit(customer["id"], addresses=moved)
    async with at_work(sandbox, tmp_path) as work:
        applied = await work.run(change)
    (outcome,) = applied.outcomes
    assert told([outcome]) == {customer["reference_id"]: "conflict: moved"}
    assert sandbox.ledger() == []


async def test_what_has_come_true_already_is_not_sent(start_sandbox: StartSandbox, tmp_path: Path):
    sandbox = start_sandbox(customers=60)
    customer = several(sandbox)[0]
    moved = [dict(one) for one in customer["addresses"]]
    moved[1]["city"] = "Dallas"
    change = relocated(customer)
    sandbox.edit(customer["id"], addresses=moved)
    async with at_work(sandbox, tmp_path) as work:
        applied = await work.run(change)
    assert told(applied.outcomes) == {customer["reference_id"]: "skipped: already_so"}


async def test_a_refusal_concerns_that_customer_alone(start_sandbox: StartSandbox, tmp_path: Path):
    sandbox = start_sandbox(customers=60, assume=("text_limit=255",))
    one, two = several(sandbox)[:2]
    async with at_work(sandbox, tmp_path) as work:
        applied = await work.run(relocated(one, city="x" * 256), relocated(two))
    assert told(applied.outcomes) == {
        one["reference_id"]: "failed: refused",
        two["reference_id"]: "applied: done",
    }
    (child_outcome,) = applied.outcomes[0].children
    assert child_outcome.words[0].field == "city"


# --- harm ------------------------------------------------------------------------------------------

harmful = pytest.mark.parametrize(
    ("assume", "in_lists"),
    [
        ("child_write=doubles", False),
        ("child_write=drops", False),
        ("child_write=blanks", False),
        ("children=double", True),
        ("children=drop", True),
    ],
)


@harmful
async def test_the_first_wrong_result_ends_the_writing_of_children(
    assume: str, in_lists: bool, dialect: str, start_sandbox: StartSandbox, tmp_path: Path
):
    sandbox = start_sandbox(dialect=dialect, customers=60, assume=(assume,))
    customers = several(sandbox)[:6]
    others = [c for c in sandbox.customers() if c["reference_id"] and c not in customers][:2]
    changes = [relocated(c, city="Dallas", addressLine2="Dock 9") for c in customers]
    changes += [update(c, phone="+1 212 555 0142") for c in others]
    async with at_work(sandbox, tmp_path, children_in_lists=in_lists) as work:
        applied = await work.run(*changes)
    results = told(applied.outcomes)
    harmed = [key for key, result in results.items() if result == "failed: child_harm"]
    assert len(harmed) == 1
    assert sorted(results.values()) == sorted(
        ["failed: child_harm", *["skipped: children_held"] * 5, *["applied: done"] * 2]
    )
    writes = [
        w for w in sandbox.ledger() if w["reference_id"] not in [c["reference_id"] for c in others]
    ]
    assert len(writes) == 1
    (outcome,) = [o for o in applied.outcomes if o.reference_id in harmed]
    assert outcome.before["addresses"]
    assert outcome.before != outcome.now
    assert "did something else than was asked" in outcome.message
    (warning,) = applied.warnings
    assert harmed[0] in warning


# --- answers that are lost ---------------------------------------------------------------------------


def of_child(asked: Asked) -> bool:
    return "/addresses" in asked.target and asked.method != "GET"


@pytest.mark.parametrize("trouble", [Lost.REQUEST, Lost.ANSWER], ids=["not done", "done"])
@pytest.mark.parametrize("action", list(ChildAction), ids=str)
async def test_a_lost_answer_is_looked_up_and_nothing_comes_twice(
    action: ChildAction, trouble: Trouble, start_sandbox: StartSandbox, tmp_path: Path
):
    sandbox = start_sandbox(customers=60)
    customer = several(sandbox)[0]
    second = customer["addresses"][1]
    what = {
        ADD: child(ADD, **NEW),
        CHANGE: child(CHANGE, of=second, city="Dallas"),
        REMOVE: child(REMOVE, of=second),
    }[action]
    lost: list[Asked] = []

    def plan(asked: Asked) -> Trouble | None:
        if of_child(asked) and not lost:
            lost.append(asked)
            return trouble
        return None

    with between(sandbox, plan) as server:
        async with at_work(server, tmp_path) as work:
            applied = await work.run(with_children(update(customer), what))
            assert work.journal.open_steps() == []
    (outcome,) = applied.outcomes
    assert outcome.result == "applied"
    after = now(sandbox, customer)["addresses"]
    assert len(after) == len(customer["addresses"]) + {ADD: 1, CHANGE: 0, REMOVE: -1}[action]
    writes = [w for w in sandbox.ledger() if w["status"] < 300]
    assert len(writes) == 1
