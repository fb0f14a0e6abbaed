"""The mapping's schema: a published contract. Only what works is accepted.

Values come from `document`: every scalar is text.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    model_validator,
)

from wizsync.mapping.child_schema import BLOCKS, Block, not_empty
from wizsync.mapping.field_schema import (
    AccountLookup,
    AnyField,
    Blank,
    ColumnField,
    CustomerField,
    FieldName,
    FileLookup,
    Section,
    Text,
    Texts,
)
from wizsync.mapping.fields import FRIENDLY_LOOKUPS
from wizsync.mapping.guard_schema import GuardSection
from wizsync.mapping.problems import Misfit, suggestion
from wizsync.mapping.template import is_template
from wizsync.mapping.transforms.arguments import ColumnName
from wizsync.mapping.transforms.text import regular_expression
from wizsync.model.customer import ChildKind, attribute_field
from wizsync.model.desired import AbsentPolicy, Mode

KEY = "referenceId"
MIRROR = "mirror"
MODES = (*(mode.value for mode in Mode), MIRROR)


def _one_version(value: object) -> object:
    if value != "1":
        raise Misfit("This version of wizsync reads mappings of version 1.", "Write `version: 1`.")
    return 1


def _pattern(text: str) -> str:
    if re.search(r"\{,\d+\}", text):
        # pandas' engine takes this for the characters themselves, and the scope would be another one.
        raise Misfit(f'"{text}" does not say from how many on.', "Write {0,3} instead of {,3}.")
    try:
        return regular_expression(text)
    except ValueError as error:
        raise Misfit(f'"{text}" is {error}.', "Correct it.") from None


class SourceSection(Section):
    """How the file is read, and which of its rows are used."""

    sheet: Annotated[Text, StringConstraints(min_length=1)] | None = Field(
        default=None, examples=["Customers"]
    )
    """The workbook's sheet, by its name, or its number from 1; the first visible one if not given."""
    header_row: Annotated[int, Field(ge=1)] = Field(default=1, examples=[3])
    """The row that holds the headers, counted as a spreadsheet program does. Rows above it are passed over,
    and if it is empty the next filled row is taken."""
    where: Mapping[ColumnName, Annotated[Texts, AfterValidator(not_empty)]] = Field(
        default={}, examples=[{"Status": ["Active", "Hold"]}]
    )
    """Rows to use: column to the texts it may hold. Capitals do not count, "" stands for an empty cell, of
    several columns all must fit. Other rows are left out."""
    action_column: ColumnName | None = Field(default=None, examples=["Action"])
    """A column of actions: blank is the mode; create, update, upsert or merge, delete, ignore."""
    blank_words: Texts = Field(default=(), examples=[["-", "n/a"]])
    """Texts that also count as an empty cell. Capitals do not count."""
    encoding: Text | None = Field(default=None, examples=["cp1252"])
    """The file's encoding where it is not found rightly. A byte order mark in the file always wins."""
    delimiter: Annotated[str, StringConstraints(min_length=1)] | None = Field(
        default=None, examples=["semicolon"]
    )
    """What stands between cells where it is not found rightly: one character, or comma, semicolon, tab,
    pipe."""


class KeyScope(Section):
    """Which referenceIds; all that is given must hold."""

    prefix: Annotated[str, StringConstraints(min_length=1)] | None = Field(
        default=None, examples=["ERP-"]
    )
    """What the referenceId begins with."""
    regex: Annotated[str, StringConstraints(min_length=1), AfterValidator(_pattern)] | None = Field(
        default=None, examples=["ERP-[0-9]+"]
    )
    """A regular expression that the whole referenceId fits."""
    list: Annotated[str, StringConstraints(min_length=1)] | None = Field(
        default=None, examples=["our-keys.txt"]
    )
    """A text file of referenceIds, one a line, beside the mapping."""

    @model_validator(mode="after")
    def _says_something(self) -> KeyScope:
        if not self.model_fields_set:
            raise Misfit(
                "The scope says nothing.", 'Write `scope: all`, or {referenceId: {prefix: "ERP-"}}.'
            )
        return self


class ScopePart(Section):
    """Which customers."""

    referenceId: KeyScope = Field(examples=[{"prefix": "ERP-"}])  # noqa: N815 - the field's name
    """By their key."""


def _kind_of_scope(written: Any) -> str:
    return "part" if isinstance(written, Mapping) else "all"


def _all(word: object) -> object:
    if word != "all":
        raise Misfit(
            '"scope" is all, or says which.', 'Write all, or {referenceId: {prefix: "ERP-"}}.'
        )
    return word


ScopeSection = Annotated[
    Annotated[Literal["all"], BeforeValidator(_all), Tag("all")]
    | Annotated[ScopePart, Tag("part")],
    Discriminator(_kind_of_scope),
]


class AbsentSet(Section):
    """Fields to set on customers that the file does not name."""

    set: Annotated[Mapping[FieldName, Text], Field(min_length=1)] = Field(
        examples=[{"paymentTerm": "prepaid"}]
    )
    """Field to the text to set; "" clears, but not companyName and displayName. A field that `compare`
    ignores cannot be set."""

    @model_validator(mode="after")
    def _never_the_key(self) -> AbsentSet:
        if KEY in self.set:
            raise Misfit(f'"absent" cannot set {KEY}: it is the key.', "Set another field.")
        return self


def _kind_of_absent(written: Any) -> str:
    return "settings" if isinstance(written, Mapping) else "a word"


def _absent_word(word: object) -> object:
    words = [AbsentPolicy.IGNORE.value, AbsentPolicy.REPORT.value, AbsentPolicy.DELETE.value]
    if word not in words:
        raise Misfit(
            '"absent" must be ignore, report, delete or {set: {…}}.',
            suggestion(str(word), [*words, "set"], what="Write one of"),
        )
    return AbsentPolicy(str(word))


AbsentSection = Annotated[
    Annotated[
        Literal[AbsentPolicy.IGNORE, AbsentPolicy.REPORT, AbsentPolicy.DELETE],
        BeforeValidator(_absent_word),
        Tag("a word"),
    ]
    | Annotated[AbsentSet, Tag("settings")],
    Discriminator(_kind_of_absent),
]


class CompareSection(Section):
    """How values are compared."""

    ignore: tuple[FieldName, ...] = Field(default=(), examples=[["displayName"]])
    """Fields that are written to new customers and not compared after: what people change in WizCommerce
    stays."""
    casefold: tuple[FieldName, ...] = Field(default=(), examples=[["companyName"]])
    """Fields whose capitals do not count."""
    equal: Mapping[FieldName, Literal["digits"]] = Field(default={}, examples=[{"phone": "digits"}])
    """Fields compared in a way of their own: `digits` compares only the digits."""

    @model_validator(mode="after")
    def _never_the_key(self) -> CompareSection:
        if KEY in (*self.ignore, *self.casefold, *self.equal):
            raise Misfit(f"{KEY} is always compared exactly: it is the key.", "Remove it here.")
        return self


class ChildrenSection(Section):
    """What becomes of addresses and contacts that the file does not name."""

    addresses: Literal["keep", "remove"] = Field(default="keep", examples=["remove"])
    """Addresses of customers that have a row in a sheet or file of them: keep, or remove."""
    contacts: Literal["keep", "remove"] = Field(default="keep", examples=["remove"])
    """The same of contacts."""

    def removes(self, kind: ChildKind) -> bool:
        """Whether those of a kind that the file does not name are removed."""
        return bool(getattr(self, kind.value) == "remove")


def _with_lookups(written: Any) -> Any:
    """The fields, with what their friendlier names look up where the mapping does not say."""
    if not isinstance(written, Mapping):
        return written
    fields = dict(written)
    for name, account in FRIENDLY_LOOKUPS.items():
        each = fields.get(name)
        if isinstance(each, str) and not is_template(each):
            each = {"column": each}
        if isinstance(each, Mapping) and not {"lookup", "values", "const"} & each.keys():
            fields[name] = {**each, "lookup": {"account": account}}
    return fields


class MappingSchema(Section):
    """A mapping: how the rows of a file become the customers of a WizCommerce account."""

    extends: Annotated[Text, StringConstraints(min_length=1)] | None = Field(
        default=None, examples=["house.yaml"]
    )
    """Another mapping, beside this one, of which this one is a variant: what it says holds here too, unless
    this one says otherwise."""
    version: Annotated[Literal[1], BeforeValidator(_one_version)] = Field(examples=[1])
    """The version of the mapping's form: 1."""
    mode: Literal["create", "update", "upsert", "delete-listed", "mirror"] = Field(
        default="upsert", examples=["update"]
    )
    """What a row asks for; mirror is upsert with `absent: delete`."""
    absent: AbsentSection | None = Field(
        default=None, examples=["report", {"set": {"paymentTerm": "prepaid"}}]
    )
    """What becomes of customers in scope that the file does not name: ignore (the default), report,
    delete, or {set: {field: text}}."""
    scope: ScopeSection | None = Field(
        default=None, examples=["all", {"referenceId": {"prefix": "ERP-"}}]
    )
    """Which customers this mapping is responsible for; `absent` other than ignore needs it."""
    source: SourceSection = Field(
        default=SourceSection(), examples=[{"sheet": "Customers", "header_row": 3}]
    )
    """How the file is read, and which of its rows are used."""
    blank: Blank = Field(default=Blank.KEEP, examples=["clear"])
    """What an empty cell does: keep what is there, or clear it."""
    customer: Annotated[
        Mapping[FieldName, AnyField],
        BeforeValidator(_with_lookups),
        Field(min_length=1),
    ] = Field(examples=[{"referenceId": "Customer No", "companyName": "Company"}])
    """The customer's fields: field to where its value comes from."""
    attributes: Mapping[Text, AnyField] = Field(default={}, examples=[{"Industry": "Sector"}])
    """The customer's attributes: the attribute's name, or its id, to where its value comes from."""
    addresses: tuple[BLOCKS[ChildKind.ADDRESSES], ...] = Field(  # type: ignore[valid-type]
        (),
        examples=[
            [
                {
                    "when": "Street",
                    "referenceId": "{referenceId}-BILL",
                    "addressLine1": "Street",
                    "city": "City",
                    "type": {"const": "billing"},
                }
            ]
        ],
    )
    """The customer's addresses: blocks, each of which gives some."""
    contacts: tuple[BLOCKS[ChildKind.CONTACTS], ...] = Field(  # type: ignore[valid-type]
        (),
        examples=[
            [
                {
                    "referenceId": "{referenceId}-MAIN",
                    "firstName": "Contact",
                    "email": "E-mail",
                }
            ]
        ],
    )
    """The customer's contacts: blocks, each of which gives some."""
    children: ChildrenSection = Field(default=ChildrenSection(), examples=[{"addresses": "remove"}])
    """What becomes of addresses and contacts that the file does not name: keep or remove."""
    compare: CompareSection = Field(
        default=CompareSection(), examples=[{"casefold": ["companyName"]}]
    )
    """How values are compared."""
    guard: GuardSection = Field(
        default=GuardSection(), examples=[{"max_deletes": 5, "max_updates": "20%"}]
    )
    """Limits on what one run may change."""

    @property
    def fields(self) -> dict[str, CustomerField]:
        """The customer's fields, attributes (`attributes.Industry`) among them."""
        return {
            **self.customer,
            **{attribute_field(name): each for name, each in self.attributes.items()},
        }

    @property
    def blocks(self) -> list[tuple[ChildKind, Block]]:
        """All blocks in their order, addresses first."""
        return [(kind, block) for kind in ChildKind for block in getattr(self, kind.value)]

    @property
    def absent_policy(self) -> AbsentPolicy:
        """What becomes of absent customers by the file, without the command line."""
        if self.absent is None:
            return AbsentPolicy.DELETE if self.mode == MIRROR else AbsentPolicy.IGNORE
        return AbsentPolicy.SET if isinstance(self.absent, AbsentSet) else self.absent


# By where they stand in the file, as pydantic names places.
SECTIONS: Mapping[tuple[Hashable, ...], type[Section]] = {
    (): MappingSchema,
    ("customer",): ColumnField,
    ("attributes",): ColumnField,
    ("source",): SourceSection,
    ("scope",): ScopePart,
    ("scope", "part", KEY): KeyScope,
    ("absent",): AbsentSet,
    ("compare",): CompareSection,
    ("children",): ChildrenSection,
    ("guard",): GuardSection,
}


def section_at(location: tuple[Hashable, ...]) -> type[Section]:
    """The section that a key belongs to, by the places of the key as pydantic names them."""
    above = location[:-1]
    if "lookup" in above:
        return FileLookup if "in a file" in above else AccountLookup
    if above[:1] and above[0] in set(ChildKind):
        return BLOCKS[ChildKind(str(above[0]))] if len(above) == 2 else ColumnField
    return next(
        SECTIONS[above[:end]] for end in range(len(above), -1, -1) if above[:end] in SECTIONS
    )


def keys_at(location: tuple[Hashable, ...]) -> list[str]:
    """The keys that may stand where an unknown one does."""
    return list(section_at(location).model_fields)
