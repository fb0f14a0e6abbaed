"""What an account has besides customers: price lists, sales reps, the definitions of attributes."""

from __future__ import annotations

from collections.abc import Iterable

from wizsync.api import PriceList, SalesRep, WizCommerce
from wizsync.model import Attribute, Entry, Lists

# A status that says nothing counts as active: whether the lists show it is not documented.
_ACTIVE = frozenset({"", "active"})


async def read_lists(
    client: WizCommerce, *, price_lists: bool, sales_reps: bool, attributes: Iterable[str]
) -> Lists:
    """Read what is asked for, each list once.

    Args:
        client: The account's client.
        price_lists: The price lists too.
        sales_reps: The sales reps too.
        attributes: Entities of ENTITIES of which the definitions too.
    """
    return Lists(
        price_lists=tuple([_price_list(each) async for each in client.price_lists()])
        if price_lists
        else None,
        sales_reps=tuple([_sales_rep(each) async for each in client.sales_reps()])
        if sales_reps
        else None,
        attributes={
            entity: tuple(
                [
                    Attribute(
                        each.id,
                        each.name,
                        each.data_type or "text",
                        tuple(str(option) for option in each.options or ()),
                    )
                    async for each in client.attributes(entity)
                ]
            )
            for entity in attributes
        },
    )


def _price_list(each: PriceList) -> Entry:
    return Entry(each.id, each.name or "", each.reference_id or "", active=_is_active(each.status))


def _sales_rep(each: SalesRep) -> Entry:
    name = " ".join(filter(None, (each.first_name, each.last_name)))
    return Entry(each.id, name, email=each.email or "", active=_is_active(each.status))


def _is_active(status: str | None) -> bool:
    return (status or "").strip().casefold() in _ACTIVE
