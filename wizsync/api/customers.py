"""The customers resource."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypedDict, Unpack

from wizsync.api.call import Call, Operation
from wizsync.api.children import Children
from wizsync.api.dialects import Dialect, Rows, all_understood
from wizsync.api.models import (
    Address,
    AddressCreateRequest,
    AddressUpdateRequest,
    Contact,
    ContactCreateRequest,
    ContactUpdateRequest,
    CustomerCreateRequest,
    CustomerDetails,
    CustomerUpdateRequest,
    Pagination,
)
from wizsync.api.paging import PAGE_SIZE_AT_MOST, Walk, page_query
from wizsync.api.session import Session, path
from wizsync.errors import UsageError
from wizsync.model import ChildKind


class ListEncoding(StrEnum):
    """How several referenceIds are put into a query."""

    COMMA = "comma"
    REPEATED = "repeated"


class Filters(TypedDict, total=False):
    """What a list can be narrowed to, and its order.

    Keys:
        sort_by: `created_at`, `updated_at`, `company_name` or `display_name`.
        sort: `asc` or `desc`.
        status: Only customers of this status. Without it a live server shows active ones alone.
        reference_ids: Only these keys.
        reference_ids_as: How they are put into the query.
        created_after: ISO 8601 UTC, or a datetime that knows its time zone; so for all four. The
            camel dialect has none of them.
    """

    sort_by: str | None
    sort: str | None
    status: str | None
    reference_ids: Sequence[str] | None
    reference_ids_as: ListEncoding
    created_after: str | datetime | None
    created_before: str | datetime | None
    updated_after: str | datetime | None
    updated_before: str | datetime | None


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """One page of customers.

    Args:
        customers: In the server's order, with the fields that lists show (`model_fields_set` tells
            which); see `wizsync.api.written_fields`.
        number: From 1.
        page_size: Rows asked for, or what the server made of it. Fewer may come, on any page.
        total_records: Customers that fit the filters; None in the camel dialect.
        total_pages: None in the camel dialect.
        next_page: None or 0 where none follows, and in the camel dialect.
    """

    customers: tuple[CustomerDetails, ...]
    number: int
    page_size: int
    total_records: int | None
    total_pages: int | None
    next_page: int | None


class Customers:
    """The customers of the account.

    Errors are those of `WizCommerce`. Where `resend` is False nothing is sent twice: the first
    failure is raised, and the caller decides. Who then sends a write anew says so with `repeated`, so
    that it counts as a retry; but not where it was answered 429, or never sent. `looked_at` says when
    what a write rests on was looked at, a moment of `time.monotonic`: where its turn comes half a minute
    later, or after a pause, it is not sent, and is `TooLate`.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    async def list(
        self, *, page: int = 1, page_size: int = PAGE_SIZE_AT_MOST, **filters: Unpack[Filters]
    ) -> CustomerPage:
        """One page of customers.

        Args:
            page: From 1.
            page_size: 1 to 100.
            **filters: See `Filters`.

        Raises:
            UsageError: A filter is wrong, or the dialect does not have it.
        """
        dialect = await self._session.detect()
        if page < 1 or not 1 <= page_size <= PAGE_SIZE_AT_MOST:
            raise UsageError(f"There is no page {page} of {page_size} customers.")
        query = page_query(page, page_size) + _query(dialect, filters)
        call = Call("GET", "/customers", Operation.LIST, query, harmless=True)

        def read(answer: object) -> CustomerPage:
            rows: Rows = dialect.rows(answer)
            said = rows.pagination or Pagination()
            return CustomerPage(
                customers=all_understood(rows, CustomerDetails),
                number=page,
                page_size=said.page_size or page_size,
                total_records=said.total_records,
                total_pages=said.total_pages,
                next_page=said.next_page,
            )

        return await self._session.transport.ask(call, read)

    async def pages(
        self, *, page_size: int = PAGE_SIZE_AT_MOST, **filters: Unpack[Filters]
    ) -> AsyncIterator[CustomerPage]:
        """All pages, to the proven end.

        Customers who change while the pages are read may come twice or not at all, unless the order
        is one that changes leave alone (`sort_by="created_at", sort="asc"`).

        Args:
            page_size: 1 to 100.
            **filters: See `Filters`.

        Raises:
            UnsoundRead: The server repeats a page, or its pages do not end.
        """
        walk = Walk(page_size)
        number, more = 1, True
        while more:
            page = await self.list(page=number, page_size=page_size, **filters)
            ids = [customer.id for customer in page.customers]
            more = walk.more(ids, page.total_pages, page.total_records, page.next_page)
            # A page that only proves the end holds nothing for anybody.
            if more or walk.anything_new or number == 1:
                yield page
            number += 1

    async def get(self, customer_id: str) -> CustomerDetails:
        """One customer, all fields. An answer about another one is asked for again."""
        call = Call("GET", _at(customer_id), Operation.GET, harmless=True)
        return await self._session.one(call, CustomerDetails, about=customer_id)

    async def create(
        self,
        request: CustomerCreateRequest,
        *,
        resend: bool = True,
        repeated: bool = False,
        looked_at: float = math.inf,
    ) -> CustomerDetails:
        """Creates a customer. Sent again only if it never left, or after a 429."""
        call = Call("POST", "/customers", Operation.CREATE, looked_at=looked_at)
        return await self._session.one(
            call, CustomerDetails, body=request, resend=resend, repeated=repeated
        )

    async def update(
        self,
        customer_id: str,
        request: CustomerUpdateRequest,
        *,
        resend: bool = True,
        repeated: bool = False,
        looked_at: float = math.inf,
    ) -> CustomerDetails:
        """Changes the fields that were set in the request; the others stay."""
        call = Call("PATCH", _at(customer_id), Operation.UPDATE, looked_at=looked_at)
        return await self._session.one(
            call,
            CustomerDetails,
            body=request,
            about=customer_id,
            resend=resend,
            repeated=repeated,
        )

    async def delete(
        self,
        customer_id: str,
        *,
        resend: bool = True,
        repeated: bool = False,
        looked_at: float = math.inf,
    ) -> None:
        """Deletes a customer. One who does not exist is a RequestRefused of status 404."""
        call = Call(
            "DELETE", _at(customer_id), Operation.DELETE, answered=False, looked_at=looked_at
        )
        await self._session.transport.ask(call, _nothing, resend=resend, repeated=repeated)

    def addresses(
        self, customer_id: str
    ) -> Children[Address, AddressCreateRequest, AddressUpdateRequest]:
        """A customer's addresses."""
        return Children(self._session, f"{_at(customer_id)}/addresses", Address)

    def contacts(
        self, customer_id: str
    ) -> Children[Contact, ContactCreateRequest, ContactUpdateRequest]:
        """A customer's contacts."""
        return Children(self._session, f"{_at(customer_id)}/contacts", Contact)

    def children(self, kind: ChildKind, customer_id: str) -> Children[Any, Any, Any]:
        """A customer's children of a kind."""
        return (
            self.addresses(customer_id)
            if kind is ChildKind.ADDRESSES
            else self.contacts(customer_id)
        )


def _at(customer_id: str) -> str:
    return f"/customers{path(customer_id)}"


def _nothing(_: object) -> None:
    return None


def _query(dialect: Dialect, filters: Filters) -> tuple[tuple[str, str], ...]:
    """The filters as a query in a dialect's words.

    Raises:
        UsageError: The dialect lacks a filter, or its value is none.
    """
    if filters.get("sort") not in {None, "asc", "desc"}:
        raise UsageError(f"Customers cannot be sorted {filters['sort']}.", hint="Sort asc or desc.")
    as_one = filters.get("reference_ids_as", ListEncoding.COMMA) == ListEncoding.COMMA
    query = []
    for name, value in filters.items():
        if value is None or name == "reference_ids_as":
            continue
        word = dialect.query(name)
        if name == "sort_by":
            texts = [dialect.sorted_by(str(value))]
        elif name == "reference_ids":
            texts = _keys(filters["reference_ids"] or (), as_one=as_one)
        elif isinstance(value, datetime):
            texts = [_moment(value)]
        else:
            texts = [str(value)]
        query += [(word, text) for text in texts]
    return tuple(query)


def _keys(reference_ids: Sequence[str], *, as_one: bool) -> list[str]:
    """The values of the filter by keys: one with all keys in it, or one for each."""
    keys = list(reference_ids)
    # A filter without keys may be taken for no filter at all, and answer with everybody.
    if not all(keys) or not keys:
        raise UsageError("Customers cannot be looked up by an empty referenceId, or by none.")
    if not as_one:
        return keys
    with_comma = next((key for key in keys if "," in key), None)
    if with_comma is not None:
        raise UsageError(
            f'The referenceId "{with_comma}" holds a comma, which separates keys in a look-up.',
            hint="Read the account whole, or look up with ListEncoding.REPEATED.",
        )
    return [",".join(keys)]


def _moment(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise UsageError(f"The time {moment} has no time zone.", hint="Give it in UTC.")
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
