"""Every method of the API page, in both dialects."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

CHILD = {
    "snake": {
        "addresses": {
            "id",
            "customer_id",
            "reference_id",
            "address_line_1",
            "address_line_2",
            "city",
            "state",
            "country",
            "zip_code",
            "first_name",
            "last_name",
            "phone",
            "email",
            "type",
            "status",
            "is_default",
            "attributes",
            "created_at",
            "updated_at",
        },
        "contacts": {
            "id",
            "reference_id",
            "first_name",
            "last_name",
            "email",
            "phone",
            "designation",
            "status",
            "is_default",
            "attributes",
            "created_at",
            "updated_at",
        },
    },
    "camel": {
        "addresses": {
            "id",
            "customerId",
            "referenceId",
            "addressLine1",
            "addressLine2",
            "city",
            "state",
            "country",
            "zipCode",
            "firstName",
            "lastName",
            "phone",
            "email",
            "type",
            "status",
            "isDefault",
            "attributes",
            "createdAt",
            "updatedAt",
        },
        "contacts": {
            "id",
            "referenceId",
            "firstName",
            "lastName",
            "email",
            "phone",
            "designation",
            "status",
            "isDefault",
            "attributes",
            "createdAt",
            "updatedAt",
        },
    },
}
# Every field that a create may carry, as the API page spells it.
WHOLE = {
    "snake": {
        "company_name": "Bluebird Ltd",
        "display_name": "Bluebird",
        "reference_id": "WHOLE",
        "freight_term": "prepaid",
        "shipping_method": "ups_ground",
        "payment_mode": "check",
        "payment_term": "net30",
        "first_name": "Ann",
        "last_name": "Lee",
        "phone": "+12065550100",
        "email": "ann@bluebird.example",
        "assigned_sales_rep_ids": ["rep_01"],
        "assigned_price_list_id": "pl_keystone",
        "addresses": [
            {
                "reference_id": "A1",
                "address_line_1": "1 Main St",
                "address_line_2": "Suite 2",
                "city": "Boise",
                "state": "ID",
                "country": "US",
                "zip_code": "83701",
                "type": "shipping",
                "first_name": "Bo",
                "last_name": "Ray",
                "phone": "+12085550100",
                "email": "bo@bluebird.example",
                "is_default": True,
                "attributes": [{"name": "Dock Notes", "value": "Ring"}],
            }
        ],
        "contacts": [
            {
                "reference_id": "C1",
                "first_name": "Cy",
                "last_name": "Fox",
                "email": "cy@bluebird.example",
                "phone": "+12085550101",
                "designation": "Buyer",
                "is_default": True,
                "attributes": [{"name": "attr_channel", "value": "Email"}],
            }
        ],
        "attributes": [{"name": "Industry", "value": "Grocery"}],
    },
    "camel": {
        "companyName": "Bluebird Ltd",
        "displayName": "Bluebird",
        "referenceId": "WHOLE",
        "freightTerm": "prepaid",
        "shippingMethod": "ups_ground",
        "paymentMode": "check",
        "paymentTerm": "net30",
        "firstName": "Ann",
        "lastName": "Lee",
        "phone": "+12065550100",
        "email": "ann@bluebird.example",
        "assignedSalesRepIds": ["rep_01"],
        "assignedPriceListID": "pl_keystone",
        "addresses": [
            {
                "referenceId": "A1",
                "addressLine1": "1 Main St",
                "addressLine2": "Suite 2",
                "city": "Boise",
                "state": "ID",
                "country": "US",
                "zipCode": "83701",
                "type": "shipping",
                "firstName": "Bo",
                "lastName": "Ray",
                "phone": "+12085550100",
                "email": "bo@bluebird.example",
                "isDefault": True,
                "attributes": [{"name": "Dock Notes", "value": "Ring"}],
            }
        ],
        "contacts": [
            {
                "referenceId": "C1",
                "firstName": "Cy",
                "lastName": "Fox",
                "email": "cy@bluebird.example",
                "phone": "+12085550101",
                "designation": "Buyer",
                "isDefault": True,
                "attributes": [{"name": "attr_channel", "value": "Email"}],
            }
        ],
        "attributes": [{"name": "Industry", "value": "Grocery"}],
    },
}
# Written and read differently, so compared on their own.
SPECIAL = {"company_name", "assigned_sales_rep_ids", "assigned_price_list_id", "attributes"}
SPECIAL |= {"companyName", "assignedSalesRepIds", "assignedPriceListID", "addresses", "contacts"}


def test_a_customer_lives_and_dies(start):
    api = start()
    answer = api.send("POST", "/customers", WHOLE[api.dialect])
    assert answer.status_code == 201
    made = api.open(answer)
    assert (api.dialect == "snake") is ("data" in answer.json())
    body = WHOLE[api.dialect]
    assert {k: made[k] for k in body.keys() - SPECIAL} == {
        k: body[k] for k in body.keys() - SPECIAL
    }
    for kind in ("addresses", "contacts"):
        (child,), (sent,) = made[kind], body[kind]
        assert child.keys() == CHILD[api.dialect][kind]
        assert {name: child[name] for name in sent if name != "attributes"} == {
            name: value for name, value in sent.items() if name != "attributes"
        }
    assert made["status"] == "active"
    assert made["addresses"][0][api.word("customer_id")] == made["id"]

    changed = api.update(made["id"], phone="+12065550199")
    differing = {name for name in made if made[name] != changed[name]}
    assert differing == {"phone", api.word("updated_at")}
    assert changed[api.word("updated_at")] > made[api.word("updated_at")]
    assert api.get(made["id"]) == changed

    gone = api.send("DELETE", f"/customers/{made['id']}")
    assert (gone.status_code, gone.content) == (204, b"")
    for method, body in (("GET", None), ("PATCH", {}), ("DELETE", None)):
        answer = api.send(method, f"/customers/{made['id']}", body)
        assert api.refused(answer, 404) == {}
    assert api.page() == []


@pytest.mark.parametrize("kind", ["addresses", "contacts"])
def test_a_child_lives_and_dies_beside_its_siblings(api, kind):
    fill = api.address if kind == "addresses" else api.contact
    made = api.create(**{kind: [fill(reference_id="K1")]})
    path = f"/customers/{made['id']}/{kind}"
    answer = api.send("POST", path, api.words(fill(reference_id="K2")))
    assert answer.status_code == 201
    child = api.open(answer)
    assert child.keys() == CHILD[api.dialect][kind]
    assert api.open(api.send("GET", f"{path}/{child['id']}")) == child

    edited = api.send(
        "PUT", f"{path}/{child['id']}", api.words(fill(reference_id="K3", phone="+12065550100"))
    )
    assert edited.status_code == 200
    assert api.open(edited)["phone"] == "+12065550100"
    listed = api.send("GET", path)
    assert [each[api.word("reference_id")] for each in api.open(listed)] == ["K1", "K3"]
    assert ("pagination" in listed.json()) is (api.dialect == "snake")

    assert api.send("DELETE", f"{path}/{child['id']}").status_code == 204
    assert api.send("DELETE", f"{path}/{child['id']}").status_code == 404
    assert api.send("GET", f"{path}/{child['id']}").status_code == 404
    assert api.get(made["id"])[kind] == made[kind]

    other = api.words(fill(id="x"))
    name = {"addresses": "address", "contacts": "contact"}[kind]
    assert api.refused(api.send("PUT", f"{path}/{made[kind][0]['id']}", other)) == {
        "id": f"is not the id of the {name} asked for"
    }
    assert api.refused(api.send("POST", path, {})).keys() >= {api.word("reference_id")}
    assert api.send("GET", f"/customers/nobody/{kind}").status_code == 404
    elsewhere = f"/customers/{api.create()['id']}/{kind}/{made[kind][0]['id']}"
    assert api.send("DELETE", elsewhere).status_code == 404


def test_look_ups_have_snake_names_in_both_dialects(api):
    lists = api.open(api.send("GET", "/price-lists"))
    assert {frozenset(each) for each in lists} == {
        frozenset({"id", "reference_id", "name", "status", "currency"})
    }
    reps = api.open(api.send("GET", "/sales-reps"))
    assert {frozenset(each) for each in reps} == {
        frozenset({"id", "email", "first_name", "last_name", "status"})
    }
    assert {rep["status"] for rep in reps} == {"active", "inactive"}
    one = api.open(api.send("GET", "/sales-reps", email="marcus.bell@brand.example"))
    assert [rep["id"] for rep in one] == ["rep_02"]
    assert api.open(api.send("GET", "/sales-reps", email="nobody@brand.example")) == []

    for entity in ("customer", "address", "contact"):
        attributes = api.open(api.send("GET", "/attributes", entity=entity))
        assert {each["entity"] for each in attributes} == {entity}
        assert {"id", "name", "data_type", "options", "created_at", "updated_at"} < attributes[
            0
        ].keys()
    assert "entity" in api.refused(api.send("GET", "/attributes", entity="order"))


def test_look_ups_are_paged(api):
    first = api.send("GET", "/price-lists", page_size=5)
    second = api.send("GET", "/price-lists", page_size=5, page=2)
    ids = [each["id"] for each in api.open(first) + api.open(second)]
    assert len(ids) == len(set(ids)) == 9
    assert api.open(api.send("GET", "/price-lists", page_size=5, page=3)) == []
    if api.dialect == "snake":
        assert second.json()["pagination"]["total_records"] == 9
    assert "page_size" in api.refused(api.send("GET", "/price-lists", page_size=101))


def test_attributes_are_read_with_their_value_where_one_is_set(api):
    made = api.create(
        attributes=[
            {"name": "Annual Revenue", "value": 1200.5},
            {"name": "attr_key_account", "value": True},
            {"name": "Tax ID", "value": "12-3"},
        ]
    )
    values = {each["name"]: each.get("value", "none") for each in made["attributes"]}
    assert values == {
        "Industry": "none",
        "Annual Revenue": 1200.5,
        "Store Count": "none",
        "Tax ID": "12-3",
        "Key Account": True,
        "Customer Since": "none",
        "Product Categories": "none",
    }


def test_a_token_is_given_for_a_year(api):
    url = api.sandbox.base_url.removesuffix("/v1") + "/auth/token"
    who = {"email": "ann@brand.example", "password": "sandbox-password"}
    answer = httpx.post(url, json=who)
    assert answer.status_code == 200
    token = answer.json()
    assert token.keys() == {"access_token", "token_id", "token_type", "expires_at", "user"}
    assert token["access_token"] == api.sandbox.key
    assert token["user"]["tenant_id"]
    left = datetime.fromisoformat(token["expires_at"]) - datetime.now(UTC)
    assert timedelta(days=364) < left <= timedelta(days=365)
    api.refused(httpx.post(url, json=who | {"password": "guess"}), 401)
    assert api.refused(httpx.post(url, json={"email": "ann@brand.example"})) == {
        "password": "is required"
    }
    api.refused(httpx.post(url, json=["ann"]))


def test_what_is_not_there_is_refused_as_an_error(api):
    for method, path, status in (
        ("GET", "/orders", 404),
        ("GET", "/customers/", 404),
        ("PUT", "/customers", 405),
        ("POST", "/customers/x", 405),
        ("POST", "/price-lists", 405),
    ):
        assert api.refused(api.send(method, path), status) == {}


def test_broken_bodies_are_refused(api):
    def post(content, media_type="application/json"):
        return api.http.post("/customers", content=content, headers={"Content-Type": media_type})

    half_characters = (b'{"a": "\\ud800"}', b'{"a": "\xed\xa0\x80"}')
    other_codings = ('{"a": "b"}'.encode("utf-16"), '{"a": "b"}'.encode("utf-8-sig"))
    for broken in (b"", b"{", b"\xff\xfe", b'{"a": NaN}', b"[" * 100_000):
        api.refused(post(broken), 400)
    for broken in (*half_characters, *other_codings):
        api.refused(post(broken), 400)
    api.refused(post(b"{}", "text/plain"), 415)
    api.refused(post(b'"' + b"x" * 2_000_001 + b'"'), 413)
    for odd in (b"[]", b"null", b'"text"', b"7"):
        assert api.refused(post(odd)) == {"": "must be an object"}
    assert post(b"{}", "application/json; charset=utf-8").status_code == 422
