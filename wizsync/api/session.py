"""A transport and the dialect that its server speaks: what every resource asks through."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import TypeVar
from urllib.parse import quote

from pydantic import BaseModel

from wizsync.api.call import Call, Operation
from wizsync.api.dialects import Dialect, Rows, all_understood, opened, understood
from wizsync.api.failures import UnusableAnswer
from wizsync.api.models import Address, Attribute, Contact, Pagination, PriceList, SalesRep
from wizsync.api.paging import PAGE_SIZE_AT_MOST, Walk, page_query
from wizsync.api.transport import Transport
from wizsync.errors import NotTheApi, RequestRefused, UsageError

Model = TypeVar("Model", bound=BaseModel)
Answer = TypeVar("Answer")
Row = TypeVar("Row", Address, Contact, Attribute, PriceList, SalesRep)


class Session:
    """A transport, and the dialect once it is known.

    Args:
        transport: Sends.
        dialect: None to find out.
    """

    def __init__(self, transport: Transport, dialect: Dialect | None) -> None:
        self.transport = transport
        self.dialect = dialect
        self._detecting = asyncio.Lock()

    async def detect(self) -> Dialect:
        """The dialect; asks for one customer where it is not known yet.

        Raises:
            NotTheApi: The answer has the shape of neither dialect.
            ApiError: There is no answer.
        """
        async with self._detecting:
            if self.dialect is not None:
                return self.dialect
            call = Call("GET", "/customers", Operation.LIST, page_query(1, 1), harmless=True)
            self.dialect = await self._listed(call, _dialect)
            return self.dialect

    async def one(
        self,
        call: Call,
        model: type[Model],
        *,
        body: BaseModel | None = None,
        about: str | None = None,
        resend: bool = True,
        repeated: bool = False,
    ) -> Model:
        """Sends a call whose answer is one thing.

        Args:
            call: Without its body.
            model: What the answer is.
            body: What is sent with it, in the dialect's names.
            about: The id of what the answer must be about; None where it is not known yet.
            resend: See `Transport.ask`.
            repeated: See `Transport.ask`.
        """
        dialect = await self.detect()
        if body is not None:
            call = replace(call, body=dialect.written(body))

        def read(answer: object) -> Model:
            found = understood(dialect.one(answer), model)
            shown = getattr(found, "id", None)
            if about is not None and shown != about:
                raise UnusableAnswer(f"The answer is about {shown}, which was not asked for.")
            return found

        return await self.transport.ask(call, read, resend=resend, repeated=repeated)

    async def every(self, call: Call, model: type[Row]) -> AsyncIterator[Row]:
        """The rows of a side list, in whichever dialect it is, over all its pages, each once.

        Args:
            call: Without what names the page.
            model: What a row is.

        Raises:
            NotTheApi: The account has no such list.
            UnsoundRead: The pages do not end.
        """
        walk = Walk(PAGE_SIZE_AT_MOST, may_lack_pages=True)
        shown: set[str] = set()
        number, more = 1, True
        while more:
            query = call.query + page_query(number, PAGE_SIZE_AT_MOST)
            rows = await self._listed(replace(call, query=query), _rows)
            page = all_understood(rows, model)
            said = rows.pagination or Pagination()
            ids = [row.id for row in page]
            more = walk.more(ids, said.total_pages, said.total_records, said.next_page)
            for row in page:
                if row.id not in shown:
                    shown.add(row.id)
                    yield row
            number += 1

    async def _listed(self, call: Call, read: Callable[[object], Answer]) -> Answer:
        """The answer to a call for a list. Where one is missing that all accounts have, it is not the API."""
        try:
            return await self.transport.ask(call, read)
        except RequestRefused as error:
            what = call.path.removeprefix("/")
            if error.status not in {404, 405} or "/" in what:  # of one customer, who may be gone
                raise
            raise NotTheApi(
                f"There are no {what.replace('-', ' ')} at this address ({error.status}).",
                where=error.where,
                hint="Check the address of the API (its base URL usually ends in /v1).",
            ) from None


def path(*parts: str) -> str:
    """A path of parts, each quoted.

    Raises:
        UsageError: A part is no id, and the path would name something else.
    """
    for part in parts:
        # An empty part, or dots, would name something else.
        if part.strip() in {"", ".", ".."}:
            raise UsageError(f'"{part}" is not an id of a customer, address or contact.')
    try:
        return "".join(f"/{quote(part, safe='')}" for part in parts)
    except UnicodeEncodeError:
        raise UsageError("An id holds half a character, which cannot be sent.") from None


def _dialect(answer: object) -> Dialect:
    return opened(answer)[0]


def _rows(answer: object) -> Rows:
    return opened(answer)[1]
