"""The addresses and contacts of a customer: pages, errors, and what is never sent twice."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

import pytest

from tests.api.servers import KEY, Behaviour, Script, resets, says, scripted, writes_and_closes
from tests.conftest import StartSandbox
from wizsync.api import (
    AddressCreateRequest,
    AddressUpdateRequest,
    Children,
    ContactCreateRequest,
    WizCommerce,
)
from wizsync.errors import OutcomeUnknown, RequestRefused, Throttled, Unreachable

pytestmark = pytest.mark.anyio

NEW = AddressCreateRequest(reference_id="A", address_line_1="1 Pier", city="Bath", type="shipping")
WHOLE = AddressUpdateRequest(reference_id="A", address_line_1="2 Pier", city="Bath", type="billing")
DONE = {"camel": {"id": "a1"}, "snake": {"data": {"id": "a1"}}}
Write = Callable[..., Awaitable[object]]
WRITES: dict[str, Callable[[Children], Write]] = {
    "POST": lambda some: lambda **how: some.create(NEW, **how),
    "PUT": lambda some: lambda **how: some.update("a1", WHOLE, **how),
    "DELETE": lambda some: lambda **how: some.delete("a1", **how),
}


def client(script: Script, dialect: str) -> WizCommerce:
    return WizCommerce(script.url, KEY, dialect=dialect, rate=1000, attempts=3)


async def written(
    method: str, dialect: str, *behaviours: Behaviour, **how: object
) -> tuple[object, Script]:
    """What a write to such a server comes to, and what the server was asked."""
    async with scripted(*behaviours) as script, client(script, dialect) as wiz:
        try:
            outcome = await WRITES[method](wiz.customers.addresses("c1"))(**how)
        except Exception as error:  # noqa: BLE001 - which one is what is asked
            outcome = error
        assert wiz.requests.child == len(script.asked)
    assert all(asked.method == method for asked in script.asked)
    return outcome, script


UNDECIDED = {
    "reset": resets(),
    "cut short": writes_and_closes(b"HTTP/1.1 200 OK\r\nContent-"),
    "500": says(500, {"message": "oops"}),
    "503": says(503, {"message": "later"}),
    "408": says(408, {"message": "too slow"}),
}


@pytest.mark.parametrize("case", UNDECIDED)
@pytest.mark.parametrize("method", WRITES)
async def test_a_write_that_may_have_been_done_is_sent_once(
    method: str, case: str, dialect: str
) -> None:
    outcome, script = await written(method, dialect, UNDECIDED[case], says(200, DONE[dialect]))
    assert isinstance(outcome, OutcomeUnknown)
    assert "before anything is sent again" in (outcome.hint or "")
    assert len(script.asked) == 1


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize("content", [{}, [], {"data": [{"id": "a1"}]}, "a1", {"name": "x"}])
async def test_a_write_that_is_answered_without_the_child_is_unknown(
    method: str, content: object, dialect: str
) -> None:
    outcome, script = await written(method, dialect, says(200, content))
    assert isinstance(outcome, OutcomeUnknown)
    assert len(script.asked) == 1


@pytest.mark.parametrize("method", WRITES)
async def test_after_a_429_it_is_sent_again_unless_that_is_the_callers(
    method: str, dialect: str
) -> None:
    throttled = says(429, {"message": "slow down"}, Retry_After="0.01")
    behaviours = (throttled, says(200, DONE[dialect]))
    outcome, script = await written(method, dialect, *behaviours)
    assert not isinstance(outcome, Exception)
    assert len(script.asked) == 2
    outcome, script = await written(method, dialect, *behaviours, resend=False)
    assert isinstance(outcome, Throttled)
    assert len(script.asked) == 1


@pytest.mark.parametrize("method", WRITES)
async def test_a_write_whose_turn_comes_too_late_is_not_sent(method: str, dialect: str) -> None:
    late = time.monotonic() - 31
    outcome, script = await written(
        method, dialect, says(200, DONE[dialect]), resend=False, looked_at=late
    )
    assert isinstance(outcome, Unreachable)
    assert script.asked == []
    in_time = time.monotonic() - 1
    outcome, script = await written(
        method, dialect, says(200, DONE[dialect]), resend=False, looked_at=in_time
    )
    assert not isinstance(outcome, Exception)
    assert len(script.asked) == 1


@pytest.mark.parametrize("method", WRITES)
@pytest.mark.parametrize("status", [400, 404, 405, 409, 422])
async def test_a_refusal_is_of_this_request_alone(method: str, status: int, dialect: str) -> None:
    """A 404 here is of a customer or an address who is gone; it does not mean that this is no API."""
    said = says(status, {"message": "no", "details": [{"field": "zip_code", "reason": "is odd"}]})
    outcome, script = await written(method, dialect, said)
    assert isinstance(outcome, RequestRefused)
    assert (outcome.status, outcome.message) == (status, "no")
    assert [(each.field, each.reason) for each in outcome.details] == [("zipCode", "is odd")]
    assert len(script.asked) == 1


async def test_a_list_is_read_over_all_its_pages_and_again_after_trouble(dialect: str) -> None:
    def page(*ids: str) -> Behaviour:
        rows = [{"id": each} for each in ids]
        totals = {"total_records": 3, "total_pages": 2, "page_size": 2}
        return says(200, rows if dialect == "camel" else {"data": rows, "pagination": totals})

    behaviours = [page("1", "2"), says(500), page("3"), page()]
    async with scripted(*behaviours) as script, client(script, dialect) as wiz:
        found = await wiz.customers.contacts("c1").list()
        assert [each.id for each in found] == ["1", "2", "3"]
    numbers = [asked.target.partition("page=")[2].partition("&")[0] for asked in script.asked]
    assert numbers[:3] == ["1", "2", "2"]


async def test_of_a_customer_who_is_gone(start_sandbox: StartSandbox, dialect: str) -> None:
    sandbox = start_sandbox(dialect=dialect, customers=3)
    customer, other = sandbox.customers()[:2]
    sandbox.edit(other["id"], addresses=[{**NEW.model_dump(exclude_none=True)}])
    theirs = sandbox.customer(other["reference_id"])["addresses"][0]["id"]
    before = sandbox.customers()
    async with WizCommerce(sandbox.base_url, sandbox.key, rate=1000) as wiz:
        gone, here = wiz.customers.addresses("gone"), wiz.customers.addresses(customer["id"])
        new = ContactCreateRequest(reference_id="C", first_name="Ann", email="a@x.example")
        for call in (
            gone.list,
            lambda: gone.create(NEW),
            lambda: wiz.customers.contacts("gone").create(new),
            # An address of another customer is none of this one's.
            lambda: here.get(theirs),
            lambda: here.update(theirs, WHOLE),
            lambda: here.delete(theirs),
        ):
            with pytest.raises(RequestRefused) as caught:
                await call()
            assert caught.value.status == 404
    assert sandbox.customers() == before
