"""A run's journal: steps before they are sent, what became of them after."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.state.builders import outcome, step
from wizsync.errors import MachineError
from wizsync.model import ChangeKind, Result, ServerWord
from wizsync.state.journal import SqliteJournal


def journal_at(tmp_path: Path) -> closing[SqliteJournal]:
    return closing(SqliteJournal(tmp_path / "journal.db"))


def test_steps_come_back_as_they_went(tmp_path: Path):
    steps = [
        step(1, "Ü"),
        step(2, "L", kind=ChangeKind.DELETE, customer_id="c1", after={}, before={"phone": ""}),
    ]
    with journal_at(tmp_path) as journal:
        assert (journal.next_number(), journal.open_steps()) == (1, [])
        journal.intend(steps)
        journal.intend([])
    with journal_at(tmp_path) as journal:
        assert (journal.next_number(), journal.open_steps()) == (3, steps)


def test_what_is_concluded_is_no_longer_open(tmp_path: Path):
    with journal_at(tmp_path) as journal:
        journal.intend([step(n, f"K-{n}") for n in (1, 2, 3)])
        journal.conclude({1: outcome("K-1"), 2: None})
        assert [s.number for s in journal.open_steps()] == [3]
        # What was certainly not done is no outcome.
        assert [o.reference_id for o in journal.outcomes()] == ["K-1"]
        assert journal.next_number() == 4


def test_an_outcome_comes_back_as_it_went(tmp_path: Path):
    whole = outcome(
        result=Result.CONFLICT,
        code="moved",
        message="Größer.",
        customer_id="c1",
        words=(ServerWord("phone", "is bad"), ServerWord("", "no")),
        now={"phone": "2"},
        differs={"email": ""},
    )
    with journal_at(tmp_path) as journal:
        journal.intend([step(1)])
        journal.conclude({1: whole})
        assert journal.outcomes() == [whole]


def test_recorded_twice_the_later_one_counts_once(tmp_path: Path):
    with journal_at(tmp_path) as journal:
        journal.intend([step(1)])
        journal.conclude({1: outcome(result=Result.UNKNOWN)})
        journal.conclude({1: outcome()})
        assert journal.outcomes() == [outcome()]


def test_of_a_change_sent_again_the_latest_counts(tmp_path: Path):
    with journal_at(tmp_path) as journal:
        kinds = (ChangeKind.CREATE, ChangeKind.DELETE)
        journal.intend([step(1), step(2), step(3, kind=kinds[1]), step(4)])
        journal.conclude({1: None, 2: outcome(result=Result.FAILED), 4: outcome()})
        journal.conclude({3: outcome(kind=kinds[1])})
        assert journal.outcomes() == [outcome(kind=kinds[1]), outcome()]


def test_a_number_is_used_once(tmp_path: Path):
    with journal_at(tmp_path) as journal:
        journal.intend([step(1)])
        with pytest.raises(MachineError):
            journal.intend([step(2), step(1)])
        # Half of what was to be recorded is nothing.
        assert journal.open_steps() == [step(1)]


def test_an_outcome_of_no_step_is_not_recorded(tmp_path: Path):
    with journal_at(tmp_path) as journal:
        journal.conclude({7: outcome()})
        assert journal.outcomes() == []


def test_another_process_may_read_it_meanwhile(tmp_path: Path):
    with journal_at(tmp_path) as journal:
        journal.intend([step(1)])
        reading = sqlite3.connect(f"file:{tmp_path / 'journal.db'}?mode=ro", uri=True)
        with closing(reading) as other:
            other.execute("BEGIN")
            assert other.execute("SELECT count(*) FROM step").fetchone() == (1,)
            journal.intend([step(2)])
            assert other.execute("SELECT count(*) FROM step").fetchone() == (1,)
        assert len(journal.open_steps()) == 2


@pytest.mark.parametrize(
    "garbled",
    [
        "UPDATE step SET after = '{\"phone\": '",
        "UPDATE step SET after = '{}', kind = 'crea'",
        "UPDATE step SET children = '[1]'",
        "UPDATE outcome SET value = '{\"kind\": 7}'",
        "UPDATE outcome SET value = 'null'",
    ],
)
def test_what_makes_no_sense_is_damage(garbled: str, tmp_path: Path):
    with journal_at(tmp_path) as journal:
        journal.intend([step(1), step(2)])
        journal.conclude({1: outcome()})
        with closing(sqlite3.connect(tmp_path / "journal.db")) as connection, connection:
            connection.execute(garbled)

        with pytest.raises(MachineError, match="is damaged") as damaged:
            (journal.open_steps(), journal.outcomes(), journal.recorded())

    assert "the account is compared anew" in str(damaged.value.hint)
