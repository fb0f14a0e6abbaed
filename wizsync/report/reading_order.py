"""The order in which a person wants to read of customers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from wizsync.model import Change, ChangeKind, Conflict
from wizsync.report.verdicts import Standing, Verdicts

_Customer = TypeVar("_Customer", bound=Change | Conflict)

_STANDINGS = {standing: 10 * number for number, standing in enumerate(Standing)}
# What is gravest comes first among the customers that stand alike.
_GRAVITY = {ChangeKind.DELETE: 0, ChangeKind.RENAME: 1, ChangeKind.UPDATE: 2, ChangeKind.CREATE: 2}


def in_reading_order(judged: Verdicts, customers: Iterable[_Customer]) -> list[_Customer]:
    """The customers that leave something to do first, then as the file has them.

    One leaves something to do, too, if an address or a contact does; of those that stand alike the
    gravest kind comes first.

    Args:
        judged: The run.
        customers: Of its plan.
    """

    def rank(customer: _Customer) -> int:
        if isinstance(customer, Change):
            return _STANDINGS[judged.gravest(customer)] + _GRAVITY[customer.kind]
        return _STANDINGS[Standing.CONFLICT]

    # Two sorts by numbers that are there take less memory than one by a new tuple for each customer.
    ordered = sorted(customers, key=lambda one: one.rows[0].number if one.rows else 0)
    ordered.sort(key=rank)
    return ordered
