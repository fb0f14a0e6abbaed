"""A request as it arrives: what it asks for and whom it is about, before anything is done."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import QueryParams
from starlette.types import Message, Receive, Scope

from wizsync.sandbox.ledger import WRITING_METHODS, operation
from wizsync.sandbox.store import CHILD_COLUMNS
from wizsync.sandbox.tenants import Tenant

# More is not read ahead; what then asks for it refuses it.
_READ_AHEAD = 2_100_000


@dataclass(frozen=True)
class Arrival:
    """One request.

    Args:
        account: The name of the account it is for.
        operation: One of OPERATIONS.
        method: The HTTP method.
        path: The path without the host.
        query: The query as it came.
        messages: The body as it came.
        sent: The body, where it is JSON.
        customer_id: The id in the path, if there is one.
        child_id: The child's id in the path, if there is one.
        kind: `addresses` or `contacts`, of a request to one of their endpoints.
        keys: The referenceIds it is about: of a create the one in its body, of a list those it asks
            for, else that of the customer.
    """

    account: str
    operation: str
    method: str
    path: str
    query: str
    messages: Sequence[Message]
    sent: Any
    customer_id: str | None
    child_id: str | None
    kind: str | None
    keys: frozenset[str]

    @classmethod
    async def read(cls, scope: Scope, receive: Receive, tenant: Tenant) -> Arrival | None:
        """Read a request; None where the client left before it had said all."""
        method, path = scope["method"], scope["path"]
        messages = await _body(receive) if method in WRITING_METHODS else ()
        if messages is None:
            return None
        parts = path.strip("/").split("/")
        own = parts[2:] if parts[:2] == ["v1", "customers"] else []
        query = scope["query_string"].decode("latin-1")
        # A log-in's body is nobody's business.
        sent = _parsed(messages) if parts[0] == "v1" else None
        match asked := operation(method, path):
            case "list":
                keys = _asked_for(query)
            case "create":
                keys = _named_in(sent)
            case _:
                known = tenant.account.reference_id(own[0]) if own else None
                keys = [known] if known else []
        return cls(
            account=tenant.name,
            operation=asked,
            method=method,
            path=path,
            query=query,
            messages=messages,
            sent=sent,
            customer_id=own[0] if own else None,
            child_id=own[2] if len(own) > 2 else None,
            kind=own[1] if len(own) > 1 and own[1] in CHILD_COLUMNS else None,
            keys=frozenset(keys),
        )

    @property
    def reference_id(self) -> str | None:
        """The referenceId it is about, where it is a single one."""
        return next(iter(self.keys)) if len(self.keys) == 1 and self.operation != "list" else None

    @property
    def page(self) -> int:
        """The page of a list, from 1; 0 of anything else."""
        if self.operation != "list":
            return 0
        text = QueryParams(self.query).get("page", "1")
        return int(text[:9]) if text.isascii() and text.isdigit() else 1

    @property
    def filtered(self) -> bool:
        """Whether it is a list that asks for referenceIds."""
        return self.operation == "list" and bool(self.keys)

    @property
    def identity(self) -> str:
        """What makes it the same request again, whatever ids the server gave."""
        whom = " ".join(sorted(self.keys)) or self.customer_id or self.path
        return f"{self.account} {self.operation} {self.method} {self.kind} {whom} {self.query}"

    def replayed(self, receive: Receive) -> Receive:
        """A `receive` that gives the body once more, and then what comes."""
        messages = iter(self.messages)

        async def next_message() -> Message:
            for message in messages:
                return message
            return await receive()

        return next_message


def _asked_for(query: str) -> list[str]:
    asked = QueryParams(query)
    values = asked.getlist("reference_ids") + asked.getlist("referenceIds")
    return [key.strip() for value in values for key in value.split(",") if key.strip()]


def _named_in(body: Any) -> list[str]:
    values = (
        [body.get(name) for name in ("reference_id", "referenceId")]
        if isinstance(body, dict)
        else []
    )
    return [value for value in values if value and isinstance(value, str)]


async def _body(receive: Receive) -> list[Message] | None:
    messages: list[Message] = []
    length = 0
    while length <= _READ_AHEAD:
        message = await receive()
        if message["type"] != "http.request":
            return None
        messages.append(message)
        length += len(message.get("body", b""))
        if not message.get("more_body", False):
            break
    return messages


def _parsed(messages: Sequence[Message]) -> Any:
    body = b"".join(message.get("body", b"") for message in messages)
    try:
        return json.loads(body.decode()) if body else None
    except (ValueError, RecursionError):
        return None
