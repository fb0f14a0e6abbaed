"""Customers in scope that the file does not name."""

from dataclasses import replace

import pytest

from tests.plan.builders import desired, planned, reject, snapshot, table
from wizsync.errors import UnfitFile
from wizsync.model import Absent, AbsentPolicy, Mode, Plan, Rules, Scope, Snapshot
from wizsync.plan import rests_on_absence

NAMED = {"referenceId": "C-1", "companyName": "Acme"}
ABSENT = {"referenceId": "D-2", "companyName": "Globex", "phone": "1"}
DELETE = Rules(absent=Absent(AbsentPolicy.DELETE))
REPORT = Rules(absent=Absent(AbsentPolicy.REPORT))
SET = Rules(absent=Absent(AbsentPolicy.SET, {"paymentTerm": "prepaid", "phone": ""}))


def account(*more: dict[str, str | None], complete: bool = True) -> Snapshot:
    return snapshot(
        {**NAMED, "paymentTerm": "net30", "phone": "2"},
        {**ABSENT, "paymentTerm": "prepaid"},
        *more,
        complete=complete,
    )


def changed(plan: Plan) -> list[tuple[str, str, bool]]:
    return [(one.kind.value, one.reference_id, one.absent) for one in plan.changes]


def test_ignore_says_nothing() -> None:
    plan = planned(desired(NAMED), account())

    assert (plan.changes, plan.absent, plan.tally.absent) == ((), (), 0)


def test_report_lists() -> None:
    plan = planned(desired(NAMED), account({"referenceId": "A-0"}), REPORT)

    assert plan.changes == ()
    assert plan.absent == (("A-0", ""), ("D-2", "Globex"))
    assert plan.tally.absent == 2


def test_delete_deletes_and_lists() -> None:
    plan = planned(desired(NAMED), account(), DELETE)

    assert changed(plan) == [("delete", "D-2", True)]
    assert plan.changes[0].rows == ()
    assert plan.changes[0].seen == {
        "companyName": "Globex",
        "phone": "1",
        "paymentTerm": "prepaid",
        "status": "active",
        "updatedAt": "2026-01-01T00:00:00Z",
    }
    assert plan.absent == (("D-2", "Globex"),)
    assert (plan.tally.delete, plan.tally.absent, plan.tally.in_scope) == (1, 1, 2)


def test_set_updates_what_differs() -> None:
    agreed = {"referenceId": "E-3", "paymentTerm": "PREPAID ", "phone": ""}

    plan = planned(
        desired(NAMED),
        account({**agreed, "paymentTerm": " prepaid"}, {**agreed, "referenceId": "F-4"}),
        SET,
    )

    assert changed(plan) == [("update", "D-2", True), ("update", "F-4", True)]
    assert [(one.field, one.before, one.after) for one in plan.changes[0].fields] == [
        ("phone", "1", "")
    ]
    assert plan.changes[1].seen == {"paymentTerm": "PREPAID "}
    assert plan.tally.absent == 3
    assert plan.tally.erased_by_field == {"phone": 1}
    assert plan.tally.unchanged == 1


@pytest.mark.parametrize(
    "spared",
    [
        {"referenceId": "I-1", "status": "inactive"},
        {"referenceId": "I-2", "status": "archived"},
        {"referenceId": "I-3", "status": ""},
        {"referenceId": "I-4", "status": None},
        {"referenceId": ""},
        {"referenceId": "  "},
    ],
)
def test_who_is_never_absent(spared: dict[str, str | None]) -> None:
    plan = planned(desired(NAMED), snapshot(NAMED, spared), DELETE)

    assert (plan.changes, plan.absent, plan.tally.in_scope) == ((), (), 1)


def test_who_is_out_of_scope_is_never_absent() -> None:
    rules = Rules(absent=Absent(AbsentPolicy.DELETE), scope=Scope(prefix="C-"))

    plan = planned(desired(NAMED), account({"referenceId": "C-9"}), rules)

    assert changed(plan) == [("delete", "C-9", True)]
    assert plan.tally.in_scope == 2


@pytest.mark.parametrize("others", [{"left_out": 1}, {"rejects": (reject("D-2"),)}])
def test_a_key_in_any_row_is_present(others: dict[str, object]) -> None:
    wanted = desired(NAMED, present=frozenset({"C-1", "D-2"}), **others)

    assert planned(wanted, account(), DELETE).changes == ()


@pytest.mark.parametrize("key", ["d2", "D-02", "D-2/"])
def test_a_look_alike_of_a_key_in_the_file_is_left_alone(key: str) -> None:
    wanted = desired(NAMED, present=frozenset({"C-1", key}))

    for rules in (DELETE, SET):
        plan = planned(wanted, account(), rules)
        assert plan.changes == ()
        assert plan.absent == (("D-2", "Globex"),)
        assert plan.notes == (
            "1 absent customer is left alone: the file has a referenceId that looks almost the same.",
        )


@pytest.mark.parametrize("rules", [DELETE, SET])
def test_nothing_while_a_key_cannot_be_read(rules: Rules) -> None:
    plan = planned(desired(NAMED, keys_unread=2), account(), rules)

    assert plan.changes == ()
    assert plan.absent == (("D-2", "Globex"),)
    (note,) = plan.notes
    assert note == (
        "Nothing is done about absent customers: the referenceId of 2 rows cannot be read, and might "
        "be theirs."
    )


@pytest.mark.parametrize("rules", [DELETE, SET])
def test_nothing_on_an_account_that_was_not_read_to_its_end(rules: Rules) -> None:
    plan = planned(desired(NAMED), account(complete=False), rules)

    assert plan.changes == ()
    assert plan.notes == (
        "Nothing is done about absent customers: the account was not read to its end.",
    )


def test_a_doubled_absent_key_is_a_conflict() -> None:
    plan = planned(
        desired(NAMED), snapshot(NAMED, ABSENT, {**ABSENT, "status": "inactive"}), DELETE
    )

    assert plan.changes == ()
    assert [(one.reference_id, one.customer_ids, one.rows) for one in plan.conflicts] == [
        ("D-2", ("id-1", "id-2"), ())
    ]
    assert plan.absent == ()


@pytest.mark.parametrize("rules", [DELETE, SET])
def test_an_empty_file_is_refused(rules: Rules) -> None:
    with pytest.raises(UnfitFile, match="names no customer at all") as caught:
        planned(desired(), account(), rules)

    assert caught.value.where == "customers.csv"
    assert caught.value.hint == "Bring the whole file, or use `absent: ignore` in the mapping."


def test_an_empty_file_changes_nothing_where_nothing_is_done_about_absent_ones() -> None:
    assert planned(desired(), account()).changes == ()
    assert planned(desired(), account(), REPORT).tally.absent == 2


def test_a_file_of_broken_rows_only_deletes_nobody() -> None:
    broken = reject()

    plan = planned(
        desired(table=table((), broken=(broken,)), rejects=(broken,), keys_unread=1),
        account(),
        DELETE,
    )

    assert plan.changes == ()
    assert (plan.tally.rows, plan.tally.rejected, plan.tally.absent) == (1, 1, 2)


def test_a_list_of_deletes_says_nothing_of_others() -> None:
    rules = Rules(mode=Mode.DELETE_LISTED, absent=Absent(AbsentPolicy.DELETE))

    plan = planned(desired(NAMED, action=Mode.DELETE_LISTED), account(), rules)

    assert changed(plan) == [("delete", "C-1", False)]
    assert plan.absent == ()


def test_a_mended_file_says_nothing_of_others() -> None:
    plan = planned(desired(NAMED, mended_run="2026-03-04_0200_customers"), account(), DELETE)

    assert (plan.changes, plan.absent) == ((), ())


def test_an_unread_field_cannot_be_set() -> None:
    with pytest.raises(ValueError, match="the snapshot lacks paymentTerm"):
        planned(desired(NAMED), snapshot(NAMED, ABSENT), SET)


@pytest.mark.parametrize(
    ("shown", "rules", "mode", "rests"),
    [
        (("C-1", "D-2", ""), Rules(), Mode.UPSERT, False),
        (("D-2", ""), Rules(), Mode.UPSERT, True),
        (("D-2",), Rules(), Mode.CREATE, True),
        (("D-2",), Rules(), Mode.UPDATE, False),
        (("D-2",), Rules(), Mode.DELETE_LISTED, False),
        (("C-1",), Rules(mode=Mode.DELETE_LISTED), Mode.DELETE_LISTED, True),
        (("C-1", "D-2"), DELETE, Mode.UPDATE, True),
        (("C-1", ""), DELETE, Mode.UPDATE, False),
        (("C-1", "D-2"), REPORT, Mode.UPDATE, False),
        (("C-1", "D-2"), replace(DELETE, scope=Scope(prefix="C-")), Mode.UPDATE, False),
        ((), DELETE, Mode.UPDATE, False),
    ],
)
def test_what_rests_on_whose_keys_the_account_shows(
    shown: tuple[str, ...], rules: Rules, mode: Mode, rests: bool
) -> None:
    assert rests_on_absence(desired(NAMED, action=mode), rules, shown) is rests
