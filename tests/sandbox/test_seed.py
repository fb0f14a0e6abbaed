import hashlib
import json
import re
from collections import Counter

import phonenumbers
from email_validator import validate_email

from wizsync.sandbox import SandboxOptions, running, seed

TIMES = ("created_at", "updated_at")


def test_the_same_count_gives_the_same_customers():
    assert list(seed.customers(200)) == list(seed.customers(200))
    with running(SandboxOptions(customers=30)) as first:
        one = first.customers()
    with running(SandboxOptions(customers=30, dialect="camel")) as second:
        assert second.customers() == one


def test_customer_n_is_the_same_whatever_the_count_but_for_its_times():
    def timeless(customer):
        return {name: value for name, value in customer.items() if name not in TIMES}

    few, many = list(seed.customers(50)), list(seed.customers(500))
    assert [timeless(c) for c in few] == [timeless(c) for c in many[:50]]


def test_customers_stay_what_they_were():
    """Rehearsals and tests elsewhere rely on them; a new one of anything must not change them."""
    made = json.dumps(list(seed.customers(500)), sort_keys=True).encode()
    assert hashlib.sha256(made).hexdigest()[:16] == "de0e2d49eb323082"


def test_look_ups_have_what_makes_them_hard():
    names = Counter(each["name"] for each in seed.PRICE_LISTS)
    assert [name for name, number in names.items() if number > 1] == ["Spring Promotion"]
    for records in (seed.PRICE_LISTS, seed.SALES_REPS):
        assert {each["status"] for each in records} == {"active", "inactive"}
    assert len({each["reference_id"] for each in seed.PRICE_LISTS}) == len(seed.PRICE_LISTS)
    assert {each["data_type"] for each in seed.ATTRIBUTES} == {
        "text",
        "number",
        "boolean",
        "select",
        "date",
        "multi_select",
    }


def test_shares_and_keys():
    customers = list(seed.customers(1000))
    statuses = Counter(c["status"] for c in customers)
    assert 50 <= statuses["inactive"] <= 70
    assert statuses["archived"] == 20
    assert 25 <= sum(c["reference_id"] is None for c in customers) <= 35
    for number, customer in enumerate(customers, start=10_001):
        assert customer["reference_id"] in (f"C-{number}", None)
        assert re.fullmatch("cust_[0-9a-f]{16}", customer["id"])
    assert len({c["id"] for c in customers}) == 1000
    created = [c["created_at"] for c in customers]
    assert created == sorted(set(created))
    assert created[0].startswith("2019-")
    assert created[-1].startswith("2025-")
    assert all(c["created_at"] <= c["updated_at"] for c in customers)


def test_values_are_realistic_and_lead_nowhere():
    customers = list(seed.customers(1000))
    countries = Counter(a["country"] for c in customers for a in c["addresses"])
    assert countries.keys() == {"US", "CA", "GB"}
    assert countries["US"] > countries["CA"] > 50
    assert {len(c["addresses"]) for c in customers} == {0, 1, 2, 3}
    assert {len(c["contacts"]) for c in customers} == {0, 1, 2}
    for customer in customers:
        for record in (customer, *customer["contacts"]):
            assert record["email"].endswith(".example")
            validate_email(record["email"], check_deliverability=False)
            if record["phone"]:
                assert phonenumbers.is_valid_number(phonenumbers.parse(record["phone"]))
    assert len({c["email"] for c in customers}) == len({c["name"] for c in customers}) == 1000


def test_what_customers_refer_to_exists():
    reps = {rep["id"] for rep in seed.SALES_REPS}
    price_lists = {each["id"] for each in seed.PRICE_LISTS}
    attributes = {each["id"]: each for each in seed.ATTRIBUTES}
    seen = set()
    for customer in seed.customers(300):
        assert set(customer["sales_rep_ids"]) <= reps
        assert customer["price_list_id"] in {None, *price_lists}
        for entity, records in (
            ("customer", [customer]),
            ("address", customer["addresses"]),
            ("contact", customer["contacts"]),
        ):
            for record in records:
                for identifier, value in record["attributes"].items():
                    definition = attributes[identifier]
                    assert definition["entity"] == entity
                    assert definition["data_type"] != "select" or value in definition["options"]
                    seen.add(identifier)
    assert seen == attributes.keys() - {"attr_dock", "attr_since", "attr_categories"}
