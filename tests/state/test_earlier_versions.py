"""A state that an earlier version wrote is brought up to date as it is opened; one of a newer is refused."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli.conftest import Wizsync
from tests.job import NEW, Job, job
from tests.push.builders import create
from tests.state.builders import ACCOUNT, outcome, step
from wizsync.errors import Exit
from wizsync.model import ChildAction, ChildKind, Result, ServerWord
from wizsync.state import ChildTarget, Facts, RunState, SqliteState
from wizsync.state.database import SCHEMA_VERSION
from wizsync.state.journal import SqliteJournal

__all__ = ["job"]

# As version 1 had them, before addresses and contacts.
STATE_1 = """
CREATE TABLE salt (value BLOB NOT NULL);
CREATE TABLE run (
    run TEXT PRIMARY KEY, account TEXT NOT NULL, target TEXT NOT NULL, command TEXT NOT NULL,
    started TEXT NOT NULL, source TEXT NOT NULL, mapping_digest TEXT NOT NULL,
    plan_digest TEXT NOT NULL DEFAULT '', state TEXT NOT NULL, counts TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX run_by_account ON run (account, started);
CREATE TABLE facts (account TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE created (
    account TEXT NOT NULL, reference_id TEXT NOT NULL, customer_id TEXT NOT NULL,
    PRIMARY KEY (account, reference_id)
) WITHOUT ROWID;
"""
JOURNAL_1 = """
CREATE TABLE step (
    number INTEGER PRIMARY KEY, kind TEXT NOT NULL, reference_id TEXT NOT NULL, customer_id TEXT,
    after TEXT NOT NULL, before TEXT NOT NULL, intended REAL NOT NULL
);
CREATE TABLE outcome (
    number INTEGER PRIMARY KEY REFERENCES step (number), kind TEXT NOT NULL,
    reference_id TEXT NOT NULL, done INTEGER NOT NULL, value TEXT NOT NULL
);
"""
RUN = "2026-03-04_0200_customers"
STEPS = (
    (1, "update", "K-1", "c1", '{"phone": "1"}', '{"phone": "2"}', 1.5),
    (2, "update", "K-2", "c2", '{"phone": "1"}', '{"phone": "2"}', 1.5),
    (3, "create", "K-3", None, '{"companyName": "Müller & Co"}', "{}", 1.5),
)
REFUSED = {
    "kind": "update",
    "reference_id": "K-1",
    "result": "failed",
    "code": "refused_by_server",
    "message": "Not valid.",
    "customer_id": "c1",
    "words": [["phone", "too short"]],
    "now": {},
    "differs": {},
}


def written(path: Path, tables: str, **rows: object) -> None:
    """A database of version 1 with rows by table."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(tables)
        for table, values in rows.items():
            places = ", ".join("?" for _ in values[0])
            connection.executemany(f"INSERT INTO {table} VALUES ({places})", values)
        connection.execute("PRAGMA user_version = 1")


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


@pytest.fixture
def journal_path(tmp_path: Path) -> Path:
    """A journal of version 1: an update that was refused, and an update and a create left open."""
    path = tmp_path / "runs" / RUN / "journal.db"
    refused = (1, "update", "K-1", 1, json.dumps(REFUSED))
    written(path, JOURNAL_1, step=STEPS, outcome=[refused])
    return path


@pytest.fixture
def state(tmp_path: Path, journal_path: Path) -> Iterator[SqliteState]:
    """A state folder of version 1 with one run that was interrupted."""
    began = "2026-03-04T02:00:00+00:00"
    run = (RUN, "f1", "shop", "sync", began, "customers.csv", "m1", "p1", "running", "{}")
    facts = {"dialect": "camel", "reference_ids": "comma", "statuses": [], "counts": {"active": 5}}
    written(
        tmp_path / "state.db",
        STATE_1,
        salt=[(b"0123456789abcdef",)],
        run=[run],
        facts=[("f1", json.dumps({**facts, "canaries": {"active": ["K-1"]}}))],
        created=[("f1", "K-9", "c9")],
    )
    with SqliteState(tmp_path) as opened:
        yield opened


def test_runs_and_facts_are_as_they_were(state: SqliteState, tmp_path: Path) -> None:
    (run,) = state.runs(ACCOUNT)
    assert (run.run, run.state, run.source) == (RUN, RunState.RUNNING, "customers.csv")
    assert state.salt == b"0123456789abcdef"
    assert state.created(ACCOUNT) == {"K-9": "c9"}
    facts = state.facts(ACCOUNT)
    assert (facts.dialect, facts.counts, facts.rows) == ("camel", {"active": 5}, {})
    assert facts.rate_limit is None
    assert version(tmp_path / "state.db") == SCHEMA_VERSION
    remembered = replace(facts, rows={"m": {"Ship-to": 3}}, rate_limit=40.0)
    state.remember(ACCOUNT, remembered)
    assert state.facts(ACCOUNT) == remembered != Facts()


def test_a_journal_is_read_and_gone_on_with(journal_path: Path) -> None:
    with closing(SqliteJournal(journal_path)) as journal:
        assert [(s.number, s.reference_id) for s in journal.open_steps()] == [
            (2, "K-2"),
            (3, "K-3"),
        ]
        left = journal.open_steps()[0]
        assert (left.after, left.before, left.child, left.lists) == (
            *({"phone": "1"}, {"phone": "2"}),
            *(None, {}),
        )
        (refused,) = journal.outcomes()
        assert (refused.result, refused.words) == (
            Result.FAILED,
            (ServerWord("phone", "too short"),),
        )
        assert refused.children == ()
        added = step(4, child=ChildTarget(ChildKind.ADDRESSES, ChildAction.ADD, None))
        journal.intend([added])
        journal.conclude({2: outcome("K-2"), 3: outcome("K-3")})
    with closing(SqliteJournal(journal_path)) as journal:
        assert journal.open_steps() == [added]
        assert journal.next_number() == 5
    assert version(journal_path) == SCHEMA_VERSION


def test_two_who_open_it_at_once_bring_it_up_once(journal_path: Path) -> None:
    ready, opened = threading.Barrier(4, timeout=30), threading.Barrier(4, timeout=30)

    def open_it(_: int) -> int:
        ready.wait()
        with closing(SqliteJournal(journal_path)) as journal:
            opened.wait()
            return len(journal.open_steps())

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(open_it, range(4))) == [2] * 4


def test_a_run_that_an_earlier_version_left_is_settled_and_nothing_is_doubled(job: Job) -> None:
    run = job.killed(create("N-1"), create("N-2"))
    journal = run.folder / "journal.db"
    with closing(sqlite3.connect(journal)) as connection:
        steps = connection.execute(
            "SELECT number, kind, reference_id, customer_id, after, before, intended FROM step"
        ).fetchall()
    for path in run.folder.glob("journal.db*"):
        path.unlink()
    written(journal, JOURNAL_1, step=steps)
    with closing(sqlite3.connect(job.options.state_dir / "state.db")) as connection:
        connection.execute("PRAGMA user_version = 1")
    # One of the creates had arrived.
    made = job.sandbox.add(reference_id="N-1", name="Company N-1", display_name="Company N-1")

    finished = job.sync(NEW, ("N-2", "Company N-2", ""))

    assert finished.exit_code is Exit.DONE
    assert [write["reference_id"] for write in job.sandbox.ledger()] == ["N-2"]
    assert job.created()["N-1"] == made["id"]
    assert job.open_steps(run) == []
    assert job.runs() == {finished.record.run: "finished", run.run: "superseded"}


def test_a_newer_state_is_refused_by_every_command_that_opens_it(
    wizsync_command: Wizsync, tmp_path: Path
) -> None:
    path = tmp_path / "state" / "state.db"
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as newer:
        newer.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    ended = wizsync_command("runs", "--state-dir", "state", "--json")
    assert ended.code == 2
    error = ended.answer["error"]
    assert error["message"] == "This state was written by a newer version of wizsync."
    assert error["where"].endswith("state.db")
    assert error["hint"] == "Use that version, or another --state-dir."
    assert version(path) == SCHEMA_VERSION + 1
