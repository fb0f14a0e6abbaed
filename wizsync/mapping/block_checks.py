"""Blocks of addresses and contacts that fit the customer they belong to, and one another."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

from wizsync.mapping.child_schema import Block
from wizsync.mapping.field_schema import (
    AccountLookup,
    ColumnField,
    CustomerField,
    FileLookup,
    TemplateField,
)
from wizsync.mapping.lookups import place_of
from wizsync.mapping.problems import Misfit, suggestion
from wizsync.mapping.schema import KEY, MappingSchema
from wizsync.mapping.template import Template
from wizsync.model.customer import ATTRIBUTES, ChildKind, attribute_of

Location = tuple[Hashable, ...]


def check_blocks(schema: MappingSchema) -> None:
    """Check a mapping's blocks.

    Raises:
        Misfit: Something in one does not fit; with its place.
    """
    header_rows: dict[str, int] = {}
    for kind in ChildKind:
        for number, block in enumerate(getattr(schema, kind.value)):
            at = (kind.value, number)
            _check_place(block, header_rows, at)
            for name, each in block.fields.items():
                _check_field(schema, block, name, each, (*at, *_written_at(name)))
    _check_files(schema)


def _check_place(block: Block, header_rows: dict[str, int], at: Location) -> None:
    """Check that all blocks which read a sheet or file find its header in the same row."""
    if not block.place:
        return
    before = header_rows.setdefault(block.place, block.header_row)
    if before != block.header_row:
        raise Misfit(
            f'Another block reads "{block.place}" with its headers in row {before}, and this one in row '
            f"{block.header_row}.",
            "Write the same `header_row` in both.",
            location=(*at, "header_row" if "header_row" in block.model_fields_set else "join"),
        )


def _check_files(schema: MappingSchema) -> None:
    """Check that no look-up's file has the name of one of addresses or contacts: they lie in two folders."""
    files = {block.place for _, block in schema.blocks if block.file is not None}
    fields: list[tuple[Location, CustomerField]] = [
        *((("customer", name), each) for name, each in schema.customer.items()),
        *(((ATTRIBUTES, name), each) for name, each in schema.attributes.items()),
    ]
    for kind in ChildKind:
        for number, block in enumerate(getattr(schema, kind.value)):
            above = (kind.value, number)
            fields += [((*above, *_written_at(name)), each) for name, each in block.fields.items()]
    for at, each in fields:
        if (
            isinstance(each, ColumnField)
            and isinstance(each.lookup, FileLookup)
            and place_of(each.lookup) in files
        ):
            raise Misfit(
                f'"{each.lookup.file}" is a file of addresses or contacts, which lies beside the customers\' '
                "file, and of a look-up, which lies beside the mapping.",
                "Give the look-up's file another name.",
                location=(*at, "lookup"),
            )


def _check_field(
    schema: MappingSchema, block: Block, name: str, each: CustomerField, at: Location
) -> None:
    fields = block.fields
    for key, template in templates_of(each):
        _check_template(schema, fields, name, template, (*at, key))
    if not isinstance(each, ColumnField):
        return
    check_country(at, each, has_country="country" in fields)
    if isinstance(each.lookup, AccountLookup):
        raise Misfit(
            f"{name} holds none of the account's lists.",
            "Look it up in a file, or remove `lookup`.",
            location=(*at, "lookup"),
        )


def _check_template(
    schema: MappingSchema,
    fields: Mapping[str, CustomerField],
    name: str,
    template: Template,
    at: Location,
) -> None:
    """Check that what a template names is there, in the block or among the customer's fields."""
    for part in template.fields:
        # In the template of a field its own name means the customer's field.
        own = part in fields and part not in (KEY, name)
        if own and isinstance(fields[part], TemplateField):
            raise Misfit(
                f'The template "{template.text}" is made of another template.',
                "Write that one out here.",
                location=at,
            )
        if own or part in schema.customer:
            continue
        if part == name:
            raise Misfit(
                f'The template "{template.text}" of "{name}" names itself.',
                "Name other fields.",
                location=at,
            )
        raise Misfit(
            f'The template "{template.text}" names "{part}", which neither this block nor '
            "`customer:` maps.",
            suggestion(part, [*fields, *schema.customer], what="They map"),
            location=at,
        )


def templates_of(each: CustomerField) -> list[tuple[str | None, Template]]:
    """The templates of a field, each with the key that it stands under, None for the field itself."""
    if isinstance(each, TemplateField):
        return [(None, each.template)]
    if isinstance(each, ColumnField) and isinstance(each.default, Template):
        return [("default", each.default)]
    return []


def check_country(at: Location, each: ColumnField, *, has_country: bool) -> None:
    """Check that a transform which must know the row's country does.

    Args:
        at: Where the field stands.
        each: The field.
        has_country: A field beside it is the country.

    Raises:
        Misfit: It does not.
    """
    for step in each.transforms:
        if step.transform.name != "state" or {"country", "country_from"} & step.arguments.keys():
            continue
        if not has_country:
            raise Misfit(
                'The transform "state" does not say of which country.',
                "Write {state: US}, or {state: {country_from: Country}} with the column of the country.",
                location=(*at, "transforms"),
            )


def _written_at(name: str) -> tuple[str, ...]:
    attribute = attribute_of(name)
    return (name,) if attribute is None else (ATTRIBUTES, attribute)
