"""What the mapping's reference shows: the parts of a mapping, with examples that tests run."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wizsync.mapping.child_schema import Block
from wizsync.mapping.field_schema import (
    AccountLookup,
    ColumnField,
    ConstField,
    FileLookup,
    Section,
)
from wizsync.mapping.fields import CHILD_DESCRIPTIONS, DESCRIPTIONS, Help
from wizsync.mapping.guard_schema import GuardSection
from wizsync.mapping.schema import (
    AbsentSet,
    ChildrenSection,
    CompareSection,
    KeyScope,
    MappingSchema,
    ScopePart,
    SourceSection,
)
from wizsync.model.customer import CHILD_FIELDS, CUSTOMER_FIELDS, ChildKind, Field

Lines = Mapping[str, Any]


@dataclass(frozen=True)
class Part:
    """A part of the mapping with keys of its own.

    Args:
        title: Its heading.
        intro: What it is.
        model: Its keys.
        place: Its lines, put where they stand in a mapping.
        beside: What an example needs beside a key to be right; under "" that of all the others.
    """

    title: str
    intro: str
    model: type[Section]
    place: Callable[[Lines], Lines] = lambda lines: lines
    beside: Mapping[str, Lines] | None = None

    def examples(self, key: str) -> list[Lines]:
        """The examples of a key, as they stand in a mapping from its top."""
        beside = self.beside or {}
        keys = self.model.model_fields
        found = []
        for example in keys[key].examples or ():
            lines = {**beside.get(key, beside.get("", {})), key: example}
            found.append(self.place({name: lines[name] for name in keys if name in lines}))
        return found


PARTS: Sequence[Part] = (
    Part("The top level", "A mapping must have `version` and `customer`.", MappingSchema),
    Part("source", "How the file is read.", SourceSection, lambda lines: {"source": lines}),
    Part(
        "scope",
        "`all`, or these lines.",
        ScopePart,
        lambda lines: {"scope": lines},
    ),
    Part(
        "scope: referenceId",
        "One is enough; of several all must hold.",
        KeyScope,
        lambda lines: {"scope": {"referenceId": lines}},
    ),
    Part(
        "absent",
        "`ignore`, `report`, `delete`, or these lines.",
        AbsentSet,
        lambda lines: {"absent": lines},
    ),
    Part(
        "A column",
        "A field of a customer, address or contact, or an attribute, that comes from a column. A plain text, "
        "as in `city: City`, is its `column` alone; one with braces, such as `W-{referenceId}`, is a "
        "template. A value goes through the keys in this order.",
        ColumnField,
        lambda lines: {"customer": {"salesReps" if "split" in lines else "paymentTerm": lines}},
        {
            "": {"column": "Terms"},
            "split": {"column": "Reps"},
            "otherwise": {"column": "Terms", "values": {"N30": "net30"}},
        },
    ),
    Part(
        "A constant",
        "A field with the same value for every row.",
        ConstField,
        lambda lines: {"customer": {"paymentTerm": lines}},
        {"write": {"const": "net30"}},
    ),
    Part(
        "A look-up in the account",
        "Only with `priceList` and `salesReps`, which need none: written by these names they are looked up "
        "by name and by e-mail address.",
        AccountLookup,
        lambda lines: {"customer": {"salesReps": {"column": "Rep", "lookup": lines}}},
        {"by": {"account": "sales_reps"}},
    ),
    Part(
        "A look-up in a file",
        "With any field.",
        FileLookup,
        lambda lines: {"customer": {"paymentTerm": {"column": "Terms", "lookup": lines}}},
        {"": {"file": "terms.csv", "key": "Code", "value": "Term"}},
    ),
    Part(
        "A block of addresses or contacts",
        "These keys say where its rows stand; all others are its [fields](#the-fields-of-an-address).",
        Block,
        lambda lines: {"addresses": [lines]},
        {
            "sheet": {"join": "Customer No"},
            "file": {"join": "Customer No"},
            "join": {"sheet": "Ship-to"},
            "header_row": {"sheet": "Ship-to", "join": "Customer No"},
            "where": {"sheet": "Ship-to", "join": "Customer No"},
        },
    ),
    Part(
        "children",
        "What becomes of those that the file does not name.",
        ChildrenSection,
        lambda lines: {"children": lines},
    ),
    Part("compare", "How values are compared.", CompareSection, lambda lines: {"compare": lines}),
    Part(
        "guard",
        "What one run may change: a number, or a share. A run beyond it is refused as a whole.",
        GuardSection,
        lambda lines: {"guard": lines},
    ),
)


@dataclass(frozen=True)
class Fields:
    """The fields of a customer, or of its addresses or contacts.

    Args:
        title: Their heading.
        section: The key of the mapping under which they stand.
        help: What each is, by its name.
        known: The fields that the API has; those that it needs are told by it.
    """

    title: str
    section: str
    help: Mapping[str, Help]
    known: Mapping[str, Field]


FIELDS: Sequence[Fields] = (
    Fields("The fields of a customer", "customer", DESCRIPTIONS, CUSTOMER_FIELDS),
    *(
        Fields(f"The fields of {who}", kind.value, CHILD_DESCRIPTIONS[kind], CHILD_FIELDS[kind])
        for kind, who in ((ChildKind.ADDRESSES, "an address"), (ChildKind.CONTACTS, "a contact"))
    ),
)

# Lines that cannot be, with what is said of them and what to do.
MISTAKES: Sequence[tuple[str, str, str]] = (
    ("mod: upsert", 'There is no key "mod" here.', 'Did you mean "mode"?'),
    ("customer: {fone: Phone}", 'A customer has no field "fone".', 'Did you mean "phone"?'),
    (
        "customer: {displayId: {companyName}}",
        "A template must be quoted; YAML takes its braces for something else.",
        'Write "{companyName}", with the quotes.',
    ),
    (
        'customer: {displayName: "{firstName}"}',
        'The template "{firstName}" names "firstName", which this mapping does not map.',
        "It maps: referenceId, companyName.",
    ),
    (
        "customer: {phone: {column: Phone, transforms: [zfil]}}",
        'There is no transform "zfil".',
        'Did you mean "zfill"?',
    ),
    (
        "customer: {phone: {column: Phone, transforms: [zfill]}}",
        'The transform "zfill" needs an argument.',
        "Write {zfill: width}.",
    ),
    (
        "customer: {paymentTerm: {column: Terms, otherwise: keep}}",
        '"otherwise" goes with "values" or "lookup", and there is none.',
        "Add one of them, or remove it.",
    ),
    (
        'customer: {paymentTerm: {column: Terms, split: ";"}}',
        '"paymentTerm" takes one value, and "split" makes several.',
        "Remove `split`.",
    ),
    (
        "customer: {freightTerm: {const: prepaid, default: collect}}",
        '"default" does not go with "const": a constant is the same in every row.',
        'Remove one of the two; for what a cell lacks there is "default".',
    ),
    (
        "customer: {freightTerm: {column: Freight, lookup: {account: price_lists}}}",
        "freightTerm does not hold one of the account's price lists.",
        "price_lists go with priceList, sales_reps with salesReps.",
    ),
    (
        "addresses: [{sheet: Ship-to}]",
        '"join" is missing: it says whose each row is.',
        "Name the column that holds the customer's referenceId, as `join: Cust No`.",
    ),
    (
        'addresses: [{where: {Closed: ""}}]',
        '"where" goes with "sheet" or "file": without them the customer\'s row is read.',
        "Add one of them, or remove it.",
    ),
    (
        "guard: {max_deletes: -1}",
        "A limit is a whole number, or a share up to 100%.",
        "Write it as 10 or 5%, without a sign.",
    ),
    (
        "compare: {ignore: [referenceId]}",
        "referenceId is always compared exactly: it is the key.",
        "Remove it here.",
    ),
    (
        "absent: remove",
        '"absent" must be ignore, report, delete or {set: {…}}.',
        "Write one of: ignore, report, delete, set.",
    ),
    ("version: 2", "This version of wizsync reads mappings of version 1.", "Write `version: 1`."),
)


def written(value: Any) -> str:
    """A value as a mapping may write it, in one line."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{written(key)}: {written(each)}' for key, each in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(written, value))}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    if _PLAIN.fullmatch(text):
        return text
    return f"'{text}'" if "\\" in text else json.dumps(text, ensure_ascii=False)


# Texts that mean themselves without quotes, in brackets too.
_PLAIN = re.compile(r"[A-Za-z0-9](?:[\w ./@%-]*[\w.%])?")


def line(lines: Lines) -> str:
    """A single `key: value` of a mapping, in one line."""
    ((key, value),) = lines.items()
    return f"{key}: {written(value)}"


def step(name: str, arguments: Any) -> str:
    """A transform as a mapping writes it."""
    return name if arguments is None else written({name: arguments})
