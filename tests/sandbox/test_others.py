"""Others at work behind the client's back, as faults."""


def test_somebody_makes_the_same_customer_first(api):
    api.sandbox.fault("others_create", on="create", times=1)
    reason = {api.word("reference_id"): "is already taken"}
    assert api.refused(api.post(reference_id="RACE"), 409) == reason
    assert api.sandbox.customer("RACE")["name"] == "Shop RACE"
    (write,) = api.sandbox.ledger()
    assert (write["done"], write["fault"]) == (False, "others_create")
    (deed,) = api.sandbox.others()
    assert (deed["did"], deed["reference_id"], deed["account"]) == ("create", "RACE", "main")
    assert deed["fields"]["name"] == "Shop RACE"
    api.sandbox.remove(deed["customer_id"])


def test_where_keys_are_free_both_are_there(api):
    api.sandbox.assume(reference_id="free")
    api.sandbox.fault("others_create", on="create")
    api.create(reference_id="TWICE")
    api.post(reference_id="TWICE")
    twice = [c for c in api.sandbox.customers() if c["reference_id"] == "TWICE"]
    assert len(twice) == 3
    assert len(api.sandbox.others()) == 1, "they do not repeat themselves"
    for customer in twice:
        api.sandbox.remove(customer["id"])


def test_somebody_changes_the_customer_first(api):
    made = api.create(phone="1")
    api.sandbox.fault("others_change", on="update", key=made[api.word("reference_id")])
    assert api.update(api.create()["id"], phone="2")["phone"] == "2"
    assert api.sandbox.others() == []
    changed = api.update(made["id"], first_name="Ann")
    (deed,) = api.sandbox.others()
    assert deed["customer_id"] == made["id"]
    assert deed["fields"] == {"phone": changed["phone"]}
    assert changed["phone"].startswith("+1206555")


def test_somebody_deletes_the_customer_first(api):
    made = api.create(addresses=[api.address()])
    api.sandbox.fault("others_delete", on=("update", "child"), times=1)
    child = f"/customers/{made['id']}/addresses/{made['addresses'][0]['id']}"
    api.refused(api.send("DELETE", child), 404)
    assert made["id"] not in {c["id"] for c in api.sandbox.customers()}
    assert [deed["did"] for deed in api.sandbox.others()] == ["delete"]


def test_somebody_is_at_work_during_a_list(start):
    api = start(customers=60)
    before = {c["id"]: c for c in api.sandbox.customers()}
    api.sandbox.set_faults(["others_create:nth=2", "others_change:nth=2", "others_delete:nth=3"])
    for page in (1, 2, 3):
        api.page(page=page, page_size=20)
    after = {c["id"]: c for c in api.sandbox.customers()}
    made, changed, deleted = api.sandbox.others()
    assert set(after) - set(before) == {made["customer_id"]}
    assert set(before) - set(after) == {deleted["customer_id"]}
    assert {i for i in after if i in before and after[i] != before[i]} == {changed["customer_id"]}
    assert before[deleted["customer_id"]]["status"] == "active"


def test_a_list_of_everybody_takes_the_one_that_is_named(api):
    api.create(reference_id="TAKEN")
    api.sandbox.fault("others_delete", key="TAKEN", on="list")
    api.page(reference_ids="C-10001")
    assert api.sandbox.others() == []
    api.page()
    assert [deed["reference_id"] for deed in api.sandbox.others()] == ["TAKEN"]


def test_an_empty_account_has_nobody_to_change(start):
    api = start()
    api.sandbox.set_faults(["others_change", "others_delete"])
    assert api.page() == []
    assert api.sandbox.others() == []
