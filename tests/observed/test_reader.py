"""What is in the account, with the fewest requests, whatever its server makes of the filter."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import pytest

from tests.conftest import StartSandbox
from tests.observed.builders import keys_in, keys_of, reading
from tests.push.between import Asked, Lie, between
from wizsync.errors import KeyRefused
from wizsync.model import Snapshot
from wizsync.observed import AccountReader
from wizsync.sandbox import Sandbox

pytestmark = pytest.mark.anyio

LISTED = ["companyName", "phone"]


def lists(sandbox: Sandbox) -> int:
    return int(sandbox.counts()["operations"]["list"])


def gets(sandbox: Sandbox) -> int:
    return int(sandbox.counts()["operations"]["get"])


async def snapshot(reader: AccountReader, keys: list[str], fields=LISTED, **how: Any) -> Snapshot:
    ways = {"whole": False, "may_create": False, "rests_on": lambda _: False, **how}
    return await reader.snapshot(keys, fields, **ways)


# --- the whole account ----------------------------------------------------------------------------


# 329 are active and 21 inactive: a list without totals takes an empty page more for each status.
@pytest.mark.parametrize(("dialect", "requests"), [("snake", 5), ("camel", 7)])
async def test_everybody_costs_the_pages_of_each_status(
    dialect, requests, start_sandbox: StartSandbox
):
    sandbox = start_sandbox(dialect=dialect, customers=350)
    async with reading(sandbox, dialect=dialect) as reader:
        read = await snapshot(reader, [], whole=True)
    assert (lists(sandbox), gets(sandbox)) == (requests, 0)
    assert set(read.customers["id"]) == {c["id"] for c in sandbox.customers()}
    assert read.complete
    assert read.total == sum(reader.facts.counts.values()) == 350
    assert dict(zip(read.customers["id"], read.customers["status"], strict=True)) == {
        c["id"]: c["status"] for c in sandbox.customers()
    }


async def test_what_rests_on_a_list_without_totals_has_it_read_from_the_other_end(
    start_sandbox: StartSandbox,
):
    sandbox = start_sandbox(dialect="camel", customers=350)
    shown: list[int] = []

    def rests_on(keys: Any) -> bool:
        shown.append(len(keys))
        return True

    async with reading(sandbox, dialect="camel") as reader:
        await snapshot(reader, [], whole=True, rests_on=rests_on)
    # A page from the other end of each status.
    assert lists(sandbox) == 7 + 2
    # Those without a referenceId count as one.
    assert shown == [len({*keys_of(sandbox.customers()), ""})]


async def test_one_who_is_in_the_lists_of_two_statuses_is_counted_once(
    start_sandbox: StartSandbox,
):
    sandbox = start_sandbox(dialect="camel", customers=40)

    def rule(asked: Asked) -> Lie:
        return Lie(asked.target.replace("status=inactive", "status=active"))

    with between(sandbox, rule) as server:
        async with reading(server) as reader:
            read = await snapshot(reader, [], whole=True)
            assert read.total == sum(reader.facts.counts.values()) == len(read.customers) < 40
            assert any("ignores the status" in note for note in reader.notes)


async def test_the_last_count_is_told_with_the_new_one(dialect: str, start_sandbox: StartSandbox):
    sandbox = start_sandbox(dialect=dialect, customers=40)
    async with reading(sandbox) as reader:
        read = await snapshot(reader, [], whole=True)
        assert (read.total_before, read.total) == (None, 40)
        sandbox.remove(sandbox.customers()[0]["id"])
        read = await snapshot(reader, [], whole=True)
        assert (read.total_before, read.total) == (40, 39)


async def test_a_server_that_keeps_to_no_size_of_page_is_read_twice_where_something_rests_on_it(
    start_sandbox: StartSandbox,
):
    sandbox = start_sandbox(dialect="camel", customers=350)

    def rule(asked: Asked) -> Lie:
        return Lie(re.sub(r"page_size=\d+", "page_size=50", asked.target))

    with between(sandbox, rule) as server:
        async with reading(server, dialect="camel") as reader:
            read = await snapshot(reader, [], whole=True)
            once = lists(sandbox)
            assert len(read.customers) == 350
            read = await snapshot(reader, [], whole=True, rests_on=lambda _: True)
            assert len(read.customers) == 350
    # A second walk: 329 in pages of 50 and an empty one; 21 in one and an empty one.
    assert lists(sandbox) - once == once + 8 + 2


async def test_what_is_learned_is_remembered(dialect: str, start_sandbox: StartSandbox):
    sandbox = start_sandbox(dialect=dialect, customers=150)
    async with reading(sandbox) as reader:
        await snapshot(reader, [], whole=True)
    facts = reader.facts
    assert facts.dialect == dialect
    assert facts.counts.keys() == facts.canaries.keys() == {"active", "inactive"}
    for status, canaries in facts.canaries.items():
        assert 0 < len(canaries) <= 5
        assert set(canaries) <= set(keys_of(sandbox.customers(), status))


async def test_details_cost_a_get_only_where_lists_do_not_show_them(
    dialect: str, start_sandbox: StartSandbox
):
    sandbox = start_sandbox(dialect=dialect, customers=150)
    keys = keys_of(sandbox.customers())[:7]
    async with reading(sandbox) as reader:
        read = await snapshot(reader, keys, ["freightTerm"], whole=True)
    # Snake lists show the freight term.
    assert gets(sandbox) == (0 if dialect == "snake" else 7)
    shown = read.customers.set_index("referenceId").loc[keys, "freightTerm"]
    assert shown.tolist() == [sandbox.customer(key)["freight_term"] or "" for key in keys]


async def test_details_of_all_are_read_of_all(dialect: str, start_sandbox: StartSandbox):
    sandbox = start_sandbox(dialect=dialect, customers=30)
    async with reading(sandbox) as reader:
        fields = ["assignedPriceListId"]
        read = await snapshot(reader, [], fields, whole=True, details_of_all=True)
    assert not read.customers["assignedPriceListId"].isna().any()
    assert gets(sandbox) == 30


@pytest.mark.parametrize("kept", ["  Café-1 ", unicodedata.normalize("NFD", "Café-1")])
async def test_a_key_kept_otherwise_than_the_file_has_it_gets_its_details(
    kept, start_sandbox: StartSandbox
):
    sandbox = start_sandbox(customers=20)
    sandbox.add(reference_id=kept, name="Spaced", freight_term="cod")
    async with reading(sandbox) as reader:
        read = await snapshot(reader, ["Café-1"], ["assignedPriceListId"], whole=True)
    known = read.customers.set_index("referenceId").loc[kept]
    assert known["assignedPriceListId"] == ""


async def test_a_customer_gone_between_list_and_details_is_left_out(start_sandbox: StartSandbox):
    sandbox = start_sandbox(customers=20)
    gone, kept = keys_of(sandbox.customers())[:2]
    identifier = sandbox.customer(gone)["id"]

    def rule(asked: Asked) -> None:
        if asked.target.endswith(identifier):
            sandbox.remove(identifier)

    with between(sandbox, rule) as server:
        async with reading(server) as reader:
            read = await snapshot(reader, [gone, kept], ["assignedSalesRepIds"], whole=True)
    assert gone not in keys_in(read)
    assert kept in keys_in(read)


async def test_a_key_refused_amid_details_is_told_as_it_is(start_sandbox: StartSandbox):
    sandbox = start_sandbox(customers=30)
    keys = keys_of(sandbox.customers())
    with between(sandbox, lambda a: 401 if "/customers/" in a.target else None) as server:
        async with reading(server) as reader:
            with pytest.raises(KeyRefused):
                await snapshot(reader, keys, ["assignedSalesRepIds"], whole=True)


async def test_one_who_moves_from_status_to_status_meanwhile_is_shown_once(
    start_sandbox: StartSandbox,
):
    sandbox = start_sandbox(customers=40)
    moving = next(c["id"] for c in sandbox.customers() if c["status"] == "active")

    def rule(asked: Asked) -> None:
        if "status=inactive" in asked.target:
            sandbox.edit(moving, status="inactive")

    with between(sandbox, rule) as server:
        async with reading(server) as reader:
            read = await snapshot(reader, [], whole=True)
    assert sorted(read.customers["id"]) == sorted(c["id"] for c in sandbox.customers())
    assert any("two statuses" in note for note in read.notes)


# --- statuses nobody told of ----------------------------------------------------------------------


async def test_a_status_that_is_met_is_read_from_then_on(dialect: str, start_sandbox: StartSandbox):
    sandbox = start_sandbox(dialect=dialect, customers=300, assume=("statuses=three",))
    archived = next(c for c in sandbox.customers() if c["status"] == "archived")
    key = archived["reference_id"]
    async with reading(sandbox) as reader:
        read = await snapshot(reader, [key], whole=True)
        assert key not in keys_in(read)
        found = await reader.look_up({key: archived["id"]}, {})
        assert found.customers[key][0]["status"] == "archived"
        assert reader.facts.statuses == ("archived",)
        assert any("archived" in note and "read as well" in note for note in reader.notes)
        read = await snapshot(reader, [key], whole=True)
        assert set(read.customers["id"]) == {c["id"] for c in sandbox.customers()}


async def test_a_status_without_a_list_spoils_no_later_read(start_sandbox: StartSandbox):
    sandbox = start_sandbox(customers=30)
    frozen = sandbox.add(reference_id="F-1", name="Frozen", status="frozen")
    async with reading(sandbox) as reader:
        found = await reader.look_up({"F-1": frozen["id"]}, {})
        assert found.customers["F-1"][0]["id"] == frozen["id"]
        assert reader.facts.statuses == ()
        assert any("frozen" in note and "no list" in note for note in reader.notes)
        assert len((await snapshot(reader, [], whole=True)).customers) == 30


# --- a small file ---------------------------------------------------------------------------------


# Of 1,000 customers reading would take 11 pages; two keys take a look at each status.
@pytest.mark.parametrize(("dialect", "counted", "first"), [("snake", 2, 3), ("camel", 2, 4)])
async def test_a_small_file_does_not_read_a_large_account(
    dialect, counted, first, start_sandbox: StartSandbox
):
    sandbox = start_sandbox(dialect=dialect, customers=1000)
    keys = [
        keys_of(sandbox.customers(), "active")[70],
        keys_of(sandbox.customers(), "inactive")[3],
        "NOBODY",
    ]
    async with reading(sandbox, dialect=dialect) as reader:
        read = await snapshot(reader, keys)
        # The first page tells of canaries, and that the account is large enough. Without a total, the end
        # of a status without a canary takes one more.
        assert lists(sandbox) == first
        assert not read.complete
        assert keys_in(read) == set(keys[:2])
        assert read.total is None
        await snapshot(reader, [], whole=True)
        sandbox.reset()
        read = await snapshot(reader, keys)
        assert lists(sandbox) == counted
        assert (read.complete, read.total) == (False, 1000)


async def test_a_small_account_is_read_whole(start_sandbox: StartSandbox):
    sandbox = start_sandbox(customers=60)
    async with reading(sandbox) as reader:
        read = await snapshot(reader, keys_of(sandbox.customers())[:2])
    assert read.complete


async def test_a_create_takes_everybody(start_sandbox: StartSandbox):
    sandbox = start_sandbox(customers=3000)
    there = keys_of(sandbox.customers())[:2]
    async with reading(sandbox) as reader:
        read = await snapshot(reader, there, may_create=True)
        assert (read.complete, keys_in(read)) == (False, set(there))
        read = await snapshot(reader, [*there, "NEW"], may_create=True)
        assert read.complete


@pytest.mark.parametrize("takes", ["everybody", "nobody"])
async def test_without_a_filter_even_a_small_file_reads_everybody(
    takes, dialect: str, start_sandbox: StartSandbox
):
    sandbox = start_sandbox(dialect=dialect, customers=1000, assume=(f"reference_ids={takes}",))
    async with reading(sandbox) as reader:
        read = await snapshot(reader, keys_of(sandbox.customers())[:2])
    assert read.complete
    assert len(read.customers) == 1000


async def test_a_repeated_filter_is_found_out_once(dialect: str, start_sandbox: StartSandbox):
    sandbox = start_sandbox(dialect=dialect, customers=1000, assume=("reference_ids=repeated",))
    keys = keys_of(sandbox.customers())[:2]
    async with reading(sandbox) as reader:
        assert keys_in(await snapshot(reader, keys)) == set(keys)
        assert reader.facts.reference_ids == "repeated"
        assert any("repeated parameters" in note for note in reader.notes)
    sandbox.reset()
    async with reading(sandbox, facts=reader.facts, dialect=dialect) as reader:
        await reader.look_up(dict.fromkeys(keys), {})
    assert lists(sandbox) == 2


async def test_a_canary_that_died_is_replaced(dialect: str, start_sandbox: StartSandbox):
    sandbox = start_sandbox(dialect=dialect, customers=100)
    async with reading(sandbox) as reader:
        await snapshot(reader, [], whole=True)
        for canaries in reader.facts.canaries.values():
            for key in canaries:
                sandbox.remove(sandbox.customer(key)["id"])
        key = keys_of(sandbox.customers())[0]
        found = await reader.look_up({key: None, "NEW": None}, {})
    assert found.customers.keys() == {key}
    assert found.missing == {"NEW"}
    assert gets(sandbox) == 0
    assert reader.notes == ()


async def test_a_canary_is_a_key_that_comes_back_as_it_was_asked_for(start_sandbox: StartSandbox):
    sandbox = start_sandbox()
    for key in (" spaced", "with,comma", "Cafe\u0301", "plain"):
        sandbox.add(reference_id=key, name="Somebody")
    async with reading(sandbox) as reader:
        await snapshot(reader, [], whole=True)
    assert reader.facts.canaries["active"] == ("plain",)


# --- right before writing -------------------------------------------------------------------------


@pytest.mark.parametrize("takes", ["comma", "repeated", "everybody", "nobody"])
async def test_looks_up_who_is_there_and_who_is_not(
    takes, dialect: str, start_sandbox: StartSandbox
):
    sandbox = start_sandbox(dialect=dialect, customers=150, assume=(f"reference_ids={takes}",))
    async with reading(sandbox) as reader:
        await snapshot(reader, [], whole=True)
        # What came after the whole read: one with a comma, one doubled, one inactive, one gone.
        keys = keys_of(sandbox.customers(), "active")
        sandbox.add(reference_id="A,B", name="Comma")
        sandbox.add(reference_id=keys[0], name="Twin", status="inactive")
        sandbox.add(reference_id="LATE", name="Late", status="inactive")
        sandbox.remove(sandbox.customer(keys[1])["id"])
        sandbox.edit(sandbox.customer(keys[2])["id"], phone="+12065550111")
        for _ in range(2):
            found = await reader.look_up(dict.fromkeys([*keys[:3], "A,B", "LATE", "NEW"]), {})
            names = {key: [c["companyName"] for c in cs] for key, cs in found.customers.items()}
            assert names.keys() == {keys[0], keys[2], "A,B", "LATE"}
            assert (len(names[keys[0]]), names["A,B"], names["LATE"]) == (2, ["Comma"], ["Late"])
            assert found.customers[keys[2]][0]["phone"] == "+12065550111"
            assert found.missing == {keys[1], "NEW"}
    said = any("does not answer look-ups" in note for note in reader.notes)
    assert said == (takes in ("everybody", "nobody"))


async def test_an_empty_account_is_not_said_to_answer_wrongly(
    dialect: str, start_sandbox: StartSandbox
):
    sandbox = start_sandbox(dialect=dialect)
    async with reading(sandbox) as reader:
        await snapshot(reader, ["K-1"], may_create=True)
        assert (await reader.look_up({"K-1": None}, {})).missing == {"K-1"}
        assert reader.notes == ()
        for number in range(3):
            sandbox.add(reference_id=f"K-{number}", name="First")
        sandbox.reset()
        found = await reader.look_up({"K-1": None, "K-9": None}, {})
        assert (found.customers.keys(), found.missing) == ({"K-1"}, {"K-9"})
        assert gets(sandbox) == 0
        assert reader.notes == ()


@pytest.mark.parametrize("takes", ["comma", "nobody"])
@pytest.mark.parametrize("kept", [" K-1 ", unicodedata.normalize("NFD", "Café")])
async def test_a_customer_whose_key_is_kept_otherwise_is_found(
    kept, takes, dialect: str, start_sandbox: StartSandbox
):
    sandbox = start_sandbox(dialect=dialect, customers=20, assume=(f"reference_ids={takes}",))
    identifier = sandbox.add(reference_id=kept, name="Kept otherwise")["id"]
    key = unicodedata.normalize("NFC", kept).strip()
    async with reading(sandbox) as reader:
        found = await reader.look_up({key: identifier}, {})
    assert [c["id"] for c in found.customers[key]] == [identifier]


async def test_one_who_has_another_key_by_now_is_still_found(start_sandbox: StartSandbox):
    sandbox = start_sandbox(customers=20)
    first, second = sandbox.customers()[:2]
    sandbox.edit(first["id"], reference_id="MOVED")
    created = sandbox.add(reference_id="CUT", name="Ours")["id"]
    async with reading(sandbox, created={"CUT SHORT": created, "GONE": "cust_gone"}) as reader:
        wanted = {first["reference_id"]: first["id"], second["reference_id"]: second["id"]}
        found = await reader.look_up({**wanted, "CUT SHORT": None, "GONE": None}, {})
    assert [c["referenceId"] for c in found.customers[first["reference_id"]]] == ["MOVED"]
    assert [c["id"] for c in found.customers[second["reference_id"]]] == [second["id"]]
    assert [c["id"] for c in found.customers["CUT SHORT"]] == [created]
    assert found.missing == {"GONE"}


async def test_a_get_only_of_those_whose_details_are_needed(start_sandbox: StartSandbox):
    sandbox = start_sandbox(customers=40)
    keys = keys_of(sandbox.customers())[:20]
    fields = {key: ["phone"] for key in keys} | {keys[3]: ["assignedSalesRepIds"]}
    async with reading(sandbox) as reader:
        found = await reader.look_up(dict.fromkeys(keys), fields)
    assert "assignedSalesRepIds" in found.customers[keys[3]][0]
    assert gets(sandbox) == 1


# --- whom the lists do not show yet ---------------------------------------------------------------


async def test_those_created_a_moment_ago_are_found_by_id(
    dialect: str, start_sandbox: StartSandbox
):
    sandbox = start_sandbox(dialect=dialect, customers=20, assume=("list_lag=60",))
    identifier = sandbox.add(reference_id="NEW", name="Just created")["id"]
    created = {"NEW": identifier, "OTHER": "cust_elsewhere"}
    async with reading(sandbox, created=created) as reader:
        read = await snapshot(reader, ["NEW"], whole=True)
        assert identifier in set(read.customers["id"])
        assert any("earlier run created" in note for note in read.notes)
        found = await reader.look_up({"NEW": None}, {})
        assert [c["id"] for c in found.customers["NEW"]] == [identifier]
        assert await reader.listed(["NEW"]) == frozenset()
        sandbox.assume(list_lag=0)
        assert await reader.listed(["NEW", "NOBODY"]) == {"NEW"}
    # Nobody is asked of one that the file does not name.
    assert gets(sandbox) == 2
