"""How many requests it takes to send changes, said beforehand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import StartSandbox
from tests.push.builders import at_work, child, create, delete, update, with_children
from wizsync.model import ChildAction
from wizsync.push import price

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("in_lists", [False, True])
async def test_it_is_what_is_sent(
    in_lists: bool, dialect: str, start_sandbox: StartSandbox, tmp_path: Path
):
    sandbox = start_sandbox(dialect=dialect, customers=40)
    there = [c for c in sandbox.customers() if c["reference_id"] and len(c["addresses"]) > 1]
    first, second, third, fourth = there[:4]
    moved = child(ChildAction.CHANGE, of=first["addresses"][0], city="New Town")
    gone = child(ChildAction.REMOVE, of=first["addresses"][1])
    changes = [
        *(create(f"N-{number}") for number in range(3)),
        with_children(update(first, phone="+12065550101"), moved, gone),
        update(second, phone="+12065550102"),
        update(third, assignedPriceListId="pl_keystone"),
        delete(fourth),
    ]
    said = price(changes, batch=99, statuses=2, in_lists=in_lists)
    async with at_work(sandbox, tmp_path, children_in_lists=in_lists) as work:
        # Whom look-ups are believed by is known by then.
        keys = [c["reference_id"] for c in there]
        await work.reader.snapshot(keys, [], whole=True, may_create=True, rests_on=lambda _: True)
        before = sandbox.counts()["total"]
        done = await work.run(*changes)
        sent = sandbox.counts()["total"] - before
    assert {outcome.result.value for outcome in done.outcomes} == {"applied"}
    assert sent == said


def test_batches_are_looked_up_apart():
    changes = [create(f"N-{number}") for number in range(100)]
    assert price(changes, batch=99, statuses=2, in_lists=False) == 2 * (2 + 2) + 100
