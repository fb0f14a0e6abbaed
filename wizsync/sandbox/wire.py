"""What answers look like in both dialects: names, shapes and envelopes.

Written from the API's documentation on its own, as `shapes` is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wizsync.sandbox.options import DIALECTS, DialectName
from wizsync.sandbox.shapes import CUSTOMER_UPDATE

Record = dict[str, Any]

# What is read, as (snake, camel), in the order of the documentation.
_READ_IDENTITY = (
    ("id", "id"),
    ("reference_id", "referenceId"),
    ("display_id", "displayId"),
    ("name", "name"),
    ("display_name", "displayName"),
    ("first_name", "firstName"),
    ("last_name", "lastName"),
    ("phone", "phone"),
    ("email", "email"),
    ("shipping_method", "shippingMethod"),
    ("payment_mode", "paymentMode"),
    ("payment_term", "paymentTerm"),
)
_READ_STATUS = (("status", "status"), ("freight_term", "freightTerm"))
_READ_TIMES = (("created_at", "createdAt"), ("updated_at", "updatedAt"))
_TIME_NAMES = frozenset(name for names in _READ_TIMES for name in names)
_READ_SUMMARY = {
    "snake": (*_READ_IDENTITY, *_READ_STATUS, *_READ_TIMES),
    "camel": (*_READ_IDENTITY, *_READ_TIMES),
}
_READ_DETAILS = (*_READ_IDENTITY, *_READ_STATUS, *_READ_TIMES)
_READ_CHILD = {
    "addresses": (
        ("id", "id"),
        ("customer_id", "customerId"),
        ("reference_id", "referenceId"),
        ("address_line_1", "addressLine1"),
        ("address_line_2", "addressLine2"),
        ("city", "city"),
        ("state", "state"),
        ("country", "country"),
        ("zip_code", "zipCode"),
        ("first_name", "firstName"),
        ("last_name", "lastName"),
        ("phone", "phone"),
        ("email", "email"),
        ("type", "type"),
        ("status", "status"),
        ("is_default", "isDefault"),
        *_READ_TIMES,
    ),
    "contacts": (
        ("id", "id"),
        ("reference_id", "referenceId"),
        ("first_name", "firstName"),
        ("last_name", "lastName"),
        ("email", "email"),
        ("phone", "phone"),
        ("designation", "designation"),
        ("status", "status"),
        ("is_default", "isDefault"),
        *_READ_TIMES,
    ),
}
_SALES_REPS = {"snake": "assigned_sales_reps", "camel": "assignedSalesReps"}
_PRICE_LIST = {"snake": "assigned_price_list", "camel": "assignedPriceList"}
# Names that a dialect has somewhere: where one cannot be written, the refusal says so.
KNOWN_NAMES: Mapping[DialectName, frozenset[str | None]] = {
    dialect: frozenset(
        names[0 if dialect == "snake" else 1]
        for names in (
            *_READ_DETAILS,
            *_READ_CHILD["addresses"],
            *_READ_CHILD["contacts"],
            *((field.snake, field.camel) for field in CUSTOMER_UPDATE.fields),
            (_SALES_REPS["snake"], _SALES_REPS["camel"]),
            (_PRICE_LIST["snake"], _PRICE_LIST["camel"]),
        )
    )
    for dialect in DIALECTS
}


@dataclass(frozen=True)
class Renderer:
    """Turns stored records into answers.

    Args:
        dialect: Whose names and shapes.
        empty: How an empty text is shown: `blank` (as it is stored), `null` or `absent`.
        timestamps: How fine times are shown: `microseconds` or `seconds`.
        sales_reps: Id to sales rep.
        price_lists: Id to price list.
        attributes: Entity to the definitions of its attributes.
    """

    dialect: DialectName
    empty: str
    timestamps: str
    sales_reps: Mapping[str, Record]
    price_lists: Mapping[str, Record]
    attributes: Mapping[str, Sequence[Record]]

    def summary(self, customer: Record) -> Record:
        """A customer as lists show it; with children where the record has them."""
        answer = self._named(customer, _READ_SUMMARY[self.dialect])
        for kind in ("addresses", "contacts"):
            if kind in customer:
                answer[kind] = [self.child(kind, child) for child in customer[kind]]
        return answer

    def details(self, customer: Record) -> Record:
        """A customer with all its fields."""
        price_list = self.price_lists.get(customer["price_list_id"] or "")
        return self._named(customer, _READ_DETAILS) | {
            _SALES_REPS[self.dialect]: [
                {
                    "id": rep["id"],
                    "name": " ".join(filter(None, (rep["first_name"], rep["last_name"]))),
                    "email": rep["email"],
                }
                for rep in map(self.sales_reps.get, customer["sales_rep_ids"])
                if rep
            ],
            _PRICE_LIST[self.dialect]: price_list
            and {"id": price_list["id"], "name": price_list["name"]},
            "addresses": [self.child("addresses", child) for child in customer["addresses"]],
            "contacts": [self.child("contacts", child) for child in customer["contacts"]],
            "attributes": self._attributes("customer", customer["attributes"]),
        }

    def child(self, kind: str, child: Record) -> Record:
        """An address or a contact; `kind` is `addresses` or `contacts`."""
        entity = "address" if kind == "addresses" else "contact"
        return self._named(child, _READ_CHILD[kind]) | {
            "attributes": self._attributes(entity, child["attributes"])
        }

    def _attributes(self, entity: str, values: Mapping[str, Any]) -> list[Record]:
        return [
            definition | {"value": values[definition["id"]]}
            if definition["id"] in values
            else definition
            for definition in self.attributes[entity]
        ]

    def _named(self, record: Record, names: Iterable[tuple[str, str]]) -> Record:
        position = 0 if self.dialect == "snake" else 1
        named = {name[position]: record[name[0]] for name in names}
        if self.timestamps == "seconds":
            for name in _TIME_NAMES & named.keys():
                named[name] = f"{named[name][:19]}Z"
        if self.empty == "blank":
            return named
        if self.empty == "null":
            return {name: None if value == "" else value for name, value in named.items()}
        return {name: value for name, value in named.items() if value not in (None, "")}


def one(dialect: DialectName, record: Record) -> Any:
    """The answer that holds one record."""
    return {"data": record} if dialect == "snake" else record


def page(
    dialect: DialectName, records: Sequence[Record], total: int, number: int, size: int
) -> Any:
    """The answer that holds one page of records.

    Args:
        dialect: Whose envelope; camel has none.
        records: Those of this page.
        total: Records on all pages.
        number: The page, from 1.
        size: Records on a full page.
    """
    if dialect == "camel":
        return list(records)
    pages = -(-total // size)
    return {
        "data": list(records),
        "pagination": {
            "total_records": total,
            "total_pages": pages,
            "current_page": number,
            "next_page": number + 1 if number < pages else 0,
            "prev_page": number - 1,
            "page_size": size,
        },
    }
