"""The first lines say what happened and what to do next."""

from __future__ import annotations

import pytest

from tests.report.builders import LIKE, change, conflict, outcome, record, refused, reject, row
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
    assert told(run).steps[0].startswith("Run the same command again")
