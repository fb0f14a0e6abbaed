"""YAML as plain values with their lines, and what is said of a file that is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mapping.builders import TOP, mapping, refused
from wizsync.errors import MappingError
from wizsync.mapping.document import LARGEST, parse, read


@pytest.mark.parametrize(
    "scalar",
    ["NO", "off", "Yes", "007", "0x1F", "1_000", "1.50", "1e3", "2026-01-02", "12:30:00", "True"],
)
def test_scalars_stay_as_written(scalar: str) -> None:
    data = parse(f"{scalar}: [{scalar}]".encode(), "m.yaml").data

    assert data == {scalar: [scalar]}


@pytest.mark.parametrize(
    ("yaml", "data"),
    [
        ("a: ~\nb:\nc: null", {"a": None, "b": None, "c": None}),
        ("a: 'null'\nb: ''\nc: '~'", {"a": "null", "b": "", "c": "~"}),
        ("null: x\n~: y", {"null": "x", "~": "y"}),
        ("a: &x [1, 2]\nb: *x", {"a": ["1", "2"], "b": ["1", "2"]}),
        ('a: "\\ud83d\\ude00"', {"a": "\U0001f600"}),
        ("a: |\n  b\n  c\n", {"a": "b\nc\n"}),
        ("%YAML 1.1\n---\na: NO", {"a": "NO"}),
        ("\ufeffa: b", {"a": "b"}),
        ("a: b\r\nc: d\r\n", {"a": "b", "c": "d"}),
        ('"<<": b', {"<<": "b"}),
    ],
)
def test_what_yaml_means(yaml: str, data: object) -> None:
    assert parse(yaml.encode(), "m.yaml").data == data


def test_every_value_has_its_line() -> None:
    document = parse(b"a:\n  b: x\n  c:\n    - y\n    - {d: z}\n", "m.yaml")

    assert document.where("a", "b") == "m.yaml, line 2"
    assert document.where("a", "c", 1, "d") == "m.yaml, line 5"
    assert document.where("a", "a column", "c", 0) == "m.yaml, line 4"
    assert document.where("a", "nothing") == "m.yaml, line 1"
    assert document.where() == "m.yaml, line 1"


LOOK = "Look at this line and the one above: a missing quote, bracket, colon or space?"
BEGIN = "It begins with `version: 1`, and `customer:` with its fields below."
TAB = "The line is indented with a tab; YAML takes spaces only."
INNER_TAB = "The line holds a tab where YAML takes spaces only."


@pytest.mark.parametrize(
    ("text", "message", "where", "hint"),
    [
        ("", "The mapping is empty.", "mapping.yaml", BEGIN),
        ("# only words\n", "The mapping is empty.", "mapping.yaml", BEGIN),
        (
            "\n- a\n",
            "A mapping is made of lines of the form `key: value`; this file is not.",
            "line 2",
            BEGIN,
        ),
        (
            f"{TOP}\tphone: Tel\n",
            TAB,
            "line 4",
            "Replace the tab by two spaces for each level.",
        ),
        (
            f"{TOP}  \tphone: Tel\n",
            TAB,
            "line 4",
            "Replace the tab by two spaces for each level.",
        ),
        (f"{TOP}  phone:\tTel\n", INNER_TAB, "line 4", "Replace the tab by a space."),
        (f"{TOP}  phone: Tel\t# why\n", INNER_TAB, "line 4", "Replace the tab by a space."),
        (
            f"{TOP}mode: upsert\n\nmode: create\n",
            '"mode" is written twice; first on line 4.',
            "line 6",
            "Keep one of them.",
        ),
        (
            f"{TOP}  phone: {{column: a, column: b}}\n",
            '"column" is written twice; first on line 4.',
            "line 4",
            "Keep one of them.",
        ),
        (
            f"{TOP}  {{companyName}}: x\n",
            "A key must be one word or text.",
            "line 4",
            'Quote it, or a template: "{companyName}".',
        ),
        (
            f"{TOP}  phone: !secret x\n",
            "The tag !secret has no meaning in a mapping.",
            "line 4",
            "Remove it.",
        ),
        (
            f"{TOP}  <<: {{phone: x}}\n",
            'A mapping cannot take in lines with "<<"; YAML 1.2 does not have it.',
            "line 4",
            "Write the lines out.",
        ),
        (
            f'{TOP}  phone: "\\ud800"\n',
            "The text has an escape that is no character.",
            "line 4",
            "Write the character.",
        ),
        (
            "a: &a\n  b: *a\n",
            "This is nested in itself, or too deep.",
            "line 1",
            "Write it out.",
        ),
        (
            f"{TOP}a: {'[' * 25}{']' * 25}\n",
            "This is nested in itself, or too deep.",
            "line 4",
            "Write it out.",
        ),
        (
            f"{TOP}a: {'[' * 2000}\n",
            "The mapping is nested too deep.",
            "mapping.yaml",
            "No mapping needs more than a few levels; is a bracket missing?",
        ),
        (
            f"{TOP}  phone: Tel: x\n",
            "This is not YAML: mapping values are not allowed here.",
            "line 4",
            LOOK,
        ),
        (
            f'{TOP}  phone: {{column: Tel, transforms: [{{regex: "\\S"}}]}}\n',
            "This is not YAML: found unknown escape character 'S'.",
            "line 4",
            "Between double quotes a \\ means something to YAML: write this text in single quotes.",
        ),
        (
            f"{TOP}  phone: {{column: # Tel, required: true}}\n",
            "This is not YAML: expected the node content, but found '<stream end>'.",
            "line 5",
            "A # after a space begins a remark: write a name that holds one in quotes.",
        ),
        (
            f"{TOP}  phone: *tel\n",
            "This is not YAML: found undefined alias 'tel'.",
            "line 4",
            LOOK,
        ),
        (
            f"{TOP}  phone: Tel\n---\n{TOP}",
            "This is not YAML: but found another document.",
            "line 5",
            LOOK,
        ),
        (
            f"{TOP}  phone: \x07\n",
            "This is not YAML: unacceptable character #x0007: special characters are not allowed.",
            "mapping.yaml",
            "Open it in a text editor; it holds characters that a text file does not.",
        ),
        (
            f"{TOP}  phone: Téléphone\n".encode("latin-1"),
            "The mapping is not UTF-8 text.",
            "line 4",
            "Save it again as UTF-8 in your editor.",
        ),
        (
            TOP.encode("utf-16"),
            "The mapping is not UTF-8 text.",
            "line 1",
            "Save it again as UTF-8 in your editor.",
        ),
    ],
)
def test_what_is_said_of_a_file_that_is_no_mapping(
    text: str | bytes, message: str, where: str, hint: str
) -> None:
    assert refused(text) == (message, where, hint)


@pytest.mark.parametrize("opened", ['"Tel\n', "{column: Tel\n", "[Tel\n"])
def test_what_the_files_end_leaves_open_is_told_where_it_begins(opened: str) -> None:
    _, where, _ = refused(f"{TOP}  phone: {opened}\n\n  # the end\n\n")

    assert where == "line 4"


def test_aliases_cannot_blow_a_small_file_up() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 15)]

    assert refused("\n".join(lines))[0] == "This is nested in itself, or too deep."


def test_a_file_too_large_for_a_mapping_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "customers.yaml"
    path.write_bytes(b"#" * LARGEST)
    assert len(read(path)) == LARGEST
    path.write_bytes(b"#" * (LARGEST + 1))

    with pytest.raises(MappingError, match="too large for a mapping") as caught:
        read(path)

    assert caught.value.where == str(path)
    assert "after -m" in (caught.value.hint or "")


def test_a_mapping_of_a_thousand_values_is_read() -> None:
    codes = "".join(f"      {n:05}: term{n}\n" for n in range(1000))

    schema = mapping(f"{TOP}  paymentTerm:\n    column: T\n    values:\n{codes}").schema

    assert schema.customer["paymentTerm"].values["00999"] == "term999"


@pytest.mark.parametrize(
    ("name", "message"),
    [(".", "This is a folder, not a mapping file."), ("gone", "There is no such mapping file.")],
)
def test_a_file_that_is_not_there(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(MappingError) as caught:
        read(tmp_path / name)

    assert (caught.value.message, caught.value.where) == (message, str(tmp_path / name))
    assert caught.value.hint
