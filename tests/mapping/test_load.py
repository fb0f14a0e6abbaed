"""A mapping file as a whole: what no single key shows, and the list of its scope."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd
import pytest

from tests.mapping.builders import TOP, mapping, refused
from wizsync.errors import MappingError
from wizsync.mapping import load
from wizsync.model import Scope

ROOT = Path(__file__).resolve().parents[2]
OWN = 'Add `scope: all`, or scope: {referenceId: {prefix: "ERP-"}}.'
NOT_ITS_OWN = (
    "The mapping says what becomes of absent customers, and not which customers are its own."
)


@pytest.mark.parametrize("path", sorted((ROOT / "mappings").glob("*.yaml")), ids=lambda p: p.stem)
def test_the_mappings_that_are_shipped_load(path: Path) -> None:
    loaded = load(str(path))

    assert (loaded.path, loaded.name) == (str(path), path.name)
    assert loaded.digest == hashlib.sha256(path.read_bytes()).hexdigest()
    assert "referenceId" in loaded.schema.customer


def test_mappings_are_shipped() -> None:
    assert {path.stem for path in (ROOT / "mappings").glob("*.yaml")} >= {"customers", "erp_export"}


def test_a_missing_file_is_told() -> None:
    with pytest.raises(MappingError, match="There is no such mapping file"):
        load("no/such/mapping.yaml")


@pytest.mark.parametrize(
    ("customer", "message", "where", "hint"),
    [
        (
            "{companyName: A}",
            "The mapping does not say which column holds the key, referenceId.",
            "line 2",
            "Add `referenceId:` with the column of your customer numbers.",
        ),
        (
            "\n  companyName: A\n  referenceId: {const: x}",
            "referenceId cannot be a constant: all rows would be one customer.",
            "line 4",
            "Name the column of your customer numbers.",
        ),
        (
            "\n  companyName: {const: x}\n  referenceId: '{companyName}'",
            "referenceId cannot be a constant: all rows would be one customer.",
            "line 4",
            "Name the column of your customer numbers.",
        ),
        (
            "\n  referenceId:\n    column: A\n    default: x",
            'referenceId takes no "default": a row without its key is rejected.',
            "line 5",
            "Remove it.",
        ),
        (
            "\n  referenceId:\n    column: A\n    blank: keep",
            'referenceId takes no "blank": a row without its key is rejected.',
            "line 5",
            "Remove it.",
        ),
        (
            "\n  referenceId:\n    column: A\n    values: {a: b}\n    otherwise: keep",
            'referenceId takes no "otherwise": a row without its key is rejected.',
            "line 6",
            "Remove it.",
        ),
        (
            "\n  referenceId: A\n  assignedPriceListID: B\n  assignedPriceListId: C",
            '"assignedPriceListID" and "assignedPriceListId" are the same.',
            "line 5",
            "Keep one of them.",
        ),
        (
            '\n  referenceId: A\n  phone: "{phone}"',
            'The template "{phone}" of "phone" names itself.',
            "line 4",
            "Name other fields.",
        ),
        (
            '\n  referenceId: A\n  phone:\n    column: B\n    default: "{emial}"',
            'In the template "{emial}": A customer has no field "emial".',
            "line 6",
            'Did you mean "email"?',
        ),
        (
            '\n  referenceId: A\n  lastName: L\n  phone:\n    column: B\n    default: "{firstName}"',
            'The template "{firstName}" names "firstName", which this mapping does not map.',
            "line 7",
            'Did you mean "lastName"?',
        ),
        (
            '\n  referenceId: A\n  phone: "{companyName}"',
            'The template "{companyName}" names "companyName", which this mapping does not map.',
            "line 4",
            "It maps: referenceId.",
        ),
        (
            '\n  referenceId: "{phone}"\n  phone: "{email}"\n  email: "{phone}"',
            "These templates go in a circle: phone → email → phone.",
            "line 4",
            "Let one of them come from a column.",
        ),
    ],
)
def test_fields_that_do_not_fit_together(
    customer: str, message: str, where: str, hint: str
) -> None:
    assert refused(f"version: 1\ncustomer: {customer}\n") == (message, where, hint)


def test_defaults_may_name_each_other_and_the_key() -> None:
    customer = mapping(
        f"{TOP}  phone: {{column: P, default: '{{email}}'}}\n"
        "  email: {column: E, default: '{phone}'}\n  lastName: {column: L, default: '{referenceId}'}"
    ).schema.customer

    assert list(customer) == ["referenceId", "phone", "email", "lastName"]


@pytest.mark.parametrize(
    ("lines", "where"),
    [
        ("source:\n  where:\n    Status: A\n    ' Status ': B", "line 7"),
        (
            "scope: all\nabsent:\n  set:\n    assignedPriceListId: A\n    assignedPriceListID: B",
            "line 8",
        ),
    ],
)
def test_one_name_in_two_spellings_is_no_two_names(lines: str, where: str) -> None:
    message, line, hint = refused(TOP + lines)

    assert message.endswith(" are the same.")
    assert (line, hint) == (where, "Keep one of them.")


# --- scope and absent ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "where"),
    [
        ("absent: report", 4),
        ("absent: delete", 4),
        ("absent: {set: {phone: x}}", 4),
        ("mode: mirror", 4),
    ],
)
def test_whoever_acts_on_absent_customers_says_which_are_its_own(lines: str, where: int) -> None:
    assert refused(f"{TOP}{lines}\n") == (NOT_ITS_OWN, f"line {where}", OWN)
    assert mapping(f"{TOP}{lines}\nscope: all\n").scope == Scope()


def test_mirror_contradicts_every_absent_but_delete() -> None:
    for other in ("ignore", "report", "{set: {phone: x}}"):
        message, where, hint = refused(f"{TOP}mode: mirror\nscope: all\nabsent: {other}\n")
        assert message == "Mode mirror means `absent: delete`, and the mapping says something else."
        assert where == "line 6"
        assert hint == "Write `mode: upsert` to keep this `absent`, or remove `absent`."
    assert mapping(f"{TOP}mode: mirror\nscope: all\nabsent: delete\n").schema.mode == "mirror"


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ("all", Scope()),
        ("{referenceId: {prefix: ERP-}}", Scope(prefix="ERP-")),
        ("{referenceId: {prefix: 007}}", Scope(prefix="007")),
        ("{referenceId: {regex: 'C-\\d+'}}", Scope(regex=r"C-\d+")),
        (
            "{referenceId: {prefix: C, regex: 'C.', list: keys.txt}}",
            Scope(prefix="C", regex="C.", keys=frozenset({"C1"})),
        ),
    ],
)
def test_scopes(scope: str, expected: Scope) -> None:
    assert mapping(f"{TOP}scope: {scope}\n", keys=b"C1\n").scope == expected


def test_without_a_scope_there_is_none() -> None:
    assert mapping(TOP).scope is None


@pytest.mark.parametrize(
    ("regex", "inside", "outside"),
    [
        ("C-[0-9]+", ["C-1"], ["C-1x", "xC-1", "C-"]),
        ("C|D1", ["C", "D1"], ["C1", "CD1"]),
        ("(?=C)..", ["C1"], ["D1"]),
        (r"(.)\1", ["CC"], ["CD"]),
        ("(?i)erp-.", ["ERP-1", "erp-1"], ["ERP-"]),
        ("C.?", ["C", "CÉ"], ["C\n"]),
        ("^C$", ["C"], ["CC", "C\n"]),
    ],
)
def test_a_regex_is_a_full_match(regex: str, inside: list[str], outside: list[str]) -> None:
    scope = mapping(f"{TOP}scope: {{referenceId: {{regex: '{regex}'}}}}\n").scope

    keys = pd.Series([*inside, *outside, "", None], dtype="str")
    assert scope.contains(keys).tolist() == [True] * len(inside) + [False] * (len(outside) + 2)


@pytest.mark.parametrize(
    ("regex", "message"),
    [
        (
            "C-(",
            '"C-(" is no regular expression: missing ), unterminated subpattern at position 2.',
        ),
        (
            "[[:alpha:]]",
            '"[[:alpha:]]" is no regular expression: Possible nested set at position 1.',
        ),
        (
            "C{99999999999}",
            '"C{99999999999}" is no regular expression: the repetition number is too large.',
        ),
        ("C{,3}", '"C{,3}" does not say from how many on.'),
        (
            "(?x) C",
            "The scope's regular expression cannot be used: Invalid regular expression: ",
        ),
    ],
)
def test_a_regex_that_cannot_be_used_is_told_before_any_key_is_looked_at(
    regex: str, message: str
) -> None:
    said, where, hint = refused(f"{TOP}scope:\n  referenceId:\n    regex: '{regex}'\n")

    assert said.startswith(message)
    assert where == "line 6"
    assert hint in ("Correct it.", "Write {0,3} instead of {,3}.", "Write a simpler one.")


@pytest.mark.parametrize(
    ("content", "keys"),
    [
        (b"C-1\nC-2\n", {"C-1", "C-2"}),
        (b"\xef\xbb\xbfC-1\r\n\r\n \r\nC-2", {"C-1", "C-2"}),
        ("  C-1\u00a0\nE\u0301\nC-1\n".encode(), {"C-1", "É"}),
        (b'"a, b"\n5" pipe\n"5"" pipe"\n', {"a, b", '5" pipe'}),
        ("a\u2028b\n".encode(), {"a\u2028b"}),
    ],
)
def test_a_list_of_keys(content: bytes, keys: set[str]) -> None:
    scope = mapping(f"{TOP}scope: {{referenceId: {{list: keys.txt}}}}\n", keys=content).scope

    assert scope == Scope(keys=frozenset(keys))


ONE_A_LINE = "Write one referenceId a line."
ONE_A_LINE_QUOTED = (
    "Write one referenceId a line; in quotes where it holds a comma or begins with a quote."
)


@pytest.mark.parametrize(
    ("files", "name", "message", "hint"),
    [
        ({}, "keys.txt", "cannot be read: No such file", "Its path is taken from the mapping's"),
        ({}, "'.'", "cannot be read: ", "Its path is taken from the mapping's folder."),
        (
            {},
            '"a\\0b"',
            "cannot be read: embedded null byte",
            "Its path is taken from the mapping's",
        ),
        ({"keys": b""}, "keys.txt", "is empty", ONE_A_LINE),
        ({"keys": b"\n \n"}, "keys.txt", "is empty", ONE_A_LINE),
        ({"keys": b"C-\xff"}, "keys.txt", "is not UTF-8 text", "Save it as UTF-8."),
        ({"keys": b"a\nb,c\n"}, "keys.txt", "it has more than one cell", ONE_A_LINE_QUOTED),
        ({"keys": b'a\n"b\nc\n'}, "keys.txt", "unexpected end of data", ONE_A_LINE_QUOTED),
        ({"keys": b"x" * 200_000}, "keys.txt", "field larger than", ONE_A_LINE_QUOTED),
    ],
)
def test_a_list_that_cannot_be_used(
    files: dict[str, bytes], name: str, message: str, hint: str
) -> None:
    said, where, advice = refused(f"{TOP}scope:\n  referenceId:\n    list: {name}\n", **files)

    assert message in said
    assert "scope's list" in said
    assert where == "line 6"
    assert (advice or "").startswith(hint)


def test_the_line_of_a_list_that_is_wrong_is_named() -> None:
    said, _, _ = refused(
        f"{TOP}scope: {{referenceId: {{list: keys.txt}}}}\n", keys=b"a\n\nb;c\nd,e"
    )

    assert said.startswith("Line 4 of the scope's list, ")
