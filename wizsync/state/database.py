"""SQLite files that last: opened durably, brought up from earlier versions, spoken for in plain words."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from wizsync.errors import MachineError, UsageError

# Raised whenever a table changes; a state of a newer version is refused, not guessed at.
SCHEMA_VERSION = 2

STATE_NAME = "state.db"


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn what SQLite and the disk say into what a person can do about it.

    Args:
        path: The file or folder that it is about.

    Raises:
        MachineError: Whatever they said.
    """
    try:
        yield
    except (sqlite3.Error, OSError, NotImplementedError) as error:
        if _is_damage(error):
            raise _damaged(path) from error
        raise MachineError(
            f"The state could not be read or written: {error}.",
            where=str(path),
            hint="Check that the disk has room and that the folder may be written, then run again: "
            "what was recorded so far is safe.",
            reason="state",
        ) from error


@contextmanager
def decoded(path: Path) -> Iterator[None]:
    """Take what was recorded and cannot be made sense of for damage: SQLite knows only its own pages.

    Args:
        path: The file that it was read from.

    Raises:
        MachineError: It makes no sense.
    """
    try:
        yield
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise _damaged(path) from error


def _is_damage(error: Exception) -> bool:
    return getattr(error, "sqlite_errorname", "").startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT"))


def _damaged(path: Path) -> MachineError:
    aside = (
        f"rename the file to {path.name}.damaged (and delete {path.name}-wal and {path.name}-shm, if they "
        "are there) and run again"
    )
    hint = (
        f"To go on, {aside}: what can be known is made anew from the folders of the runs."
        if path.name == STATE_NAME
        else "What this run sent in its last moments cannot be told any more. Wait a minute, so that the "
        f"account shows all that arrived. Then {aside}: the account is compared anew."
    )
    return MachineError(
        "A file in which wizsync records what it does is damaged.",
        where=str(path),
        hint=hint,
        reason="state",
    )


def connect(
    path: Path, tables: str, upgrades: Mapping[int, str] = MappingProxyType({})
) -> sqlite3.Connection:
    """A durable connection: what is committed survives a power cut.

    Args:
        path: The file, made when it is not there.
        tables: What makes the tables that are not there.
        upgrades: An earlier version to the statement that brings its tables up to this one.

    Raises:
        MachineError: The disk or the file is at fault.
        UsageError: The file is of a newer version.
    """
    with translated(path):
        path.touch(0o600)  # its owner's alone, as SQLite's files beside it are then
        connection = sqlite3.connect(path, timeout=10)
        try:
            _prepare(connection, path, tables, upgrades)
        except BaseException:
            connection.close()
            raise
    return connection


def _prepare(
    connection: sqlite3.Connection, path: Path, tables: str, upgrades: Mapping[int, str]
) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > SCHEMA_VERSION:
        raise UsageError(
            "This state was written by a newer version of wizsync.",
            where=str(path),
            hint="Use that version, or another --state-dir.",
            reason="newer_state",
        )
    connection.executescript(tables)
    if version < SCHEMA_VERSION:
        _upgrade(connection, upgrades)


def _upgrade(connection: sqlite3.Connection, upgrades: Mapping[int, str]) -> None:
    """Bring tables of an earlier version up to this one, wholly or not at all."""
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        # Somebody else may have been first.
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version in upgrades:
            connection.execute(upgrades[version])
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def dump(value: object) -> str:
    """A value as the text that a column keeps."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
