from dataclasses import replace

import pytest

from tests.plan.builders import NAMES, desired, planned, reject, row, snapshot
from wizsync.model import GUARDS, Breach, Change, ChangeKind, FieldChange, Limit, Plan, Rules, Tally
from wizsync.plan import judge

EMPTY = planned(desired(), snapshot())


def plan(limits: dict[str, Limit], **counts: object) -> Plan:
    return replace(EMPTY, rules=Rules(limits=limits), tally=Tally(**counts))


@pytest.mark.parametrize(
    ("limit", "in_scope", "number", "allowed"),
    [
        (Limit(count=10), 500, 11, 10),
        (Limit(count=10), 500, 10, None),
        (Limit(count=10, share=0.1), 500, 11, 10),
        (Limit(count=10, share=0.1), 50, 6, 5),
        (Limit(count=10, share=0.1), 59, 6, 5),
        (Limit(share=0.1), 5, 2, 1),
        (Limit(share=0.1), 5, 1, None),
        (Limit(share=0.1), 0, 2, 1),
        (Limit(share=0.29), 100, 29, None),
        (Limit(share=0.29), 100, 30, 29),
        (Limit(share=0.0), 100, 1, 0),
        (Limit(share=0.0), None, 1, 0),
        (Limit(share=0.1), None, 10, None),
        (Limit(share=0.1), None, 11, 10),
        (Limit(count=10, share=0.1), None, 11, 10),
        (Limit(), 1, 9999, None),
        (Limit(count=0), 1, 1, 0),
    ],
)
def test_deletes(limit: Limit, in_scope: int | None, number: int, allowed: int | None) -> None:
    breaches = judge(plan({"deletes": limit}, delete=number, in_scope=in_scope), {})

    assert [breach.limit for breach in breaches] == ([] if allowed is None else [allowed])


def test_what_a_breach_says() -> None:
    deleted = tuple(
        Change(ChangeKind.DELETE, f"C-{n}", f"id-{n}", "Acme" if n else "", ()) for n in range(12)
    )
    refused = replace(
        plan({"deletes": Limit(10, 0.125)}, delete=12, in_scope=1000), changes=deleted
    )

    assert judge(refused, {}) == (
        Breach(
            "deletes",
            12,
            10,
            "12 customers would be deleted; allowed are 10 (10, or 12.5 % of 1,000 customers in "
            "scope: the smaller).",
            ("C-0", *(f"C-{n} Acme" for n in range(1, 10))),
            "--allow deletes=12",
        ),
    )


def test_a_share_of_deletes_of_nobody_knows_how_many_says_so() -> None:
    (breach,) = judge(plan({"deletes": Limit(share=0.05)}, delete=11, in_scope=None), {})

    assert breach.message == (
        "11 customers would be deleted; allowed are 10, since 5 % is of customers in scope, and nobody "
        "knows how many they are."
    )


@pytest.mark.parametrize("guard", ["updates", "creates"])
def test_a_share_allows_at_least_five(guard: str) -> None:
    limits = {guard: Limit(share=0.5)}
    counted = guard.removesuffix("s")

    assert judge(plan(limits, **{counted: 5}, in_scope=0), {}) == ()
    assert [one.limit for one in judge(plan(limits, **{counted: 6}, in_scope=0), {})] == [5]
    assert [one.limit for one in judge(plan(limits, **{counted: 51}, in_scope=100), {})] == [50]
    assert judge(plan(limits, **{counted: 9999}, in_scope=None), {}) == ()
    assert len(judge(plan({guard: Limit(share=0.0)}, **{counted: 1}, in_scope=100), {})) == 1


def test_erased_is_judged_for_each_field_by_its_own_filled_values() -> None:
    limits = {"erased": Limit(share=0.05)}
    counts = {
        "erased_by_field": {"email": 6, "phone": 9, "lastName": 60},
        "filled_by_field": {"email": 100, "phone": 100, "lastName": 2000},
    }

    (breach,) = judge(plan(limits, **counts), {})

    assert (breach.number, breach.limit, breach.allow) == (9, 5, "--allow erased=60")
    assert breach.message == (
        "phone would be emptied at 9 customers (and so would 1 more field); allowed are 5 (5 % of 100 "
        "that have a value there)."
    )
    assert judge(plan(limits, **counts), {"erased": Limit(count=9)})[0].number == 60


def test_the_words_of_a_breach_let_the_plan_through() -> None:
    limits = {"erased": Limit(share=0.05)}
    counts = {
        "erased_by_field": {"email": 6, "phone": 9},
        "filled_by_field": {"email": 100, "phone": 100},
    }

    assert judge(plan(limits, **counts), {"erased": Limit(count=9)}) == ()


def test_erased_shows_what_would_be_lost() -> None:
    gone = Change(
        ChangeKind.UPDATE,
        "C-1",
        "id-1",
        "Acme",
        (FieldChange("phone", "555", ""), FieldChange("email", "a", "b")),
    )
    judged = replace(
        plan({"erased": Limit(count=0)}, erased_by_field={"phone": 1}), changes=(gone,)
    )

    (breach,) = judge(judged, {})

    assert breach.examples == ('C-1 Acme: phone "555"',)
    assert breach.message == "phone would be emptied at 1 customer; allowed are 0."


def test_rejected_is_a_share_of_the_rows() -> None:
    judged = replace(
        plan({"rejected": Limit(share=0.1)}, rejected=11, rows=100, in_scope=5000),
        rejects=(replace(reject(), rows=(row(14), row(15))),),
    )

    (breach,) = judge(judged, {})

    assert (breach.number, breach.limit) == (11, 10)
    assert breach.message == "11 rows of the file are rejected; allowed are 10 (10 % of 100 rows)."
    assert breach.examples == (
        'row 14: "Phone" is not a phone number',
        'row 15: "Phone" is not a phone number',
    )


def test_an_allowance_stands_in_for_the_mappings_limit() -> None:
    refused = plan({"deletes": Limit(10, 0.1)}, delete=12, in_scope=50)

    assert judge(refused, {"deletes": Limit(count=12)}) == ()
    assert judge(refused, {"deletes": Limit(count=11)})[0].limit == 11
    assert judge(refused, {"updates": Limit(count=12)})[0].guard == "deletes"


def test_a_guard_without_limit_never_refuses() -> None:
    assert judge(plan({}, delete=10**6, update=10**6, in_scope=1), {}) == ()


def held_plan(limits: dict[str, Limit]) -> Plan:
    return planned(
        desired({"referenceId": "a1", **NAMES}, {"referenceId": "b2", **NAMES}),
        snapshot({"referenceId": "A1", "companyName": "Acme Ltd"}, {"referenceId": "B2"}),
        Rules(limits=limits),
    )


def test_held_creates_breach_nothing_until_some_are_allowed() -> None:
    held = held_plan({"look_alikes": Limit(count=0), "creates": Limit(count=1)})

    assert judge(held, {}) == ()
    assert judge(held, {"look_alikes": Limit(count=2), "creates": Limit(count=2)}) == ()
    (breach,) = judge(held, {"look_alikes": Limit(count=1), "creates": Limit(count=2)})
    assert breach.message == "2 new customers look like existing ones; allowed are 1."
    assert breach.allow == "--allow look_alikes=2"
    assert "a1 Acme looks like A1 Acme Ltd: the same code but for case" in breach.examples


def test_held_creates_that_are_allowed_count_as_creates() -> None:
    held = held_plan({"creates": Limit(count=1)})

    (breach,) = judge(held, {"look_alikes": Limit(count=2)})

    assert (breach.guard, breach.number) == ("creates", 2)
    assert sorted(breach.examples) == ["a1 Acme", "b2 Acme"]


@pytest.mark.parametrize("kind", ["create", "delete", "children_remove"])
def test_an_account_that_lost_a_tenth_is_not_written_to(kind: str) -> None:
    limits = {"account_shrink": Limit(share=0.1)}
    counts = {"in_account": 4499, "in_account_before": 5000}

    (breach,) = judge(plan(limits, **counts, **{kind: 1}), {})

    assert breach.message == (
        "The account shows 4,499 customers instead of 5,000 at the last count, and something would be "
        "created, deleted or removed; allowed are 500 (10 % of 5,000 customers of the last count)."
    )
    assert breach.allow == "--allow account_shrink=501"
    assert judge(plan(limits, **counts, **{kind: 1}), {"account_shrink": Limit(count=501)}) == ()
    assert judge(plan(limits, **{**counts, "in_account": 4500}, **{kind: 1}), {}) == ()
    assert judge(plan(limits, **counts, update=1), {}) == ()


def test_an_account_that_was_never_counted_or_not_read_whole_has_lost_nobody() -> None:
    limits = {"account_shrink": Limit(count=0)}

    assert judge(plan(limits, create=1, in_account=0), {}) == ()
    assert judge(plan(limits, delete=1, in_account_before=5000), {}) == ()


def test_the_words_of_a_refused_plan_hold_for_that_plan_alone() -> None:
    refused = plan({"deletes": Limit(count=10)}, delete=12, in_scope=1000)

    (breach,) = judge(refused, {}, bound_to="1f3a9c2b55" + "0" * 54)

    assert breach.allow == "--allow deletes=12@1f3a9c2b"


def test_updates_of_which_only_moves_are_there_count_where_moves_are_allowed() -> None:
    limits = {"updates": Limit(count=5)}
    idle = plan(limits, update=5, update_held=3, children_held=6)

    assert judge(idle, {}) == ()
    (breach,) = judge(idle, {"child_moves": Limit()})
    assert (breach.guard, breach.number) == ("updates", 8)


def test_guards_are_judged_in_their_order() -> None:
    none = {name: Limit(count=0) for name in GUARDS}

    breaches = judge(
        plan(
            none,
            delete=1,
            update=1,
            create=1,
            rejected=1,
            held=1,
            erased_by_field={"phone": 1},
            children_remove=1,
            children_held=1,
            shrunk={"": (1, 2)},
            in_account=0,
            in_account_before=2,
        ),
        none,
    )

    assert tuple(breach.guard for breach in breaches) == GUARDS
