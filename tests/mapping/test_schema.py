"""The mapping's schema: its sections, and their twin for editors."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.mapping.builders import TOP, mapping, refused
from tests.mapping.json_schema import fits
from wizsync.mapping import json_schema
from wizsync.mapping.guard_schema import GuardSection
from wizsync.model import CUSTOMER_FIELDS, DEFAULT_LIMITS, AbsentPolicy, Limit

ROOT = Path(__file__).resolve().parents[2]
LIMIT = "A limit is a whole number, or a share up to 100%."
WHICH = 'Write all, or {referenceId: {prefix: "ERP-"}}.'


@pytest.mark.parametrize("version", ["2", "1.0", "one", "[1]"])
def test_only_version_1_is_read(version: str) -> None:
    assert refused(f"customer: {{referenceId: No}}\nversion: {version}\n") == (
        "This version of wizsync reads mappings of version 1.",
        "line 2",
        "Write `version: 1`.",
    )


def test_what_is_not_written_has_its_default() -> None:
    schema = mapping(TOP).schema

    assert (schema.version, schema.mode, schema.blank, schema.absent) == (1, "upsert", "keep", None)
    assert (schema.source.header_row, schema.source.where, schema.source.blank_words) == (1, {}, ())
    assert schema.guard.limits == {
        "deletes": Limit(count=10, share=0.1),
        "children_removed": Limit(share=0.05),
        "shrink": Limit(share=0.2),
        "account_shrink": Limit(share=0.1),
        "empty_account": Limit(count=0),
        "updates": Limit(share=0.5),
        "erased": Limit(share=0.05),
    }


def test_a_source() -> None:
    source = mapping(
        f"{TOP}source:\n  header_row: 3\n  where: {{Country: [NO, 007], ' Status ': A}}\n"
        "  action_column: Do\n  blank_words: '-'\n  encoding: cp1252\n  delimiter: ';'\n"
    ).schema.source

    assert source.where == {"Country": ("NO", "007"), "Status": ("A",)}
    assert (source.header_row, source.action_column, source.blank_words) == (3, "Do", ("-",))
    assert (source.encoding, source.delimiter) == ("cp1252", ";")


def test_where_with_nothing_to_use_is_refused() -> None:
    assert refused(f"{TOP}source:\n  where:\n    Status: []\n") == (
        '"where" with an empty list uses no row at all.',
        "line 6",
        "Write the texts to use.",
    )


@pytest.mark.parametrize(
    ("written", "limit"),
    [
        ("0", Limit(count=0)),
        ("25", Limit(count=25)),
        ("5%", Limit(share=0.05)),
        ("12.5 %", Limit(share=0.125)),
        ("100%", Limit(share=1.0)),
    ],
)
def test_limits(written: str, limit: Limit) -> None:
    guard = mapping(
        f"{TOP}guard: {{max_deletes: {written}, max_creates: {written}}}\n"
    ).schema.guard

    assert guard.limits == {**DEFAULT_LIMITS, "deletes": limit, "creates": limit}


@pytest.mark.parametrize(
    "written", ["-1", "1.5", "101%", "100.1%", "ten", "1_0", "'%'", "[1]", "''"]
)
def test_what_is_no_limit(written: str) -> None:
    assert refused(f"{TOP}guard:\n  max_updates: {written}\n") == (
        LIMIT,
        "line 5",
        "Write it as 10 or 5%, without a sign.",
    )


@pytest.mark.parametrize(
    ("lines", "policy"),
    [
        ("absent: ignore", AbsentPolicy.IGNORE),
        ("absent: report\nscope: all", AbsentPolicy.REPORT),
        ("absent: delete\nscope: all", AbsentPolicy.DELETE),
        ("absent: {set: {phone: ''}}\nscope: all", AbsentPolicy.SET),
        ("mode: mirror\nscope: all", AbsentPolicy.DELETE),
        ("mode: create", AbsentPolicy.IGNORE),
    ],
)
def test_what_becomes_of_absent_customers(lines: str, policy: AbsentPolicy) -> None:
    assert mapping(f"{TOP}{lines}\n").schema.absent_policy is policy


@pytest.mark.parametrize(
    ("absent", "message", "hint"),
    [
        (
            "remove",
            '"absent" must be ignore, report, delete or {set: {…}}.',
            "Write one of: ignore, report, delete, set.",
        ),
        (
            "delet",
            '"absent" must be ignore, report, delete or {set: {…}}.',
            'Did you mean "delete"?',
        ),
        ("{set: {}}", '"set" must not be empty.', None),
        ("{sett: {phone: x}}", 'There is no key "sett" here.', 'Did you mean "set"?'),
        ("{set: {fone: x}}", 'A customer has no field "fone".', 'Did you mean "phone"?'),
        (
            "{set: {referenceId: x}}",
            '"absent" cannot set referenceId: it is the key.',
            "Set another field.",
        ),
    ],
)
def test_what_absent_cannot_be(absent: str, message: str, hint: str | None) -> None:
    assert refused(f"{TOP}scope: all\nabsent: {absent}\n") == (message, "line 5", hint)


@pytest.mark.parametrize(
    ("scope", "message", "hint"),
    [
        ("al", '"scope" is all, or says which.', WHICH),
        ("[all]", '"scope" is all, or says which.', WHICH),
        ("{}", '"referenceId" is missing.', "Add the key `referenceId:` here."),
        ("{referenceID: {prefix: x}}", 'There is no key "referenceID" here.', None),
        ("{referenceId: {}}", "The scope says nothing.", "Write `scope: all`, or {referenceId"),
        ("{referenceId: {prefx: x}}", 'There is no key "prefx" here.', 'Did you mean "prefix"?'),
        ("{referenceId: {prefix: ''}}", '"prefix" must be a text that is not empty, not an', None),
        (
            "{referenceId: x}",
            '"referenceId" must be lines of the form `key: value`, not "x".',
            None,
        ),
    ],
)
def test_what_a_scope_cannot_be(scope: str, message: str, hint: str | None) -> None:
    said, where, advice = refused(f"{TOP}scope: {scope}\n")

    assert said.startswith(message)
    assert "Also:" not in said
    assert where == "line 4"
    assert hint is None or (advice or "").startswith(hint)


def test_a_wrong_key_deep_in_the_scope_is_told_on_its_line() -> None:
    _, where, _ = refused(f"{TOP}scope:\n  referenceId:\n    prefix: C\n    sufix: x\n")

    assert where == "line 7"


def test_comparing() -> None:
    compare = mapping(
        f"{TOP}compare: {{ignore: [displayId], casefold: [email], equal: {{phone: digits}}}}\n"
    ).schema.compare

    assert (compare.ignore, compare.casefold) == (("displayId",), ("email",))
    assert compare.equal == {"phone": "digits"}


@pytest.mark.parametrize(
    "compare",
    ["{ignore: [referenceId]}", "{casefold: [referenceId]}", "{equal: {referenceId: digits}}"],
)
def test_the_key_is_always_compared_exactly(compare: str) -> None:
    assert refused(f"{TOP}compare: {compare}\n") == (
        "referenceId is always compared exactly: it is the key.",
        "line 4",
        "Remove it here.",
    )


# --- the JSON Schema ----------------------------------------------------------------------------

SCHEMA = json_schema()


def fits_editors(text: str) -> bool:
    """Whether an editor with the JSON Schema finds no fault with a mapping's text."""
    return fits(YAML(typ="safe", pure=True).load(text), SCHEMA, SCHEMA)


@pytest.mark.parametrize("path", sorted((ROOT / "mappings").glob("*.yaml")), ids=lambda p: p.stem)
def test_editors_find_no_fault_with_the_mappings_that_are_shipped(path: Path) -> None:
    assert fits_editors(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "lines",
    [
        "mode: delete-listed",
        "scope: all",
        "scope: {referenceId: {prefix: C-}}",
        "scope: {referenceId: {regex: 'C.*'}}",
        "scope: all\nabsent: {set: {phone: x}}",
        "source: {blank_words: '-', where: {Status: A, Days: [30, 45], VIP: true}}",
        "source: {header_row: 2, action_column: 7, encoding: cp1252, delimiter: ';'}",
        "guard: {max_deletes: 10, max_updates: 5%}",
        "compare: {ignore: [phone], casefold: [email], equal: {phone: digits}}",
        "  phone: 7",
        "  phone: '{referenceId}'",
        "  phone: {const: 1}",
        "  phone: {column: P, default: 0, required: true, blank: clear}",
        "  phone: {column: P, values: {30: net30}, otherwise: keep}",
        "  assignedPriceListID: P",
        "  phone: {column: P, transforms: [strip, {strip: '-'}, {zfill: 5}, {zfill: {width: 5}}]}",
        "  phone: {column: P, transforms: [date, {date: DD.MM.YYYY}, {date: [DD.MM.YYYY]}]}",
        "  phone: {column: P, transforms: [boolean, {boolean: A}, {boolean: {yes: [A], no: I}}]}",
        "  phone: {column: P, transforms: [{replace: {a: b}}, {regex: {pattern: a, replacement: b}}]}",
        "  phone: {column: P, transforms: [{phone: US}, {number: ','}, {state: US}, {city_line: zip}]}",
        "  phone: {column: P, lookup: {file: p.csv, key: K, value: V, sheet: 2}, write: if_empty}",
        "  priceList: {column: P, lookup: {account: price_lists, by: reference_id}}",
        "  salesReps: {column: P, split: ';'}",
        "attributes: {Industry: S, Revenue: {column: R, transforms: [number]}, VIP: {const: yes}}",
        (
            "addresses:\n  - {when: S, referenceId: '{referenceId}-B', addressLine1: S, city: C,"
            " type: {const: billing}, isDefault: {const: true}}"
        ),
        (
            "contacts:\n  - {file: p.csv, sheet: 2, join: No, header_row: 2, where: {A: [1]},"
            " referenceId: P, firstName: F, email: {column: M, write: on_create}, attributes: {Dock: D}}"
        ),
        "children: {addresses: remove, contacts: keep}",
        "source: {sheet: 2}",
        "guard: {max_children_removed: 5, max_shrink: 10%, max_account_shrink: 5, max_empty_account: 9}",
    ],
)
def test_what_loads_is_valid_for_editors(lines: str) -> None:
    text = f"{TOP}{lines}\n"

    assert mapping(text).schema.version == 1
    assert fits_editors(text)


@pytest.mark.parametrize(
    "lines",
    [
        "mod: upsert",
        "mode: upsrt",
        "scope: {prefix: C-}",
        "scope: {referenceId: {prefix: }}",
        "absent: remove",
        "absent: {set: {}}",
        "absent: {set: {fone: x}}",
        "source: {header_row: 0}",
        "guard: {max_deletes: -1}",
        "guard: {max_moves: 1}",
        "addresses: [{when: A, zip: Z}]",
        "children: {addresses: drop}",
        "  fone: x",
        "  phone:",
        "  phone: [a]",
        "  phone: {const: a, column: b}",
        "  phone: {column: P, values: {}}",
        "  phone: {column: P, transforms: [zfill]}",
        "  phone: {column: P, transforms: [{zfill: 0}]}",
        "  phone: {column: P, transforms: [{phon: US}]}",
        "  phone: {column: P, transforms: [{zfill: 5, lower: x}]}",
    ],
)
def test_what_does_not_load_is_marked_by_editors(lines: str) -> None:
    text = f"{TOP}{lines}\n"

    assert refused(text)[1] == "line 4"
    assert not fits_editors(text)


def test_a_mapping_that_extends_another_may_lack_what_that_has() -> None:
    assert fits_editors("extends: house.yaml\ncustomer: {phone: P}\n")
    assert not fits_editors("version: 1\ncustomer: {phone: P}\n")


def test_every_key_has_its_help_and_an_example() -> None:
    fields = SCHEMA["properties"]["customer"]["properties"]
    sections = SCHEMA["$defs"]

    assert set(CUSTOMER_FIELDS) <= set(fields)
    for section in (SCHEMA, *sections.values(), {"properties": fields}):
        for name, key in section["properties"].items() if "properties" in section else ():
            described = {**sections.get(key.get("$ref", "").rpartition("/")[2], {}), **key}
            assert described.get("description"), name
            assert described.get("examples"), name


def test_examples_of_transforms_are_valid_for_editors() -> None:
    transforms = SCHEMA["$defs"]["ColumnField"]["properties"]["transforms"]

    for name, each in transforms["items"]["anyOf"][-1]["properties"].items():
        assert each["examples"], name
        assert all(fits([{name: one}], transforms, SCHEMA) for one in each["examples"]), name


@pytest.mark.parametrize("name", GuardSection.model_fields)
def test_the_help_of_a_limit_tells_what_holds_without_it(name: str) -> None:
    limit = DEFAULT_LIMITS.get(name.removeprefix("max_"))
    *_, said = (GuardSection.model_fields[name].description or "").replace("\n", " ").split(": ")

    if limit is None:
        assert said == "no limit."
    elif limit.count is None:
        assert said == f"{limit.share:.0%}."
    elif limit.share is None:
        assert said == f"{limit.count}."
    else:
        assert said == f"{limit.count} and {limit.share:.0%}, the smaller."


def test_no_key_may_be_null() -> None:
    assert "null" not in json.dumps(SCHEMA)
