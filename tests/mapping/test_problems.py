"""What is said of wrong mappings: the first trouble of the file, then the others."""

from __future__ import annotations

import pytest

from tests.mapping.builders import TOP, refused
from wizsync.mapping.problems import suggestion

NO_VALUE = 'Write one, or remove the key. An empty text is ""; a text with # in it needs quotes.'
KEYS = (
    "extends, version, mode, absent, scope, source, blank, customer, attributes, addresses, contacts, "
    "children, compare, guard"
)
MODES = "create, update, upsert, delete-listed or mirror"


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        ("mod: upsert", 'There is no key "mod" here.', 'Did you mean "mode"?'),
        ("zzz: x", 'There is no key "zzz" here.', f"The keys here are: {KEYS}."),
        ("mode: upsrt", f'"mode" must be {MODES}.', 'Did you mean "upsert"?'),
        ("mode: [a]", f'"mode" must be {MODES}.', f"Write one of: {MODES.replace(' or', ',')}."),
        ("mode:", '"mode" has no value.', NO_VALUE),
        ("blank: Clear", '"blank" must be keep or clear.', 'Did you mean "clear"?'),
        ("source: x", '"source" must be lines of the form `key: value`, not "x".', None),
        ("source: {header_row: 0}", '"header_row" must be a number from 1 on, not "0".', None),
        ("source: {header_row: 1.5}", '"header_row" must be a whole number, not "1.5".', None),
        ("source: {header_row: [1]}", '"header_row" must be a whole number, not a list.', None),
        ("source: {where: {}, colour: x}", 'There is no key "colour" here.', None),
        ("source: {encoding: {a: b}}", '"encoding" must be a text, not lines of', None),
        ("compare: {ignore: phone}", '"ignore" must be a list, not "phone".', None),
        ("compare: {ignore: [[]]}", '"ignore" must be a text, not an empty list.', None),
        ('source: {delimiter: ""}', '"delimiter" must be a text that is not empty, not an', None),
        ("compare: {equal: {phone: x}}", '"phone" must be digits.', "Write one of: digits."),
        ("addresses: x", '"addresses" must be a list, not "x".', None),
        (
            "addresses: [{when: A, zip: Z}]",
            'An address has no field "zip".',
            'Did you mean "zipCode"?',
        ),
        ("contacts: [{jion: A}]", 'There is no key "jion" here.', 'Did you mean "join"?'),
        (
            "contacts: [{email: {colum: A}}]",
            'There is no key "colum" here.',
            'Did you mean "column"?',
        ),
        (
            "children: {adresses: keep}",
            'There is no key "adresses" here.',
            'Did you mean "addresses"?',
        ),
        ("children: {addresses: drop}", '"addresses" must be keep or remove.', None),
        (
            'source: {sheet: ""}',
            '"sheet" must be a text that is not empty, not an empty text.',
            None,
        ),
    ],
)
def test_what_is_said_and_where(line: str, message: str, hint: str | None) -> None:
    said, where, advice = refused(f"{TOP}{line}\n")

    assert said.startswith(message)
    assert where == "line 4"
    assert hint is None or advice == hint


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("absent:", "absent"),
        ("scope:", "scope"),
        ("scope: {referenceId: }", "referenceId"),
        ("scope: {referenceId: {prefix: }}", "prefix"),
        ("scope: {referenceId: {regex: }}", "regex"),
        ("scope: {referenceId: {list: ~}}", "list"),
        ("guard: {max_deletes: }", "max_deletes"),
        ("source: {action_column: }", "action_column"),
        ("source: {encoding: }", "encoding"),
        ("source: {where: {Status: }}", "Status"),
        ("  phone: {column: P, default: }", "default"),
        ("  phone: {column: P, values: }", "values"),
        ("  phone: {column: P, values: {a: }}", "a"),
        ("  phone: {column: P, blank: }", "blank"),
        ("  phone: {const: }", "const"),
        ("  phone:", "phone"),
    ],
)
def test_a_key_without_a_value_is_never_taken_for_its_default(line: str, key: str) -> None:
    assert refused(f"{TOP}{line}\n") == (f'"{key}" has no value.', "line 4", NO_VALUE)


def test_all_troubles_are_told_in_the_order_of_the_file() -> None:
    text = "mod: x\nversion: 1\nguard: {max_delets: 1}\ncustomer:\n  referenceId: No\n  fone: x\n"

    message, where, hint = refused(text)

    assert message.splitlines() == [
        'There is no key "mod" here.',
        "Also:",
        'line 3: There is no key "max_delets" here.',
        'line 6: A customer has no field "fone".',
    ]
    assert (where, hint) == ("line 1", 'Did you mean "mode"?')


def test_of_many_troubles_some_are_told_and_the_others_counted() -> None:
    lines = "".join(f"wrong{n}: x\n" for n in range(20))

    message, where, _ = refused(TOP + lines)

    assert where == "line 4"
    assert len(message.splitlines()) == 1 + 1 + 8 + 1
    assert message.endswith("\nand 11 more")


def test_a_mistyped_key_is_not_told_as_missing_too() -> None:
    text = TOP.replace("customer:", "custmer:")

    message, where, hint = refused(text)

    assert (message, where) == ('There is no key "custmer" here.', "line 2")
    assert hint == 'Did you mean "customer"?'


def test_a_missing_key_is_told_beside_others_that_are_wrong() -> None:
    message, _, _ = refused("version: 1\nzzz: x\n")

    assert '"customer" is missing.' in message
    assert 'There is no key "zzz" here.' in message


def test_a_key_of_a_field_is_looked_for_among_those_of_fields() -> None:
    message, where, hint = refused(f"{TOP}  phone:\n    column: P\n    tranforms: [phone]\n")

    assert (message, where) == ('There is no key "tranforms" here.', "line 6")
    assert hint == 'Did you mean "transforms"?'


def test_a_suggestion_is_the_nearest_or_all() -> None:
    assert suggestion("cler", ["keep", "clear"]) == 'Did you mean "clear"?'
    assert suggestion("xyz", ["keep", "clear"]) == "There are: keep, clear."
    assert suggestion("xyz", iter(["keep"]), what="Write one of") == "Write one of: keep."
