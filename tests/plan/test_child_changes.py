"""What becomes of addresses and contacts, and what never does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.plan.builders import NAMES, children, desired, planned, snapshot, with_children
from wizsync.model import (
    Block,
    Change,
    ChangeKind,
    ChildAction,
    ChildChange,
    ChildKind,
    Desired,
    Limit,
    Mode,
    Plan,
    Rules,
    Snapshot,
    Write,
)
from wizsync.plan import judge

ADDRESSES, CONTACTS = ChildKind.ADDRESSES, ChildKind.CONTACTS
MAIN = {"referenceId": "A-1", "type": "shipping", "addressLine1": "12 Main St", "city": "Austin"}
JANE = {"referenceId": "J-1", "firstName": "Jane", "email": "jane@shop.example"}


def file(*keys: str, **others: Any) -> Desired:
    return desired(*({"referenceId": key, **NAMES} for key in keys or ("C-1",)), **others)


def account(*keys: str) -> Snapshot:
    return snapshot(*({"referenceId": key, **NAMES} for key in keys or ("C-1",)))


def rules(write: Mapping[str, Write] | None = None, **columns: str) -> Rules:
    return Rules(
        blocks=tuple(Block(kind, "Children", columns, write or {}) for kind in (ADDRESSES,))
    )


def of(plan: Plan, key: str = "C-1") -> tuple[ChildChange, ...]:
    found = [change for change in plan.changes if change.reference_id == key]
    return found[0].children if found else ()


def values(change: ChildChange) -> dict[str, tuple[str, str]]:
    return {field.field: (field.before, field.after) for field in change.fields}


def plan_of(
    wanted: list[dict[str, str | None]],
    there: list[dict[str, str | None]],
    kind: ChildKind = ADDRESSES,
    **others: Any,
) -> Plan:
    """One customer, C-1, with children on both sides."""
    removes = others.pop("removes", False)
    return planned(
        children(kind, *({"of": "C-1", **one} for one in wanted), of=file(), removes=removes),
        with_children(account(), kind, *({"of": "C-1", **one} for one in there)),
        others.pop("rules", rules()),
        **others,
    )


def test_what_agrees_is_unchanged() -> None:
    plan = plan_of([MAIN], [{**MAIN, "addressLine2": "Dock 4"}])

    assert plan.changes == ()
    assert plan.tally.unchanged == 1


@pytest.mark.parametrize(
    ("field", "file_has", "account_has"),
    [
        ("country", "United States", "US"),
        ("country", "USA", "us"),
        ("phone", "+1 512 555 0142", "+15125550142"),
        ("email", "Dock@Shop.example", "dock@shop.example"),
        ("isDefault", "false", ""),
        ("city", "San  Antonio ", "San Antonio"),
    ],
)
def test_what_is_only_written_otherwise_is_unchanged(
    field: str, file_has: str, account_has: str
) -> None:
    plan = plan_of([{**MAIN, field: file_has}], [{**MAIN, field: account_has}])

    assert plan.changes == ()


def test_only_what_differs_is_changed_and_it_is_an_update() -> None:
    plan = plan_of([{**MAIN, "city": "Dallas"}], [MAIN])

    (change,) = plan.changes
    assert (change.kind, change.fields) == (ChangeKind.UPDATE, ())
    (child,) = change.children
    assert child.action is ChildAction.CHANGE
    assert (child.child_id, child.reference_id, child.name) == (
        "child-0",
        "A-1",
        "12 Main St, Austin",
    )
    assert values(child) == {"city": ("Austin", "Dallas")}
    assert [row.where for row in child.rows] == ["Children, row 2"]
    assert (plan.tally.update, plan.tally.children_change) == (1, 1)


def test_one_that_is_not_there_is_added_with_all_it_has() -> None:
    plan = plan_of([{**MAIN, "addressLine2": "", "state": None, "isDefault": "true"}], [])

    (child,) = of(plan)
    assert (child.action, child.child_id) == (ChildAction.ADD, None)
    assert values(child) == {
        "referenceId": ("", "A-1"),
        "type": ("", "shipping"),
        "addressLine1": ("", "12 Main St"),
        "city": ("", "Austin"),
        "isDefault": ("", "true"),
    }
    assert plan.tally.children_add == 1


def test_a_new_customer_begins_with_its_children() -> None:
    wanted = children(ADDRESSES, {"of": "N-1", **MAIN}, of=file("N-1"))
    wanted = children(CONTACTS, {"of": "N-1", **JANE}, of=wanted)

    (change,) = planned(
        wanted, account(), Rules(blocks=(Block(ADDRESSES), Block(CONTACTS)))
    ).changes

    assert change.kind is ChangeKind.CREATE
    assert [child.name for child in change.children] == ["12 Main St, Austin", "Jane"]


# --- told apart ---------------------------------------------------------------------------------


def test_told_by_id_before_all_else() -> None:
    there = [{**MAIN, "referenceId": "other"}, {**MAIN, "city": "Waco"}]

    (child,) = of(plan_of([{**MAIN, "id": "child-0"}], there))

    assert child.child_id == "child-0"
    assert values(child) == {"referenceId": ("other", "A-1")}


def test_told_by_reference_id_and_type() -> None:
    there = [{**MAIN, "type": "billing", "city": "Waco"}, MAIN]

    (child,) = of(plan_of([{**MAIN, "city": "Dallas"}], there))

    assert child.child_id == "child-1"


def test_a_type_may_change() -> None:
    (child,) = of(plan_of([{**MAIN, "type": "billing"}], [MAIN]))

    assert values(child) == {"type": ("shipping", "billing")}


def test_told_by_content_where_the_account_has_no_reference_id() -> None:
    there = [{**MAIN, "referenceId": "", "addressLine1": "12 MAIN ST."}]

    (child,) = of(plan_of([MAIN], there))

    assert child.action is ChildAction.CHANGE
    assert values(child)["referenceId"] == ("", "A-1")


def test_contacts_are_told_by_their_e_mail() -> None:
    there = [{**JANE, "referenceId": "", "email": "JANE@shop.example"}]

    (child,) = of(plan_of([{**JANE, "designation": "Buyer"}], there, CONTACTS))

    assert values(child) == {"referenceId": ("", "J-1"), "designation": ("", "Buyer")}


def test_the_same_reference_id_at_another_customer_is_another_child() -> None:
    wanted = children(ADDRESSES, {"of": "C-2", **MAIN}, of=file("C-1", "C-2"))
    there = with_children(account("C-1", "C-2"), ADDRESSES, {"of": "C-1", **MAIN})

    plan = planned(wanted, there, rules())

    assert of(plan, "C-1") == ()
    assert [child.action for child in of(plan, "C-2")] == [ChildAction.ADD]


def test_one_that_could_be_either_of_two_is_rejected_and_none_is_added_or_removed() -> None:
    plan = plan_of(
        [{**MAIN, "city": "Dallas"}], [MAIN, MAIN, {**MAIN, "referenceId": "A-9"}], removes=True
    )

    assert plan.changes == ()
    (reject,) = plan.rejects
    assert (reject.code, reject.key, reject.child) == ("child_unclear", "C-1", ADDRESSES)


# --- emptied, defaulted, written when -----------------------------------------------------------


def test_an_emptied_field_counts_as_erased() -> None:
    plan = plan_of([{**MAIN, "addressLine2": ""}], [{**MAIN, "addressLine2": "Dock 4"}])

    assert values(of(plan)[0]) == {"addressLine2": ("Dock 4", "")}
    assert plan.tally.erased_by_field == {"addresses.addressLine2": 1}
    assert plan.tally.filled_by_field["addresses.addressLine2"] == 1


def test_emptying_what_it_cannot_be_without_rejects_the_child_alone() -> None:
    wanted = children(ADDRESSES, {"of": "C-1", **MAIN, "city": ""}, of=file())
    wanted.customers.loc[0, "companyName"] = "Acme Ltd"
    there = with_children(account(), ADDRESSES, {"of": "C-1", **MAIN})

    plan = planned(wanted, there, rules(city="Town"))

    (reject,) = plan.rejects
    assert (reject.code, reject.column, reject.child) == ("child_required", "Town", ADDRESSES)
    (change,) = plan.changes
    assert change.fields[0].after == "Acme Ltd"
    assert change.children == ()


def test_an_addition_that_lacks_something_is_rejected() -> None:
    plan = plan_of([{**MAIN, "city": None}], [])

    assert plan.changes == ()
    assert [reject.code for reject in plan.rejects] == ["child_required"]


def test_a_default_fills_additions_only() -> None:
    wanted = children(
        ADDRESSES,
        {"of": "C-1", **MAIN, "country": ""},
        {"of": "C-1", **MAIN, "referenceId": "A-2", "country": None},
        of=file(),
        defaults={"country": "US"},
    )
    there = with_children(account(), ADDRESSES, {"of": "C-1", **MAIN, "country": ""})

    (child,) = of(planned(wanted, there, rules()))

    assert (child.reference_id, values(child)["country"]) == ("A-2", ("", "US"))


@pytest.mark.parametrize(
    ("write", "account_has", "changed"),
    [
        (Write.ALWAYS, "Waco", True),
        (Write.IF_EMPTY, "Waco", False),
        (Write.IF_EMPTY, "", True),
        (Write.ON_CREATE, "Waco", False),
        (Write.ON_CREATE, "", False),
    ],
)
def test_when_a_field_is_written(write: Write, account_has: str, changed: bool) -> None:
    plan = plan_of(
        [{**MAIN, "state": "TX"}], [{**MAIN, "state": account_has}], rules=rules({"state": write})
    )

    assert bool(plan.changes) == changed


# --- removed ------------------------------------------------------------------------------------


def test_nothing_is_removed_unless_asked_for() -> None:
    assert plan_of([MAIN], [MAIN, {**MAIN, "referenceId": "A-2"}]).changes == ()


def test_what_the_file_does_not_name_is_removed_where_asked_for() -> None:
    there = [MAIN, {**MAIN, "referenceId": "A-2", "city": "Waco"}]

    plan = plan_of([MAIN], there, removes=True)

    (child,) = of(plan)
    assert (child.action, child.child_id) == (ChildAction.REMOVE, "child-1")
    assert values(child)["city"] == ("Waco", "")
    assert (plan.tally.children_remove, plan.tally.children_there) == (1, 2)


@pytest.mark.parametrize("spared", [{"referenceId": ""}, {"status": "inactive"}])
def test_made_by_hand_or_put_away_stays(spared: dict[str, str | None]) -> None:
    there = [MAIN, {**MAIN, "referenceId": "A-2", "addressLine1": "9 Elm", **spared}]

    assert plan_of([MAIN], there, removes=True).changes == ()


def test_a_child_that_was_rejected_keeps_its_siblings() -> None:
    there = [{**MAIN, "referenceId": "A-2", "addressLine1": "9 Elm"}]

    plan = plan_of([{**MAIN, "city": None}], there, removes=True)

    assert plan.changes == ()


def test_removals_are_guarded() -> None:
    there = [{**MAIN, "referenceId": f"A-{n}", "addressLine1": f"{n} Elm"} for n in range(1, 9)]
    plan = plan_of([there[0]], there, removes=True)

    (breach,) = judge(plan, {"children_removed": Limit(share=0.05)})

    assert (breach.guard, breach.number, breach.limit) == ("children_removed", 7, 5)
    assert breach.allow == "--allow children_removed=7"
    assert breach.examples[0].startswith("C-1 Acme: address A-2")


def test_a_sheet_that_has_shrunk_is_guarded_where_something_is_removed() -> None:
    there = [MAIN, {**MAIN, "referenceId": "A-2", "addressLine1": "9 Elm"}]
    wanted = children(
        ADDRESSES, {"of": "C-1", **MAIN}, of=file(counts={"": 1, "Children": 60}), removes=True
    )
    plan = planned(
        wanted,
        with_children(account(), ADDRESSES, *({"of": "C-1", **one} for one in there)),
        rules(),
        rows_before={"": 1, "Children": 100},
    )

    (breach,) = judge(plan, {"shrink": Limit(share=0.2)})

    assert (breach.guard, breach.number, breach.limit) == ("shrink", 40, 20)
    assert '"Children" has 40 rows fewer' in breach.message


# --- from one customer to another ---------------------------------------------------------------


def moving(**others: str) -> Plan:
    wanted = children(
        ADDRESSES,
        {"of": "C-2", **MAIN, **others},
        {"of": "C-1", **MAIN, "referenceId": "A-7", "addressLine1": "7 Oak"},
        of=file("C-1", "C-2"),
        removes=True,
    )
    there = with_children(
        account("C-1", "C-2"),
        ADDRESSES,
        {"of": "C-1", **MAIN},
        {"of": "C-1", **MAIN, "referenceId": "A-7", "addressLine1": "7 Oak"},
    )
    return planned(wanted, there, rules())


def test_a_child_that_moves_is_shown_as_such_and_held_at_both() -> None:
    plan = moving()

    assert [(c.action, c.moved) for c in of(plan, "C-1")] == [(ChildAction.REMOVE, "C-2")]
    assert [(c.action, c.moved) for c in of(plan, "C-2")] == [(ChildAction.ADD, "C-1")]
    assert plan.tally.children_held == 2
    assert (plan.tally.children_add, plan.tally.children_remove) == (0, 0)
    assert any("child_moves" in note for note in plan.notes)


def test_another_number_is_no_move() -> None:
    plan = moving(referenceId="A-8")

    assert [c.moved for key in ("C-1", "C-2") for c in of(plan, key)] == ["", ""]


# --- what a plan needs --------------------------------------------------------------------------


def test_children_that_were_not_read_are_not_compared() -> None:
    with pytest.raises(ValueError, match="lacks the addresses of 1 customers"):
        planned(children(ADDRESSES, {"of": "C-1", **MAIN}, of=file()), account(), rules())


def test_a_customer_to_be_deleted_or_rejected_is_left_alone() -> None:
    wanted = children(ADDRESSES, {"of": "C-1", **MAIN}, of=file(action=Mode.DELETE_LISTED))

    (change,) = planned(wanted, with_children(account(), ADDRESSES), rules()).changes

    assert isinstance(change, Change)
    assert (change.kind, change.children) == (ChangeKind.DELETE, ())
