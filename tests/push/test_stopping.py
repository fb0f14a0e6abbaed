"""Ctrl-C and its kin, sent to this very process."""

from __future__ import annotations

import asyncio
import signal

import pytest

from wizsync.errors import Interrupted
from wizsync.push import stop_on_signals

# Those that this system has.
SIGNALS = [name for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)]


def handlers() -> list[object]:
    return [signal.getsignal(getattr(signal, name)) for name in SIGNALS]


@pytest.mark.parametrize("name", SIGNALS)
def test_the_first_asks_and_the_second_acts_as_before(name):
    number = getattr(signal, name)
    came: list[int] = []
    told: list[str] = []
    before = signal.signal(number, lambda which, _: came.append(which))
    try:

        async def work() -> None:
            with stop_on_signals(lambda: told.append("stopping")) as stop:
                assert not stop.is_set()
                signal.raise_signal(number)
                await asyncio.wait_for(stop.wait(), 5)
                assert came == []
                signal.raise_signal(number)
                assert (came, told) == ([number], ["stopping"])

        asyncio.run(work())
    finally:
        signal.signal(number, before)


def test_what_does_not_end_in_time_is_cut_off():
    async def work() -> None:
        with stop_on_signals(patience=0.01):
            signal.raise_signal(signal.SIGINT)
            await asyncio.sleep(60)

    with pytest.raises(Interrupted, match="did not end in time"):
        asyncio.run(work())


def test_what_ends_in_time_is_let_be():
    async def work() -> int:
        with stop_on_signals(patience=0.01) as stop:
            signal.raise_signal(signal.SIGINT)
            await stop.wait()
        await asyncio.sleep(0.05)
        return asyncio.current_task().cancelling()

    assert asyncio.run(work()) == 0


def test_another_cancellation_is_not_mistaken_for_it():
    async def work() -> None:
        with stop_on_signals(patience=60):
            asyncio.current_task().cancel()
            await asyncio.sleep(60)

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(work())


def test_afterwards_signals_act_as_they_did():
    before = handlers()

    async def work() -> None:
        with stop_on_signals():
            assert not set(handlers()) & set(before)

    asyncio.run(work())
    assert handlers() == before


def test_one_that_is_ignored_stays_ignored():
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:

        async def work() -> None:
            with stop_on_signals() as stop:
                assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
                signal.raise_signal(signal.SIGTERM)
                assert not stop.is_set()

        asyncio.run(work())
    finally:
        signal.signal(signal.SIGTERM, before)
