"""A file, a mapping and an account: whole runs, and what they leave behind."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.push.builders import step, told
from wizsync import pipeline
from wizsync.model import Account, Change, Outcome
from wizsync.pipeline import Finished, Options
from wizsync.sandbox import Sandbox
from wizsync.settings import fingerprint
from wizsync.state import RunEntry, RunState, SqliteState, Step

if TYPE_CHECKING:
    from tests.conftest import MakeOptions, StartSandbox

MAPPING = """\
version: 1
mode: upsert
customer:
  referenceId: Code
  companyName: {column: Company, required: true}
  displayName: "{companyName}"
  phone: Phone
"""


@dataclass
class Job:
    """A file, its mapping, and the account they are about."""

    sandbox: Sandbox
    options: Options
    folder: Path

    @property
    def mapping(self) -> Path:
        return self.folder / "customers.yaml"

    def file(self, *rows: tuple[str, str, str]) -> Path:
        """The file with these codes, companies and phones."""
        path = self.folder / "customers.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([("Code", "Company", "Phone"), *rows])
        return path

    def sync(self, *rows: tuple[str, str, str], **values: Any) -> Finished:
        options = replace(self.options, **values)
        return pipeline.sync(self.file(*rows), self.mapping, options, approve=lambda _: True)

    def plan(self, *rows: tuple[str, str, str], **values: Any) -> Finished:
        options = replace(self.options, **values)
        return pipeline.plan(
            self.file(*rows), self.mapping, options, output=self.folder / "plan.jsonl"
        )

    def apply(self, *, approve: bool = True, **values: Any) -> Finished:
        options = replace(self.options, **values)
        return pipeline.apply(self.folder / "plan.jsonl", options, approve=lambda _: approve)

    def through(self, url: str) -> Options:
        """The options with another way to the same account."""
        return replace(self.options, connection=replace(self.options.connection, url=url))

    @contextmanager
    def state(self) -> Iterator[tuple[SqliteState, Account]]:
        connection = self.options.connection
        with SqliteState(self.options.state_dir) as state:
            mark = fingerprint(connection.identity, connection.key, state.salt)
            yield state, Account(connection.identity, state.salt.hex(), mark, connection.target)

    def runs(self) -> dict[str, RunState]:
        with self.state() as (state, _):
            return {entry.run: entry.state for entry in state.runs()}

    def killed(self, *changes: Change, mapping: str | None = None, ago: float = 1.0) -> RunEntry:
        """A run as it is left when its process is killed after it recorded these intents."""
        digest = mapping or pipeline.check(self.file(), self.mapping).rules.mapping_digest
        with self.state() as (state, account):
            run = state.begin(account, "sync", "killed.csv", digest)
            journal = state.journal(run.run)
            at = time.time() - ago
            journal.intend([step(c, n, intended=at) for n, c in enumerate(changes, start=1)])
            journal.close()
        return run

    def conclude(self, run: RunEntry, outcomes: dict[int, Outcome | None]) -> None:
        with self.state() as (state, _):
            journal = state.journal(run.run)
            journal.conclude(outcomes)
            journal.close()

    def open_steps(self, run: RunEntry) -> list[Step]:
        with self.state() as (state, _):
            journal = state.journal(run.run)
            steps = journal.open_steps()
            journal.close()
        return steps

    def created(self) -> dict[str, str]:
        with self.state() as (state, account):
            return state.created(account)


@pytest.fixture
def job(start_sandbox: StartSandbox, make_options: MakeOptions, tmp_path: Path) -> Job:
    """On an account where a create that was sent twice makes two customers."""
    sandbox = start_sandbox(customers=40, assume=("reference_id=free",))
    (tmp_path / "customers.yaml").write_text(MAPPING, encoding="utf-8")
    return Job(sandbox, make_options(sandbox), tmp_path)


def named(sandbox: Sandbox) -> list[dict[str, Any]]:
    return [c for c in sandbox.customers() if c["reference_id"] and c["status"] == "active"]


def row(customer: dict[str, Any], phone: str | None = None) -> tuple[str, str, str]:
    return (
        customer["reference_id"],
        customer["name"],
        (customer["phone"] or "") if phone is None else phone,
    )


NEW = ("N-1", "Company N-1", "")


def results(finished: Finished) -> dict[str, str]:
    return told(finished.record.outcomes)
