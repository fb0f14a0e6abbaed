"""What the client makes of real sockets that fail, and what a server has then been asked."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import socket
import ssl
import traceback
import tracemalloc
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from tests.api.asking import (
    BIG,
    DELETE,
    FAST,
    GOOD,
    IMPATIENT,
    READ,
    WRITE,
    as_is,
    asked_of,
    assert_hidden,
    limits,
    transport,
)
from tests.api.servers import (
    KEY,
    answer,
    hangs,
    listening,
    read_request,
    reset,
    resets,
    says,
    scripted,
    writes,
    writes_and_closes,
)
from wizsync.api import (
    AttributeValue,
    CustomerCreateRequest,
    WizCommerce,
    create_request,
)
from wizsync.api.call import Call, Operation
from wizsync.api.exchange import LARGEST_ANSWER
from wizsync.api.pacer import IN_FLIGHT_AT_MOST
from wizsync.api.transport import Transport
from wizsync.errors import (
    ApiError,
    GaveUp,
    KeyRefused,
    NotTheApi,
    OutcomeUnknown,
    RequestRefused,
    Unreachable,
    UsageError,
)

pytestmark = pytest.mark.anyio


UNDECIDED = {
    "reset after the request was read": resets(),
    "closed after the request was read": writes_and_closes(b""),
    "reset within the headers": resets(b"HTTP/1.1 200 OK\r\nContent-"),
    "garbage": writes_and_closes(b"\x00\x01\x02 hello\r\n\r\n"),
    "another protocol": writes_and_closes(b"SSH-2.0-OpenSSH_9\r\n"),
    "headers without end": writes_and_closes(b"HTTP/1.1 200 OK\r\nA: " + b"b" * 200_000),
    "headers without number": writes_and_closes(
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"H%d: x\r\n" % number for number in range(100_000))
    ),
    "HTTP/0.9": writes_and_closes(b"<html>hello</html>"),
    "101": writes_and_closes(b"HTTP/1.1 101 Switching Protocols\r\n\r\n"),
    "cut body": writes_and_closes(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n[{"),
    "reset body": resets(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n[{"),
    "cut chunk": writes_and_closes(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n[1,"
    ),
    "500": says(500, {"message": "broken"}),
    "502 as a page": says(502, b"<html>bad gateway</html>"),
    "503": says(503),
    "504": says(504),
    "408": says(408),
    "599": says(599),
}


@pytest.mark.parametrize("trouble", UNDECIDED.values(), ids=UNDECIDED.keys())
class TestWhatMayHaveBeenDone:
    async def test_a_read_is_sent_again(self, trouble):
        outcome, script = await asked_of([trouble, trouble, GOOD], READ)
        assert outcome == {"id": "c1"}
        assert len(script.asked) == 3

    async def test_a_read_gives_up_after_its_attempts(self, trouble):
        outcome, script = await asked_of([trouble], READ)
        assert type(outcome) is GaveUp
        assert "tried 3 times" in str(outcome)
        assert outcome.where == f"GET {script.url}/customers/c1"
        assert len(script.asked) == 3

    @pytest.mark.parametrize("resend", [True, False])
    async def test_a_write_is_sent_once(self, trouble, resend):
        outcome, script = await asked_of([trouble, GOOD], WRITE, resend=resend)
        assert isinstance(outcome, OutcomeUnknown)
        assert outcome.where == f"POST {script.url}/customers"
        assert "Look up" in outcome.hint
        assert len(script.asked) == 1


UNUSABLE = {
    "a page": says(200, b"<html>Welcome</html>", Content_Type="text/html"),
    "half of a JSON": says(200, b'{"id": "c1"'),
    "nothing": says(200, b""),
    "a page that begins as JSON": says(200, b'{"id": "c1"} <html>'),
    "no text": says(200, b"\xff\xfe\x00"),
    "too deep": says(200, b"[" * 100_000),
    "broken gzip": says(200, b"no gzip at all", Content_Encoding="gzip"),
}


@pytest.mark.parametrize("body", UNUSABLE.values(), ids=UNUSABLE.keys())
class TestUnusableBodies:
    async def test_a_read_is_sent_again(self, body):
        outcome, _ = await asked_of([body, GOOD], READ)
        assert outcome == {"id": "c1"}

    async def test_a_read_ends_as_not_the_api(self, body):
        outcome, script = await asked_of([body], READ)
        assert type(outcome) is NotTheApi
        assert len(script.asked) == 3

    async def test_a_writes_outcome_is_unknown(self, body):
        outcome, script = await asked_of([body, GOOD], WRITE)
        assert isinstance(outcome, OutcomeUnknown)
        assert len(script.asked) == 1

    async def test_a_delete_needs_no_body(self, body):
        outcome, script = await asked_of([body], DELETE)
        assert outcome is None
        assert len(script.asked) == 1


def bomb(zeros: int) -> bytes:
    return gzip.compress(bytes(zeros), 9)


BOMBS = {
    "gzip": says(200, bomb(80 * 1024**2), Content_Encoding="gzip"),
    "gzip in gzip": says(200, gzip.compress(bomb(10**6)), Content_Encoding="gzip, gzip"),
    "not asked for": says(200, b"x", Content_Encoding="br"),
}


@pytest.mark.parametrize("bombed", BOMBS.values(), ids=BOMBS.keys())
async def test_what_unpacks_to_too_much_is_left_packed(bombed):
    outcome, script = await asked_of([bombed], READ)
    assert type(outcome) is NotTheApi
    assert len(script.asked) == 1
    outcome, _ = await asked_of([bombed], WRITE)
    assert isinstance(outcome, OutcomeUnknown)


async def test_eight_bombs_at_once_take_bounded_memory():
    async with scripted(BOMBS["gzip"]) as script, transport(script.url) as client:
        tracemalloc.start()
        try:
            asked = [client.ask(READ, as_is) for _ in range(8)]
            ends = await asyncio.gather(*asked, return_exceptions=True)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert {type(end) for end in ends} == {NotTheApi}
    assert peak < 2.5 * IN_FLIGHT_AT_MOST * LARGEST_ANSWER


async def test_a_packed_answer_is_unpacked():
    packed = says(200, gzip.compress(b'{"id": "c1"}'), Content_Encoding="gzip")
    outcome, script = await asked_of([packed], READ)
    assert outcome == {"id": "c1"}
    assert script.asked[0].headers["accept-encoding"] == "gzip"


REFUSALS = {
    400: RequestRefused,
    401: KeyRefused,
    403: KeyRefused,
    404: RequestRefused,
    405: RequestRefused,
    409: RequestRefused,
    413: RequestRefused,
    422: RequestRefused,
}


@pytest.mark.parametrize("call", [READ, WRITE, DELETE], ids=lambda call: call.method)
@pytest.mark.parametrize("status", REFUSALS)
async def test_a_refusal_is_final(status, call):
    outcome, script = await asked_of([says(status, {"message": "no"}), GOOD], call)
    assert type(outcome) is REFUSALS[status]
    assert "no" in str(outcome)
    assert len(script.asked) == 1


async def test_a_refusal_whose_body_is_cut_is_a_refusal():
    cut = writes_and_closes(b"HTTP/1.1 409 Conflict\r\nContent-Length: 99\r\n\r\n{")
    outcome, script = await asked_of([cut], WRITE)
    assert type(outcome) is RequestRefused
    assert outcome.status == 409
    assert len(script.asked) == 1


@pytest.mark.parametrize("call", [READ, WRITE, DELETE], ids=lambda call: call.method)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_no_redirect_is_followed(status, call):
    # 302 and 303 also mean that it was done, and where to look at the result.
    refused = call is READ or status in {301, 307, 308}
    async with scripted(GOOD) as elsewhere:
        there = says(status, Location=f"{elsewhere.url}/customers")
        outcome, script = await asked_of([there], call)
        assert type(outcome) is (NotTheApi if refused else OutcomeUnknown)
        assert "redirect" in str(outcome)
        assert len(script.asked) == 1
        assert not elsewhere.asked


@pytest.mark.parametrize("status", [304, 399])
async def test_an_answer_to_another_question(status):
    outcome, script = await asked_of([says(status)], READ)
    assert type(outcome) is NotTheApi
    assert len(script.asked) == 1
    outcome, script = await asked_of([says(status)], WRITE)
    assert isinstance(outcome, OutcomeUnknown)


# A page, and a whole answer that the next request would take for its own.
@pytest.mark.parametrize("junk", [b"<html>gone</html>", answer(200, {"id": "another"})])
async def test_what_follows_an_answer_without_a_body_is_not_the_next_ones(junk):
    gone = writes(b"HTTP/1.1 204 No Content\r\n\r\n" + junk)
    async with scripted(gone, GOOD) as script, transport(script.url) as client:
        assert await client.ask(DELETE, as_is) is None
        assert await client.ask(WRITE, as_is) == {"id": "c1"}
    assert len(script.asked) == 2


@pytest.mark.parametrize("line", [b"100 Continue", b"103 Early Hints"])
async def test_what_comes_before_the_answer_is_no_answer(line):
    before = b"HTTP/1.1 " + line + b"\r\n\r\n"
    outcome, script = await asked_of([writes(before * 5 + answer(200, {"id": "c1"}))], WRITE)
    assert outcome == {"id": "c1"}
    assert len(script.asked) == 1


async def test_an_answer_that_is_only_ever_announced_is_cut_off():
    async def announces(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while not writer.is_closing():
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            await asyncio.sleep(0.02)

    outcome, script = await asked_of([announces], WRITE, within=IMPATIENT)
    assert isinstance(outcome, OutcomeUnknown)
    assert len(script.asked) == 1


async def test_a_redirect_without_sense_is_not_followed_either():
    outcome, _ = await asked_of([says(302, Location="http://[/")], WRITE)
    assert isinstance(outcome, OutcomeUnknown | NotTheApi)


# --- what never left ------------------------------------------------------------------------------


@contextmanager
def full_backlog() -> Iterator[int]:
    """A port whose connections are neither taken nor refused."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port = listener.getsockname()[1]
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(("127.0.0.1", port))
        yield port


@pytest.mark.parametrize("call", [READ, WRITE, DELETE], ids=lambda call: call.method)
@pytest.mark.parametrize(("resend", "attempts"), [(True, 3), (False, 1)])
async def test_a_refused_connection_never_left(closed_port, call, resend, attempts):
    async with transport(f"http://127.0.0.1:{closed_port}/v1") as client:
        with pytest.raises(Unreachable, match="connection refused") as caught:
            await client.ask(call, as_is, resend=resend)
        counts = client.requests
    assert counts.get + counts.create + counts.delete == attempts
    assert counts.retried == attempts - 1
    assert_hidden(caught.value)


@pytest.mark.parametrize("call", [READ, WRITE], ids=lambda call: call.method)
async def test_a_connection_that_is_not_made_in_time_never_left(call):
    with full_backlog() as port:
        async with transport(f"http://127.0.0.1:{port}/v1", IMPATIENT) as client:
            with pytest.raises(Unreachable, match="No connection was made in time"):
                await client.ask(call, as_is)
            assert client.requests.retried == 1


async def test_a_create_goes_to_a_server_that_comes_up_meanwhile(closed_port):
    served = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served.append(await read_request(reader))
        await GOOD(reader, writer)
        writer.close()

    patient = limits(attempts=50, back_off=0.05)
    async with transport(f"http://127.0.0.1:{closed_port}/v1", patient) as client:
        created = asyncio.create_task(client.ask(WRITE, as_is))
        while client.requests.retried == 0:  # noqa: ASYNC110 - a count has no event
            await asyncio.sleep(0)
        server = await asyncio.start_server(serve, "127.0.0.1", closed_port)
        async with server:
            assert await created == {"id": "c1"}
    assert len(served) == 1


async def test_a_server_that_speaks_no_tls_is_never_given_a_request():
    received = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        received.append(await reader.read(1000))
        await writes_and_closes(answer())(reader, writer)

    async with (
        listening(serve) as url,
        transport(url.replace("http:", "https:"), IMPATIENT) as client,
    ):
        with pytest.raises(Unreachable, match="TLS"):
            await client.ask(WRITE, as_is)
    assert received
    assert not any(b"POST" in each or KEY.encode() in each for each in received)


async def test_a_certificate_that_nobody_vouches_for_is_not_trusted():
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(Path(__file__).with_name("not_trusted.pem"))
    asked = []

    async def serve(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        asked.append(await reader.read(1))

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    async with server:
        url = f"https://localhost:{server.sockets[0].getsockname()[1]}/v1"
        async with transport(url, FAST) as client:
            with pytest.raises(Unreachable, match="certificate is not trusted"):
                await client.ask(WRITE, as_is)
    assert not asked


async def test_a_proxy_that_refuses_never_lets_a_request_leave(monkeypatch):
    refusing = writes_and_closes(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
    heads = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        await refusing(reader, writer)

    async with listening(serve) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.removesuffix("/v1"))
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        async with transport("https://api.invalid/v1", IMPATIENT) as client:
            with pytest.raises(Unreachable, match="proxy"):
                await client.ask(WRITE, as_is)
    assert all(head.startswith(b"CONNECT api.invalid:443") for head in heads)
    assert not any(KEY.encode() in head for head in heads)


async def test_this_machine_is_not_reached_through_a_proxy(monkeypatch, closed_port):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{closed_port}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    outcome, _ = await asked_of([GOOD], READ)
    assert outcome == {"id": "c1"}


async def test_a_proxy_that_cannot_be_used_is_named_without_its_password(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "gopher://me:secret@proxy:1")
    with pytest.raises(UsageError, match="proxy") as caught:
        async with transport("https://api.invalid/v1"):
            pass
    assert "secret" not in "".join(traceback.format_exception(caught.value))


# --- time-outs after the request, or a part of it, has left ---------------------------------------


async def test_no_answer_in_time():
    outcome, script = await asked_of([hangs], WRITE, within=IMPATIENT)
    assert isinstance(outcome, OutcomeUnknown)
    assert "No answer came in time" in str(outcome)
    assert len(script.asked) == 1
    outcome, script = await asked_of([hangs, GOOD], READ, within=IMPATIENT)
    assert outcome == {"id": "c1"}


async def test_a_body_that_stops_coming():
    async def stops(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await writes(b"HTTP/1.1 201 Created\r\nContent-Length: 99\r\n\r\n{")(reader, writer)
        await reader.read()

    outcome, script = await asked_of([stops], WRITE, within=IMPATIENT)
    assert isinstance(outcome, OutcomeUnknown)
    assert len(script.asked) == 1


async def test_a_body_that_trickles_in_is_cut_off():
    async def trickles(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n")
        while not writer.is_closing():
            writer.write(b" ")
            await asyncio.sleep(0.02)

    begun = asyncio.get_running_loop().time()
    outcome, _ = await asked_of([trickles], WRITE, within=IMPATIENT)
    assert isinstance(outcome, OutcomeUnknown)
    assert "No whole answer came in time" in str(outcome)
    assert 0.5 < asyncio.get_running_loop().time() - begun < 5


async def test_a_request_that_cannot_be_sent_whole_in_time():
    async def does_not_read(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    async with listening(does_not_read) as url, transport(url, IMPATIENT) as client:
        with pytest.raises(OutcomeUnknown, match="could not be sent whole"):
            await client.ask(Call("POST", "/customers", Operation.CREATE, body=BIG), as_is)
        assert client.requests.create == 1


async def test_a_connection_reset_before_the_request_was_read():
    connections = []

    async def resets_at_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(writer)
        await reader.read(1)
        reset(writer)

    async with listening(resets_at_once) as url, transport(url) as client:
        for call in (WRITE, Call("POST", "/customers", Operation.CREATE, body=BIG)):
            connections.clear()
            with pytest.raises(OutcomeUnknown):
                await client.ask(call, as_is)
            assert len(connections) == 1
        connections.clear()
        with pytest.raises(GaveUp):
            await client.ask(READ, as_is)
        assert len(connections) == 3


# --- the key, and what else must not be seen ------------------------------------------------------


async def test_the_key_is_sent_and_shown_nowhere(caplog):
    caplog.set_level(logging.DEBUG)
    echo = says(422, {"message": f"bad key {KEY}", "details": [{"field": "x", "reason": KEY}]})
    async with scripted(echo) as script, WizCommerce(script.url, KEY, dialect="camel") as wiz:
        with pytest.raises(RequestRefused) as caught:
            await wiz.customers.get("c1")
        assert KEY not in repr(wiz)
        assert KEY not in repr(vars(wiz))
        assert KEY not in repr(vars(wiz._transport))
        assert "***" in str(caught.value)
        assert KEY not in str(caught.value.details)
        assert_hidden(caught.value)
    assert script.asked[0].headers["x-api-key"] == KEY
    assert KEY not in caplog.text


@pytest.mark.parametrize("key", ['sk-"quoted"', "sk-\\back", "sk-/slashed/"])
async def test_a_key_is_hidden_however_json_spells_it(key):
    plain = json.dumps({"message": f"bad key {key}"})
    for body in (plain, plain.replace("/", "\\/"), f"bad key {key}"):
        async with (
            scripted(says(422, body.encode())) as script,
            Transport(script.url, key, limits=FAST) as client,
        ):
            with pytest.raises(RequestRefused, match=r"^bad key \*\*\*$"):
                await client.ask(READ, as_is)


async def test_a_429_whose_times_no_clock_has_is_waited_for_all_the_same():
    beyond = f"Tue, {'9' * 30} Nov 2026 12:00:00 GMT"
    outcome, script = await asked_of([says(429, Retry_After=beyond, Date=beyond), GOOD], WRITE)
    assert outcome == {"id": "c1"}
    assert len(script.asked) == 2


async def test_a_call_names_its_headers():
    async with scripted(GOOD) as script, transport(script.url) as client:
        await client.ask(WRITE, as_is)
    headers = script.asked[0].headers
    assert headers["content-type"] == "application/json"
    assert headers["user-agent"].startswith("wizsync/")
    assert script.asked[0].json == {"company_name": "Acme"}


async def test_a_closed_client_says_how_to_open_it():
    wiz = WizCommerce("https://api.wizcommerce.com/v1", KEY)
    with pytest.raises(UsageError, match="not open"):
        await wiz.detect()


async def test_what_cannot_be_written_as_json_is_not_sent():
    strange = CustomerCreateRequest(
        company_name="A",
        display_name="A",
        reference_id="K",
        attributes=[AttributeValue(name="x", value=float("nan"))],
    )
    async with scripted(GOOD) as script, WizCommerce(script.url, KEY, dialect="camel") as wiz:
        with pytest.raises(UsageError, match="cannot be sent"):
            await wiz.customers.create(strange)
    assert not script.asked


async def test_text_of_any_language_arrives_as_it_is():
    text = 'Zoë & Søn 株式会社 "x" \u2028 \U0001f600'
    async with scripted(GOOD) as script, WizCommerce(script.url, KEY, dialect="camel") as wiz:
        await wiz.customers.create(create_request("K", {"companyName": text, "displayName": "-"}))
    assert script.asked[0].json["companyName"] == text


async def test_connections_are_kept_and_at_most_eight():
    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.01)
        await GOOD(reader, writer)

    async with scripted(slow) as script, transport(script.url) as client:
        await asyncio.gather(*(client.ask(READ, as_is) for _ in range(40)))
        assert client.requests.get == 40
    assert script.connections <= 8


async def test_a_call_that_is_cancelled_frees_its_place():
    async with scripted(*[hangs] * 8, GOOD) as script, transport(script.url) as client:
        stuck = [asyncio.create_task(client.ask(READ, as_is)) for _ in range(8)]
        while len(script.asked) < 8:  # noqa: ASYNC110 - a list has no event
            await asyncio.sleep(0)
        for task in stuck:
            task.cancel()
        await asyncio.gather(*stuck, return_exceptions=True)
        async with asyncio.timeout(3):
            assert await client.ask(READ, as_is) == {"id": "c1"}


# --- which class of httpx each trouble is, so that the table rests on what really happens ---------


async def raised_by(url: str, *, body: bytes = b"{}", seconds: float = 5.0) -> type[Exception]:
    async with httpx.AsyncClient(trust_env=False, timeout=seconds) as http:
        with pytest.raises(httpx.HTTPError) as caught:
            await http.post(url, content=body)
    return type(caught.value)


async def test_which_exception_each_trouble_raises(closed_port):
    assert await raised_by(f"http://127.0.0.1:{closed_port}") is httpx.ConnectError
    assert await raised_by("ftp://127.0.0.1") is httpx.UnsupportedProtocol
    with full_backlog() as port:
        assert await raised_by(f"http://127.0.0.1:{port}", seconds=0.1) is httpx.ConnectTimeout
    for behaviour, kind in [
        (hangs, httpx.ReadTimeout),
        (resets(), httpx.ReadError),
        (writes_and_closes(b""), httpx.RemoteProtocolError),
        (UNDECIDED["cut body"], httpx.RemoteProtocolError),
        (UNDECIDED["reset body"], httpx.ReadError),
        (UNDECIDED["garbage"], httpx.RemoteProtocolError),
        (UNUSABLE["broken gzip"], httpx.DecodingError),
    ]:
        async with scripted(behaviour) as script:
            assert await raised_by(script.url, seconds=0.2) is kind

    async def does_not_read(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    async with listening(does_not_read) as url:
        body = bytes(30_000_000)
        assert await raised_by(url, body=body, seconds=0.1) is httpx.WriteTimeout


async def test_the_border_itself_lets_no_foreign_class_through(closed_port):
    """A header that cannot be written, which the foreign exception's words would quote."""
    unchecked = "sk-unchecked\n"
    async with Transport(f"http://127.0.0.1:{closed_port}/v1", unchecked, limits=FAST) as client:
        with pytest.raises(ApiError) as caught:
            await client.ask(WRITE, as_is)
    assert "sk-unchecked" not in "".join(traceback.format_exception(caught.value))
    assert_hidden(caught.value)
