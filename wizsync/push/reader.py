"""How the account is read while it is written to, and how what is read is compared."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Protocol

from wizsync.api import Address, Contact, CustomerDetails, Definitions
from wizsync.model import Found

# A customer as it was read: field to text, those of attributes and children among them.
Row = Mapping[str, str]

# Whether two texts of a field are the same: (field, left, right).
Same = Callable[[str, str, str], bool]


class Reader(Protocol):
    """How the account is read while it is written to.

    Args:
        attributes: Entity to what is known of its attributes.
    """

    attributes: dict[str, Definitions]

    @property
    def showed_nobody(self) -> bool:
        """Whether the account was read whole, and its lists showed no customer at all."""

    async def look_up(
        self,
        wanted: Mapping[str, str | None],
        fields: Mapping[str, Collection[str]],
        whole: Collection[str] = (),
    ) -> Found:
        """Who has these referenceIds just now; each with the id known to have it, or None.

        One who is known is found even where it has another referenceId by now. `fields`: of whom
        what must be read; `whole`: of whom everything, by a get of their own.
        """

    async def listed(self, keys: Sequence[str]) -> frozenset[str]:
        """Which of the keys the lists show just now, whoever is known besides."""

    async def by_id(self, customer_ids: Sequence[str], doing: str) -> dict[str, Row]:
        """Customers by id, with every field; those that are gone are left out."""

    def take(self, customer_id: str | None) -> Row | None:
        """A customer that is about to be written to, as it was read a moment ago; it is kept no more."""

    def answered(self, answer: CustomerDetails | Address | Contact, before: Row | None) -> None:
        """Keep what the answer to a write told, for the next run.

        `before` is, for a child, its customer right before; None: that does not tell what it is now.
        """
