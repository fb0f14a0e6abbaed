"""What a mapping may say of addresses and contacts: blocks, each of which gives children in one way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    StringConstraints,
    create_model,
    model_validator,
)

from wizsync.mapping.field_schema import (
    AnyField,
    ColumnField,
    ConstField,
    CustomerField,
    Section,
    TemplateField,
    Text,
    Texts,
)
from wizsync.mapping.fields import CHILD_DESCRIPTIONS, child_field_name
from wizsync.mapping.problems import Misfit
from wizsync.mapping.template import Template
from wizsync.mapping.transforms import Fault
from wizsync.mapping.transforms.arguments import ColumnName
from wizsync.mapping.transforms.booleans import boolean
from wizsync.model.customer import CHILD_FIELDS, ChildKind, attribute_field

TYPES = ("billing", "shipping")

Where = Mapping[ColumnName, Texts]


def not_empty(texts: tuple[str, ...]) -> tuple[str, ...]:
    """The texts of a `where`, if there are any."""
    if not texts:
        raise Misfit('"where" with an empty list uses no row at all.', "Write the texts to use.")
    return texts


class Block(Section):
    """One way in which the file gives addresses or contacts: in the customer's row, or in rows of its own."""

    when: ColumnName | None = Field(default=None, examples=["Street"])
    """The block gives one where this column is filled; without it, where any of its columns is."""
    sheet: Annotated[Text, StringConstraints(min_length=1)] | None = Field(
        default=None, examples=["Ship-to"]
    )
    """The sheet that has a row for each; with `file`, the sheet in it."""
    file: Annotated[str, StringConstraints(min_length=1)] | None = Field(
        default=None, examples=["contacts.csv"]
    )
    """The file that has a row for each, beside the customers' file."""
    join: ColumnName | None = Field(default=None, examples=["Customer No"])
    """The column of that sheet or file that holds the customer's referenceId. It must be there with `sheet`
    or `file`."""
    header_row: Annotated[int, Field(ge=1)] = Field(default=1, examples=[2])
    """The row of that sheet or file that holds the headers."""
    where: Mapping[ColumnName, Annotated[Texts, AfterValidator(not_empty)]] = Field(
        default={}, examples=[{"Closed": ""}]
    )
    """Its rows to use, as in `source`: column to the texts it may hold. Others are left out."""
    attributes: Mapping[Text, AnyField] = Field(
        default={}, examples=[{"Delivery Window": "Window"}]
    )
    """Attributes of the address or contact: the attribute's name to where its value comes from."""

    @property
    def place(self) -> str:
        """The sheet or file that its rows stand in, "" for the customers' own rows."""
        return " / ".join(filter(None, (self.file, self.sheet)))

    @property
    def plain_fields(self) -> dict[str, CustomerField]:
        """The fields that it gives, `id` among them, without attributes."""
        return {
            name: getattr(self, name) for name in _FIELDS if getattr(self, name, None) is not None
        }

    @property
    def fields(self) -> dict[str, CustomerField]:
        """The fields that it gives, `id` and attributes (`attributes.Dock`) among them."""
        attributes = {attribute_field(name): each for name, each in self.attributes.items()}
        return self.plain_fields | attributes

    @model_validator(mode="after")
    def _has_rows(self) -> Block:
        if self.place and self.join is None:
            raise Misfit(
                '"join" is missing: it says whose each row is.',
                "Name the column that holds the customer's referenceId, as `join: Cust No`.",
            )
        if not self.place:
            given = [
                name for name in ("join", "header_row", "where") if name in self.model_fields_set
            ]
            if given:
                raise Misfit(
                    f'"{given[0]}" goes with "sheet" or "file": without them the customer\'s row is read.',
                    "Add one of them, or remove it.",
                )
        return self

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> Block:
        kind = next(kind for kind, model in BLOCKS.items() if type(self) is model)
        for name, each in CHILD_FIELDS[kind].items():
            # By an id only those are changed that are there, and they have all of it.
            if each.required and name not in self.fields and "id" not in self.fields:
                raise Misfit(
                    f"The block does not say where the {name} comes from, and {_an(kind)} needs one.",
                    _NEEDED.get(name, f"Add `{name}:` with its column."),
                )
        return self

    @model_validator(mode="after")
    def _has_values_that_fit(self) -> Block:
        for name, each in self.plain_fields.items():
            if isinstance(each, ColumnField) and each.split is not None:
                raise Misfit(
                    f'"{name}" takes one value, and "split" makes several.', "Remove `split`."
                )
            if name not in _ONE_OF:
                continue
            text = each.const if isinstance(each, ConstField) else getattr(each, "default", None)
            if isinstance(each, TemplateField) or isinstance(text, Template):
                raise Misfit(
                    f'"{name}" cannot be a template.', "Name a column, or write {const: …}."
                )
            value_of, wrong, hint = _ONE_OF[name]
            try:
                value_of(text) if text else None
            except Fault:
                raise Misfit(f'"{text}" is {wrong}.', hint) from None
        return self


def address_type(text: str) -> str:
    """The type of an address; Fault where it is none."""
    if text.casefold() in TYPES:
        return text.casefold()
    raise Fault(
        "bad_type", "is no type of address", "Write billing or shipping, or map it with `values`."
    )


# Fields that take one of few words: what makes it of a text, and what is said of another.
_ONE_OF: Mapping[str, tuple[Callable[[str], str], str, str]] = {
    "type": (address_type, "no type of address", "Write billing or shipping."),
    "isDefault": (boolean, "neither yes nor no", "Write true or false."),
}


_NEEDED = {
    "referenceId": 'Name a column, or a template over the customer\'s fields: "{referenceId}-BILL".',
    "type": "Write `type: {const: billing}` or `type: {const: shipping}`, or name a column.",
}


def _an(kind: ChildKind) -> str:
    return "an address" if kind is ChildKind.ADDRESSES else "a contact"


class _Described(Block):
    """A block whose fields bring their descriptions: looking for docstrings takes time."""

    model_config = ConfigDict(use_attribute_docstrings=False)


def _block(kind: ChildKind) -> type[Block]:
    fields: dict[str, Any] = {
        name: (AnyField | None, Field(default=None, description=each.says, examples=[each.example]))
        for name, each in CHILD_DESCRIPTIONS[kind].items()
    }
    return create_model(
        f"{kind.one.capitalize()}Block", __base__=_Described, __doc__=Block.__doc__, **fields
    )


_FIELDS = tuple(dict.fromkeys(name for names in CHILD_DESCRIPTIONS.values() for name in names))

BLOCKS: Mapping[ChildKind, type[Block]] = {kind: _block(kind) for kind in ChildKind}


def misnamed(kind: ChildKind, key: str) -> Misfit | None:
    """What is wrong with a key that a block does not take, where it is a field called otherwise."""
    try:
        child_field_name(kind, key)
    except Misfit as misfit:
        return (
            misfit
            if "Did you mean" in misfit.hint or "cannot be written" in misfit.message
            else None
        )
    return None
