"""A mapping that extends another."""

from __future__ import annotations

from pathlib import Path

import pytest

from wizsync.errors import MappingError
from wizsync.mapping import load, resolved_text

HOUSE = """version: 1
mode: update
customer:
  referenceId: {transforms: [upper]}
  companyName: {column: Company, required: true}
  phone: {transforms: [{phone: US}]}
  email: {column: Mail, transforms: [lower]}
  paymentTerm: {column: Terms, values: {"30": net30}}
guard: {max_deletes: 3, max_updates: 10%}
"""


@pytest.fixture
def house(tmp_path: Path) -> Path:
    (tmp_path / "house.yaml").write_text(HOUSE, encoding="utf-8")
    return tmp_path


def own(folder: Path, text: str, name: str = "own.yaml") -> Path:
    path = folder / name
    path.write_text(f"extends: house.yaml\nversion: 1\n{text}", encoding="utf-8")
    return path


def test_key_by_key_and_the_files_own_wins(house: Path) -> None:
    schema = load(
        own(
            house,
            "mode: upsert\ncustomer:\n  referenceId: No\n  email: {column: E-mail}\n"
            "  companyName: {const: Acme}\nguard: {max_deletes: 5}\n",
        )
    ).schema

    assert schema.mode == "upsert"
    key = schema.customer["referenceId"]
    assert (key.column, [step.transform.name for step in key.transforms]) == ("No", ["upper"])
    email = schema.customer["email"]
    assert (email.column, [step.transform.name for step in email.transforms]) == (
        "E-mail",
        ["lower"],
    )
    assert schema.customer["companyName"].const == "Acme"
    assert schema.customer["paymentTerm"].values == {"30": "net30"}
    assert (schema.guard.max_deletes.count, schema.guard.max_updates.share) == (5, 0.1)


def test_a_field_without_a_column_anywhere_is_left_out(house: Path) -> None:
    assert "phone" not in load(own(house, "customer: {referenceId: No}\n")).schema.customer


@pytest.mark.parametrize(
    ("theirs", "mine", "became"),
    [
        ("email: Mail", "email: {blank: clear}", {"column": "Mail", "blank": "clear"}),
        ("email: '{referenceId}@x'", "email: Mail", {"column": "Mail"}),
        ("email: {column: A, values: {a: b}}", "email: {values: {c: d}}", {"values": {"c": "d"}}),
        (
            "email: {column: A, values: {a: b}}",
            "email: {lookup: {file: f.csv, key: K, value: V}}",
            {"column": "A", "values": None},
        ),
    ],
)
def test_a_field_of_both(house: Path, theirs: str, mine: str, became: dict[str, object]) -> None:
    (house / "house.yaml").write_text(f"version: 1\ncustomer: {{{theirs}}}\n", encoding="utf-8")

    field = load(own(house, f"customer: {{referenceId: No, {mine}}}\n")).schema.customer["email"]

    assert {name: getattr(field, name) for name in became} == became


def test_a_friendlier_name_stands_for_the_same_field(house: Path) -> None:
    (house / "house.yaml").write_text("version: 1\ncustomer: {priceList: Tier}\n", encoding="utf-8")

    fields = load(own(house, "customer: {referenceId: No, assignedPriceListId: Id}\n")).schema

    assert fields.customer["assignedPriceListId"].column == "Id"


def test_lists_are_replaced_whole(house: Path) -> None:
    contact = "contacts:\n  - {{referenceId: {0}, firstName: F, email: {1}}}\n"
    (house / "house.yaml").write_text(HOUSE + contact.format("A", "B"), encoding="utf-8")

    schema = load(own(house, "customer: {referenceId: No}\n" + contact.format("X", "Y"))).schema

    assert [block.email.column for block in schema.contacts] == ["Y"]


def test_a_mapping_extends_one_that_extends_one(house: Path) -> None:
    own(house, "mode: create\ncustomer: {referenceId: No}\n", "middle.yaml")
    (house / "top.yaml").write_text(
        "extends: middle.yaml\nversion: 1\ncustomer: {phone: Phone}\n", encoding="utf-8"
    )

    schema = load(house / "top.yaml").schema

    assert schema.mode == "create"
    assert [step.transform.name for step in schema.customer["phone"].transforms] == ["phone"]
    assert schema.customer["paymentTerm"].column == "Terms"


def test_the_digest_is_that_of_all_files(house: Path) -> None:
    path = own(house, "customer: {referenceId: No}\n")
    before = load(path).digest

    (house / "house.yaml").write_text(HOUSE.replace("10%", "11%"), encoding="utf-8")

    assert load(path).digest != before


def test_a_fault_is_told_where_it_stands(house: Path) -> None:
    (house / "house.yaml").write_text(
        HOUSE.replace("mode: update", "mode: updat"), encoding="utf-8"
    )

    with pytest.raises(MappingError) as caught:
        load(own(house, "customer: {referenceId: No}\n"))

    assert caught.value.where == "house.yaml, line 2"


def test_and_one_of_the_files_own_there(house: Path) -> None:
    with pytest.raises(MappingError) as caught:
        load(own(house, "customer: {referenceId: No, email: {colum: X}}\n"))

    assert caught.value.where == "own.yaml, line 3"


def test_resolved_it_means_the_same_by_itself(house: Path) -> None:
    extended = load(own(house, 'customer:\n  referenceId: No\n  email: {column: "007"}\n'))
    alone = house / "alone.yaml"

    alone.write_text(resolved_text(extended), encoding="utf-8")

    assert load(alone).schema == extended.schema.model_copy(update={"extends": None})


def test_a_circle(house: Path) -> None:
    (house / "house.yaml").write_text(f"extends: own.yaml\n{HOUSE}", encoding="utf-8")

    with pytest.raises(
        MappingError, match=r"circle: own\.yaml → house\.yaml → own\.yaml"
    ) as caught:
        load(own(house, "customer: {referenceId: No}\n"))

    assert caught.value.where == "house.yaml, line 1; own.yaml, line 1"


def test_one_that_is_not_there(house: Path) -> None:
    (house / "house.yaml").unlink()

    with pytest.raises(MappingError, match="There is no mapping") as caught:
        load(own(house, "customer: {referenceId: No}\n"))

    assert caught.value.where == "own.yaml, line 1"


def test_another_version(house: Path) -> None:
    (house / "house.yaml").write_text(HOUSE.replace("version: 1", "version: 2"), encoding="utf-8")

    with pytest.raises(MappingError, match="not of the version") as caught:
        load(own(house, "customer: {referenceId: No}\n"))

    assert caught.value.where == "house.yaml, line 1; own.yaml, line 1"
