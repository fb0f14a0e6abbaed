"""What a mapping may say of one field: a column, a constant, or a template."""

from __future__ import annotations

from collections.abc import Mapping
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
    WithJsonSchema,
    field_validator,
    model_validator,
)

from wizsync.mapping.fields import SPELLINGS, field_name
from wizsync.mapping.problems import Misfit
from wizsync.mapping.template import Template, is_template, parse_template
from wizsync.mapping.transform_schema import TransformStep
from wizsync.mapping.transforms.arguments import SCALAR, ColumnName, listed
from wizsync.mapping.words import code_of
from wizsync.model.customer import CUSTOMER_FIELDS
from wizsync.model.desired import Write
from wizsync.model.table import column_name

_FIELDS_ONLY = {"type": "string", "enum": [*CUSTOMER_FIELDS, *SPELLINGS]}


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


def _no_nothing(written: object) -> object:
    if written == "":
        raise Misfit(
            '"split" must not be empty.', 'Write what stands between the parts, such as ";".'
        )
    return written


Text = Annotated[str, WithJsonSchema(SCALAR)]
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

    @field_validator("*", mode="before")
    @classmethod
    def _filled(cls, value: Any) -> Any:
        # A key without a value is one not finished: nobody means "the default" by it.
        if value is None:
            raise ValueError("no value")
        return value


class AccountLookup(Section):
    """An id found in one of the account's lists."""

    account: Literal["price_lists", "sales_reps"] = Field(examples=["sales_reps"])
    """Which list of the account."""
    by: Literal["name", "reference_id", "id", "email"] | None = Field(
        default=None, examples=["name"]
    )
    """What the cell holds: a price list's name (the default), reference_id or id; a sales rep's email (the
    default), name or id."""

    @model_validator(mode="after")
    def _has_such(self) -> AccountLookup:
        known = _LOOKUP_KEYS[self.account]
        if self.by is not None and self.by not in known:
            raise Misfit(
                f"{self.account} cannot be looked up by {self.by}.",
                f"Write one of {', '.join(known)}.",
            )
        return self

    @property
    def key(self) -> str:
        """What the cell holds."""
        return self.by or _LOOKUP_KEYS[self.account][0]


# What each list can be looked up by; the first is the default.
_LOOKUP_KEYS = {
    "price_lists": ("name", "reference_id", "id"),
    "sales_reps": ("email", "name", "id"),
}


class FileLookup(Section):
    """A value found in a table of its own."""

    file: Annotated[str, StringConstraints(min_length=1)] = Field(examples=["terms.csv"])
    """The file, beside the mapping: a workbook or CSV."""
    key: ColumnName = Field(examples=["Code"])
    """Its column that holds what the cell holds."""
    value: ColumnName = Field(examples=["Term"])
    """Its column that holds what is to be sent."""
    sheet: Text | None = Field(default=None, examples=["Terms"])
    """Its sheet, where it is a workbook; the first visible one if not given."""


def _kind_of_lookup(written: Any) -> str:
    return "in a file" if isinstance(written, Mapping) and "file" in written else "in the account"


AnyLookup = Annotated[
    Annotated[AccountLookup, Tag("in the account")] | Annotated[FileLookup, Tag("in a file")],
    Discriminator(_kind_of_lookup),
]


class ColumnField(Section):
    """A field from a column. A value goes: column, split, transforms, values or lookup, default."""

    column: ColumnName = Field(examples=["Terms"])
    """The column's header in the file, exactly. White space at the ends of its cells is taken off first."""
    split: Annotated[Text | None, BeforeValidator(_no_nothing)] = Field(
        default=None, examples=[";"]
    )
    """What stands between several values in one cell: each goes its way alone. Only for salesReps (or
    assignedSalesRepIds) and attributes."""
    transforms: tuple[TransformStep, ...] = Field(default=(), examples=[["strip", {"zfill": 5}]])
    """What is done to each filled cell, one after the other."""
    values: (
        Annotated[Mapping[Text, Text], Field(min_length=1), AfterValidator(_findable)] | None
    ) = Field(default=None, examples=[{"N30": "net30", "COD": "cod"}])
    """What the file's codes stand for: code to value. Codes are written as in the file, capitals too; the
    value "" empties the field."""
    lookup: AnyLookup | None = Field(
        default=None, examples=[{"file": "terms.csv", "key": "Code", "value": "Term"}]
    )
    """Where a value is found by what the cell holds: in a list of the account, or in a file. It stands in
    place of `values`."""
    otherwise: Otherwise = Field(default=Otherwise.REJECT, examples=["keep"])
    """What a cell does that `values` or `lookup` lacks: reject its row, keep what is there, or clear it."""
    default: Annotated[str | Template | None, PlainValidator(_default), WithJsonSchema(SCALAR)] = (
        Field(default=None, examples=["net30"])
    )
    """What a new customer takes where the cell is empty; may be a template: "{companyName}". Customers that
    exist never get it."""
    required: bool = Field(default=False, examples=[True])
    """A new customer is rejected where this is empty and has no default; one that exists is not."""
    blank: Blank | None = Field(default=None, examples=["clear"])
    """What an empty cell does in this field: keep what is there, or clear it. If not given: as at the top."""
    write: Write = Field(default=Write.ALWAYS, examples=["if_empty"])
    """When the field of somebody who exists is written: always, only if it is empty, or never (on_create)."""

    @model_validator(mode="before")
    @classmethod
    def _read(cls, written: Any) -> Any:
        return {"column": written} if isinstance(written, str) else _quoted(written)

    @model_validator(mode="after")
    def _otherwise_needs_values(self) -> ColumnField:
        if self.values is not None and self.lookup is not None:
            raise Misfit(
                '"values" and "lookup" do not go together: both say what the cell stands for.',
                "Remove one of the two.",
            )
        if "otherwise" in self.model_fields_set and self.values is None and self.lookup is None:
            raise Misfit(
                '"otherwise" goes with "values" or "lookup", and there is none.',
                "Add one of them, or remove it.",
            )
        return self

    @property
    def country_column(self) -> str | None:
        """The column that one of the transforms takes the row's country from."""
        named = (step.arguments.get("country_from") for step in self.transforms)
        return next((column_name(name) for name in named if name), None)

    @property
    def takes_country(self) -> bool:
        """Whether one of the transforms can use the row's country."""
        return any(step.transform.takes_country for step in self.transforms)


class ConstField(Section):
    """A field with the same value for every customer."""

    const: Text = Field(examples=["net30"])
    """The value: the same for every row, and written over what is there."""
    write: Write = Field(default=Write.ALWAYS, examples=["on_create"])
    """When the field of somebody who exists is written: always, only if it is empty, or never (on_create)."""

    @model_validator(mode="before")
    @classmethod
    def _alone(cls, written: Any) -> Any:
        others = [key for key in written if key in ColumnField.model_fields and key != "write"]
        if others:
            raise Misfit(
                f'"{others[0]}" does not go with "const": a constant is the same in every row.',
                'Remove one of the two; for what a cell lacks there is "default".',
            )
        return written


class TemplateField(Section):
    """A field made of this customer's other fields, such as "{companyName}-{displayId}"."""

    template: Template
    write: ClassVar[Write] = Write.ALWAYS

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
