"""Creates that look like somebody are held, and shown beside whom."""

import pytest

from tests.plan.builders import NAMES, desired, planned, snapshot
from wizsync.model import LookAlike, Rules


def new(key: str = "N-1", **fields: str) -> dict[str, str]:
    return {"referenceId": key, **NAMES, **fields}


@pytest.mark.parametrize(
    ("key", "theirs", "difference"),
    [
        ("abc-1", "ABC-1", "case"),
        ("ABC1", "ABC-1", "punctuation or spaces"),
        ("C 7", "C7", "punctuation or spaces"),
        ("0042", "42", "leading zeros"),
        ("00A-2", "A-2", "leading zeros"),
        ("10-05", "10-5", "leading zeros"),
        ("1-01", "101", "punctuation or spaces"),
        ("STRASSE", "straße", "case"),
        ("ΟΔΟΣ", "οδος", "case"),
        ("c7", "C-007", "case, punctuation, spaces or leading zeros"),
    ],
)
def test_by_key(key: str, theirs: str, difference: str) -> None:
    plan = planned(desired(new(key)), snapshot({"referenceId": theirs, "companyName": "Acme Ltd"}))

    assert plan.changes[0].held_for == (
        LookAlike("id-0", theirs, "Acme Ltd", f"the same code but for {difference}"),
    )
    assert (plan.tally.create, plan.tally.held) == (0, 1)


@pytest.mark.parametrize(
    ("fields", "theirs", "why"),
    [
        (
            {"email": "Ann@Acme.com"},
            {"email": "ann@acme.com"},
            "the same e-mail, and no referenceId",
        ),
        (
            {"phone": "+1 415 555 0199"},
            {"phone": "(415) 555-0199"},
            "the same phone, and no referenceId",
        ),
    ],
)
def test_by_contact_of_a_customer_without_key(
    fields: dict[str, str], theirs: dict[str, str], why: str
) -> None:
    held = planned(desired(new(**fields)), snapshot({"companyName": "Acme Ltd", **theirs}))
    free = planned(desired(new(**fields)), snapshot({"referenceId": "X-9", **theirs}))

    assert held.changes[0].held_for == (LookAlike("id-0", "", "Acme Ltd", why),)
    assert free.changes[0].held_for == ()


@pytest.mark.parametrize(
    "fields",
    [
        {"email": "none"},
        {"email": ""},
        {"phone": "n/a"},
        {"phone": "000-000-0000"},
        {"phone": "12345"},
    ],
)
def test_what_people_type_for_nothing_is_no_likeness(fields: dict[str, str]) -> None:
    plan = planned(desired(new(**fields)), snapshot(fields))

    assert plan.changes[0].held_for == ()


def test_another_phone_with_the_same_last_digits_is_no_likeness() -> None:
    plan = planned(desired(new(phone="+1 415 555 0199")), snapshot({"phone": "+1 212 555 0199"}))

    assert plan.changes[0].held_for == ()


def test_a_constant_is_no_likeness() -> None:
    rules = Rules(columns={"email": ""})

    plan = planned(desired(new(email="all@acme.com")), snapshot({"email": "all@acme.com"}), rules)

    assert plan.changes[0].held_for == ()


def test_a_default_is_no_likeness() -> None:
    wanted = desired({**new(), "email": None}, defaults={"email": "all@acme.com"})

    assert planned(wanted, snapshot({"email": "all@acme.com"})).changes[0].held_for == ()


def test_one_customer_is_shown_once_and_at_most_five() -> None:
    shared = {"email": "a@acme.com", "phone": "+14155550199"}

    plan = planned(desired(new(**shared)), snapshot(*[shared] * 7))

    assert [one.customer_id for one in plan.changes[0].held_for] == [f"id-{n}" for n in range(5)]


def test_key_and_contact_are_both_shown() -> None:
    plan = planned(
        desired(new("a-1", email="a@acme.com")),
        snapshot({"referenceId": "A1", "email": ""}, {"email": "a@acme.com"}),
    )

    assert [one.customer_id for one in plan.changes[0].held_for] == ["id-1", "id-0"]


def test_inactive_customers_count() -> None:
    plan = planned(desired(new("a1")), snapshot({"referenceId": "A1", "status": "inactive"}))

    assert plan.tally.held == 1


def test_two_new_ones_may_look_alike() -> None:
    plan = planned(desired(new("a1"), new("A1")), snapshot({"referenceId": "B"}))

    assert (plan.tally.create, plan.tally.held) == (2, 0)


def test_each_create_is_held_for_its_own() -> None:
    plan = planned(desired(new("z9"), new("a1"), new("b2")), snapshot({"referenceId": "B-2"}))

    assert {one.reference_id: len(one.held_for) for one in plan.changes} == {
        "z9": 0,
        "a1": 0,
        "b2": 1,
    }


def test_a_held_create_that_cannot_be_made_is_rejected() -> None:
    plan = planned(desired({"referenceId": "a1"}), snapshot({"referenceId": "A1"}))

    assert (plan.changes, plan.tally.held, plan.tally.rejected) == ((), 0, 1)


def test_new_customers_who_look_like_one_another_are_told_and_created() -> None:
    plan = planned(desired(*(new(key) for key in ("A-1", "a1", "B-1", "A-01", "C"))), snapshot())

    assert (plan.tally.create, plan.tally.held) == (5, 0)
    (note,) = plan.notes
    assert ": A-01 and A-1 and a1. If they are the same customer" in note


def test_only_a_few_of_them_are_named() -> None:
    rows = [new(key) for n in range(8) for key in (f"N{n}x", f"n{n}X")]

    (note,) = planned(desired(*rows), snapshot()).notes

    assert "N0x and n0X; N1x and n1X" in note
    assert "; and 3 more." in note
