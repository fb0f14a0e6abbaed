"""Reads the query of a list: what is asked for, and everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from starlette.datastructures import QueryParams

from wizsync.sandbox.account import STATUSES
from wizsync.sandbox.assumptions import Assumptions
from wizsync.sandbox.options import DialectName
from wizsync.sandbox.problems import invalid
from wizsync.sandbox.seed import stamp
from wizsync.sandbox.store import ListQuery

_DEFAULT_PAGE_SIZE = 20
_MAX_PAGE_SIZE = 100
_SHORT_PAGE_SIZE = 60
# The API's name of an order, and the stored column.
_SORT_BY = {
    "created_at": "created_at",
    "updated_at": "updated_at",
    "company_name": "name",
    "display_name": "display_name",
}
_TIMES = {
    "created_after": ("created_at", ">"),
    "created_before": ("created_at", "<"),
    "updated_after": ("updated_at", ">"),
    "updated_before": ("updated_at", "<"),
}

# The names of a query in each dialect; it passes over any other.
_NAMES: Mapping[DialectName, Mapping[str, str]] = {
    "snake": {
        name: name
        for name in (
            "page",
            "page_size",
            "sort_by",
            "sort",
            "status",
            "reference_ids",
            "created_after",
            "created_before",
            "updated_after",
            "updated_before",
        )
    },
    "camel": {
        "page": "page",
        "page_size": "page_size",
        "sort_by": "sortBy",
        "sort": "sort",
        "status": "status",
        "reference_ids": "referenceIds",
    },
}


class QueryReader:
    """Reads one query. Names that the dialect does not know are passed over, as URL servers do.

    Args:
        parameters: As they came.
        dialect: Whose names they are.
        assumptions: How statuses, several referenceIds and page sizes are taken.
    """

    def __init__(
        self, parameters: QueryParams, dialect: DialectName, assumptions: Assumptions
    ) -> None:
        self._parameters = parameters
        self._names: Mapping[str, str] = _NAMES[dialect]
        self._assumptions = assumptions
        self._details: list[tuple[str, str]] = []

    def paging(self) -> tuple[int, int]:
        """The page, from 1, and the page size.

        Raises:
            Problem: 422.
        """
        paging = self._paging()
        self._refuse_if_wrong()
        return paging

    def customers(self) -> tuple[ListQuery, int, int]:
        """Which customers are asked for, the page, from 1, and the page size.

        Raises:
            Problem: 422, with every value that is wrong.
        """
        number, size = self._paging()
        query = ListQuery(
            status=self._status(),
            reference_ids=self._reference_ids(),
            times=self._times(),
            sort_by=_SORT_BY[self._one_of("sort_by", tuple(_SORT_BY), "updated_at")],
            descending=self._one_of("sort", ("asc", "desc"), "desc") == "desc",
            limit=size,
            offset=(number - 1) * size,
        )
        self._refuse_if_wrong()
        return query, number, size

    def _paging(self) -> tuple[int, int]:
        number = self._whole_number("page", 1, 1_000_000)
        size = self._whole_number("page_size", _DEFAULT_PAGE_SIZE, _MAX_PAGE_SIZE)
        if self._assumptions.short_pages == "yes":
            size = min(size, _SHORT_PAGE_SIZE)
        return number, size

    def _status(self) -> str:
        statuses = STATUSES[self._assumptions.statuses]
        if self._assumptions.unknown_status == "empty":
            return self._get("status") or "active"
        return self._one_of("status", statuses, "active")

    def _reference_ids(self) -> tuple[str, ...] | None:
        values = self._parameters.getlist(self._names["reference_ids"])
        match self._assumptions.reference_ids:
            case "everybody":
                return None
            case "nobody":
                return () if values else None
            case "comma":
                asked = values[0].split(",") if values else []
            case "repeated":
                asked = values
            case _:
                asked = [each for value in values for each in value.split(",")]
        return tuple(filter(None, (each.strip() for each in asked))) or None

    def _times(self) -> tuple[tuple[str, str, str], ...]:
        limits = []
        for name, (column, operator) in _TIMES.items():
            text = self._get(name)
            if text is None:
                continue
            try:
                moment = datetime.fromisoformat(text)
                # A time without a zone is taken as UTC.
                limit = stamp(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
            except (
                ValueError,
                OverflowError,
            ):  # the latter of a time that UTC puts beyond its years
                self._refuse(name, "must be an ISO 8601 time")
                continue
            limits.append((column, operator, limit))
        return tuple(limits)

    def _one_of(self, name: str, values: tuple[str, ...], default: str) -> str:
        value = self._get(name) or default
        if value in values:
            return value
        self._refuse(name, f"must be one of: {', '.join(values)}")
        return default

    def _whole_number(self, name: str, default: int, largest: int) -> int:
        text = self._get(name)
        if text is None:
            return default
        if text.isascii() and text.isdigit() and 1 <= int(text[:18]) <= largest:
            return int(text)
        self._refuse(name, f"must be a whole number from 1 to {largest}")
        return default

    def _get(self, name: str) -> str | None:
        """A single parameter by its snake name; None where the dialect does not know it."""
        values = self._parameters.getlist(self._names.get(name, ""))
        return values[0] if values else None

    def _refuse(self, name: str, reason: str) -> None:
        self._details.append((self._names[name], reason))

    def _refuse_if_wrong(self) -> None:
        if self._details:
            raise invalid(self._details)
