"""make_plan: what the file asks for, as Changes."""

import pytest

from tests.plan.builders import NAMES, desired, planned, reject, row, snapshot
from wizsync.model import (
    Change,
    ChangeKind,
    Compare,
    Conflict,
    FieldChange,
    Mode,
    Plan,
    Rules,
)
from wizsync.plan import unfit_for_new


def changes(plan: Plan) -> list[tuple[str, str]]:
    return [(change.kind.value, change.reference_id) for change in plan.changes]


def fields(change: Change) -> dict[str, tuple[str, str]]:
    return {one.field: (one.before, one.after) for one in change.fields}


# --- updates ------------------------------------------------------------------------------------


def test_an_update_holds_only_what_differs() -> None:
    wanted = desired(
        {"referenceId": "C-1", "companyName": "Acme Ltd", "phone": "1", "email": "a@b.c"}
    )
    account = snapshot(
        {
            "referenceId": "C-1",
            "companyName": "Acme",
            "phone": "1",
            "email": "A@b.c",
            "lastName": "X",
        }
    )

    plan = planned(wanted, account)

    assert plan.changes == (
        Change(
            ChangeKind.UPDATE,
            "C-1",
            "id-0",
            "Acme Ltd",
            (FieldChange("companyName", "Acme", "Acme Ltd"),),
            rows=(row(2, "C-1"),),
            seen={"companyName": "Acme"},
        ),
    )
    assert (plan.tally.update, plan.tally.unchanged) == (1, 0)


def test_what_is_sent_is_the_files_value() -> None:
    plan = planned(
        desired({"referenceId": "C-1", "companyName": " New  Name "}),
        snapshot({"referenceId": "C-1", "companyName": "Old"}),
    )

    assert fields(plan.changes[0]) == {"companyName": ("Old", " New  Name ")}


def test_ids_are_sent_without_what_stands_beside_them_and_once_each() -> None:
    cell = "r2 \r\n r1\r\n\r\nr2"
    wanted = desired(
        {"referenceId": "C-1", "assignedSalesRepIds": cell},
        {"referenceId": "N-1", **NAMES, "assignedSalesRepIds": cell},
        actions=[Mode.UPDATE, Mode.CREATE],
    )

    plan = planned(wanted, snapshot({"referenceId": "C-1", **NAMES, "assignedSalesRepIds": "r3"}))

    assert [fields(one)["assignedSalesRepIds"] for one in plan.changes] == [
        ("", "r2\nr1"),
        ("r3", "r2\nr1"),
    ]


def test_an_empty_cell_keeps_a_cleared_one_clears_and_clearing_nothing_is_no_change() -> None:
    wanted = desired(
        {"referenceId": "keep", "phone": None},
        {"referenceId": "clear", "phone": ""},
        {"referenceId": "nothing", "phone": ""},
    )
    account = snapshot(
        {"referenceId": "keep", "phone": "1"},
        {"referenceId": "clear", "phone": "2"},
        {"referenceId": "nothing", "phone": ""},
    )

    plan = planned(wanted, account)

    assert changes(plan) == [("update", "clear")]
    assert fields(plan.changes[0]) == {"phone": ("2", "")}
    assert plan.tally.unchanged == 2
    assert (plan.tally.erased, plan.tally.erased_by_field) == (1, {"phone": 1})
    assert plan.tally.filled_by_field == {"phone": 2}


def test_fields_come_in_the_order_people_expect() -> None:
    wanted = desired({"referenceId": "C-1", "phone": "2", "email": "x@y.z", "companyName": "B"})
    account = snapshot({"referenceId": "C-1", "phone": "1", "email": "", "companyName": "A"})

    assert list(fields(planned(wanted, account).changes[0])) == ["companyName", "email", "phone"]


def test_ignored_fields_are_never_updated_but_created() -> None:
    wanted = desired(
        {"referenceId": "C-1", **NAMES, "phone": "2"}, {"referenceId": "C-2", **NAMES, "phone": "3"}
    )
    account = snapshot({"referenceId": "C-1", **NAMES, "phone": "1"})

    plan = planned(wanted, account, Rules(compare=Compare(ignore=frozenset({"phone"}))))

    assert changes(plan) == [("create", "C-2")]
    assert fields(plan.changes[0])["phone"] == ("", "3")


def test_a_field_that_the_snapshot_lacks_is_the_callers_error() -> None:
    wanted = desired({"referenceId": "C-1", "freightTerm": "prepaid"})

    with pytest.raises(ValueError, match="the snapshot lacks freightTerm, which"):
        planned(wanted, snapshot({"referenceId": "C-1"}))
    with pytest.raises(ValueError, match="the snapshot lacks freightTerm of 1 customers"):
        planned(
            wanted,
            snapshot({"referenceId": "C-1", "freightTerm": None}, {"freightTerm": "collect"}),
        )


def test_a_field_that_nobody_wants_need_not_be_read() -> None:
    wanted = desired({"referenceId": "C-1", "freightTerm": None})

    assert planned(wanted, snapshot({"referenceId": "C-1"})).tally.unchanged == 1


def test_a_name_that_would_be_emptied_is_rejected() -> None:
    wanted = desired({"referenceId": "C-1", "companyName": "", "phone": "2"})
    account = snapshot({"referenceId": "C-1", "companyName": "Acme", "phone": "1"})

    plan = planned(wanted, account, Rules(columns={"companyName": "Company"}))

    assert plan.changes == ()
    assert [(one.code, one.column, one.key) for one in plan.rejects] == [
        ("required", "Company", "C-1")
    ]
    assert (
        plan.rejects[0].message == '"Company" is empty, and a customer needs it as its companyName'
    )
    assert (plan.tally.rejected, plan.tally.unchanged, plan.tally.customers) == (1, 0, 0)


def test_an_inactive_customer_is_updated_and_said() -> None:
    plan = planned(
        desired({"referenceId": "C-1", "phone": "2"}),
        snapshot({"referenceId": "C-1", "phone": "1", "status": "inactive"}),
    )

    assert changes(plan) == [("update", "C-1")]
    assert plan.notes[0].startswith("1 customer of the file is inactive in the account (C-1)")


def test_an_update_of_nobody_is_rejected() -> None:
    plan = planned(
        desired({"referenceId": "C-9", "phone": "2"}, action=Mode.UPDATE),
        snapshot({"referenceId": "C-1", "phone": "1"}),
        Rules(columns={"referenceId": "Cust No"}),
    )

    assert plan.changes == ()
    assert [(one.code, one.column, one.value) for one in plan.rejects] == [
        ("not_in_account", "Cust No", "C-9")
    ]
    assert plan.rejects[0].rows == (row(2, "C-9"),)


def test_an_update_needs_no_complete_snapshot() -> None:
    plan = planned(
        desired({"referenceId": "C-1", "phone": "2"}),
        snapshot({"referenceId": "C-1", "phone": "1"}, complete=False, total=5000),
    )

    assert changes(plan) == [("update", "C-1")]
    assert plan.tally.in_scope == 5000


# --- creates ------------------------------------------------------------------------------------


def test_a_create_takes_values_then_defaults_and_leaves_blanks_out() -> None:
    wanted = desired(
        {
            "referenceId": "C-1",
            "companyName": "Acme",
            "displayName": None,
            "phone": "",
            "email": " ",
            "paymentTerm": "net30",
        },
        defaults={"displayName": "Acme (new)", "phone": "0", "paymentTerm": "net0"},
    )

    (change,) = planned(wanted, snapshot()).changes

    assert change == Change(
        ChangeKind.CREATE,
        "C-1",
        None,
        "Acme",
        (
            FieldChange("companyName", "", "Acme"),
            FieldChange("displayName", "", "Acme (new)"),
            FieldChange("phone", "", "0"),
            FieldChange("paymentTerm", "", "net30"),
        ),
        rows=(row(2, "C-1"),),
    )


def test_defaults_never_reach_an_update() -> None:
    wanted = desired({"referenceId": "C-1", "phone": None}, defaults={"phone": "0"})

    assert planned(wanted, snapshot({"referenceId": "C-1", "phone": "1"})).changes == ()


def test_a_create_without_names_is_rejected_for_each_of_them() -> None:
    wanted = desired(
        {"referenceId": "C-1", "companyName": " "}, {"referenceId": "C-2", "companyName": "B"}
    )

    plan = planned(wanted, snapshot(), Rules(columns={"companyName": "Company"}))

    assert plan.changes == ()
    assert [(one.key, one.column, one.message) for one in plan.rejects] == [
        ("C-1", "Company", '"Company" is empty, and a customer needs it as its companyName'),
        ("C-1", None, "A new customer needs a displayName, and the mapping gives it none"),
        ("C-2", None, "A new customer needs a displayName, and the mapping gives it none"),
    ]
    assert (plan.tally.rejected, plan.tally.create, plan.tally.customers) == (2, 0, 0)


REQUIRED = Rules(required=frozenset({"email"}), columns={"email": "E-mail"})


def test_what_the_mapping_requires_is_required_of_new_customers_alone() -> None:
    wanted = desired(
        {"referenceId": "C-1", **NAMES, "email": None},
        {"referenceId": "C-2", **NAMES, "email": "a@b.example"},
        {"referenceId": "C-3", **NAMES, "email": None},
    )

    plan = planned(wanted, snapshot({"referenceId": "C-3", **NAMES, "email": ""}), REQUIRED)

    assert changes(plan) == [("create", "C-2")]
    assert [(one.code, one.column, one.key) for one in plan.rejects] == [
        ("required", "E-mail", "C-1")
    ]
    assert (plan.tally.unchanged, plan.tally.rejected) == (1, 1)


def test_a_default_is_enough_for_what_is_required() -> None:
    wanted = desired(
        {"referenceId": "C-1", **NAMES, "email": None}, defaults={"email": "none@b.example"}
    )

    assert changes(planned(wanted, snapshot(), REQUIRED)) == [("create", "C-1")]


def test_who_could_not_be_created_is_known_without_an_account() -> None:
    wanted = desired(
        *({"referenceId": key, "companyName": "A", "email": ""} for key in ("C-1", "C-2", "C-3")),
        actions=["create", "update", "upsert"],
    )

    assert unfit_for_new(wanted, REQUIRED) == {
        "displayName": ["C-1", "C-3"],
        "email": ["C-1", "C-3"],
    }


def test_what_a_create_cannot_carry_follows_with_the_next_run() -> None:
    wanted = desired({"referenceId": "C-1", **NAMES, "displayId": "77"})

    plan = planned(wanted, snapshot())

    assert "displayId" not in fields(plan.changes[0])
    (note,) = plan.notes
    assert note == (
        "displayId cannot be part of a create: of 1 new customer it is left out, "
        "and written by a later run that updates."
    )


def test_creates_need_a_complete_snapshot() -> None:
    with pytest.raises(ValueError, match="1 creates cannot be planned"):
        planned(desired({"referenceId": "C-1", **NAMES}), snapshot(complete=False))


# --- deletes ------------------------------------------------------------------------------------


def test_a_listed_delete_needs_only_the_key_and_keeps_everything_that_was_read() -> None:
    wanted = desired({"referenceId": "C-1"}, {"referenceId": "gone"}, action=Mode.DELETE_LISTED)
    account = snapshot(
        {"referenceId": "C-1", "companyName": "Acme", "phone": "", "freightTerm": None},
        {"referenceId": "C-2", "companyName": "Other", "freightTerm": "collect"},
    )

    plan = planned(wanted, account)

    assert plan.changes == (
        Change(
            ChangeKind.DELETE,
            "C-1",
            "id-0",
            "Acme",
            (FieldChange("companyName", "Acme", ""),),
            rows=(row(2, "C-1"),),
            seen={
                "companyName": "Acme",
                "phone": "",
                "status": "active",
                "updatedAt": "2026-01-01T00:00:00Z",
            },
        ),
    )
    assert (plan.tally.delete, plan.tally.skipped) == (1, 1)


def test_nothing_is_deleted_while_a_key_cannot_be_read() -> None:
    wanted = desired({"referenceId": "C-1"}, action=Mode.DELETE_LISTED, keys_unread=1)

    plan = planned(wanted, snapshot({"referenceId": "C-1"}))

    assert plan.changes == ()
    assert plan.tally.skipped == 1
    (note,) = plan.notes
    assert note == (
        "Nothing is deleted: the referenceId of 1 row cannot be read. "
        "Listed for deletion, and left alone: 1 customer."
    )


# --- customers that nobody may touch ------------------------------------------------------------


@pytest.mark.parametrize("action", list(Mode))
def test_a_doubled_key_is_a_conflict_whatever_is_asked(action: Mode) -> None:
    wanted = desired({"referenceId": "C-1", "phone": "2"}, action=action)
    account = snapshot(
        {"referenceId": "C-1", "phone": "1", "status": "inactive"},
        {"referenceId": "C-1", "phone": "1"},
        {"referenceId": "C-2", "phone": "1"},
        {"referenceId": "C-2", "phone": "1"},
    )

    plan = planned(wanted, account)

    assert plan.changes == ()
    assert plan.conflicts == (
        Conflict(
            "C-1",
            ("id-0", "id-1"),
            "2 customers of the account have this referenceId: id-0 and id-1",
            (row(2, "C-1"),),
        ),
    )
    assert plan.tally.conflict == 1


def test_the_rest_of_a_customer_with_a_rejected_row_is_rejected_too() -> None:
    wanted = desired(
        {"referenceId": "C-1", "phone": "2"},
        {"referenceId": "C-2", "phone": "2"},
        rejects=(reject("C-1", number=9),),
    )
    account = snapshot({"referenceId": "C-1", "phone": "1"}, {"referenceId": "C-2", "phone": "1"})

    plan = planned(wanted, account)

    assert changes(plan) == [("update", "C-2")]
    assert [(one.code, one.rows[0].number) for one in plan.rejects] == [
        ("other_row_rejected", 2),
        ("bad_phone", 9),
    ]
    assert (plan.tally.rejected, plan.tally.customers) == (2, 1)


# --- the plan as a whole ------------------------------------------------------------------------


def test_the_order_is_kind_then_hash_bucket_then_key() -> None:
    new = [{"referenceId": f"N-{n}", **NAMES} for n in range(200)]
    old = [{"referenceId": f"O-{n}", **NAMES} for n in range(5)]

    plan = planned(
        desired(*old, *new, actions=["delete-listed"] * 5 + ["upsert"] * 200), snapshot(*old)
    )

    assert [change.kind for change in plan.changes] == [ChangeKind.CREATE] * 200 + [
        ChangeKind.DELETE
    ] * 5
    # The buckets mix neighbours, in every process and on every machine alike.
    assert [change.reference_id for change in plan.changes[:4]] == ["N-146", "N-15", "N-24", "N-46"]
    assert sorted(change.reference_id for change in plan.changes[:200]) == sorted(
        one["referenceId"] for one in new
    )


def test_rows_merged_into_one_customer_are_all_named() -> None:
    wanted = desired(
        {"referenceId": "C-1", "phone": "2"},
        {"referenceId": "C-2", "phone": "2"},
        merged={0: (1, 0)},
    )
    account = snapshot({"referenceId": "C-1", "phone": "1"}, {"referenceId": "C-2", "phone": "2"})

    (change,) = planned(wanted, account).changes

    assert change.rows == (row(3, "C-2"), row(2, "C-1"))


def test_notes_come_in_order() -> None:
    plan = planned(desired(), snapshot(notes=("The account.",)), notes=["The file."])

    assert plan.notes == ("The file.", "The account.")


def test_a_desired_that_contradicts_itself_is_a_defect() -> None:
    with pytest.raises(ValueError, match="present lacks keys"):
        planned(desired({"referenceId": "C-1"}, present=frozenset()), snapshot())


def test_a_field_that_customers_do_not_have_is_a_defect() -> None:
    with pytest.raises(ValueError, match="status is no field of a customer that a row can set"):
        planned(desired({"referenceId": "C-1", "status": "active"}), snapshot())
