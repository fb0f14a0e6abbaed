"""The State in a folder on this machine: `state.db`, and a `journal.db` in each run's folder."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from filelock import FileLock
from pydantic import TypeAdapter

from wizsync.model import Account, Kept
from wizsync.state.accounts import ACCOUNT_TABLES, SqliteAccounts
from wizsync.state.database import STATE_NAME, connect, dump, translated
from wizsync.state.journal import SqliteJournal
from wizsync.state.lock import hold
from wizsync.state.protocol import Facts, RunEntry, RunState, TellRun, Terms
from wizsync.state.restoring import left_in, restore
from wizsync.state.run_notes import RUN_NOTE_TABLES, begun_by

_RESTORED = (
    "state.db was missing, though {} run(s) had left their folders: what they had done was read from these "
    "again. Who began them, and what was learned of the account besides, is lost."
)

_STATE_TABLES = """
CREATE TABLE IF NOT EXISTS salt (value BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS run (
    run TEXT PRIMARY KEY, account TEXT NOT NULL, target TEXT NOT NULL, command TEXT NOT NULL,
    started TEXT NOT NULL, source TEXT NOT NULL, mapping_digest TEXT NOT NULL,
    plan_digest TEXT NOT NULL DEFAULT '', state TEXT NOT NULL, counts TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX IF NOT EXISTS run_by_account ON run (account, started);
CREATE TABLE IF NOT EXISTS facts (account TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS created (
    account TEXT NOT NULL, reference_id TEXT NOT NULL, customer_id TEXT NOT NULL,
    PRIMARY KEY (account, reference_id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS terms (run TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS kept (
    account TEXT NOT NULL, reference_id TEXT NOT NULL, field TEXT NOT NULL, sent TEXT NOT NULL,
    kept TEXT NOT NULL, PRIMARY KEY (account, reference_id, field)
) WITHOUT ROWID;
"""

# Terms are kept as what they are made of; those of an earlier version lack the later parts.
_TERMS = TypeAdapter(Terms)


class SqliteState:
    """The State in a folder.

    Args:
        folder: Made when it is not there, readable by its owner alone.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._path = folder / STATE_NAME
        with translated(folder):
            (folder / "runs").mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
        # Of two who make a new file at once SQLite lets one fail rather than wait.
        opening = FileLock(folder / "opening.lock", timeout=10, fallback_to_soft=False)
        with translated(folder), opening:
            left = () if self._path.exists() else left_in(folder)
            self._connection = connect(self._path, _STATE_TABLES + ACCOUNT_TABLES + RUN_NOTE_TABLES)
            self.accounts = SqliteAccounts(self._connection, lambda: translated(self._path))
            self.salt = self._salt(left[-1].account.salt if left else None)
            for each in left:
                restore(self, each)
        self.notes = (_RESTORED.format(len(left)),) if left else ()

    def _salt(self, of_old: str | None) -> bytes:
        """Drawn once; where the state was lost, what it was before: keys are known again by it."""
        drawn = bytes.fromhex(of_old) if of_old else secrets.token_bytes(16)
        with translated(self._path), self._connection:
            self._connection.execute(
                "INSERT INTO salt SELECT ? WHERE NOT EXISTS (SELECT * FROM salt)", (drawn,)
            )
            (salt,) = self._connection.execute("SELECT value FROM salt").fetchone()
        return bytes(salt)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._connection.close()

    def lock(self, account: Account, command: str) -> AbstractContextManager[TellRun]:
        """Hold the account for a run; AccountBusy where another run holds it."""
        with translated(self.folder):
            (self.folder / "locks").mkdir(exist_ok=True)
        return hold(self.folder / "locks" / f"{account.fingerprint}.lock", account.target, command)

    def begin(self, account: Account, command: str, source: str, mapping_digest: str) -> RunEntry:
        """Begin a run: name it, make its folder."""
        now = datetime.now(UTC)
        # Of a long name the beginning: a folder's name may take 255 bytes, and a letter four of them.
        stem = "".join(c if c.isalnum() else "-" for c in Path(source).stem)[:40].strip("-").lower()
        name = f"{now.astimezone():%Y-%m-%d_%H%M}_{stem or command}"
        with translated(self.folder):
            run = self._new_folder(name)
            with self._connection:
                self._connection.execute(
                    "INSERT INTO run (run, account, target, command, started, source, mapping_digest, state) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        run,
                        account.fingerprint,
                        account.target,
                        command,
                        now.isoformat(timespec="seconds"),
                        source,
                        mapping_digest,
                        RunState.RUNNING,
                    ),
                )
                self._connection.execute(
                    "INSERT INTO run_note (run, by) VALUES (?, ?)", (run, begun_by())
                )
        return next(entry for entry in self.runs(account) if entry.run == run)

    def take_back(self, entry: RunEntry) -> None:
        """Record a run anew whose folder is there."""
        with translated(self._path), self._connection:
            self._connection.execute(
                "INSERT OR IGNORE INTO run (run, account, target, command, started, source, "
                "mapping_digest, plan_digest, state, counts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    entry.run,
                    entry.account,
                    entry.target,
                    entry.command,
                    entry.started,
                    entry.source,
                    entry.mapping_digest,
                    entry.plan_digest,
                    entry.state,
                    dump(dict(entry.counts)),
                ),
            )

    def _new_folder(self, name: str) -> str:
        """Make a run's folder; its name gets a number where it is taken. `mkdir` decides races."""
        number = 1
        while True:
            run = name if number == 1 else f"{name}-{number}"
            try:
                (self.folder / "runs" / run).mkdir()
            except FileExistsError:
                number += 1
            else:
                return run

    def update(
        self,
        run: str,
        state: RunState,
        *,
        plan_digest: str | None = None,
        counts: Mapping[str, int] | None = None,
    ) -> None:
        """Record where a run stands."""
        with translated(self._path), self._connection:
            self._connection.execute(
                "UPDATE run SET state = ?, plan_digest = coalesce(?, plan_digest), "
                "counts = coalesce(?, counts) WHERE run = ?",
                (state, plan_digest, None if counts is None else dump(dict(counts)), run),
            )

    def runs(self, account: Account | None = None) -> list[RunEntry]:
        """Runs, newest first; of one account, or of all."""
        where, values = ("WHERE account = ?", (account.fingerprint,)) if account else ("", ())
        with translated(self._path):
            rows = self._connection.execute(
                "SELECT run, account, target, command, started, source, mapping_digest, plan_digest, state, "
                "counts, by, error FROM run LEFT JOIN run_note USING (run) "
                f"{where} ORDER BY started DESC, run.rowid DESC",
                values,
            ).fetchall()
        return [
            RunEntry(
                run=run,
                account=fingerprint,
                target=target,
                command=command,
                started=started,
                source=source,
                mapping_digest=mapping_digest,
                plan_digest=plan_digest,
                state=RunState(state),
                counts=json.loads(counts),
                folder=self.folder / "runs" / run,
                by=by or "",
                error=error or "",
            )
            for (
                run,
                fingerprint,
                target,
                command,
                started,
                source,
                mapping_digest,
                plan_digest,
                state,
                counts,
                by,
                error,
            ) in rows
        ]

    def explain(self, run: str, error: str) -> None:
        """Record what stopped a run, for people."""
        with translated(self._path), self._connection:
            self._connection.execute("UPDATE run_note SET error = ? WHERE run = ?", (error, run))

    def forget(self, run: RunEntry) -> None:
        """Forget a run, but for its plan's being used up."""
        with translated(self._path), self._connection:
            if run.command != "plan" and run.state is not RunState.REFUSED:
                self._connection.execute(
                    "INSERT OR REPLACE INTO used_plan VALUES (?, ?)", (run.plan_digest, run.run)
                )
            for table in ("run_note", "run"):
                self._connection.execute(f"DELETE FROM {table} WHERE run = ?", (run.run,))

    def used_by(self, plan_digest: str) -> str | None:
        """The forgotten run that took a plan up, if one did."""
        with translated(self._path):
            row = self._connection.execute(
                "SELECT run FROM used_plan WHERE digest = ?", (plan_digest,)
            ).fetchone()
        return None if row is None else str(row[0])

    def journal(self, run: str) -> SqliteJournal:
        """The journal of a run, made at first use."""
        return SqliteJournal(self.folder / "runs" / run / "journal.db")

    def agree(self, run: str, terms: Terms) -> None:
        """Record what was agreed to for a run."""
        value = _TERMS.dump_json(terms).decode()
        with translated(self._path), self._connection:
            self._connection.execute("INSERT OR REPLACE INTO terms VALUES (?, ?)", (run, value))

    def terms(self, run: str) -> Terms:
        """What was agreed to for a run."""
        with translated(self._path):
            row = self._connection.execute(
                "SELECT value FROM terms WHERE run = ?", (run,)
            ).fetchone()
        return Terms() if row is None else _TERMS.validate_json(row[0])

    def facts(self, account: Account) -> Facts:
        """What is remembered of an account."""
        with translated(self._path):
            row = self._connection.execute(
                "SELECT value FROM facts WHERE account = ?", (account.fingerprint,)
            ).fetchone()
        if row is None:
            return Facts()
        value = json.loads(row[0])
        return Facts(
            dialect=value["dialect"],
            reference_ids=value["reference_ids"],
            statuses=tuple(value["statuses"]),
            counts=value["counts"],
            canaries={status: tuple(keys) for status, keys in value["canaries"].items()},
            rows=value.get("rows", {}),
            rate_limit=value.get("rate_limit"),
        )

    def remember(self, account: Account, facts: Facts) -> None:
        """Replace what is remembered of an account."""
        value = {name: getattr(facts, name) for name in Facts.__slots__}
        with translated(self._path), self._connection:
            self._connection.execute(
                "INSERT OR REPLACE INTO facts VALUES (?, ?)", (account.fingerprint, dump(value))
            )

    def created(self, account: Account) -> dict[str, str]:
        """Every referenceId to its id, of customers that runs created in the account and did not delete."""
        with translated(self._path):
            return dict(
                self._connection.execute(
                    "SELECT reference_id, customer_id FROM created WHERE account = ?",
                    (account.fingerprint,),
                )
            )

    def note_created(self, account: Account, created: Mapping[str, str]) -> None:
        """Add to what `created` answers."""
        with translated(self._path), self._connection:
            self._connection.executemany(
                "INSERT OR REPLACE INTO created VALUES (?, ?, ?)",
                [(account.fingerprint, key, customer_id) for key, customer_id in created.items()],
            )

    def forget_created(self, account: Account, reference_ids: Sequence[str]) -> None:
        """Take away from what `created` answers: they are gone from the account."""
        with translated(self._path), self._connection:
            self._connection.executemany(
                "DELETE FROM created WHERE account = ? AND reference_id = ?",
                [(account.fingerprint, key) for key in reference_ids],
            )

    def kept(self, account: Account) -> dict[tuple[str, str], Kept]:
        """Values that an account did not take as they were last sent, by referenceId and field."""
        with translated(self._path):
            rows = self._connection.execute(
                "SELECT reference_id, field, sent, kept FROM kept WHERE account = ?",
                (account.fingerprint,),
            )
            return {(key, field): Kept(sent, kept) for key, field, sent, kept in rows}

    def note_kept(self, account: Account, kept: Mapping[tuple[str, str], Kept | None]) -> None:
        """Add to what `kept` answers, or take away from it (None): it was taken as it was sent."""
        mark = account.fingerprint
        with translated(self._path), self._connection:
            self._connection.executemany(
                "DELETE FROM kept WHERE account = ? AND reference_id = ? AND field = ?",
                [(mark, *name) for name in kept],
            )
            self._connection.executemany(
                "INSERT INTO kept VALUES (?, ?, ?, ?, ?)",
                [(mark, *name, one.sent, one.kept) for name, one in kept.items() if one],
            )
