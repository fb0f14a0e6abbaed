"""An account that lost customers, new ones who look like old ones, and allowances for one plan alone."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Ended, Wizsync
from tests.conftest import StartSandbox
from wizsync.sandbox import Sandbox

MAPPING = """\
version: 1
mode: upsert
absent: delete
scope: all
customer:
  referenceId: Code
  companyName: {column: Company, required: true}
  displayName: "{companyName}"
  email: E-mail
guard: {max_deletes: 20, max_shrink: 100%, max_updates: 100%}
"""
Row = tuple[str, str, str]


class Shop:
    """Sixty customers, in the file and in the account alike."""

    def __init__(self, sandbox: Sandbox, folder: Path, run: Wizsync) -> None:
        self.sandbox, self.folder, self._run = sandbox, folder, run
        self.rows: list[Row] = [(f"K-{n}", f"Company {n}", f"{n}@shop.example") for n in range(60)]
        for code, company, email in self.rows:
            self.add(reference_id=code, name=company, email=email)

    def add(self, **fields: Any) -> str:
        """Somebody comes into the account."""
        return str(self.sandbox.add(display_name=fields["name"], **fields)["id"])

    def remove(self, *rows: Row) -> None:
        """They go, by somebody else's hand."""
        for code, *_ in rows:
            self.sandbox.remove(self.sandbox.customer(code)["id"])

    def run(self, command: str, *words: str) -> Ended:
        """A command on the file as it is to be now; `apply` on the last plan."""
        with (self.folder / "customers.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("Code", "Company", "E-mail"), *self.rows])
        (self.folder / "customers.yaml").write_text(MAPPING, encoding="utf-8")
        what = {
            "plan": ("customers.csv", "-m", "customers.yaml", "-o", "plan.jsonl"),
            "sync": ("customers.csv", "-m", "customers.yaml", "--yes"),
            "apply": ("plan.jsonl", "--yes"),
        }
        return self._run(
            *(command, *what[command], "--json", *words),
            *("--target", self.sandbox.base_url, "--state-dir", "state", "--rate", "2000"),
            WIZSYNC_API_KEY=self.sandbox.key,
        )

    @property
    def writes(self) -> int:
        """How many writes have reached the server."""
        return len(self.sandbox.ledger())


@pytest.fixture
def shop(
    start_sandbox: StartSandbox, dialect: str, tmp_path: Path, wizsync_command: Wizsync
) -> Shop:
    sandbox = start_sandbox(dialect=dialect, assume=("reference_id=free",))
    return Shop(sandbox, tmp_path, wizsync_command)


def test_an_account_that_lost_a_tenth_is_not_written_to(shop: Shop) -> None:
    assert shop.run("sync").code == 0
    shop.remove(*shop.rows[:7])
    for command in ("plan", "sync", "sync"):  # what was refused is not what the next is measured by
        ended = shop.run(command)
        assert "53 customers instead of 60 at the last count" in ended.err
        assert "K-0 Company 0 would be created" in ended.err
        assert "If that is meant: --allow account_shrink=7" in ended.err
    assert (ended.code, ended.answer["error"]["reason"], shop.writes) == (4, "guard", 0)
    assert shop.run("sync", "--allow", "account_shrink=7").answer["outcome"]["applied"] == 7
    assert shop.run("sync").code == 0


def test_lists_that_are_empty_from_one_day_to_the_next(shop: Shop) -> None:
    assert shop.run("sync").code == 0
    shop.sandbox.set_faults(["list_empty"])
    ended = shop.run("sync")
    assert (ended.code, shop.writes) == (4, 0)
    assert "0 customers instead of 60" in ended.err
    shop.sandbox.no_faults()
    assert (shop.run("sync").code, shop.writes) == (0, 0)


def test_whom_a_run_deletes_itself_the_next_does_not_miss(shop: Shop) -> None:
    assert shop.run("sync").code == 0
    shop.rows = shop.rows[:45]
    assert shop.run("sync").answer["outcome"]["applied"] == 15
    shop.rows.append(("NEW", "New", ""))
    assert shop.run("sync").code == 0


def test_thirty_who_look_like_somebody_are_held_beside_whom_they_look_like(shop: Shop) -> None:
    beside = {}
    for n in range(10):  # by case, by zeros that a spreadsheet lost, by an e-mail without a code
        beside[f"k-{n}"] = f"K-{n}"
        shop.add(reference_id=f"000{500 + n}", name=f"Zeros {n}", email="")
        beside[f"{500 + n}"] = f"000{500 + n}"
        beside[f"MAIL-{n}"] = shop.add(
            name=f"Mail {n}", reference_id="", email=f"M{n}@Mail.Example"
        )
        shop.rows.append((f"MAIL-{n}", f"Mail {n}", f"m{n}@mail.example"))
    shop.rows += [(code, f"Held {code}", "") for code in beside if "MAIL" not in code]
    shop.rows += [(f"000{500 + n}", f"Zeros {n}", "") for n in range(1, 10)]

    ended = shop.run("sync")

    assert ended.code == 3
    assert (ended.answer["plan"]["held"], ended.answer["plan"]["create"]) == (30, 0)
    assert [entry["operation"] for entry in shop.sandbox.ledger()] == []
    report = json.loads(Path(ended.answer["files"]["report_json"]).read_text(encoding="utf-8"))
    held = {
        change["reference_id"]: change["held_for"][0]
        for change in report["changes"]
        if change["held_for"]
    }
    assert {
        code: like["reference_id"] or like["customer_id"] for code, like in held.items()
    } == beside
    said = {change["reference_id"]: change["outcome"]["message"] for change in report["changes"]}
    assert all(whom in said[code] for code, whom in beside.items())


def test_words_that_allow_a_plan_hold_for_that_plan_alone(shop: Shop) -> None:
    gone, shop.rows = shop.rows[:21], shop.rows[21:]
    assert shop.run("plan").code == 0
    refused = shop.run("apply")
    words = refused.answer["error"]["hint"].rpartition("with ")[2].split()
    digest = json.loads((shop.folder / "plan.jsonl").read_text("utf-8").splitlines()[-1])["digest"]
    assert (refused.code, words) == (4, ["--allow", f"deletes=21@{digest[:8]}"])

    for command in ("sync", "plan"):
        ended = shop.run(command, *words)
        assert (ended.code, ended.answer["error"]["reason"]) == (2, "usage")
        assert f"is for the plan {digest[:8]} alone" in ended.err
    plan = (shop.folder / "plan.jsonl").read_bytes()
    shop.rows.append(gone[0])
    assert shop.run("plan").code == 0
    assert shop.run("apply", *words).code == 2
    assert shop.writes == 0
    (shop.folder / "plan.jsonl").write_bytes(plan)
    assert shop.run("apply", *words).answer["outcome"]["applied"] == 21
