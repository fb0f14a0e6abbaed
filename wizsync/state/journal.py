"""A run's journal in a file of its own: its steps before they are sent, what became of them after."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from wizsync.model import ChangeKind, ChildAction, ChildKind, Outcome
from wizsync.state.database import connect, decoded, dump, translated
from wizsync.state.protocol import ChildTarget, Recorded, Step

_TABLES = """
CREATE TABLE IF NOT EXISTS step (
    number INTEGER PRIMARY KEY, kind TEXT NOT NULL, reference_id TEXT NOT NULL, customer_id TEXT,
    after TEXT NOT NULL, before TEXT NOT NULL, intended REAL NOT NULL, children TEXT
);
CREATE TABLE IF NOT EXISTS outcome (
    number INTEGER PRIMARY KEY REFERENCES step (number), kind TEXT NOT NULL,
    reference_id TEXT NOT NULL, done INTEGER NOT NULL, value TEXT NOT NULL
);
"""

_UPGRADES = {1: "ALTER TABLE step ADD COLUMN children TEXT"}


class SqliteJournal:
    """A run's journal.

    Args:
        path: Its file, made when it is not there.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection = connect(path, _TABLES, _UPGRADES)

    def intend(self, steps: Sequence[Step]) -> None:
        """Record steps before their requests leave."""
        with translated(self._path), self._connection:
            self._connection.executemany(
                "INSERT INTO step VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        s.number,
                        s.kind,
                        s.reference_id,
                        s.customer_id,
                        dump(s.after),
                        dump(s.before),
                        s.intended,
                        _children_value(s),
                    )
                    for s in steps
                ],
            )

    def conclude(self, outcomes: Mapping[int, Outcome | None]) -> None:
        """Record what became of steps, by number; None: certainly not done, and open to be sent anew."""
        with translated(self._path), self._connection:
            self._connection.executemany(
                "INSERT OR REPLACE INTO outcome "
                "SELECT number, kind, reference_id, ?, ? FROM step WHERE number = ?",
                [
                    (
                        outcome is not None,
                        dump(_outcome_value(outcome) if outcome else None),
                        number,
                    )
                    for number, outcome in outcomes.items()
                ],
            )

    def open_steps(self) -> list[Step]:
        """Steps whose requests may have been done and of which nothing is known yet."""
        with translated(self._path):
            rows = self._connection.execute(
                f"SELECT {_STEP} FROM step WHERE number NOT IN (SELECT number FROM outcome) ORDER BY number"
            ).fetchall()
        with decoded(self._path):
            return [_step(row) for row in rows]

    def recorded(self) -> list[Recorded]:
        """Every step of which it is known what became of it, in their order."""
        with translated(self._path):
            rows = self._connection.execute(
                f"SELECT {_STEP}, done, value FROM step JOIN outcome USING (number) ORDER BY number"
            ).fetchall()
        with decoded(self._path):
            return [
                Recorded(_step(row), _outcome(json.loads(value)) if done else None)
                for *row, done, value in rows
            ]

    def outcomes(self) -> list[Outcome]:
        """The outcomes recorded, the latest for each Change."""
        with translated(self._path):
            rows = self._connection.execute(
                "SELECT value FROM outcome WHERE done AND number IN "
                "(SELECT max(number) FROM outcome WHERE done GROUP BY kind, reference_id) ORDER BY number"
            ).fetchall()
        with decoded(self._path):
            return [_outcome(json.loads(value)) for (value,) in rows]

    def next_number(self) -> int:
        """The number of the next step."""
        with translated(self._path):
            (last,) = self._connection.execute("SELECT max(number) FROM step").fetchone()
        return int(last or 0) + 1

    def close(self) -> None:
        """Let go of it."""
        self._connection.close()


_STEP = "number, step.kind, step.reference_id, customer_id, after, before, intended, children"


def _step(row: Sequence[Any]) -> Step:
    """A step from its columns, in the order of _STEP."""
    number, kind, reference_id, customer_id, after, before, intended, children = row
    return Step(
        number,
        ChangeKind(kind),
        reference_id,
        customer_id,
        json.loads(after),
        json.loads(before),
        intended,
        *_children(children),
    )


def _children_value(step: Step) -> str | None:
    if step.child is None and not step.lists:
        return None
    child = step.child and astuple(step.child)
    return dump({"child": child, "lists": {kind: list(some) for kind, some in step.lists.items()}})


def _children(
    written: str | None,
) -> tuple[ChildTarget | None, dict[ChildKind, tuple[Mapping[str, str], ...]]]:
    if written is None:
        return None, {}
    value = json.loads(written)
    child = value["child"]
    return (
        child and ChildTarget(ChildKind(child[0]), ChildAction(child[1]), *child[2:]),
        {ChildKind(kind): tuple(some) for kind, some in value["lists"].items()},
    )


# Outcomes are kept as what they are made of; those of an earlier version lack the later parts.
_OUTCOME = TypeAdapter(Outcome)


def _outcome_value(outcome: Outcome) -> dict[str, Any]:
    value: dict[str, Any] = _OUTCOME.dump_python(outcome, mode="json")
    return value


def _outcome(value: dict[str, Any]) -> Outcome:
    return _OUTCOME.validate_python(
        value | {"words": [_word(word) for word in value.get("words", ())]}
    )


def _word(word: Any) -> Any:
    # Version 1 kept a word as a pair.
    return {"field": word[0], "reason": word[1]} if isinstance(word, list) else word
