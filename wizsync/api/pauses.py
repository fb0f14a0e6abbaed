"""How a client waits where its server asks for it."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable
from http import HTTPStatus

from wizsync.api.exchange import Reply
from wizsync.api.pacer import Pacer, Turn
from wizsync.api.rate_headers import rate_words
from wizsync.api.retry import pause_after_429, retry_after_seconds, server_time

LONGEST_RETRY_AFTER = 15 * 60.0
# Waits shorter than this are nobody's business.
NOTABLE_WAIT = 1.0
# The pause after which what a write rests on may no longer be taken for what is. Shorter ones are part of the
# pace, and a server that asks for one after each write would else see nothing but looks.
LONG_PAUSE = 5.0


class Pauses:
    """Makes a pacer do what answers ask for.

    Args:
        pacer: The client's.
        back_off: Seconds that the first pause after a 429 that names none lasts at most.
        on_wait: Told why and how long, at waits that a person should know of.
    """

    def __init__(
        self, pacer: Pacer, back_off: float, on_wait: Callable[[str, float], None] | None
    ) -> None:
        self._pacer = pacer
        self._back_off = back_off
        self._on_wait = on_wait
        self._throttled_in_a_row = 0
        # When requests were last held for long, a moment of time.monotonic.
        self.held_at = -math.inf

    def heed(self, reply: Reply, turn: Turn) -> float | None:
        """Pauses every request of this client, or changes its rate, where an answer asks for it.

        Args:
            reply: The answer.
            turn: How the request had left.

        Returns:
            The seconds that a 429 or 503 names, if it does. If they are more than 15 minutes, they are
            not for the pacer to wait.
        """
        throttled = reply.status == HTTPStatus.TOO_MANY_REQUESTS
        if not throttled:
            self._throttled_in_a_row = 0
        now = server_time(reply.headers.get("Date"))
        asked = None
        if throttled or reply.status == HTTPStatus.SERVICE_UNAVAILABLE:
            asked = retry_after_seconds(reply.headers.get("Retry-After"), now=now)
        if asked is not None and asked > LONGEST_RETRY_AFTER:
            return asked
        if asked is not None:
            self._pause(asked)
        elif throttled and not self._pacer.paused:
            times = self._throttled_in_a_row
            self._throttled_in_a_row += 1
            self._pause(pause_after_429(self._back_off, times, chance()))
        if throttled:
            self._pacer.refused(turn)
        elif reply.status < HTTPStatus.INTERNAL_SERVER_ERROR:
            self._pacer.passed(turn)
        used_up = self._pacer.told(rate_words(reply.headers, now=now))
        if 0 < used_up <= LONGEST_RETRY_AFTER:
            self._pause(used_up)
        return asked

    def tell(self, reason: str, seconds: float) -> None:
        """Tell of a wait, if it is one that a person should know of."""
        if self._on_wait is not None and seconds >= NOTABLE_WAIT:
            self._on_wait(reason, seconds)

    def _pause(self, seconds: float) -> None:
        if seconds >= LONG_PAUSE:
            self.held_at = time.monotonic()
        if self._pacer.pause(seconds):
            self.tell("The server asks for fewer requests.", seconds)


def chance() -> float:
    """A number from 0 to 1 at random: it keeps clients apart, and hides nothing."""
    return random.random()  # noqa: S311
