"""One run at a time for an account, held against other processes and let go by dead ones."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.state.builders import ACCOUNT, OTHER
from wizsync.errors import AccountBusy, MachineError
from wizsync.state import SqliteState
from wizsync.state.lock import hold

HOLD = """
import sys
from pathlib import Path
from wizsync.state.lock import hold
with hold(Path(sys.argv[1]), "shop", "sync") as tell_run:
    tell_run("2026-03-04_0200_customers")
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def other_process(path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that holds a lock until its stdin ends."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def test_another_process_that_holds_it_is_named(tmp_path: Path):
    path = tmp_path / "f1.lock"
    with other_process(path) as process:
        with pytest.raises(AccountBusy) as caught, hold(path, "shop", "apply"):
            pass
        assert "shop" in caught.value.message
        who = f"run 2026-03-04_0200_customers, process {process.pid} on {socket.gethostname()}"
        assert f"`wizsync sync`, {who}, since 20" in caught.value.message
        # Not to be had, and still the other's.
        with pytest.raises(AccountBusy), hold(path, "shop", "apply"):
            pass


def test_a_process_that_is_killed_holds_nothing(tmp_path: Path):
    path = tmp_path / "f1.lock"
    with other_process(path) as process:
        process.kill()
        process.wait()
        assert path.with_suffix(".holder").exists()
        with hold(path, "shop", "apply"):
            assert f'"pid": {os.getpid()}' in path.with_suffix(".holder").read_text()


def test_it_is_free_when_its_run_has_ended_however(tmp_path: Path):
    path = tmp_path / "f1.lock"
    with pytest.raises(RuntimeError), hold(path, "shop", "sync"):
        raise RuntimeError
    assert not path.with_suffix(".holder").exists()
    with hold(path, "shop", "sync"), pytest.raises(AccountBusy), hold(path, "shop", "sync"):
        pass


def test_a_holder_on_another_machine_is_not_overlooked(tmp_path: Path):
    path = tmp_path / "f1.lock"
    beside = path.with_suffix(".holder")
    away = {"command": "sync", "pid": 7, "host": "night-pc", "since": "2026-03-04T02:00:00+00:00"}
    beside.write_text(json.dumps(away))
    with pytest.raises(AccountBusy) as caught, hold(path, "shop", "sync"):
        pass
    assert "process 7 on night-pc, since 2026-03-04T02:00:00" in caught.value.message
    assert caught.value.where == str(beside)
    assert "delete the file" in str(caught.value.hint)
    beside.unlink()
    with hold(path, "shop", "sync"):
        assert json.loads(beside.read_text())["host"] == socket.gethostname()


@pytest.mark.parametrize("left", ["", "{", "[]", '{"pid": 1}'])
def test_a_holder_that_says_nothing_useful_is_busy_all_the_same(left, tmp_path: Path):
    path = tmp_path / "f1.lock"
    with other_process(path):
        path.with_suffix(".holder").write_text(left)
        with pytest.raises(AccountBusy, match="it has just begun"), hold(path, "shop", "sync"):
            pass


def test_what_cannot_be_locked_at_all_is_the_machines_fault(tmp_path: Path):
    (tmp_path / "f1.lock").mkdir()
    lock = hold(tmp_path / "f1.lock", "shop", "sync")
    with pytest.raises(MachineError, match="could not be locked"), lock:
        pass


def test_who_holds_it_is_not_worth_failing_for(tmp_path: Path):
    path = tmp_path / "f1.lock"
    path.with_suffix(".holder").mkdir()
    with hold(path, "shop", "sync"), pytest.raises(AccountBusy), hold(path, "shop", "sync"):
        pass


def test_each_account_has_a_lock_of_its_own(tmp_path: Path):
    with SqliteState(tmp_path) as one, SqliteState(tmp_path) as two, one.lock(ACCOUNT, "sync"):
        with two.lock(OTHER, "sync"):
            pass
        with pytest.raises(AccountBusy), two.lock(ACCOUNT, "sync"):
            pass
