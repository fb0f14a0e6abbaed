"""What a mapping may say of one field: a column, a constant, or a template."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, ClassVar

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
    WithJsonSchema,
    field_validator,
    model_validator,
)

from wizsync.mapping.fields import SPELLINGS, field_name
from wizsync.mapping.problems import Misfit
from wizsync.mapping.template import Template, is_template, parse_template
from wizsync.mapping.transform_schema import TransformStep
from wizsync.mapping.transforms.arguments import SCALAR, listed
from wizsync.mapping.words import code_of
from wizsync.model.customer import CUSTOMER_FIELDS
from wizsync.model.table import column_name

_FIELDS_ONLY = {"type": "string", "enum": [*CUSTOMER_FIELDS, *SPELLINGS]}


def _seen(value: object) -> object:
    return column_name(value) if isinstance(value, str) else value


def _findable(values: Mapping[str, str]) -> Mapping[str, str]:
    """The codes, if a cell can be each of them, and none is another one written otherwise."""
    seen: dict[str, str] = {}
    for written in values:
        code = code_of(written)
        if not code:
            raise Misfit(
                '"values" names the empty cell, which is never looked up.',
                "`blank` says what an empty cell does, `default` what a new customer takes.",
            )
        if code in seen:
            raise Misfit(
                f'"{seen[code]}" and "{written}" in "values" are the same code.',
                "Keep one of them.",
            )
        seen[code] = written
    return values


def _quoted(written: Any) -> Any:
    """What is written, if it is no template without its quotes."""
    if isinstance(written, Mapping):
        for key, value in written.items():
            if value is None and key in CUSTOMER_FIELDS:
                raise Misfit(
                    "A template must be quoted; YAML takes its braces for something else.",
                    f'Write "{{{key}}}", with the quotes.',
                )
    return written


def _default(written: object) -> object:
    if isinstance(written, str):
        return parse_template(written) if is_template(written) else written
    _quoted(written)
    raise Misfit('"default" must be a text or a template.', 'Write one, such as "{companyName}".')


Text = Annotated[str, WithJsonSchema(SCALAR)]
ColumnName = Annotated[
    str, BeforeValidator(_seen), StringConstraints(min_length=1), WithJsonSchema(SCALAR)
]
FieldName = Annotated[str, AfterValidator(field_name), WithJsonSchema(_FIELDS_ONLY)]
Texts = Annotated[
    tuple[Text, ...],
    BeforeValidator(listed),
    WithJsonSchema({"anyOf": [SCALAR, {"type": "array", "items": SCALAR}]}),
]


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

    @field_validator("*", mode="before")
    @classmethod
    def _filled(cls, value: Any) -> Any:
        # A key without a value is one not finished: nobody means "the default" by it.
        if value is None:
            raise ValueError("no value")
        return value


class ColumnField(Section):
    """A field that comes from a column. A value goes: column, transforms, values, default."""

    later: ClassVar[frozenset[str]] = frozenset({"lookup", "split", "write"})

    column: ColumnName
    """The column's header in the file, exactly."""
    transforms: tuple[TransformStep, ...] = ()
    """What is done to each filled cell, one after the other."""
    values: (
        Annotated[Mapping[Text, Text], Field(min_length=1), AfterValidator(_findable)] | None
    ) = None
    """What the file's codes stand for: code to value."""
    otherwise: Otherwise = Otherwise.REJECT
    """What a cell does that `values` does not name: reject its row, keep what is there, or clear it."""
    default: Annotated[str | Template | None, PlainValidator(_default), WithJsonSchema(SCALAR)] = (
        None
    )
    """What a new customer takes where the cell is empty; may be a template: "{companyName}"."""
    required: bool = False
    """A new customer without it is rejected."""
    blank: Blank | None = None
    """What an empty cell does in this field."""

    @model_validator(mode="before")
    @classmethod
    def _read(cls, written: Any) -> Any:
        return {"column": written} if isinstance(written, str) else _quoted(written)

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

    @model_validator(mode="before")
    @classmethod
    def _alone(cls, written: Any) -> Any:
        others = [key for key in written if key in ColumnField.model_fields]
        if others:
            raise Misfit(
                f'"{others[0]}" does not go with "const": a constant is the same in every row.',
                'Remove one of the two; for what a cell lacks there is "default".',
            )
        return written


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
