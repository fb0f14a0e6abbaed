"""How long something will take, said before it begins."""

from __future__ import annotations

import pytest

from wizsync.foretelling import LONG, Foretelling


@pytest.mark.parametrize(
    ("requests", "time"),
    [(1, "1 s"), (60, "12 s"), (400, "80 s"), (9000, "30 min"), (36_000, "2.0 h")],
)
def test_time_is_told_for_people(requests: int, time: str) -> None:
    assert Foretelling(lambda: 5).time(requests) == f"about {time}"


def test_only_what_is_long_is_said_at_the_rate_of_the_moment() -> None:
    said: list[str] = []
    rates = [5.0]
    foretelling = Foretelling(lambda: rates[0], said.append)
    foretelling.say("Reading 50 details", int(LONG * 5))
    foretelling.say("Reading 9,000 details", 9000, lambda: "Later nights are short.")
    rates[0] = 12.5
    foretelling.say("Writing 300 changes", 310)
    assert said == [
        "Reading 9,000 details: about 30 min at 5 requests a second. Later nights are short.",
        "Writing 300 changes: about 25 s at 12.5 requests a second.",
    ]
