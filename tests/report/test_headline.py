"""The first lines say what happened and what to do next."""

from __future__ import annotations

import pytest

from tests.report.builders import (
    LIKE,
    change,
    child,
    conflict,
    harmed,
    outcome,
    record,
    refused,
    reject,
    row,
    ship_to,
)
from wizsync.model import Breach, RunRecord
from wizsync.report import verdicts
from wizsync.report.headline import Headline, headline

BREACH = Breach(
    "deletes", 42, 10, "42 would be deleted; allowed are 10.", ("C-2",), "--allow deletes=42"
)


def told(run: RunRecord) -> Headline:
    return headline(verdicts(run))


ALL_WELL = record(change("create", "C-2"), change("update", "C-3"), change("delete", "C-4"))
LEFT_OVER = record(
    change("update", "C-1"),
    change("update", "C-2"),
    change("update", "C-3"),
    change("create", "C-4", held_for=(LIKE,)),
    outcomes=(outcome(key="C-1"), refused("C-2"), outcome("unknown", key="C-3")),
    rejects=(reject(row(7)), reject(row(8))),
    conflicts=(conflict(),),
)


@pytest.mark.parametrize(
    ("run", "text"),
    [
        (ALL_WELL, "Done: 1 customer created, 1 customer updated and 1 customer deleted."),
        (record(), "Nothing to do: file and account agree."),
        (
            record(change("create"), change("update"), ending="dry_run"),
            "Dry run: nothing was written. This plan would create 1 customer and update 1 customer.",
        ),
        (
            record(ending="dry_run"),
            "Dry run: nothing was written. Nothing to do: file and account agree.",
        ),
        (
            record(change("delete"), ending="refused", breaches=(BREACH,)),
            "Refused: nothing was written. 42 would be deleted; allowed are 10.",
        ),
        (
            record(change(), change("delete"), outcomes=(outcome(),), ending="refused"),
            "Refused after 1 change.",
        ),
        (
            record(
                change(), change("delete"), outcomes=(outcome(),), ending="stopped", error="No key"
            ),
            "Stopped before the end: 1 of 2 changes written. No key.",
        ),
        (
            LEFT_OVER,
            (
                "Done: 1 customer updated. 1 change was refused by WizCommerce, 1 change may or may not be "
                "done, 1 customer is in conflict, 1 new customer that looks like an existing one is held "
                "back and 2 rows cannot be used."
            ),
        ),
    ],
)
def test_what_happened(run, text):
    assert told(run).text == text


def test_a_rejected_file_with_nothing_to_write_does_not_say_that_all_agree():
    run = record(rejects=(reject(),))
    assert told(run).text == "Nothing was written. 1 row cannot be used."


def test_where_the_rest_agrees_it_says_so():
    run = record(rejects=(reject(),), tally={"unchanged": 3})
    assert told(run).text == (
        "Nothing to do: what can be used of the file agrees with the account. 1 row cannot be used."
    )


def test_what_to_do_next():
    assert told(ALL_WELL).steps == ()
    steps = " ".join(told(LEFT_OVER).steps)
    assert "Run the same command again" in steps
    assert "`wizsync sync rejected.csv -m customers.yaml`" in steps
    assert "`--allow look_alikes=1`" in steps
    assert "in conflict" in steps


def test_a_refusal_gives_the_exact_words_that_allow_it():
    for ending in ("dry_run", "refused"):
        run = record(change("delete"), ending=ending, breaches=(BREACH,))
        assert "`--allow deletes=42`" in told(run).steps[0]


def test_a_stopped_run_says_how_to_go_on():
    run = record(change(), ending="stopped")
    assert told(run).steps[0].startswith(f"Run `wizsync resume {run.run}`")


CHILDREN = (child("add", "S-8"), child(), child("remove", "K-1", kind="contacts"))


def test_children_of_existing_customers_are_counted_in_words():
    run = record(change(children=CHILDREN), change("create", "C-3", children=CHILDREN[:1]))
    assert told(run).text == (
        "Done: 1 customer created and 1 customer updated. "
        "Addresses and contacts: 1 added, 1 changed and 1 removed."
    )
    run = record(change(children=CHILDREN[:1]), ending="dry_run")
    assert "would update 1 customer. Addresses: 1 to add." in told(run).text


def test_moves_are_told_apart_from_look_alikes():
    run = record(
        change("create", "C-1", held_for=(LIKE,)),
        change("update", "C-2", children=(child("remove", moved="C-3"),)),
        change("update", "C-3", children=(child("add", moved="C-2"),)),
        outcomes=(),
    )
    found = told(run)
    assert found.left_over == (
        "1 new customer that looks like an existing one is held back and 2 changes to addresses and "
        "contacts that seem to move between customers are held back."
    )
    steps = " ".join(found.steps)
    assert "`--allow look_alikes=1`" in steps
    assert "`--allow child_moves=2`" in steps


def test_harm_is_not_told_as_a_refusal():
    held = outcome("skipped", key="C-3", code="children_held", message="Not written")
    run = record(
        change(children=(child(),)),
        change("update", "C-3", children=(child(),)),
        outcomes=(harmed(), held),
    )
    found = told(run)
    assert found.text == (
        "Done, not as it was meant. 1 customer has other addresses or contacts now than was meant and "
        "1 customer's addresses and contacts were not written after that."
    )
    assert "`wizsync doctor --probe-children`" in found.steps[0]
    assert "rejected" not in " ".join(found.steps)


def test_rows_of_several_sheets_are_mended_in_the_workbook():
    run = record(change(children=(child(),)), rejects=(reject(ship_to()),))
    assert "`wizsync sync rejected.xlsx -m customers.yaml`" in " ".join(told(run).steps)
    run = record(rejects=(reject(),), source={"sheet": "Customers"})
    assert "`rejected.xlsx`" in " ".join(told(run).steps)
