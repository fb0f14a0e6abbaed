"""Whether the server is in order. Arithmetic alone: the caller brings the time and the chance."""

from __future__ import annotations

from dataclasses import dataclass

from wizsync.api.retry import longest_wait

# One less than the attempts of a request: a list, whose pages are asked for one after the other, then
# lives through a server's restart as well. Opening for nothing costs a pause of a second and a request.
FAILURES_IN_A_ROW = 4


@dataclass(slots=True)
class Breaker:
    """Open while nothing is answered; then only probes leave, until one is answered.

    A server that has never answered is not waited for: its address may be wrong.

    Args:
        first: Seconds that the first pause before a probe lasts at most.
        outage: Seconds of failing probes after which it is over.
        answers: Whether there was ever a usable answer.
        failures: Failures in a row.
        probes: Pauses made since it opened.
        probing_since: When the first of them began.
    """

    first: float
    outage: float
    answers: bool = False
    failures: int = 0
    probes: int = 0
    probing_since: float = 0.0

    def answered(self) -> None:
        """An answer came that a server in order gives, were it a refusal."""
        self.answers, self.failures, self.probes = True, 0, 0

    def failed(self) -> None:
        """No answer came, or one that only a server out of order gives."""
        self.failures += 1

    @property
    def is_open(self) -> bool:
        """Whether nothing but a probe may leave."""
        return self.answers and self.failures >= FAILURES_IN_A_ROW

    def pause(self, now: float, chance: float) -> float:
        """Seconds until the next probe: exponential, full jitter, capped.

        Args:
            now: The time in seconds.
            chance: At random from 0 to 1.
        """
        if not self.probes:
            self.probing_since = now
        whole = longest_wait(self.first, self.probes)
        self.probes += 1
        return whole * chance

    def is_over(self, now: float) -> bool:
        """Whether probes have failed for so long that nobody should wait any more."""
        return self.probes > 0 and now - self.probing_since >= self.outage
