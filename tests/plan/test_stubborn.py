"""Values that an account does not take as sent: remembered, and not sent every night."""

from __future__ import annotations

from dataclasses import replace

from tests.job import Job
from tests.plan.builders import desired, planned, snapshot
from tests.push.builders import child, create, update, with_children
from wizsync.model import (
    ChangeKind,
    ChildAction,
    ChildKind,
    ChildOutcome,
    Kept,
    Outcome,
    Result,
)
from wizsync.plan.stubborn import kept_otherwise, without_stubborn

CUSTOMER = {
    "id": "c1",
    "reference_id": "C-1",
    "name": "Acme",
    "phone": "1",
    "email": "",
    "addresses": [],
}
ADDRESS = {"id": "a1", "reference_id": "A-1", "city": "Bath", "address_line_1": "1 Pier"}


def outcome(kind: ChangeKind = ChangeKind.UPDATE, **values: object) -> Outcome:
    return replace(Outcome(kind, "C-1", Result.APPLIED, "differs"), **values)


def test_what_was_taken_otherwise_is_told_apart_from_what_was_taken():
    change = update(CUSTOMER, phone="2", email="a@b.co")
    found = kept_otherwise([change], [outcome(differs={"phone": "3"})])
    assert found == {("C-1", "phone"): Kept("2", "3"), ("C-1", "email"): None}


def test_what_was_not_applied_or_deleted_says_nothing():
    change = update(CUSTOMER, phone="2")
    refused = outcome(result=Result.FAILED, differs={"phone": "3"})
    assert kept_otherwise([change], [refused]) == {}
    assert kept_otherwise([change], []) == {}


def test_a_childs_field_has_its_id():
    change = with_children(update(CUSTOMER), child(ChildAction.CHANGE, of=ADDRESS, city="Ely"))
    told = ChildOutcome(
        ChildKind.ADDRESSES, "A-1", "a1", Result.APPLIED, "differs", differs={"city": "Ely!"}
    )
    found = kept_otherwise([change], [outcome(code="done", children=(told,))])
    assert found == {("C-1", "addresses[a1].city"): Kept("Ely", "Ely!")}
    changed = with_children(
        update(CUSTOMER),
        child(ChildAction.CHANGE, of={**ADDRESS, "city": "Ely!"}, city="Ely"),
    )
    assert (
        without_stubborn([changed], {("C-1", "addresses[a1].city"): Kept("Ely", "Ely!")})[0] == []
    )


def test_only_the_same_again_is_left_out():
    change = update(CUSTOMER, phone="2", email="a@b.co")
    kept = {("C-1", "phone"): Kept("2", "1")}
    (left,), left_out = without_stubborn([change], kept)
    assert [one.field for one in left.fields] == ["email"]
    assert (left_out, left.seen) == ([("C-1", "phone")], {"email": ""})
    # Another value in the file, or in the account, is written.
    for other in (Kept("9", "1"), Kept("2", "9")):
        assert without_stubborn([change], {("C-1", "phone"): other}) == ([change], [])
    assert without_stubborn([create("C-1", phone="2")], kept)[1] == []


def test_a_plan_counts_it_as_unchanged_and_says_so():
    wanted = desired({"referenceId": "C-1", "phone": "2"})
    account = snapshot({"referenceId": "C-1", "phone": "1"})
    plan = planned(wanted, account, kept={("C-1", "phone"): Kept("2", "1")})
    assert (plan.changes, plan.tally.unchanged, plan.tally.update) == ((), 1, 0)
    assert "phone of C-1" in plan.notes[-1]


def test_a_server_that_cuts_texts_is_not_written_to_every_night(job: Job):
    job.sandbox.assume(text="cut")
    long = "A company whose name is longer than the account will take"
    first = job.sync(("N-1", long, ""))
    assert [o.code for o in first.record.outcomes] == ["differs"]
    job.sandbox.reset()

    second = job.sync(("N-1", long, ""))

    assert second.record.plan.changes == ()
    assert "companyName of N-1" in " ".join(second.record.plan.notes)
    assert job.sandbox.ledger() == []
    # Another name is sent; and once one is taken as it is, nothing is remembered of it.
    assert len(job.sync(("N-1", "Short", "")).record.plan.changes) == 1
    with job.state() as (state, account):
        assert state.kept(account) == {}
