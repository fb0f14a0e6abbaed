import sqlite3

import httpx
import pytest

from wizsync.sandbox import SandboxOptions, running
from wizsync.sandbox.problems import Problem

PATHS = {"price_lists": "price-lists", "sales_reps": "sales-reps", "attributes": "attributes"}


def control(api, method, path, body=None):
    return httpx.request(method, f"{api.sandbox.control_url}/{path}", json=body)


def _identifier(record):
    return record["id"]


def attribute(**keys):
    return {"id": "attr_1", "name": "Size", "entity": "address", "data_type": "text"} | keys


@pytest.mark.parametrize(("name", "path"), PATHS.items())
def test_they_are_read_through_the_control_address(api, name, path):
    kept = control(api, "GET", path).json()
    assert kept == api.sandbox.lookup(name)
    answered = api.open(api.send("GET", f"/{path}", page_size=100))
    # Answers have attributes by their entity.
    assert sorted(kept, key=_identifier) == sorted(answered, key=_identifier)


@pytest.mark.parametrize(
    ("path", "sent", "stored"),
    [
        (
            "price-lists",
            {"id": "pl_1", "name": "Retail", "reference_id": "R"},
            {"reference_id": "R", "status": "active", "currency": None},
        ),
        (
            "sales-reps",
            {"id": "rep_1", "email": "ann@brand.example", "status": "inactive"},
            {"first_name": None, "last_name": None},
        ),
        (
            "attributes",
            attribute(data_type="select", options=["S", "M"]),
            {
                "created_at": "2019-01-07T14:00:00.000000Z",
                "updated_at": "2019-01-07T14:00:00.000000Z",
            },
        ),
    ],
)
def test_they_are_replaced_through_the_control_address(start, path, sent, stored):
    api = start(control=True)
    answer = control(api, "PUT", path, [sent])
    assert answer.status_code == 200
    assert answer.json() == [sent | stored]
    assert control(api, "GET", path).json() == answer.json()
    assert api.open(api.send("GET", f"/{path}")) == answer.json()
    assert control(api, "PUT", path, []).json() == []
    assert api.open(api.send("GET", f"/{path}")) == []
    assert api.sandbox.counts()["total"] == 2, "control is not counted"


def test_what_is_wrong_with_them_is_named(start):
    api = start(control=True)
    before = {name: api.sandbox.lookup(name) for name in PATHS}
    for path, body, reasons in (
        (
            "price-lists",
            [{"id": 7, "name": "", "colour": 1}, "Retail"],
            {
                "[0].id": "must be a string",
                "[0].name": "is required",
                "[0].colour": "unknown field",
                "[1]": "must be an object",
            },
        ),
        ("price-lists", [{"id": "a", "name": "A"}] * 2, {"[1].id": "is doubled"}),
        ("sales-reps", [{"email": "a@b.example"}], {"[0].id": "is required"}),
        (
            "attributes",
            [attribute(entity="order", data_type="colour", options="red")],
            {
                "[0].entity": "must be one of: customer, address, contact",
                "[0].data_type": (
                    "must be one of: text, number, boolean, select, date, multi_select"
                ),
                "[0].options": "must be an array of strings",
            },
        ),
        (
            "attributes",
            [{"id": "a", "name": "A"}],
            {"[0].entity": "is required", "[0].data_type": "is required"},
        ),
    ):
        assert api.refused(control(api, "PUT", path, body)) == reasons
    api.refused(control(api, "PUT", "price-lists", {"id": "a"}), 400)
    assert httpx.put(f"{api.sandbox.control_url}/price-lists", content=b"[").status_code == 400
    assert {name: api.sandbox.lookup(name) for name in PATHS} == before


def test_the_same_from_python(start):
    api = start()
    records = api.sandbox.lookup("price_lists")
    records[0]["status"] = "inactive"
    assert api.sandbox.lookup("price_lists")[0]["status"] == "active", "it was a copy"
    api.sandbox.set_lookup("price_lists", records)
    assert api.open(api.send("GET", "/price-lists"))[0]["status"] == "inactive"
    with pytest.raises(Problem):
        api.sandbox.set_lookup("sales_reps", [{"name": "Ann"}])
    assert control(api, "GET", "price-lists").status_code == 404, "it is closed"


def test_writes_go_by_them(start):
    api = start()
    price_list = "assigned_price_list_id" if api.dialect == "snake" else "assignedPriceListID"
    api.sandbox.set_lookup("price_lists", [{"id": "pl_1", "name": "Retail"}])
    api.sandbox.set_lookup("sales_reps", [{"id": "rep_1", "first_name": "Ann"}])
    api.sandbox.set_lookup("attributes", [attribute(data_type="multi_select", options=["S", "M"])])
    made = api.create(
        assigned_sales_rep_ids=["rep_1"],
        addresses=[api.address(attributes=[{"name": "Size", "value": ["M"]}])],
        **{price_list: "pl_1"},
    )
    assert made[api.word("assigned_price_list")] == {"id": "pl_1", "name": "Retail"}
    assert [rep["name"] for rep in made[api.word("assigned_sales_reps")]] == ["Ann"]
    assert made["addresses"][0]["attributes"][0]["value"] == ["M"]
    refused = api.refused(
        api.post(
            assigned_sales_rep_ids=["rep_01"],
            attributes=[{"name": "Size", "value": ["M"]}],
            **{price_list: "pl_wholesale"},
        )
    )
    assert refused == {
        f"{api.word('assigned_sales_rep_ids')}[0]": "no such sales rep",
        price_list: "no such price list",
        "attributes[0].name": "no such attribute",
    }


def test_what_is_gone_shows_no_more_until_it_is_back(start):
    api = start(customers=40)
    before = [api.get(customer["id"]) for customer in api.sandbox.customers()]
    kept = {name: api.sandbox.lookup(name) for name in PATHS}
    for name in PATHS:
        api.sandbox.set_lookup(name, [])
    for customer in before:
        bare = api.get(customer["id"])
        assert bare[api.word("assigned_sales_reps")] == bare["attributes"] == []
        assert bare[api.word("assigned_price_list")] is None
    for name, records in kept.items():
        api.sandbox.set_lookup(name, records)
    assert [api.get(customer["id"]) for customer in before] == before


def test_they_are_kept_in_the_file(tmp_path):
    options = SandboxOptions(db=tmp_path / "account.db", customers=2)
    with running(options) as sandbox:
        sandbox.set_lookup("price_lists", [{"id": "pl_1", "name": "Zoë"}])
        reps = sandbox.lookup("sales_reps")
    with running(options) as sandbox:
        assert [each["name"] for each in sandbox.lookup("price_lists")] == ["Zoë"]
        assert sandbox.lookup("sales_reps") == reps


def test_a_file_from_before_they_could_be_changed_is_used(tmp_path):
    options = SandboxOptions(db=tmp_path / "account.db", customers=2)
    with running(options) as sandbox:
        customers, lists = sandbox.customers(), sandbox.lookup("price_lists")
    with sqlite3.connect(options.db) as other:
        other.execute("DROP TABLE lookups")
    other.close()
    with running(options) as sandbox:
        assert sandbox.customers() == customers
        assert sandbox.lookup("price_lists") == lists
        sandbox.set_lookup("price_lists", [])
    with running(options) as sandbox:
        assert sandbox.lookup("price_lists") == []
