"""What is said of long work: done, left, how fast it goes just now, and how long that will take."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from wizsync.cli.pace import Pace, duration, told
from wizsync.cli.progress import Lines


def ticks(pace: Pace, seconds: range, rate: float, done: float = 0.0) -> Iterator[float | None]:
    """Work at a rate from second to second; what is told after each."""
    for second in seconds:
        done += rate
        pace.step(float(second), round(done))
        yield pace.rate(float(second))


def test_at_a_steady_rate_that_rate_is_told():
    told_rates = list(ticks(Pace(0.0, 0), range(1, 600), 5.0))
    assert told_rates[0] is None  # too early to tell
    assert all(rate == pytest.approx(5.0) for rate in told_rates[1:])


def test_a_rate_that_changes_is_told_as_it_is_now():
    pace = Pace(0.0, 0)
    fast = list(ticks(pace, range(1, 601), 40.0))
    slow = list(ticks(pace, range(601, 640), 10.0, 24_000.0))
    again = list(ticks(pace, range(640, 660), 40.0, 24_390.0))
    assert fast[-1] == pytest.approx(40.0)
    # The mean from the start would still be above 39.
    assert slow[15] == pytest.approx(10.0)
    assert again[15] == pytest.approx(40.0)


def test_while_nothing_is_heard_the_rate_falls():
    pace = Pace(0.0, 0)
    list(ticks(pace, range(1, 61), 10.0))
    assert pace.rate(60.0) == pytest.approx(10.0)
    assert pace.rate(75.0) == pytest.approx(5.0)
    assert pace.rate(195.0) == pytest.approx(1.0)


def test_rare_steps_are_told_by_the_last_ten():
    pace = Pace(0.0, 0)
    for number in range(1, 31):
        pace.step(60.0 * number, number)
    assert pace.rate(1800.0) == pytest.approx(1 / 60)


def test_what_was_done_before_is_nobodys_pace():
    assert list(ticks(Pace(0.0, 4_000), range(1, 11), 5.0, 4_000.0))[-1] == pytest.approx(5.0)


def test_work_that_begins_anew_has_a_pace_of_its_own():
    pace = Pace(0.0, 0)
    list(ticks(pace, range(1, 61), 100.0))
    assert list(ticks(pace, range(61, 65), 2.0))[-1] == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("done", "total", "rate", "words"),
    [
        (1_200, 9_000, 5.0, "1,200 of 9,000, 7,800 left, 5.0/s, about 26 min to go"),
        (1_200, 9_000, 0.1, "1,200 of 9,000, 7,800 left, 6/min, about 21 h 40 min to go"),
        (10, 90, 250.0, "10 of 90, 80 left, 250/s, about 0 s to go"),
        (10, 90, None, "10 of 90, 80 left"),
        (90, 90, 5.0, "90 of 90"),
        (500, None, 100.0, "500, 100/s"),
        (0, None, None, ""),
    ],
)
def test_it_is_told_in_words(done, total, rate, words):
    assert told(done, total, rate) == words


def test_long_times_are_rounded():
    assert [duration(seconds) for seconds in (40, 89, 95, 3_600, 12_000)] == [
        "40 s",
        "89 s",
        "2 min",
        "60 min",
        "3 h 20 min",
    ]


def test_a_pipe_gets_plain_lines(capsys):
    lines = Lines(every=0.0)
    lines("Reading customers", 100, 300)
    lines("Waiting 12 s: the server asked for it", 0, None)
    lines("Reading customers", 300, 300)
    assert capsys.readouterr().err.splitlines() == [
        "Reading customers: 100 of 300, 200 left",
        "Waiting 12 s: the server asked for it",
        "Reading customers: 300 of 300",
    ]


def test_a_pipe_gets_no_line_before_its_time(capsys):
    lines = Lines()
    for done in range(100):
        lines("Reading customers", done, 100)
    assert capsys.readouterr().err == ""
