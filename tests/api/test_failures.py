"""The tables of failures: complete, and ours alone at the border."""

import socket
import ssl

import httpx
import pytest

from wizsync.api.failures import (
    FAILURES,
    Fate,
    UnusableAnswer,
    error_of_exception,
    error_of_status,
    failure_of,
    fate_of,
    refusal,
)
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

WHERE = "GET https://api/v1/customers"
NEVER_LEFT = {
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
}


def httpx_exceptions() -> list[type[Exception]]:
    """Every exception class that httpx has, public or derived from one that is."""
    found = [
        kind
        for kind in vars(httpx).values()
        if isinstance(kind, type) and issubclass(kind, Exception)
    ]
    for kind in found:
        found += [below for below in kind.__subclasses__() if below not in found]
    return [kind for kind in found if kind.__module__.startswith("httpx")]


def made(kind: type[Exception]) -> Exception:
    """One of a class, whatever it is made with."""
    error = kind.__new__(kind)
    Exception.__init__(error, "X-API-Key: sk-secret")
    return error


def test_httpx_has_the_classes_that_it_had():
    assert len(httpx_exceptions()) == 28


@pytest.mark.parametrize("kind", httpx_exceptions(), ids=lambda kind: kind.__name__)
def test_every_class_of_httpx_has_a_line_and_becomes_one_of_our_errors(kind):
    assert kind in FAILURES
    error = error_of_exception(made(kind), where=WHERE)
    fate = FAILURES[kind].fate
    assert (fate is Fate.NEVER_LEFT) == (kind in NEVER_LEFT)
    assert (fate is Fate.REFUSED) == (kind is httpx.TooManyRedirects)
    expected = {
        Fate.NEVER_LEFT: Unreachable,
        Fate.REFUSED: NotTheApi,
        Fate.MAY_HAVE_BEEN_DONE: OutcomeUnknown,
    }
    assert isinstance(error, expected[fate])
    assert isinstance(error, UnusableAnswer) == (kind is httpx.DecodingError)
    assert error.where == WHERE
    assert "sk-secret" not in f"{error} {error.hint} {error.where}"


def test_a_class_that_is_not_in_the_table_may_have_been_done():
    class Newer(httpx.NetworkError):
        pass

    assert failure_of(Newer("x")) is FAILURES[httpx.NetworkError]
    for error in (KeyError("x"), ssl.SSLError("x"), TimeoutError(), RuntimeError()):
        assert failure_of(error).fate is Fate.MAY_HAVE_BEEN_DONE


def test_what_is_no_failure_is_passed_on():
    with pytest.raises(KeyboardInterrupt):
        failure_of(KeyboardInterrupt())


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        (socket.gaierror(-2, "x"), "no such host"),
        (ConnectionRefusedError(111, "x"), "connection refused"),
        (ssl.SSLCertVerificationError("x"), "certificate is not trusted"),
        (
            ExceptionGroup("x", [OSError("y"), ConnectionRefusedError(111, "x")]),
            "connection refused",
        ),
    ],
)
def test_the_cause_below_says_why_no_connection_was_made(cause, words):
    error = httpx.ConnectError("All connection attempts failed")
    error.__cause__ = OSError("x")
    error.__cause__.__cause__ = cause
    assert words in str(error_of_exception(error, where=WHERE))


def test_what_each_status_means():
    fates = {status: fate_of(status) for status in range(100, 600)}
    assert {status for status, fate in fates.items() if fate is None} == set(range(200, 300))
    undecided = {status for status, fate in fates.items() if fate is Fate.MAY_HAVE_BEEN_DONE}
    elsewhere = {301, 307, 308}
    assert undecided == {408, *range(100, 200), *range(300, 400), *range(500, 600)} - elsewhere
    assert {fate for fate in fates.values() if fate} == {Fate.REFUSED, Fate.MAY_HAVE_BEEN_DONE}


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (101, NotTheApi),
        (301, NotTheApi),
        (304, NotTheApi),
        (307, NotTheApi),
        (400, RequestRefused),
        (401, KeyRefused),
        (403, KeyRefused),
        (404, RequestRefused),
        (408, OutcomeUnknown),
        (409, RequestRefused),
        (422, RequestRefused),
        (429, Throttled),
        (500, OutcomeUnknown),
        (503, OutcomeUnknown),
        (599, OutcomeUnknown),
    ],
)
def test_which_error_a_status_becomes(status, kind):
    error = error_of_status(status, b"", where=WHERE, doing="list customers")
    assert type(error) is kind
    assert error.where == WHERE
    assert str(status) in str(error) or kind in (NotTheApi, Throttled)


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (401, b"expired", "The key was refused (401 Unauthorized): expired"),
        (401, b"", "The key was refused (401 Unauthorized)."),
        (403, b"", "The key may not list customers (403 Forbidden)."),
    ],
)
def test_a_refused_key_says_which_and_what_for(status, body, message):
    error = error_of_status(status, body, where=WHERE, doing="list customers")
    assert error.message == message
    assert error.where == WHERE
    assert "wizsync resume" in error.hint


def test_a_refusal_carries_the_servers_words_by_our_names():
    body = b"""{"code": "invalid", "message": "2 fields", "details": [
        {"field": "addresses[0].zip_code", "reason": "is too long"},
        {"field": "company_name", "reason": "is required"}]}"""
    error = error_of_status(422, body, where=WHERE, doing="list customers")
    assert isinstance(error, RequestRefused)
    assert (error.status, error.code, error.message) == (422, "invalid", "2 fields")
    assert error.details == (
        RefusedField("addresses[0].zipCode", "is too long"),
        RefusedField("companyName", "is required"),
    )


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", ""),
        (b"out of order", "out of order"),
        (b"  two\n lines ", "two lines"),
        (b"<html><body>no</body></html>", ""),
        (b'{"message": null, "code": 4, "details": {"x": 1}}', ""),
        (b'{"message": "so", "details": ["x"]}', "so"),
        (b'{"message": "so", "details": [{"field": null, "reason": 3}]}', "so"),
        (b"[1, 2]", ""),
        (b"\xff\xfe words", "�� words"),
        (b"x" * 1000, "x" * 300 + "…"),
    ],
)
def test_whatever_a_refusal_looks_like_it_is_read(body, message):
    assert refusal(body).message == message


def test_all_our_errors_of_the_border_are_api_errors():
    assert all(
        isinstance(error_of_exception(made(kind), where=WHERE), ApiError)
        for kind in httpx_exceptions()
    )
