"""`doctor --probe-children`: asked before it writes, stopped without harm, and no key is shown."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Ended, Wizsync, environment
from tests.conftest import StartSandbox
from tests.test_child_probe import as_it_is
from wizsync.sandbox import Sandbox

KEY = "sk-never-to-be-seen-0123456789"


@pytest.fixture
def sandbox(start_sandbox: StartSandbox) -> Sandbox:
    return start_sandbox(customers=20, key=KEY)


@pytest.fixture
def customer(sandbox: Sandbox) -> str:
    """The key of a customer with addresses."""
    keys = [each["reference_id"] for each in sandbox.customers() if len(each["addresses"]) > 1]
    return str(keys[0])


def words(sandbox: Sandbox, customer: str, *more: str) -> list[str]:
    whom = ["--target", sandbox.base_url, "--probe-children", customer]
    return ["doctor", *whom, "--state-dir", "state", *more]


def test_nothing_is_asked_of_the_account_when_nobody_can_be_asked(
    wizsync_command: Wizsync, sandbox: Sandbox, customer: str
) -> None:
    ended = wizsync_command(*words(sandbox, customer), WIZSYNC_API_KEY=KEY)
    assert ended.code == 2
    assert "Nobody can be asked whether to write: this is no terminal." in ended.err
    assert "Add --yes" in ended.err
    assert sandbox.counts()["total"] == 0


def test_with_yes_it_writes_says_what_it_found_and_shows_no_key(
    wizsync_command: Wizsync, sandbox: Sandbox, customer: str
) -> None:
    before = as_it_is(sandbox, customer)
    ended = wizsync_command(
        *words(sandbox, customer, "--yes", "--rate", "500"), WIZSYNC_API_KEY=KEY
    )
    assert ended.code == 0, ended.err
    assert "addresses in lists: They are merged with those that are there;" in ended.out
    assert "the customer: It is as it was: what was added is removed again." in ended.out
    assert KEY not in ended.out + ended.err
    assert as_it_is(sandbox, customer) == before


def test_harm_ends_with_5(wizsync_command: Wizsync, sandbox: Sandbox, customer: str) -> None:
    sandbox.assume(children="double")
    before = as_it_is(sandbox, customer)
    ended = wizsync_command(
        *words(sandbox, customer, "--yes", "--rate", "500", "--json"), WIZSYNC_API_KEY=KEY
    )
    assert ended.code == 5
    (lists,) = (one for one in ended.answer["result"] if one["name"] == "addresses in lists")
    assert lists["verdict"] == "wrong"
    assert "`children_through`" in lists["hint"]
    assert as_it_is(sandbox, customer) == before


@pytest.mark.parametrize("key", ["nobody", ""])
def test_a_customer_that_is_not_there(wizsync_command: Wizsync, sandbox: Sandbox, key: str) -> None:
    ended = wizsync_command(*words(sandbox, key, "--yes", "--rate", "500"), WIZSYNC_API_KEY=KEY)
    assert ended.code == 2
    assert f'"{key}"' in ended.err
    assert "--probe-children" in ended.err
    assert sandbox.ledger() == []


@pytest.mark.parametrize(("said", "code"), [("n", 4), ("", 4), ("y", 0)])
def test_a_person_is_asked(
    tmp_path: Path, sandbox: Sandbox, customer: str, said: str, code: int
) -> None:
    ended = at_a_terminal(tmp_path, words(sandbox, customer, "--rate", "500"), said)
    assert f"Add three addresses to {customer} at {sandbox.base_url}" in ended.out
    assert ended.code == code, ended.out
    assert ("you said no" in ended.out) == (code == 4)
    assert bool(sandbox.ledger()) == (code == 0)


def test_ctrl_c_puts_the_customer_back_first(
    tmp_path: Path, sandbox: Sandbox, customer: str
) -> None:
    before = as_it_is(sandbox, customer)
    ended = interrupted(tmp_path, sandbox, customer, signals=1)
    assert ended.code == 130
    assert "Stopping, once the customer is as it was." in ended.err
    assert "Stopped before all was tried." in ended.err
    assert "The customer is as it was: what was added is removed again." in ended.err
    assert as_it_is(sandbox, customer) == before


def test_a_second_ctrl_c_ends_at_once_and_says_what_is_left(
    tmp_path: Path, sandbox: Sandbox, customer: str
) -> None:
    ended = interrupted(tmp_path, sandbox, customer, signals=2)
    assert ended.code == 130
    left = sandbox.customer(customer)["addresses"][-1]["reference_id"]
    assert left.startswith("wizsync-probe-")
    message = f'Remove the addresses "{left[:-1]}…" of customer {customer} in WizCommerce.'
    assert message in " ".join(ended.err.split())


def interrupted(folder: Path, sandbox: Sandbox, customer: str, *, signals: int) -> Ended:
    """The probe, with Ctrl-C as soon as it has written something."""
    process = subprocess.Popen(
        [sys.executable, "-m", "wizsync", *words(sandbox, customer, "--yes", "--rate", "2")],
        cwd=folder,
        env=environment(folder, WIZSYNC_API_KEY=KEY),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    while not sandbox.ledger():
        assert process.poll() is None
    said = ""
    for number in range(signals):
        process.send_signal(signal.SIGINT)
        if number == 0:
            said = process.stderr.readline()
    out, err = process.communicate(timeout=30)
    return Ended(process.returncode, out, said + err)


def at_a_terminal(folder: Path, words: list[str], said: str) -> Ended:
    """A command whose words go to a terminal where somebody answers its question."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "wizsync", *words],
        cwd=folder,
        env=environment(folder, WIZSYNC_API_KEY=KEY, COLUMNS="200"),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(ours, 4096):
            if b"[y/N]" in piece:
                os.write(ours, said.encode() + b"\n")
            shown += piece
    except OSError:  # how Linux tells that the other side was closed
        pass
    os.close(ours)
    return Ended(process.wait(timeout=30), shown.decode(), "")
