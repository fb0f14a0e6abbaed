"""How long something will take, said before it begins."""

from __future__ import annotations

from collections.abc import Callable

# What takes no longer, in seconds, is not worth a word.
LONG = 10.0


class Foretelling:
    """Says how long many requests will take.

    Args:
        rate: How many requests a second are sent by now.
        tell: Told a sentence; None: nobody is.
    """

    def __init__(
        self,
        rate: Callable[[], float] = lambda: 1.0,
        tell: Callable[[str], None] | None = None,
    ) -> None:
        self._rate = rate
        self._tell = tell

    def say(self, what: str, requests: int, then: Callable[[], str] = lambda: "") -> None:
        """Say it, where it is long.

        Args:
            what: What is done, such as `Reading 9,000 details`.
            requests: How many requests that takes.
            then: What follows, a sentence.
        """
        if self._tell is not None and self.seconds(requests) > LONG:
            time = f"{what}: {self.time(requests)} at {self._rate():.3g} requests a second."
            self._tell(" ".join(filter(None, (time, then()))))

    def time(self, requests: int) -> str:
        """How long so many requests take, for people."""
        return f"about {_for_people(self.seconds(requests))}"

    def seconds(self, requests: int) -> float:
        """The same in seconds."""
        return requests / self._rate()


def _for_people(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds)):.0f} s"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
