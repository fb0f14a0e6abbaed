"""What was asked of the server: counts of requests, and each write."""

from __future__ import annotations

import threading
from collections import Counter, deque
from dataclasses import asdict, dataclass
from typing import Any

from wizsync.sandbox import clock

OPERATIONS = ("list", "get", "create", "update", "delete", "child", "other")
WRITING_METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_BY_METHOD = {
    ("GET", 1): "list",
    ("POST", 1): "create",
    ("GET", 2): "get",
    ("PATCH", 2): "update",
    ("DELETE", 2): "delete",
}
_KEPT_WRITES = 200_000
# What counts call the status of an answer that never went back.
LOST = "lost"


@dataclass(slots=True)
class Write:
    """One request that wanted to write, from its arrival on; filled in as it goes its way.

    Args:
        number: Its place among all requests since the start, reads too, in the order of arrival.
        account: The name of the account it was for.
        operation: One of OPERATIONS.
        method: The HTTP method.
        path: The path without the host.
        sent: The body's JSON as it was sent; None where there was none.
        reference_id: The referenceId that was sent, else that of the customer concerned, if any.
        customer_id: The customer concerned, if there is one.
        kind: `addresses` or `contacts`, of a request to one of their endpoints.
        child_id: The address or contact concerned, if there is one; of a POST, the one answered.
        at_start: When it arrived, in seconds since 1970.
        at: When the server was through with it, done or not; None: it is not yet.
        done: Whether it was done, whatever the client heard of it.
        status: The HTTP status that went back; None: none did, or not yet.
        fault: The fault that struck it; several with a plus sign between them.
    """

    number: int
    account: str
    operation: str
    method: str
    path: str
    sent: Any
    reference_id: str | None
    customer_id: str | None
    kind: str | None
    child_id: str | None
    at_start: float
    at: float | None = None
    done: bool = False
    status: int | None = None
    fault: str | None = None


class Ledger:
    """Counts requests and keeps the writes. May be used from any thread."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._counts: Counter[tuple[str, str]] = Counter()
        self._writes: deque[Write] = deque(maxlen=_KEPT_WRITES)
        self._arrived = 0
        self._open = 0

    def arrived(self, request: Write) -> None:
        """Take note of a request; its number is set."""
        with self._changed:
            self._arrived += 1
            self._open += 1
            request.number = self._arrived
            if request.method in WRITING_METHODS:
                self._writes.append(request)

    def worked(self, request: Write, *, done: bool, **found: str | None) -> None:
        """Take note that the server is through with a request; `found` are fields known by then."""
        with self._changed:
            request.at = clock.steady()
            request.done = done
            for name, value in found.items():
                setattr(request, name, value)

    def answered(self, request: Write, status: int | None) -> None:
        """Take note of what goes back; None: nothing does."""
        with self._changed:
            request.status = status
            self._counts[request.operation, LOST if status is None else str(status)] += 1

    def left(self) -> None:
        """Take note that nothing more will come of a request."""
        with self._changed:
            self._open -= 1
            self._changed.notify_all()

    def wait(self, seconds: float) -> int:
        """Wait until nothing is open any more, at most so long; returns how many requests still are."""
        with self._changed:
            self._changed.wait_for(lambda: not self._open, seconds)
            return self._open

    def counts(self) -> dict[str, Any]:
        """Requests since the start or the last reset.

        Returns:
            `total`; `operations`, each operation to its number; `statuses`, each status (a text; `lost`
            where no answer went back) to its number; `answers`, each operation to its statuses.
        """
        with self._changed:
            counts = dict(self._counts)
        operations = dict.fromkeys(OPERATIONS, 0)
        statuses: Counter[str] = Counter()
        answers: dict[str, dict[str, int]] = {operation: {} for operation in OPERATIONS}
        for (operation, status), number in sorted(counts.items()):
            operations[operation] += number
            statuses[status] += number
            answers[operation][status] = number
        return {
            "total": sum(operations.values()),
            "operations": operations,
            "statuses": dict(statuses),
            "answers": answers,
        }

    def writes(self) -> list[dict[str, Any]]:
        """The writes since the start or the last reset, in the order of arrival, as Write's fields."""
        with self._changed:
            return [asdict(write) for write in self._writes]

    def reset(self) -> None:
        """Forget everything but what is open."""
        with self._changed:
            self._counts.clear()
            self._writes.clear()


def operation(method: str, path: str) -> str:
    """The operation a request is, by its method and its path."""
    parts = path.strip("/").split("/")
    if parts[:2] != ["v1", "customers"]:
        return "other"
    return "child" if len(parts) > 3 else _BY_METHOD.get((method, len(parts) - 1), "other")
