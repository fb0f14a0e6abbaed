"""Lies that a server may tell of its list of customers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.push.between import Asked, Lie, Rule

# The page that a lie is about. Of each list there are more.
PAGE = 2

# What becomes of a list's query, by the names that both dialects share, and of its rows and totals.
Query = dict[str, str]
Rows = list[dict[str, Any]]
Told = Callable[[Query, Rows, dict[str, Any]], Rows]


def asked_for(asked: Asked) -> Query | None:
    """The query of a list of customers; None of anything else, and of a look-up by referenceIds."""
    parts = urlsplit(asked.target)
    query = dict(parse_qsl(parts.query))
    is_list = asked.method == "GET" and parts.path.endswith("/customers")
    return query if is_list and not {"referenceIds", "reference_ids"} & query.keys() else None


def lie(asks: Callable[[Query], Query] | None = None, told: Told | None = None) -> Rule:
    """A rule by which every list is asked for otherwise, or told otherwise, than it should be."""

    def rule(asked: Asked) -> Lie | None:
        query = asked_for(asked)
        if query is None:
            return None
        target = f"{urlsplit(asked.target).path}?{urlencode(asks(query))}" if asks else ""

        def tampered(answer: Any) -> Any:
            if isinstance(answer, list):
                return told(query, answer, {})  # type: ignore[misc]
            rows = told(query, answer["data"], answer["pagination"])  # type: ignore[misc]
            return {**answer, "data": rows}

        return Lie(target, tampered if told else None)

    return rule


def once(rule: Rule) -> Rule:
    """A lie that is told of one request only: the first that it would change."""
    left = [1]

    def first(asked: Asked) -> Any:
        query = asked_for(asked)
        concerned = query is not None and int(query["page"]) >= PAGE
        return rule(asked) if concerned and left and left.pop() else None

    return first


def _other_page(query: Query, by: int) -> Query:
    page = int(query["page"])
    return {**query, "page": str(page + by)} if page >= PAGE else query


def _of_the_page(change: Callable[[Rows], Rows]) -> Told:
    return lambda query, rows, _: change(rows) if int(query["page"]) == PAGE else rows


def _totals(change: Callable[[int, int], int]) -> Told:
    """Other totals; the pages stay as they are."""

    def told(query: Query, rows: Rows, pagination: dict[str, Any]) -> Rows:
        if pagination:
            total = max(0, change(pagination["total_records"], int(query["page"])))
            pages = -(-total // int(query["page_size"]))
            pagination |= {"total_records": total, "total_pages": pages}
        return rows

    return told


def _cut(query: Query, rows: Rows, pagination: dict[str, Any]) -> Rows:
    """Nothing beyond the page, and totals that agree with that."""
    most = PAGE * int(query["page_size"])
    if pagination and pagination["total_records"] > most:
        pagination |= {"total_records": most, "total_pages": PAGE, "next_page": 0}
    return rows if int(query["page"]) <= PAGE else []


LIES: dict[str, Rule] = {
    "a page is short": lie(told=_of_the_page(lambda rows: rows[:-20])),
    "a page lacks somebody": lie(told=_of_the_page(lambda rows: rows[:40] + rows[41:])),
    "a page is empty": lie(told=_of_the_page(lambda _: [])),
    "a page comes twice": lie(lambda query: _other_page(query, -1)),
    "a page is lost": lie(lambda query: _other_page(query, 1)),
    "the list is cut": lie(told=_cut),
    "the total is too small": lie(told=_totals(lambda total, _: total - 7)),
    "the total is too large": lie(told=_totals(lambda total, _: total + 7)),
    "the total changes": lie(told=_totals(lambda total, page: total - 7 * (page % 2))),
    "the total is a page too small": lie(told=_totals(lambda total, _: total - 100)),
    "the status is ignored": lie(lambda query: {**query, "status": "active"}),
    "the order is ignored": lie(lambda query: {**query, "sort": "asc"}),
}
