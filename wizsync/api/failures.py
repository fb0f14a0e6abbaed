"""What each failure means for the request: whether the server may have done it.

Two tables decide, one of exceptions and one of HTTP statuses; nothing else in this package does.
All foreign errors become those of `wizsync.errors` here.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus

import httpx
from pydantic import ValidationError

from wizsync.api.fields import written_name
from wizsync.api.models import ErrorAnswer
from wizsync.errors import (
    ApiError,
    KeyRefused,
    NotTheApi,
    OutcomeUnknown,
    RefusedField,
    RequestRefused,
    Throttled,
    Unreachable,
)

LONGEST_WORDS = 300
GOES_ON = "What is done is done: a run that was writing goes on with `wizsync resume`."
# They say where the request should go, and so that it was not done here. After another 3xx to a write it
# may have been done: 303 even says so.
_NOT_DONE_HERE = {
    HTTPStatus.MOVED_PERMANENTLY,
    HTTPStatus.TEMPORARY_REDIRECT,
    HTTPStatus.PERMANENT_REDIRECT,
}


class Fate(Enum):
    """What became of a request."""

    NEVER_LEFT = "certainly never left"
    REFUSED = "certainly refused"
    MAY_HAVE_BEEN_DONE = "may have been done"


@dataclass(frozen=True, slots=True)
class Failure:
    """What an exception means.

    Args:
        fate: What became of the request.
        words: What happened, for people. Never the exception's own text, which may quote what was
            sent.
    """

    fate: Fate
    words: str


_NEVER_LEFT, _MAY = Fate.NEVER_LEFT, Fate.MAY_HAVE_BEEN_DONE
_BROKE = Failure(_MAY, "The connection broke before the answer was complete")
_DEFECT = Failure(_MAY, "The request could not be followed to its end")

# Every class has a line of its own, the abstract ones for what a later httpx may derive from them.
FAILURES: Mapping[type[BaseException], Failure] = {
    httpx.ConnectError: Failure(_NEVER_LEFT, "No connection could be made"),
    httpx.ConnectTimeout: Failure(_NEVER_LEFT, "No connection was made in time"),
    httpx.PoolTimeout: Failure(_NEVER_LEFT, "No connection became free in time"),
    httpx.ProxyError: Failure(_NEVER_LEFT, "The proxy refused the connection"),
    httpx.UnsupportedProtocol: Failure(_NEVER_LEFT, "The address is not one of http or https"),
    httpx.InvalidURL: Failure(_NEVER_LEFT, "The address is not valid"),
    # httpx connects as part of sending, and reports only these about connecting. All others may
    # come after the request, or a part that is enough for a server, has left.
    httpx.ReadTimeout: Failure(_MAY, "No answer came in time"),
    httpx.WriteTimeout: Failure(_MAY, "The request could not be sent whole in time"),
    httpx.ReadError: _BROKE,
    httpx.WriteError: Failure(_MAY, "The connection broke while the request was sent"),
    httpx.CloseError: _BROKE,
    httpx.RemoteProtocolError: Failure(_MAY, "The connection was closed, or spoke no HTTP"),
    # h11 may find fault with a body after the headers have left.
    httpx.LocalProtocolError: Failure(_MAY, "The request could not be written as HTTP"),
    httpx.DecodingError: Failure(_MAY, "The answer's compression is damaged"),
    httpx.TooManyRedirects: Failure(Fate.REFUSED, "The server sent the request elsewhere"),
    httpx.HTTPStatusError: Failure(_MAY, "The server answered with an error"),
    httpx.TimeoutException: Failure(_MAY, "No answer came in time"),
    httpx.NetworkError: _BROKE,
    httpx.ProtocolError: _BROKE,
    httpx.TransportError: _BROKE,
    httpx.RequestError: _BROKE,
    httpx.HTTPError: _BROKE,
    httpx.CookieConflict: _DEFECT,
    httpx.StreamError: _DEFECT,
    httpx.StreamConsumed: _DEFECT,
    httpx.StreamClosed: _DEFECT,
    httpx.ResponseNotRead: _DEFECT,
    httpx.RequestNotRead: _DEFECT,
    # What the layers below httpx let through.
    TimeoutError: Failure(_MAY, "No whole answer came in time"),
    OSError: _BROKE,
    Exception: _DEFECT,
}

# Why no connection was made, where a cause below says more than httpx does.
_CAUSES: Mapping[type[BaseException], str] = {
    socket.gaierror: "There is no such host, or no network",
    ConnectionRefusedError: "Nothing answers at this address (connection refused)",
    ssl.SSLCertVerificationError: "The server's certificate is not trusted",
    ssl.SSLError: "The server does not speak TLS properly",
}


class TooLate(Unreachable):
    """The request was not sent, because what it rests on was looked at too long ago, or before a pause."""


class UnusableAnswer(OutcomeUnknown):
    """A 2xx whose body cannot be read: a read may be repeated, a write must be looked up."""


def failure_of(error: BaseException) -> Failure:
    """The line of the table for an exception: its own class's, else its nearest ancestor's."""
    for kind in type(error).__mro__:
        if kind in FAILURES:
            return FAILURES[kind]
    raise error


def fate_of(status: int) -> Fate | None:
    """What a status means; None where the request was done."""
    if 200 <= status < 300:
        return None
    refused = 400 <= status < 500 and status != HTTPStatus.REQUEST_TIMEOUT
    return Fate.REFUSED if refused or status in _NOT_DONE_HERE else Fate.MAY_HAVE_BEEN_DONE


def error_of_exception(error: BaseException, *, where: str) -> ApiError:
    """Our error for an exception that came instead of an answer.

    Args:
        error: Anything that sending a request may raise.
        where: Method and address.
    """
    failure = failure_of(error)
    match failure.fate:
        case Fate.NEVER_LEFT:
            words = next((_CAUSES[kind] for kind in _kinds_below(error) if kind in _CAUSES), None)
            return Unreachable(
                f"{words or failure.words}.",
                where=where,
                hint="Check the address and the network, and whether the service is up.",
            )
        case Fate.REFUSED:
            return _elsewhere(where)
        case Fate.MAY_HAVE_BEEN_DONE:
            unreadable = isinstance(error, httpx.DecodingError)
            kind = UnusableAnswer if unreadable else OutcomeUnknown
            return kind(f"{failure.words}.", where=where)


def error_of_status(
    status: int, body: bytes, *, where: str, doing: str, retry_after: float | None = None
) -> ApiError:
    """Our error for an answer that is not a 2xx.

    Args:
        status: The HTTP status.
        body: As far as it could be read.
        where: Method and address.
        doing: What was asked for, as in "may not …".
        retry_after: Seconds the server asked to wait, if it did.
    """
    said = refusal(body)
    words = said.message or f"The server answered {_named(status)} and said nothing more"
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        throttled = Throttled(f"Too many requests: {words}", retry_after=retry_after, where=where)
        throttled.hint = "Run with a lower --rate."
        return throttled
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return _key_refused(status, said.message, where=where, doing=doing)
    if status < 400:
        return _elsewhere(where) if 300 <= status != 304 else _out_of_place(status, where)
    if fate_of(status) is Fate.MAY_HAVE_BEEN_DONE:
        return OutcomeUnknown(f"The server failed ({_named(status)}): {words}", where=where)
    details = [RefusedField(written_name(each.field), each.reason) for each in said.details]
    return RequestRefused(words, status=status, code=said.code, details=details, where=where)


def refusal(body: bytes) -> ErrorAnswer:
    """The server's words in the body of a refusal: an object, plain text, or nothing."""
    try:
        answer = ErrorAnswer.model_validate_json(body)
    except ValidationError:
        text = body.decode(errors="replace")
        # A page made for browsers says nothing that a line of text could hold.
        answer = ErrorAnswer(message="" if text.lstrip()[:1] in {"<", "{", "["} else text)
    return answer.model_copy(update={"message": _shortened(answer.message)})


def _key_refused(status: int, said: str, *, where: str, doing: str) -> KeyRefused:
    if status == HTTPStatus.UNAUTHORIZED:
        what, check = "The key was refused", "that the key is whole and not expired"
    else:
        what, check = f"The key may not {doing}", "what the key is allowed to do"
    return KeyRefused(
        f"{what} ({_named(status)}){f': {said}' if said else '.'}",
        where=where,
        hint=f"Check {check}. Nothing more was sent. {GOES_ON}",
    )


def _out_of_place(status: int, where: str) -> NotTheApi:
    return NotTheApi(
        f"The server gives an answer that is none to such a request ({_named(status)}).",
        where=where,
        hint="Check the address of the API.",
    )


def _elsewhere(where: str) -> NotTheApi:
    return NotTheApi(
        "The server sends the request elsewhere (a redirect), which is not followed.",
        where=where,
        hint="Give the address that it leads to, if you trust it.",
    )


def _named(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_WORDS else f"{line[:LONGEST_WORDS]}…"


def _kinds_below(error: BaseException) -> Iterator[type[BaseException]]:
    """The classes, most special first, of an exception and of all that led to it."""
    below: list[BaseException] = [error]
    for each in below:
        yield from type(each).__mro__
        led_to_it = [each.__cause__ or each.__context__]
        if isinstance(each, BaseExceptionGroup):
            led_to_it += each.exceptions
        below += [one for one in led_to_it if one is not None and one not in below]
