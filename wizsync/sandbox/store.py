"""The account's customers in SQLite: rows in, rows out; what they mean is decided elsewhere."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Record = dict[str, Any]

CUSTOMER_COLUMNS = (
    "id",
    "reference_id",
    "display_id",
    "name",
    "display_name",
    "first_name",
    "last_name",
    "phone",
    "email",
    "shipping_method",
    "payment_mode",
    "payment_term",
    "freight_term",
    "status",
    "price_list_id",
    "sales_rep_ids",
    "attributes",
    "created_at",
    "updated_at",
)
CHILD_COLUMNS = {
    "addresses": (
        "id",
        "customer_id",
        "reference_id",
        "address_line_1",
        "address_line_2",
        "city",
        "state",
        "country",
        "zip_code",
        "first_name",
        "last_name",
        "phone",
        "email",
        "type",
        "status",
        "is_default",
        "attributes",
        "created_at",
        "updated_at",
    ),
    "contacts": (
        "id",
        "customer_id",
        "reference_id",
        "first_name",
        "last_name",
        "email",
        "phone",
        "designation",
        "status",
        "is_default",
        "attributes",
        "created_at",
        "updated_at",
    ),
}
_JSON_COLUMNS = frozenset({"sales_rep_ids", "attributes"})

# Of the tables below; a file made with others is not opened.
_VERSION = 1
# written_at and shown_until are seconds since 1970: lists that lag behind look at them.
_CUSTOMER_COLUMNS_SQL = ", ".join(CUSTOMER_COLUMNS)
_SCHEMA = f"""
CREATE TABLE customers (
    number INTEGER PRIMARY KEY AUTOINCREMENT, {_CUSTOMER_COLUMNS_SQL}, written_at REAL NOT NULL
);
CREATE TABLE past_customers (
    number INTEGER, {_CUSTOMER_COLUMNS_SQL}, written_at REAL NOT NULL, shown_until REAL NOT NULL
);
CREATE UNIQUE INDEX customer_ids ON customers (id);
CREATE INDEX customer_reference_ids ON customers (reference_id);
CREATE INDEX customers_by_creation ON customers (status, created_at);
CREATE INDEX customers_by_update ON customers (status, updated_at);
CREATE INDEX past_customer_ids ON past_customers (id);
""" + "".join(
    f"""
CREATE TABLE {kind} (number INTEGER PRIMARY KEY AUTOINCREMENT, {", ".join(columns)});
CREATE UNIQUE INDEX {kind}_ids ON {kind} (id);
CREATE INDEX {kind}_of_customers ON {kind} (customer_id);
"""
    for kind, columns in CHILD_COLUMNS.items()
)


# Apart from the others, because files made before there were look-up lists lack it.
_LOOKUPS_SQL = "CREATE TABLE IF NOT EXISTS lookups (name TEXT PRIMARY KEY, records TEXT NOT NULL)"


@dataclass(frozen=True)
class ListQuery:
    """Which customers a list shows.

    Args:
        status: Only these; None: all.
        reference_ids: Only these; None: all.
        fold_case: Whether referenceIds match whatever their case.
        times: Column, operator and stamp of each limit in time.
        sort_by: A column.
        descending: The order.
        limit: Rows at most.
        offset: Rows to pass over.
        as_of: Show customers as they were at this time, in seconds since 1970; None: as they are.
    """

    status: str | None = None
    reference_ids: Sequence[str] | None = None
    fold_case: bool = False
    times: Sequence[tuple[str, str, str]] = ()
    sort_by: str = "updated_at"
    descending: bool = True
    limit: int = -1
    offset: int = 0
    as_of: float | None = None


class Store:
    """The tables. One connection; the caller sees to it that one thread at a time uses it.

    Args:
        path: The SQLite file; None: in memory.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._connection = sqlite3.connect(
            path or ":memory:", isolation_level=None, check_same_thread=False, timeout=10
        )
        self._connection.row_factory = sqlite3.Row
        try:
            self._check_version()
            # What was committed outlives the process; only the machine's own fall could take it.
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")
        except sqlite3.Error:
            self._connection.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _check_version(self) -> None:
        version = self._version()
        holds = self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if version not in (0, _VERSION) or (version == 0 and holds):
            raise sqlite3.DatabaseError("the file is not a sandbox's, or another version's")

    def _version(self) -> int:
        return int(self._connection.execute("PRAGMA user_version").fetchone()[0])

    @property
    def is_new(self) -> bool:
        """Whether there are no tables yet."""
        return self._version() == 0

    def create_tables(self) -> None:
        """Make the tables."""
        for statement in _SCHEMA.split(";"):
            self._connection.execute(statement)
        self._connection.execute(f"PRAGMA user_version = {_VERSION}")

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return self._connection.in_transaction

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All writes inside are kept together, or none."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    # --- customers ------------------------------------------------------------------------------

    def insert_customers(self, customers: Iterable[Record], written_at: float) -> None:
        """Add customers, each with all its columns; their children are added on their own."""
        columns = (*CUSTOMER_COLUMNS, "written_at")
        self._connection.executemany(
            _insert("customers", columns),
            (_packed(customer | {"written_at": written_at}, columns) for customer in customers),
        )

    def customer(self, identifier: str) -> Record | None:
        """A customer without its children."""
        cursor = self._connection.execute("SELECT * FROM customers WHERE id = ?", (identifier,))
        row = cursor.fetchone()
        return _unpacked(row, CUSTOMER_COLUMNS) if row else None

    def update_customer(self, identifier: str, values: Record, written_at: float) -> None:
        """Change columns of a customer."""
        values = values | {"written_at": written_at}
        self._connection.execute(
            f"UPDATE customers SET {', '.join(f'{name} = ?' for name in values)} WHERE id = ?",
            (*_packed(values, tuple(values)), identifier),
        )

    def delete_customer(self, identifier: str) -> None:
        """Remove a customer and its children."""
        self._connection.execute("DELETE FROM customers WHERE id = ?", (identifier,))
        for kind in CHILD_COLUMNS:
            self._connection.execute(f"DELETE FROM {kind} WHERE customer_id = ?", (identifier,))

    def remember(self, identifier: str, now: float, lag: float) -> None:
        """Keep a customer as it is, for lists that lag behind a write that follows."""
        columns = f"number, {_CUSTOMER_COLUMNS_SQL}, written_at"
        self._connection.execute("DELETE FROM past_customers WHERE shown_until <= ?", (now - lag,))
        self._connection.execute(
            f"INSERT INTO past_customers ({columns}, shown_until) "
            f"SELECT {columns}, ? FROM customers WHERE id = ?",
            (now, identifier),
        )

    def holder(
        self, reference_id: str, *, other_than: str | None, fold_case: bool, active_only: bool
    ) -> str | None:
        """The id of a customer that has a referenceId, if there is one."""
        collation = "COLLATE NOCASE" if fold_case else ""
        row = self._connection.execute(
            f"SELECT id FROM customers WHERE reference_id = ? {collation} AND id IS NOT ?"
            + (" AND status = 'active'" if active_only else ""),
            (reference_id, other_than),
        ).fetchone()
        return str(row["id"]) if row else None

    def page(self, query: ListQuery) -> tuple[list[Record], int]:
        """The customers of one page, without their children, and how many there are on all pages."""
        source, where, values = _conditions(query)
        direction = "DESC" if query.descending else "ASC"
        total = self._connection.execute(
            f"SELECT count(*) FROM {source} {where}", values
        ).fetchone()
        rows = self._connection.execute(
            f"SELECT * FROM {source} {where} "
            f"ORDER BY {query.sort_by} {direction}, number {direction} LIMIT ? OFFSET ?",
            (*values, query.limit, query.offset),
        )
        return [_unpacked(row, CUSTOMER_COLUMNS) for row in rows], int(total[0])

    def latest_stamp(self) -> str:
        """The newest `updated_at`; "" where there is no customer."""
        row = self._connection.execute("SELECT max(updated_at) FROM customers").fetchone()
        return str(row[0] or "")

    # --- addresses and contacts -----------------------------------------------------------------

    def children(self, kind: str, customer_ids: Sequence[str]) -> dict[str, list[Record]]:
        """Customer id to its addresses or contacts, in the order in which they were added."""
        found: dict[str, list[Record]] = {identifier: [] for identifier in customer_ids}
        rows = self._connection.execute(
            f"SELECT * FROM {kind} WHERE customer_id IN ({_marks(customer_ids)}) ORDER BY number",
            tuple(customer_ids),
        )
        for row in rows:
            found[row["customer_id"]].append(_unpacked(row, CHILD_COLUMNS[kind]))
        return found

    def insert_children(self, kind: str, children: Iterable[Record]) -> None:
        """Add addresses or contacts, each with all its columns."""
        columns = CHILD_COLUMNS[kind]
        self._connection.executemany(
            _insert(kind, columns), (_packed(child, columns) for child in children)
        )

    def update_child(self, kind: str, identifier: str, values: Record) -> None:
        """Change columns of an address or contact."""
        self._connection.execute(
            f"UPDATE {kind} SET {', '.join(f'{name} = ?' for name in values)} WHERE id = ?",
            (*_packed(values, tuple(values)), identifier),
        )

    def delete_child(self, kind: str, identifier: str) -> None:
        """Remove an address or contact."""
        self._connection.execute(f"DELETE FROM {kind} WHERE id = ?", (identifier,))

    # --- look-up lists --------------------------------------------------------------------------

    def lookup(self, name: str) -> list[Record] | None:
        """A look-up list; None: it was never set."""
        self._connection.execute(_LOOKUPS_SQL)
        cursor = self._connection.execute("SELECT records FROM lookups WHERE name = ?", (name,))
        row = cursor.fetchone()
        return list(json.loads(row["records"])) if row else None

    def set_lookup(self, name: str, records: Sequence[Record]) -> None:
        """Replace a look-up list."""
        self._connection.execute(_LOOKUPS_SQL)
        self._connection.execute(
            "INSERT OR REPLACE INTO lookups VALUES (?, ?)",
            (name, json.dumps(records, ensure_ascii=False)),
        )


def _conditions(query: ListQuery) -> tuple[str, str, tuple[Any, ...]]:
    """The table, the WHERE and its values."""
    source, conditions = "customers", ["1"]
    values: list[Any] = []
    if query.as_of is not None:
        columns = f"number, {_CUSTOMER_COLUMNS_SQL}, written_at"
        source = (
            f"(SELECT {columns}, 1e99 AS shown_until FROM customers "
            f"UNION ALL SELECT {columns}, shown_until FROM past_customers)"
        )
        conditions.append("written_at <= ? AND shown_until > ?")
        values += [query.as_of, query.as_of]
    if query.status is not None:
        conditions.append("status = ?")
        values.append(query.status)
    if query.reference_ids is not None:
        collation = "COLLATE NOCASE" if query.fold_case else ""
        conditions.append(f"reference_id {collation} IN ({_marks(query.reference_ids)})")
        values += query.reference_ids
    for column, operator, stamp in query.times:
        conditions.append(f"{column} {operator} ?")
        values.append(stamp)
    return source, f"WHERE {' AND '.join(conditions)}", tuple(values)


def _insert(table: str, columns: Sequence[str]) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({_marks(columns)})"


def _marks(values: Sequence[Any]) -> str:
    return ", ".join("?" * len(values))


def _packed(record: Record, columns: Sequence[str]) -> tuple[Any, ...]:
    return tuple(
        json.dumps(record[name], ensure_ascii=False) if name in _JSON_COLUMNS else record[name]
        for name in columns
    )


def _unpacked(row: sqlite3.Row, columns: Sequence[str]) -> Record:
    record = {name: row[name] for name in columns}
    for name in _JSON_COLUMNS & record.keys():
        record[name] = json.loads(record[name])
    if "is_default" in record:
        record["is_default"] = bool(record["is_default"])
    return record
