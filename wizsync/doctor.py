"""What is right, wrong and unknown about this machine and an account: read-only, printing nothing."""

from __future__ import annotations

import asyncio
import os
import shutil
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from wizsync.api import CustomerPage, Dialect, ListEncoding, WizCommerce
from wizsync.errors import ApiError
from wizsync.observed import DOCUMENTED_STATUSES, PAGE_SIZE, FilterUnusable, ask, askable
from wizsync.settings import Connection

_LITTLE_ROOM = 500 * 1024 * 1024


class Verdict(StrEnum):
    """What came of looking."""

    RIGHT = "right"
    WRONG = "wrong"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, and what came of it.

    Args:
        name: What was looked at, for people.
        verdict: Right, wrong, or not to be known.
        message: What was seen, a sentence.
        hint: What to do about it, or None.
    """

    name: str
    verdict: Verdict
    message: str
    hint: str | None = None


def examine_folder(folder: Path) -> Iterator[Finding]:
    """Whether the state folder can be written to, and its disk has room.

    Args:
        folder: The state folder; it need not be there yet.
    """
    place = next(one for one in (folder, *folder.parents) if one.exists())
    probe = place / f".wizsync-probe-{uuid.uuid4().hex}"
    try:
        with probe.open("xb") as file:
            file.write(b"wizsync")
            file.flush()
            os.fsync(file.fileno())
        probe.unlink()
    except OSError as error:
        yield Finding(
            "state folder",
            Verdict.WRONG,
            f"{place} cannot be written to: {error.strerror}.",
            "Name another with --state-dir, or mend its permissions.",
        )
        return
    yield Finding("state folder", Verdict.RIGHT, f"{folder} can be written to.")
    free = shutil.disk_usage(place).free
    room = f"{free / 1024**3:,.1f} GB are free."
    if free < _LITTLE_ROOM:
        yield Finding(
            "disk", Verdict.WRONG, room, "Make room: a large run keeps its journal there."
        )
    else:
        yield Finding("disk", Verdict.RIGHT, room)


def examine_account(connection: Connection) -> Iterator[Finding]:
    """Whether an account can be reached and read, and how it answers; by a handful of reads.

    Args:
        connection: Whom to talk to.
    """
    yield from asyncio.run(_examine_account(connection))


async def _examine_account(connection: Connection) -> list[Finding]:
    findings: list[Finding] = []
    async with WizCommerce(
        connection.url,
        connection.key,
        dialect=connection.dialect,
        rate=connection.rate,
        timing=connection.timing,
    ) as wiz:
        try:
            dialect = await wiz.detect()
            findings.append(_reached(connection))
            pages = {
                status: await wiz.customers.list(
                    page_size=PAGE_SIZE, status=status, sort_by="created_at", sort="asc"
                )
                for status in DOCUMENTED_STATUSES
            }
            findings += [_accepted(pages, dialect), *_paging(pages[DOCUMENTED_STATUSES[0]])]
            findings.append(await _look_ups(wiz, pages[DOCUMENTED_STATUSES[0]]))
        except ApiError as error:
            findings.append(_failed(error))
            return findings
    findings.append(_NEVER_KNOWN)
    return findings


def _failed(error: ApiError) -> Finding:
    name = {"unreachable": "address", "key_refused": "key"}.get(error.reason, "API")
    return Finding(name, Verdict.WRONG, error.message, error.hint)


def _reached(connection: Connection) -> Finding:
    secured = ", and its certificate is trusted" if connection.url.startswith("https") else ""
    return Finding("address", Verdict.RIGHT, f"{connection.url} answers{secured}.")


def _accepted(pages: dict[str, CustomerPage], dialect: Dialect) -> Finding:
    counts = ", ".join(f"{_number(page)} {status}" for status, page in pages.items())
    return Finding(
        "key",
        Verdict.RIGHT,
        f"It is accepted, in the {dialect.name} dialect. Customers: {counts}.",
    )


def _number(page: CustomerPage) -> str:
    """How many customers a status has, as far as its first page tells."""
    if page.total_records is not None:
        return f"{page.total_records:,}"
    shown = len(page.customers)
    return f"{shown:,} or more" if shown == page.page_size else f"{shown:,}"


def _paging(page: CustomerPage) -> Iterator[Finding]:
    shown = len(page.customers)
    if page.total_records is not None and shown < min(PAGE_SIZE, page.total_records):
        message = f"Of {PAGE_SIZE} customers asked for, a page held {shown}."
        yield Finding("pages", Verdict.UNKNOWN, message, "Reading takes more requests, no more.")
    created = [customer.created_at for customer in page.customers]
    times = [time for time in created if time is not None]
    if len(times) < 2:
        message = "There are too few customers to see whether lists come in the order of creation."
        yield Finding("order", Verdict.UNKNOWN, message)
    elif times == sorted(times):
        yield Finding("order", Verdict.RIGHT, "Lists come in the order of creation, as asked.")
    else:
        yield Finding(
            "order",
            Verdict.WRONG,
            "Lists do not come in the order that was asked for.",
            "Let nothing else write to the account while wizsync reads it, and tell WizCommerce.",
        )


async def _look_ups(wiz: WizCommerce, page: CustomerPage) -> Finding:
    keys = [
        customer.reference_id
        for customer in page.customers
        if customer.reference_id and askable(customer.reference_id, ListEncoding.COMMA)
    ]
    if len(keys) < 2:
        message = "There are too few customers with a referenceId to try look-ups."
        return Finding("look-ups", Verdict.UNKNOWN, message)
    for encoding in ListEncoding:
        if await _finds(wiz, keys[:1], keys[-1], encoding):
            message = f"Customers can be looked up by referenceId (several: {encoding.value})."
            return Finding("look-ups", Verdict.RIGHT, message)
    return Finding(
        "look-ups",
        Verdict.UNKNOWN,
        "Customers cannot be looked up by referenceId as documented.",
        "wizsync reads the account whole instead: safe, but it takes more requests.",
    )


async def _finds(
    wiz: WizCommerce, keys: Sequence[str], canary: str, encoding: ListEncoding
) -> bool:
    status = DOCUMENTED_STATUSES[0]
    try:
        rows = await ask(wiz.customers, keys, {status: canary}, [status], encoding)
    except FilterUnusable:
        return False
    return {row["referenceId"] for row in rows} == set(keys)


_NEVER_KNOWN = Finding(
    "the rest",
    Verdict.UNKNOWN,
    "Reading does not tell whether referenceIds must be unique, what a delete leaves behind, and how "
    "soon lists show a write.",
    "wizsync is safe either way; docs/unknowns.md says how.",
)
