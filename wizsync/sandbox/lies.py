"""Lists that lie: a page of customers that is not the one that was asked for."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from wizsync.sandbox.account import Account
from wizsync.sandbox.faults import Strike
from wizsync.sandbox.records import Record
from wizsync.sandbox.store import ListQuery

Page = tuple[list[Record], int]
# A walk through the pages of one query: whose account, and the query without its page.
_Walk = tuple[str, ListQuery]


class Lies:
    """Pages as the faults make them; remembers by how many rows a walk's later pages have moved."""

    def __init__(self) -> None:
        self._moved: dict[_Walk, list[tuple[int, int]]] = {}

    def page(
        self, name: str, account: Account, strikes: Sequence[Strike], query: ListQuery
    ) -> Page:
        """One page of the account of that name, and the total."""
        walk = (name, replace(query, offset=0))
        number = query.offset // query.limit
        if number == 0:
            self._moved.pop(walk, None)
        struck = {strike.name for strike in strikes}
        for move, rows in (("page_lost", query.limit), ("rows_shifted", 1)):
            if move in struck:
                self._moved.setdefault(walk, []).append((number, rows))
        if "filter_ignored" in struck:
            query = replace(query, reference_ids=None)
        moved = [rows for start, rows in self._moved.get(walk, ()) if start <= number]
        back = query.limit if "page_repeated" in struck else 0
        page = account.page(replace(query, offset=query.offset + sum(moved) - back))
        # Rows that moved up by one look like a delete; a page that was lost is still counted.
        page = page[0], page[1] - moved.count(1)
        for strike in strikes:
            page = _told(page, strike)
        return page


def _told(page: Page, strike: Strike) -> Page:
    """What a lie makes of a page and its total."""
    rows, total = page
    match strike.name:
        case "page_short":
            rows = rows[: len(rows) * 3 // 4]
        case "page_empty":
            rows = []
        case "list_empty":
            rows, total = [], 0
        case "total_small":
            total //= 2
        case "total_large":
            total = total * 2 + 1
        case "total_changing":
            total = max(0, total + strike.draw.choice((-1, 1)) * strike.draw.randint(1, 5))
        case "customer_missing":
            gone = _named(rows, strike.fault.key) if strike.fault.key else _any(rows, strike.draw)
            rows, total = [row for row in rows if row["id"] not in gone], total - len(gone)
    return rows, total


def _named(rows: list[Record], key: str) -> set[str]:
    return {row["id"] for row in rows if row["reference_id"] == key}


def _any(rows: list[Record], draw: random.Random) -> set[str]:
    return {draw.choice(rows)["id"]} if rows else set()
