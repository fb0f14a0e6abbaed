"""A mapping file, read and validated."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from pydantic import ValidationError

from wizsync.errors import MappingError
from wizsync.mapping.document import Document, parse, read
from wizsync.mapping.field_schema import (
    ColumnField,
    ConstField,
    CustomerField,
    TemplateField,
)
from wizsync.mapping.fields import field_name
from wizsync.mapping.keys import key_fields
from wizsync.mapping.problems import Misfit, mapping_error, suggestion
from wizsync.mapping.schema import KEY, MIRROR, SECTIONS, MappingSchema, ScopePart
from wizsync.mapping.template import Template
from wizsync.mapping.words import code_of
from wizsync.model.desired import AbsentPolicy, Scope
from wizsync.model.table import column_name


@dataclass(frozen=True)
class MappingFile:
    """A mapping with what was read beside it.

    Args:
        path: As the user gave it.
        digest: SHA-256 of its bytes, hex.
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


def load(path: Path | str) -> MappingFile:
    """Read and validate a mapping, and the list of its scope where it has one.

    Args:
        path: The mapping file.

    Raises:
        MappingError: It cannot be read, or something in it is wrong: with the line, what was expected
            and the nearest right name.
    """
    path = Path(path)
    content = read(path)
    document = parse(content, path.name)
    try:
        schema = MappingSchema.model_validate(document.data)
    except ValidationError as error:
        known = {name: list(section.model_fields) for name, section in SECTIONS.items()}
        later = {name: section.later for name, section in SECTIONS.items()}
        raise mapping_error(document, error, known, later) from None
    try:
        _check(schema, document)
        scope = _scope(schema.scope, path.parent)
    except Misfit as misfit:
        raise MappingError(
            misfit.message, where=document.where(*misfit.location), hint=misfit.hint or None
        ) from None
    digest = hashlib.sha256(content).hexdigest()
    return MappingFile(str(path), digest, schema, scope, document)


def _check(schema: MappingSchema, document: Document) -> None:
    """What no single key shows."""
    _check_key(schema.customer)
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
