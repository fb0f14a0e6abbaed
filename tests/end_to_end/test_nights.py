"""The same file night after night: what is read one by one once is not read again, and nothing is missed."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import MakeOptions, StartSandbox
from wizsync import pipeline
from wizsync.errors import Exit
from wizsync.observed.kept_file import read_kept, write_kept
from wizsync.pipeline import Finished, Options
from wizsync.sandbox import Sandbox

DAY = 86_400
MAPPING = """\
version: 1
customer:
  referenceId: Code
  companyName: {column: Company, required: true}
  displayName: Shown
  phone: Phone
addresses:
  - when: Street
    referenceId: Address
    addressLine1: Street
    city: City
    type: Type
guard: {max_updates: 100%}
"""
HEADER = ("Code", "Company", "Shown", "Phone", "Address", "Street", "City", "Type")


@dataclass
class Nights:
    """An account, its file, and runs on one night or another."""

    sandbox: Sandbox
    options: Options
    folder: Path
    rows: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        (self.folder / "nightly.yaml").write_text(MAPPING, encoding="utf-8")
        for customer in self.sandbox.customers():
            if customer["reference_id"]:
                address = customer["addresses"][0] if customer["addresses"] else {}
                self.rows[customer["reference_id"]] = dict(
                    zip(HEADER, _cells(customer, address), strict=True)
                )

    def with_address(self) -> list[str]:
        return [key for key, row in self.rows.items() if row["Street"]]

    def run(self, night: int, **values: Any) -> Finished:
        """The run of a night, the first of which is 1."""
        file = self.folder / "nightly.csv"
        with file.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, HEADER)
            writer.writeheader()
            writer.writerows(self.rows.values())
        options = replace(self.options, now=on(night), **values)
        return pipeline.sync(file, self.folder / "nightly.yaml", options, approve=lambda _: True)

    @property
    def kept(self) -> Path:
        (file,) = self.options.state_dir.glob("cache/*/details")
        return file


def _cells(customer: dict[str, Any], address: dict[str, Any]) -> tuple[str, ...]:
    names = ("reference_id", "address_line_1", "city", "type")
    return (
        customer["reference_id"],
        customer["name"],
        customer["display_name"],
        customer["phone"] or "",
        *(address.get(name) or "" for name in names),
    )


def on(night: int) -> Callable[[], float]:
    return lambda: time.time() + (night - 1) * DAY


@pytest.fixture
def nights(
    dialect: str, start_sandbox: StartSandbox, make_options: MakeOptions, tmp_path: Path
) -> Nights:
    sandbox = start_sandbox(dialect=dialect, customers=60)
    return Nights(sandbox, make_options(sandbox), tmp_path)


def _planned(finished: Finished) -> set[str]:
    return {change.reference_id for change in finished.record.plan.changes}


def sent(finished: Finished) -> tuple[int, int, int]:
    """Lists, gets and writes."""
    requests = finished.record.requests
    writes = requests.create + requests.update + requests.delete + requests.child
    return requests.list, requests.get, writes


def test_later_nights_read_one_by_one_only_whom_somebody_changed(
    dialect: str, start_sandbox: StartSandbox, make_options: MakeOptions, tmp_path: Path
) -> None:
    sandbox = start_sandbox(dialect=dialect, customers=3000)
    nights = Nights(sandbox, make_options(sandbox), tmp_path)
    ids = {customer["reference_id"]: customer["id"] for customer in sandbox.customers()}
    named = len(nights.rows)

    first = nights.run(1)
    assert first.exit_code is Exit.DONE
    lists, gets, writes = sent(first)
    assert (gets, writes) == (named, 0)
    assert lists <= 36

    moved, called = nights.with_address()[:10], list(nights.rows)[100:110]
    for key in moved:
        nights.rows[key]["City"] = "New Town"
    for number, key in enumerate(called):
        nights.rows[key]["Phone"] = f"+120655501{number:02}"
    for key in list(nights.rows)[200:210]:
        sandbox.edit(ids[key], payment_term="others")
    second = nights.run(2)
    assert [o.result.value for o in second.record.outcomes] == ["applied"] * 20
    lists, gets, writes = sent(second)
    assert (lists <= 38, writes) == (True, 20)
    # Whom others changed; each customer right before its address is written, and the first one after it.
    assert gets == 10 + 10 + 1
    after = {customer["reference_id"]: customer for customer in sandbox.customers()}
    assert {after[key]["addresses"][0]["city"] for key in moved} == {"New Town"}

    lists, gets, writes = sent(nights.run(3))
    assert (lists <= 36, gets, writes) == (True, 0, 0)

    lists, gets, writes = sent(nights.run(8))
    assert (lists <= 36, writes) == (True, 0)
    assert 0 < gets <= named / 7


def test_what_others_do_to_addresses_is_seen_at_once_where_it_shows_and_in_a_fortnight_where_not(
    nights: Nights,
) -> None:
    nights.run(1)
    shown, hidden = (nights.sandbox.customer(key) for key in nights.with_address()[:2])
    for customer in (shown, hidden):
        address = {**customer["addresses"][0], "city": "Elsewhere"}
        times = {} if customer is shown else {"updated_at": customer["updated_at"]}
        others = customer["addresses"][1:]
        nights.sandbox.edit(customer["id"], addresses=[address, *others], **times)
    assert _planned(nights.run(2)) == {shown["reference_id"]}
    later = [_planned(nights.run(night)) for night in range(3, 16)]
    assert set().union(*later) == {hidden["reference_id"]}


@pytest.mark.parametrize("moves", ["moves_parent", "keeps_parent"])
def test_an_address_that_was_written_is_not_read_again(nights: Nights, moves: str) -> None:
    nights.sandbox.assume(child_edit=moves)
    nights.run(1)
    changed, added = (
        nights.with_address()[0],
        next(k for k, r in nights.rows.items() if not r["Street"]),
    )
    nights.rows[changed] |= {"City": "New Town", "Phone": "+12065550101"}
    nights.rows[added] |= {"Address": "A-1", "Street": "1 Main", "City": "Here", "Type": "billing"}
    finished = nights.run(2)
    assert {o.result.value for o in finished.record.outcomes} == {"applied"}
    assert sent(nights.run(3))[1:] == (0, 0)


def test_whom_a_run_created_is_not_read_again(nights: Nights) -> None:
    nights.run(1)
    row = ("N-1", "Newly Opened", "New", "+12065550188", "A-1", "1 Main", "Here", "billing")
    nights.rows["N-1"] = dict(zip(HEADER, row, strict=True))
    assert sent(nights.run(2))[1:] == (0, 1)
    assert sent(nights.run(3))[1:] == (0, 0)


def test_who_was_read_within_two_seconds_of_a_change_is_read_again(nights: Nights) -> None:
    key = nights.with_address()[0]
    nights.sandbox.edit(nights.sandbox.customer(key)["id"], payment_term="just now")
    nights.run(1)
    assert sent(nights.run(2))[1] == 1
    assert sent(nights.run(3))[1] == 0


def test_nothing_that_is_written_rests_on_what_was_kept(nights: Nights) -> None:
    """Somebody moved to where the file says, and only the look before the write can see it."""
    nights.run(1)
    key = nights.with_address()[0]
    customer = nights.sandbox.customer(key)
    address = {**customer["addresses"][0], "city": "New Town"}
    nights.sandbox.edit(
        customer["id"],
        addresses=[address, *customer["addresses"][1:]],
        updated_at=customer["updated_at"],
    )
    nights.rows[key]["City"] = "New Town"
    finished = nights.run(2)
    assert [(o.result.value, o.code) for o in finished.record.outcomes] == [
        ("skipped", "already_so")
    ]
    assert sent(finished)[1:] == (1, 0)
    assert nights.run(3).record.plan.changes == ()


def test_an_undo_leaves_nothing_wrong_behind(nights: Nights) -> None:
    nights.run(1)
    key = nights.with_address()[0]
    before = nights.rows[key]["City"]
    nights.rows[key]["City"] = "New Town"
    changed = nights.run(2)
    options = replace(nights.options, now=on(2))
    pipeline.undo(changed.record.run, options, approve=lambda _: True)
    assert nights.sandbox.customer(key)["addresses"][0]["city"] == before
    nights.rows[key]["City"] = before
    assert nights.run(3).record.plan.changes == ()


def test_a_plan_and_a_run_share_what_is_kept(nights: Nights) -> None:
    options = replace(nights.options, now=on(1))
    nights.run(1)
    kept = nights.kept.read_bytes()
    again = pipeline.plan(nights.folder / "nightly.csv", nights.folder / "nightly.yaml", options)
    assert again.record.requests.get == 0
    assert nights.kept.read_bytes() == kept


# --- what was kept cannot be used -----------------------------------------------------------------


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1000])


def _of_another_account(file: Path) -> None:
    (other := file.parent.with_name("0" * 32)).mkdir()
    write_kept(other / "details", other.name, *read_kept(file, file.parent.name))
    (other / "details").replace(file)
    other.rmdir()


@pytest.mark.parametrize(
    ("spoil", "why"), [(_cut, "cut short"), (_of_another_account, "another account's")]
)
def test_a_file_that_cannot_be_used_is_thrown_away_and_said(
    spoil: Callable[[Path], None],
    why: str,
    start_sandbox: StartSandbox,
    make_options: MakeOptions,
    tmp_path: Path,
) -> None:
    sandbox = start_sandbox(customers=20)
    nights = Nights(sandbox, make_options(sandbox), tmp_path)
    nights.run(1)
    spoil(nights.kept)
    finished = nights.run(2)
    assert finished.exit_code is Exit.DONE
    assert sent(finished)[1] == len(nights.rows)
    assert any("thrown away" in note and why in note for note in finished.record.plan.notes)
    again = nights.run(3)
    assert sent(again)[1] == 0
    assert not any("thrown away" in note for note in again.record.plan.notes)


def test_a_place_that_cannot_be_written_is_said_and_no_reason_to_fail(nights: Nights) -> None:
    nights.run(1)
    file = nights.kept
    file.unlink()
    file.mkdir()
    finished = nights.run(2)
    assert finished.exit_code is Exit.DONE
    assert sent(finished)[1] == len(nights.rows)
    assert any("not kept for the next run" in note for note in finished.record.warnings)


def test_the_key_is_not_in_it_and_only_its_owner_reads_it(nights: Nights) -> None:
    nights.run(1)
    content = nights.kept.read_bytes()
    assert nights.sandbox.key.encode() not in content
    assert nights.kept.stat().st_mode & 0o077 == 0
