"""What a mapping may say of one field."""

from __future__ import annotations

import pytest

from tests.mapping.builders import TOP, mapping, refused
from wizsync.mapping.field_schema import (
    Blank,
    ColumnField,
    ConstField,
    Otherwise,
    TemplateField,
)


def field(written: str) -> ColumnField | ConstField | TemplateField:
    return mapping(f"{TOP}  email: E\n  phone: {written}\n").schema.customer["phone"]


def wrong(written: str) -> tuple[str, str | None, str | None]:
    return refused(f"{TOP}  email: E\n  phone: {written}\n")


@pytest.mark.parametrize(
    ("written", "column"),
    [
        ("Tel", "Tel"),
        ("'  Tel '", "Tel"),
        ("007", "007"),
        ("NO", "NO"),
        ("{column: 1.50}", "1.50"),
        ("{column: '{odd}'}", "{odd}"),
        ("'null'", "null"),
        ("'#Tel: x'", "#Tel: x"),
    ],
)
def test_a_plain_text_is_a_column(written: str, column: str) -> None:
    assert field(written) == ColumnField(column=column)


@pytest.mark.parametrize(
    ("written", "column"), [('"Tel  No"', "Tel No"), (r'"\u00a0Te\u0301l\u200b"', "Tél")]
)
def test_a_column_is_named_as_the_files_reader_names_it(written: str, column: str) -> None:
    assert field(written) == ColumnField(column=column)


def test_everything_of_a_column() -> None:
    each = field(
        "{column: P, transforms: [upper, {zfill: 3}], values: {'007': Bond, NO: Norway},\n"
        "    otherwise: clear, default: x, required: true, blank: clear}"
    )

    assert isinstance(each, ColumnField)
    assert [step("7a") for step in each.transforms] == ["7A", "07a"]
    assert each.values == {"007": "Bond", "NO": "Norway"}
    assert (each.otherwise, each.default, each.required) == (Otherwise.CLEAR, "x", True)
    assert each.blank is Blank.CLEAR


@pytest.mark.parametrize(
    ("written", "const"), [("{const: NO}", "NO"), ("{const: 007}", "007"), ("{const: ''}", "")]
)
def test_a_constant(written: str, const: str) -> None:
    assert field(written) == ConstField(const=const)


def test_braces_are_a_template_in_a_field_and_in_a_default() -> None:
    template, with_default = field('"{email}!"'), field('{column: P, default: "{email}!"}')

    assert isinstance(template, TemplateField)
    assert isinstance(with_default, ColumnField)
    assert template.template == with_default.default


QUOTED = "A template must be quoted; YAML takes its braces for something else."
CONST = ": a constant is the same in every row."
ONE = 'Remove one of the two; for what a cell lacks there is "default".'


@pytest.mark.parametrize(
    ("written", "message", "hint"),
    [
        ("{email}", QUOTED, 'Write "{email}", with the quotes.'),
        ("{column: P, default: {email}}", QUOTED, 'Write "{email}", with the quotes.'),
        ("{column: P, default: [x]}", '"default" must be a text or a template.', None),
        (
            "{column: P, default: '{email'}",
            'The braces of the template "{email" do not match.',
            None,
        ),
        ("{const: x, column: P}", f'"column" does not go with "const"{CONST}', ONE),
        ("{const: x, required: true}", f'"required" does not go with "const"{CONST}', ONE),
        ("{const: [x]}", '"const" must be a text, not a list.', None),
        ("{}", '"column" is missing.', "Add the key `column:` here."),
        ("''", '"column" must not be empty.', None),
        ('" \\u200b"', '"column" must not be empty.', None),
        ("[P]", '"phone": a field is a column\'s name, a template, or `column:` or `const:`', None),
        ("{column: [P]}", '"column" must be a text, not a list.', None),
        ("{column: P, required: maybe}", '"required" must be true or false, not "maybe".', None),
        ("{column: P, blank: no}", '"blank" must be keep or clear.', None),
        (
            "{column: P, values: {a: b}, otherwise: rejct}",
            '"otherwise" must be reject, keep or clear.',
            'Did you mean "reject"?',
        ),
        (
            "{column: P, otherwise: keep}",
            '"otherwise" goes with "values" or "lookup", and there is none.',
            "Add one of them, or remove it.",
        ),
        ("{column: P, values: {}}", '"values" must not be empty.', None),
        ("{column: P, values: [a]}", '"values" must be lines of the form `key: value`, not', None),
        ("{column: P, values: {a: [b]}}", '"a" must be a text, not a list.', None),
        (
            "{column: P, lookup: {account: pricelists}}",
            '"account" must be price_lists or sales_reps.',
            'Did you mean "price_lists"?',
        ),
        (
            "{column: P, lookup: {acount: price_lists}}",
            'There is no key "acount" here.',
            'Did you mean "account"?',
        ),
        (
            "{column: P, lookup: {account: price_lists, by: email}}",
            "price_lists cannot be looked up by email.",
            "Write one of name, reference_id, id.",
        ),
        ("{column: P, lookup: {file: a.csv, key: K}}", '"value" is missing.', None),
        (
            "{column: P, lookup: {file: a.csv, key: K, value: V}, values: {a: b}}",
            '"values" and "lookup" do not go together: both say what the cell stands for.',
            "Remove one of the two.",
        ),
        ('{column: P, split: ""}', '"split" must not be empty.', None),
        ('{column: P, split: ";"}', '"phone" takes one value, and "split" makes several.', None),
        (
            "{column: P, lookup: {account: price_lists}}",
            "phone does not hold one of the account's price lists.",
            "price_lists go with priceList, sales_reps with salesReps.",
        ),
        (
            "{column: P, write: never}",
            '"write" must be always, if_empty or on_create.',
            "Write one of: always, if_empty, on_create.",
        ),
        (
            "{column: P, transforms: [state]}",
            'The transform "state" does not say of which country.',
            None,
        ),
        ("{colum: P}", 'There is no key "colum" here.', 'Did you mean "column"?'),
        ("{column: P, transforms: lower}", '"transforms" must be a list, not "lower".', None),
    ],
)
def test_what_a_field_cannot_be(written: str, message: str, hint: str | None) -> None:
    said, where, advice = wrong(written)

    assert said.startswith(message)
    assert "Also:" not in said
    assert where == "line 5"
    assert hint is None or advice == hint


@pytest.mark.parametrize("code", ["''", "' '", '"\\u00a0"', '"\\u200b"'])
def test_the_empty_cell_is_no_code(code: str) -> None:
    assert wrong(f"{{column: P, values: {{a: b, {code}: c}}}}") == (
        '"values" names the empty cell, which is never looked up.',
        "line 5",
        "`blank` says what an empty cell does, `default` what a new customer takes.",
    )


@pytest.mark.parametrize(("one", "other"), [("é", "e\u0301"), ("' a'", "a"), ('"a\\u00a0"', "a")])
def test_a_code_stands_once_however_it_is_written(one: str, other: str) -> None:
    message, where, hint = wrong(f"{{column: P, values: {{{one}: x, {other}: y}}}}")

    assert message.endswith('in "values" are the same code.')
    assert (where, hint) == ("line 5", "Keep one of them.")
