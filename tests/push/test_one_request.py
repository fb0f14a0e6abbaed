"""One step: one request, and what its answer means."""

from __future__ import annotations

import math
import time

import pytest

from tests.api.servers import KEY, answer, hangs, resets, says, scripted, writes_and_closes
from tests.conftest import StartSandbox
from tests.observed.builders import client_of
from tests.push.between import Lost, Trouble, between
from tests.push.builders import create, delete, same, step, update
from wizsync.api import Timing, WizCommerce
from wizsync.errors import GaveUp, KeyRefused, NotTheApi
from wizsync.model import Change, ChangeKind, ServerWord
from wizsync.push.one_request import Answer, Sent, send
from wizsync.sandbox import Sandbox

pytestmark = pytest.mark.anyio


async def sent(server, change: Change) -> Sent:
    async with client_of(server, "snake") as client:
        return await send(client, step(change), same, looked_at=math.inf)


async def answered(change: Change, *behaviours) -> tuple[Sent, int]:
    """What comes of a change on a server that behaves so, and how many requests it took."""
    async with (
        scripted(*behaviours) as script,
        WizCommerce(
            script.url, KEY, dialect="camel", rate=2000, attempts=5, timing=Timing(timeout=0.3)
        ) as client,
    ):
        return await send(client, step(change), same, looked_at=math.inf), len(script.asked)


@pytest.fixture
def sandbox(start_sandbox: StartSandbox) -> Sandbox:
    return start_sandbox(customers=5)


def one(sandbox: Sandbox):
    return next(c for c in sandbox.customers() if c["reference_id"])


CREATE = create("K-1", phone="1")
UPDATE = Change(ChangeKind.UPDATE, "K-1", "c1", "Acme", create("K-1", phone="1").fields)
DELETE = Change(ChangeKind.DELETE, "K-1", "c1", "Acme", ())
EACH = pytest.mark.parametrize("change", [CREATE, UPDATE, DELETE], ids=lambda c: c.kind.value)


async def test_a_create(sandbox: Sandbox):
    done = await sent(sandbox, create("NEW", email="a@b.example", assignedSalesRepIds=""))
    stored = sandbox.customer("NEW")
    assert (stored["name"], stored["email"]) == ("Company NEW", "a@b.example")
    assert done.answer is Answer.CONCLUDED
    assert done.outcome is not None
    assert (done.outcome.result, done.outcome.code) == ("applied", "done")
    assert (done.outcome.customer_id, done.outcome.differs) == (stored["id"], {})


async def test_an_update_sends_what_changes_and_nothing_else(sandbox: Sandbox):
    customer = one(sandbox)
    done = await sent(sandbox, update(customer, phone="+12065550123", paymentTerm=""))
    assert done.outcome is not None
    assert (done.outcome.result, done.outcome.customer_id) == ("applied", customer["id"])
    stored = sandbox.customer(customer["reference_id"])
    changed = {name for name, value in stored.items() if value != customer[name]}
    assert changed == {"phone", "payment_term", "updated_at"}


@pytest.mark.parametrize("assume", ["delete_answer=204", "delete_answer=200"])
async def test_a_delete(assume, start_sandbox: StartSandbox):
    sandbox = start_sandbox(customers=5, assume=(assume,))
    done = await sent(sandbox, delete(one(sandbox)))
    assert done.outcome is not None
    assert (done.outcome.result, len(sandbox.customers())) == ("applied", 4)


async def test_what_the_server_keeps_otherwise_is_said(start_sandbox: StartSandbox):
    sandbox = start_sandbox(assume=("text=tidied",))
    done = await sent(sandbox, create("NEW", companyName=" Acme  Co ", email="A@B.EXAMPLE"))
    assert done.outcome is not None
    assert (done.outcome.code, done.outcome.differs) == ("done", {})
    kept = {
        "id": "c7",
        "referenceId": "K-1",
        "name": "Company K-1",
        "displayName": "",
        "phone": "2",
    }
    done, _ = await answered(CREATE, says(201, kept))
    assert done.outcome is not None
    assert done.outcome.code == "differs"
    assert done.outcome.differs == {"displayName": "", "phone": "2"}


@pytest.mark.parametrize("kept", ["K", "k-1", None])
async def test_one_created_under_another_key_is_created_all_the_same(kept):
    customer = {"id": "c7", "referenceId": kept, "name": "Company K-1"}
    done, requests = await answered(CREATE, says(201, customer))
    assert (done.answer, requests) == (Answer.CONCLUDED, 1)
    assert done.outcome is not None
    assert (done.outcome.result, done.outcome.code) == ("applied", "differs")
    assert (done.outcome.customer_id, done.outcome.differs["referenceId"]) == ("c7", kept or "")
    assert "another referenceId" in done.outcome.message


@pytest.mark.parametrize("kept", [" K-1", "K-1"])
async def test_a_key_kept_with_spaces_is_no_other_key(kept):
    done, _ = await answered(CREATE, says(201, {"id": "c7", "referenceId": kept}))
    assert done.outcome is not None
    assert "referenceId" not in done.outcome.differs


@pytest.mark.parametrize(
    ("change", "answer_"),
    [
        (UPDATE, {"id": "c8", "referenceId": "K-1", "phone": "1"}),
        (CREATE, {"id": "c8", "referenceId": "K-8", "name": "Somebody Else"}),
        (CREATE, {"id": "c8"}),
    ],
)
async def test_an_answer_about_another_customer_tells_nothing(change, answer_):
    done, _ = await answered(change, says(200, answer_))
    assert (done.answer, done.outcome) == (Answer.UNKNOWN, None)


async def test_what_comes_too_late_to_its_turn_is_not_sent():
    async with (
        scripted(says(201, {"id": "c7", "referenceId": "K-1"})) as script,
        WizCommerce(script.url, KEY, dialect="camel", rate=2000) as client,
    ):
        late = await send(client, step(CREATE), same, looked_at=time.monotonic() - 31)
        assert (late.answer, script.asked) == (Answer.NOT_DONE, [])
        in_time = await send(client, step(CREATE), same, looked_at=time.monotonic() - 1)
    assert (in_time.answer, len(script.asked)) == (Answer.CONCLUDED, 1)


@EACH
@pytest.mark.parametrize("trouble", [Lost.REQUEST, Lost.ANSWER])
async def test_a_lost_answer_is_unknown_and_nothing_is_sent_twice(
    trouble: Trouble, change: Change, sandbox: Sandbox
):
    with between(sandbox, lambda a: trouble if a.method != "GET" else None) as server:
        done = await sent(server, change)
        assert (done.answer, done.outcome, len(server.asked)) == (Answer.UNKNOWN, None, 1)


@EACH
@pytest.mark.parametrize(
    "behaviour",
    [
        hangs,
        resets(),
        resets(b"HTTP/1.1 500"),
        writes_and_closes(b""),
        *(says(status) for status in (408, 500, 502, 503, 504)),
    ],
    ids=["hangs", "reset", "cut", "closed", "408", "500", "502", "503", "504"],
)
async def test_without_an_answer_it_is_unknown_and_nothing_is_sent_twice(change, behaviour):
    done, requests = await answered(change, behaviour)
    assert (done.answer, done.outcome, requests) == (Answer.UNKNOWN, None, 1)


@EACH
@pytest.mark.parametrize(
    "behaviour",
    [
        writes_and_closes(answer(200, {"id": "c1"})[:-4]),
        says(200, b"<html>"),
        says(200, {"data": 7}),
        says(200, []),
    ],
    ids=["cut", "html", "shape", "list"],
)
async def test_done_by_its_status_but_unreadable_is_looked_up_but_for_a_delete(change, behaviour):
    done, requests = await answered(change, behaviour)
    assert (done.answer is Answer.CONCLUDED, requests) == (change is DELETE, 1)
    assert done.answer in (Answer.UNKNOWN, Answer.CONCLUDED)


@EACH
@pytest.mark.parametrize(
    ("behaviour", "error"),
    [
        (says(401), KeyRefused),
        (says(403, {"message": "no"}), KeyRefused),
        (says(308, Location="https://elsewhere.example/"), NotTheApi),
        (says(429, Retry_After="100000"), GaveUp),
    ],
)
async def test_what_concerns_all_requests(change, behaviour, error):
    done, requests = await answered(change, behaviour)
    assert (done.answer, type(done.error), requests) == (Answer.FATAL, error, 1)


@EACH
async def test_a_429_was_not_done(change):
    done, requests = await answered(change, says(429, Retry_After="0"))
    assert (done.answer, done.outcome, requests) == (Answer.NOT_DONE, None, 1)


@EACH
async def test_what_never_left_was_not_done(change, sandbox: Sandbox):
    with between(sandbox) as server:
        pass
    done = await sent(server, change)
    assert (done.answer, done.outcome) == (Answer.NOT_DONE, None)


@pytest.mark.parametrize(
    ("change", "status", "answer_", "said"),
    [
        (CREATE, 400, Answer.CONCLUDED, "failed: refused"),
        (CREATE, 404, Answer.CONCLUDED, "failed: refused"),
        (CREATE, 409, Answer.COLLIDED, "failed: refused"),
        (CREATE, 413, Answer.CONCLUDED, "failed: refused"),
        (CREATE, 422, Answer.CONCLUDED, "failed: refused"),
        (UPDATE, 404, Answer.CONCLUDED, "conflict: gone"),
        (UPDATE, 409, Answer.CONCLUDED, "failed: refused"),
        (UPDATE, 422, Answer.CONCLUDED, "failed: refused"),
        (DELETE, 404, Answer.CONCLUDED, "applied: done"),
        (DELETE, 409, Answer.CONCLUDED, "failed: refused"),
    ],
)
async def test_a_refusal_concerns_that_change_alone(change, status, answer_, said):
    done, requests = await answered(change, says(status, {"message": "No."}))
    assert done.outcome is not None
    assert (done.answer, f"{done.outcome.result}: {done.outcome.code}") == (answer_, said)
    assert requests == 1


async def test_the_servers_words_are_kept(sandbox: Sandbox):
    done = await sent(sandbox, update(one(sandbox), assignedPriceListId="nowhere"))
    assert done.outcome is not None
    assert done.outcome.words == (ServerWord("assignedPriceListId", "no such price list"),)
    assert done.outcome.message


async def test_an_update_without_an_id_is_a_defect(sandbox: Sandbox):
    lacking = Change(ChangeKind.UPDATE, "K", None, "Acme", ())
    with pytest.raises(ValueError, match="needs the customer's id"):
        await sent(sandbox, lacking)
