"""Merged rows as whole customers: constants, templates, defaults, and what a create must have."""

from __future__ import annotations

import pytest

from tests.mapping.builders import TOP, defaults, mapped, values


def test_a_constant_is_the_same_for_all_even_an_empty_one() -> None:
    desired = mapped(
        f"{TOP}  phone: {{const: NO}}\n  email: {{const: ''}}\n", {"No": "1"}, {"No": "2"}
    )

    assert (values(desired, "phone"), values(desired, "email")) == (["NO", "NO"], ["", ""])
    assert list(desired.customers) == ["phone", "email"]


def test_a_template_is_filled_from_the_merged_rows() -> None:
    text = f"{TOP}  firstName: F\n  lastName: L\n  displayName: '{{firstName}} {{lastName}}'\n"

    desired = mapped(text, {"No": "1", "F": "Ann"}, {"No": "1", "L": "Bell"}, {"No": "2", "F": "X"})

    assert values(desired, "displayName") == ["Ann Bell", None]


def test_a_template_may_name_the_key_and_another_template() -> None:
    text = f"{TOP}  lastName: '{{displayName}}!'\n  displayName: 'No {{referenceId}}'\n"

    assert values(mapped(text, {"No": " 7 "}), "lastName") == ["No 7!"]


def test_a_part_that_is_cleared_is_a_part_that_is_missing() -> None:
    text = f"{TOP}  lastName: {{column: L, blank: clear}}\n  displayName: 'x {{lastName}}'\n"

    desired = mapped(text, {"No": "1", "L": ""})

    assert (values(desired, "lastName"), values(desired, "displayName")) == ([""], [None])


# --- defaults -----------------------------------------------------------------------------------


def test_a_default_stands_beside_the_values_for_creates_alone() -> None:
    desired = mapped(
        f"{TOP}  phone: {{column: P, default: 0}}\n  email: E\n",
        {"No": "1", "P": ""},
        {"No": "2", "P": "5"},
    )

    assert values(desired, "phone") == [None, "5"]
    assert defaults(desired, "phone") == ["0", "0"]
    assert list(desired.defaults) == ["phone"]


@pytest.mark.parametrize("cell", ["", "?"])
def test_a_default_goes_with_whatever_leaves_the_field_empty(cell: str) -> None:
    written = "{column: P, values: {x: y}, otherwise: clear, default: z}"

    desired = mapped(f"{TOP}  phone: {written}\n", {"No": "1", "P": cell})

    assert values(desired, "phone") in ([None], [""])
    assert defaults(desired, "phone") == ["z"]


def test_a_default_may_be_a_template_of_other_fields_and_of_the_key() -> None:
    text = (
        f"{TOP}  companyName: C\n  displayName: {{column: D, default: '{{companyName}}'}}\n"
        "  lastName: {column: L, default: 'No {referenceId}'}\n"
    )

    desired = mapped(text, {"No": "1", "C": "Acme"}, {"No": "2", "C": ""})

    assert defaults(desired, "displayName") == ["Acme", None]
    assert defaults(desired, "lastName") == ["No 1", "No 2"]


def test_a_defaults_template_takes_another_plain_default() -> None:
    text = (
        f"{TOP}  companyName: {{column: C, default: Unknown}}\n"
        "  displayName: {column: D, default: '<{companyName}>'}\n"
    )

    desired = mapped(text, {"No": "1"}, {"No": "2", "C": "Acme"})

    assert defaults(desired, "displayName") == ["<Unknown>", "<Acme>"]


# --- required -----------------------------------------------------------------------------------


@pytest.mark.parametrize("action", ["create", "update", "upsert", "delete", ""])
def test_who_is_new_is_not_known_yet_so_nobody_is_rejected_for_what_it_lacks(action: str) -> None:
    text = f"{TOP}  companyName: {{column: C, required: true}}\nsource: {{action_column: Do}}\n"

    desired = mapped(text, {"No": "1", "Do": action})

    assert (desired.rejects, len(desired)) == ((), 1)


def test_a_mapping_of_the_key_alone_makes_customers_without_fields() -> None:
    desired = mapped(TOP, {"No": "1"}, {"No": "2"})

    assert (len(desired), desired.customers.shape, desired.defaults.shape) == (2, (2, 0), (2, 0))
