"""A small file does not wait for a large account, and what takes long is said before it begins."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.conftest import MakeOptions, StartSandbox
from wizsync import pipeline
from wizsync.errors import Exit
from wizsync.pipeline import Finished, Options
from wizsync.sandbox import Sandbox

MAPPING = """\
version: 1
mode: update
customer: {referenceId: Code, paymentTerm: Terms, priceList: Tier}
guard: {max_updates: 100%}
"""


class Enough(Exception):
    """A test has seen what it wanted to see."""


def write(folder: Path, rows: list[tuple[str, ...]], mapping: str = MAPPING) -> tuple[Path, Path]:
    file, where = folder / "customers.csv", folder / "customers.yaml"
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([("Code", "Terms", "Tier"), *rows])
    where.write_text(mapping, encoding="utf-8")
    return file, where


def sync(folder: Path, rows: list[tuple[str, ...]], options: Options) -> Finished:
    return pipeline.sync(*write(folder, rows), options, approve=lambda _: True)


def keys(sandbox: Sandbox, status: str) -> list[str]:
    customers = sandbox.customers()
    return [c["reference_id"] for c in customers if c["reference_id"] and c["status"] == status]


@pytest.mark.parametrize("inactive", [0, 3])
def test_forty_updates_take_few_lists_whatever_the_size_of_the_account(
    inactive: int,
    dialect: str,
    start_sandbox: StartSandbox,
    make_options: MakeOptions,
    tmp_path: Path,
) -> None:
    sandbox = start_sandbox(dialect=dialect, customers=3000)
    named = [*keys(sandbox, "inactive")[:inactive], *keys(sandbox, "active")[-40 + inactive :]]
    mapping = MAPPING.replace(", priceList: Tier", "")
    file, where = write(tmp_path, [(key, "net77", "") for key in named], mapping)
    # One finds out the dialect, one shows a customer to believe look-ups by.
    finished = pipeline.sync(file, where, make_options(sandbox), approve=lambda _: True)
    requests = finished.record.requests
    assert (finished.exit_code, requests.update, requests.get) == (Exit.DONE, 40, 0)
    # Without a total, the end of a list without a known customer takes one more.
    assert requests.list == 1 + 1 + 2 + 2 + (2 if dialect == "camel" and inactive else 0)


def test_a_new_name_is_found_in_lists_that_were_kept(
    start_sandbox: StartSandbox, make_options: MakeOptions, tmp_path: Path
) -> None:
    sandbox = start_sandbox(customers=30)
    options, key = make_options(sandbox), keys(sandbox, "active")[0]
    assert sync(tmp_path, [(key, "", "Keystone")], options).record.requests.other == 1
    assert sync(tmp_path, [(key, "", "keystone")], options).record.requests.other == 0
    lists = [*sandbox.lookup("price_lists"), {"id": "pl_new", "name": "Newest", "status": "active"}]
    sandbox.set_lookup("price_lists", lists)
    finished = sync(tmp_path, [(key, "", "Newest")], options)
    assert finished.record.requests.other == 1
    assert sandbox.customer(key)["price_list_id"] == "pl_new"


def test_a_long_read_is_said_before_it_begins_and_what_it_will_be_next_time(
    start_sandbox: StartSandbox, make_options: MakeOptions, tmp_path: Path
) -> None:
    sandbox = start_sandbox(customers=900)
    said: list[str] = []

    def tell(sentence: str) -> None:
        said.append(sentence)
        raise Enough

    rows = [(key, "", "Keystone") for key in keys(sandbox, "active")[:800]]
    options = make_options(sandbox, rate=50.0, tell=tell)
    with pytest.raises(Enough):
        sync(tmp_path, rows, options)
    (sentence,) = said
    assert sentence == (
        "Reading 800 details: about 16 s at 50 requests a second. They are kept: the next nights take about "
        "1 s. From the second week on, a seventh is read again each night, which takes about 2 s."
    )
    assert sandbox.counts()["operations"]["get"] == 0


def test_a_long_write_is_said_before_anybody_is_asked(
    start_sandbox: StartSandbox, make_options: MakeOptions, tmp_path: Path
) -> None:
    sandbox = start_sandbox(customers=900)
    said: list[str] = []
    rows = [(key, "net77", "") for key in keys(sandbox, "active")[:800]]
    file, where = write(tmp_path, rows, MAPPING.replace(", priceList: Tier", ""))
    options = make_options(sandbox, rate=50.0, tell=said.append)
    finished = pipeline.sync(file, where, options, approve=lambda _: not said)
    # Nine look-ups in two statuses, and the writes.
    assert said == ["Writing 800 changes: about 16 s at 50 requests a second."]
    assert finished.exit_code is Exit.REFUSED
    assert sandbox.ledger() == []
