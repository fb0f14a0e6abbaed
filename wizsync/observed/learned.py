"""What is learned of an account while it is read: facts to remember, and notes for people."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from wizsync.api import CustomerDetails, Definitions, WizCommerce
from wizsync.errors import RequestRefused, Throttled
from wizsync.observed.rows import definitions_in
from wizsync.observed.statuses import DOCUMENTED_STATUSES
from wizsync.state.protocol import Facts


@dataclass
class Learned:
    """What is known of an account by now.

    Args:
        facts: What is remembered of it between runs.
        notes: What was met that a person should know, a sentence each.
        attributes: Entity to what is known of its attributes, which their values are written by.
    """

    facts: Facts
    notes: list[str] = field(default_factory=list)
    attributes: dict[str, Definitions] = field(default_factory=dict)
    _unlistable: set[str] = field(default_factory=set)

    @property
    def statuses(self) -> tuple[str, ...]:
        """The statuses that are asked for."""
        return DOCUMENTED_STATUSES + self.facts.statuses

    @property
    def with_canary(self) -> tuple[str, ...]:
        """The statuses of which somebody is known by whom look-ups are believed."""
        return tuple(status for status, keys in self.facts.canaries.items() if keys)

    def define(self, customer: CustomerDetails) -> None:
        """Take over the definitions of attributes that a customer's details tell."""
        for entity, known in definitions_in(customer).items():
            self.attributes[entity] = {**self.attributes.get(entity, {}), **known}

    async def meet(self, statuses: Collection[str], client: WizCommerce) -> None:
        """Take note of statuses that nobody told of, if the account has lists of them."""
        for status in sorted({*statuses} - {"", *self.statuses, *self._unlistable}):
            unheard = (
                f'The account has customers of the status "{status}", which is not documented. '
            )
            try:
                await client.customers.list(page_size=1, status=status)
            except Throttled:
                raise
            except RequestRefused:
                # Remembered, it would make every later read fail.
                self._unlistable.add(status)
                self.notes.append(
                    f"{unheard}It has no list of them: they are seen one by one only."
                )
            else:
                self.facts = replace(self.facts, statuses=(*self.facts.statuses, status))
                self.notes.append(f"{unheard}From now on they are read as well.")
