"""Every address and contact of a change gets a verdict of its own, in the words of its sheet."""

from __future__ import annotations

import pytest

from tests.report.builders import (
    change,
    child,
    child_outcome,
    field,
    harmed,
    outcome,
    record,
    refused,
    reject,
    ship_to,
)
from wizsync.model import ChildKind, RunRecord, ServerWord
from wizsync.report import ChildVerdict, Standing, Verdict, verdicts
from wizsync.report.standings import Held

ADDED = child("add", "S-9", field("zipCode", "", "78701"), field("city", "", "Austin"))
BILLING = child("add", "B-1", field("zipCode", "", "1"), block=0)
CONTACT = child("add", "K-1", kind="contacts")


def only(run: RunRecord) -> Verdict:
    (verdict,) = verdicts(run)
    return verdict


def of_update(*children, outcomes=None, **more) -> tuple[ChildVerdict, ...]:
    return only(record(change(children=children), outcomes=outcomes, **more)).children


def test_the_columns_are_those_of_the_childs_own_block():
    contact = child("change", "K-1", kind="contacts")
    removed = child("remove", "S-3", field("city", "Waco", ""), field("zipCode", "76701", ""))
    found = of_update(ADDED, contact, removed)
    labels = [[cell.label for cell in one.cells] for one in found]
    assert labels == [["Zip", "Town"], ["Mail"], ["city", "Zip"]]
    assert [one.meant for one in found] == [
        "Add this address.",
        'Change "Mail" of this contact.',
        "Remove this address: the file does not name it.",
    ]
    assert [one.happened for one in found] == ["Added.", "Changed.", "Removed."]
    assert [row.where for row in found[0].rows] == ["Ship-to, row 7"]


def test_what_was_meant_for_a_customer_names_its_children():
    removed = child("remove", "K-2", kind="contacts")
    both = change("update", "C-2", field(), children=(ADDED, BILLING, removed))
    assert only(record(both)).meant == 'Change "Phone"; add 2 addresses and remove 1 contact.'
    assert only(record(change(children=(removed,)))).meant == "Remove 1 contact."
    created = change("create", children=(ADDED, CONTACT))
    assert only(record(created)).meant == "Create this customer with 1 address and 1 contact."


@pytest.mark.parametrize(
    ("ending", "standing", "happened"),
    [
        ("dry_run", Standing.PLANNED, "Would be added."),
        ("refused", Standing.NOT_WRITTEN, "Not added: the plan was refused."),
        ("stopped", Standing.PENDING, "Not reached before the run ended."),
    ],
)
@pytest.mark.parametrize("kind", ["create", "update"])
def test_children_of_a_change_that_was_not_taken_up(kind, ending, standing, happened):
    (found,) = only(record(change(kind, children=(ADDED,)), ending=ending)).children
    assert (found.standing, found.happened) == (standing, happened)


def test_words_about_a_place_in_a_created_list_find_the_child_and_its_column():
    moved = child("add", "S-1", moved="C-8")
    held = child_outcome("skipped", "S-1", child_id=None)
    failed = outcome(
        "failed",
        "create",
        words=(
            ServerWord("addresses[1].zip_code", "too short"),
            ServerWord("contacts[0]", "doubled"),
            ServerWord("addresses[7].city", "unknown"),
            ServerWord("phone", "bad"),
        ),
        children=(held,),
    )
    # What was held back was not in the list that was sent.
    created = change("create", "C-2", field(), children=(moved, BILLING, ADDED, CONTACT))
    verdict = only(record(created, outcomes=(failed,)))
    first, billing, added, contact = verdict.children
    assert [first.standing, billing.standing] == [Standing.HELD, Standing.FAILED]
    assert billing.happened == "Refused by WizCommerce, with its customer."
    assert added.cells[0].said == ('"Zip" was refused by WizCommerce: too short.',)
    assert contact.said == ("WizCommerce said: doubled.",)
    assert verdict.cells[0].said == ('"Phone" was refused by WizCommerce: bad.',)
    assert verdict.said == ("addresses[7].city was refused by WizCommerce: unknown.",)
    assert 'Address 12 Main St, Austin: "Zip" was refused' in verdict.why


def test_words_to_a_childs_own_request_are_not_taken_for_its_customers():
    words = (ServerWord("phone", "too long"),)
    contact = child("change", "K-1", field("phone"), kind="contacts")
    own = child_outcome("failed", "K-1", "contacts", words=words, message="Validation failed")
    run = record(
        change("update", "C-2", field("phone"), children=(contact, ADDED)),
        outcomes=(refused(words=words, children=(own,)),),
    )
    verdict = only(run)
    assert (verdict.cells[0].said, verdict.said) == ((), ())
    failed, behind = verdict.children
    assert failed.cells[0].said == ('"Phone" was refused by WizCommerce: too long.',)
    assert failed.happened == "Refused by WizCommerce: Validation failed."
    assert (behind.standing, behind.happened) == (
        Standing.NOT_WRITTEN,
        "Not added: another part of this customer's change came to no good end before it.",
    )


def test_a_refusal_of_a_part_is_told_as_one():
    run = record(change(), outcomes=(refused(message="A part of it was written. Too long"),))
    assert only(run).happened == "A part of it was written. Refused by WizCommerce: Too long."


def test_each_child_has_its_own_outcome_even_where_two_are_added_under_one_key():
    twins = (child("add", "S-1", name="billing"), child("add", "S-1", name="shipping"))
    own = (
        child_outcome(key="S-1", child_id="new-1"),
        child_outcome("failed", "S-1", child_id=None, message="No"),
    )
    found = of_update(*twins, outcomes=(outcome("failed", children=own),))
    assert [(one.name, one.standing) for one in found] == [
        ("billing", Standing.APPLIED),
        ("shipping", Standing.FAILED),
    ]


def test_of_several_outcomes_of_a_child_the_last_counts():
    own = (child_outcome("unknown"), child_outcome("applied"))
    (found,) = of_update(child(), outcomes=(outcome(children=own),))
    assert found.standing is Standing.APPLIED


def test_a_value_that_the_account_holds_otherwise_is_named():
    own = child_outcome(code="differs", message="WizCommerce kept.", differs={"zipCode": "7870"})
    (found,) = of_update(child(), outcomes=(outcome(children=(own,)),))
    assert found.cells[0].kept == "7870"
    assert found.happened == 'Changed. WizCommerce holds another value than was sent for "Zip".'


def test_a_conflict_shows_the_childs_values_now():
    moved = outcome("conflict", now={"addresses[id-S-1].zipCode": "99999"})
    (found,) = of_update(child(), outcomes=(moved,))
    assert (found.standing, found.cells[0].now) == (Standing.CONFLICT, "99999")


@pytest.mark.parametrize("ending", ["dry_run", "finished", "refused", "stopped"])
def test_a_child_that_seems_to_move_is_held(ending):
    leaves, comes = child("remove", moved="C-3"), child("add", moved="C-2")
    run = record(
        change("update", "C-2", children=(leaves,)),
        change("update", "C-3", children=(comes,)),
        outcomes=(),
        ending=ending,
    )
    one, other = verdicts(run)
    assert (one.standing, other.standing) == (Standing.HELD, Standing.HELD)
    assert "it seems to move to customer C-3." in one.children[0].happened
    assert "it seems to come from customer C-2." in other.children[0].happened
    assert "--allow child_moves" in one.to_do
    assert verdicts(run).held == {Held.MOVE: 2}
    assert verdicts(run).moves_held == 2


def test_a_customer_with_a_held_child_is_written_and_stays_open():
    comes = child("add", moved="C-2")
    held = child_outcome("skipped", child_id=None, message="Not written.")
    run = record(change("update", "C-3", field(), children=(comes,)), outcomes=())
    run = record(*run.plan.changes, outcomes=(outcome(key="C-3", children=(held,)),))
    judged = verdicts(run)
    verdict = only(run)
    assert (verdict.standing, verdict.children[0].standing) == (Standing.APPLIED, Standing.HELD)
    assert judged.gravest(run.plan.changes[0]) is Standing.HELD
    assert judged.moves_held == 1


def test_a_move_that_was_allowed_is_as_its_outcome():
    comes = child("add", moved="C-2")
    run = record(
        change(children=(comes,)), outcomes=(outcome(children=(child_outcome(child_id="new"),)),)
    )
    assert only(run).children[0].standing is Standing.APPLIED
    assert verdicts(run).moves_held == 0


def test_harm_shows_the_customers_children_before_and_after():
    own = child_outcome("failed", code="child_harm", message="WizCommerce did something else")
    run = record(
        change(children=(child(), ADDED)),
        change("update", "C-3", children=(ADDED,)),
        outcomes=(
            harmed(children=(own,)),
            outcome(
                "skipped",
                key="C-3",
                code="children_held",
                message="Not written: after C-2, no more",
            ),
        ),
    )
    first, second = verdicts(run)
    assert first.standing is Standing.FAILED
    assert [(one.child_id, one.became.value) for one in first.harm] == [
        ("a1", "changed"),
        ("a2", "gone"),
        ("a3", "new"),
    ]
    assert [one.standing for one in first.children] == [Standing.FAILED, Standing.NOT_WRITTEN]
    assert "doctor --probe-children" in first.to_do
    assert (second.standing, second.children[0].standing) == (Standing.HELD, Standing.HELD)
    assert second.children[0].happened == "Not written: after C-2, no more."
    assert "doctor --probe-children" in second.to_do
    assert second.harm == ()
    assert (verdicts(run).harmed, verdicts(run).held) == (1, {Held.AFTER_HARM: 1})


def test_after_harm_in_a_whole_list_nobody_claims_that_a_child_was_not_sent():
    (found,) = of_update(child(), outcomes=(harmed(),))
    assert found.standing is Standing.FAILED
    assert found.happened.startswith("Sent, and WizCommerce did something else than was asked")


def test_a_reject_of_a_child_says_that_its_customer_goes_through():
    bad = reject(ship_to(), child=ChildKind.ADDRESSES, message='"Zip" is empty', hint="Fill it in")
    verdict = only(record(rejects=(bad,)))
    assert verdict.meant == "Bring this address in line with the file."
    assert verdict.happened == (
        '"Zip" is empty. Only this address is left as it is: its customer\'s other fields go through.'
    )
    stray = reject(ship_to(), child=ChildKind.ADDRESSES, code="customer_not_in_file", message="No")
    assert only(record(rejects=(stray,))).happened == "No."
