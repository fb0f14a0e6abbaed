"""What was changed in the account between plan and writing: shown three ways, skipped or overwritten."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Ended, Wizsync
from tests.conftest import StartSandbox
from wizsync.sandbox import Sandbox

MAPPING = """\
version: 1
source: {action_column: Action}
customer:
  referenceId: Code
  phone: Phone
  paymentTerm: Terms
"""


@pytest.fixture
def sandbox(dialect: str, start_sandbox: StartSandbox) -> Sandbox:
    sandbox = start_sandbox(dialect=dialect)
    for code in ("K-1", "K-2", "K-3"):
        sandbox.add(reference_id=code, name=code, display_name=code, phone="+12065550100")
    return sandbox


def planned_then_moved(sandbox: Sandbox, folder: Path, run: Wizsync) -> None:
    """Plan two updates and a delete; then others change a planned field, another one, and who is to go."""
    rows = "K-1,+12065550101,net30,\nK-2,+12065550101,net30,\nK-3,,,delete\n"
    (folder / "c.csv").write_text(f"Code,Phone,Terms,Action\n{rows}", encoding="utf-8")
    (folder / "c.yaml").write_text(MAPPING, encoding="utf-8")
    done = command(sandbox, run, "plan", "c.csv", "-m", "c.yaml", "-o", "p.jsonl", *ALLOW)
    assert done.code == 0, done.err
    sandbox.edit(sandbox.customer("K-1")["id"], phone="+12065550199")
    sandbox.edit(sandbox.customer("K-2")["id"], email="ann@shop.example")
    sandbox.edit(sandbox.customer("K-3")["id"], email="ann@shop.example")


ALLOW = ("--allow", "updates=100", "--allow", "deletes=100")


def command(sandbox: Sandbox, run: Wizsync, *words: str) -> Ended:
    return run(
        *(*words, "--target", sandbox.base_url, "--state-dir", "state", "--rate", "500"),
        WIZSYNC_API_KEY=sandbox.key,
    )


def test_planned_from_planned_to_and_now(
    sandbox: Sandbox, wizsync_command: Wizsync, tmp_path: Path
) -> None:
    planned_then_moved(sandbox, tmp_path, wizsync_command)

    done = command(sandbox, wizsync_command, "apply", "p.jsonl", "--yes", "--json", *ALLOW)

    assert done.code == 3
    conflicts = {one["reference_id"]: one["fields"] for one in done.answer["conflicts"]}
    assert conflicts["K-1"] == [
        {
            "of": "K-1",
            "field": "phone",
            "column": "Phone",
            "planned_from": "+12065550100",
            "planned_to": "+12065550101",
            "now": "+12065550199",
        }
    ]
    # A move of a field that is not planned is no conflict, except for a delete.
    assert conflicts.keys() == {"K-1", "K-3"}
    assert "planned +12065550100 → +12065550101, now +12065550199" in done.err
    assert sandbox.customer("K-1")["phone"] == "+12065550199"
    assert sandbox.customer("K-2")["phone"] == "+12065550101"
    assert sandbox.customer("K-3")["email"] == "ann@shop.example"


def test_overwrite_sends_updates_and_never_a_delete(
    sandbox: Sandbox, wizsync_command: Wizsync, tmp_path: Path
) -> None:
    planned_then_moved(sandbox, tmp_path, wizsync_command)

    words = ("apply", "p.jsonl", "--yes", "--json", "--on-conflict", "overwrite", *ALLOW)
    done = command(sandbox, wizsync_command, *words)

    assert done.code == 3
    assert [one["reference_id"] for one in done.answer["conflicts"]] == ["K-3"]
    assert sandbox.customer("K-1")["phone"] == "+12065550101"
    assert sandbox.customer("K-3")["name"] == "K-3"
    # What was overwritten is what an undo puts back.
    undo = ("undo", done.answer["run"], "--yes", "--json", *ALLOW)
    assert command(sandbox, wizsync_command, *undo).code == 0
    assert sandbox.customer("K-1")["phone"] == "+12065550199"
    assert sandbox.customer("K-2")["phone"] == "+12065550100"
