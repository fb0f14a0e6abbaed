"""What must last, in a folder: runs, journals, facts, and whom runs created."""

from __future__ import annotations

import sqlite3
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from tests.state.builders import ACCOUNT, OTHER
from wizsync.errors import MachineError, WizsyncError
from wizsync.state import Facts, RunState, SqliteState
from wizsync.state.database import SCHEMA_VERSION
from wizsync.state.journal import SqliteJournal


def begin(state: SqliteState, source: str = "Customers 2026.csv", account=ACCOUNT):
    return state.begin(account, "sync", source, "m1")


# --- the folder -----------------------------------------------------------------------------------


def test_the_salt_is_drawn_once(tmp_path: Path):
    with SqliteState(tmp_path / "a") as one, SqliteState(tmp_path / "a") as two:
        assert one.salt == two.salt
        assert len(one.salt) == 16
    with SqliteState(tmp_path / "a") as again, SqliteState(tmp_path / "b") as other:
        assert again.salt == one.salt != other.salt


def test_two_who_open_it_at_once_agree_on_the_salt(tmp_path: Path):
    ready = threading.Barrier(8)

    def open_it() -> bytes:
        ready.wait()
        with SqliteState(tmp_path) as state:
            return state.salt

    with ThreadPoolExecutor(8) as pool:
        salts = [each.result() for each in [pool.submit(open_it) for _ in range(8)]]
    assert len(set(salts)) == 1


def test_it_is_its_owners_alone(tmp_path: Path):
    (tmp_path / "state").mkdir(mode=0o755)
    with SqliteState(tmp_path / "state"):
        assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o700


def test_what_is_recorded_survives_a_power_cut(tmp_path: Path):
    with SqliteState(tmp_path) as state, closing(state.journal(begin(state).run)) as journal:
        for connection in (state._connection, journal._connection):
            assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
            # FULL: each commit is on the disk before it returns.
            assert connection.execute("PRAGMA synchronous").fetchone() == (2,)


@pytest.mark.parametrize("name", ["state.db", "runs/x/journal.db"])
def test_a_newer_version_is_refused_not_guessed_at(name, tmp_path: Path):
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as newer:
        newer.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    with pytest.raises(WizsyncError, match="newer version") as caught:
        SqliteState(tmp_path) if name == "state.db" else SqliteJournal(path)
    assert (caught.value.reason, caught.value.where) == ("newer_state", str(path))


def test_a_damaged_file_is_the_machines_fault(tmp_path: Path):
    (tmp_path / "state.db").write_bytes(b"no database at all " * 100)
    with pytest.raises(MachineError) as caught:
        SqliteState(tmp_path)
    assert caught.value.where == str(tmp_path / "state.db")


def test_a_folder_that_cannot_be_made_is_the_machines_fault(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(MachineError):
        SqliteState(tmp_path / "file" / "state")


def test_a_file_damaged_while_it_is_used_is_the_machines_fault(tmp_path: Path):
    with SqliteState(tmp_path) as state:
        state._connection.execute("DROP TABLE facts")
        with pytest.raises(MachineError, match="could not be read or written"):
            state.remember(ACCOUNT, Facts())
        with pytest.raises(MachineError):
            state.facts(ACCOUNT)


# --- runs -----------------------------------------------------------------------------------------


def test_a_run_is_named_by_when_and_what(tmp_path: Path):
    with SqliteState(tmp_path) as state:
        run = begin(state)
        assert run.run[:4].isdigit()
        assert run.run[10] == "_"
        assert run.run[15:] == "_customers-2026"
        assert run.folder.is_dir()
        assert (run.state, run.target, run.command, run.source, run.mapping_digest) == (
            RunState.RUNNING,
            "shop",
            "sync",
            "Customers 2026.csv",
            "m1",
        )
        assert (run.plan_digest, dict(run.counts)) == ("", {})


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("Ünïcode Größe.xlsx", "ünïcode-größe"),
        ("../../etc/passwd", "passwd"),
        ("???.csv", "sync"),
        ("", "sync"),
        ("x" * 250 + ".csv", "x" * 40),
        ("店" * 80 + ".csv", "店" * 40),
        (f"{'a' * 39} b.csv", "a" * 39),
    ],
)
def test_any_file_name_makes_a_folder(source, name, tmp_path: Path):
    with SqliteState(tmp_path) as state:
        run = begin(state, source)
        assert run.run[16:] == name
        assert run.folder.parent == tmp_path / "runs"


def test_a_taken_name_gets_a_number(tmp_path: Path):
    with SqliteState(tmp_path) as state, SqliteState(tmp_path) as other:
        names = [begin(one).run for one in (state, other, state)]
        # At midnight it could be two names; their numbers are what they are then.
        stems = {name[16:] for name in names}
        assert len(set(names)) == 3
        assert stems <= {"customers-2026", "customers-2026-2", "customers-2026-3"}


def test_runs_come_newest_first_of_one_account_or_all(tmp_path: Path):
    with SqliteState(tmp_path) as state:
        names = [begin(state, f"{n}.csv").run for n in range(4)]
        other = begin(state, "other.csv", OTHER).run
        assert [entry.run for entry in state.runs(ACCOUNT)] == names[::-1]
        assert [entry.run for entry in state.runs()] == [other, *names[::-1]]
        assert [entry.account for entry in state.runs(OTHER)] == ["f2"]


def test_where_a_run_stands(tmp_path: Path):
    with SqliteState(tmp_path) as state:
        run = begin(state).run
        bystander = begin(state).run
        state.update(run, RunState.RUNNING, plan_digest="p1")
        state.update(run, RunState.FINISHED, counts={"applied": 3})
        with SqliteState(tmp_path) as again:
            entry = next(e for e in again.runs() if e.run == run)
            assert (entry.state, entry.plan_digest) == (RunState.FINISHED, "p1")
            assert entry.counts == {"applied": 3}
            assert next(e for e in again.runs() if e.run == bystander).plan_digest == ""


@pytest.mark.parametrize("state", list(RunState))
def test_a_run_that_may_have_left_something_open(state):
    assert state.unfinished == (state in ("running", "stopped"))


# --- facts and the created ------------------------------------------------------------------------


def test_facts_come_back_as_they_went(tmp_path: Path):
    facts = Facts(
        dialect="snake",
        reference_ids="repeated",
        statuses=("archived",),
        counts={"active": 7},
        canaries={"active": ("C-1", "Ü"), "inactive": ()},
        rate_limit=37.5,
    )
    with SqliteState(tmp_path) as state:
        assert state.facts(ACCOUNT) == Facts()
        state.remember(ACCOUNT, Facts(dialect="camel"))
        state.remember(ACCOUNT, facts)
    with SqliteState(tmp_path) as state:
        assert state.facts(ACCOUNT) == facts
        assert state.facts(OTHER) == Facts()


def test_whom_runs_created_until_they_are_gone(tmp_path: Path):
    with SqliteState(tmp_path) as state:
        state.note_created(ACCOUNT, {"A": "1", "B": "2"})
        state.note_created(ACCOUNT, {"B": "3", "C": "4"})
        state.note_created(OTHER, {"A": "9"})
        state.forget_created(ACCOUNT, ["A", "NOBODY"])
        state.note_created(ACCOUNT, {})
        state.forget_created(ACCOUNT, [])
    with SqliteState(tmp_path) as state:
        assert state.created(ACCOUNT) == {"B": "3", "C": "4"}
        assert state.created(OTHER) == {"A": "9"}
