"""Transforms as a mapping writes them."""

from __future__ import annotations

import pytest

from tests.mapping.builders import TOP, mapping, refused
from wizsync.mapping.transforms import TRANSFORMS

GROUP = r"\1 is the first (…) of the pattern."
MISFIT = 'The replacement of the transform "regex" does not fit its pattern: '
ALONE = "Write each on its own: [strip, {zfill: 5}]."


@pytest.mark.parametrize(
    ("written", "text", "result"),
    [
        ("lower", "AB", "ab"),
        ("{zfill: 5}", "7", "00007"),
        ("{zfill: {width: 5}}", "7", "00007"),
        ("{phone: us}", "212-555-0100", "+12125550100"),
        ("{phone: {region: DE}}", "030 123456", "+4930123456"),
        ("{replace: {a: b, b: a}}", "ab", "ba"),
        ("{replace: {texts: {a: b}}}", "a", "b"),
        ("{replace: {NO: 007}}", "NO", "007"),
        ("{regex: x}", "axa", "aa"),
        ("{regex: {pattern: '^00', replacement: +}}", "0049", "+49"),
        ("{date: DD.MM.YYYY}", "04.03.2026", "2026-03-04"),
        ("{date: [DD/MM/YYYY, YYYY-MM-DD]}", "04/03/2026", "2026-03-04"),
        ("{boolean: {yes: A, no: [I, S]}}", "s", "false"),
        ("{number: {decimal: ','}}", "1.234", "1234"),
    ],
)
def test_a_name_or_a_name_with_arguments(written: str, text: str, result: str) -> None:
    customer = mapping(f"{TOP}  phone: {{column: P, transforms: [{written}]}}\n").schema.customer

    (step,) = customer["phone"].transforms
    assert step(text) == result


@pytest.mark.parametrize(
    ("written", "message", "hint"),
    [
        ("zfil", 'There is no transform "zfil".', 'Did you mean "zfill"?'),
        ("xyzzy", 'There is no transform "xyzzy".', f"There are: {', '.join(TRANSFORMS)}."),
        ("{zfil: 5}", 'There is no transform "zfil".', 'Did you mean "zfill"?'),
        ("zfill", 'The transform "zfill" needs an argument.', "Write {zfill: width}."),
        ("{lower: x}", 'The transform "lower" takes no argument.', "Write lower alone."),
        ("{lower: }", 'The transform "lower" takes no argument.', "Write lower alone."),
        ("{zfill: }", '"width" of the transform "zfill" has no value.', None),
        ("{zfill: 5, lower: x}", "A transform is a name, or one `name: argument`.", ALONE),
        ("{}", "A transform is a name, or one `name: argument`.", ALONE),
        ("[zfill, 5]", "A transform is a name, or one `name: argument`.", ALONE),
        ("~", "A transform is a name, or one `name: argument`.", ALONE),
        (
            "{zfill: x}",
            '"width" of the transform "zfill" must be a whole number, not "x".',
            None,
        ),
        (
            "{zfill: 1001}",
            '"width" of the transform "zfill" must be a number up to 1000, not "1001".',
            None,
        ),
        (
            "{zfill: 0}",
            '"width" of the transform "zfill" must be a number from 1 on, not "0".',
            None,
        ),
        (
            "{zfill: {widht: 5}}",
            'The transform "zfill" has no argument "widht".',
            'Did you mean "width"?',
        ),
        (
            "{phone: {regoin: US}}",
            'The transform "phone" has no argument "regoin".',
            'Did you mean "region"?',
        ),
        (
            "{regex: {pattern: a, flags: i}}",
            'The transform "regex" has no argument "flags".',
            "The keys here are: pattern, replacement.",
        ),
        (
            "{regex: {replacement: a}}",
            'The transform "regex" needs "pattern".',
            "Add pattern: to it.",
        ),
        (
            "{country: code}",
            '"form" of the transform "country" must be alpha_2, alpha_3 or name.',
            None,
        ),
        (
            "{phone: UK}",
            '"region" of the transform "phone": no country\'s two letters: ',
            None,
        ),
        (
            "{state: XX}",
            '"country" of the transform "state": no country\'s two letters: ',
            None,
        ),
        (
            "{date: DD.MM}",
            '"forms" of the transform "date": no date form: write DD, MM and YYYY as the file has ',
            None,
        ),
        ("{date: []}", '"forms" of the transform "date" must not be empty.', None),
        ("{date: {forms: {a: b}}}", '"forms" of the transform "date" must be a list, not', None),
        ("{replace: x}", '"texts" of the transform "replace" must be lines of', None),
        ("{replace: {}}", 'The transform "replace" needs "texts".', "Add texts: to it."),
        (
            "{replace: {'': x}}",
            '"texts" of the transform "replace" must be a text that is not',
            None,
        ),
        (
            "{regex: '(a'}",
            '"pattern" of the transform "regex": no regular expression: missing ), unterminated ',
            None,
        ),
        (
            "{regex: '[[a]'}",
            '"pattern" of the transform "regex": no regular expression: Possible nested set',
            None,
        ),
        (
            "{regex: 'a{99999999999}'}",
            '"pattern" of the transform "regex": no regular expression: the repetition number is too',
            None,
        ),
        (
            f"{{regex: '{'(' * 3000}{')' * 3000}'}}",
            '"pattern" of the transform "regex": no regular expression: it is nested too deep.',
            None,
        ),
        (
            "{regex: {pattern: a, replacement: '\\1'}}",
            f"{MISFIT}invalid group reference 1 at position 1.",
            GROUP,
        ),
        (
            "{regex: {pattern: a, replacement: '\\g<x>'}}",
            f"{MISFIT}unknown group name 'x'.",
            GROUP,
        ),
        (
            "{regex: {pattern: a, replacement: '\\q'}}",
            f"{MISFIT}bad escape \\q at position 0.",
            GROUP,
        ),
        (
            "{regex: {pattern: (a), replacement: '\\g<+1>'}}",
            f"{MISFIT}bad character in group name '+1' at position 3.",
            GROUP,
        ),
    ],
)
def test_what_is_no_transform(written: str, message: str, hint: str | None) -> None:
    said, where, advice = refused(
        f"{TOP}  phone:\n    column: P\n    transforms:\n    - strip\n    - {written}\n"
    )

    assert said.startswith(message)
    assert "Also:" not in said
    assert where == "line 8"
    assert hint is None or advice == hint


def test_an_optional_group_that_finds_nothing_is_empty() -> None:
    customer = mapping(
        f"{TOP}  phone: {{column: P, transforms: [{{regex: {{pattern: '(a)|b', replacement: '<\\1>'}}}}]}}\n"
    ).schema.customer

    assert customer["phone"].transforms[0]("ab") == "<a><>"
