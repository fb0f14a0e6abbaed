"""The mappings that the pages show load, and do what is said of them; the words of a mapping are told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from wizsync.mapping import load
from wizsync.mapping.actions import WORDS
from wizsync.mapping.child_schema import Block
from wizsync.mapping.field_schema import Blank, ColumnField
from wizsync.mapping.fields import SPELLINGS
from wizsync.mapping.schema import MODES
from wizsync.mapping.transforms import TRANSFORMS
from wizsync.model import AbsentPolicy

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "mapping.md"

# Every whole mapping that a page shows.
SHOWN = [
    block
    for page in (PAGE, ROOT / "README.md")
    for block in re.findall(r"```yaml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    if "version:" in block
]


# The one that others extend is no mapping by itself.
HOUSE = next(block for block in SHOWN if "referenceId" not in block)
SHOWN.remove(HOUSE)


def test_there_are_mappings_to_try() -> None:
    assert len(SHOWN) == 5


@pytest.mark.parametrize("block", SHOWN)
def test_every_mapping_of_a_page_loads(block: str, tmp_path: Path) -> None:
    (tmp_path / "our-keys.txt").write_text("ERP-1\n", encoding="utf-8")
    (tmp_path / "house.yaml").write_text(HOUSE, encoding="utf-8")
    assert load(_written(block, tmp_path)).schema.customer


def test_the_house_standard_of_the_page_does_what_is_said_of_it(tmp_path: Path) -> None:
    (tmp_path / "house.yaml").write_text(HOUSE, encoding="utf-8")
    (block,) = (block for block in SHOWN if block.startswith("extends: house.yaml"))
    schema = load(_written(block, tmp_path)).schema
    assert set(schema.customer) == {"referenceId", "companyName", "email", "phone"}
    company = schema.customer["companyName"]
    assert isinstance(company, ColumnField)
    assert (company.column, company.required, len(company.transforms)) == ("NAME1", True, 1)
    assert (schema.guard.limits["deletes"].count, schema.guard.limits["updates"].share) == (0, 0.1)


def test_the_example_of_the_page_uses_every_key(tmp_path: Path) -> None:
    schema = load(_written(SHOWN[0], tmp_path)).schema
    # Those that extend another have a section of their own.
    assert schema.model_fields_set == set(type(schema).model_fields) - {"extends"}
    assert schema.children.model_fields_set == set(type(schema.children).model_fields)
    assert {key for _, block in schema.blocks for key in block.model_fields_set} >= set(
        Block.model_fields
    )
    assert schema.source.model_fields_set == set(type(schema.source).model_fields)
    assert schema.guard.model_fields_set == set(type(schema.guard).model_fields)
    assert schema.compare.model_fields_set == set(type(schema.compare).model_fields)
    columns = [each for each in schema.customer.values() if isinstance(each, ColumnField)]
    assert {key for each in columns for key in each.model_fields_set} == set(
        ColumnField.model_fields
    )
    assert len({type(each) for each in schema.customer.values()}) == 3


def _written(text: str, folder: Path) -> Path:
    path = folder / "mapping.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_word_that_a_key_takes_is_told() -> None:
    prose = re.sub(r"```.*?```", "", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    told = {
        word for span in re.findall(r"`([^`]+)`", prose) for word in re.findall(r"[\w-]+", span)
    }
    words = {*MODES, *AbsentPolicy, *Blank, *WORDS, *SPELLINGS, *TRANSFORMS}
    assert words <= told
