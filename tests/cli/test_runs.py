"""`runs`: what was done, by whom, and what can be forgotten."""

from __future__ import annotations

import getpass
import json
import re
import socket
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Ended, Wizsync
from tests.conftest import StartSandbox
from tests.state.builders import step
from wizsync.sandbox import Sandbox
from wizsync.state import SqliteState
from wizsync.state.journal import SqliteJournal

MAPPING = "version: 1\ncustomer: {referenceId: Code, companyName: Company, displayName: Company}\n"


class Place:
    """A folder with a file, its mapping, and an account to bring it to."""

    def __init__(self, folder: Path, sandbox: Sandbox, run: Wizsync) -> None:
        self.folder, self.sandbox, self._run = folder, sandbox, run
        self.state = folder / "state"
        (folder / "a.csv").write_text("Code,Company\nN-1,One\nN-2,Two\n", encoding="utf-8")
        (folder / "a.yaml").write_text(MAPPING, encoding="utf-8")

    def runs(self, *words: str) -> Ended:
        return self._run("runs", *words, "--state-dir", "state")

    def result(self, *words: str) -> Any:
        return self.runs(*words, "--json").answer["result"]

    def command(self, *words: str, key: str = "sandbox-key") -> Ended:
        where = ("--target", self.sandbox.base_url, "--state-dir", "state", "--rate", "500")
        return self._run(*words, *where, "--json", WIZSYNC_API_KEY=key)

    def write(self, *words: str) -> Ended:
        """A command that fills a new account."""
        return self.command(*words, "--allow", "empty_account=2", "--yes")

    def sync(self, mapping: str = "a.yaml") -> str:
        """The name of a run that has ended well."""
        ended = self.write("sync", "a.csv", "-m", mapping)
        assert ended.code == 0, ended.err
        return str(ended.answer["run"])

    def set(self, run: str, **columns: str) -> None:
        """Make a run older, or another than it was."""
        with closing(sqlite3.connect(self.state / "state.db")) as connection, connection:
            for name, value in columns.items():
                connection.execute(f"UPDATE run SET {name} = ? WHERE run = ?", (value, run))

    def age(self, *runs: str) -> None:
        for run in runs:
            self.set(run, started="2020-01-01T00:00:00+00:00")

    def folders(self) -> set[str]:
        return {path.name for path in (self.state / "runs").iterdir()}


@pytest.fixture
def place(start_sandbox: StartSandbox, wizsync_command: Wizsync, tmp_path: Path) -> Place:
    return Place(tmp_path, start_sandbox(customers=0), wizsync_command)


def test_who_began_it_and_what_it_did(place: Place) -> None:
    run = place.sync()
    (line,) = place.result()
    who = f"{getpass.getuser()} on {socket.gethostname()}"
    assert (line["run"], line["by"], line["counts"]) == (run, who, {"applied": 2})
    listed = place.runs().out
    assert who in listed
    assert "2 applied" in listed
    shown = place.result("show", run[:12])
    assert shown == {**line, **{name: shown[name] for name in ("plan", "error", "files", "next")}}
    assert (shown["plan"]["create"], shown["plan"]["update"], shown["error"]) == (2, 0, None)
    assert Path(shown["files"]["report_html"]).is_file()
    assert shown["next"] == f"`wizsync undo {run}` puts back what it changed."
    told = place.runs("show").out
    assert re.search(r"^Command: +sync a\.csv$", told, re.MULTILINE)
    assert re.search(r"^Plan: +2 create$", told, re.MULTILINE)
    assert re.search(r"^Outcome: +2 applied$", told, re.MULTILINE)


def test_what_to_do_with_a_plan(place: Place) -> None:
    run = place.command("plan", "a.csv", "-m", "a.yaml").answer["run"]
    assert place.result("show", run)["next"].startswith("`wizsync apply ")


def test_what_stopped_a_run_and_how_it_goes_on(place: Place) -> None:
    place.sync()
    run = place.command("plan", "a.csv", "-m", "a.yaml").answer["run"]
    place.sandbox.fault("401", on=["list"], nth=[1], times=1)
    ended = place.command("sync", "a.csv", "-m", "a.yaml", "--yes")
    assert ended.code == 5
    stopped = place.result()[0]
    shown = place.result("show", stopped["run"])
    assert (shown["state"], run in place.folders()) == ("stopped", True)
    assert shown["error"] == ended.answer["error"]["message"]
    assert shown["next"] == "Nothing was written. Run the same command again."
    place.set(stopped["run"], plan_digest="as if it had come to a plan")
    resume = f"`wizsync resume {stopped['run']}` goes on where it stopped."
    assert place.result("show", stopped["run"])["next"] == resume
    place.set(stopped["run"], state="running")
    assert place.result("show", stopped["run"])["next"] == f"If it is no longer at work: {resume}"


def test_a_run_without_its_plan_file_is_shown_all_the_same(place: Place) -> None:
    run = place.sync()
    (place.state / "runs" / run / "plan.jsonl").write_text("damaged", encoding="utf-8")
    assert (place.result("show", run)["plan"], place.result("show", run)["state"]) == (
        None,
        "finished",
    )


def test_old_runs_are_forgotten_and_what_was_learned_stays(place: Place) -> None:
    first, second, third = place.sync(), place.sync(), place.sync()
    place.age(first, second)
    ended = place.runs("prune", "--older-than", "90d", "--yes")
    assert ended.code == 0
    assert re.fullmatch(r"2 runs forgotten, \d+\.\d MB freed\.", ended.out.splitlines()[-1])
    assert place.folders() == {third}
    assert [line["run"] for line in place.result()] == [third]
    with SqliteState(place.state) as state:
        (entry,) = state.runs()
        connection = state._connection
        assert connection.execute("SELECT count(*) FROM created").fetchone() == (2,)
        assert connection.execute("SELECT count(*) FROM facts").fetchone() == (1,)
        assert connection.execute("SELECT run FROM run_note").fetchall() == [(entry.run,)]
    assert place.sync()


def test_what_must_stay(place: Place) -> None:
    (place.folder / "b.yaml").write_text(f"{MAPPING}mode: update\n", encoding="utf-8")
    names = [place.sync() for _ in range(5)]
    running, stopped, unknown, is_open, gone = names
    latest, latest_of_another = place.sync(), place.sync("b.yaml")
    place.set(running, state="running")
    place.set(stopped, state="stopped")
    place.set(unknown, counts=json.dumps({"applied": 1, "unknown": 1}))
    with closing(SqliteJournal(place.state / "runs" / is_open / "journal.db")) as journal:
        journal.intend([step(90)])
    place.age(*names, latest, latest_of_another)
    assert place.result("prune", "--older-than", "1w", "--yes")["runs"] == [gone]
    assert place.folders() == {*names, latest, latest_of_another} - {gone}


def test_young_runs_stay(place: Place) -> None:
    names = {place.sync(), place.sync()}
    assert place.result("prune", "--older-than", "1d", "--yes") == {"runs": [], "bytes": 0}
    assert place.folders() == names


def test_a_plan_whose_run_is_forgotten_is_still_used_up(place: Place) -> None:
    made = place.command("plan", "a.csv", "-m", "a.yaml", "-o", "monday.jsonl").answer["run"]
    applied = place.write("apply", "monday.jsonl").answer["run"]
    place.sync()
    place.age(made, applied)
    assert place.result("prune", "--older-than", "1d", "--yes")["runs"] == [applied, made]
    again = place.command("apply", "monday.jsonl", "--yes").answer["error"]
    assert again["reason"] == "used_plan"
    assert f"{applied} (pruned since)" in again["message"]


def test_nobody_is_asked_where_nobody_is(place: Place) -> None:
    runs = {place.sync(), place.sync()}
    place.age(*runs)
    ended = place.runs("prune", "--older-than", "1d")
    assert (ended.code, "--yes" in ended.err) == (2, True)
    assert place.folders() == runs


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("prune",), "how old runs must be"),
        (("prune", "--older-than", "90"), '"90" is no age'),
        (("prune", "--older-than", "-1d"), '"-1d" is no age'),
        (("prune", "x", "--older-than", "9d"), "takes no run"),
        (("--older-than", "9d"), "belong to `wizsync runs prune`"),
        (("show", "x", "--yes"), "belong to `wizsync runs prune`"),
        (("shwo",), "Did you mean `wizsync runs show`?"),
        (("2026-03",), "Did you mean `wizsync runs show 2026-03`?"),
        (("show", "x"), "There is no run yet."),
    ],
)
def test_wrong_words(wizsync_command: Wizsync, words: tuple[str, ...], said: str) -> None:
    ended = wizsync_command("runs", *words, "--state-dir", "state")
    assert ended.code == 2
    assert said in ended.err
