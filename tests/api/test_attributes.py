"""Attributes: texts here, values of their data types on the wire, the same again when they are read."""

from __future__ import annotations

import pytest

from tests.conftest import StartSandbox
from wizsync.api import WizCommerce, definitions, update_request, written_fields
from wizsync.api.attributes import values_read, values_written
from wizsync.api.models import Attribute
from wizsync.errors import RequestRefused
from wizsync.model import LIST_SEPARATOR

KINDS = ("text", "number", "boolean", "date", "select", "multi_select")


def attribute(data_type: str | None = "text", identifier: str = "a1", **more: object) -> Attribute:
    return Attribute.model_validate(
        {"id": identifier, "name": "Size", "entity": "customer", "data_type": data_type, **more}
    )


def sent(text: str, data_type: str | None) -> object:
    known = definitions([attribute(data_type)])
    (value,) = values_written({"attributes.Size": text, "phone": "1"}, known)
    assert value.name == "a1"
    return value.value


def read(value: object) -> str:
    return values_read([attribute(value=value)])["attributes.Size"]


@pytest.mark.parametrize(
    ("data_type", "text", "value"),
    [
        ("text", "007", "007"),
        (None, "007", "007"),
        ("colour", "red", "red"),
        ("number", "12", 12),
        ("number", "-0.5", -0.5),
        ("number", "12.00", 12),
        ("number", "12345678901234567890", 12345678901234567890),
        ("boolean", "true", True),
        ("boolean", "false", False),
        ("date", "2026-03-04", "2026-03-04"),
        ("select", "Retail", "Retail"),
        ("multi_select", "Green", ["Green"]),
        ("multi_select", f"Blue{LIST_SEPARATOR}Green", ["Blue", "Green"]),
        *((kind, "", "") for kind in KINDS if kind != "multi_select"),
        ("multi_select", "", []),
    ],
)
def test_a_text_is_sent_as_what_its_attribute_is(
    data_type: str | None, text: str, value: object
) -> None:
    assert sent(text, data_type) == value
    assert type(sent(text, data_type)) is type(value)
    assert read(value) == ("12" if text == "12.00" else text)


@pytest.mark.parametrize(
    "text", ["lots", "NaN", "sNaN", "Infinity", "-inf", "1e400", "1e999999999", "1_000", " 5", "٣"]
)
def test_what_is_no_plain_number_is_left_to_the_server_to_refuse(text: str) -> None:
    assert sent(text, "number") == text


def test_what_is_no_boolean_is_left_to_the_server_to_refuse() -> None:
    assert sent("yes", "boolean") == "yes"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("", ""),
        ([], ""),
        (1.0, "1"),
        (1e21, "1" + "0" * 21),
        (0.1, "0.1"),
        (["b", "a"], f"a{LIST_SEPARATOR}b"),
        ([True, 2], f"2{LIST_SEPARATOR}true"),
    ],
)
def test_a_value_is_read_as_one_text_however_it_is_written(value: object, text: str) -> None:
    assert read(value) == text


def test_attributes_that_share_a_name_go_by_their_ids() -> None:
    twins = [attribute(identifier="a1", value="x"), attribute(identifier="a2", value="y")]
    assert values_read(twins) == {"attributes.a1": "x", "attributes.a2": "y"}
    (value,) = values_written({"attributes.a2": "z"}, definitions(twins))
    assert (value.name, value.value) == ("a2", "z")


def test_one_that_is_not_known_is_sent_by_its_name() -> None:
    (value,) = values_written({"attributes.Colour": "red"}, {})
    assert (value.name, value.value) == ("Colour", "red")


@pytest.mark.anyio
async def test_every_data_type_comes_back_as_it_was_sent(
    start_sandbox: StartSandbox, dialect: str
) -> None:
    sandbox = start_sandbox(dialect=dialect)
    customer = sandbox.add(reference_id="K", name="Pier", display_name="Pier")
    values = {"text": "007", "number": "1000.5", "boolean": "false", "date": "2026-03-04"}
    values |= {"select": "A", "multi_select": f"A{LIST_SEPARATOR}B"}
    sandbox.set_lookup(
        "attributes",
        [
            {"id": f"a-{kind}", "name": kind, "entity": "customer", "data_type": kind}
            | ({"options": ["A", "B"]} if "select" in kind else {})
            for kind in KINDS
        ],
    )
    async with WizCommerce(sandbox.base_url, sandbox.key, rate=1000) as wiz:
        known = definitions([each async for each in wiz.attributes("customer")])
        fields = {f"attributes.{kind}": text for kind, text in values.items()}
        await wiz.customers.update(customer["id"], update_request(fields, {}, {"customer": known}))
        details = written_fields(await wiz.customers.get(customer["id"]), listed=False)
        assert {name: details[name] for name in fields} == fields
        assert sandbox.customer("K")["attributes"]["a-boolean"] is False

        emptied = dict.fromkeys(fields, "")
        await wiz.customers.update(customer["id"], update_request(emptied, {}, {"customer": known}))
        details = written_fields(await wiz.customers.get(customer["id"]), listed=False)
        assert {name: details[name] for name in fields} == emptied

        wrong = update_request({"attributes.number": "lots"}, {}, {"customer": known})
        with pytest.raises(RequestRefused) as caught:
            await wiz.customers.update(customer["id"], wrong)
        assert caught.value.status == 422
        assert caught.value.details[0].field.startswith("attributes[0]")
