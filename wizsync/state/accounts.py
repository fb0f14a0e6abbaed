"""Which accounts a state has met, in its `state.db`: their keys, their targets' names, their customers."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime

from wizsync.state.protocol import MetAccount

ACCOUNT_TABLES = """
CREATE TABLE IF NOT EXISTS account (
    account TEXT PRIMARY KEY, url TEXT NOT NULL, met TEXT NOT NULL, known TEXT NOT NULL DEFAULT '[]'
);
CREATE TABLE IF NOT EXISTS account_key (mark TEXT PRIMARY KEY, account TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS account_target (
    target TEXT PRIMARY KEY, account TEXT NOT NULL
) WITHOUT ROWID;
"""

# Customers remembered of each account: some of them will be deleted one day.
KNOWN_AT_MOST = 10

_MARKS = (
    "(SELECT json_group_array(mark) FROM account_key AS key WHERE key.account = account.account)"
)


class SqliteAccounts:
    """See `wizsync.state.Accounts`.

    Args:
        connection: The state's.
        translated: Turns what SQLite says into what a person can do about it.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        translated: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._connection = connection
        self._translated = translated

    def of_key(self, mark: str) -> MetAccount | None:
        """The account that a key belongs to, by its fingerprint."""
        return self._one("account = (SELECT account FROM account_key WHERE mark = ?)", mark)

    def of_target(self, target: str) -> MetAccount | None:
        """The account that a target of this name was."""
        return self._one("account = (SELECT account FROM account_target WHERE target = ?)", target)

    def at(self, url: str) -> list[MetAccount]:
        """The accounts met at an address, the latest first."""
        return self._all("url = ?", url)

    def meet(self, account: str, url: str, mark: str, target: str | None) -> None:
        """Remember that an account was met, by which key and under which target's name."""
        now = datetime.now(UTC).isoformat()
        with self._translated(), self._connection:
            self._connection.execute(
                "INSERT INTO account (account, url, met) VALUES (?, ?, ?) "
                "ON CONFLICT (account) DO UPDATE SET met = excluded.met",
                (account, url, now),
            )
            self._connection.execute(
                "INSERT OR IGNORE INTO account_key VALUES (?, ?)", (mark, account)
            )
            if target is not None:
                self._connection.execute(
                    "INSERT OR IGNORE INTO account_target VALUES (?, ?)", (target, account)
                )

    def know(self, account: str, customer_ids: Sequence[str]) -> tuple[str, ...]:
        """Remember customers just seen in an account.

        Returns:
            A few whom it is known by now, those just seen first.
        """
        with self._translated(), self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            (before,) = self._connection.execute(
                "SELECT known FROM account WHERE account = ?", (account,)
            ).fetchone()
            known = tuple(dict.fromkeys([*customer_ids, *json.loads(before)]))[:KNOWN_AT_MOST]
            self._connection.execute(
                "UPDATE account SET known = ? WHERE account = ?", (json.dumps(known), account)
            )
        return known

    def _one(self, where: str, value: str) -> MetAccount | None:
        found = self._all(where, value)
        return found[0] if found else None

    def _all(self, where: str, value: str) -> list[MetAccount]:
        with self._translated():
            rows = self._connection.execute(
                f"SELECT account, url, known, {_MARKS} FROM account WHERE {where} ORDER BY met DESC",
                (value,),
            ).fetchall()
        return [
            MetAccount(account, url, tuple(json.loads(marks)), tuple(json.loads(known)))
            for account, url, known, marks in rows
        ]
