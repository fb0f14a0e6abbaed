"""How fast work goes, and what is left of it. Pure: the caller brings the time."""

from __future__ import annotations

from collections import deque

# What went on longer ago says nothing of how fast it goes now, unless there is hardly anything since.
_SECONDS = 15.0
_STEPS = 10
_AT_FIRST = 2.0


class Pace:
    """The pace of one piece of work over its last steps, so that it stays true when it changes.

    Args:
        now: When it begins or is taken up, in seconds.
        done: What is done by then.
    """

    def __init__(self, now: float, done: int) -> None:
        self._steps = deque([(now, done)])

    def step(self, now: float, done: int) -> None:
        """Take note of how much is done."""
        steps = self._steps
        if done < steps[-1][1]:
            steps.clear()  # it begins anew
        steps.append((now, done))
        while len(steps) > _STEPS and steps[1][0] <= now - _SECONDS:
            steps.popleft()

    def rate(self, now: float) -> float | None:
        """How many a second; None while that cannot be told. It falls while nothing is heard."""
        then, done_then = self._steps[0]
        done = self._steps[-1][1] - done_then
        return done / (now - then) if done and now - then >= _AT_FIRST else None


def told(done: int, total: int | None, rate: float | None) -> str:
    """What is done and left, how fast it goes and how long it takes.

    Such as `1,200 of 9,000, 7,800 left, 5.0/s, about 26 min to go`.

    Args:
        done: How many are done.
        total: How many there are; None where that is not known.
        rate: How many a second, where that is known.
    """
    if total is None:
        parts = [f"{done:,}" if done else "", _speed(rate)]
    elif done >= total:
        parts = [f"{total:,} of {total:,}"]
    else:
        left = total - done
        time_left = f"about {duration(left / rate)} to go" if rate else ""
        parts = [f"{done:,} of {total:,}", f"{left:,} left", _speed(rate), time_left]
    return ", ".join(filter(None, parts))


def duration(seconds: float) -> str:
    """`40 s`, `26 min`, `3 h 20 min`."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if hours >= 2 else f"{minutes} min"


def _speed(rate: float | None) -> str:
    """`1,200/s`, `4.9/s`, `6/min`."""
    if rate is None:
        return ""
    if rate < 0.5:
        return f"{rate * 60:.0f}/min" if rate * 60 >= 1 else ""
    return f"{rate:,.0f}/s" if rate >= 100 else f"{rate:.1f}/s"
