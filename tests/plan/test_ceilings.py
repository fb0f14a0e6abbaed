from __future__ import annotations

from dataclasses import replace

from tests.plan.builders import desired, planned, snapshot
from wizsync.model import Change, ChangeKind, ChildAction, ChildChange, ChildKind, Limit, LookAlike
from wizsync.plan import ceilings, counted_in, exceeded

REMOVE = ChildAction.REMOVE


def child(action: ChildAction, moved: str = "") -> ChildChange:
    return ChildChange(ChildKind.ADDRESSES, action, "A-1", "a1", "1 Pier", (), moved=moved)


def change(kind: ChangeKind, *children: ChildChange, **others: object) -> Change:
    return Change(kind, f"{kind}-{len(children)}", None, "", (), children=children, **others)


ALIKE = (LookAlike("id-1", "A1", "Acme", "the same code but for case"),)
PLAN = replace(
    planned(desired(), snapshot()),
    changes=(
        change(ChangeKind.CREATE, child(ChildAction.ADD)),
        change(ChangeKind.CREATE, held_for=ALIKE),
        change(ChangeKind.UPDATE, child(REMOVE), child(REMOVE), child(REMOVE, moved="B")),
        change(ChangeKind.UPDATE, child(REMOVE, moved="B")),
        change(ChangeKind.DELETE),
    ),
)
LEAST = {
    ChangeKind.CREATE: 1,
    ChangeKind.UPDATE: 1,
    ChangeKind.RENAME: 0,
    ChangeKind.DELETE: 1,
    REMOVE: 2,
}


def test_what_is_held_is_no_part_of_what_may_be_sent() -> None:
    assert ceilings(PLAN, {}) == LEAST
    assert ceilings(PLAN, {"look_alikes": Limit(count=0), "child_moves": Limit(count=0)}) == LEAST


def test_what_is_allowed_is() -> None:
    allowances = {"look_alikes": Limit(), "child_moves": Limit(count=2)}

    assert ceilings(PLAN, allowances) == {
        **LEAST,
        ChangeKind.CREATE: 2,
        ChangeKind.UPDATE: 2,
        REMOVE: 4,
    }


def test_what_goes_beyond_the_plan_is_named() -> None:
    limits = ceilings(PLAN, {})
    sent = counted_in(PLAN.changes[0]) + counted_in(PLAN.changes[4])

    assert exceeded(limits, sent) == ""
    assert exceeded(limits, sent + sent) == "2 creates where the plan has 1"
    assert exceeded(limits, counted_in(PLAN.changes[2])) == (
        "3 removals of addresses and contacts where the plan has 2"
    )
    assert exceeded({}, {ChangeKind.DELETE: 1}) == "1 delete where the plan has 0"
