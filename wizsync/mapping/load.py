"""A mapping file, read and validated."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from pydantic import ValidationError
from ruamel.yaml import YAML

from wizsync.errors import MappingError
from wizsync.mapping.child_schema import Block, misnamed
from wizsync.mapping.document import Document
from wizsync.mapping.extending import read_with_extended
from wizsync.mapping.field_schema import (
    AccountLookup,
    ColumnField,
    ConstField,
    CustomerField,
    TemplateField,
)
from wizsync.mapping.fields import field_name
from wizsync.mapping.keys import key_fields
from wizsync.mapping.needs import Needs, OtherTable, needs_of, other_tables_of
from wizsync.mapping.problems import Misfit, mapping_error, suggestion
from wizsync.mapping.schema import KEY, MIRROR, MappingSchema, ScopePart, keys_at
from wizsync.mapping.template import Template
from wizsync.mapping.words import code_of
from wizsync.model.customer import (
    ATTRIBUTES,
    CUSTOMER_FIELDS,
    ChildKind,
    FieldKind,
    attribute_of,
)
from wizsync.model.desired import AbsentPolicy, Scope
from wizsync.model.table import column_name


@dataclass(frozen=True)
class MappingFile:
    """A mapping with what was read beside it.

    Args:
        path: As the user gave it.
        digest: SHA-256 of its bytes and of those that it extends, hex.
        schema: What it says.
        scope: Which customers it is responsible for, None where it does not say.
        document: Its text's values and lines, for messages.
    """

    path: str
    digest: str
    schema: MappingSchema
    scope: Scope | None
    document: Document = field(repr=False)

    @property
    def name(self) -> str:
        """The file's name without its folders."""
        return self.document.name

    @property
    def other_tables(self) -> tuple[OtherTable, ...]:
        """The sheets and files that it names besides the customers' own."""
        return other_tables_of(self.schema)

    @property
    def needs(self) -> Needs:
        """What it needs of the account besides customers."""
        return needs_of(self.schema)


def resolved_text(mapping: MappingFile) -> str:
    """A mapping as YAML, with what it takes over from those that it extends; it means the same by itself."""
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.width = 100
    stream = io.StringIO()
    order = [name for name in MappingSchema.model_fields if name in mapping.document.data]
    yaml.dump({name: mapping.document.data[name] for name in order if name != "extends"}, stream)
    return stream.getvalue()


def load(path: Path | str) -> MappingFile:
    """Read and validate a mapping, and the list of its scope where it has one.

    Args:
        path: The mapping file.

    Raises:
        MappingError: It cannot be read, or something in it is wrong: with the line, what was expected
            and the nearest right name.
    """
    path = Path(path)
    document, content = read_with_extended(path)
    try:
        schema = MappingSchema.model_validate(document.data)
    except ValidationError as error:
        raise mapping_error(document, error, keys_at, _misnamed) from None
    try:
        _check(schema, document)
        scope = _scope(schema.scope, path.parent)
    except Misfit as misfit:
        raise MappingError(
            misfit.message, where=document.where(*misfit.location), hint=misfit.hint or None
        ) from None
    digest = hashlib.sha256(content).hexdigest()
    return MappingFile(str(path), digest, schema, scope, document)


def _misnamed(location: tuple[Hashable, ...]) -> Misfit | None:
    """What is wrong with a key of a block that is a field called otherwise."""
    kinds = set(ChildKind)
    if len(location) == 3 and location[0] in kinds:
        return misnamed(ChildKind(str(location[0])), str(location[2]))
    return None


def _check(schema: MappingSchema, document: Document) -> None:
    """What no single key shows."""
    _check_key(schema.customer)
    _check_fields(schema)
    for number, (kind, block) in _numbered(schema):
        _check_block(schema, kind, number, block)
    _check_spellings(document, ("customer",), field_name)
    _check_spellings(document, ("absent", "set"), field_name)
    _check_spellings(document, ("compare", "equal"), field_name)
    _check_spellings(document, ("source", "where"), column_name)
    for name, each in schema.customer.items():
        for key, template in _templates(each):
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


def _numbered(schema: MappingSchema) -> Iterator[tuple[int, tuple[ChildKind, Block]]]:
    for kind in ChildKind:
        yield from ((number, (kind, block)) for number, block in enumerate(getattr(schema, kind)))


def _check_fields(schema: MappingSchema) -> None:
    """Check what goes only with some fields: several values, and lists of the account."""
    for name, each in schema.customer.items():
        if not isinstance(each, ColumnField):
            continue
        if each.split is not None and CUSTOMER_FIELDS[name].kind is not FieldKind.IDS:
            raise Misfit(
                f'"{name}" takes one value, and "split" makes several.',
                "Remove `split`.",
                location=("customer", name, "split"),
            )
        if isinstance(each.lookup, AccountLookup) and _LISTS.get(name) != each.lookup.account:
            raise Misfit(
                f"{name} does not hold one of the account's {each.lookup.account.replace('_', ' ')}.",
                "price_lists go with priceList, sales_reps with salesReps.",
                location=("customer", name, "lookup"),
            )
        _check_country(("customer", name), each, has_country=False)


# The field that holds what a list of the account has.
_LISTS = {"assignedPriceListId": "price_lists", "assignedSalesRepIds": "sales_reps"}


def _check_country(at: tuple[Hashable, ...], each: ColumnField, *, has_country: bool) -> None:
    for step in each.transforms:
        if step.transform.name != "state" or {"country", "country_from"} & step.arguments.keys():
            continue
        if not has_country:
            raise Misfit(
                'The transform "state" does not say of which country.',
                "Write {state: US}, or {state: {country_from: Country}} with the column of the country.",
                location=(*at, "transforms"),
            )


def _check_block(schema: MappingSchema, kind: ChildKind, number: int, block: Block) -> None:
    """Check a block's templates, and what its transforms need."""
    fields = block.fields
    for name, each in fields.items():
        at = (kind.value, number, *_written_at(name))
        for key, template in _templates(each):
            for part in template.fields:
                own = part in fields and part != KEY
                if part == name and part != KEY:
                    raise Misfit(
                        f'The template "{template.text}" of "{name}" names itself.',
                        "Name other fields.",
                        location=(*at, key),
                    )
                if not own and part not in schema.customer:
                    raise Misfit(
                        f'The template "{template.text}" names "{part}", which neither this block nor '
                        "`customer:` maps.",
                        suggestion(part, [*fields, *schema.customer], what="They map"),
                        location=(*at, key),
                    )
            if any(
                isinstance(fields.get(part), TemplateField) and part != KEY
                for part in template.fields
            ):
                raise Misfit(
                    f'The template "{template.text}" is made of another template.',
                    "Write that one out here.",
                    location=(*at, key),
                )
        if isinstance(each, ColumnField):
            _check_country(at, each, has_country="country" in fields)
            if isinstance(each.lookup, AccountLookup):
                raise Misfit(
                    f"{name} holds none of the account's lists.",
                    "Look it up in a file, or remove `lookup`.",
                    location=(*at, "lookup"),
                )


def _written_at(name: str) -> tuple[str, ...]:
    attribute = attribute_of(name)
    return (name,) if attribute is None else (ATTRIBUTES, attribute)


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
        for name in ("default", "blank", "otherwise"):
            if name in key.model_fields_set and getattr(key, name) != "reject":
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


def _templates(each: CustomerField) -> list[tuple[str | None, Template]]:
    if isinstance(each, TemplateField):
        return [(None, each.template)]
    if isinstance(each, ColumnField) and isinstance(each.default, Template):
        return [("default", each.default)]
    return []


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


def _scope(section: object, folder: Path) -> Scope | None:
    if section is None:
        return None
    if not isinstance(section, ScopePart):
        return Scope()
    given = section.referenceId
    keys = None if given.list is None else _listed_keys(folder / given.list)
    scope = Scope(prefix=given.prefix, regex=given.regex, keys=keys)
    try:
        scope.contains(pd.Series(["x"], dtype="str"))
    except ValueError as error:
        raise Misfit(
            f"The scope's regular expression cannot be used: {error}.",
            "Write a simpler one.",
            location=("scope", KEY, "regex"),
        ) from None
    return scope


def _listed_keys(path: Path) -> frozenset[str]:
    """The keys of a scope's list, one a line."""
    location = ("scope", KEY, "list")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise Misfit(
            f"The scope's list, {path}, is not UTF-8 text.", "Save it as UTF-8.", location=location
        ) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise Misfit(
            f"The scope's list, {path}, cannot be read: {reason}.",
            "Its path is taken from the mapping's folder.",
            location=location,
        ) from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    keys = set()
    wrong = ""
    try:
        for row in reader:
            keys |= {code_of(cell) for cell in row} - {""}
            if len(row) > 1:
                wrong = "it has more than one cell"
                break
    except csv.Error as error:
        wrong = str(error)
    if wrong:
        raise Misfit(
            f"Line {reader.line_num} of the scope's list, {path}, cannot be read: {wrong}.",
            "Write one referenceId a line; in quotes where it holds a comma or begins with a quote.",
            location=location,
        )
    if not keys:
        raise Misfit(
            f"The scope's list, {path}, is empty.",
            "Write one referenceId a line.",
            location=location,
        )
    return frozenset(keys)
