"""What became of requests that were never answered."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from tests.conftest import StartSandbox
from tests.push.between import between
from tests.push.builders import Work, at_work, create, delete, step, told, update
from wizsync.errors import GaveUp
from wizsync.model import Outcome, Result, ServerWord
from wizsync.push.one_request import Answer, Sent
from wizsync.push.recovery import SENDS
from wizsync.sandbox import Sandbox
from wizsync.state import Step

pytestmark = pytest.mark.anyio


@pytest.fixture
def sandbox(start_sandbox: StartSandbox) -> Sandbox:
    return start_sandbox(customers=30)


def named(sandbox: Sandbox) -> list:
    return [c for c in sandbox.customers() if c["reference_id"]]


def intended(work: Work, *steps: Step) -> list[Step]:
    work.journal.intend(steps)
    return list(steps)


def found(pairs) -> dict[str, str]:
    return told([outcome for _, outcome in pairs])


async def test_each_kind_is_found_as_it_landed(sandbox: Sandbox, tmp_path: Path):
    one, two, three, four, five = named(sandbox)[:5]
    async with at_work(sandbox, tmp_path) as work:
        steps = intended(
            work,
            step(create("MADE", email="a@b.example"), 1),
            step(create("OTHER"), 2),
            step(create("LOST"), 3),
            step(update(one, phone="+1"), 4),
            step(update(two, phone="+1"), 5),
            step(update(three, phone="+1"), 6),
            step(delete(four), 7),
            step(delete(five), 8),
        )
        sandbox.add(
            reference_id="MADE",
            name="Company MADE",
            display_name="Company MADE",
            email="A@b.example",
        )
        sandbox.add(reference_id="OTHER", name="Somebody else", display_name="Somebody else")
        sandbox.edit(one["id"], phone="+1")
        sandbox.edit(three["id"], phone="+2")
        sandbox.remove(four["id"])
        outcomes, again = await work.recovery.find_out(steps)
        assert found(outcomes) == {
            "MADE": "applied: found_done",
            "OTHER": "conflict: moved",
            one["reference_id"]: "applied: found_done",
            three["reference_id"]: "conflict: moved",
            four["reference_id"]: "applied: found_done",
        }
        assert again == [5, 8]
        # All but the create without a trace is on record; that one is waited for.
        assert [s.number for s in work.journal.open_steps()] == [3]
        assert told(work.journal.outcomes()) == found(outcomes)
        created = next(o for _, o in outcomes if o.reference_id == "MADE")
        assert created.customer_id == sandbox.customer("MADE")["id"]


async def test_an_update_of_one_who_is_gone_or_doubled(sandbox: Sandbox, tmp_path: Path):
    one = named(sandbox)[0]
    async with at_work(sandbox, tmp_path) as work:
        steps = intended(work, step(update(one, phone="+1"), 1), step(create("TWIN"), 2))
        sandbox.remove(one["id"])
        for _ in range(2):
            sandbox.add(reference_id="TWIN", name="Company TWIN", display_name="Company TWIN")
        outcomes, again = await work.recovery.find_out(steps)
    assert found(outcomes) == {one["reference_id"]: "conflict: gone", "TWIN": "conflict: doubled"}
    assert again == []


async def test_what_never_shows_a_trace_is_sent_so_often_and_no_more(
    sandbox: Sandbox, tmp_path: Path
):
    one, two = named(sandbox)[:2]
    async with at_work(sandbox, tmp_path) as work:
        for sent in range(1, SENDS + 1):
            steps = intended(
                work,
                step(update(one, phone="+1"), sent * 10),
                step(delete(two), sent * 10 + 1),
            )
            outcomes, again = await work.recovery.find_out(steps)
            assert again == ([s.number for s in steps] if sent < SENDS else [])
        assert found(outcomes) == {
            one["reference_id"]: "unknown: unanswered",
            two["reference_id"]: "unknown: unanswered",
        }
        assert work.journal.open_steps() == []


# --- creates without a trace ----------------------------------------------------------------------


async def test_a_create_is_waited_for_before_it_counts_as_lost(sandbox: Sandbox, tmp_path: Path):
    async with at_work(sandbox, tmp_path, settle=0.3) as work:
        # However long ago it was intended: it may have left just now.
        await work.recovery.find_out(intended(work, step(create("LOST"), 1, intended=1.0)))
        start = time.monotonic()
        outcomes, again = await work.recovery.settle([], work.stop)
        assert time.monotonic() - start > 0.25
        assert (outcomes, [s.reference_id for s in again]) == ([], ["LOST"])
        assert work.journal.open_steps() == []
        assert await work.recovery.settle([], work.stop) == ([], [])


async def test_one_that_arrives_while_it_is_waited_for_is_found(sandbox: Sandbox, tmp_path: Path):
    async with at_work(sandbox, tmp_path) as work:
        await work.recovery.find_out(intended(work, step(create("SLOW"), 1)))
        sandbox.add(reference_id="SLOW", name="Company SLOW", display_name="Company SLOW")
        outcomes, again = await work.recovery.settle([], work.stop)
    assert (found(outcomes), again) == ({"SLOW": "applied: found_done"}, [])


@pytest.mark.parametrize("shown", [True, False])
@pytest.mark.parametrize("latest", [5, 9], ids=["before", "after"])
async def test_lists_that_do_not_show_our_latest_create_prove_nothing(
    latest, shown, sandbox: Sandbox, tmp_path: Path
):
    async with at_work(sandbox, tmp_path) as work:
        lost, one, two = intended(
            work, step(create("LOST"), 7), step(create("ONE"), 1), step(create("TWO"), latest)
        )
        sandbox.add(reference_id="ONE", name="Company ONE")
        if shown:
            sandbox.add(reference_id="TWO", name="Company TWO")
        await work.recovery.find_out([lost])
        # In the order in which they were answered.
        outcomes, again = await work.recovery.settle([two, one], work.stop)
        assert outcomes == []
        assert [s.reference_id for s in again] == (["LOST"] if shown else [])
        assert (7 in {s.number for s in work.journal.open_steps()}) != shown


async def test_a_create_is_not_sent_for_ever(sandbox: Sandbox, tmp_path: Path):
    async with at_work(sandbox, tmp_path, settle=0.01) as work:
        for sent in range(1, SENDS + 1):
            await work.recovery.find_out(intended(work, step(create("LOST"), sent)))
            _, again = await work.recovery.settle([], work.stop)
            assert len(again) == (sent < SENDS)
        assert [s.number for s in work.journal.open_steps()] == [SENDS]


async def test_a_stop_ends_the_waiting_and_leaves_it_open(sandbox: Sandbox, tmp_path: Path):
    async with at_work(sandbox, tmp_path, settle=60) as work:
        await work.recovery.find_out(intended(work, step(create("LOST"), 1)))
        waiting = asyncio.create_task(work.recovery.settle([], work.stop))
        work.stop.set()
        assert await asyncio.wait_for(waiting, 5) == ([], [])
        assert [s.number for s in work.journal.open_steps()] == [1]


async def test_a_wait_is_told_of(sandbox: Sandbox, tmp_path: Path):
    told_of: list[tuple[str, int, int | None]] = []
    async with at_work(sandbox, tmp_path) as work:
        work.recovery._progress = lambda *args: told_of.append(args)
        await work.recovery.find_out(intended(work, step(create("LOST"), 1)))
        await work.recovery.settle([], work.stop)
    assert told_of
    assert all("1 unanswered create" in doing for doing, _, _ in told_of)


# --- refused as taken -----------------------------------------------------------------------------


async def test_a_taken_key_is_explained(sandbox: Sandbox, tmp_path: Path):
    sandbox.add(reference_id="OURS", name="Company OURS", display_name="Company OURS")
    sandbox.add(reference_id="THEIRS", name="Somebody else", display_name="Somebody else")
    words = (ServerWord("referenceId", "is taken"),)
    async with at_work(sandbox, tmp_path) as work:
        steps = intended(
            work,
            *(step(create(key), n) for n, key in enumerate(("OURS", "THEIRS", "HIDDEN"), start=1)),
        )
        refused = [
            Outcome(s.kind, s.reference_id, Result.FAILED, "refused", "It is taken.", words=words)
            for s in steps
        ]
        outcomes = await work.recovery.explain(
            [Sent(s, Answer.COLLIDED, o) for s, o in zip(steps, refused, strict=True)]
        )
        assert found(outcomes) == {
            "OURS": "skipped: already_so",
            "THEIRS": "conflict: exists_now",
            "HIDDEN": "failed: exists_unseen",
        }
        hidden = outcomes[2][1]
        assert "no list shows by whom" in hidden.message
        assert "It is taken." in hidden.message
        assert hidden.words == words
        assert outcomes[1][1].now["companyName"] == "Somebody else"
        assert work.journal.open_steps() == []


# --- what an earlier run left ---------------------------------------------------------------------


async def test_what_an_earlier_run_left_open_is_settled_and_nothing_sent(
    sandbox: Sandbox, tmp_path: Path
):
    one, two = named(sandbox)[:2]
    sandbox.reset()
    async with at_work(sandbox, tmp_path) as work:
        intended(
            work,
            step(create("MADE"), 1),
            step(create("LOST"), 2),
            step(update(one, phone="+1"), 3),
            step(delete(two), 4),
        )
        sandbox.add(reference_id="MADE", name="Company MADE", display_name="Company MADE")
        outcomes = await work.recovery.settle_earlier(work.stop)
        assert found(outcomes) == {"MADE": "applied: found_done"}
        assert work.journal.open_steps() == []
        assert told(work.journal.outcomes()) == {"MADE": "applied: found_done"}
    assert sandbox.ledger() == []


async def test_with_nothing_open_nothing_is_asked(sandbox: Sandbox, tmp_path: Path):
    sandbox.reset()
    async with at_work(sandbox, tmp_path) as work:
        assert await work.recovery.settle_earlier(work.stop) == []
    assert sandbox.counts()["total"] == 0


async def test_the_settle_time_counts_from_when_it_was_intended(sandbox: Sandbox, tmp_path: Path):
    async with at_work(sandbox, tmp_path, settle=30) as work:
        intended(work, step(create("LONG AGO"), 1, intended=time.time() - 31))
        await asyncio.wait_for(work.recovery.settle_earlier(work.stop), 5)
        assert work.journal.open_steps() == []


async def test_a_clock_set_back_makes_it_no_longer(sandbox: Sandbox, tmp_path: Path):
    async with at_work(sandbox, tmp_path) as work:
        intended(work, step(create("TOMORROW"), 1, intended=time.time() + 86_400))
        await asyncio.wait_for(work.recovery.settle_earlier(work.stop), 5)
        assert work.journal.open_steps() == []


async def test_a_stop_amid_an_earlier_runs_settling_leaves_it_open(
    sandbox: Sandbox, tmp_path: Path
):
    async with at_work(sandbox, tmp_path, settle=60) as work:
        intended(work, step(create("LOST"), 1, intended=time.time()))
        work.stop.set()
        assert await asyncio.wait_for(work.recovery.settle_earlier(work.stop), 5) == []
        assert [s.number for s in work.journal.open_steps()] == [1]


@pytest.mark.parametrize(
    ("lag", "age", "still_open"),
    [(60, 1, [1]), (0, 1, []), (60, 7200, [1])],
    ids=["behind", "caught up", "behind for long"],
)
async def test_creates_stay_open_while_the_lists_are_behind(
    lag, age, still_open, start_sandbox: StartSandbox, tmp_path: Path
):
    sandbox = start_sandbox(customers=5, assume=(f"list_lag={lag}",))
    later = sandbox.add(reference_id="LATER", name="Company LATER", display_name="Company LATER")
    async with at_work(sandbox, tmp_path, settle=0.1) as work:
        at = time.time() - age
        intended(work, step(create("LOST"), 1, intended=at), step(create("LATER"), 2, intended=at))
        done = Outcome(
            create("LATER").kind, "LATER", Result.APPLIED, "done", customer_id=later["id"]
        )
        work.journal.conclude({2: done})
        assert await work.recovery.settle_earlier(work.stop) == []
        assert [s.number for s in work.journal.open_steps()] == still_open


@pytest.mark.parametrize("kept", [None, "RENAMED"])
async def test_a_later_create_that_is_gone_or_renamed_is_no_sign(
    kept, sandbox: Sandbox, tmp_path: Path
):
    customer_id = sandbox.add(reference_id=kept, name="Renamed")["id"] if kept else "cust_gone"
    async with at_work(sandbox, tmp_path, settle=0.1) as work:
        at = time.time()
        intended(work, step(create("LOST"), 1, intended=at), step(create("GONE"), 2, intended=at))
        work.journal.conclude(
            {2: Outcome(create("GONE").kind, "GONE", Result.APPLIED, "", customer_id=customer_id)}
        )
        await work.recovery.settle_earlier(work.stop)
        assert work.journal.open_steps() == []


async def test_a_read_that_fails_leaves_everything_open(sandbox: Sandbox, tmp_path: Path):
    one = named(sandbox)[0]
    with between(sandbox, lambda a: 500 if "/customers/" in a.target else None) as server:
        async with at_work(server, tmp_path) as work:
            intended(work, step(create("MADE"), 1), step(update(one, phone="+1"), 2))
            with pytest.raises(GaveUp):
                await work.recovery.settle_earlier(work.stop)
            assert [s.number for s in work.journal.open_steps()] == [1, 2]
