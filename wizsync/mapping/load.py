"""A mapping file, read and validated."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Hashable
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from pydantic import ValidationError
from ruamel.yaml import YAML

from wizsync.errors import MappingError
from wizsync.mapping.checks import check
from wizsync.mapping.child_schema import misnamed
from wizsync.mapping.document import Document
from wizsync.mapping.extending import read_with_extended
from wizsync.mapping.needs import Needs, OtherTable, needs_of, other_tables_of
from wizsync.mapping.problems import Misfit, mapping_error
from wizsync.mapping.schema import KEY, MappingSchema, ScopePart, keys_at
from wizsync.mapping.words import code_of
from wizsync.model.customer import ChildKind
from wizsync.model.desired import Scope


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
        check(schema, document)
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
