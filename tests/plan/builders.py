"""Builders with defaults: what a test does not say is the plainest thing that works."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from wizsync.model import (
    CHILD_FIELDS,
    Account,
    ChildKind,
    Children,
    Desired,
    Mode,
    Plan,
    Reject,
    Rules,
    Snapshot,
    Source,
    SourceRow,
    Table,
)
from wizsync.plan import Context, make_plan

ACCOUNT = Account(
    url="https://api.example.com/v1", salt="5a17", fingerprint="f1n9e4" * 4, target="shop"
)
NAMES = {"companyName": "Acme", "displayName": "Acme"}

Row = Mapping[str, str | None]


def frame(rows: Sequence[Row], columns: Iterable[str]) -> pd.DataFrame:
    """Text cells; a cell that a row does not name is missing."""
    return pd.DataFrame(
        {name: pd.Series([row.get(name) for row in rows], dtype="str") for name in columns},
        index=range(len(rows)),
    )


def names_of(rows: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row))


def row(number: int, *cells: str) -> SourceRow:
    return SourceRow(number, number, cells)


def reject(key: str | None = None, number: int = 2) -> Reject:
    return Reject("bad_phone", '"Phone" is not a phone number', "Mend it.", (row(number),), key=key)


def table(keys: Sequence[str], broken: tuple[Reject, ...] = ()) -> Table:
    """A sheet with the keys alone, from row 2 on."""
    numbers = np.arange(2, len(keys) + 2, dtype=np.int64)
    return Table(
        source=Source("customers.csv", "d1635", "utf-8", ","),
        columns=("Cust No",),
        cells=pd.DataFrame({"Cust No": pd.Series(keys, dtype="str")}),
        numbers=numbers,
        lines=numbers,
        broken=broken,
        header=row(1, "Cust No"),
    )


def desired(
    *rows: Row,
    action: str = Mode.UPSERT,
    actions: Sequence[str] | None = None,
    defaults: Mapping[str, str] | None = None,
    **others: Any,
) -> Desired:
    """The file's customers: `desired({"referenceId": "C-1", "phone": "1"}, …)`.

    A field that a row does not name is kept; each row is one of the table, from row 2 on.
    """
    keys = [str(one["referenceId"]) for one in rows]
    names = [name for name in names_of(rows) if name != "referenceId"]
    values = {
        "table": table(keys),
        "keys": pd.Series(keys, dtype="str"),
        "actions": pd.Series(actions or [str(action)] * len(rows), dtype="str"),
        "customers": frame(rows, names),
        "defaults": frame([defaults or {}] * len(rows), defaults or {}),
        "positions": np.arange(len(rows), dtype=np.int64),
        "merged": {},
        "present": frozenset(keys),
        "rejects": (),
        "left_out": 0,
        "keys_unread": 0,
    }
    return Desired(**{**values, **others})


def snapshot(*rows: Row, complete: bool = True, **others: Any) -> Snapshot:
    """The account's customers: `snapshot({"referenceId": "C-1", "phone": "1"}, …)`.

    Ids count from `id-0`; everybody is active; a field that no row names was not read.
    """
    filled = [
        {
            "id": f"id-{number}",
            "referenceId": "",
            "status": "active",
            "updatedAt": "2026-01-01T00:00:00Z",
            **one,
        }
        for number, one in enumerate(rows)
    ]
    columns = names_of(filled) or ["id", "referenceId", "status", "updatedAt"]
    values = {"total": len(rows) if complete else None, **others}
    return Snapshot(frame(filled, columns), complete, **values)


def planned(wanted: Desired, account: Snapshot, rules: Rules | None = None, **others: Any) -> Plan:
    """The plan of a comparison, stamped with whatever."""
    return make_plan(
        wanted,
        account,
        rules or Rules(),
        Context(ACCOUNT, "camel", "2026-03-04T02:00:00Z", **others),
    )


def children(
    kind: ChildKind,
    *rows: Row,
    of: Desired,
    removes: bool = False,
    defaults: Mapping[str, str] | None = None,
    without: tuple[str, ...] = (),
) -> Desired:
    """The file with addresses or contacts: `children(ADDRESSES, {"of": "C-1", "city": "Austin"}, of=…)`.

    `of` in a row is the key of its customer; each row is one of the sheet "Children", from row 2 on.
    """
    owners = [of.keys.tolist().index(one["of"]) for one in rows]
    fields = [{name: text for name, text in one.items() if name != "of"} for one in rows]
    named = np.isin(np.arange(len(of)), owners)
    added = Children(
        fields=frame(fields, names_of(fields)),
        defaults=frame([defaults or {}] * len(rows), defaults or {}),
        customers=np.array(owners, dtype=np.int64),
        blocks=np.zeros(len(rows), dtype=np.int64),
        rows=[
            (SourceRow(number, number, tuple(one.values()), "Children"),)
            for number, one in enumerate(fields, start=2)
        ],
        removes=named if removes else np.zeros(len(of), dtype=bool),
        without=without,
    )
    return replace(of, children={**of.children, kind: added})


def with_children(account: Snapshot, kind: ChildKind, *rows: Row) -> Snapshot:
    """The account with the children of everybody: `of` is the referenceId, ids count from `child-0`."""
    ids = dict(zip(account.customers["referenceId"], account.customers["id"], strict=True))
    filled = [
        {
            "id": f"child-{number}",
            "status": "active",
            **dict.fromkeys(CHILD_FIELDS[kind], ""),
            **{name: text for name, text in one.items() if name != "of"},
            "customer": ids[one["of"]],
        }
        for number, one in enumerate(rows)
    ]
    customers = account.customers.assign(**{kind.value: pd.Series([""] * len(ids), dtype="str")})
    columns = names_of(filled) or ["customer", "id", "status", *CHILD_FIELDS[kind]]
    frames = {**account.children, kind: frame(filled, columns)}
    return replace(account, customers=customers, children=frames)
