import httpx
import pytest

from wizsync.errors import UsageError
from wizsync.sandbox.problems import Problem


def control(api, method, path, body=None):
    return httpx.request(method, api.sandbox.control_url + path, json=body)


def test_it_is_closed_unless_asked_for(start):
    api = start()
    for path in ("/requests", "/customers", "/assumptions", "/ledger"):
        assert control(api, "GET", path).status_code == 404


def test_requests_are_counted_by_operation_and_status(api):
    made = api.create(addresses=[api.address()])
    api.post(reference_id=made[api.word("reference_id")])
    api.page()
    api.get(made["id"])
    api.patch(made["id"], phone="1")
    api.send("GET", f"/customers/{made['id']}/addresses")
    api.send("GET", f"/customers/{made['id']}/addresses/{made['addresses'][0]['id']}")
    api.send("GET", "/price-lists")
    api.send("DELETE", f"/customers/{made['id']}")
    api.send("GET", f"/customers/{made['id']}")
    counts = control(api, "GET", "/requests").json()
    assert counts == {
        "total": 10,
        "operations": {
            "list": 1,
            "get": 2,
            "create": 2,
            "update": 1,
            "delete": 1,
            "child": 2,
            "other": 1,
        },
        "statuses": {"200": 6, "201": 1, "204": 1, "404": 1, "409": 1},
        "answers": {
            "list": {"200": 1},
            "get": {"200": 1, "404": 1},
            "create": {"201": 1, "409": 1},
            "update": {"200": 1},
            "delete": {"204": 1},
            "child": {"200": 2},
            "other": {"200": 1},
        },
    }
    assert api.sandbox.counts() == counts
    assert control(api, "POST", "/requests").json()["total"] == 0
    assert api.sandbox.counts()["total"] == 0
    assert api.sandbox.ledger() == []


def test_the_ledger_holds_each_write_with_whom_it_was_about(api):
    made = api.create()
    key = made[api.word("reference_id")]
    api.page()
    api.post(reference_id=key)
    api.patch(made["id"], phone="1")
    api.send("POST", f"/customers/{made['id']}/contacts", {})
    api.send("DELETE", f"/customers/{made['id']}")
    writes = control(api, "GET", "/ledger").json()
    path = f"/v1/customers/{made['id']}"
    told = [
        (w["operation"], w["method"], w["path"], w["reference_id"], w["customer_id"], w["status"])
        for w in writes
    ]
    assert told == [
        ("create", "POST", "/v1/customers", key, made["id"], 201),
        ("create", "POST", "/v1/customers", key, None, 409),
        ("update", "PATCH", path, key, made["id"], 200),
        ("child", "POST", f"{path}/contacts", key, made["id"], 422),
        ("delete", "DELETE", path, key, made["id"], 204),
    ]
    times = [write["at"] for write in writes]
    assert times == sorted(times)
    assert api.sandbox.ledger() == writes


def test_the_ledger_holds_which_child_a_write_was_about(api):
    made = api.create()
    path = f"/customers/{made['id']}"
    for kind, fill in (("addresses", api.address), ("contacts", api.contact)):
        api.sandbox.reset()
        child = api.open(api.send("POST", f"{path}/{kind}", api.words(fill())))
        one = f"{path}/{kind}/{child['id']}"
        api.send("PUT", one, {})
        api.send("PUT", one, api.words(fill(phone="1")))
        api.send("GET", one)
        api.send("DELETE", one)
        api.send("DELETE", one)
        api.send("POST", f"/customers/nobody/{kind}", api.words(fill()))
        writes = control(api, "GET", "/ledger").json()
        assert {w["operation"] for w in writes} == {"child"}
        assert {w["kind"] for w in writes} == {kind}
        told = [(w["method"], w["customer_id"], w["child_id"], w["status"]) for w in writes]
        assert told == [
            ("POST", made["id"], child["id"], 201),
            ("PUT", made["id"], child["id"], 422),
            ("PUT", made["id"], child["id"], 200),
            ("DELETE", made["id"], child["id"], 204),
            ("DELETE", made["id"], None, 404),
            ("POST", None, None, 404),
        ]
    api.patch(made["id"], phone="2")
    assert (api.sandbox.ledger()[-1]["kind"], api.sandbox.ledger()[-1]["child_id"]) == (None, None)


def test_the_account_is_shown_as_it_is_in_snake_names(start):
    api = start(customers=40, control=True)
    customers = control(api, "GET", "/customers").json()
    assert customers == api.sandbox.customers()
    assert len(customers) == 40
    assert {c["status"] for c in customers} == {"active", "inactive"}
    assert [c["created_at"] for c in customers] == sorted(c["created_at"] for c in customers)
    assert customers[0]["reference_id"] == "C-10001"
    assert {"price_list_id", "sales_rep_ids", "attributes", "addresses"} < customers[0].keys()
    assert api.sandbox.customer("C-10001") == customers[0]
    with pytest.raises(KeyError, match="0 customers"):
        api.sandbox.customer("C-99999")


def test_customers_are_changed_behind_a_tools_back(api):
    by_hand = control(api, "POST", "/customers", {"name": "By hand", "display_name": "By hand"})
    assert by_hand.status_code == 201
    assert api.get(by_hand.json()["id"])[api.word("reference_id")] is None
    first = api.create(contacts=[api.contact()])
    key = first[api.word("reference_id")]
    doubled = control(api, "POST", "/customers", {"reference_id": key, "name": "Twice"}).json()
    assert api.keys(reference_ids=key) == [key, key]
    path = f"/customers/{first['id']}"
    edited = control(
        api,
        "PATCH",
        path,
        {"status": "inactive", "phone": "9", "contacts": [{"first_name": "Bo"}]},
    ).json()
    read = api.get(first["id"])
    assert (read["status"], read["phone"]) == ("inactive", "9")
    assert [c[api.word("first_name")] for c in read["contacts"]] == ["Bo"]
    assert read[api.word("updated_at")] == edited["updated_at"] > first[api.word("updated_at")]
    api.sandbox.assume(delete="soft")
    assert control(api, "DELETE", path).status_code == 204
    assert api.send("GET", path).status_code == 404
    assert [c["id"] for c in api.sandbox.customers() if c["reference_id"] == key] == [doubled["id"]]
    assert api.sandbox.counts()["operations"]["create"] == 1, "control is not counted"


def test_the_same_from_python(api):
    made = api.sandbox.add(name="By hand", reference_id=None, status="inactive")
    assert api.get(made["id"])["name"] == "By hand"
    assert api.sandbox.edit(made["id"], name="Renamed")["name"] == "Renamed"
    api.sandbox.remove(made["id"])
    assert api.send("GET", f"/customers/{made['id']}").status_code == 404
    with pytest.raises(KeyError):
        api.sandbox.edit(made["id"], name="Gone")
    with pytest.raises(KeyError):
        api.sandbox.remove(made["id"])
    with pytest.raises(Problem):
        api.sandbox.add(company_name="Not a stored name")


def test_wrong_edits_are_refused(api):
    assert api.refused(control(api, "POST", "/customers", {"company_name": "x"})) == {
        "company_name": "unknown field"
    }
    body = {"contacts": [{"nickname": "x"}]}
    assert api.refused(control(api, "POST", "/customers", body)) == {
        "contacts[0].nickname": "unknown field"
    }
    api.refused(control(api, "POST", "/customers", []), 400)
    api.refused(control(api, "PATCH", "/customers/nobody", {}), 404)
    api.refused(control(api, "DELETE", "/customers/nobody"), 404)


def test_assumptions_change_while_it_runs(api):
    changed = control(api, "PUT", "/assumptions", {"delete": "soft", "list_lag": 2}).json()
    assert (changed["delete"], changed["list_lag"], changed["null"]) == ("soft", 2.0, "refuse")
    assert control(api, "GET", "/assumptions").json() == changed
    assert api.sandbox.assumptions.delete == "soft"
    wrong = control(api, "PUT", "/assumptions", {"delete": "maybe"})
    api.refused(wrong)
    assert "It is one of: real, soft." in wrong.json()["message"]
    assert control(api, "GET", "/assumptions").json() == changed


def test_the_rate_limit_is_shown_and_changed(start):
    api = start(control=True, rate=2)
    assert control(api, "GET", "/rate").json() == {"rate": 2.0}
    assert control(api, "PUT", "/rate", {"rate": 0.5}).json() == {"rate": 0.5}
    assert api.sandbox.rate == 0.5
    assert [api.send("GET", "/customers").status_code for _ in range(3)] == [200, 200, 429]
    assert control(api, "PUT", "/rate", {"rate": None}).json() == {"rate": None}
    assert api.send("GET", "/customers").status_code == 200
    # What is no limit changes nothing.
    api.sandbox.limit(7)
    for wrong in (0, -3, "fast", True, [], 10**400):
        assert control(api, "PUT", "/rate", {"rate": wrong}).status_code == 422
    for wrong in (0, -3, float("nan"), float("inf")):
        with pytest.raises(UsageError, match="The rate cannot be"):
            api.sandbox.limit(wrong)
    assert api.sandbox.rate == 7.0
