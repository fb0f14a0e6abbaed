"""The eleven traps of the API page, true by default, in both dialects."""

import re

import httpx

from wizsync.sandbox import SandboxOptions, running

SUMMARY = {
    "snake": {
        "id",
        "reference_id",
        "display_id",
        "name",
        "display_name",
        "first_name",
        "last_name",
        "phone",
        "email",
        "shipping_method",
        "payment_mode",
        "payment_term",
        "status",
        "freight_term",
        "created_at",
        "updated_at",
    },
    "camel": {
        "id",
        "referenceId",
        "displayId",
        "name",
        "displayName",
        "firstName",
        "lastName",
        "phone",
        "email",
        "shippingMethod",
        "paymentMode",
        "paymentTerm",
        "createdAt",
        "updatedAt",
    },
}
DETAILS = {
    "snake": SUMMARY["snake"]
    | {"assigned_sales_reps", "assigned_price_list", "addresses", "contacts", "attributes"},
    "camel": SUMMARY["camel"]
    | {
        "status",
        "freightTerm",
        "assignedSalesReps",
        "assignedPriceList",
        "addresses",
        "contacts",
        "attributes",
    },
}
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


def test_1_lists_show_active_customers_unless_asked_otherwise(start):
    api = start(customers=60)
    inactive = {c["id"] for c in api.sandbox.customers() if c["status"] == "inactive"}
    assert inactive
    assert not inactive & {row["id"] for row in api.page(page_size=100)}
    assert inactive == {row["id"] for row in api.page(page_size=100, status="inactive")}
    key = next(c["reference_id"] for c in api.sandbox.customers() if c["id"] in inactive)
    assert api.page(reference_ids=key) == []
    assert api.keys(reference_ids=key, status="inactive") == [key]
    assert api.refused(api.post(reference_id=key), 409) == {
        api.word("reference_id"): "is already taken"
    }


def test_2_the_newest_update_comes_first_unless_asked_otherwise(api):
    times = [row[api.word("updated_at")] for row in api.page(page_size=100)]
    assert times == sorted(times, reverse=True)
    oldest = api.page(page_size=100, sort_by="created_at", sort="asc")[0]
    assert oldest["id"] != api.page()[0]["id"]
    api.update(oldest["id"], phone="+12065550100")
    assert api.page()[0]["id"] == oldest["id"]
    assert api.page(sort_by="created_at", sort="asc")[0]["id"] == oldest["id"]


def test_3_pages_hold_at_most_100_and_only_snake_tells_the_total(start):
    api = start(customers=120)
    for size in (0, 101, -1, "ten", ""):
        answer = api.send("GET", "/customers", page_size=size)
        assert list(api.refused(answer)) == ["page_size"]
    for number in (0, -1, "1.5"):
        assert list(api.refused(api.send("GET", "/customers", page=number))) == ["page"]
    answer = api.send("GET", "/customers", page_size=100).json()
    if api.dialect == "camel":
        assert isinstance(answer, list)
        assert len(answer) == 100
        assert api.send("GET", "/customers", page_size=100, page=9).json() == []
    else:
        total = sum(c["status"] == "active" for c in api.sandbox.customers())
        assert answer["pagination"] == {
            "total_records": total,
            "total_pages": 2,
            "current_page": 1,
            "next_page": 2,
            "prev_page": 0,
            "page_size": 100,
        }
        last = api.send("GET", "/customers", page_size=100, page=2).json()
        assert len(last["data"]) == total - 100
        assert last["pagination"]["prev_page"] == 1
        assert last["pagination"]["next_page"] == 0
        assert api.send("GET", "/customers", page_size=100, page=9).json()["data"] == []


def test_4_summaries_lack_what_only_get_has(api):
    row = api.page()[0]
    assert row.keys() == SUMMARY[api.dialect]
    assert api.get(row["id"]).keys() == DETAILS[api.dialect]
    assert STAMP.fullmatch(row[api.word("created_at")])


def test_5_what_is_written_reads_back_under_other_names(api):
    price_list = "assigned_price_list_id" if api.dialect == "snake" else "assignedPriceListID"
    made = api.create(
        company_name="Bluebird Ltd",
        assigned_sales_rep_ids=["rep_02", "rep_01"],
        **{price_list: "pl_canada"},
    )
    assert made == api.get(made["id"])
    assert made["name"] == "Bluebird Ltd"
    assert api.word("company_name") not in made
    reps = made[api.word("assigned_sales_reps")]
    assert [(rep["id"], rep["name"]) for rep in reps] == [
        ("rep_02", "Marcus Bell"),
        ("rep_01", "Dana Whitfield"),
    ]
    assert made[api.word("assigned_price_list")] == {"id": "pl_canada", "name": "Wholesale Canada"}
    changed = api.update(made["id"], assigned_price_list_id="", assigned_sales_rep_ids=[])
    assert changed[api.word("assigned_price_list")] is None
    assert changed[api.word("assigned_sales_reps")] == []


def test_5_camel_spells_the_price_list_differently_on_create_and_on_update(start):
    api = start()
    made = api.create()
    if api.dialect == "camel":
        assert api.refused(api.post(assignedPriceListId="pl_canada"))
        assert api.refused(api.patch(made["id"], assignedPriceListID="pl_canada"))
    else:
        assert api.create(assigned_price_list_id="pl_canada")
        assert api.update(made["id"], assigned_price_list_id="pl_canada")


def test_6_the_complete_list_with_ids_edits_and_adds(api):
    made = api.create(addresses=[api.address(reference_id="A1"), api.address(reference_id="A2")])
    first, second = made["addresses"]
    changed = api.update(
        made["id"],
        addresses=[
            api.address(id=first["id"], reference_id="A1", city="Reno"),
            api.address(id=second["id"], reference_id="A2"),
            api.address(reference_id="A3", type="shipping"),
        ],
    )
    assert [(a[api.word("reference_id")], a["city"]) for a in changed["addresses"]] == [
        ("A1", "Reno"),
        ("A2", "Boise"),
        ("A3", "Boise"),
    ]
    assert changed["addresses"][0]["id"] == first["id"]
    again = api.update(made["id"], addresses=[api.address(reference_id="A3", type="shipping")])
    assert len(again["addresses"]) == 4, "a child sent without an id is a new one"


def test_7_a_client_that_gives_up_waiting_has_been_served(dialect):
    with running(SandboxOptions(dialect=dialect, latency_ms=400)) as sandbox:
        names = ("company_name", "display_name", "reference_id")
        if dialect == "camel":
            names = ("companyName", "displayName", "referenceId")
        url = f"{sandbox.base_url}/customers"
        try:
            httpx.post(
                url,
                json=dict.fromkeys(names, "X-1"),
                headers={"X-API-Key": sandbox.key},
                timeout=0.2,
            )
        except httpx.ReadTimeout:
            pass
        else:
            raise AssertionError("the answer came at once")
        assert [c["reference_id"] for c in sandbox.customers()] == ["X-1"]
        assert sandbox.ledger()[0]["status"] == 201


def test_8_too_many_requests_get_429_with_the_time_to_wait(start):
    api = start(rate=0.5)
    answers = [api.send("GET", "/customers") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 429, 429]
    assert answers[2].headers["Retry-After"] == "2"
    assert answers[2].json()["code"] == "rate_limited"


def test_9_what_was_read_cannot_be_sent_back(api):
    made = api.create(addresses=[api.address()], contacts=[api.contact()])
    refused = api.refused(api.send("PATCH", f"/customers/{made['id']}", made))
    for name in ("id", "status", "name", "created_at", "updated_at"):
        assert refused[api.word(name)] == "cannot be written"
    for name in ("status", "customer_id", "created_at"):
        assert refused[f"addresses[0].{api.word(name)}"] == "cannot be written"
    assert refused["contacts[0].status"] == "cannot be written"
    assert api.get(made["id"]) == made


def test_9_an_empty_text_is_taken_and_reads_back(api):
    made = api.create(phone="+12065550100")
    assert api.update(made["id"], phone="")["phone"] == ""


def test_10_a_doubled_reference_id_is_refused(api):
    key = api.create()[api.word("reference_id")]
    other = api.create()
    reason = {api.word("reference_id"): "is already taken"}
    assert api.refused(api.post(reference_id=key), 409) == reason
    assert api.refused(api.patch(other["id"], reference_id=key), 409) == reason
    own = other[api.word("reference_id")]
    assert api.update(other["id"], reference_id=own)[api.word("reference_id")] == own


def test_10_a_filter_under_another_dialects_name_is_ignored(api):
    key = api.create()[api.word("reference_id")]
    wrong = "referenceIds" if api.dialect == "snake" else "reference_ids"
    assert len(api.open(api.send("GET", "/customers", **{wrong: key, "page_size": 50}))) == 50
    assert api.keys(reference_ids=key) == [key]
    assert api.keys(reference_ids=f"{key},C-10001", sort_by="created_at") == [key, "C-10001"]


def test_10_an_emptied_filter_finds_everybody(api):
    assert len(api.page(reference_ids="", page_size=50)) == 50


def test_11_some_fields_can_be_written_only_by_an_update(api):
    for name in ("status", "id", "primary_contact_id", "default_billing_address_id"):
        assert api.refused(api.post(**{name: "x"}))[api.word(name)] == "cannot be written"
    if api.dialect == "camel":
        assert api.refused(api.post(display_id="77")) == {"displayId": "cannot be written"}
    else:
        assert api.create(display_id="77")["display_id"] == "77"
    made = api.create()
    assert api.refused(api.patch(made["id"], status="inactive")) == {"status": "cannot be written"}
    assert api.update(made["id"], display_id="78")[api.word("display_id")] == "78"


def test_11_an_update_chooses_the_default_children(api):
    made = api.create(
        addresses=[
            api.address(reference_id="A1", is_default=True),
            api.address(reference_id="A2"),
            api.address(reference_id="S1", type="shipping"),
        ],
        contacts=[api.contact(reference_id="C1"), api.contact(reference_id="C2")],
    )
    changed = api.update(
        made["id"],
        default_billing_address_id=made["addresses"][1]["id"],
        default_shipping_address_id=made["addresses"][2]["id"],
        primary_contact_id=made["contacts"][1]["id"],
    )
    assert [a[api.word("is_default")] for a in changed["addresses"]] == [False, True, True]
    assert [c[api.word("is_default")] for c in changed["contacts"]] == [False, True]
    unknown = api.patch(made["id"], primary_contact_id="cont_nobody")
    assert api.refused(unknown) == {api.word("primary_contact_id"): "not a child of this customer"}
