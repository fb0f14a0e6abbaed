"""Every change, conflict and reject gets one verdict, in the file's own words."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.report.builders import (
    LIKE,
    change,
    conflict,
    field,
    outcome,
    record,
    refused,
    reject,
    row,
)
from wizsync.model import Result, RunRecord, ServerWord
from wizsync.report import Standing, Verdict, verdicts


def only(run: RunRecord) -> Verdict:
    (verdict,) = verdicts(run)
    return verdict


def test_the_servers_words_stand_at_the_cell_of_the_files_column():
    run = record(change("update", "C-2", field("email"), field("phone")), outcomes=(refused(),))
    verdict = only(run)
    by_label = {cell.label: cell.said for cell in verdict.cells}
    assert by_label == {
        "E-mail": (),
        "Phone": ('"Phone" was refused by WizCommerce: must be E.164.',),
    }
    assert verdict.happened == "Refused by WizCommerce: Validation failed."
    assert verdict.why == (
        '"Phone" was refused by WizCommerce: must be E.164. Mend the row in the file and run it again.'
    )


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ("email", '"E-mail" was refused by WizCommerce: no.'),
        ("addresses[0].zipCode", "addresses[0].zipCode was refused by WizCommerce: no."),
        ("freightTerm", "freightTerm was refused by WizCommerce: no."),
        ("", "WizCommerce said: no."),
    ],
)
def test_words_about_no_cell_of_the_change_stand_beside_them(about, said):
    assert only(record(change(), outcomes=(refused(word="no", about=about),))).said == (said,)


def test_a_value_that_wizcommerce_turned_into_another_is_named():
    done = outcome(
        "applied", differs={"phone": "5550199"}, message="WizCommerce kept other values."
    )
    verdict = only(record(change(), outcomes=(done,)))
    assert verdict.standing is Standing.APPLIED
    assert verdict.cells[0].kept == "5550199"
    assert verdict.happened == 'Updated. WizCommerce holds another value than was sent for "Phone".'


def test_a_conflict_shows_planned_from_planned_to_and_now():
    moved = outcome("conflict", now={"phone": "555-0777", "email": "x@example.com"})
    (cell,) = only(record(change(), outcomes=(moved,))).cells
    assert (cell.before, cell.after, cell.now) == ("555-0100", "555-0199", "555-0777")


def test_a_delete_in_conflict_shows_what_moved_besides_the_fields_that_go():
    gone = change(
        "delete", "C-2", field("phone", "1", ""), seen={"phone": "1", "updatedAt": "monday"}
    )
    moved = outcome("conflict", "delete", now={"phone": "1", "updatedAt": "tuesday"})
    cells = only(record(gone, outcomes=(moved,))).cells
    assert [(cell.field, cell.before, cell.now) for cell in cells] == [
        ("phone", "1", "1"),
        ("updatedAt", "monday", "tuesday"),
    ]


@pytest.mark.parametrize(
    ("ending", "standing", "happened"),
    [
        ("dry_run", Standing.PLANNED, "Would be created."),
        ("refused", Standing.NOT_WRITTEN, "Not written: the plan was refused."),
        ("stopped", Standing.PENDING, "Not reached before the run ended."),
    ],
)
def test_a_change_that_was_not_taken_up(ending, standing, happened):
    verdict = only(record(change("create"), ending=ending))
    assert (verdict.standing, verdict.happened) == (standing, happened)


@pytest.mark.parametrize("ending", ["dry_run", "refused", "stopped", "finished"])
def test_a_create_that_looks_like_somebody_is_held(ending):
    run = record(change("create", held_for=(LIKE,)), outcomes=(), ending=ending)
    assert only(run).standing is Standing.HELD
    assert verdicts(run).results[Result.PENDING] == 0


def test_a_held_create_that_was_allowed_is_as_its_outcome():
    run = record(change("create", held_for=(LIKE,)), outcomes=(outcome("applied", "create"),))
    assert only(run).standing is Standing.APPLIED


def test_the_same_key_may_be_deleted_and_created():
    run = record(
        change("create"),
        change("delete"),
        outcomes=(outcome("applied", "create"), outcome("failed", "delete")),
    )
    assert [one.standing for one in verdicts(run)] == [Standing.APPLIED, Standing.FAILED]


def test_what_was_meant():
    many = [field(name) for name in ("companyName", "email", "phone", "paymentTerm", "freightTerm")]
    texts = [
        only(record(one)).meant
        for one in (
            change("update"),
            change("update", "C-2", *many),
            change("update", absent=True, rows=()),
            change("delete", absent=True, rows=()),
        )
    ]
    assert texts == [
        'Change "Phone".',
        'Change "Company", "E-mail", "Phone" and 2 more.',
        'The file does not name this customer: change "Phone".',
        "Delete this customer: the file does not name it.",
    ]


def test_a_reject_and_a_conflict_of_the_plan():
    first, second = verdicts(record(rejects=(reject(),), conflicts=(conflict(),)))
    assert first.standing is Standing.CONFLICT
    assert first.happened == "2 customers of the account have this referenceId: id-1, id-2."
    assert (second.standing, second.reference_id) == (Standing.REJECTED, "C-2")
    assert second.why == (
        '"Phone" is not a phone number. Write it with its country code, such as +1 555 0100.'
    )


keys = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)
results = st.sampled_from([None, *Result])


@st.composite
def runs(draw: st.DrawFn) -> RunRecord:
    kinds = draw(
        st.lists(
            st.tuples(st.sampled_from(["create", "update", "rename", "delete"]), keys),
            unique=True,
            max_size=12,
        )
    )
    ends = draw(st.lists(results, min_size=len(kinds), max_size=len(kinds)))
    held = draw(st.lists(st.booleans(), min_size=len(kinds), max_size=len(kinds)))
    changes = tuple(
        change(kind, key, held_for=(LIKE,) if alike and kind == "create" else ())
        for (kind, key), alike in zip(kinds, held, strict=True)
    )
    outcomes = tuple(
        outcome(result, kind, key, words=(ServerWord(draw(st.sampled_from(["phone", ""])), "no"),))
        for (kind, key), result in zip(kinds, ends, strict=True)
        if result is not None
    )
    rejects = tuple(reject(row(number)) for number in range(draw(st.integers(0, 5))))
    conflicts = tuple(conflict(key) for key in draw(st.lists(keys, max_size=3)))
    ending = draw(st.sampled_from(["dry_run", "finished", "refused", "stopped"]))
    run = record(*changes, outcomes=outcomes, rejects=rejects, conflicts=conflicts, ending=ending)
    return replace(run, outcomes=()) if ending == "dry_run" else run


@given(runs())
def test_totals_equal_the_plan(run):
    judged = verdicts(run)
    every = list(judged)
    plan = run.plan
    assert [verdict.of for verdict in every] == [*plan.changes, *plan.conflicts, *plan.rejects]
    assert len(judged) == len(every)
    assert judged.standings == Counter(verdict.standing for verdict in every)
    recorded = Counter(one.result for one in run.outcomes)
    assert all(
        judged.results[result] == recorded[result] for result in Result if result != Result.PENDING
    )
    never_taken_up = judged.results[Result.PENDING] - recorded[Result.PENDING]
    assert never_taken_up == sum(
        verdict.standing is Standing.PENDING and verdict.outcome is None for verdict in every
    )
    assert all(verdict.meant and verdict.happened for verdict in every)
