"""Reads the bodies of writes into stored fields, and names everything that is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from wizsync.sandbox import shapes
from wizsync.sandbox.assumptions import Assumptions
from wizsync.sandbox.options import DialectName
from wizsync.sandbox.problems import invalid
from wizsync.sandbox.shapes import Kind, Shape, WriteField
from wizsync.sandbox.wire import KNOWN_NAMES, Record

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_LARGEST_NUMBER = 1e15
_EMPTY: Mapping[Kind, Any] = {
    Kind.BOOLEAN: False,
    Kind.SALES_REPS: [],
    Kind.ADDRESSES: [],
    Kind.CONTACTS: [],
    Kind.ATTRIBUTES: {},
}
# The child lists that an id in a customer's update must be found in.
# Where a server that shortens texts without a word cuts them.
_CUT_AT = 30
_DEFAULTS = {
    "primary_contact_id": "contacts",
    "default_shipping_address_id": "addresses",
    "default_billing_address_id": "addresses",
}


@dataclass
class BodyReader:
    """Reads one body.

    Args:
        dialect: Whose names it is in.
        assumptions: How nulls, texts and children are taken.
        sales_reps: The ids there are.
        price_lists: The ids there are.
        attributes: Entity to the definitions of its attributes.
        children: `addresses` and `contacts` to those that the customer has now: id to referenceId.
    """

    dialect: DialectName
    assumptions: Assumptions
    sales_reps: frozenset[str]
    price_lists: frozenset[str]
    attributes: Mapping[str, Sequence[Record]]
    children: Mapping[str, Mapping[str, str | None]]
    _details: list[tuple[str, str]] = field(default_factory=list)

    def read(self, body: Any, shape: Shape, *, whole: bool) -> Record:
        """The stored fields that a body sets.

        Args:
            body: As JSON gave it.
            shape: What it may carry. In a customer's update, a child that there is has its `id`.
            whole: A whole record: required fields must be there, and the others are emptied when not
                sent. Else only what was sent is returned.

        Raises:
            Problem: 422, with every field that is wrong.
        """
        values = self._record(body, shape, "", whole=whole)
        if self._details:
            raise invalid(self._details)
        return values

    def _record(self, body: Any, shape: Shape, path: str, *, whole: bool) -> Record:
        if not isinstance(body, dict):
            self._refuse(path.rstrip("."), "must be an object")
            return {}
        known = {name: each for each in shape.fields if (name := each.name(self.dialect))}
        values = {}
        for name, raw in body.items():
            if name in known:
                values[known[name].stored] = self._value(known[name], raw, path + name, shape)
            else:
                self._refuse(
                    path + name,
                    "cannot be written" if name in KNOWN_NAMES[self.dialect] else "unknown field",
                )
        self._check_required(values, shape, path, whole=whole)
        if whole:
            return {
                each.stored: _EMPTY.get(each.kind)
                for each in shape.fields
                if each is not shapes.CHILD_ID
            } | values
        return values

    def _check_required(self, values: Record, shape: Shape, path: str, *, whole: bool) -> None:
        refused = {name for name, _ in self._details}
        for each in shape.fields:
            name = path + (each.name(self.dialect) or "")
            if each.stored not in shape.required or name in refused:
                continue
            if values.get(each.stored, None if whole else "sent before") in (None, ""):
                self._refuse(name, "is required")

    def _value(self, each: WriteField, raw: Any, path: str, shape: Shape) -> Any:
        if raw is None:
            if self.assumptions.null == "refuse":
                self._refuse(path, "must not be null")
            return _EMPTY.get(each.kind)
        match each.kind:
            case Kind.BOOLEAN:
                return self._typed(raw, bool, "must be true or false", path)
            case Kind.SALES_REPS:
                return self._sales_reps(raw, path)
            case Kind.ADDRESSES | Kind.CONTACTS:
                return self._children(each.kind, raw, path, shape)
            case Kind.ATTRIBUTES:
                return self._attributes(raw, path, shape.entity)
        text = self._text(raw, path)
        return self._checked(each, text, path) if text else text

    def _checked(self, each: WriteField, text: str, path: str) -> str:
        """The text of a field whose values are limited."""
        if each.kind is Kind.EMAIL:
            if self.assumptions.email_check == "yes" and not _EMAIL.fullmatch(text):
                self._refuse(path, "is not a valid e-mail address")
            return text.lower() if self.assumptions.text == "tidied" else text
        if each.kind is Kind.ADDRESS_TYPE and text not in ("billing", "shipping"):
            self._refuse(path, "must be one of: billing, shipping")
        elif each.kind is Kind.PRICE_LIST and text not in self.price_lists:
            self._refuse(path, "no such price list")
        elif each.stored in _DEFAULTS and text not in self.children[_DEFAULTS[each.stored]]:
            self._refuse(path, "not a child of this customer")
        return text

    def _text(self, raw: Any, path: str) -> str:
        text = str(self._typed(raw, str, "must be a string", path))
        if self.assumptions.text == "tidied":
            text = text.strip()
        elif self.assumptions.text == "cut":
            text = text[:_CUT_AT]
        limit = self.assumptions.text_limit
        if limit != "none" and len(text) > int(limit):
            self._refuse(path, f"must be at most {limit} characters")
        return text

    def _sales_reps(self, raw: Any, path: str) -> list[str]:
        identifiers = self._typed(raw, list, "must be an array", path) or []
        for index, identifier in enumerate(identifiers):
            if not isinstance(identifier, str):
                self._refuse(f"{path}[{index}]", "must be a string")
            elif identifier not in self.sales_reps:
                self._refuse(f"{path}[{index}]", "no such sales rep")
        return list(dict.fromkeys(map(str, identifiers)))

    def _children(self, kind: Kind, raw: Any, path: str, parent: Shape) -> list[Record]:
        create, update = {
            Kind.ADDRESSES: (shapes.ADDRESS_CREATE, shapes.ADDRESS_UPDATE),
            Kind.CONTACTS: (shapes.CONTACT_CREATE, shapes.CONTACT_UPDATE),
        }[kind]
        shape = create if parent is shapes.CUSTOMER_CREATE else update
        children = []
        for index, body in enumerate(self._typed(raw, list, "must be an array", path) or []):
            place = f"{path}[{index}]."
            named = isinstance(body, dict) and "id" in body and shape is update
            if named and str(body["id"]) not in self.children[kind]:
                self._refuse(place + "id", "not a child of this customer")
            same = None if named else self._same_child(kind, body, shape)
            whole = not (named or same) or self.assumptions.children == "replace"
            child = self._record(body, shape, place, whole=whole)
            children.append(child | {"id": same} if same else child)
        return children

    def _same_child(self, kind: Kind, body: Any, shape: Shape) -> str | None:
        """The id of the child that has a body's referenceId, where that is assumed to tell it."""
        if self.assumptions.child_match == "id" or not isinstance(body, dict):
            return None
        (key,) = (each for each in shape.fields if each.stored == "reference_id")
        sent = body.get(key.name(self.dialect) or "")
        if not isinstance(sent, str) or not sent:
            return None
        by_reference_id = {theirs: identifier for identifier, theirs in self.children[kind].items()}
        return by_reference_id.get(sent.strip() if self.assumptions.text == "tidied" else sent)

    def _attributes(self, raw: Any, path: str, entity: str) -> Record:
        """Attribute id to value; None for one to be cleared."""
        known = {
            key: each for each in self.attributes[entity] for key in (each["id"], each["name"])
        }
        values = {}
        for index, pair in enumerate(self._typed(raw, list, "must be an array", path) or []):
            place = f"{path}[{index}]"
            if not isinstance(pair, dict):
                self._refuse(place, "must be an object")
                continue
            for name in pair.keys() - {"name", "value"}:
                self._refuse(f"{place}.{name}", "unknown field")
            definition = known.get(str(pair.get("name")))
            if definition is None or "value" not in pair:
                lacking = "name" if definition is None else "value"
                self._refuse(
                    f"{place}.{lacking}",
                    "no such attribute" if lacking in pair else "is required",
                )
                continue
            values[definition["id"]] = self._attribute_value(
                definition, pair["value"], f"{place}.value"
            )
        return values

    def _attribute_value(self, definition: Record, value: Any, path: str) -> Any:
        if value is None and self.assumptions.null == "refuse":
            self._refuse(path, "must not be null")
        if value is None or value == "":
            return None
        match definition["data_type"]:
            case "number" if isinstance(value, bool) or not isinstance(value, int | float):
                self._refuse(path, "must be a number")
            # JSON can spell numbers, such as 1e999, that cannot be kept.
            case "number" if not -_LARGEST_NUMBER < value < _LARGEST_NUMBER:
                self._refuse(path, "is too large")
            case "boolean":
                self._typed(value, bool, "must be true or false", path)
            case "text":
                self._text(value, path)
            case "select" if value not in definition["options"]:
                self._refuse(path, f"must be one of: {', '.join(definition['options'])}")
            case "date" if not _is_date(value):
                self._refuse(path, "must be a date, YYYY-MM-DD")
            case "multi_select":
                return self._options(definition, value, path) or None
        return value

    def _options(self, definition: Record, value: Any, path: str) -> list[Any]:
        chosen: list[Any] = self._typed(value, list, "must be an array", path)
        for index, each in enumerate(chosen):
            if each not in definition["options"]:
                reason = f"must be one of: {', '.join(definition['options'])}"
                self._refuse(f"{path}[{index}]", reason)
        return chosen

    def _typed(self, raw: Any, kind: type, reason: str, path: str) -> Any:
        """The value if it is of the kind, else the kind's empty value after a refusal."""
        if isinstance(raw, kind):
            return raw
        self._refuse(path, reason)
        return kind()

    def _refuse(self, path: str, reason: str) -> None:
        self._details.append((path, reason))


def _is_date(value: Any) -> bool:
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
