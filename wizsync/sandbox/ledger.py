"""What was asked of the server: counts of requests, and each write."""

from __future__ import annotations

import threading
from collections import Counter, deque
from dataclasses import asdict, dataclass
from typing import Any

OPERATIONS = ("list", "get", "create", "update", "delete", "child", "other")
_WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_BY_METHOD = {
    ("GET", 1): "list",
    ("POST", 1): "create",
    ("GET", 2): "get",
    ("PATCH", 2): "update",
    ("DELETE", 2): "delete",
}
_KEPT_WRITES = 200_000


@dataclass(frozen=True, slots=True)
class Write:
    """One request that wanted to write.

    Args:
        at: When its answer was known, in seconds since 1970.
        operation: One of OPERATIONS.
        method: The HTTP method.
        path: The path without the host.
        reference_id: The referenceId that was sent, else that of the customer concerned, if any.
        customer_id: The customer concerned, if there is one.
        kind: `addresses` or `contacts`, of a request to one of their endpoints.
        child_id: The address or contact concerned, if there is one; of a POST, the one answered.
        status: The answer's HTTP status.
    """

    at: float
    operation: str
    method: str
    path: str
    reference_id: str | None
    customer_id: str | None
    kind: str | None
    child_id: str | None
    status: int


class Ledger:
    """Counts requests and keeps the writes. May be used from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[tuple[str, int]] = Counter()
        self._writes: deque[Write] = deque(maxlen=_KEPT_WRITES)

    def record(self, request: Write) -> None:
        """Take note of an answered request."""
        with self._lock:
            self._counts[request.operation, request.status] += 1
            if request.method in _WRITES:
                self._writes.append(request)

    def counts(self) -> dict[str, Any]:
        """Requests since the start or the last reset.

        Returns:
            `total`; `operations`, each operation to its number; `statuses`, each status (a text) to
            its number; `answers`, each operation to its statuses.
        """
        with self._lock:
            counts = dict(self._counts)
        operations = dict.fromkeys(OPERATIONS, 0)
        statuses: Counter[str] = Counter()
        answers: dict[str, dict[str, int]] = {operation: {} for operation in OPERATIONS}
        for (operation, status), number in sorted(counts.items()):
            operations[operation] += number
            statuses[str(status)] += number
            answers[operation][str(status)] = number
        return {
            "total": sum(operations.values()),
            "operations": operations,
            "statuses": dict(statuses),
            "answers": answers,
        }

    def writes(self) -> list[dict[str, Any]]:
        """The writes since the start or the last reset, oldest first, as Write's fields."""
        with self._lock:
            return [asdict(write) for write in self._writes]

    def reset(self) -> None:
        """Forget everything."""
        with self._lock:
            self._counts.clear()
            self._writes.clear()


def operation(method: str, path: str) -> str:
    """The operation a request is, by its method and its path."""
    parts = path.strip("/").split("/")
    if parts[:2] != ["v1", "customers"]:
        return "other"
    return "child" if len(parts) > 3 else _BY_METHOD.get((method, len(parts) - 1), "other")
