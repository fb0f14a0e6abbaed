"""What an account has besides customers: price lists, sales reps, the definitions of attributes."""

from __future__ import annotations

from wizsync.api import Attribute as AttributeRead
from wizsync.api import PriceList, SalesRep, WizCommerce
from wizsync.model import Attribute, Entry

# A status that says nothing counts as active: whether the lists show it is not documented.
_ACTIVE = frozenset({"", "active"})


async def read_price_lists(client: WizCommerce) -> tuple[Entry, ...]:
    """The account's price lists."""
    return tuple([_price_list(each) async for each in client.price_lists()])


async def read_sales_reps(client: WizCommerce) -> tuple[Entry, ...]:
    """The account's sales reps."""
    return tuple([_sales_rep(each) async for each in client.sales_reps()])


async def read_attributes(client: WizCommerce, entity: str) -> tuple[Attribute, ...]:
    """The definitions of an entity's attributes."""
    return tuple([_attribute(each) async for each in client.attributes(entity)])


def _attribute(each: AttributeRead) -> Attribute:
    options = tuple(str(option) for option in each.options or ())
    return Attribute(each.id, each.name, each.data_type or "text", options)


def _price_list(each: PriceList) -> Entry:
    return Entry(each.id, each.name or "", each.reference_id or "", active=_is_active(each.status))


def _sales_rep(each: SalesRep) -> Entry:
    name = " ".join(filter(None, (each.first_name, each.last_name)))
    return Entry(each.id, name, email=each.email or "", active=_is_active(each.status))


def _is_active(status: str | None) -> bool:
    return (status or "").strip().casefold() in _ACTIVE
