"""Price lists, sales reps and attributes: read once a day."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import StartSandbox
from tests.observed.builders import client_of
from wizsync.api import WizCommerce
from wizsync.model import Lists
from wizsync.observed import KeptLists
from wizsync.observed.freshness import DAY

pytestmark = pytest.mark.anyio

NEEDS: dict[str, Any] = {"price_lists": True, "sales_reps": True, "attributes": ["customer"]}


def on(folder: Path, day: float, account: str = "a1") -> KeptLists:
    return KeptLists(folder / "lists", account, lambda: time.time() + day * DAY)


async def read(kept: KeptLists, client: WizCommerce, **values: Any) -> tuple[Lists, int]:
    """What it gives, and the requests it took."""
    before = client.requests.other
    lists = await kept.read(client, **{**NEEDS, **values})
    return lists, client.requests.other - before


async def test_lists_are_read_once_a_day(start_sandbox: StartSandbox, tmp_path: Path):
    async with client_of(start_sandbox(customers=1)) as client:
        first, requests = await read(kept := on(tmp_path, 0), client)
        assert (requests, kept.were_kept) == (3, False)
        again, requests = await read(kept := on(tmp_path, 0.9), client)
        assert (again, requests, kept.were_kept) == (first, 0, True)
        more, requests = await read(kept, client, attributes=["customer", "address"])
        assert (requests, more.attributes.keys()) == (1, {"customer", "address"})
        _, requests = await read(kept := on(tmp_path, 1.1), client)
        assert (requests, kept.were_kept) == (3, False)
        _, requests = await read(on(tmp_path, -1), client)
        assert requests == 3


async def test_they_are_read_anew_when_asked_to(start_sandbox: StartSandbox, tmp_path: Path):
    async with client_of(start_sandbox(customers=1)) as client:
        await read(kept := on(tmp_path, 0), client)
        _, requests = await read(kept, client, anew=True)
        assert (requests, kept.were_kept) == (3, False)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('"Wholesale"', '"Wholesome"', "cut short or changed"),
        ('"digest"', '"digets"', "cut short or changed"),
        ("{", "", "cut short or changed"),
        ("", "", "another account's"),
    ],
)
async def test_a_file_that_cannot_be_used_is_thrown_away_and_said(
    old: str, new: str, why: str, start_sandbox: StartSandbox, tmp_path: Path
):
    async with client_of(start_sandbox(customers=1)) as client:
        await read(on(tmp_path, 0), client)
        file = tmp_path / "lists"
        file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
        kept = on(tmp_path, 0, account="a1" if old else "a2")
        _, requests = await read(kept, client)
    assert requests == 3
    assert len(kept.notes) == 1
    assert why in kept.notes[0]


async def test_a_place_that_cannot_be_written_is_said(start_sandbox: StartSandbox, tmp_path: Path):
    (tmp_path / "lists").mkdir()
    async with client_of(start_sandbox(customers=1)) as client:
        _, requests = await read(kept := on(tmp_path, 0), client)
    assert requests == 3
    assert any("not kept for the next run" in note for note in kept.notes)
