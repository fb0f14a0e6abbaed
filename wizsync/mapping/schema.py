"""The mapping's schema: a published contract. Only what works is accepted.

Values come from `document`: every scalar is text.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainValidator,
    StringConstraints,
    Tag,
    ValidationError,
    WithJsonSchema,
    model_validator,
)

from wizsync.mapping.fields import DESCRIPTIONS, field_name
from wizsync.mapping.problems import Misfit, expected, suggestion, unknown_key
from wizsync.mapping.template import Template, is_template, parse_template
from wizsync.mapping.transforms import TRANSFORMS, Step
from wizsync.model.customer import CUSTOMER_FIELDS
from wizsync.model.desired import AbsentPolicy, Limit, Mode

KEY = "referenceId"
MIRROR = "mirror"
DEFAULT_LIMITS: Mapping[str, Limit] = {
    "deletes": Limit(count=10, share=0.10),
    "updates": Limit(share=0.5),
    "erased": Limit(share=0.05),
    "look_alikes": Limit(count=0),
}
MODES = (*(mode.value for mode in Mode), MIRROR)

_SCALAR = {"type": ["string", "number", "boolean"]}
_FIELDS_ONLY = {"type": "string", "enum": list(CUSTOMER_FIELDS)}


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _one_version(value: object) -> object:
    if value != "1":
        raise Misfit("This version of wizsync reads mappings of version 1.", "Write `version: 1`.")
    return 1


def _no_blank_key(values: Mapping[str, str]) -> Mapping[str, str]:
    if any(not key.strip() for key in values):
        raise Misfit(
            '"values" names the empty cell, which is never looked up.',
            "`blank` says what an empty cell does, `default` what a new customer takes.",
        )
    return values


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise Misfit(f'"{text}" is no regular expression: {error}.', "Correct it.") from None
    return text


def _percent_or_count(written: object) -> Limit:
    found = (
        re.fullmatch(r"(\d{1,12})(?:(\.\d{1,6})?\s*(%))?", written)
        if isinstance(written, str)
        else None
    )
    if found is None or (found[3] and float(written.rstrip("% ")) > 100):  # type: ignore[union-attr]
        raise Misfit(
            "A limit is a whole number, or a share up to 100%.",
            "Write it as 10 or 5%, without a sign.",
        )
    if found[3]:
        return Limit(share=float(found[1] + (found[2] or "")) / 100)
    return Limit(count=int(found[1]))


def _step(written: object) -> Step:
    """A transform as written: its name, or `{name: arguments}`."""
    if isinstance(written, str):
        name, given = written, None
    elif isinstance(written, Mapping) and len(written) == 1:
        name, given = next(iter(written.items()))
    else:
        raise Misfit(
            "A transform is a name, or one `name: argument`.",
            "Write each on its own: [strip, {zfill: 5}].",
        )
    if name not in TRANSFORMS:
        raise Misfit(
            f'There is no transform "{name}".', suggestion(name, TRANSFORMS, what="There are")
        )
    transform = TRANSFORMS[name]
    if isinstance(written, str):
        if transform.needs_argument:
            raise Misfit(
                f'The transform "{name}" needs an argument.',
                f"Write {{{name}: {transform.first}}}.",
            )
        return Step(transform)
    if transform.first is None:
        raise Misfit(f'The transform "{name}" takes no argument.', f"Write {name} alone.")
    try:
        arguments = transform.arguments.model_validate(transform.named(given))
    except ValidationError as error:
        raise _bad_argument(name, list(transform.arguments.model_fields), error) from None
    chosen = {key: getattr(arguments, key) for key in arguments.model_fields_set}
    return _tried(Step(transform, chosen))


def _bad_argument(name: str, arguments: Sequence[str], error: ValidationError) -> Misfit:
    first = error.errors()[0]
    argument = str(first["loc"][0])
    if first["type"] == "extra_forbidden":
        misfit = unknown_key(argument, arguments)
        return Misfit(f'The transform "{name}" has no argument "{argument}".', misfit.hint)
    if first["type"] == "missing":
        return Misfit(f'The transform "{name}" needs "{argument}".', f"Add {argument}: to it.")
    return Misfit(*expected(f'"{argument}" of the transform "{name}"', first))


def _tried(step: Step) -> Step:
    """The step itself, if it runs: a regex may name a group that its pattern lacks."""
    if step.transform.name == "regex":
        try:
            step("")
        except (re.error, IndexError) as error:
            raise Misfit(
                f'The replacement of the transform "regex" does not fit its pattern: {error}.',
                r"\1 is the first (…) of the pattern.",
            ) from None
    return step


def _transform_schema() -> dict[str, Any]:
    """JSON Schema of one transform, from the registry."""
    bare = [name for name, each in TRANSFORMS.items() if not each.needs_argument]
    with_arguments: dict[str, Any] = {}
    for name, each in TRANSFORMS.items():
        if each.first is None:
            continue
        by_name = each.arguments.model_json_schema()
        by_name.pop("title", None)
        by_name.pop("description", None)
        with_arguments[name] = {
            "description": each.summary,
            "anyOf": [by_name["properties"][each.first], by_name],
        }
    return {
        "anyOf": [
            {"enum": bare},
            {
                "type": "object",
                "properties": with_arguments,
                "additionalProperties": False,
                "minProperties": 1,
                "maxProperties": 1,
            },
        ]
    }


Text = Annotated[str, WithJsonSchema(_SCALAR)]
ColumnName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1), WithJsonSchema(_SCALAR)
]
FieldName = Annotated[str, AfterValidator(field_name), WithJsonSchema(_FIELDS_ONLY)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_listed)]
Cap = Annotated[
    Limit,
    PlainValidator(_percent_or_count),
    WithJsonSchema(
        {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": "%$"}]}
    ),
]
TransformStep = Annotated[Step, PlainValidator(_step), WithJsonSchema(_transform_schema())]


class Blank(StrEnum):
    """What an empty cell does."""

    KEEP = "keep"
    CLEAR = "clear"


class Otherwise(StrEnum):
    """What a cell does that `values` does not name."""

    REJECT = "reject"
    KEEP = "keep"
    CLEAR = "clear"


class Section(BaseModel):
    """A part of the mapping: only known keys, and each key's docstring is its help in editors."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, use_attribute_docstrings=True, arbitrary_types_allowed=True
    )
    later: ClassVar[frozenset[str]] = frozenset()


class ColumnField(Section):
    """A field that comes from a column. A value goes: column, transforms, values, default."""

    later: ClassVar[frozenset[str]] = frozenset({"lookup", "split", "write"})

    column: ColumnName
    """The column's header in the file, exactly."""
    transforms: tuple[TransformStep, ...] = ()
    """What is done to each filled cell, one after the other."""
    values: (
        Annotated[Mapping[Text, Text], Field(min_length=1), AfterValidator(_no_blank_key)] | None
    ) = None
    """What the file's codes stand for: code to value."""
    otherwise: Otherwise = Otherwise.REJECT
    """What a cell does that `values` does not name: reject its row, keep what is there, or clear it."""
    default: Annotated[str | Template | None, WithJsonSchema(_SCALAR)] = None
    """What a new customer takes where the cell is empty; may be a template: "{companyName}"."""
    required: bool = False
    """A new customer without it is rejected."""
    blank: Blank | None = None
    """What an empty cell does in this field."""

    @model_validator(mode="before")
    @classmethod
    def _read(cls, written: Any) -> Any:
        if isinstance(written, str):
            return {"column": written}
        if isinstance(written, Mapping) and isinstance(text := written.get("default"), str):
            return {**written, "default": parse_template(text) if is_template(text) else text}
        return written

    @model_validator(mode="after")
    def _otherwise_needs_values(self) -> ColumnField:
        if "otherwise" in self.model_fields_set and self.values is None:
            raise Misfit(
                '"otherwise" goes with "values", and there is none.', "Add `values:`, or remove it."
            )
        return self


class ConstField(Section):
    """A field with the same value for every customer."""

    later: ClassVar[frozenset[str]] = ColumnField.later

    const: Text
    """The value."""


class TemplateField(Section):
    """A field made of this customer's other fields, such as "{companyName}-{displayId}"."""

    template: Template

    @model_validator(mode="before")
    @classmethod
    def _read(cls, written: Any) -> Any:
        return {"template": parse_template(written)} if isinstance(written, str) else written


CustomerField = ColumnField | ConstField | TemplateField


def _kind_of_field(written: Any) -> str | None:
    if isinstance(written, str):
        return "a template" if is_template(written) else "a column"
    if not isinstance(written, Mapping):
        return None
    unquoted = [key for key, value in written.items() if value is None and key in CUSTOMER_FIELDS]
    if unquoted:
        raise Misfit(
            "A template must be quoted; YAML takes its braces for something else.",
            f'Write "{{{unquoted[0]}}}", with the quotes.',
        )
    return "a constant" if "const" in written else "a column"


AnyField = Annotated[
    Annotated[ColumnField, Tag("a column")]
    | Annotated[ConstField, Tag("a constant")]
    | Annotated[
        TemplateField,
        Tag("a template"),
        WithJsonSchema(
            {
                "type": ["string", "number"],
                "minLength": 1,
                "description": "A column's header; with braces a template over this customer's fields.",
            }
        ),
    ],
    Discriminator(
        _kind_of_field,
        custom_error_type="field",
        custom_error_message="A field is a column's name, a template, or `column:` or `const:` with more",
    ),
]


class SourceSection(Section):
    """How the file is read, and which of its rows are used."""

    later: ClassVar[frozenset[str]] = frozenset({"sheet", "file", "join"})

    header_row: Annotated[int, Field(ge=1)] = 1
    """The row that holds the headers, counted as a spreadsheet program does."""
    where: Mapping[ColumnName, Texts] = {}
    """Rows to use: column to the texts it may hold (case does not count). Others are left out."""
    action_column: ColumnName | None = None
    """A column of actions: blank is the mode; create, update, upsert or merge, delete, ignore."""
    blank_words: Texts = ()
    """Texts that also count as an empty cell, such as "-" and "n/a" (case does not count)."""
    encoding: Text | None = None
    """The file's encoding where it is not found rightly, such as cp1252."""
    delimiter: Annotated[str, StringConstraints(min_length=1)] | None = None
    """The character between cells where it is not found rightly."""


class ScopePart(Section):
    """Which customers, by their referenceId; all that is given must hold."""

    prefix: Annotated[str, StringConstraints(min_length=1)] | None = None
    """What the referenceId begins with."""
    regex: Annotated[str, StringConstraints(min_length=1), AfterValidator(_pattern)] | None = None
    """A regular expression that the whole referenceId fits."""
    list: Annotated[str, StringConstraints(min_length=1)] | None = None
    """A text file of referenceIds, one a line, beside the mapping."""

    @model_validator(mode="after")
    def _says_something(self) -> ScopePart:
        if not self.model_fields_set:
            raise Misfit(
                "The scope says nothing.", 'Write `scope: all`, or {referenceId: {prefix: "ERP-"}}.'
            )
        return self


def _scope(written: object) -> object:
    if written == "all":
        return written
    if isinstance(written, Mapping):
        return written[KEY] if set(written) == {KEY} else written
    raise Misfit('"scope" is all, or says which.', 'Write all, or {referenceId: {prefix: "ERP-"}}.')


ScopeSection = Annotated[
    Literal["all"] | ScopePart,
    BeforeValidator(_scope),
]


class AbsentSet(Section):
    """Fields to set on customers that the file does not name."""

    set: Annotated[Mapping[FieldName, Text], Field(min_length=1)]
    """Field to the text to set; an empty text clears."""

    @model_validator(mode="after")
    def _never_the_key(self) -> AbsentSet:
        if KEY in self.set:
            raise Misfit(f'"absent" cannot set {KEY}: it is the key.', "Set another field.")
        return self


def _kind_of_absent(written: Any) -> str:
    return "settings" if isinstance(written, Mapping) else "a word"


AbsentSection = Annotated[
    Annotated[
        Literal[AbsentPolicy.IGNORE, AbsentPolicy.REPORT, AbsentPolicy.DELETE],
        BeforeValidator(lambda word: _absent_word(word)),
        Tag("a word"),
    ]
    | Annotated[AbsentSet, Tag("settings")],
    Discriminator(_kind_of_absent),
]


def _absent_word(word: object) -> object:
    words = [AbsentPolicy.IGNORE.value, AbsentPolicy.REPORT.value, AbsentPolicy.DELETE.value]
    if word not in words:
        raise Misfit(
            '"absent" must be ignore, report, delete or {set: {…}}.',
            suggestion(str(word), [*words, "set"], what="Write one of"),
        )
    return AbsentPolicy(str(word))


class CompareSection(Section):
    """How values are compared."""

    ignore: tuple[FieldName, ...] = ()
    """Fields that are written to new customers and not compared after."""
    casefold: tuple[FieldName, ...] = ()
    """Fields whose capitals do not count."""
    equal: Mapping[FieldName, Literal["digits"]] = {}
    """Fields compared in a way of their own: `digits` compares only the digits."""

    @model_validator(mode="after")
    def _never_the_key(self) -> CompareSection:
        if KEY in (*self.ignore, *self.casefold, *self.equal):
            raise Misfit(f"{KEY} is always compared exactly: it is the key.", "Remove it here.")
        return self


class GuardSection(Section):
    """Limits on what one run may change: a number, or a share of the customers in scope."""

    later: ClassVar[frozenset[str]] = frozenset({"max_children_removed", "max_shrink"})

    max_deletes: Cap | None = None
    """Customers deleted. If not given: 10 and 10%, the smaller."""
    max_updates: Cap | None = None
    """Customers changed. If not given: 50%."""
    max_creates: Cap | None = None
    """Customers created. If not given: no limit."""
    max_erased: Cap | None = None
    """Filled values of any one field cleared. If not given: 5%."""
    max_rejected: Cap | None = None
    """Rows rejected. If not given: no limit."""
    max_look_alikes: Cap | None = None
    """New customers that look like one that exists. If not given: 0."""

    @property
    def limits(self) -> dict[str, Limit]:
        """Guard name without `max_` to its limit; those without one are missing."""
        named = {name.removeprefix("max_"): getattr(self, name) for name in type(self).model_fields}
        return {
            **DEFAULT_LIMITS,
            **{name: limit for name, limit in named.items() if limit is not None},
        }


class MappingSchema(Section):
    """A mapping: how the rows of a file become the customers of a WizCommerce account."""

    later: ClassVar[frozenset[str]] = frozenset(
        {"addresses", "contacts", "attributes", "children", "extends"}
    )

    version: Annotated[Literal[1], BeforeValidator(_one_version)]
    """The version of the mapping's form: 1."""
    mode: Literal["create", "update", "upsert", "delete-listed", "mirror"] = "upsert"
    """What a row asks for; mirror is upsert with `absent: delete`."""
    absent: AbsentSection | None = None
    """What becomes of customers in scope that the file does not name: ignore (the default), report,
    delete, or {set: {field: text}}."""
    scope: ScopeSection | None = None
    """Which customers this mapping is responsible for; `absent` other than ignore needs it."""
    source: SourceSection = SourceSection()
    """How the file is read, and which of its rows are used."""
    blank: Blank = Blank.KEEP
    """What an empty cell does: keep what is there, or clear it."""
    customer: Annotated[
        Mapping[FieldName, AnyField],
        Field(min_length=1),
    ]
    """The customer's fields: field to where its value comes from."""
    compare: CompareSection = CompareSection()
    """How values are compared."""
    guard: GuardSection = GuardSection()
    """Limits on what one run may change."""

    @property
    def absent_policy(self) -> AbsentPolicy:
        """What becomes of absent customers by the file, without the command line."""
        if self.absent is None:
            return AbsentPolicy.DELETE if self.mode == MIRROR else AbsentPolicy.IGNORE
        return AbsentPolicy.SET if isinstance(self.absent, AbsentSet) else self.absent


SECTIONS: Mapping[Hashable, type[Section]] = {
    "": MappingSchema,
    "customer": ColumnField,
    "source": SourceSection,
    "scope": ScopePart,
    "absent": AbsentSet,
    "compare": CompareSection,
    "guard": GuardSection,
}


def json_schema() -> dict[str, Any]:
    """The mapping's JSON Schema, with descriptions, for editors' completion and hover help."""
    schema = MappingSchema.model_json_schema()
    customer = schema["properties"]["customer"]
    field = customer.pop("additionalProperties")
    customer.pop("propertyNames", None)
    customer["properties"] = {
        name: {"description": DESCRIPTIONS[name], **field}
        for name in (*CUSTOMER_FIELDS, "assignedPriceListID")
        if name in DESCRIPTIONS
    }
    customer["required"] = [KEY]
    customer["additionalProperties"] = False
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "A wizsync mapping",
    }
