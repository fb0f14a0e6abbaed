"""Whose account a key opens, case by case as docs/decisions/0016 has them: two accounts at one address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import StartSandbox
from tests.job import MAPPING, NEW, Job, row
from wizsync import pipeline
from wizsync.errors import AccountBusy, Exit, KeyRefused, Refused, UnfitPlan
from wizsync.model import Limit, Result
from wizsync.pipeline import Finished, Options
from wizsync.plan import read_plan, write_plan
from wizsync.sandbox import AccountOptions, Sandbox
from wizsync.settings import Connection
from wizsync.state import RunEntry, SqliteState

SECOND = "sandbox-key-second"
SAME = "The account is the same as before"
ANOTHER = "opens an account that was not met before"


@dataclass
class Shops:
    """A sandbox with two accounts of forty customers, and files to bring to them."""

    sandbox: Sandbox
    folder: Path

    @property
    def mapping(self) -> Path:
        return self.folder / "customers.yaml"

    def options(self, target: str | None = None, key: str = "sandbox-key", **more: Any) -> Options:
        """A target of a name, or the bare address, with a key."""
        url = str(more.pop("url", self.sandbox.base_url))
        connection = Connection(url, key, target or url, url, rate=2000)
        return Options(connection, more.pop("state_dir", self.folder / "state"), settle=0.2, **more)

    def file(self, *rows: tuple[str, str, str]) -> Path:
        return Job(self.sandbox, self.options(), self.folder).file(*rows)

    def sync(self, *rows: tuple[str, str, str], **whom: Any) -> Finished:
        options = self.options(**whom)
        return pipeline.sync(self.file(*rows), self.mapping, options, approve=lambda _: True)

    def plan(self, *rows: tuple[str, str, str], **whom: Any) -> Finished:
        plan = self.folder / "plan.jsonl"
        return pipeline.plan(self.file(*rows), self.mapping, self.options(**whom), output=plan)

    def apply(self, **whom: Any) -> Finished:
        plan = self.folder / "plan.jsonl"
        return pipeline.apply(plan, self.options(**whom), approve=lambda _: True)

    def named(self, number: int, account: str = "main") -> Mapping[str, Any]:
        """A customer with a referenceId."""
        customers = self.sandbox.account(account).customers()
        return [c for c in customers if c["reference_id"] and c["status"] == "active"][number]

    def runs(self) -> list[RunEntry]:
        with SqliteState(self.folder / "state") as state:
            return state.runs()

    def accounts(self) -> int:
        return len({run.account for run in self.runs()})

    def ledger(self) -> list[str]:
        return [write["reference_id"] for write in self.sandbox.ledger()]


@pytest.fixture
def shops(start_sandbox: StartSandbox, tmp_path: Path) -> Shops:
    sandbox = start_sandbox(customers=40, accounts=(AccountOptions("second", 40),))
    (tmp_path / "customers.yaml").write_text(MAPPING, encoding="utf-8")
    return Shops(sandbox, tmp_path)


def said(finished: Finished) -> str:
    return " ".join(finished.record.warnings)


# --- plan and sync ------------------------------------------------------------------------------


def test_the_first_key_at_an_address_is_an_account(shops: Shops) -> None:
    finished = shops.sync(NEW)
    assert (said(finished), shops.accounts()) == ("", 1)


def test_a_known_key_asks_for_nothing_more(shops: Shops) -> None:
    shops.plan(row(shops.named(0)))
    again = shops.plan(row(shops.named(0))).record.requests
    assert again.get == 0
    assert shops.accounts() == 1


@pytest.mark.parametrize("target", [None, "shop"])
def test_a_rotated_key_goes_on_as_the_same_account(shops: Shops, target: str | None) -> None:
    shops.sync(NEW, target=target)
    shops.sandbox.rotate_key("of-today")
    with pytest.raises(KeyRefused):
        shops.sync(NEW, target=target)
    finished = shops.sync(NEW, target=target, key="of-today")
    assert SAME in said(finished)
    assert shops.accounts() == 1
    # What runs created is remembered, and the key from now on, too.
    with SqliteState(shops.folder / "state") as state:
        account = finished.record.plan.account
        assert state.created(account).keys() == {"N-1"}
    assert said(shops.sync(NEW, target=target, key="of-today")) == ""


def test_a_rotated_key_is_known_by_a_customer_that_no_first_page_shows(shops: Shops) -> None:
    """Known from a look-up alone, the account is asked for that one customer."""
    for number in range(120):
        shops.sandbox.add(reference_id=f"L-{number}", name="Late", display_name="Late")
    customer = shops.sandbox.customer("L-119")
    shops.plan((customer["reference_id"], "Late", "1"), target="shop")
    with SqliteState(shops.folder / "state") as state:
        met = state.accounts.of_target("shop")
        assert met is not None
        state._connection.execute("UPDATE account SET known = ?", (f'["{customer["id"]}"]',))
        state._connection.commit()
    shops.sandbox.rotate_key("of-today")
    assert SAME in said(shops.plan(NEW, target="shop", key="of-today"))


def test_another_account_at_the_same_address_is_another(shops: Shops) -> None:
    shops.sync(NEW)
    finished = shops.sync(NEW, key=SECOND)
    assert ANOTHER in said(finished)
    assert shops.accounts() == 2
    assert finished.record.requests.get <= 5
    assert shops.ledger() == ["N-1", "N-1"]
    assert said(shops.sync(NEW, key=SECOND)) == ""


def test_nobody_known_cannot_be_found_again_and_is_another(
    start_sandbox: StartSandbox, tmp_path: Path
) -> None:
    sandbox = start_sandbox(customers=0)
    (tmp_path / "customers.yaml").write_text(MAPPING, encoding="utf-8")
    shops = Shops(sandbox, tmp_path)
    shops.plan(NEW)
    sandbox.rotate_key("of-today")
    assert said(shops.plan(NEW, key="of-today")) == ""
    assert shops.accounts() == 2


def test_two_names_of_one_account_are_one_account(shops: Shops) -> None:
    assert said(shops.plan(NEW, target="shop")) == ""
    assert said(shops.plan(NEW, target="store")) == ""
    assert shops.accounts() == 1


def refused(shops: Shops, **whom: Any) -> Refused:
    runs = len(shops.runs())
    for command in (shops.plan, shops.sync):
        with pytest.raises(Refused) as caught:
            command(NEW, **whom)
    assert len(shops.runs()) == runs
    assert (caught.value.reason, caught.value.exit_code) == ("another_account", Exit.REFUSED)
    assert "another name in wizsync.toml" in str(caught.value.hint)
    return caught.value


def test_a_name_whose_new_key_opens_another_account_is_refused(shops: Shops) -> None:
    shops.sync(NEW, target="shop")
    problem = refused(shops, target="shop", key=SECOND)
    assert problem.message.startswith("The target shop stands for another account than before.")
    assert shops.ledger() == ["N-1"]
    # Under another name it goes on, and the first goes on as before.
    assert ANOTHER in said(shops.plan(NEW, target="outlet", key=SECOND))
    assert said(shops.plan(NEW, target="shop")) == ""
    # The other's key is a known one by now, and still not the shop's.
    refused(shops, target="shop", key=SECOND)


def test_a_name_that_points_to_another_address_is_refused_without_asking(
    shops: Shops, start_sandbox: StartSandbox
) -> None:
    shops.sync(NEW, target="shop")
    elsewhere = start_sandbox(customers=40)
    problem = refused(shops, target="shop", url=elsewhere.base_url)
    assert shops.sandbox.base_url in problem.message
    assert elsewhere.counts()["total"] == 0


def test_a_name_of_which_nobody_is_known_takes_no_other_key(
    start_sandbox: StartSandbox, tmp_path: Path
) -> None:
    sandbox = start_sandbox(customers=0, accounts=(AccountOptions("second", 40),))
    (tmp_path / "customers.yaml").write_text(MAPPING, encoding="utf-8")
    shops = Shops(sandbox, tmp_path)
    shops.plan(NEW, target="shop")
    assert "no customer is known" in refused(shops, target="shop", key=SECOND).message


def test_a_key_that_is_refused_claims_no_name(shops: Shops) -> None:
    with pytest.raises(KeyRefused):
        shops.plan(NEW, target="shop", key="mistyped")
    assert said(shops.plan(NEW, target="shop")) == ""


# --- apply --------------------------------------------------------------------------------------


def applied(finished: Finished) -> int:
    return sum(outcome.result is Result.APPLIED for outcome in finished.record.outcomes)


def test_a_plan_goes_to_its_account_under_any_name(shops: Shops) -> None:
    shops.plan(NEW, target="shop")
    assert applied(shops.apply(target="store")) == 1


def test_a_plan_goes_on_with_a_rotated_key(shops: Shops) -> None:
    shops.plan(NEW, row(shops.named(0), phone="+1 555 0100"), target="shop")
    shops.sandbox.rotate_key("of-today")
    finished = shops.apply(target="shop", key="of-today")
    assert SAME in said(finished)
    assert applied(finished) == 2


@pytest.mark.parametrize("salted", ["here", "on another machine"])
def test_a_plan_of_another_account_is_refused(shops: Shops, salted: str) -> None:
    shops.plan(NEW, row(shops.named(0), phone="+1 555 0100"))
    state = shops.folder / ("state" if salted == "here" else "other-state")
    with pytest.raises(UnfitPlan, match="another account") as caught:
        shops.apply(key=SECOND, state_dir=state)
    assert caught.value.reason == "another_account"
    assert "None of 5 customers" in caught.value.message
    assert shops.ledger() == []
    # It was not used up by that.
    assert applied(shops.apply()) == 2


def test_a_plan_is_known_again_on_another_machine_under_another_key(shops: Shops) -> None:
    shops.plan(NEW, row(shops.named(0), phone="+1 555 0100"))
    shops.sandbox.rotate_key("of-today")
    finished = shops.apply(key="of-today", state_dir=shops.folder / "other-state")
    assert applied(finished) == 2


def test_a_plan_that_was_made_after_the_key_was_rotated(shops: Shops) -> None:
    shops.plan(NEW)
    shops.sandbox.rotate_key("of-today")
    shops.plan(NEW, key="of-today")
    assert applied(shops.apply(key="of-today", state_dir=shops.folder / "other-state")) == 1


@pytest.mark.parametrize("key", ["sandbox-key", SECOND])
def test_a_plan_that_knows_nobody_goes_by_its_key_alone(
    key: str, start_sandbox: StartSandbox, tmp_path: Path
) -> None:
    sandbox = start_sandbox(customers=0, accounts=(AccountOptions("second", 0),))
    (tmp_path / "customers.yaml").write_text(MAPPING, encoding="utf-8")
    shops = Shops(sandbox, tmp_path)
    shops.plan(NEW)
    if key == SECOND:
        with pytest.raises(UnfitPlan, match="another account"):
            shops.apply(key=key)
        assert shops.ledger() == []
    else:
        assert applied(shops.apply(key=key, allow={"empty_account": Limit(count=1)})) == 1


def test_a_plan_of_another_address_is_refused_without_asking(
    shops: Shops, start_sandbox: StartSandbox
) -> None:
    shops.plan(NEW, row(shops.named(0), phone="+1 555 0100"))
    elsewhere = start_sandbox(customers=40)
    with pytest.raises(UnfitPlan, match="another account"):
        shops.apply(url=elsewhere.base_url)
    assert elsewhere.counts()["operations"]["get"] == 0
    assert elsewhere.ledger() == []


def test_an_account_that_lost_all_whom_the_plan_knows_is_not_written_to(shops: Shops) -> None:
    """As a server that was set up anew: its key is the same, its customers are not."""
    shops.plan(NEW)
    path = shops.folder / "plan.jsonl"
    made = read_plan(path)
    write_plan(replace(made, account=replace(made.account, known=("gone-1", "gone-2"))), path)
    with pytest.raises(UnfitPlan, match="None of 2 customers"):
        shops.apply()
    assert shops.ledger() == []


# --- the lock -----------------------------------------------------------------------------------


def test_two_names_and_two_keys_of_one_account_share_its_lock(shops: Shops) -> None:
    shops.plan(NEW, target="shop")
    shops.sandbox.rotate_key("of-today")
    busy: list[str] = []

    def meanwhile(_: object) -> bool:
        for target in ("shop", "store"):
            with pytest.raises(AccountBusy) as caught:
                shops.sync(NEW, target=target, key="of-today")
            busy.append(caught.value.message)
        return False

    options = shops.options("shop", "of-today")
    pipeline.sync(shops.file(NEW), shops.mapping, options, approve=meanwhile)
    assert all("`wizsync sync`, run 20" in message for message in busy)
    assert len(busy) == 2
