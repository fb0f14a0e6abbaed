"""What is sent, before it is sent, and within which limits."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum

from wizsync.errors import UsageError
from wizsync.model import AUTO, Rate, Timing


class Operation(StrEnum):
    """What requests are counted as: the fields of `wizsync.model.Requests`."""

    LIST = "list"
    GET = "get"
    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    CHILD = "child"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Call:
    """One request, before it is sent.

    Args:
        method: `GET`, `POST`, …
        path: Below the base URL, from its slash on, ids quoted.
        operation: What it is counted as.
        query: Names and values; a name may stand more than once.
        body: Sent as JSON.
        harmless: Done twice it is as good as done once: it changes nothing.
        answered: A 2xx has a body that matters.
        looked_at: When what it rests on was looked at, a moment of `time.monotonic`. Where that is too long
            ago when its turn comes, or the client has paused since, it is not sent.
    """

    method: str
    path: str
    operation: Operation
    query: tuple[tuple[str, str], ...] = ()
    body: Mapping[str, object] | None = field(default=None, repr=False)
    harmless: bool = False
    answered: bool = True
    looked_at: float = math.inf

    @property
    def doing(self) -> str:
        """What a key must be allowed to do for it, as in "may not …"."""
        if self.operation is Operation.CHILD:
            return f"{_TO_A_CHILD.get(self.method, 'use')} addresses and contacts"
        return _DOING.get(self.operation, f"use {self.path}")


_DOING = {
    Operation.LIST: "list customers",
    Operation.GET: "read customers",
    Operation.CREATE: "create customers",
    Operation.UPDATE: "change customers",
    Operation.DELETE: "delete customers",
}
_TO_A_CHILD = {"GET": "read", "POST": "add", "PUT": "change", "DELETE": "remove"}


@dataclass(frozen=True, slots=True)
class Limits:
    """How requests are paced and repeated.

    Args:
        rate: Requests a second, or to find out how many the account takes.
        attempts: How often one request may fail.
        timing: How long is waited.

    Raises:
        UsageError: A number is out of its range.
    """

    rate: Rate = AUTO
    attempts: int = 5
    timing: Timing = field(default_factory=Timing)

    def __post_init__(self) -> None:
        if self.attempts < 1:
            raise UsageError(f"A request cannot be attempted {self.attempts} times.")
        for name, seconds in asdict(self.timing).items():
            if not (math.isfinite(seconds) and seconds > 0):
                what = name.replace("_", "-").replace("timeout", "time-out")
                raise UsageError(f"A {what} of {seconds} seconds cannot be kept.")
