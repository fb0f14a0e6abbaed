"""Transforms of plain text."""

from __future__ import annotations

import re

import pytest

from tests.mapping.builders import transformed
from wizsync.mapping.transforms.text import regular_expression


@pytest.mark.parametrize(
    ("transform", "text", "result"),
    [
        ("strip", "\u00a0 a b\t", "a b"),
        ("strip", "", ""),
        ({"strip": "-."}, "-.a-b.-", "a-b"),
        ({"strip": {"characters": "x"}}, "xx", ""),
        ("collapse", " a \t\r\n b\u00a0\u2003c ", "a b c"),
        ("collapse", " ", ""),
        ("upper", "straße é \u0131", "STRASSE É I"),
        ("lower", "ÄÉ ẞ", "äé ß"),
        ("title", "o'neil & SONS of mc-donald", "O'neil & Sons Of Mc-Donald"),
        ("title", "JOHN’S 3rd 2ND b2b", "John’s 3rd 2nd B2b"),
        ("title", "école e\u0301cole CAFE\u0301S", "École E\u0301cole Cafe\u0301s"),
        ("title", "a_b.c/d", "A_B.C/D"),
        ("title", "", ""),
        ({"zfill": 5}, "42", "00042"),
        ({"zfill": 5}, "123456", "123456"),
        ({"zfill": 5}, "-1", "000-1"),
        ({"zfill": 5}, "A1", "000A1"),
        ({"zfill": 1000}, "1", "0" * 999 + "1"),
        ("digits", "(212) 555-0100", "2125550100"),
        ("digits", "\u0664\uff15", "45"),
        ("digits", "n/a", "!no_digits"),
        ("digits", "²½", "!no_digits"),
        ("digits", "", "!no_digits"),
        ({"replace": {"a": "b", "b": "a"}}, "abc", "bac"),
        ({"replace": {"a": "1", "ab": "2"}}, "aba", "21"),
        ({"replace": {".": "", "\\d": "x"}}, "1.2\\d", "12x"),
        ({"replace": {"a": ""}}, "aaa", ""),
        ({"replace": {"a": "\\1"}}, "a", "\\1"),
        ({"regex": "[aeiou]"}, "banana", "bnn"),
        ({"regex": {"pattern": "(.)-(.)", "replacement": r"\2-\1"}}, "a-b c-d", "b-a d-c"),
        ({"regex": {"pattern": "(?i)^ACME", "replacement": "x"}}, "Acme acme", "x acme"),
        ({"regex": {"pattern": "(?=b)", "replacement": "-"}}, "abb", "a-b-b"),
        ({"regex": {"pattern": "$", "replacement": "!"}}, "a", "a!"),
        ({"truncate": 3}, "abcdef", "abc"),
        ({"truncate": 3}, "ab cd", "ab"),
        ({"truncate": 9}, "ab", "ab"),
        ({"truncate": 1}, "\U0001f600x", "\U0001f600"),
    ],
)
def test_texts(transform: object, text: str, result: str) -> None:
    assert transformed(transform, text) == result


@pytest.mark.parametrize("pattern", ["a", "(?=a)b", r"(.)\1", "(?P<n>a)|b", "[]a]", "a++", "(?>a)"])
def test_a_regular_expression(pattern: str) -> None:
    assert regular_expression(pattern) == pattern


@pytest.mark.parametrize(
    "pattern",
    ["(", "*", "[a", "a{2,1}", r"\p{L}", "a(?i)b", "[[a]", "[a||b]", "(" * 5000 + ")" * 5000],
)
def test_what_is_none(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"^no regular expression: .+"):
        regular_expression(pattern)


def test_a_pattern_that_would_search_for_years_is_told() -> None:
    pattern = "(.*)*;(.*)*;(.*)*x"

    assert transformed({"regex": pattern}, "a;" * 5000) == "!slow_regex"
    assert transformed({"regex": pattern}, "a;b;x") == ""


@pytest.mark.parametrize(
    "replacement", [r"\0", r"\07", r"\g<0>", r"\g<n>", r"\1", r"\101", r"\n", r"\\", r"\-", "$1"]
)
def test_replacements_are_those_of_pythons_re(replacement: str) -> None:
    pattern = "(?P<n>a)|b"
    written = {"regex": {"pattern": pattern, "replacement": replacement}}

    assert transformed(written, "xabx") == re.sub(pattern, replacement, "xabx")
