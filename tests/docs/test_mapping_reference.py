"""The mapping's reference: it is what the program makes, it is complete, and its examples are true."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.mapping.builders import mapped, told, values
from tests.mapping.json_schema import fits
from wizsync.errors import MappingError
from wizsync.mapping import json_schema, load
from wizsync.mapping.child_schema import BLOCKS, Block
from wizsync.mapping.field_schema import AccountLookup, ConstField, FileLookup
from wizsync.mapping.reference import FIELDS, MISTAKES, PARTS, line, step
from wizsync.mapping.reference_page import page
from wizsync.mapping.schema import SECTIONS
from wizsync.mapping.transforms import TRANSFORMS, Example
from wizsync.model.reject_codes import CODES

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json_schema()


def test_the_page_is_what_the_program_makes() -> None:
    written = (ROOT / "docs" / "mapping-reference.md").read_text(encoding="utf-8")

    assert written == page(), "python -m wizsync.mapping.reference_page docs/mapping-reference.md"


# --- keys and fields ----------------------------------------------------------------------------

# The least that a mapping, and a block of it, must say.
LEAST = {
    "version": 1,
    "scope": "all",
    "customer": {"referenceId": "Customer No", "companyName": "Company", "displayName": "Company"},
}
LEAST_OF_A_BLOCK = {
    "addresses": {
        "referenceId": "{referenceId}-BILL",
        "addressLine1": "Street",
        "city": "City",
        "type": {"const": "billing"},
    },
    "contacts": {"referenceId": "{referenceId}-MAIN", "firstName": "First", "email": "E-mail"},
}


def whole(shown: str) -> Any:
    """A small whole mapping with a line that the page shows."""
    lines = YAML(typ="safe", pure=True).load(shown)
    for kind, least in LEAST_OF_A_BLOCK.items():
        if kind in lines:
            lines[kind] = [{**least, **block} for block in lines[kind]]
    return _together(LEAST, lines)


def _together(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    both = {
        key: _together(under[key], each)
        for key, each in over.items()
        if isinstance(each, dict) and isinstance(under.get(key), dict)
    }
    return {**under, **over, **both}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the files that examples name."""
    (tmp_path / "house.yaml").write_text("version: 1\n", encoding="utf-8")
    (tmp_path / "our-keys.txt").write_text("ERP-1\n", encoding="utf-8")
    return tmp_path


def _file(folder: Path, lines: Any) -> Path:
    path = folder / "mapping.yaml"
    path.write_text(json.dumps(lines), encoding="utf-8")  # JSON is YAML
    return path


KEYS = [
    line(lines) for part in PARTS for key in part.model.model_fields for lines in part.examples(key)
]
CHILD_FIELDS = {
    f"{fields.section}: [{{{line({name: each.example})}}}]"
    for fields in FIELDS[1:]
    for name, each in fields.help.items()
}
CUSTOMER_FIELDS = {
    f"{FIELDS[0].section}: {{{line({name: each.example})}}}"
    for name, each in FIELDS[0].help.items()
}


@pytest.mark.parametrize("shown", sorted({*KEYS, *CHILD_FIELDS, *CUSTOMER_FIELDS}))
def test_an_example_of_a_key_loads_and_is_right_for_editors(shown: str, folder: Path) -> None:
    lines = whole(shown)

    assert load(_file(folder, lines)).schema.customer
    assert fits(lines, SCHEMA, SCHEMA)


@pytest.mark.parametrize(("shown", "message", "hint"), MISTAKES)
def test_a_mistake_is_told_as_the_page_says(
    shown: str, message: str, hint: str, folder: Path
) -> None:
    with pytest.raises(MappingError) as caught:
        load(_file(folder, whole(shown)))

    assert (caught.value.message, caught.value.hint or "") == (message, hint)


def test_every_key_has_its_word_and_its_example() -> None:
    sections = {*SECTIONS.values(), Block, ConstField, AccountLookup, FileLookup}

    assert {part.model for part in PARTS} == sections
    for part in PARTS:
        for name, field in part.model.model_fields.items():
            assert field.description, name
            assert part.examples(name), name


def test_every_field_of_a_block_is_on_the_page() -> None:
    for kind, fields in zip(BLOCKS, FIELDS[1:], strict=True):
        assert {*Block.model_fields, *fields.help} == set(BLOCKS[kind].model_fields)


# --- transforms ---------------------------------------------------------------------------------

EXAMPLES = [
    pytest.param(name, one, id=f"{step(name, one.arguments)} of {one.cell}")
    for name, each in TRANSFORMS.items()
    for one in each.examples
]


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_an_example_of_a_transform_is_true_of_a_cell_in_a_file(name: str, example: Example) -> None:
    field = f"{{column: Cell, transforms: [{step(name, example.arguments)}]}}"
    row = {"No": "C-1", "Cell": example.cell, **example.beside}

    desired = mapped(f"version: 1\ncustomer:\n  referenceId: No\n  displayName: {field}\n", row)

    if example.rejected:
        assert [code for code, *_ in told(desired)] == [example.becomes]
    else:
        assert told(desired) == []
        assert values(desired, "displayName") == [example.becomes]


@pytest.mark.parametrize("name", TRANSFORMS)
def test_every_argument_of_a_transform_has_its_word_and_its_example(name: str) -> None:
    transform = TRANSFORMS[name]
    given = [one.arguments for one in transform.examples if one.arguments is not None]

    assert transform.examples
    assert all(field.description for field in transform.arguments.model_fields.values())
    assert {key for one in given for key in transform.named(one)} == set(
        transform.arguments.model_fields
    )


# --- reject codes -------------------------------------------------------------------------------


def test_every_code_that_a_stage_gives_is_on_the_page_and_none_besides() -> None:
    given = re.compile(r'(?:Fault|Reject|_reject|Damage)\((?:\s*(?:\w+|""),)*\s*(?:code=)?"(\w+)"')
    sources = (
        path.read_text(encoding="utf-8")
        for stage in ("intake", "mapping", "plan")
        for path in (ROOT / "wizsync" / stage).rglob("*.py")
    )

    assert {code for source in sources for code in given.findall(source)} == set(CODES)
    assert all(each.means.endswith(".") and each.mend.endswith(".") for each in CODES.values())
