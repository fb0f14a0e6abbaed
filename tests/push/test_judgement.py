"""What is done about a customer, by what the account shows of it right now."""

from __future__ import annotations

import pytest

from tests.push.builders import same, step
from wizsync.model import Change, ChangeKind, FieldChange, Outcome, Result
from wizsync.push.judgement import look_before
from wizsync.push.landing import landed
from wizsync.push.reader import Row

SEND = None
UPDATE, CREATE, DELETE = ChangeKind.UPDATE, ChangeKind.CREATE, ChangeKind.DELETE


def change(kind: ChangeKind) -> Change:
    """Phone 1 to 2 of customer c1, or a new one with phone 2, or its delete."""
    before, after = ("" if kind is CREATE else "1"), ("" if kind is DELETE else "2")
    whole = {"phone": "1", "status": "active", "updatedAt": "monday"}
    seen = {CREATE: {}, UPDATE: {"phone": "1"}, DELETE: whole}
    customer_id = None if kind is CREATE else "c1"
    fields = (FieldChange("phone", before, after),)
    return Change(kind, "K", customer_id, "Acme", fields, seen=seen[kind])


def row(phone: str = "1", **others: str) -> Row:
    return {
        "id": "c1",
        "referenceId": "K",
        "phone": phone,
        "lastName": "x",
        "status": "active",
        "updatedAt": "monday",
        **others,
    }


def said(outcome: Outcome | None) -> str | None:
    return outcome and f"{outcome.result}: {outcome.code}"


OTHER = row("7", id="c9")


@pytest.mark.parametrize(
    ("kind", "there", "expected"),
    [
        (CREATE, [], SEND),
        (CREATE, [row("2")], "skipped: already_so"),
        (CREATE, [row(" 2\xa0")], "skipped: already_so"),
        (CREATE, [row("1")], "conflict: exists_now"),
        (CREATE, [row("2"), OTHER], "conflict: doubled"),
        (CREATE, [row("2", referenceId="L")], "conflict: moved"),
        (UPDATE, [], "conflict: gone"),
        (UPDATE, [row("1")], SEND),
        (UPDATE, [row("1", updatedAt="today", lastName="y")], SEND),
        (UPDATE, [row("2")], "skipped: already_so"),
        (UPDATE, [row("3")], "conflict: moved"),
        (UPDATE, [row("")], "conflict: moved"),
        (UPDATE, [OTHER], "conflict: moved"),
        (UPDATE, [row("1", id="c9")], "conflict: moved"),
        (UPDATE, [row("1"), OTHER], "conflict: doubled"),
        (UPDATE, [row("1", referenceId="L")], "conflict: moved"),
        (UPDATE, [row("1", referenceId="")], "conflict: moved"),
        (UPDATE, [row("1", referenceId=" K ")], SEND),
        (DELETE, [], "skipped: already_so"),
        (DELETE, [row("1")], SEND),
        (DELETE, [row("1", updatedAt="today")], "conflict: moved"),
        (DELETE, [row("1", status="inactive")], "conflict: moved"),
        (DELETE, [row("3")], "conflict: moved"),
        (DELETE, [row("1", id="c9")], "conflict: moved"),
        (DELETE, [row("1"), OTHER], "conflict: doubled"),
        (DELETE, [row("1", referenceId="L")], "conflict: moved"),
        # A read that does not show a field tells nothing of it.
        (DELETE, [{"id": "c1", "referenceId": "K", "updatedAt": "monday"}], SEND),
    ],
)
def test_right_before_it_is_sent(kind, there, expected):
    assert said(look_before(change(kind), there, same)) == expected


@pytest.mark.parametrize(
    ("kind", "there", "expected"),
    [
        (CREATE, [], SEND),
        (CREATE, [row("2")], "applied: found_done"),
        (CREATE, [row("1")], "conflict: moved"),
        (CREATE, [row("2"), OTHER], "conflict: doubled"),
        (CREATE, [row("2", referenceId="L")], "conflict: moved"),
        (UPDATE, [], "conflict: gone"),
        (UPDATE, [row("2")], "applied: found_done"),
        (UPDATE, [row("1")], SEND),
        (UPDATE, [row("3")], "conflict: moved"),
        (DELETE, [], "applied: found_done"),
        (DELETE, [row("1")], SEND),
        (DELETE, [row("1", updatedAt="today")], "conflict: moved"),
        # Some servers keep whom they delete.
        (DELETE, [row("1", status="inactive", updatedAt="today")], "applied: found_done"),
        (DELETE, [row("3", status="inactive", updatedAt="today")], "conflict: moved"),
    ],
)
def test_after_no_answer(kind, there, expected):
    assert said(landed(step(change(kind)), there, same)) == expected


def test_one_field_moved_and_one_done_is_a_conflict_about_the_one():
    two = (FieldChange("phone", "1", "2"), FieldChange("lastName", "x", "y"))
    both = Change(UPDATE, "K", "c1", "Acme", two, seen={"phone": "1", "lastName": "x"})
    outcome = look_before(both, [row("2", lastName="z")], same)
    assert outcome is not None
    assert (outcome.code, dict(outcome.now)) == ("moved", {"lastName": "z"})
    # Half done and half to do is no conflict.
    assert look_before(both, [row("2", lastName="x")], same) is None


def test_a_conflict_shows_the_account_as_it_is_and_both_ids():
    outcome = look_before(change(DELETE), [row("3")], same)
    assert outcome is not None
    assert (outcome.customer_id, dict(outcome.now)) == ("c1", {"phone": "3"})
    outcome = look_before(change(CREATE), [row("1"), OTHER], same)
    assert outcome is not None
    assert "c1, c9" in outcome.message
    outcome = look_before(change(CREATE), [row("1")], same)
    assert outcome is not None
    assert outcome.now["phone"] == "1"


def test_an_outcome_is_about_its_change():
    for kind in (CREATE, UPDATE, DELETE):
        outcome = look_before(change(kind), [row("3"), OTHER], same)
        assert outcome is not None
        assert (outcome.kind, outcome.reference_id, outcome.result) == (kind, "K", Result.CONFLICT)
