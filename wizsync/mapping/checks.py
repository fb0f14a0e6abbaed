"""What no single key of a mapping shows: that its parts fit one another."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from wizsync.mapping.block_checks import check_blocks, check_country, templates_of
from wizsync.mapping.document import Document
from wizsync.mapping.field_schema import (
    AccountLookup,
    ColumnField,
    ConstField,
    CustomerField,
    TemplateField,
)
from wizsync.mapping.fields import field_name
from wizsync.mapping.keys import key_fields
from wizsync.mapping.problems import Misfit, suggestion
from wizsync.mapping.schema import KEY, MIRROR, MappingSchema
from wizsync.mapping.template import Template
from wizsync.mapping.words import code_of
from wizsync.model.customer import ATTRIBUTES, CUSTOMER_FIELDS, FieldKind
from wizsync.model.desired import AbsentPolicy
from wizsync.model.table import column_name


def check(schema: MappingSchema, document: Document) -> None:
    """Check a mapping as a whole.

    Args:
        schema: The mapping.
        document: Its text.

    Raises:
        Misfit: Something in it does not fit; with its place.
    """
    _check_key(schema.customer)
    _check_fields(schema)
    check_blocks(schema)
    _check_spellings(document, ("customer",), field_name)
    _check_spellings(document, ("absent", "set"), field_name)
    _check_spellings(document, ("compare", "equal"), field_name)
    _check_spellings(document, ("source", "where"), column_name)
    _check_spellings(document, (ATTRIBUTES,), _attribute_name)
    for name, each in schema.customer.items():
        for key, template in templates_of(each):
            _check_template(schema.customer, name, key, template)
    for name in schema.customer:
        _check_circle(schema.customer, name, ())
    if not key_fields(schema.customer):
        raise _constant_key()
    if schema.mode == MIRROR and schema.absent not in (None, AbsentPolicy.DELETE):
        raise Misfit(
            "Mode mirror means `absent: delete`, and the mapping says something else.",
            "Write `mode: upsert` to keep this `absent`, or remove `absent`.",
            location=("absent",),
        )
    if schema.absent_policy is not AbsentPolicy.IGNORE and schema.scope is None:
        raise Misfit(
            "The mapping says what becomes of absent customers, and not which customers are its own.",
            'Add `scope: all`, or scope: {referenceId: {prefix: "ERP-"}}.',
            location=("absent",) if schema.absent is not None else ("mode",),
        )


def _check_fields(schema: MappingSchema) -> None:
    """Check what goes only with some fields: several values, and lists of the account."""
    fields: list[tuple[tuple[str, str], CustomerField]] = [
        *((("customer", name), each) for name, each in schema.customer.items()),
        *(((ATTRIBUTES, name), each) for name, each in schema.attributes.items()),
    ]
    for at, each in fields:
        if not isinstance(each, ColumnField):
            continue
        section, name = at
        own = CUSTOMER_FIELDS[name] if section == "customer" else None
        if each.split is not None and own is not None and own.kind is not FieldKind.IDS:
            raise Misfit(
                f'"{name}" takes one value, and "split" makes several.',
                "Remove `split`.",
                location=(*at, "split"),
            )
        held = _LISTS.get(name) if own is not None else None
        if isinstance(each.lookup, AccountLookup) and held != each.lookup.account:
            raise Misfit(
                f"{name} does not hold one of the account's {each.lookup.account.replace('_', ' ')}.",
                "price_lists go with priceList, sales_reps with salesReps.",
                location=(*at, "lookup"),
            )
        check_country(at, each, has_country=False)


# The field that holds what a list of the account has.
_LISTS = {"assignedPriceListId": "price_lists", "assignedSalesRepIds": "sales_reps"}


def _check_key(customer: Mapping[str, CustomerField]) -> None:
    key = customer.get(KEY)
    if key is None:
        raise Misfit(
            f"The mapping does not say which column holds the key, {KEY}.",
            f"Add `{KEY}:` with the column of your customer numbers.",
            location=("customer",),
        )
    if isinstance(key, ConstField):
        raise _constant_key()
    if isinstance(key, ColumnField):
        for name in ("default", "blank", "otherwise", "write"):
            if name in key.model_fields_set and getattr(key, name) not in ("reject", "always"):
                raise Misfit(
                    f'{KEY} takes no "{name}": a row without its key is rejected.',
                    "Remove it.",
                    location=("customer", KEY, name),
                )


def _constant_key() -> Misfit:
    return Misfit(
        f"{KEY} cannot be a constant: all rows would be one customer.",
        "Name the column of your customer numbers.",
        location=("customer", KEY),
    )


def _attribute_name(written: str) -> str:
    """An attribute's name as it is looked for: case and the amount of white space do not count."""
    return " ".join(code_of(written).split()).casefold()


def _check_spellings(
    document: Document, section: tuple[str, ...], name_of: Callable[[str], str]
) -> None:
    """Check that no two keys of a section are one name, written in two ways."""
    written: object = document.data
    for key in section:
        written = written.get(key) if isinstance(written, Mapping) else None
    seen: dict[str, str] = {}
    for spelling in written if isinstance(written, Mapping) else ():
        name = name_of(spelling)
        if name in seen:
            raise Misfit(
                f'"{seen[name]}" and "{spelling}" are the same.',
                "Keep one of them.",
                location=(*section, spelling),
            )
        seen[name] = spelling


def _check_template(
    customer: Mapping[str, CustomerField], name: str, key: str | None, template: Template
) -> None:
    for part in template.fields:
        if part == name:
            raise Misfit(
                f'The template "{template.text}" of "{name}" names itself.',
                "Name other fields.",
                location=("customer", name, key),
            )
        if part not in customer:
            raise Misfit(
                f'The template "{template.text}" names "{part}", which this mapping does not map.',
                suggestion(part, [other for other in customer if other != name], what="It maps"),
                location=("customer", name, key),
            )


def _check_circle(customer: Mapping[str, CustomerField], name: str, above: tuple[str, ...]) -> None:
    each = customer[name]
    if name in above:
        circle = " → ".join((*above[above.index(name) :], name))
        raise Misfit(
            f"These templates go in a circle: {circle}.",
            "Let one of them come from a column.",
            location=("customer", name),
        )
    if isinstance(each, TemplateField):
        for part in each.template.fields:
            _check_circle(customer, part, (*above, name))
