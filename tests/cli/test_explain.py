"""`plan --explain`: how the account was read, and what the other ways would have cost."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Ended, Wizsync
from tests.cli.test_bad_input import FILE, MAPPING
from tests.conftest import StartSandbox


@pytest.fixture
def plan(start_sandbox: StartSandbox, wizsync_command: Wizsync, tmp_path: Path) -> Wizsync:
    sandbox = start_sandbox(customers=20)
    (tmp_path / "customers.csv").write_text(FILE, encoding="utf-8")
    (tmp_path / "customers.yaml").write_text(MAPPING, encoding="utf-8")
    where = ("--target", sandbox.base_url, "--state-dir", "state", "--rate", "500")

    def run(*more: str | Path) -> Ended:
        words = ("plan", "customers.csv", "-m", "customers.yaml", *where, *more)
        return wizsync_command(*words, WIZSYNC_API_KEY="sandbox-key")

    return run


def test_says_the_way_that_was_taken_and_the_prices_of_all(plan: Wizsync) -> None:
    told = plan("--explain").out
    assert "How the account was read" in told
    table = [line.split() for line in told.splitlines() if "kept details" in line or "anew" in line]
    assert len(table) == 4
    assert [line[0] for line in table].count("*") == 1
    assert "Sent: 3 lists, 0 gets." in told
    assert "How the account was read" not in plan().out


def test_json_has_it_as_a_key_of_its_own(plan: Wizsync) -> None:
    ended = plan("--explain", "--json")
    reading = ended.answer["reading"]
    assert reading["chosen"] in {way["name"] for way in reading["ways"]}
    assert (reading["lists"], reading["gets"]) == (3, 0)
    assert {*reading["ways"][0]} == {"name", "lists", "gets", "requests", "at_least", "against"}
    assert "How the account was read" in ended.err
    assert ended.answer["requests"]["list"] == 4
