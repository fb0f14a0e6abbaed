"""Whom we write to, and the customers that do exist."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wizsync.model.customer import ChildKind

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Account:
    """Whom we write to: an address, the keys by which it was met, and customers who are known to be in it.

    Args:
        url: The base URL.
        salt: Hex; drawn once for a state folder.
        fingerprint: Its id in that state: the salted one-way mark of the first key, hex. A new key does not
            change it; see `wizsync.settings.fingerprint`.
        target: The name the user gave it, or the URL.
        marks: The marks of all keys by which it was met.
        known: Ids of a few customers who are in it.
    """

    url: str
    salt: str
    fingerprint: str
    target: str
    marks: tuple[str, ...] = ()
    known: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """A short name for people and files, the same for the same account in one state folder."""
        host = self.url.split("://", 1)[-1].split("/", 1)[0].replace(":", "-")
        return f"{host}-{self.fingerprint[:10]}"


@dataclass(frozen=True)
class Snapshot:
    """The customers that do exist, one row each, in the shape of a Desired.

    Args:
        customers: Index 0…n-1; the `str` columns `id`, `referenceId` ("" for none), `status`,
            `updatedAt`, and one for each field that was read: missing not read, "" empty.
        children: For each kind the addresses or contacts of the customers whose details were read: the
            `str` columns `customer` (the customer's id), `id`, `status` and one for each field, "" empty,
            missing only for attributes that nobody told of. A column of that kind's name in `customers`
            says of whom they were read: missing not read.
        complete: Every status of the account was read to its end, so that absence is proof; else
            only the customers asked for are here.
        total: Customers in the account (every status) by this read, or by the last count where this
            read looked up only some; None where nobody counted yet.
        total_before: Customers in the account by the last count before this read; None where nobody had
            counted.
        notes: What was met that a person should know, a sentence each.
    """

    customers: pd.DataFrame
    complete: bool
    children: Mapping[ChildKind, pd.DataFrame] = field(default_factory=dict)
    total: int | None = None
    total_before: int | None = None
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


@dataclass(frozen=True, slots=True)
class Kept:
    """A value that an account did not take as it was sent.

    Args:
        sent: What was sent.
        kept: What the account holds in its place.
    """

    sent: str
    kept: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A price list or a sales rep of the account.

    Args:
        id: Its id, which is what customers carry.
        name: Its name; of a rep, first and last name.
        reference_id: The user's own key for it, "" for none.
        email: Of a rep.
        active: Customers can be given it.
    """

    id: str
    name: str = ""
    reference_id: str = ""
    email: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True)
class Attribute:
    """The definition of an attribute.

    Args:
        id: Its id, by which it is written.
        name: Its name.
        data_type: `text`, `number`, `boolean`, `date`, `select`, `multi_select`, or another word.
        options: What a select may hold.
    """

    id: str
    name: str
    data_type: str = "text"
    options: tuple[str, ...] = ()


# Whose attributes: the names that the API has for them.
ENTITIES = ("customer", "address", "contact")


@dataclass(frozen=True, slots=True)
class Lists:
    """What an account can be asked for besides customers; None where it was not.

    Args:
        price_lists: Its price lists.
        sales_reps: Its sales reps.
        attributes: Of each entity of ENTITIES that was asked for, the definitions.
    """

    price_lists: tuple[Entry, ...] | None = None
    sales_reps: tuple[Entry, ...] | None = None
    attributes: Mapping[str, tuple[Attribute, ...]] = field(default_factory=dict)

    @property
    def names(self) -> Mapping[str, Mapping[str, str]]:
        """What people call the ids in a customer's fields: field to id to name, of a rep the e-mail."""
        called = {
            "assignedPriceListId": {each.id: each.name for each in self.price_lists or ()},
            "assignedSalesRepIds": {
                each.id: each.email or each.name for each in self.sales_reps or ()
            },
        }
        return {name: ids for name, ids in called.items() if ids}
