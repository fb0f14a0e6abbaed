"""Addresses and contacts out of the customers' rows, and out of rows of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from tests.mapping.builders import Row, mapping, refused, row, table
from wizsync.errors import MappingError
from wizsync.mapping import MappingFile, rules, to_desired
from wizsync.model import (
    RUN_COLUMN,
    Attribute,
    ChildKind,
    Children,
    Damage,
    Desired,
    Lists,
    Reject,
    Table,
    Write,
)

TOP = "version: 1\ncustomer:\n  referenceId: No\n"
BILLING = """addresses:
  - when: Street
    referenceId: "{referenceId}-BILL"
    addressLine1: Street
    city: City
    type: {const: Billing}
"""
SHIP_TO = """addresses:
  - sheet: Ship-to
    join: Customer
    referenceId: Ship No
    addressLine1: Street
    city: City
    type: Type
    isDefault: Default
"""
PEOPLE = """contacts:
  - file: people.csv
    join: Customer
    referenceId: "{referenceId}-{email}"
    firstName: First
    email: {column: Mail, transforms: [lower]}
"""
SHIP_COLUMNS = ("Customer", "Ship No", "Street", "City", "Type", "Default")
ADDRESSES, CONTACTS = ChildKind.ADDRESSES, ChildKind.CONTACTS


def ship(customer: str = "C-1", no: str = "S-1", **cells: str) -> Row:
    return {
        "Customer": customer,
        "Ship No": no,
        "Street": "1 Elm",
        "City": "Waco",
        "Type": "shipping",
        "Default": "",
        **cells,
    }


def ships(*rows: Row, broken: tuple[Reject, ...] = (), damaged: tuple[Damage, ...] = ()) -> Table:
    found = table(*rows, columns=SHIP_COLUMNS, broken=broken)
    return replace(found, place="Ship-to", damaged=damaged)


def read(
    text: str,
    *rows: Row,
    others: Mapping[str, Table] | None = None,
    lists: Lists | None = None,
    columns: tuple[str, ...] = ("No", "Street", "City"),
) -> Desired:
    return to_desired(
        mapping(text), table(*rows, columns=columns), others=others or {}, lists=lists
    )


def given(children: Children) -> list[dict[str, object]]:
    """Each child's values by field, missing ones left out, and whose it is by position."""
    return [
        {"of": int(of), **{name: text for name, text in values.items() if text == text}}  # noqa: PLR0124
        for of, values in zip(children.customers, children.fields.to_dict("records"), strict=True)
    ]


def codes(desired: Desired) -> list[tuple[str, str, str | None]]:
    return [(one.code, one.rows[0].where, one.key) for one in desired.rejects]


# --- in the row -----------------------------------------------------------------------------------


def test_a_row_gives_one_where_its_column_is_filled() -> None:
    desired = read(
        TOP + BILLING,
        {"No": "C-1", "Street": "12 Main", "City": "Austin"},
        {"No": "C-2", "City": "Waco"},
    )

    assert given(desired.children[ADDRESSES]) == [
        {
            "of": 0,
            "referenceId": "C-1-BILL",
            "addressLine1": "12 Main",
            "city": "Austin",
            "type": "billing",
        }
    ]
    assert [row.where for row in desired.children[ADDRESSES].rows[0]] == ["row 2"]
    assert desired.rejects == ()


def test_without_when_any_filled_column_gives_one() -> None:
    text = TOP + BILLING.replace("when: Street\n    ", "")

    desired = read(text, {"No": "C-1", "City": "Austin"}, {"No": "C-2"})

    assert [one["of"] for one in given(desired.children[ADDRESSES])] == [0]


def test_blocks_of_a_kind_add_up() -> None:
    text = TOP + BILLING + SHIP_TO.removeprefix("addresses:\n")

    desired = read(
        text,
        {"No": "C-1", "Street": "12 Main", "City": "Austin"},
        others={"Ship-to": ships(ship())},
    )

    children = desired.children[ADDRESSES]
    assert [one["referenceId"] for one in given(children)] == ["C-1-BILL", "S-1"]
    assert children.blocks.tolist() == [0, 1]


def test_a_bad_cell_rejects_the_child_alone() -> None:
    text = (
        TOP
        + "  lastName: L\n"
        + BILLING.replace("city: City", "city: {column: City, values: {A: Austin}}")
    )

    desired = read(
        text,
        {"No": "C-1", "Street": "1", "City": "X", "L": "Doe"},
        columns=("No", "Street", "City", "L"),
    )

    assert codes(desired) == [("unknown_value", "row 2", "C-1")]
    assert desired.rejects[0].child is ADDRESSES
    assert desired.customers["lastName"].tolist() == ["Doe"]
    assert len(desired.children[ADDRESSES]) == 0


def test_a_template_takes_the_customers_own_field_of_its_name() -> None:
    text = (
        TOP + "  firstName: F\n  email: M\ncontacts:\n"
        '  - {referenceId: "{referenceId}-1", firstName: "{firstName}", email: "{email}"}\n'
    )

    desired = read(
        text, {"No": "C-1", "F": "Ada", "M": "a@x.example"}, {"No": "C-2", "F": "", "M": ""}
    )

    assert given(desired.children[CONTACTS]) == [
        {"of": 0, "referenceId": "C-1-1", "firstName": "Ada", "email": "a@x.example"}
    ]


def test_a_block_that_contradicts_itself_leaves_the_other_of_its_row_alone() -> None:
    text = (
        TOP
        + BILLING
        + BILLING.removeprefix("addresses:\n")
        .replace("BILL", "SHIP")
        .replace("Billing", "shipping")
        .replace("Street", "Dock")
    )

    desired = read(
        text,
        {"No": "C-1", "Street": "1", "City": "A", "Dock": "9"},
        {"No": "C-1", "Street": "2", "City": "A", "Dock": "9"},
    )

    assert [one.code for one in desired.rejects] == ["different_child_values"]
    assert [one["referenceId"] for one in given(desired.children[ADDRESSES])] == ["C-1-SHIP"]


def test_rejects_of_one_table_stand_in_the_order_of_its_rows() -> None:
    text = (
        TOP
        + "  phone: {column: P, transforms: [phone]}\n"
        + BILLING.replace("type: {const: Billing}", "type: T")
    )

    desired = read(
        text,
        {"No": "C-1", "Street": "1", "T": "x", "P": ""},
        {"No": "C-2", "Street": "", "T": "", "P": "x"},
        {"No": "C-3", "Street": "1", "T": "x", "P": ""},
    )

    assert [one.rows[0].number for one in desired.rejects] == [2, 3, 4]


@pytest.mark.parametrize("column", ["Street", "City"])
def test_a_damaged_cell_where_the_block_looks_is_no_empty_one(column: str) -> None:
    damage = Damage(0, column, "error_value", "holds #N/A", "Mend it.", "#N/A")
    rows = table({"No": "C-1", "City": "Waco" if column == "Street" else ""}, columns=("Street",))

    desired = to_desired(
        mapping(TOP + BILLING.replace("when: Street", f"when: {column}")),
        replace(rows, damaged=(damage,)),
    )

    assert codes(desired) == [("error_value", "row 2", "C-1")]
    assert desired.keys.tolist() == ["C-1"]


# --- rows of their own ----------------------------------------------------------------------------


def test_rows_of_another_sheet_join_their_customers() -> None:
    sheet = ships(ship("C-2", "S-2", Default="yes"), ship(" C-1 ", "S-1", Default="No"))

    desired = read(TOP + SHIP_TO, {"No": "C-1"}, {"No": "C-2"}, others={"Ship-to": sheet})

    children = desired.children[ADDRESSES]
    assert [(one["of"], one["referenceId"], one["isDefault"]) for one in given(children)] == [
        (1, "S-2", "true"),
        (0, "S-1", "false"),
    ]
    assert children.rows[1][0].where == "Ship-to, row 3"
    assert desired.counts == {"": 2, "Ship-to": 2}
    assert desired.tables == {"Ship-to": SHIP_COLUMNS}


def test_the_join_is_read_as_the_customers_own_key() -> None:
    text = (
        "version: 1\ncustomer:\n  referenceId: {column: No, transforms: [{zfill: 5}]}\n" + SHIP_TO
    )

    desired = read(text, {"No": "42"}, others={"Ship-to": ships(ship("00042"), ship("42", "S-2"))})

    assert [one["of"] for one in given(desired.children[ADDRESSES])] == [0, 0]


def test_a_template_names_the_blocks_own_fields_and_the_customers_key() -> None:
    people = table({"Customer": "C-1", "First": "Ada", "Mail": "ADA@x.example"})

    desired = read(TOP + PEOPLE, {"No": "C-1"}, others={"people.csv": people})

    assert given(desired.children[CONTACTS])[0]["referenceId"] == "C-1-ada@x.example"


def test_where_leaves_rows_out() -> None:
    text = TOP + SHIP_TO.replace("    join:", "    where: {City: Waco}\n    join:")

    desired = read(
        text, {"No": "C-1"}, others={"Ship-to": ships(ship(), ship(no="S-2", City="Dallas"))}
    )

    assert len(desired.children[ADDRESSES]) == 1
    assert desired.left_out == 1


@pytest.mark.parametrize(
    ("child", "code", "key"),
    [
        (ship("C-9"), "customer_not_in_file", "C-9"),
        (ship("C-2"), "customer_rejected", "C-2"),
        (ship(""), "blank_join", None),
        (ship("1.23E+11"), "damaged_key", None),
        (ship("#N/A"), "error_value", None),
        (ship(Type="Ship"), "bad_type", "C-1"),
        (ship(Default="maybe"), "bad_boolean", "C-1"),
    ],
)
def test_what_cannot_be_used_is_rejected_and_the_rest_goes_on(
    child: Row, code: str, key: str | None
) -> None:
    text = TOP + "  phone: {column: P, transforms: [phone]}\n" + SHIP_TO

    desired = read(
        text,
        {"No": "C-1", "P": ""},
        {"No": "C-2", "P": "x"},
        others={"Ship-to": ships(child, ship(no="S-9"))},
    )

    ours = [one for one in desired.rejects if one.child is ADDRESSES]
    assert [(one.code, one.rows[0].where, one.key) for one in ours] == [
        (code, "Ship-to, row 2", key)
    ]
    assert [one["referenceId"] for one in given(desired.children[ADDRESSES])] == ["S-9"]


def test_a_row_of_which_the_customer_has_another_bad_row_is_rejected() -> None:
    text = TOP + "  phone: {column: P, transforms: [phone]}\n" + SHIP_TO

    desired = read(
        text,
        {"No": "C-1", "P": ""},
        {"No": "C-1", "P": "x"},
        others={"Ship-to": ships(ship())},
    )

    assert [one.code for one in desired.rejects if one.child] == ["customer_rejected"]


def test_an_empty_row_is_no_row() -> None:
    sheet = ships(ship(), {"Customer": " ", "Street": "\u200b"})

    desired = read(
        TOP + SHIP_TO + "children: {addresses: remove}\n", {"No": "C-1"}, others={"Ship-to": sheet}
    )

    assert desired.rejects == ()
    assert desired.left_out == 1
    assert desired.children[ADDRESSES].removes.tolist() == [True]


def test_a_row_that_another_block_takes_is_not_left_out() -> None:
    text = (
        TOP
        + "addresses:\n"
        + "".join(
            SHIP_TO.removeprefix("addresses:\n").replace(
                "    join:", f"    where: {{Type: {one}}}\n    join:"
            )
            for one in ("billing", "shipping")
        )
    )

    desired = read(
        text + "children: {addresses: remove}\n",
        {"No": "C-1"},
        {"No": "C-2"},
        others={
            "Ship-to": ships(
                ship(), ship(Type="billing"), ship(no="S-3", Type="old"), ship("C-2", "S-4")
            )
        },
    )

    assert len(desired.children[ADDRESSES]) == 3
    assert desired.left_out == 1
    assert desired.children[ADDRESSES].removes.tolist() == [False, True]


def test_rows_of_customers_that_are_left_out_or_deleted_are_left_out() -> None:
    text = TOP + "source: {action_column: Do}\n" + SHIP_TO

    desired = read(
        text,
        {"No": "C-1", "Do": "ignore"},
        {"No": "C-2", "Do": "delete"},
        others={"Ship-to": ships(ship("C-1"), ship("C-2"))},
    )

    assert len(desired.children[ADDRESSES]) == 0
    assert desired.rejects == ()
    assert desired.left_out == 3


# --- the same child twice -------------------------------------------------------------------------


def test_rows_of_one_child_are_merged_where_they_agree() -> None:
    sheet = ships(ship(City=""), ship(Street="1 Elm"))

    desired = read(TOP + SHIP_TO, {"No": "C-1"}, others={"Ship-to": sheet})

    children = desired.children[ADDRESSES]
    assert [one["city"] for one in given(children)] == ["Waco"]
    assert [row.number for row in children.rows[0]] == [2, 3]


def test_rows_of_one_child_that_contradict_are_rejected_and_its_siblings_stay() -> None:
    sheet = ships(ship(), ship(City="Dallas"), ship(no="S-2"))

    desired = read(
        TOP + SHIP_TO + "children: {addresses: remove}\n", {"No": "C-1"}, others={"Ship-to": sheet}
    )

    (reject,) = desired.rejects
    assert (reject.code, reject.column, reject.value) == (
        "different_child_values",
        "City",
        "Dallas / Waco",
    )
    assert [row.number for row in reject.rows] == [2, 3]
    children = desired.children[ADDRESSES]
    assert [one["referenceId"] for one in given(children)] == ["S-2"]
    assert not children.removes.any()


def test_an_empty_type_yields_to_the_one_that_the_other_row_has() -> None:
    desired = read(
        TOP + SHIP_TO, {"No": "C-1"}, others={"Ship-to": ships(ship(Type=""), ship(City=""))}
    )

    assert [(one["type"], one["city"]) for one in given(desired.children[ADDRESSES])] == [
        ("shipping", "Waco")
    ]


def test_rows_are_one_child_by_its_id_by_its_key_and_by_its_content() -> None:
    text = TOP + SHIP_TO + "    id: Id\n"
    sheet = ships(
        {**ship(), "Id": "addr_1"},
        ship(City=""),
        ship(no="", Street="9 OAK"),
        ship(no="", Street="9 oak"),
        ship(no="", Street=""),
        ship(no="", Street=""),
    )

    desired = read(text, {"No": "C-1"}, others={"Ship-to": sheet})

    found = [[row.number for row in rows] for rows in desired.children[ADDRESSES].rows]
    assert found == [[2, 3], [6], [7]]
    assert codes(desired) == [("different_child_values", "Ship-to, row 4", "C-1")]


def test_one_key_at_two_types_is_two_addresses() -> None:
    sheet = ships(ship(), ship(Type="billing", City="Dallas"))

    desired = read(TOP + SHIP_TO, {"No": "C-1"}, others={"Ship-to": sheet})

    assert len(desired.children[ADDRESSES]) == 2


def test_two_defaults_of_a_type_are_rejected() -> None:
    sheet = ships(
        ship(Default="yes"),
        ship(no="S-2", Default="yes"),
        ship(no="S-3", Default="yes", Type="billing"),
    )

    desired = read(TOP + SHIP_TO, {"No": "C-1"}, others={"Ship-to": sheet})

    assert [(one.code, len(one.rows)) for one in desired.rejects] == [("two_defaults", 2)]
    assert [one["referenceId"] for one in given(desired.children[ADDRESSES])] == ["S-3"]


# --- keep and remove -----------------------------------------------------------------------------

REMOVE = TOP + SHIP_TO + "children: {addresses: remove}\n"


def removes(desired: Desired) -> list[bool]:
    return desired.children[ADDRESSES].removes.tolist()


def test_only_customers_with_a_row_there_lose_any_and_the_others_are_listed() -> None:
    desired = read(REMOVE, {"No": "C-1"}, {"No": "C-2"}, others={"Ship-to": ships(ship("C-2"))})

    assert removes(desired) == [False, True]
    assert desired.children[ADDRESSES].without == ("C-1",)


def test_a_row_of_the_customers_own_tells_nothing_of_the_sheet() -> None:
    text = TOP + BILLING + SHIP_TO.removeprefix("addresses:\n")

    desired = read(
        text + "children: {addresses: remove}\n",
        {"No": "C-1", "Street": "1 Main", "City": "Waco"},
        {"No": "C-2", "Street": "2 Main", "City": "Waco"},
        others={"Ship-to": ships(ship("C-2"))},
    )

    assert removes(desired) == [False, True]
    assert desired.children[ADDRESSES].without == ("C-1",)


def test_where_all_stand_in_the_row_the_row_tells() -> None:
    desired = read(
        TOP + BILLING + "children: {addresses: remove}\n",
        {"No": "C-1", "Street": "1 Main", "City": "Waco"},
        {"No": "C-2"},
    )

    assert removes(desired) == [True, False]


@pytest.mark.parametrize("mistyped", ["c 1", "C1", "C-01"])
def test_a_customer_whose_key_may_be_mistyped_loses_none(mistyped: str) -> None:
    sheet = ships(ship(), ship(mistyped.replace("01", "1."), "S-2"), ship("C-2", "S-3"))

    desired = read(REMOVE, {"No": "C-1"}, {"No": "C-2"}, others={"Ship-to": sheet})

    assert [one.code for one in desired.rejects] == ["customer_not_in_file"]
    assert removes(desired) == [False, True]


@pytest.mark.parametrize(
    ("action", "lost"), [("", True), ("update", True), ("create", False), ("delete", False)]
)
def test_rows_to_create_lose_none(action: str, lost: bool) -> None:
    text = REMOVE + "source: {action_column: Do}\n"

    desired = read(text, {"No": "C-1", "Do": action}, others={"Ship-to": ships(ship())})

    assert removes(desired) == [lost]


def test_keep_is_the_default() -> None:
    desired = read(TOP + SHIP_TO, {"No": "C-1"}, others={"Ship-to": ships(ship())})

    assert removes(desired) == [False]
    assert desired.children[ADDRESSES].without == ()


@pytest.mark.parametrize(
    "sheet",
    [
        ships(ship(), ship(no="S-2", Type="x")),
        ships(ship(), ship("", "S-2")),
        ships(ship(), broken=(Reject("row_shape", "too short", "Mend it.", (row(9, "x"),)),)),
        ships(
            ship(),
            ship(no="S-2"),
            damaged=(Damage(1, "Customer", "error_value", "holds #N/A", "Mend it.", "#N/A"),),
        ),
    ],
    ids=["a bad child", "a blank join", "a broken row", "a damaged join"],
)
def test_where_not_all_of_the_rows_can_be_read_nobody_concerned_loses_any(sheet: Table) -> None:
    desired = read(REMOVE, {"No": "C-1"}, others={"Ship-to": sheet})

    assert removes(desired) == [False]


def test_a_customers_key_that_cannot_be_read_spares_everybody() -> None:
    desired = read(
        REMOVE, {"No": "C-1"}, {"No": "", "City": "x"}, others={"Ship-to": ships(ship())}
    )

    assert removes(desired) == [False]


def test_our_own_file_of_rejected_rows_removes_nothing_and_needs_no_customer_row() -> None:
    sheet = ships(ship(), ship("C-7", "S-7"))

    desired = read(
        REMOVE,
        {"No": "C-1", RUN_COLUMN: "run"},
        columns=("No", "Street", "City", RUN_COLUMN),
        others={"Ship-to": sheet},
    )

    assert removes(desired) == [False, False]
    assert (desired.keys.tolist(), desired.actions.tolist()) == (
        ["C-1", "C-7"],
        ["upsert", "update"],
    )
    assert desired.rows(1) == ()
    assert [one["of"] for one in given(desired.children[ADDRESSES])] == [0, 1]
    assert desired.rejects == ()


def test_a_mended_row_of_somebody_elses_customer_is_rejected() -> None:
    desired = read(
        REMOVE + "scope: {referenceId: {prefix: C-}}\n",
        {"No": "C-1", RUN_COLUMN: "run"},
        columns=("No", "Street", "City", RUN_COLUMN),
        others={"Ship-to": ships(ship("X-9"))},
    )

    assert desired.keys.tolist() == ["C-1"]
    assert codes(desired) == [("customer_not_in_file", "Ship-to, row 2", "X-9")]


def test_a_sheet_that_is_not_in_our_own_file_has_no_rows() -> None:
    desired = read(
        REMOVE, {"No": "C-1", RUN_COLUMN: "run"}, columns=("No", "Street", "City", RUN_COLUMN)
    )

    assert len(desired.children[ADDRESSES]) == 0


# --- attributes, countries, damage ----------------------------------------------------------------

DOCK = Attribute("attr_dock", "Dock", "select", ("North", "South"))


def test_attributes_of_a_child() -> None:
    text = TOP + SHIP_TO + "    attributes: {dock: City}\n"

    desired = read(
        text,
        {"No": "C-1"},
        others={"Ship-to": ships(ship(City=" north "), ship(no="S-2"))},
        lists=Lists(attributes={"address": (DOCK,)}),
    )

    assert given(desired.children[ADDRESSES])[0]["attributes.Dock"] == "North"
    assert codes(desired) == [("unknown_option", "Ship-to, row 3", "C-1")]


def test_an_attribute_that_the_account_lacks_is_the_mappings_fault() -> None:
    text = TOP + SHIP_TO + "    attributes: {Dok: City}\n"

    with pytest.raises(MappingError, match='no attribute "Dok"') as caught:
        read(
            text,
            {"No": "C-1"},
            others={"Ship-to": ships(ship())},
            lists=Lists(attributes={"address": (DOCK,)}),
        )

    assert caught.value.where == "mapping.yaml, line 12"
    assert caught.value.hint == 'Did you mean "Dock"?'


def test_phones_and_states_are_read_by_the_rows_country() -> None:
    text = TOP + SHIP_TO.replace(
        "    isDefault: Default\n",
        "    country: {column: Default, transforms: [country]}\n"
        "    phone: {column: Ship No, transforms: [phone]}\n"
        "    state: {column: City, transforms: [state]}\n",
    ).replace("referenceId: Ship No", "referenceId: '{referenceId}-{phone}'").replace(
        "city: City", "city: {const: X}"
    )
    sheet = ships(
        ship(no="030 12345678", City="bayern", Default="Germany"),
        ship(no="512 555 0142", City="texas", Default="USA"),
    )

    desired = read(text, {"No": "C-1"}, others={"Ship-to": sheet})

    assert [(one["phone"], one["state"]) for one in given(desired.children[ADDRESSES])] == [
        ("+493012345678", "BY"),
        ("+15125550142", "TX"),
    ]


def test_a_damaged_cell_never_clears() -> None:
    damage = Damage(
        0, "City", "no_value", "holds a formula without a result", "Save it again.", "=A1"
    )
    text = TOP + "blank: clear\n" + SHIP_TO

    desired = read(text, {"No": "C-1"}, others={"Ship-to": ships(ship(City=""), damaged=(damage,))})

    assert codes(desired) == [("no_value", "Ship-to, row 2", "C-1")]
    assert len(desired.children[ADDRESSES]) == 0


# --- what the mapping says beyond that -------------------------------------------------------------


def test_rules_of_blocks() -> None:
    text = TOP + BILLING.replace(
        "city: City", "city: {column: City, write: if_empty, required: true}"
    )
    (block,) = rules(mapping(text), table(columns=("No", "Street", "City"))).blocks

    assert (block.kind, block.place) == (ADDRESSES, "")
    assert block.columns == {
        "referenceId": "",
        "addressLine1": "Street",
        "city": "City",
        "type": "",
    }
    assert (block.write, block.required) == ({"city": Write.IF_EMPTY}, {"city"})


def needed(text: str) -> tuple[Sequence[str], MappingFile]:
    read = mapping(text)
    return [one.place for one in read.other_tables], read


def test_other_tables_and_what_the_account_is_asked_for() -> None:
    places, read = needed(
        TOP + "  priceList: T\n  phone: {column: P, lookup: {file: p.csv, key: K, value: V}}\n"
        "attributes: {Industry: S}\n" + SHIP_TO + PEOPLE
    )

    assert places == ["Ship-to", "people.csv", "p.csv"]
    assert [one.beside_mapping for one in read.other_tables] == [False, False, True]
    assert (read.needs.price_lists, read.needs.sales_reps) == (True, False)
    assert read.needs.attributes == ("customer",)
    assert not mapping(TOP + SHIP_TO).needs


def test_a_block_that_tells_by_id_may_leave_the_rest_out() -> None:
    text = TOP + "contacts:\n  - {id: Contact, phone: P}\n"

    desired = read(text, {"No": "C-1", "Contact": "con_1", "P": "1"})

    assert given(desired.children[CONTACTS]) == [{"of": 0, "id": "con_1", "phone": "1"}]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            BILLING.replace("    city: City\n", ""),
            "The block does not say where the city comes from",
        ),
        (BILLING.replace("Billing", "home"), '"home" is no type of address.'),
        (BILLING.replace("when: Street", "join: Street"), '"join" goes with "sheet" or "file"'),
        (
            SHIP_TO.replace("    join: Customer\n", ""),
            '"join" is missing: it says whose each row is.',
        ),
        (BILLING.replace("}-BILL", "}-{zipCode}"), 'names "zipCode", which neither this block nor'),
        (BILLING.replace("City", '"{city}x"'), 'The template "{city}x" of "city" names itself.'),
        (BILLING + "    isDefault: {const: maybe}\n", '"maybe" is neither yes nor no.'),
        (BILLING + "    isDefault: {column: S, default: so}\n", '"so" is neither yes nor no.'),
        (BILLING.replace("{const: Billing}", "'{city}'"), '"type" cannot be a template.'),
        (
            SHIP_TO + SHIP_TO.removeprefix("addresses:\n") + "    header_row: 3\n",
            'Another block reads "Ship-to" with its headers in row 1, and this one in row 3.',
        ),
        (
            "  phone: {column: P, lookup: {file: people.csv, key: K, value: V}}\n" + PEOPLE,
            '"people.csv" is a file of addresses or contacts',
        ),
        (
            BILLING + "    state: {column: S, lookup: {account: price_lists}}\n",
            "state holds none of the account's lists.",
        ),
        (BILLING + '    state: {column: S, split: ";"}\n', '"state" takes one value'),
        (
            BILLING + "    state: {column: S, transforms: [state]}\n",
            "does not say of which country",
        ),
        (BILLING + "    status: S\n", 'The field "status" cannot be written'),
    ],
)
def test_what_a_block_cannot_be(text: str, message: str) -> None:
    assert message in refused(TOP + text)[0]


def test_a_join_column_that_is_not_there() -> None:
    text = mapping(TOP + SHIP_TO.replace("join: Customer", "join: Custmer"))

    with pytest.raises(MappingError, match='has no column "Custmer"') as caught:
        to_desired(text, table({"No": "C-1"}), others={"Ship-to": ships(ship())})

    assert "line 6" in (caught.value.where or "")
    assert '"Customer"' in (caught.value.hint or "")
