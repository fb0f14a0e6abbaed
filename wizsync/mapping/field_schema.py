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
    StringConstraints,
    Tag,
    WithJsonSchema,
    model_validator,
)

from wizsync.mapping.fields import field_name
from wizsync.mapping.problems import Misfit
from wizsync.mapping.template import Template, is_template, parse_template
from wizsync.mapping.transform_schema import TransformStep
from wizsync.model.customer import CUSTOMER_FIELDS

_SCALAR = {"type": ["string", "number", "boolean"]}
_FIELDS_ONLY = {"type": "string", "enum": list(CUSTOMER_FIELDS)}


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _no_blank_key(values: Mapping[str, str]) -> Mapping[str, str]:
    if any(not key.strip() for key in values):
        raise Misfit(
            '"values" names the empty cell, which is never looked up.',
            "`blank` says what an empty cell does, `default` what a new customer takes.",
        )
    return values


Text = Annotated[str, WithJsonSchema(_SCALAR)]
ColumnName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1), WithJsonSchema(_SCALAR)
]
FieldName = Annotated[str, AfterValidator(field_name), WithJsonSchema(_FIELDS_ONLY)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_listed)]


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
