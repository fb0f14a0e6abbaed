"""`wizsync schema`: the mapping's schema, and a mapping with all that it extends."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Wizsync
from wizsync.mapping import load


def test_the_schema_is_json(wizsync_command: Wizsync) -> None:
    ended = wizsync_command("schema")

    assert ended.code == 0
    assert json.loads(ended.out)["title"] == "A wizsync mapping"


def test_a_mapping_resolved_is_one_by_itself(tmp_path: Path, wizsync_command: Wizsync) -> None:
    (tmp_path / "house.yaml").write_text(
        "version: 1\ncustomer: {phone: {column: Phone, transforms: [{phone: US}]}}\n"
    )
    own = tmp_path / "own.yaml"
    own.write_text('extends: house.yaml\ncustomer: {referenceId: No, lastName: "007"}\n')

    ended = wizsync_command("schema", "--resolved", str(own))

    assert ended.code == 0
    alone = tmp_path / "alone.yaml"
    alone.write_text(ended.out, encoding="utf-8")
    assert load(alone).schema == load(own).schema.model_copy(update={"extends": None})


def test_one_with_a_fault_ends_with_2(tmp_path: Path, wizsync_command: Wizsync) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("extends: own.yaml\nversion: 1\n")

    ended = wizsync_command("schema", "--resolved", str(own))

    assert ended.code == 2
    assert "circle" in " ".join(ended.err.split())
