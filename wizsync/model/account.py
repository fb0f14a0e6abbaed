"""Whom we write to, and the customers that do exist."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd


@dataclass(frozen=True, slots=True)
class Account:
    """Whom we write to: an address and a salted one-way fingerprint of the key.

    Args:
        url: The base URL.
        salt: Hex; drawn once for a state folder.
        fingerprint: Hex; see `wizsync.settings.fingerprint`.
        target: The name the user gave it, or the URL.
    """

    url: str
    salt: str
    fingerprint: str
    target: str

    @property
    def name(self) -> str:
        """A short name for people and files, the same for the same URL and key in one state folder."""
        host = self.url.split("://", 1)[-1].split("/", 1)[0].replace(":", "-")
        return f"{host}-{self.fingerprint[:10]}"


@dataclass(frozen=True)
class Snapshot:
    """The customers that do exist, one row each, in the shape of a Desired.

    Args:
        customers: Index 0…n-1; the `str` columns `id`, `referenceId` ("" for none), `status`,
            `updatedAt`, and one for each field that was read: missing not read, "" empty.
        complete: Every status of the account was read to its end, so that absence is proof; else
            only the customers asked for are here.
        total: Customers in the account (every status) by this read, or by the last count where this
            read looked up only some; None where nobody counted yet.
        notes: What was met that a person should know, a sentence each.
    """

    customers: pd.DataFrame
    complete: bool
    total: int | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What a look-up by referenceIds found in the account just now.

    Args:
        customers: referenceId to the customers that have it (more than one: doubled), each a mapping
            of `id`, `status`, `updatedAt` and the fields read, field to text.
        missing: Asked keys that are proven absent.
    """

    customers: Mapping[str, Sequence[Mapping[str, str]]]
    missing: frozenset[str]
