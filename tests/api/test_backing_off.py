"""When a client waits, and when it stops: 429, a refused key, too many repeats, a server out of order."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from tests.api.asking import (
    DELETE,
    FAST,
    GOOD,
    READ,
    WRITE,
    as_is,
    asked_of,
    limits,
    transport,
)
from tests.api.servers import Script, hangs, resets, says, scripted
from wizsync.api import pauses
from wizsync.api.budget import AT_LEAST
from wizsync.api.call import Call, Operation
from wizsync.errors import ApiError, GaveUp, KeyRefused, OutcomeUnknown, Throttled

pytestmark = pytest.mark.anyio

BROKEN = says(503, {"message": "we are down"})
PROBE = "/v1/customers?page=1&page_size=1"


def lines(script: Script) -> list[str]:
    """What a server was asked: `probe`, or the method."""
    return ["probe" if each.target == PROBE else each.method for each in script.asked]


# --- 429 ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("call", [READ, WRITE, DELETE], ids=lambda call: call.method)
async def test_after_a_429_a_call_is_sent_again(call):
    outcome, script = await asked_of([says(429), says(429), GOOD], call)
    assert outcome == (None if call is DELETE else {"id": "c1"})
    assert len(script.asked) == 3


async def test_without_resend_a_429_is_the_callers():
    refused = says(429, {"message": "slow down"}, Retry_After="3")
    outcome, script = await asked_of([refused, GOOD], WRITE, resend=False)
    assert type(outcome) is Throttled
    assert outcome.retry_after == 3.0
    assert "slow down" in str(outcome)
    assert len(script.asked) == 1


async def test_a_server_that_always_throttles_ends_as_throttled():
    hasty = limits(attempts=2, back_off=0.001)
    outcome, script = await asked_of([says(429)], WRITE, within=hasty)
    assert type(outcome) is Throttled
    assert "--rate" in outcome.hint
    assert len(script.asked) == 8


async def test_a_429_pauses_every_request_for_as_long_as_it_says():
    waits = []
    refusal = says(429, Retry_After="1")
    async with (
        scripted(refusal, GOOD) as script,
        transport(script.url, on_wait=lambda *wait: waits.append(wait)) as client,
    ):
        await asyncio.gather(*(client.ask(READ, as_is) for _ in range(3)))
        assert client.requests.throttled == 1
    refused_at, *later = script.times
    in_flight = [moment for moment in later if moment - refused_at < 0.5]
    paused = [moment for moment in later if moment - refused_at >= 0.5]
    # Those that had left before the refusal came back are not held; all others are.
    assert len(in_flight) <= 2
    assert min(paused) - refused_at >= 0.98
    assert waits == [("The server asks for fewer requests.", 1.0)]


async def test_a_retry_after_of_hours_is_given_up_at_once():
    for call in (READ, WRITE):
        outcome, script = await asked_of([says(429, Retry_After="86400")], call)
        assert type(outcome) is GaveUp
        assert "takes no requests until 20" in str(outcome)
        assert len(script.asked) == 1
    outcome, _ = await asked_of([says(429, Retry_After="9" * 18)], READ)
    assert type(outcome) is GaveUp


@pytest.mark.parametrize("status", [429, 503])
async def test_who_is_sent_away_for_long_is_told_when_to_come_back(status):
    """By a server whose clock is years behind, and whose date is believed relative to it."""
    now = datetime.now(UTC)
    away = says(
        status,
        Date="Tue, 24 Nov 2020 12:00:00 GMT",
        Retry_After="Tue, 24 Nov 2020 14:00:00 GMT",
    )
    outcome, script = await asked_of([away, GOOD], READ)
    assert type(outcome) is GaveUp
    back = [now + timedelta(hours=2, minutes=minute) for minute in (0, 1)]
    told = [f"{when.astimezone():%Y-%m-%d %H:%M} ({when:%Y-%m-%d %H:%M} UTC)" for when in back]
    assert any(when in str(outcome) for when in told)
    assert str(status) in str(outcome)
    assert "wizsync resume" in outcome.hint
    assert len(script.asked) == 1


async def test_a_503_that_says_when_is_waited_for():
    outcome, script = await asked_of([says(503, Retry_After="1"), GOOD], READ)
    assert outcome == {"id": "c1"}
    assert script.times[1] - script.times[0] >= 0.98


async def test_a_write_answered_503_for_long_is_undecided_and_the_last_one():
    away = says(503, Retry_After="86400")
    async with scripted(away, GOOD) as script, transport(script.url) as client:
        with pytest.raises(OutcomeUnknown):
            await client.ask(WRITE, as_is)
        for call in (READ, WRITE):
            with pytest.raises(GaveUp, match="takes no requests until"):
                await client.ask(call, as_is)
    assert len(script.asked) == 1


@pytest.mark.parametrize("header", ["-5", "soon", "0", "Tue, 24 Nov 2020 12:00:00 GMT"])
async def test_a_429_that_names_no_time_to_come_is_waited_for_but_not_for_nothing(header):
    refusal = says(429, Retry_After=header)
    slow = limits(back_off=0.4)
    outcome, script = await asked_of([refusal, GOOD], WRITE, within=slow)
    assert outcome == {"id": "c1"}
    assert script.times[1] - script.times[0] >= 0.1 - 0.001


async def test_short_waits_are_not_told():
    waits = []

    def tell(reason: str, seconds: float) -> None:
        waits.append((reason, seconds))

    async with (
        scripted(says(500, {"message": "broken"})) as script,
        transport(script.url, FAST, on_wait=tell) as client,
    ):
        with pytest.raises(GaveUp):
            await client.ask(READ, as_is)
    assert not waits


# --- the key --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "doing"),
    [
        (READ, "read customers"),
        (WRITE, "create customers"),
        (DELETE, "delete customers"),
        (Call("PUT", "/customers/c1/contacts/2", Operation.CHILD), "change addresses and contacts"),
        (Call("GET", "/price-lists", Operation.OTHER, harmless=True), "use /price-lists"),
    ],
)
@pytest.mark.parametrize("status", [401, 403])
async def test_after_a_refused_key_nothing_more_is_sent(status, call, doing):
    async with scripted(says(status), GOOD) as script, transport(script.url) as client:
        for each in (call, READ, WRITE):
            with pytest.raises(KeyRefused) as caught:
                await client.ask(each, as_is)
            told = f"may not {doing} (403 Forbidden)" if status == 403 else "(401 Unauthorized)"
            assert told in str(caught.value)
            assert caught.value.where == f"{call.method} {script.url}{call.path}"
            assert "wizsync resume" in caught.value.hint
        assert len(script.asked) == 1


async def test_those_who_wait_when_the_key_is_refused_are_not_sent():
    async with scripted(says(401)) as script, transport(script.url) as client:
        asked = [client.ask(READ, as_is) for _ in range(40)]
        ends = await asyncio.gather(*asked, return_exceptions=True)
    assert {type(end) for end in ends} == {KeyRefused}
    assert len(script.asked) <= 8


# --- the retry budget -----------------------------------------------------------------------------


async def test_repeats_are_bounded_by_what_was_sent():
    async with (
        scripted(*[says(500, {"message": "tired"}), GOOD] * 50) as script,
        transport(script.url) as client,
    ):
        for _ in range(AT_LEAST):
            assert await client.ask(READ, as_is) == {"id": "c1"}
        with pytest.raises(GaveUp) as caught:
            await client.ask(READ, as_is)
        assert client.requests.retried == AT_LEAST
    assert "20 of 41 requests had to be repeated" in str(caught.value)
    assert "tired" in str(caught.value)
    assert "wizsync resume" in caught.value.hint
    assert caught.value.where == f"GET {script.url}/customers/c1"
    assert len(script.asked) == 41


async def test_repeats_after_a_429_do_not_count():
    async with (
        scripted(*[says(429), GOOD] * 30) as script,
        transport(script.url, limits(back_off=0.001)) as client,
    ):
        for _ in range(30):
            assert await client.ask(WRITE, as_is) == {"id": "c1"}
        assert client.requests.retried == 30


async def test_a_write_that_its_caller_sends_anew_counts_as_a_repeat():
    async with scripted(GOOD) as script, transport(script.url) as client:
        for _ in range(AT_LEAST):
            await client.ask(WRITE, as_is, resend=False, repeated=True)
        with pytest.raises(GaveUp, match="20 of 20 requests had to be repeated"):
            await client.ask(WRITE, as_is, resend=False, repeated=True)
        assert client.requests.retried == len(script.asked) == AT_LEAST
        # What was never sent before may still be.
        assert await client.ask(WRITE, as_is, resend=False) == {"id": "c1"}


# --- a server out of order ------------------------------------------------------------------------


async def failing(client, *calls: Call) -> list[type[BaseException]]:
    """The errors of calls that are sent once each, one after the other."""
    errors = []
    for call in calls:
        with pytest.raises(ApiError) as caught:
            await client.ask(call, as_is, resend=False)
        errors.append(type(caught.value))
    return errors


@pytest.mark.parametrize("trouble", [BROKEN, resets(), says(200, b"<html>")])
async def test_while_nothing_is_answered_only_probes_leave(trouble):
    async with scripted(GOOD, *[trouble] * 7, GOOD) as script, transport(script.url) as client:
        await client.ask(READ, as_is)
        assert len(await failing(client, *[WRITE] * 4)) == 4
        answers = await asyncio.gather(*(client.ask(WRITE, as_is) for _ in range(5)))
        assert answers == [{"id": "c1"}] * 5
        assert client.requests.list == 4
    assert lines(script) == ["GET", *["POST"] * 4, *["probe"] * 4, *["POST"] * 5]


async def test_a_list_read_page_by_page_lives_through_an_outage():
    async with (
        scripted(GOOD, *[BROKEN] * 9, GOOD) as script,
        transport(script.url, limits(attempts=5)) as client,
    ):
        await client.ask(READ, as_is)
        assert await client.ask(READ, as_is) == {"id": "c1"}
    assert lines(script) == ["GET", *["GET"] * 4, *["probe"] * 6, "GET"]


async def test_an_outage_that_lasts_is_given_up_resumably():
    waits = []
    async with scripted(GOOD, BROKEN) as script:
        short = limits(outage=0.1)
        async with transport(script.url, short, on_wait=lambda *wait: waits.append(wait)) as client:
            await client.ask(READ, as_is)
            await failing(client, *[WRITE] * 4)
            asked = [client.ask(WRITE, as_is) for _ in range(5)]
            ends = await asyncio.gather(*asked, return_exceptions=True)
            probes = lines(script).count("probe")
            assert {type(end) for end in ends} == {GaveUp}
            assert f"tried {probes} times" in str(ends[0])
            assert "we are down" in str(ends[0])
            assert "wizsync resume" in ends[0].hint
            assert await failing(client, READ) == [GaveUp]
    assert lines(script) == ["GET", *["POST"] * 4, *["probe"] * probes]
    assert not waits


async def test_a_wait_for_a_server_out_of_order_is_told(monkeypatch):
    monkeypatch.setattr(pauses, "NOTABLE_WAIT", 0.0)
    waits = []
    async with (
        scripted(GOOD, *[BROKEN] * 4, GOOD) as script,
        transport(script.url, on_wait=lambda *wait: waits.append(wait)) as client,
    ):
        await client.ask(READ, as_is)
        await failing(client, *[WRITE] * 4)
        await client.ask(WRITE, as_is)
    ((reason, seconds),) = waits
    assert "out of order" in reason
    assert 0 <= seconds <= 0.01


async def test_a_server_that_hangs_is_out_of_order_too():
    hasty = limits(timeout=0.05)
    async with scripted(GOOD, *[hangs] * 5, GOOD) as script, transport(script.url, hasty) as client:
        await client.ask(READ, as_is)
        await failing(client, *[WRITE] * 4)
        assert await client.ask(WRITE, as_is) == {"id": "c1"}
    assert lines(script) == ["GET", *["POST"] * 4, "probe", "probe", "POST"]


async def test_a_server_that_never_answered_is_given_up_after_one_requests_attempts():
    async with scripted(BROKEN) as script, transport(script.url, limits(attempts=6)) as client:
        with pytest.raises(GaveUp, match="tried 6 times"):
            await client.ask(READ, as_is)
    assert lines(script) == ["GET"] * 6


@pytest.mark.parametrize("status", [429, 404])
async def test_whatever_a_server_in_order_answers_to_a_probe_ends_the_wait(status):
    behaviours = [GOOD, *[BROKEN] * 4, says(status), GOOD]
    async with scripted(*behaviours) as script, transport(script.url) as client:
        await client.ask(READ, as_is)
        await failing(client, *[WRITE] * 4)
        assert await client.ask(WRITE, as_is) == {"id": "c1"}
    assert lines(script) == ["GET", *["POST"] * 4, "probe", "POST"]


async def test_a_key_that_is_refused_to_a_probe_ends_it_all():
    async with (
        scripted(GOOD, *[BROKEN] * 4, says(401), GOOD) as script,
        transport(script.url) as client,
    ):
        await client.ask(READ, as_is)
        await failing(client, *[WRITE] * 4)
        assert await failing(client, WRITE, READ) == [KeyRefused] * 2
    assert lines(script)[5:] == ["probe"]
