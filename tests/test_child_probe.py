"""What an account does with lists of addresses, tried on one customer, who is afterwards as before."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import StartSandbox
from tests.push.between import Asked, Between, Lost, between, first
from wizsync.child_probe import probe_children
from wizsync.doctor import Finding
from wizsync.errors import ApiError, UsageError
from wizsync.sandbox import Sandbox
from wizsync.settings import Connection


def address(number: int, kind: str, **more: Any) -> dict[str, Any]:
    required = {"type": kind, "address_line_1": f"{number} Pier", "city": "Bath"}
    return {"reference_id": f"P-{number}", **required} | more


_ADDRESSES = (
    address(1, "billing", zip_code="04530", is_default=True),
    address(2, "shipping", address_line_2="Dock", phone="+1 207 555 0100", is_default=True),
    address(3, "shipping"),
)
_BY_HAND = address(4, "shipping", reference_id=None)
_DOCK_HOURS = {"id": "attr_dock", "name": "Dock hours", "entity": "address", "data_type": "text"}

ONE_BY_ONE, PUT, LISTS, CUSTOMER = (
    "addresses, one by one",
    "an address's PUT",
    "addresses in lists",
    "the customer",
)
_FINE = {
    ONE_BY_ONE: "right: Adding an address through its own endpoint leaves the others alone.",
    PUT: "right: It empties fields that are not sent; wizsync always sends all of them.",
    LISTS: "right: They are merged with those that are there; `children_through: update` can be used",
    CUSTOMER: "right: It is as it was: what was added is removed again.",
}
_LISTS_HARM = "wrong: A list inside a customer's update does harm: 6 addresses became"


def customer(sandbox: Sandbox, *addresses: dict[str, Any]) -> None:
    """Customer P, whose addresses have attributes as well."""
    sandbox.set_lookup("attributes", [_DOCK_HOURS])
    given = [{"attributes": {"attr_dock": f"from {n}"}, **a} for n, a in enumerate(addresses, 6)]
    sandbox.add(reference_id="P", name="Pier", display_name="Pier", addresses=given)


def as_it_is(sandbox: Sandbox, key: str = "P") -> dict[str, Any]:
    """A customer in full, but for when it was written."""

    def timeless(record: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in record.items() if name != "updated_at"}

    whole = timeless(sandbox.customer(key))
    return {**whole, **{kind: [*map(timeless, whole[kind])] for kind in ("addresses", "contacts")}}


def probed(sandbox: Sandbox | Between, key: str = "P") -> dict[str, Finding]:
    connection = Connection(sandbox.base_url, sandbox.key, target="shop", identity="x", rate=2000)
    return {finding.name: finding for finding in probe_children(connection, key)}


def told(findings: dict[str, Finding]) -> dict[str, str]:
    return {name: f"{found.verdict.value}: {found.message}" for name, found in findings.items()}


# What is assumed of the account: what is found other than with a usual one; None: not tried.
ACCOUNTS: dict[str, dict[str, str | None]] = {
    "children=merge": {},
    "children=replace": {LISTS: "right: They are put in their place;"},
    "children=double": {LISTS: f"{_LISTS_HARM} 11."},
    "children=drop": {LISTS: f"{_LISTS_HARM} 5."},
    "child_put=partial": {PUT: "right: It keeps fields that are not sent;"},
    "child_write=doubles": {
        ONE_BY_ONE: "wrong: Addresses added: 1; found of them afterwards: 2.",
        PUT: None,
        LISTS: None,
    },
    "child_write=blanks": {PUT: "wrong: Not all that was sent, and answered as done, is to be"},
    "child_match=reference_id": {},
    "child_edit=keeps_parent": {},
    "child_default=free": {},
    "attributes=replace": {},
    "empty=absent": {},
    "empty=null": {},
    "text=tidied": {},
    "errors=nothing": {},
    "delete_answer=200": {},
}


@pytest.mark.parametrize("assume", ACCOUNTS)
def test_it_says_what_the_account_does_and_leaves_the_customer_as_it_was(
    dialect: str, start_sandbox: StartSandbox, assume: str
) -> None:
    sandbox = start_sandbox(dialect=dialect, assume=(assume,))
    customer(sandbox, *_ADDRESSES)
    before = as_it_is(sandbox)
    found = told(probed(sandbox))
    expected = {**_FINE, **ACCOUNTS[assume]}
    assert list(found) == [name for name, said in expected.items() if said is not None]
    for name, message in found.items():
        assert message.startswith(expected[name] or "never"), name
    assert as_it_is(sandbox) == before


def test_a_customer_without_addresses(dialect: str, start_sandbox: StartSandbox) -> None:
    sandbox = start_sandbox(dialect=dialect, assume=("children=replace",))
    customer(sandbox)
    before = as_it_is(sandbox)
    assert told(probed(sandbox))[LISTS].startswith("right: They are put in their place")
    assert as_it_is(sandbox) == before


def test_a_list_that_is_refused_is_not_known(dialect: str, start_sandbox: StartSandbox) -> None:
    """An address made by hand has no referenceId, which such an account asks for in a list."""
    sandbox = start_sandbox(dialect=dialect, assume=("children=replace",))
    customer(sandbox, *_ADDRESSES, _BY_HAND)
    before = as_it_is(sandbox)
    lists = probed(sandbox)[LISTS]
    assert lists.verdict == "unknown"
    assert "addresses[3].referenceId: is required" in lists.message
    assert "another customer, one whose addresses all have a referenceId" in (lists.hint or "")
    assert as_it_is(sandbox) == before


@pytest.mark.parametrize("assume", ["children=merge", "children=double"])
def test_an_address_made_by_hand_stays(
    dialect: str, start_sandbox: StartSandbox, assume: str
) -> None:
    sandbox = start_sandbox(dialect=dialect, assume=(assume,))
    customer(sandbox, *_ADDRESSES, _BY_HAND)
    before = as_it_is(sandbox)
    assert told(probed(sandbox))[CUSTOMER] == _FINE[CUSTOMER]
    assert as_it_is(sandbox) == before


def test_an_account_that_loses_addresses_loses_one_and_it_is_named(
    dialect: str, start_sandbox: StartSandbox
) -> None:
    sandbox = start_sandbox(dialect=dialect, assume=("child_write=drops",))
    customer(sandbox, *_ADDRESSES)
    before = as_it_is(sandbox)
    found = probed(sandbox)
    assert list(found) == [ONE_BY_ONE, CUSTOMER]
    assert "the address P-3, 3 Pier, Bath is gone" in found[ONE_BY_ONE].message
    assert "Let no job write addresses" in (found[ONE_BY_ONE].hint or "")
    assert "P-1, 1 Pier, 04530, Bath; P-2, 2 Pier, Bath; P-3" in (found[CUSTOMER].hint or "")
    assert as_it_is(sandbox)["addresses"] == before["addresses"][:2]


def test_somebody_elses_new_address_stays(start_sandbox: StartSandbox) -> None:
    sandbox = start_sandbox(assume=("children=double",))
    customer(sandbox, *_ADDRESSES)
    there = sandbox.customer("P")

    def right_before_the_list(asked: Asked) -> None:
        if asked.method == "PATCH":
            now = sandbox.customer("P")["addresses"]
            sandbox.edit(there["id"], addresses=[*now, address(9, "shipping")])

    with between(sandbox, right_before_the_list) as proxy:
        probed(proxy)
    assert [a["reference_id"] for a in sandbox.customer("P")["addresses"]] == [
        "P-1",
        "P-2",
        "P-3",
        "P-9",
    ]


# --- requests that fail ---------------------------------------------------------------------------


@pytest.mark.parametrize("trouble", [Lost.REQUEST, Lost.ANSWER, 500, 401])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_a_write_that_fails_ends_it_and_the_customer_is_as_it_was(
    start_sandbox: StartSandbox, dialect: str, method: str, trouble: Lost | int
) -> None:
    sandbox = start_sandbox(dialect=dialect)
    customer(sandbox, *_ADDRESSES)
    before = as_it_is(sandbox)
    with between(sandbox, first(1, trouble, method=method)) as proxy:
        with pytest.raises(ApiError) as caught:
            probed(proxy)
        assert proxy.sent(method) == 1
    assert "The customer is as it was" in (caught.value.hint or "")
    assert "remove it in WizCommerce" in (caught.value.hint or "")
    assert as_it_is(sandbox) == before


@pytest.mark.parametrize("trouble", [Lost.REQUEST, Lost.ANSWER, 500, 404])
def test_a_removal_that_fails_is_made_up_for(
    start_sandbox: StartSandbox, trouble: Lost | int
) -> None:
    sandbox = start_sandbox()
    customer(sandbox, *_ADDRESSES)
    before = as_it_is(sandbox)
    with between(sandbox, first(2, trouble, method="DELETE")) as proxy:
        assert told(probed(proxy))[CUSTOMER] == _FINE[CUSTOMER]
    assert as_it_is(sandbox) == before


@pytest.mark.parametrize("trouble", [Lost.REQUEST, 500, 403, 404])
def test_what_cannot_be_removed_is_named(start_sandbox: StartSandbox, trouble: Lost | int) -> None:
    sandbox = start_sandbox()
    customer(sandbox, *_ADDRESSES)
    with between(sandbox, first(99, trouble, method="DELETE")) as proxy:
        found = probed(proxy)[CUSTOMER]
    assert found.verdict == "wrong"
    assert found.message.startswith("What was added could not all be removed")
    left = [a["reference_id"] for a in sandbox.customer("P")["addresses"]][3:]
    mark = left[0].removesuffix("A")
    assert left == [f"{mark}A", f"{mark}B", f"{mark}C"]
    assert found.hint == f'Remove the addresses "{mark}…" of customer P in WizCommerce.'


# --- whom it is tried on --------------------------------------------------------------------------


@pytest.mark.parametrize("assume", ["children=merge", "reference_ids=everybody"])
def test_a_customer_is_found_by_its_id(start_sandbox: StartSandbox, assume: str) -> None:
    sandbox = start_sandbox(customers=150, assume=(assume,))
    customer(sandbox, *_ADDRESSES)
    assert told(probed(sandbox, sandbox.customer("P")["id"]))[CUSTOMER] == _FINE[CUSTOMER]


def test_an_inactive_customer_is_found_by_its_key(start_sandbox: StartSandbox) -> None:
    sandbox = start_sandbox(customers=20)
    inactive = next(c for c in sandbox.customers() if c["status"] == "inactive")
    assert told(probed(sandbox, inactive["reference_id"]))[CUSTOMER] == _FINE[CUSTOMER]


@pytest.mark.parametrize("key", ["Q", "p", "P,Q", "../P", "P/addresses", "cust_0", " "])
def test_a_customer_that_is_not_there(start_sandbox: StartSandbox, dialect: str, key: str) -> None:
    sandbox = start_sandbox(dialect=dialect)
    customer(sandbox, *_ADDRESSES)
    with pytest.raises(UsageError) as caught:
        probed(sandbox, key)
    assert key in caught.value.message
    assert sandbox.ledger() == []


def test_a_key_that_two_customers_share(start_sandbox: StartSandbox, dialect: str) -> None:
    sandbox = start_sandbox(dialect=dialect, assume=("reference_id=free",))
    customer(sandbox, *_ADDRESSES)
    sandbox.add(reference_id="P", name="Other Pier", display_name="Other Pier")
    with pytest.raises(UsageError, match="2 customers have the referenceId or id") as caught:
        probed(sandbox)
    assert "its id finds it" in (caught.value.hint or "")
    assert sandbox.ledger() == []
