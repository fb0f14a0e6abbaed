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
    PlainValidator,
    StringConstraints,
    Tag,
    WithJsonSchema,
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
from wizsync.mapping.problems import Misfit, suggestion
from wizsync.mapping.template import is_template
from wizsync.mapping.transforms.arguments import ColumnName
from wizsync.mapping.transforms.text import regular_expression
from wizsync.model.customer import ChildKind, attribute_field
from wizsync.model.desired import AbsentPolicy, Mode
from wizsync.model.limits import DEFAULT_LIMITS, Limit

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


def _percent_or_count(written: object) -> Limit:
    text = written if isinstance(written, str) else ""
    found = re.fullmatch(r"(\d{1,12})(?:(\.\d{1,6})?\s*(%))?", text)
    if found is None or (found[3] and float(text.rstrip("% ")) > 100):
        raise Misfit(
            "A limit is a whole number, or a share up to 100%.",
            "Write it as 10 or 5%, without a sign.",
        )
    if found[3]:
        return Limit(share=float(found[1] + (found[2] or "")) / 100)
    return Limit(count=int(found[1]))


Cap = Annotated[
    Limit,
    PlainValidator(_percent_or_count),
    WithJsonSchema(
        {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": "%$"}]}
    ),
]


class SourceSection(Section):
    """How the file is read, and which of its rows are used."""

    sheet: Annotated[Text, StringConstraints(min_length=1)] | None = None
    """The workbook's sheet, by its name, or its number from 1; the first visible one if not given."""
    header_row: Annotated[int, Field(ge=1)] = 1
    """The row that holds the headers, counted as a spreadsheet program does."""
    where: Mapping[ColumnName, Annotated[Texts, AfterValidator(not_empty)]] = {}
    """Rows to use: column to the texts it may hold (case does not count). Others are left out."""
    action_column: ColumnName | None = None
    """A column of actions: blank is the mode; create, update, upsert or merge, delete, ignore."""
    blank_words: Texts = ()
    """Texts that also count as an empty cell, such as "-" and "n/a" (case does not count)."""
    encoding: Text | None = None
    """The file's encoding where it is not found rightly, such as cp1252."""
    delimiter: Annotated[str, StringConstraints(min_length=1)] | None = None
    """The character between cells where it is not found rightly."""


class KeyScope(Section):
    """Which referenceIds; all that is given must hold."""

    prefix: Annotated[str, StringConstraints(min_length=1)] | None = None
    """What the referenceId begins with."""
    regex: Annotated[str, StringConstraints(min_length=1), AfterValidator(_pattern)] | None = None
    """A regular expression that the whole referenceId fits."""
    list: Annotated[str, StringConstraints(min_length=1)] | None = None
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

    referenceId: KeyScope  # noqa: N815 - the field's name
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

    set: Annotated[Mapping[FieldName, Text], Field(min_length=1)]
    """Field to the text to set; an empty text clears."""

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
    max_children_removed: Cap | None = None
    """Addresses and contacts removed. If not given: 5%."""
    max_shrink: Cap | None = None
    """Rows that a sheet or file has lost since the last run, where something is deleted or removed. If not
    given: 20%."""

    @property
    def limits(self) -> dict[str, Limit]:
        """Guard name without `max_` to its limit; those without one are missing."""
        named = {name.removeprefix("max_"): getattr(self, name) for name in type(self).model_fields}
        return {
            **DEFAULT_LIMITS,
            **{name: limit for name, limit in named.items() if limit is not None},
        }


class ChildrenSection(Section):
    """What becomes of addresses and contacts that the file does not name."""

    addresses: Literal["keep", "remove"] = "keep"
    """Addresses of customers that have a row in a sheet or file of them: keep, or remove."""
    contacts: Literal["keep", "remove"] = "keep"
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

    extends: Annotated[Text, StringConstraints(min_length=1)] | None = None
    """Another mapping, beside this one, of which this one is a variant: what it says holds here too, unless
    this one says otherwise."""
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
        BeforeValidator(_with_lookups),
        Field(min_length=1),
    ]
    """The customer's fields: field to where its value comes from."""
    attributes: Mapping[Text, AnyField] = {}
    """The customer's attributes: the attribute's name, or its id, to where its value comes from."""
    addresses: tuple[BLOCKS[ChildKind.ADDRESSES], ...] = ()  # type: ignore[valid-type]
    """The customer's addresses: blocks, each of which gives some."""
    contacts: tuple[BLOCKS[ChildKind.CONTACTS], ...] = ()  # type: ignore[valid-type]
    """The customer's contacts: blocks, each of which gives some."""
    children: ChildrenSection = ChildrenSection()
    """What becomes of addresses and contacts that the file does not name: keep or remove."""
    compare: CompareSection = CompareSection()
    """How values are compared."""
    guard: GuardSection = GuardSection()
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
