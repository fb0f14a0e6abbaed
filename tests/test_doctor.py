"""What `doctor` finds out of a machine and an account, by reading alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import StartSandbox
from wizsync.doctor import Finding, Verdict, examine_account, examine_folder
from wizsync.sandbox import Sandbox
from wizsync.settings import Connection


def examined(sandbox: Sandbox, key: str | None = None) -> dict[str, Finding]:
    connection = Connection(
        sandbox.base_url, key or sandbox.key, target="shop", identity="x", rate=500
    )
    return {finding.name: finding for finding in examine_account(connection)}


def test_an_account_in_order(dialect: str, start_sandbox: StartSandbox) -> None:
    sandbox = start_sandbox(dialect=dialect, customers=150)
    findings = examined(sandbox)
    assert {name: finding.verdict.value for name, finding in findings.items()} == {
        **dict.fromkeys(("address", "key", "order", "look-ups"), "right"),
        "the rest": "unknown",
    }
    active = {"snake": "138 active, 12 inactive", "camel": "100 or more active, 12 inactive"}
    assert f"in the {dialect} dialect. Customers: {active[dialect]}." in findings["key"].message
    assert sandbox.ledger() == []


@pytest.mark.parametrize(
    ("assume", "name", "said"),
    [
        ("reference_ids=repeated", "look-ups", "(several: repeated)"),
        ("reference_ids=everybody", "look-ups", "cannot be looked up by referenceId"),
        ("reference_ids=nobody", "look-ups", "cannot be looked up by referenceId"),
        ("short_pages=yes", "pages", "Of 100 customers asked for, a page held 60."),
    ],
)
def test_an_account_that_answers_otherwise(
    start_sandbox: StartSandbox, assume: str, name: str, said: str
) -> None:
    assert said in examined(start_sandbox(customers=150, assume=(assume,)))[name].message


def test_an_empty_account(dialect: str, start_sandbox: StartSandbox) -> None:
    findings = examined(start_sandbox(dialect=dialect))
    assert findings["key"].verdict is Verdict.RIGHT
    assert findings["order"].verdict is findings["look-ups"].verdict is Verdict.UNKNOWN


def test_a_key_that_is_refused(start_sandbox: StartSandbox) -> None:
    findings = examined(start_sandbox(customers=3), key="of-yesterday")
    assert findings["key"].verdict is Verdict.WRONG
    assert findings["key"].hint
    assert "of-yesterday" not in repr(findings)


def test_a_folder(tmp_path: Path) -> None:
    state, _ = examine_folder(tmp_path / "state")
    assert state.verdict is Verdict.RIGHT
    (tmp_path / "file").write_text("", encoding="utf-8")
    (blocked,) = examine_folder(tmp_path / "file" / "state")
    assert blocked.verdict is Verdict.WRONG
    assert blocked.hint
