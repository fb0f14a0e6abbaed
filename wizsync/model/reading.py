"""How an account was read: the ways there were, and the one that was taken."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Way:
    """One way to learn what is needed of an account, and its price.

    Args:
        name: A word for programs.
        lists: Lists of customers that it asks for.
        gets: Customers that it asks for one by one.
        at_least: It may take more: nobody has counted the account yet.
        against: Why it is not taken, whatever it costs; "" where it may be.
        factor: How many times over its lists count in the choice, since they may be in vain.
    """

    name: str
    lists: int
    gets: int
    at_least: bool = False
    against: str = ""
    factor: int = 1

    @property
    def requests(self) -> int:
        """Its price."""
        return self.lists + self.gets


@dataclass(frozen=True, slots=True)
class Reading:
    """How an account was read for a plan.

    Args:
        ways: What was weighed, before anything was read.
        chosen: The name of the way that was chosen; where it led nowhere, everybody was read after all.
        details: Of how many customers more was needed than the lists showed.
        kept: Of how many of them what is kept from earlier reads still held.
        lists: Lists of customers that were asked for.
        gets: Customers that were asked for one by one.
    """

    ways: tuple[Way, ...]
    chosen: str
    details: int
    kept: int
    lists: int
    gets: int
