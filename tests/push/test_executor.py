"""A plan's changes through look, intent, request and outcome, against a server that loses things."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import StartSandbox
from tests.push.between import Asked, Lost, Trouble, between, first
from tests.push.builders import at_work, create, delete, told, update
from wizsync.api import transport
from wizsync.api.budget import AT_LEAST
from wizsync.errors import GaveUp, Interrupted, KeyRefused
from wizsync.model import Change, Result
from wizsync.push import Conduct
from wizsync.push.recovery import SENDS
from wizsync.push.streak import LIMIT
from wizsync.sandbox import Sandbox

pytestmark = pytest.mark.anyio


@pytest.fixture
def sandbox(start_sandbox: StartSandbox) -> Sandbox:
    """Where a create that was sent twice makes two customers."""
    return start_sandbox(customers=60, assume=("reference_id=free",))


@pytest.fixture
def either(dialect: str, start_sandbox: StartSandbox) -> Sandbox:
    """The same in each dialect in turn."""
    return start_sandbox(dialect=dialect, customers=60, assume=("reference_id=free",))


def named(sandbox: Sandbox) -> list[dict[str, Any]]:
    return [c for c in sandbox.customers() if c["reference_id"] and c["status"] == "active"]


def creates(number: int, **fields: str) -> list[Change]:
    return [create(f"N-{n}", **fields) for n in range(number)]


def times_there(sandbox: Sandbox, changes: Sequence[Change]) -> set[int]:
    """How often each created customer is there: {1} is as it should be."""
    keys = [c["reference_id"] for c in sandbox.customers()]
    return {keys.count(change.reference_id) for change in changes}


# --- all goes well --------------------------------------------------------------------------------


async def test_every_kind_is_applied_once_and_recorded(either: Sandbox, tmp_path: Path):
    one, two, three = named(either)[:3]
    changes = [
        create("N-1"),
        create("A,B"),
        update(one, phone="+1"),
        update(two, freightTerm="cod"),
        delete(three),
    ]
    seen: list[tuple[str, int, int | None]] = []
    async with at_work(either, tmp_path, progress=lambda *args: seen.append(args)) as work:
        applied = await work.run(*changes)
        assert applied.error is None
        assert [o.reference_id for o in applied.outcomes] == [c.reference_id for c in changes]
        assert set(told(applied.outcomes).values()) == {"applied: done"}
        assert told(work.journal.outcomes()) == told(applied.outcomes)
        assert work.journal.open_steps() == []
        assert work.created == {key: either.customer(key)["id"] for key in ("N-1", "A,B")}
    assert [w["operation"] for w in either.ledger()] == [
        *["create"] * 2,
        *["update"] * 2,
        "delete",
    ]
    assert either.customer(one["reference_id"])["phone"] == "+1"
    assert seen[-1][1:] == (5, 5)


# A look is a list of each status. Whom the run created is looked at once more at its end, 99 at a time.
@pytest.mark.parametrize(
    ("rate", "number", "looks"), [(2000, 198, 2), (4, 198, 2), (3.9, 198, 3), (0.01, 3, 3)]
)
async def test_a_look_costs_a_request_a_status_for_as_many_as_are_sent_soon(
    rate, number, looks, dialect: str, either: Sandbox, tmp_path: Path
):
    changes = creates(number)
    async with at_work(either, tmp_path, rate=rate) as work:
        how = {"may_create": True, "rests_on": lambda _: True}
        await work.reader.snapshot([], [], whole=True, **how)
        either.reset()
        assert (await work.run(*changes)).error is None
    operations = either.counts()["operations"]
    last_looks = -(-number // 99)
    assert operations["list"] == (looks + last_looks) * 2
    assert (operations["create"], operations["get"]) == (number, 0)
    assert times_there(either, changes) == {1}


async def test_nothing_to_do_asks_nothing(sandbox: Sandbox, tmp_path: Path):
    async with at_work(sandbox, tmp_path) as work:
        assert (await work.run()).outcomes == ()
    assert sandbox.counts()["total"] == 0


# --- what moved since the plan --------------------------------------------------------------------


async def test_what_moved_since_the_plan_is_left_alone(either: Sandbox, tmp_path: Path):
    moved, rekeyed, gone, doubled, touched, done, deleted = customers = named(either)[:7]
    changes = [
        create("SAME"),
        create("OTHER"),
        update(moved, phone="+1"),
        update(rekeyed, phone="+1"),
        update(gone, phone="+1"),
        update(done, phone="+1"),
        delete(doubled),
        delete(touched),
        delete(deleted),
    ]
    either.add(reference_id="SAME", name="Company SAME", display_name="Company SAME")
    either.add(reference_id="OTHER", name="Somebody else", display_name="Somebody else")
    either.edit(moved["id"], phone="+2")
    either.edit(rekeyed["id"], reference_id="ANOTHER")
    either.remove(gone["id"])
    either.add(reference_id=doubled["reference_id"], name="Twin", status="inactive")
    either.edit(touched["id"], payment_term="net90")
    either.edit(done["id"], phone="+1")
    either.remove(deleted["id"])
    async with at_work(either, tmp_path) as work:
        applied = await work.run(*changes)
    assert told(applied.outcomes) == {
        "SAME": "skipped: already_so",
        "OTHER": "conflict: exists_now",
        moved["reference_id"]: "conflict: moved",
        rekeyed["reference_id"]: "conflict: moved",
        gone["reference_id"]: "conflict: gone",
        doubled["reference_id"]: "conflict: doubled",
        touched["reference_id"]: "conflict: moved",
        done["reference_id"]: "skipped: already_so",
        deleted["reference_id"]: "skipped: already_so",
    }
    assert either.ledger() == []
    assert len(customers) == 7


async def test_a_delete_of_one_with_another_key_by_now_is_a_conflict(
    sandbox: Sandbox, tmp_path: Path
):
    customer = named(sandbox)[0]
    change = delete(customer)
    # Not even its time tells: some servers move it by whole seconds.
    sandbox.edit(customer["id"], reference_id="ANOTHER", updated_at=customer["updated_at"])
    async with at_work(sandbox, tmp_path) as work:
        applied = await work.run(change)
    assert told(applied.outcomes) == {customer["reference_id"]: "conflict: moved"}
    assert "ANOTHER" in applied.outcomes[0].message
    assert customer["id"] in {c["id"] for c in sandbox.customers()}


@pytest.mark.parametrize("kept", ["  SPACED ", "Cafe\u0301"])
async def test_one_whose_key_is_kept_otherwise_is_written_all_the_same(
    kept, either: Sandbox, tmp_path: Path
):
    key = "SPACED" if "SPACED" in kept else "Café"
    twice = [
        either.add(reference_id=f"{kept}{end}", name="Acme", display_name="Acme")
        for end in ("", "2")
    ]
    changes = [
        update({**twice[0], "reference_id": key}, phone="+1"),
        delete({**twice[1], "reference_id": f"{kept}2".strip().replace("e\u0301", "é")}),
    ]
    async with at_work(either, tmp_path) as work:
        applied = await work.run(*changes)
    assert set(told(applied.outcomes).values()) == {"applied: done"}
    stored = {c["id"]: c for c in either.customers()}
    assert stored[twice[0]["id"]]["phone"] == "+1"
    assert twice[1]["id"] not in stored


async def test_keys_with_commas_are_written_and_deleted(either: Sandbox, tmp_path: Path):
    one = either.add(reference_id="X,1", name="Acme", display_name="Acme")
    two = either.add(reference_id="X,2", name="Acme", display_name="Acme")
    async with at_work(either, tmp_path) as work:
        applied = await work.run(create("X,3"), create("X"), update(one, phone="+1"), delete(two))
    assert set(told(applied.outcomes).values()) == {"applied: done"}
    assert {c["reference_id"] for c in either.customers()} >= {"X,1", "X,3", "X"}
    assert "X,2" not in {c["reference_id"] for c in either.customers()}


async def test_a_create_and_a_delete_of_one_key_are_two_changes(sandbox: Sandbox, tmp_path: Path):
    customer = named(sandbox)[0]
    key = customer["reference_id"]
    async with at_work(sandbox, tmp_path) as work:
        applied = await work.run(create(key), delete(customer))
    assert [f"{o.kind} {o.code}" for o in applied.outcomes] == ["create exists_now", "delete done"]


# --- answers that are lost ------------------------------------------------------------------------


async def test_a_create_whose_answer_is_lost_is_not_sent_twice(either: Sandbox, tmp_path: Path):
    changes = creates(10)
    lose = first(10, Lost.ANSWER, method="POST")
    with between(either, lose) as server:
        async with at_work(server, tmp_path) as work:
            applied = await work.run(*changes)
        assert set(told(applied.outcomes).values()) == {"applied: found_done"}
        assert applied.error is None
        assert server.sent("POST") == 10
        assert work.created.keys() == {c.reference_id for c in changes}
    assert times_there(either, changes) == {1}


@pytest.mark.parametrize("trouble", [Lost.REQUEST, 500, 503, 408])
async def test_a_create_that_is_lost_is_sent_again_after_the_settle_time(
    trouble: Trouble, sandbox: Sandbox, tmp_path: Path
):
    changes = creates(5)
    with between(sandbox, first(1, trouble, method="POST", key="N-2")) as server:
        async with at_work(server, tmp_path) as work:
            applied = await work.run(*changes)
        assert set(told(applied.outcomes).values()) == {"applied: done"}
        assert [server.sent("POST", c.reference_id) for c in changes] == [1, 1, 2, 1, 1]
        # After all others, not in between.
        assert [a.key for a in server.asked if a.method == "POST"][-1] == "N-2"
    assert times_there(sandbox, changes) == {1}


async def test_a_lost_answer_and_lists_behind_send_nothing_twice(
    start_sandbox: StartSandbox, tmp_path: Path
):
    sandbox = start_sandbox(customers=30, assume=("reference_id=free", "list_lag=1.5"))
    changes = creates(6)
    with between(sandbox, first(1, Lost.ANSWER, method="POST", key="N-1")) as server:
        async with at_work(server, tmp_path, settle=0.2) as work:
            applied = await work.run(*changes)
            result = told(applied.outcomes)
            # The later creates do not show either: nothing can be told, so nothing is sent.
            assert result.pop("N-1") == "unknown: unanswered"
            assert set(result.values()) == {"applied: done"}
            assert [s.reference_id for s in work.journal.open_steps()] == ["N-1"]
            assert applied.error is None
        assert server.sent("POST") == 6
    assert times_there(sandbox, changes) == {1}


async def test_a_create_that_never_gets_an_answer_is_sent_three_times_at_most(
    sandbox: Sandbox, tmp_path: Path
):
    changes = creates(3)
    with between(sandbox, lambda a: 500 if a.key == "N-1" else None) as server:
        async with at_work(server, tmp_path, settle=0.05) as work:
            applied = await work.run(*changes, update(named(sandbox)[0], phone="+1"))
        assert told(applied.outcomes)["N-1"] == "unknown: unanswered"
        assert list(told(applied.outcomes).values()).count("applied: done") == 3
        assert server.sent("POST", "N-1") == SENDS


@pytest.mark.parametrize("trouble", [Lost.REQUEST, Lost.ANSWER, 500])
@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
async def test_an_update_or_delete_without_an_answer_ends_as_it_should(
    method, trouble: Trouble, sandbox: Sandbox, tmp_path: Path
):
    customers = named(sandbox)[:4]
    changes = [update(c, phone="+1") if method == "PATCH" else delete(c) for c in customers]
    with between(sandbox, first(2, trouble, method=method)) as server:
        async with at_work(server, tmp_path) as work:
            applied = await work.run(*changes)
            assert work.journal.open_steps() == []
        sent = server.sent(method)
    codes = sorted(told(applied.outcomes).values())
    lost_after = trouble is Lost.ANSWER
    assert sent == (4 if lost_after else 6)
    found = "applied: found_done" if lost_after else "applied: done"
    assert codes == sorted(["applied: done"] * 2 + [found] * 2)
    phones = [c["phone"] for c in sandbox.customers() if c["id"] in {c["id"] for c in customers}]
    assert phones == ([] if method == "DELETE" else ["+1"] * 4)


async def test_one_that_always_fails_stops_nobody_else(sandbox: Sandbox, tmp_path: Path):
    poison, *others = named(sandbox)[:30]
    changes = [*(update(c, phone="+1") for c in (poison, *others[:20])), delete(others[20])]
    with between(sandbox, lambda a: 500 if poison["id"] in a.target and a.body else None) as server:
        async with at_work(server, tmp_path, rate=0.2) as work:
            applied = await work.run(*changes)
            assert work.journal.open_steps() == []
        assert sum(poison["id"] in a.target for a in server.asked if a.body) == SENDS
    result = told(applied.outcomes)
    assert result.pop(poison["reference_id"]) == "unknown: unanswered"
    assert set(result.values()) == {"applied: done"}
    assert applied.error is None


async def test_a_server_that_answers_no_write_is_given_up_soon(sandbox: Sandbox, tmp_path: Path):
    changes = creates(40)
    with between(sandbox, lambda a: 502 if a.method == "POST" else None) as server:
        # Batches of five.
        async with at_work(server, tmp_path, rate=0.2) as work:
            applied = await work.run(*changes)
        assert isinstance(applied.error, GaveUp)
        sent = server.sent("POST")
    # Of a batch the last one is held back where the four before it have failed by then.
    assert 20 <= sent <= 25
    assert list(told(applied.outcomes).values()) == [
        *["unknown: unanswered"] * sent,
        *["pending: not_reached"] * (40 - sent),
    ]


async def test_a_server_that_goes_away_leaves_the_rest_for_later(sandbox: Sandbox, tmp_path: Path):
    changes = creates(10)

    def rule(asked: Asked) -> Trouble:
        return 503 if asked.method == "GET" and server.sent("POST") else None

    with between(sandbox, rule) as server:
        async with at_work(server, tmp_path, rate=0.2) as work:
            applied = await work.run(*changes)
    assert isinstance(applied.error, GaveUp)
    assert list(told(applied.outcomes).values()) == [
        *["applied: done"] * 5,
        *["pending: not_reached"] * 5,
    ]


# --- refusals -------------------------------------------------------------------------------------


async def test_a_404_on_delete_and_on_update(sandbox: Sandbox, tmp_path: Path):
    one, two = named(sandbox)[:2]
    changes = [update(one, phone="+1"), delete(two)]

    def rule(asked: Asked) -> None:
        # Gone between the look and the write.
        if asked.method in ("PATCH", "DELETE"):
            sandbox.remove(asked.target.rsplit("/", 1)[-1])

    with between(sandbox, rule) as server:
        async with at_work(server, tmp_path) as work:
            applied = await work.run(*changes)
    assert told(applied.outcomes) == {
        one["reference_id"]: "conflict: gone",
        two["reference_id"]: "applied: done",
    }


async def test_a_409_is_looked_up(start_sandbox: StartSandbox, tmp_path: Path):
    sandbox = start_sandbox(customers=300, assume=("statuses=three", "reference_id=unique"))
    hidden = next(c["reference_id"] for c in sandbox.customers() if c["status"] == "archived")
    came: set[str] = set()

    def rule(asked: Asked) -> None:
        # Somebody else is faster: once with the same values, once with others.
        if asked.method == "POST" and asked.key in ("SAME", "OTHER") and asked.key not in came:
            came.add(asked.key)
            name = "Company SAME" if asked.key == "SAME" else "Somebody"
            sandbox.add(reference_id=asked.key, name=name, display_name=name)

    with between(sandbox, rule) as server:
        async with at_work(server, tmp_path) as work:
            applied = await work.run(create("SAME"), create("OTHER"), create(hidden))
            assert work.journal.open_steps() == []
    assert told(applied.outcomes) == {
        "SAME": "skipped: already_so",
        "OTHER": "conflict: exists_now",
        hidden: "failed: exists_unseen",
    }


async def test_a_first_create_that_is_refused_does_not_stop_the_rest(
    sandbox: Sandbox, tmp_path: Path
):
    changes = [create("BAD", assignedPriceListId="nowhere"), *creates(5)]
    async with at_work(sandbox, tmp_path) as work:
        applied = await work.run(*changes)
    assert list(told(applied.outcomes).values()) == ["failed: refused", *["applied: done"] * 5]


async def test_the_first_create_goes_alone(sandbox: Sandbox, tmp_path: Path):
    waiting = threading.Event()
    together: list[int] = []

    def rule(asked: Asked) -> None:
        if asked.method == "POST":
            together.append(server.sent("POST"))
            # Long enough for others to come, were they on their way.
            waiting.wait(0.05)

    with between(sandbox, rule) as server:
        async with at_work(server, tmp_path) as work:
            await work.run(*creates(12))
    assert together[0] == 1
    assert max(together) == 12


@pytest.mark.parametrize("keep_going", [False, True])
async def test_twenty_refused_alike_stop_it(keep_going, sandbox: Sandbox, tmp_path: Path):
    changes = creates(60, assignedPriceListId="nowhere")
    async with at_work(sandbox, tmp_path, keep_going=keep_going) as work:
        applied = await work.run(*changes)
        assert work.journal.open_steps() == []
    results = list(told(applied.outcomes).values())
    if keep_going:
        assert applied.error is None
        assert results == ["failed: refused"] * 60
        return
    assert isinstance(applied.error, GaveUp)
    assert applied.error.reason == "refused_alike"
    assert "assignedPriceListId: no such price list" in applied.error.message
    # Those under way beside the twentieth end as they do.
    assert LIMIT <= results.count("failed: refused") < LIMIT + 8
    assert set(results) == {"failed: refused", "pending: not_reached"}
    assert len(sandbox.ledger()) == results.count("failed: refused")


@pytest.mark.parametrize("status", [401, 403])
async def test_a_key_revoked_midway_stops_at_once_resumably(
    status: int, sandbox: Sandbox, tmp_path: Path
):
    changes = creates(50)
    posts = iter(range(1000))
    revoked = threading.Event()

    def rule(asked: Asked) -> Trouble:
        if asked.method == "POST" and next(posts) == 20:
            revoked.set()
        return status if revoked.is_set() else None

    with between(sandbox, rule) as server:
        async with at_work(server, tmp_path) as work:
            applied = await work.run(*changes)
            assert isinstance(applied.error, KeyRefused)
            assert server.sent("POST") < 20 + 1 + 8
            assert work.journal.open_steps() == []
        results = list(told(applied.outcomes).values())
        assert set(results) == {"applied: done", "pending: not_reached"}
        assert results.count("applied: done") == len(sandbox.customers()) - 60
        revoked.clear()
        server.rule = lambda _: None
        async with at_work(server, tmp_path) as work:
            assert (await work.run(*changes)).error is None
    assert times_there(sandbox, changes) == {1}


async def test_sending_anew_is_bounded_and_left_for_later(sandbox: Sandbox, tmp_path: Path):
    changes = creates(40)
    with between(sandbox, first(1000, 503, method="POST")) as server:
        async with at_work(server, tmp_path, settle=0.01) as work:
            applied = await work.run(*changes)
            assert isinstance(applied.error, GaveUp)
            assert server.sent("POST") <= len(changes) + AT_LEAST
        server.rule = lambda _: None
        async with at_work(server, tmp_path) as work:
            await work.recovery.settle_earlier(work.stop)
            assert (await work.run(*changes)).error is None
    assert times_there(sandbox, changes) == {1}


async def test_neither_a_429_nor_a_write_that_is_found_done_counts_as_a_repeat(
    sandbox: Sandbox, tmp_path: Path
):
    changes = creates(3 * (AT_LEAST + 2))
    troubles = cycle([429, Lost.ANSWER, None])

    def rule(asked: Asked) -> Trouble:
        fresh = asked.method == "POST" and server.sent("POST", asked.key) == 1
        return next(troubles) if fresh else None

    with between(sandbox, rule) as server:
        async with at_work(server, tmp_path) as work:
            applied = await work.run(*changes)
        assert applied.error is None
        assert {outcome.result for outcome in applied.outcomes} == {Result.APPLIED}
        assert server.sent("POST") == len(changes) + AT_LEAST + 2
    assert times_there(sandbox, changes) == {1}


async def test_too_many_requests_are_sent_again_after_a_fresh_look(
    start_sandbox: StartSandbox, tmp_path: Path
):
    sandbox = start_sandbox(customers=30, assume=("reference_id=free",))
    changes = creates(12)
    with between(sandbox, first(3, 429, method="POST")) as server:
        async with at_work(server, tmp_path) as work:
            applied = await work.run(*changes)
        assert set(told(applied.outcomes).values()) == {"applied: done"}
        posts = [n for n, a in enumerate(server.asked) if a.method == "POST"]
        repeated = [n for n in posts if server.asked[n].key in {a.key for a in server.asked[:n]}]
        assert len(posts) == 15
        # Between the first time and the second the account was asked again.
        assert all(any(a.method == "GET" for a in server.asked[posts[11] : n]) for n in repeated)
    assert times_there(sandbox, changes) == {1}


async def test_what_waited_too_long_is_looked_up_anew(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(transport, "FRESH_SECONDS", 0.1)
    slow = threading.Event()

    def rule(asked: Asked) -> None:
        if asked.method == "POST":
            slow.wait(0.15)
            if asked.key == "N-0":
                # Meanwhile somebody else creates the last one.
                sandbox.add(reference_id="N-19", name="Somebody", display_name="Somebody")

    changes = creates(20)
    with between(sandbox, rule) as server:
        async with at_work(server, tmp_path) as work:
            applied = await work.run(*changes)
    assert told(applied.outcomes)["N-19"] == "conflict: exists_now"
    assert list(told(applied.outcomes).values()).count("applied: done") == 19
    assert times_there(sandbox, changes) == {1}


# --- stopped, and on record -----------------------------------------------------------------------


async def test_a_stop_lets_what_is_under_way_end_and_leaves_the_rest(
    sandbox: Sandbox, tmp_path: Path
):
    changes = creates(50)
    with between(sandbox) as server:
        async with at_work(server, tmp_path) as work:

            def progress(_doing: str, done: int, _total: int | None) -> None:
                if done == 10:
                    work.stop.set()

            work.executor._conduct = Conduct(
                rate=lambda: 2000, stop=work.stop, on_created=work.created.update, progress=progress
            )
            applied = await work.run(*changes)
            assert isinstance(applied.error, Interrupted)
            assert work.journal.open_steps() == []
        results = list(told(applied.outcomes).values())
        assert 10 <= results.count("applied: done") < 10 + 8
        assert set(results) == {"applied: done", "pending: not_reached"}
        assert server.sent("POST") == results.count("applied: done")


async def test_stopped_before_it_begins(sandbox: Sandbox, tmp_path: Path):
    async with at_work(sandbox, tmp_path) as work:
        work.stop.set()
        applied = await work.run(*creates(2))
    assert isinstance(applied.error, Interrupted)
    assert set(told(applied.outcomes).values()) == {"pending: not_reached"}
    assert sandbox.counts()["total"] == 0


async def test_an_intent_is_on_disk_before_its_request_leaves(sandbox: Sandbox, tmp_path: Path):
    one, two = named(sandbox)[:2]
    changes = [create("N-1"), update(one, phone="+1"), delete(two)]
    seen: list[tuple[str, list[tuple[str, str]], int]] = []

    def rule(asked: Asked) -> None:
        if asked.method == "GET":
            return
        with sqlite3.connect(f"file:{tmp_path / 'journal.db'}?mode=ro", uri=True) as other:
            steps = other.execute("SELECT kind, reference_id FROM step ORDER BY number").fetchall()
            (concluded,) = other.execute("SELECT count(*) FROM outcome").fetchone()
        other.close()
        seen.append((asked.method, steps, concluded))

    with between(sandbox, rule) as server:
        async with at_work(server, tmp_path) as work:
            await work.run(*changes)
    steps = [(c.kind.value, c.reference_id) for c in changes]
    assert seen == [
        ("POST", steps[:1], 0),
        ("PATCH", steps[:2], 1),
        ("DELETE", steps, 2),
    ]


async def test_a_created_customer_is_remembered_before_its_step_is_closed(
    sandbox: Sandbox, tmp_path: Path
):
    """Killed in between, its step is settled; the other way round it could be created once more."""
    async with at_work(sandbox, tmp_path) as work:
        open_then: list[str] = []
        work.executor._conduct = Conduct(
            rate=lambda: 2000,
            stop=work.stop,
            on_created=lambda _: open_then.extend(
                s.reference_id for s in work.journal.open_steps()
            ),
        )
        await work.run(create("N-1"))
    assert open_then == ["N-1"]


async def test_many_changes_that_were_not_reached_are_told_quickly(
    sandbox: Sandbox, tmp_path: Path
):
    changes = creates(20_000)
    async with at_work(sandbox, tmp_path) as work:
        work.stop.set()
        asked: list[str] = []
        work.journal._connection.set_trace_callback(asked.append)
        applied = await work.run(*changes)
    assert len(applied.outcomes) == 20_000
    # Not one question to the journal for each of them.
    assert len(asked) == 1
