"""The client: one account of one WizCommerce API."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from types import TracebackType
from typing import Self

from wizsync.access import checked_base_url, checked_key, origin
from wizsync.api.call import Call, Limits, Operation
from wizsync.api.customers import Customers
from wizsync.api.dialects import Dialect, dialect_named, understood
from wizsync.api.models import Attribute, PriceList, SalesRep, Token, TokenRequest
from wizsync.api.session import Session
from wizsync.api.transport import Transport
from wizsync.errors import KeyRefused, NotTheApi, UsageError
from wizsync.model import AUTO, Rate, Requests, Timing

ENTITIES = ("customer", "address", "contact")


class WizCommerce:
    """A client of the WizCommerce API, for the account that a key belongs to.

    Use it as an asynchronous context manager, from one event loop. What its methods raise:

    - `UsageError`: the call itself is wrong; nothing was sent.
    - `Unreachable`: the request certainly never left.
    - `KeyRefused`, `RequestRefused`, `Throttled`: the server certainly did not do it.
    - `NotTheApi`: the answer is not one of a WizCommerce API; nothing was written.
    - `OutcomeUnknown`: a write may or may not have been done. Look it up before sending it again.
    - `GaveUp`: a read failed too often, too many requests had to be repeated, the server was out of
      order for too long, or it asks for a pause of more than 15 minutes; nothing was written.

    Reads are sent again after every failure that may pass. Writes are sent again only where they
    certainly were not done: they never left, or were answered 429. At most a tenth of all requests (or
    20) are repeated, not counting those after a 429. After a `KeyRefused`, a pause of more than 15
    minutes that the server asks for, or an outage, the client sends nothing more.

    Args:
        base_url: Like `https://api.wizcommerce.com/v1`; plain http is for this machine alone.
        key: The API key. It is sent to that server alone, and shown nowhere.
        dialect: `camel`, `snake`, or `auto` to find out from the first answer.
        rate: Requests a second, evenly spaced; at most 8 are in flight. Unless it is said, the client
            begins with 5 and finds out how many the account takes.
        attempts: How often one request may fail before its failure is raised.
        timing: How long is waited for the server.
        on_wait: Told why and for how many seconds, at waits of a second and more.

    Raises:
        UsageError: An argument cannot be used.
    """

    def __init__(
        self,
        base_url: str,
        key: str,
        *,
        dialect: str = "auto",
        rate: Rate = AUTO,
        attempts: int = 5,
        timing: Timing | None = None,
        on_wait: Callable[[str, float], None] | None = None,
    ) -> None:
        self._transport = Transport(
            checked_base_url(base_url),
            checked_key(key),
            limits=Limits(rate, attempts, timing or Timing()),
            on_wait=on_wait,
        )
        self._session = Session(self._transport, dialect_named(dialect))
        self.customers = Customers(self._session)

    def __repr__(self) -> str:
        return f"<WizCommerce {self._transport.base_url}>"

    async def __aenter__(self) -> Self:
        await self._transport.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._transport.__aexit__(kind, error, trace)

    @property
    def dialect(self) -> Dialect | None:
        """The dialect the server speaks; None until that is known."""
        return self._session.dialect

    @property
    def requests(self) -> Requests:
        """How many requests were sent so far, by operation, repeated ones included."""
        return self._transport.requests

    @property
    def rate(self) -> float:
        """Requests that may leave in a second, as of now: what is left to do can be reckoned with it."""
        return self._transport.rate

    @property
    def limit(self) -> float | None:
        """Requests a second at which the account was last met refusing more, by a client that finds it out.

        None where it has not been. `AutoRate(limit)` lets another client begin with it.
        """
        return self._transport.limit

    async def detect(self) -> Dialect:
        """The dialect the server speaks; one list request where that is not known yet."""
        return await self._session.detect()

    def price_lists(self) -> AsyncIterator[PriceList]:
        """All price lists of the account."""
        return self._session.every(_side_list("/price-lists"), PriceList)

    def sales_reps(self, *, email: str | None = None) -> AsyncIterator[SalesRep]:
        """The sales reps of the account.

        Args:
            email: Only the one with this address.
        """
        query = () if email is None else (("email", email),)
        return self._session.every(_side_list("/sales-reps", *query), SalesRep)

    def attributes(self, entity: str) -> AsyncIterator[Attribute]:
        """The definitions of attributes.

        Args:
            entity: Of what: `customer`, `address` or `contact`.
        """
        if entity not in ENTITIES:
            raise UsageError(
                f'There are no attributes of "{entity}".', hint=f"Use one of {', '.join(ENTITIES)}."
            )
        return self._session.every(_side_list("/attributes", ("entity", entity)), Attribute)


async def token(
    base_url: str,
    email: str,
    password: str,
    *,
    timeout: float = 30.0,  # noqa: ASYNC109 - of each step of the request
) -> Token:
    """Asks for an API key: the `access_token` of the answer, valid for a year.

    Args:
        base_url: The API's; of it only scheme and host are used (`…/auth/token` has no `/v1`).
        email: Of the user the key is for.
        password: Sent to that host alone, and shown nowhere.
        timeout: Seconds for each of connecting, sending, and waiting for the answer.

    Raises:
        KeyRefused: E-mail or password are wrong.
        ApiError: As of `WizCommerce`.
        UsageError: The address cannot be used.
    """
    transport = Transport(
        origin(checked_base_url(base_url)),
        None,
        secrets=(password,),
        limits=Limits(timing=Timing(timeout=timeout)),
    )
    body = TokenRequest(email=email, password=password).model_dump()
    # A second token does no harm: the first one is forgotten, and expires.
    call = Call("POST", "/auth/token", Operation.OTHER, body=body, harmless=True)
    async with transport:
        try:
            return await transport.ask(call, _token)
        except KeyRefused as error:
            raise KeyRefused(
                "The server refused this e-mail and password.",
                where=error.where,
                hint="Check both by signing in to WizCommerce in a browser.",
            ) from None


def _token(answer: object) -> Token:
    """A token, bare or under `data`, as dialects differ."""
    content = answer.get("data", answer) if isinstance(answer, dict) else answer
    if not isinstance(content, dict):
        raise NotTheApi("The answer to a sign-in is no token.")
    return understood(content, Token)


def _side_list(at: str, *query: tuple[str, str]) -> Call:
    return Call("GET", at, Operation.OTHER, query, harmless=True)
