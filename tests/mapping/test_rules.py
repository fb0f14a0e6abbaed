"""What a mapping says beyond the values, and the columns that it names."""

from __future__ import annotations

import pytest

from tests.mapping.builders import TOP, mapping, table
from wizsync.errors import MappingError, UsageError
from wizsync.mapping import rules
from wizsync.mapping.rules import columns_of
from wizsync.model import (
    RUN_COLUMN,
    Absent,
    AbsentPolicy,
    Compare,
    Limit,
    Mode,
    Rules,
    Scope,
)

DELETE = Absent(AbsentPolicy.DELETE)
SET = Absent(AbsentPolicy.SET, {"phone": ""})
OWN = 'Add `scope: all` to it, or scope: {referenceId: {prefix: "ERP-"}}.'


def rules_of(lines: str, mode: str | None = None, columns: tuple[str, ...] = ("No",)) -> Rules:
    return rules(mapping(TOP + lines), table(columns=columns), mode=mode)


def test_everything_that_a_mapping_says() -> None:
    text = (
        f"{TOP}  phone: '{{referenceId}}/{{lastName}}{{referenceId}}'\n"
        "  lastName: {column: L, required: true}\n"
        "  email: {const: a@b.co}\nmode: update\nabsent: report\n"
        "scope: {referenceId: {prefix: C-}}\n"
        "compare: {ignore: [phone], casefold: [email], equal: {phone: digits}}\n"
        "guard: {max_deletes: 1, max_rejected: 5%}\n"
    )
    read = mapping(text)

    assert rules(read, table(columns=("No", "L"))) == Rules(
        mode=Mode.UPDATE,
        absent=Absent(AbsentPolicy.REPORT),
        scope=Scope(prefix="C-"),
        compare=Compare(frozenset({"phone"}), frozenset({"email"}), {"phone": "digits"}),
        limits={
            "deletes": Limit(count=1),
            "children_removed": Limit(share=0.05),
            "shrink": Limit(share=0.2),
            "account_shrink": Limit(share=0.1),
            "empty_account": Limit(count=0),
            "updates": Limit(share=0.5),
            "erased": Limit(share=0.05),
            "rejected": Limit(share=0.05),
        },
        required=frozenset({"lastName"}),
        columns={"referenceId": "No", "phone": "No, L", "lastName": "L", "email": ""},
        mapping_name="mapping.yaml",
        mapping_digest=read.digest,
    )


@pytest.mark.parametrize(
    ("lines", "mode", "expected"),
    [
        ("", None, (Mode.UPSERT, Absent())),
        ("mode: create", None, (Mode.CREATE, Absent())),
        ("mode: create", "update", (Mode.UPDATE, Absent())),
        ("scope: all\nabsent: delete", None, (Mode.UPSERT, DELETE)),
        ("scope: all\nabsent: delete", "create", (Mode.CREATE, DELETE)),
        ("scope: all\nabsent: {set: {phone: ''}}", None, (Mode.UPSERT, SET)),
        ("scope: all\nmode: mirror", None, (Mode.UPSERT, DELETE)),
        ("scope: all\nmode: mirror", "mirror", (Mode.UPSERT, DELETE)),
        ("scope: all", "mirror", (Mode.UPSERT, DELETE)),
        ("scope: all\nabsent: report", "mirror", (Mode.UPSERT, DELETE)),
        # Another mode on the command line, and a mirror is none any more.
        ("scope: all\nmode: mirror", "upsert", (Mode.UPSERT, Absent())),
        ("scope: all\nmode: mirror\nabsent: delete", "upsert", (Mode.UPSERT, DELETE)),
        # A list of deletes says nothing about others.
        ("mode: delete-listed", None, (Mode.DELETE_LISTED, Absent())),
        ("scope: all\nabsent: delete", "delete-listed", (Mode.DELETE_LISTED, Absent())),
        ("scope: all\nmode: mirror", "delete-listed", (Mode.DELETE_LISTED, Absent())),
    ],
)
def test_the_mode_and_what_becomes_of_absent_ones(
    lines: str, mode: str | None, expected: tuple[Mode, Absent]
) -> None:
    found = rules_of(lines, mode)

    assert (found.mode, found.absent) == expected


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("absent: {set: {companyName: ''}}", "would empty companyName"),
        ("absent: {set: {displayName: ' '}}", "would empty displayName"),
        ("absent: {set: {phone: '1'}}\ncompare: {ignore: [phone]}", "it would not be set"),
    ],
)
def test_what_cannot_be_set_on_absent_ones(lines: str, says: str) -> None:
    with pytest.raises(MappingError, match=says) as caught:
        rules_of(f"scope: all\n{lines}", None, ("No",))

    assert (caught.value.where or "").startswith("mapping.yaml, line ")


@pytest.mark.parametrize(
    ("mode", "runs_as"),
    [
        (None, Mode.UPSERT),
        ("create", Mode.UPSERT),
        ("mirror", Mode.UPSERT),
        ("update", Mode.UPDATE),
        ("delete-listed", Mode.DELETE_LISTED),
    ],
)
def test_a_file_of_rejected_rows_leaves_absent_ones_alone_and_creates_only_where_that_was_asked(
    mode: str | None, runs_as: Mode
) -> None:
    found = rules_of("mode: mirror\nscope: {referenceId: {prefix: C}}", mode, ("No", RUN_COLUMN))

    assert (found.mode, found.absent) == (runs_as, Absent())
    assert found.scope == Scope(prefix="C")


def test_mirror_on_the_command_line_needs_a_scope() -> None:
    with pytest.raises(MappingError, match="does not say which customers are its own") as caught:
        rules_of("", "mirror")

    assert (caught.value.where, caught.value.hint) == ("mapping.yaml", OWN)


@pytest.mark.parametrize(
    ("mode", "hint"),
    [
        ("mirrr", 'Did you mean "mirror"?'),
        ("delete", 'Did you mean "delete-listed"?'),
        ("xyz", "The modes are: create, update, upsert, delete-listed, mirror."),
        ("", "The modes are: create, update, upsert, delete-listed, mirror."),
    ],
)
def test_a_mode_that_there_is_not(mode: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        rules_of("", mode)

    assert caught.value.message == f'There is no mode "{mode}".'
    assert (caught.value.where, caught.value.hint) == ("--mode", hint)


# --- columns ------------------------------------------------------------------------------------

AS_IN_THE_FILE = " A header is written as in the file, capitals and spaces too."


@pytest.mark.parametrize(
    ("lines", "columns", "message", "where", "hint"),
    [
        (
            "  phone: Fone",
            ("No", "Phone", "Phone 2", "City"),
            'The file has no column "Fone".',
            "line 4",
            'Did you mean "Phone", "Phone 2"?',
        ),
        (
            "  phone:\n    column: xyz",
            ("No", "Phone"),
            'The file has no column "xyz".',
            "line 5",
            'Its columns are: "No", "Phone".',
        ),
        (
            "  phone: phone",
            ("No", "Phone"),
            'The file has no column "phone".',
            "line 4",
            'Did you mean "Phone"?',
        ),
        (
            "source:\n  where:\n    Satus: [A]",
            ("No", "Status"),
            'The file has no column "Satus".',
            "line 6",
            'Did you mean "Status"?',
        ),
        (
            "source:\n  action_column: Acton",
            ("No", "Action"),
            'The file has no column "Acton".',
            "line 5",
            'Did you mean "Action"?',
        ),
        (
            "  phone: B\n  email: C\n  lastName: C\nsource: {where: {D: x}, action_column: B}",
            ("A",),
            'The file has no column "No". Nor has it: "B", "C", "D".',
            "line 3",
            'Its columns are: "A".',
        ),
    ],
)
def test_a_column_that_the_file_lacks(
    lines: str, columns: tuple[str, ...], message: str, where: str, hint: str
) -> None:
    with pytest.raises(MappingError) as caught:
        rules_of(lines, columns=columns)

    assert caught.value.message == message
    assert caught.value.where == f"lists/customers.csv, header in row 1; mapping.yaml, {where}"
    assert caught.value.hint == hint + AS_IN_THE_FILE


def test_a_header_cut_off_by_a_remark_is_told_as_such() -> None:
    with pytest.raises(MappingError) as caught:
        rules_of("  phone: Tel # work", columns=("No", "Tel # work"))

    assert caught.value.hint == (
        'Did you mean "Tel # work"? In a mapping a # after a space begins a remark: '
        "write the header in quotes."
    )


def test_a_header_with_doubled_or_odd_spaces_is_found() -> None:
    found = rules_of(
        '  phone: "Phone\\u00a0 No"\n  email: "E\\u0301mail"\n', columns=("No", "Phone No", "Émail")
    )

    assert (found.columns["phone"], found.columns["email"]) == ("Phone No", "Émail")


def test_the_columns_of_a_field() -> None:
    customer = mapping(
        f"{TOP}  phone: P\n  email: {{const: x}}\n  lastName: '{{phone}}{{referenceId}}{{email}}'\n"
        "  firstName: '{lastName}{phone}'\n"
    ).schema.customer

    assert columns_of(customer, "phone") == ("P",)
    assert columns_of(customer, "email") == ()
    assert columns_of(customer, "firstName") == ("P", "No")
