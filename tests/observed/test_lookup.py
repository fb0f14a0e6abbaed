"""Look-ups by referenceIds, on servers that take the filter each in another way."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.conftest import StartSandbox
from tests.observed.builders import client_of, keys_of
from tests.push.between import Asked, Lie, between
from wizsync.api import ListEncoding
from wizsync.errors import KeyRefused
from wizsync.observed.lookup import (
    BYTES_A_REQUEST,
    KEYS_A_REQUEST,
    FilterUnusable,
    ask,
    askable,
    chunks,
)
from wizsync.sandbox import Sandbox

pytestmark = pytest.mark.anyio

BOTH = ("active", "inactive")


async def asked(
    server, keys: list[str], canary: str, encoding: ListEncoding = ListEncoding.COMMA
) -> list[str]:
    async with client_of(server) as client:
        rows = await ask(client.customers, keys, {"active": canary}, BOTH, encoding)
    return sorted((row["referenceId"] for row in rows), key=keys.index)


def some(sandbox: Sandbox) -> tuple[list[str], str, str]:
    """A few active keys, an inactive one, and a canary."""
    active = keys_of(sandbox.customers(), "active")
    return active[:3], keys_of(sandbox.customers(), "inactive")[0], active[-1]


@pytest.mark.parametrize(
    ("takes", "encoding", "works"),
    [
        ("comma", ListEncoding.COMMA, True),
        ("comma", ListEncoding.REPEATED, False),
        ("repeated", ListEncoding.REPEATED, True),
        ("repeated", ListEncoding.COMMA, False),
        ("both", ListEncoding.REPEATED, True),
        ("everybody", ListEncoding.COMMA, False),
        ("nobody", ListEncoding.COMMA, False),
    ],
)
async def test_believed_only_where_the_canary_comes_and_nobody_else(
    takes, encoding, works, dialect: str, start_sandbox: StartSandbox
):
    sandbox = start_sandbox(dialect=dialect, customers=80, assume=(f"reference_ids={takes}",))
    active, inactive, canary = some(sandbox)
    keys = [*active, inactive, "NOBODY"]
    if works:
        assert await asked(sandbox, keys, canary, encoding) == [*active, inactive]
    else:
        with pytest.raises(FilterUnusable):
            await asked(sandbox, keys, canary, encoding)


async def test_the_canary_may_be_among_those_asked_for(start_sandbox: StartSandbox):
    sandbox = start_sandbox(customers=80)
    active, _, _ = some(sandbox)
    assert await asked(sandbox, active, active[0]) == active


async def test_every_customer_of_a_doubled_key_comes(start_sandbox: StartSandbox):
    sandbox = start_sandbox(customers=80)
    active, _, canary = some(sandbox)
    sandbox.add(reference_id=active[0], name="Twin", status="inactive")
    assert await asked(sandbox, active[:1], canary) == [active[0]] * 2


async def test_more_than_a_page_of_a_key_is_read_to_its_end(start_sandbox: StartSandbox):
    sandbox = start_sandbox(customers=80, assume=("short_pages=yes",))
    keys = keys_of(sandbox.customers(), "active")
    assert await asked(sandbox, keys[:70], keys[-1]) == keys[:70]


@pytest.mark.parametrize("kept", [" K-1 ", "Cafe\u0301"])
async def test_a_server_that_finds_a_key_kept_otherwise_is_believed(
    kept, start_sandbox: StartSandbox
):
    sandbox = start_sandbox(customers=80)
    _, _, canary = some(sandbox)
    sandbox.add(reference_id=kept, name="Kept otherwise")
    # The sandbox trims what is asked for, and compares bytes: asked as it is kept, it is found.
    if kept == kept.strip():
        assert await asked(sandbox, [kept], canary) == [kept]
    else:
        assert await asked(sandbox, [kept], canary) == []


@pytest.mark.parametrize("status", [400, 414, 422, 431])
async def test_a_server_that_refuses_to_be_asked_so(status, start_sandbox: StartSandbox):
    sandbox = start_sandbox(customers=80)
    active, _, canary = some(sandbox)
    with (
        between(sandbox, lambda a: status if "reference_ids" in a.target else None) as server,
        pytest.raises(FilterUnusable),
    ):
        await asked(server, active, canary)


@pytest.mark.parametrize("short_pages", ["no", "yes"])
@pytest.mark.parametrize("lost", [1, 10, 60])
async def test_an_answer_that_is_cut_short_is_not_believed(
    lost, short_pages, dialect: str, start_sandbox: StartSandbox
):
    sandbox = start_sandbox(dialect=dialect, customers=200, assume=(f"short_pages={short_pages}",))
    keys = keys_of(sandbox.customers(), "active")
    # With the oldest as a canary; where pages are short, what is lost is a whole one.
    page = 1 if short_pages == "no" else -(-80 // 60)

    def told(answer: Any) -> Any:
        rows = answer["data"] if isinstance(answer, dict) else answer
        del rows[-lost:]
        return answer

    def rule(asked: Asked) -> Lie | None:
        about = dict(parse_qsl(urlsplit(asked.target).query))
        looks_up = {"reference_ids", "referenceIds"} & about.keys()
        return Lie(told=told) if looks_up and int(about["page"]) == page else None

    with between(sandbox, rule) as server, pytest.raises(FilterUnusable):
        await asked(server, keys[30:109], keys[0])


async def test_fewer_than_were_announced_are_not_believed(start_sandbox: StartSandbox):
    sandbox = start_sandbox(dialect="snake", customers=80)
    active, _, canary = some(sandbox)

    def told(answer: Any) -> Any:
        return {**answer, "data": [c for c in answer["data"] if c["reference_id"] != active[1]]}

    def rule(asked: Asked) -> Lie | None:
        return Lie(told=told) if "reference_ids" in asked.target else None

    with between(sandbox, rule) as server, pytest.raises(FilterUnusable):
        await asked(server, active, canary)


async def test_a_refused_key_stays_what_it_is(start_sandbox: StartSandbox):
    sandbox = start_sandbox(customers=80)
    active, _, canary = some(sandbox)
    with (
        between(sandbox, lambda a: 401 if "reference_ids" in a.target else None) as server,
        pytest.raises(KeyRefused),
    ):
        await asked(server, active, canary)


def test_a_comma_would_be_read_as_two_keys():
    assert askable("A", ListEncoding.COMMA)
    assert not askable("A,B", ListEncoding.COMMA)
    assert askable("A,B", ListEncoding.REPEATED)


@pytest.mark.parametrize("number", [0, 1, 98, 99, 100, 198, 199])
def test_a_request_holds_99_keys(number):
    keys = [f"C-{n}" for n in range(number)]
    portions = list(chunks(keys))
    assert [key for portion in portions for key in portion] == keys
    assert len(portions) == -(-number // KEYS_A_REQUEST)


def test_long_keys_are_asked_for_in_addresses_that_servers_take():
    keys = [f"{'店' * 30}-{n}" for n in range(60)] + ["x" * 9000, "short"]
    portions = list(chunks(keys))
    assert [key for portion in portions for key in portion] == keys
    # One that is too long by itself is asked for by itself.
    assert ["x" * 9000] in [list(portion) for portion in portions]
    longest = max(len(p) for p in portions)
    assert 1 < longest * 270 <= BYTES_A_REQUEST
