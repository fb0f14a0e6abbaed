"""Readers of accounts: what a test does not say is the plainest thing that works."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Protocol

from wizsync.api import Timing, WizCommerce
from wizsync.model import Snapshot
from wizsync.observed import AccountReader
from wizsync.state import Facts


class Server(Protocol):
    """A sandbox, or what stands before one."""

    base_url: str
    key: str


@asynccontextmanager
async def client_of(server: Server, dialect: str = "auto") -> AsyncIterator[WizCommerce]:
    """An open client, fast, that gives up soon."""
    async with WizCommerce(
        server.base_url,
        server.key,
        dialect=dialect,
        rate=2000,
        attempts=2,
        timing=Timing(timeout=5, back_off=0.01),
    ) as client:
        yield client


@asynccontextmanager
async def reading(
    server: Server,
    *,
    dialect: str = "auto",
    facts: Facts | None = None,
    created: Mapping[str, str] | None = None,
) -> AsyncIterator[AccountReader]:
    """A reader of a server's account."""
    async with client_of(server, dialect) as client:
        yield AccountReader(client, facts or Facts(), created or {})


def keys_of(customers: list[dict[str, Any]], status: str | None = None) -> list[str]:
    """The referenceIds of a sandbox's customers, of one status or all."""
    return [
        c["reference_id"] for c in customers if c["reference_id"] and status in (None, c["status"])
    ]


def keys_in(snapshot: Snapshot) -> set[str]:
    """The referenceIds that a snapshot shows."""
    return set(snapshot.customers["referenceId"]) - {""}
