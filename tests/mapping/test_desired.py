"""A table through a mapping: who should exist, who is left out, what is rejected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.mapping.builders import (
    TOP,
    Row,
    defaults,
    mapped,
    mapping,
    row,
    table,
    told,
    values,
)
from wizsync.errors import MappingError, UsageError
from wizsync.mapping import to_desired
from wizsync.model import RUN_COLUMN, WHY_COLUMN, Damage, Desired, Reject
from wizsync.model.reject_codes import CODES

PHONE = f"{TOP}  phone: P\n"
ACTION = f"{PHONE}source: {{action_column: Do}}\n"


def test_rows_become_customers() -> None:
    desired = mapped(
        f"{TOP}  companyName: {{column: C, transforms: [upper]}}\n  phone: P\nmode: update\n",
        {"No": "A", "C": "acme", "P": " 1 "},
        {"No": "B", "C": "", "P": ""},
    )

    assert desired.keys.tolist() == ["A", "B"]
    assert desired.actions.tolist() == ["update", "update"]
    assert list(desired.customers) == ["companyName", "phone"]
    assert (values(desired, "companyName"), values(desired, "phone")) == (
        ["ACME", None],
        ["1", None],
    )
    assert desired.positions.tolist() == [0, 1]
    assert desired.rows(1) == (row(3, "B", "", ""),)
    assert (desired.present, desired.rejects) == ({"A", "B"}, ())
    assert (desired.left_out, desired.keys_unread, desired.mended_run) == (0, 0, None)


@pytest.mark.parametrize("lines", ["", "  phone: {column: P, required: true}\nmode: create\n"])
def test_a_file_without_rows_makes_nobody(lines: str) -> None:
    desired = mapped(TOP + lines)

    assert (len(desired), desired.present, desired.rejects) == (0, frozenset(), ())
    assert desired.customers.columns.tolist() == (["phone"] if lines else [])


def test_columns_that_are_not_mapped_do_not_matter() -> None:
    desired = mapped(TOP, {"No": "A", "Other": "#N/A"}, {"No": "A", "Other": "x"})

    assert (desired.rejects, len(desired)) == ((), 1)


def test_blank_keeps_or_clears_as_the_mapping_and_as_the_field_says() -> None:
    fields = (
        "  phone: P\n  email: {column: E, blank: keep}\n  lastName: {column: L, blank: clear}\n"
    )

    whole = mapped(f"{TOP}{fields}blank: clear\n", {"No": "A"})
    by_default = mapped(TOP + fields, {"No": "A"})

    assert [values(whole, name) for name in whole.customers] == [[""], [None], [""]]
    assert [values(by_default, name) for name in by_default.customers] == [[None], [None], [""]]


def test_the_order_is_column_transforms_values_default() -> None:
    desired = mapped(
        f"{TOP}  phone: {{column: P, transforms: [lower], values: {{a: A, b: ''}}, default: d}}\n",
        {"No": "1", "P": "A"},
        {"No": "2", "P": "B"},
        {"No": "3", "P": ""},
        {"No": "4", "P": "d"},
    )

    assert values(desired, "phone") == ["A", "", None]
    assert defaults(desired, "phone") == ["d", "d", "d"]
    assert told(desired) == [("unknown_value", (5,), "P", "d", "4")]


def test_a_country_called_no_and_a_code_called_007_stay_so() -> None:
    text = f"{TOP}  phone: {{column: P, values: {{NO: 007, off: 1.50}}}}\n"

    assert values(mapped(text, {"No": "1", "P": "NO"}, {"No": "2", "P": "off"}), "phone") == [
        "007",
        "1.50",
    ]


# --- rows that are rejected ---------------------------------------------------------------------


def test_a_bad_cell_rejects_its_row_and_the_key_is_still_present() -> None:
    desired = mapped(
        f"{TOP}  email: {{column: E, transforms: [email]}}\n",
        {"No": "A", "E": "nix"},
        {"No": "B", "E": "b@b.co"},
    )

    assert desired.rejects == (
        Reject(
            "bad_email",
            '"E" is not an e-mail address',
            "Write it as name@company.com, or empty the cell.",
            (row(2, "A", "nix"),),
            "E",
            "nix",
            "A",
        ),
    )
    assert desired.keys.tolist() == ["B"]
    assert desired.present == {"A", "B"}


@pytest.mark.parametrize("text", ["#N/A", "#REF!", "####"])
def test_a_spreadsheets_error_rejects_its_row(text: str) -> None:
    desired = mapped(f"{PHONE}blank: clear\n", {"No": "A", "P": text})

    assert told(desired) == [("error_value", (2,), "P", text, "A")]


def test_a_row_with_several_faults_tells_them_all() -> None:
    desired = mapped(
        f"{TOP}  email: {{column: E, transforms: [email]}}\n  phone: {{column: P, transforms: [phone]}}\n",
        {"No": "A", "E": "nix", "P": "nix"},
    )

    assert [one[0] for one in told(desired)] == ["bad_email", "bad_phone"]


def test_an_error_in_a_column_of_two_fields_is_told_once() -> None:
    desired = mapped(
        f"{TOP}  companyName: C\n  displayName: C\n",
        {"No": "A", "C": "#N/A"},
        {"No": "B", "C": "1"},
    )

    assert told(desired) == [("error_value", (2,), "C", "#N/A", "A")]


def test_broken_rows_are_rejects_whose_keys_are_unread() -> None:
    broken = Reject("row_shape", "too short", "Mend it.", (row(3, "B"),))

    desired = to_desired(mapping(TOP), table({"No": "A"}, broken=(broken,)))

    assert (desired.rejects, desired.keys_unread, desired.keys.tolist()) == ((broken,), 1, ["A"])


# --- scope --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scope", "which"),
    [
        ("{prefix: C-}", 'It is for those that begin with "C-".'),
        ("{regex: 'C-.*'}", "It is for those its scope names."),
    ],
)
def test_a_row_outside_the_scope_is_rejected_and_present(scope: str, which: str) -> None:
    desired = mapped(f"{TOP}scope: {{referenceId: {scope}}}\n", {"No": "C-1"}, {"No": "D-2"})

    assert told(desired) == [("out_of_scope", (3,), "No", "D-2", "D-2")]
    assert desired.rejects[0].hint.startswith(which)
    assert (desired.keys.tolist(), desired.present) == (["C-1"], {"C-1", "D-2"})


def test_a_scope_is_case_sensitive_and_looks_at_the_whole_key() -> None:
    text = (
        "version: 1\nscope: {referenceId: {prefix: C-}}\n"
        "customer: {referenceId: '{phone}{email}', phone: P, email: E}\n"
    )

    desired = mapped(text, {"P": "C", "E": "-1"}, {"P": "c", "E": "-1"})

    assert desired.keys.tolist() == ["C-1"]
    assert told(desired) == [("out_of_scope", (3,), None, "c-1", "c-1")]


# --- rows that are left out ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "status", "used"),
    [
        ("[Active, Hold]", "Active", True),
        ("[Active, Hold]", " hOLD ", True),
        ("Active", "ACTIVE", True),
        ("[Active]", "Inactive", False),
        ("[Active]", "", False),
        ("[Active, '']", "", True),
        ("['']", "n/a", True),
        ("[007]", "7", False),
        ("[NO]", "no", True),
        ("[é]", "E\u0301", True),
    ],
)
def test_where_says_which_rows_are_used(where: str, status: str, used: bool) -> None:
    text = f"{TOP}source: {{where: {{Status: {where}}}, blank_words: [n/a]}}\n"

    desired = mapped(text, {"No": "A", "Status": status})

    assert (len(desired), desired.left_out) == ((1, 0) if used else (0, 1))
    assert (desired.present, desired.rejects) == ({"A"}, ())


def test_of_several_columns_all_must_hold() -> None:
    text = f"{TOP}source: {{where: {{Status: A, Land: [NO, SE]}}}}\n"
    rows = [{"No": s + c, "Status": s, "Land": c} for s in "AB" for c in ("NO", "SE", "DE")]

    desired = mapped(text, *rows)

    assert (desired.keys.tolist(), desired.left_out) == (["ANO", "ASE"], 4)


def test_a_row_left_out_is_not_judged_and_its_key_is_present() -> None:
    text = f"{TOP}  phone: {{column: P, transforms: [phone]}}\nsource: {{where: {{S: x}}}}\n"
    left = {"No": "B", "S": "y"}

    desired = mapped(
        f"{text}scope: {{referenceId: {{prefix: A}}}}\n",
        {"No": "A", "S": "x"},
        {**left, "P": "#N/A"},
        {**left, "P": "nix"},
        {"No": "A", "S": "y", "P": "1"},
    )

    assert (desired.keys.tolist(), desired.rejects, desired.left_out) == (["A"], (), 3)
    assert desired.present == {"A", "B"}
    assert desired.merged == {}


@pytest.mark.parametrize("left", [{"Do": "ignore", "S": "x"}, {"Do": "", "S": "y"}])
@pytest.mark.parametrize(
    ("lines", "is_told"),
    [("", False), ("scope: all\nabsent: report\n", False), ("scope: all\nabsent: delete\n", True)],
)
def test_an_unreadable_key_of_a_row_left_out_counts_and_is_told_where_it_forbids_a_delete(
    lines: str, left: Row, is_told: bool
) -> None:
    text = f"{TOP}source: {{where: {{S: x}}, action_column: Do}}\n{lines}"

    desired = mapped(text, {"No": "", **left}, {"No": "A", "S": "x"})

    assert desired.keys_unread == 1
    assert told(desired) == ([("blank_key", (2,), "No", None, None)] if is_told else [])
    assert desired.left_out == (0 if is_told else 1)


def test_a_row_to_delete_elsewhere_has_unreadable_keys_told_too() -> None:
    desired = mapped(
        f"{TOP}source: {{action_column: Do}}\n",
        {"No": "1.23E+11", "Do": "ignore"},
        {"No": "A", "Do": "delete"},
    )

    assert told(desired) == [("damaged_key", (2,), "No", "1.23E+11", None)]


# --- actions ------------------------------------------------------------------------------------


def test_every_row_may_ask_for_its_own() -> None:
    words = ["create", "UPDATE", "Upsert", "merge", "delete", "ignore", " "]

    desired = mapped(
        f"{ACTION}mode: create\n", *({"No": str(n), "Do": word} for n, word in enumerate(words))
    )

    assert desired.actions.tolist() == [
        *("create", "update", "upsert", "upsert", "delete-listed", "create")
    ]
    assert desired.keys.tolist() == ["0", "1", "2", "3", "4", "6"]
    assert (desired.left_out, desired.present) == (1, set("0123456"))


def test_the_command_lines_mode_is_what_a_blank_action_means() -> None:
    desired = mapped(ACTION, {"No": "A", "Do": "create"}, {"No": "B"}, mode="update")

    assert desired.actions.tolist() == ["create", "update"]


def test_a_mode_that_there_is_not_and_a_mirror_without_scope_are_refused() -> None:
    with pytest.raises(UsageError, match="There is no mode"):
        mapped(TOP, {"No": "A"}, mode="nix")
    with pytest.raises(MappingError, match="which customers are its own"):
        mapped(TOP, {"No": "A"}, mode="mirror")


def test_an_action_that_is_none_rejects_its_row_only() -> None:
    desired = mapped(
        ACTION, {"No": "A", "Do": " nix "}, {"No": "B", "Do": "#N/A"}, {"No": "A", "Do": "update"}
    )

    assert told(desired) == [
        ("bad_action", (2,), "Do", "nix", "A"),
        ("bad_action", (3,), "Do", "#N/A", "B"),
    ]
    assert desired.rejects[0].message == '"Do" is no action'
    assert desired.keys.tolist() == ["A"]


def test_of_a_row_to_delete_only_the_key_counts() -> None:
    text = (
        f"{TOP}  phone: {{column: P, transforms: [phone]}}\n"
        "  companyName: {column: C, required: true}\nmode: delete-listed\n"
    )

    desired = mapped(
        text, {"No": "A", "P": "nix"}, {"No": "B", "P": "#N/A"}, {"No": "B", "C": "x"}, {"No": ""}
    )

    assert (desired.keys.tolist(), desired.rejects) == (["A", "B"], ())
    assert values(desired, "companyName") == [None, None]


def test_rows_that_delete_one_customer_need_not_agree_about_its_values() -> None:
    desired = mapped(
        ACTION, {"No": "A", "P": "1", "Do": "delete"}, {"No": "A", "P": "2", "Do": "Delete"}
    )

    assert (desired.rejects, desired.merged) == ((), {0: (0, 1)})


# --- repeated rows ------------------------------------------------------------------------------


def test_repeated_rows_complete_each_other() -> None:
    desired = mapped(
        f"{PHONE}  email: E\nblank: clear\n",
        {"No": "A", "P": "1"},
        {"No": "B"},
        {"No": "A", "E": "x"},
        {"No": "A", "P": "1"},
    )

    assert desired.keys.tolist() == ["A", "B"]
    assert (values(desired, "phone"), values(desired, "email")) == (["1", ""], ["x", ""])
    assert desired.merged == {0: (0, 2, 3)}
    assert [one.number for one in desired.rows(0)] == [2, 4, 5]


def test_different_values_reject_all_rows_of_the_key_and_name_them() -> None:
    desired = mapped(
        f"{PHONE}  email: E\n",
        {"No": "A", "P": "1", "E": "x"},
        {"No": "B", "P": "1"},
        {"No": "A", "P": "2", "E": "y"},
        {"No": "A"},
    )

    assert told(desired) == [
        ("different_values", (2, 4, 5), "P", "1 / 2", "A"),
        ("different_values", (2, 4, 5), "E", "x / y", "A"),
    ]
    assert desired.rejects[0].message == '"P" has different values in rows of one customer'
    assert (desired.keys.tolist(), desired.present) == (["B"], {"A", "B"})


def test_different_actions_reject_all_rows_of_the_key() -> None:
    desired = mapped(
        ACTION, {"No": "A", "Do": "delete"}, {"No": "A", "P": "1"}, {"No": "A", "Do": "merge"}
    )

    assert told(desired) == [("different_actions", (2, 3, 4), "Do", "delete / upsert", "A")]


@pytest.mark.parametrize("other", ["ignore", "update"])
@pytest.mark.parametrize("marks", [{}, {RUN_COLUMN: "r1"}])
def test_a_customer_whom_one_row_spares_is_not_deleted_by_another(
    other: str, marks: dict[str, str]
) -> None:
    desired = mapped(
        ACTION,
        {"No": "A", "P": "1", "Do": "delete", **marks},
        {"No": "A", "P": "2", "Do": other, **marks},
        {"No": "B", "Do": "ignore", **marks},
    )

    assert told(desired) == [("different_actions", (2, 3), "Do", f"delete / {other}", "A")]
    assert (desired.keys.tolist(), desired.left_out) == ([], 1)


def test_a_row_to_ignore_takes_nothing_from_the_others_of_its_key() -> None:
    desired = mapped(
        ACTION,
        {"No": "A", "P": "1"},
        {"No": "A", "P": "#N/A", "Do": "ignore"},
    )

    assert (desired.rejects, desired.left_out) == ((), 1)
    assert (desired.actions.tolist(), values(desired, "phone")) == (["upsert"], ["1"])


def test_values_are_compared_after_the_transforms() -> None:
    text = f"{TOP}  phone: {{column: P, transforms: [{{phone: US}}]}}\n"

    desired = mapped(text, {"No": "A", "P": "(212) 555-0100"}, {"No": "A", "P": "212.555.0100"})

    assert (desired.rejects, values(desired, "phone")) == ((), ["+12125550100"])


def test_a_rejected_row_is_not_merged_and_the_others_of_its_key_are() -> None:
    text = f"{TOP}  phone: {{column: P, transforms: [phone]}}\n  email: E\n"

    desired = mapped(text, {"No": "A", "P": "nix", "E": "x"}, {"No": "A", "E": ""})

    assert [one[1] for one in told(desired)] == [(2,)]
    assert (desired.keys.tolist(), values(desired, "email")) == (["A"], [None])


# --- our own file of rejected rows --------------------------------------------------------------


def test_a_file_of_rejected_rows_deletes_nothing() -> None:
    text = f"{PHONE}source: {{action_column: Do}}\nmode: mirror\nscope: all\n"

    desired = mapped(
        text,
        {"No": "A", "P": "1", "Do": "", RUN_COLUMN: "r1", WHY_COLUMN: "because"},
        {"No": "B", "Do": "delete", RUN_COLUMN: "r1", WHY_COLUMN: ""},
        {"No": "", RUN_COLUMN: "r2", WHY_COLUMN: ""},
        {"No": "", "P": "1", RUN_COLUMN: " r2 ", WHY_COLUMN: ""},
    )

    assert (desired.keys.tolist(), desired.actions.tolist()) == (["A"], ["upsert"])
    assert told(desired) == [("blank_key", (5,), "No", None, None)]
    assert (desired.keys_unread, desired.mended_run) == (1, "r1, r2")
    assert desired.present == {"A", "B"}


def test_a_row_whose_cells_stand_in_its_reason_is_rejected_until_they_are_put_back() -> None:
    desired = mapped(TOP, {"No": "", RUN_COLUMN: "r1", WHY_COLUMN: "It has 9 cells: A | B"})

    assert told(desired) == [("blank_key", (2,), "No", None, None)]


def test_a_file_of_rows_rejected_from_a_list_of_deletes_does_nothing() -> None:
    desired = mapped(f"{PHONE}mode: delete-listed\n", {"No": "A", "P": "1", RUN_COLUMN: "r1"})

    assert (len(desired), desired.left_out, desired.rejects) == (0, 1, ())


def test_a_file_of_rejected_rows_without_its_marks_is_still_one() -> None:
    assert mapped(TOP, {"No": "A", RUN_COLUMN: ""}).mended_run == "unknown"


# --- laws ---------------------------------------------------------------------------------------

LAW = settings(max_examples=60, deadline=None)
LAWFUL = mapping(
    "version: 1\nmode: create\nscope: {referenceId: {regex: '[^D].*'}}\n"
    "source: {action_column: Do, where: {S: [x, '']}, blank_words: ['-']}\ncustomer:\n"
    "  referenceId: {column: No, transforms: [upper]}\n"
    "  companyName: {column: C, required: true, blank: clear}\n"
    "  displayName: {column: C, default: '{referenceId}'}\n"
    "  phone: {column: P, values: {1: one, 2: two, 3: ''}, otherwise: keep}\n"
    "  paymentTerm: {column: T, transforms: [number]}\n"
)
COLUMNS = ("No", "C", "P", "T", "Do", "S")
lawful_rows = st.lists(
    st.fixed_dictionaries(
        {
            "No": st.sampled_from(
                ["a", "A ", "b", "c", "d", "", "-", "#N/A", "1E+11", "é", "e\u0301"]
            ),
            "C": st.sampled_from(["", "Acme", "Acme", "Ac me", "####"]),
            "P": st.sampled_from(["", "1", "1", "2", "3", "4"]),
            "T": st.sampled_from(["", "30", "30.", "x", "1,234"]),
            "Do": st.sampled_from(["", "", "update", "merge", "delete", "ignore", "nix"]),
            "S": st.sampled_from(["x", "x", "", "y"]),
        }
    ),
    max_size=8,
)


def everything(rows: Sequence[Row]) -> Desired:
    return to_desired(LAWFUL, table(*rows, columns=COLUMNS))


def by_key(desired: Desired) -> dict[str, object]:
    return {
        key: (
            desired.actions[n],
            [values(desired, name)[n] for name in desired.customers],
            [defaults(desired, name)[n] for name in desired.defaults],
            sorted(one.cells for one in desired.rows(n)),
        )
        for n, key in enumerate(desired.keys)
    }


@LAW
@given(lawful_rows, st.randoms())
def test_the_order_of_rows_changes_nothing(rows: list[Row], random: Random) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)

    one, other = everything(rows), everything(shuffled)

    assert by_key(one) == by_key(other)
    assert one.present == other.present
    assert (one.left_out, one.keys_unread) == (other.left_out, other.keys_unread)
    assert sorted((r.code, r.key or "", len(r.rows)) for r in one.rejects) == sorted(
        (r.code, r.key or "", len(r.rows)) for r in other.rejects
    )


@LAW
@given(lawful_rows)
def test_every_reject_says_what_is_wrong_where_and_what_to_do(rows: list[Row]) -> None:
    desired = everything(rows)

    for reject in desired.rejects:
        assert reject.code in CODES
        assert reject.message
        assert reject.hint.endswith(".")
        assert reject.rows
        for one in reject.rows:
            assert one.cells == tuple(rows[one.number - 2][name] for name in COLUMNS)
        assert reject.key is None or reject.key in desired.present


@LAW
@given(lawful_rows)
def test_every_row_is_used_rejected_or_left_out_and_only_once_used(rows: list[Row]) -> None:
    desired = everything(rows)

    used = [one.number for n in range(len(desired)) for one in desired.rows(n)]
    rejected = {one.number for reject in desired.rejects for one in reject.rows}
    assert len(used) == len(set(used))
    assert not rejected & set(used)
    assert len(used) + len(rejected) + desired.left_out == len(rows)


@LAW
@given(lawful_rows)
def test_what_is_desired_has_the_form_that_others_rely_on(rows: list[Row]) -> None:
    desired = everything(rows)

    index = list(range(len(desired)))
    for each in (desired.keys, desired.actions, desired.customers, desired.defaults):
        assert each.index.tolist() == index
    assert desired.keys.is_unique
    assert set(desired.keys) <= desired.present
    assert "" not in desired.present
    assert desired.positions.dtype == np.int64
    assert all(dtype == "str" for dtype in desired.customers.dtypes)


# --- damaged cells ------------------------------------------------------------------------------


def damaged(column: str, *rows: Row, text: str = TOP) -> Desired:
    """Rows of which the first one's cell in a column is damaged."""
    named = tuple(dict.fromkeys(["No", "Do", "Status", column]))
    damage = Damage(0, column, "error_value", "holds the error #N/A", "Mend it.", "#N/A")
    return to_desired(mapping(text), replace(table(*rows, columns=named), damaged=(damage,)))


def test_a_damaged_cell_where_nobody_looks_is_no_trouble() -> None:
    desired = damaged("Other", {"No": "C-1"})

    assert (desired.keys.tolist(), desired.rejects) == (["C-1"], ())


def test_a_damaged_key_in_an_empty_row_stands_in_the_way_of_deleting() -> None:
    desired = damaged("No", {"No": ""}, {"No": "C-2"})

    assert told(desired) == [("error_value", (2,), "No", "#N/A", None)]
    assert desired.keys_unread == 1


@pytest.mark.parametrize(
    ("column", "source"), [("Do", "action_column: Do"), ("Status", "where: {Status: Active}")]
)
def test_a_damaged_cell_that_says_what_becomes_of_the_row_rejects_it(
    column: str, source: str
) -> None:
    text = f"{TOP}source: {{{source}}}\n"

    desired = damaged(column, {"No": "C-1"}, {"No": "C-2", "Status": "Active"}, text=text)

    assert told(desired) == [("error_value", (2,), column, "#N/A", "C-1")]
    assert desired.keys.tolist() == ["C-2"]
    assert desired.present == {"C-1", "C-2"}
