"""How long is waited for a server."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """How long is waited for a server; all in seconds.

    Args:
        timeout: For each of connecting, sending, and waiting for the next piece of an answer. A whole
            exchange may take four times as long.
        back_off: What the first wait after a failure lasts at most; each further one is up to twice as
            long, up to 30 s.
        outage: How long a server that has answered before may be out of order. Meanwhile all requests
            wait, and only now and then one customer is asked for.
    """

    timeout: float = 30.0
    back_off: float = 1.0
    outage: float = 300.0
