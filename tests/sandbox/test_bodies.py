import pytest


def test_everything_wrong_is_named_at_once_under_the_names_sent(api):
    body = {
        "display_name": "",
        "reference_id": 7,
        "phone": ["1"],
        "nickname": "Blue",
        "assigned_sales_rep_ids": ["rep_01", "rep_99", 3],
        "addresses": [
            api.address(address_line_1="", type="office", zip_code=83701, planet="Earth"),
            "1 Main St",
        ],
        "contacts": [api.contact(is_default="yes"), {}],
        "attributes": [{"name": "Shoe size", "value": 1}, {"name": "Industry"}, {"value": 1}, "x"],
    }
    word = api.word
    assert api.refused(api.send("POST", "/customers", api.words(body))) == {
        word("display_name"): "is required",
        word("company_name"): "is required",
        word("reference_id"): "must be a string",
        "phone": "must be a string",
        "nickname": "unknown field",
        f"{word('assigned_sales_rep_ids')}[1]": "no such sales rep",
        f"{word('assigned_sales_rep_ids')}[2]": "must be a string",
        f"addresses[0].{word('address_line_1')}": "is required",
        "addresses[0].type": "must be one of: billing, shipping",
        f"addresses[0].{word('zip_code')}": "must be a string",
        "addresses[0].planet": "unknown field",
        "addresses[1]": "must be an object",
        f"contacts[0].{word('is_default')}": "must be true or false",
        f"contacts[1].{word('reference_id')}": "is required",
        f"contacts[1].{word('first_name')}": "is required",
        "contacts[1].email": "is required",
        "attributes[0].name": "no such attribute",
        "attributes[1].value": "is required",
        "attributes[2].name": "is required",
        "attributes[3]": "must be an object",
    }


def test_the_other_dialects_names_are_unknown(api):
    other = {"snake": "companyName", "camel": "company_name"}[api.dialect]
    made = api.create()
    answer = api.send("PATCH", f"/customers/{made['id']}", {other: "Blue"})
    assert api.refused(answer) == {other: "unknown field"}
    if api.dialect == "snake":
        # What turning addressLine1 into snake case by rule would give.
        body = {**api.address(), "address_line1": "1 Main St"}
        answer = api.post(addresses=[body])
        assert api.refused(answer) == {"addresses[0].address_line1": "unknown field"}


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("Industry", "Space", "must be one of: Gift & Home, Apparel, Hospitality"),
        ("Annual Revenue", "12", "must be a number"),
        ("Annual Revenue", True, "must be a number"),
        ("Key Account", "yes", "must be true or false"),
        ("Tax ID", 12, "must be a string"),
        ("Tax ID", None, "must not be null"),
        ("Customer Since", "03/31/2024", "must be a date, YYYY-MM-DD"),
        ("Customer Since", "20240331", "must be a date, YYYY-MM-DD"),
        ("Customer Since", "2024-02-30", "must be a date, YYYY-MM-DD"),
        ("Customer Since", 20240331, "must be a date, YYYY-MM-DD"),
        ("Product Categories", "Candles", "must be an array"),
        ("Product Categories", {"Candles": True}, "must be an array"),
    ],
)
def test_attribute_values_have_their_types(api, name, value, reason):
    refused = api.refused(api.post(attributes=[{"name": name, "value": value}]))
    assert refused["attributes[0].value"].startswith(reason)


def test_options_are_refused_one_by_one(api):
    chosen = ["Candles", "Cars", 7, None, ["Candles"]]
    answer = api.post(attributes=[{"name": "Product Categories", "value": chosen}])
    reason = "must be one of: Candles, Ceramics, Jewelry, Stationery, Textiles"
    assert api.refused(answer) == dict.fromkeys(
        (f"attributes[0].value[{index}]" for index in (1, 2, 3, 4)), reason
    )


@pytest.mark.parametrize(
    ("name", "value", "cleared"),
    [
        ("Customer Since", "2024-02-29", ""),
        ("Product Categories", ["Textiles", "Candles"], ""),
        ("Product Categories", ["Textiles"], []),
    ],
)
def test_dates_and_options_are_kept_and_cleared(api, name, value, cleared):
    made = api.create(attributes=[{"name": name, "value": value}])
    assert [each["value"] for each in made["attributes"] if "value" in each] == [value]
    assert api.get(made["id"]) == made
    emptied = api.update(made["id"], attributes=[{"name": name, "value": cleared}])
    assert not any("value" in each for each in emptied["attributes"])


def test_an_update_may_not_empty_what_is_required(api):
    made = api.create()
    for name in ("company_name", "display_name", "reference_id"):
        refused = api.refused(api.patch(made["id"], **{name: ""}))
        assert refused == {api.word(name): "is required"}
    assert api.get(made["id"]) == made


def test_a_refused_write_leaves_nothing_behind(api):
    made = api.create(addresses=[api.address()])
    answer = api.patch(
        made["id"],
        phone="1",
        addresses=[{"id": made["addresses"][0]["id"], "city": "Reno"}, {"city": "Reno"}],
    )
    api.refused(answer)
    assert api.get(made["id"]) == made


def test_ids_that_name_nothing_are_refused(api):
    made = api.create()
    refused = api.refused(api.patch(made["id"], assigned_price_list_id="pl_none"))
    assert refused == {api.word("assigned_price_list_id"): "no such price list"}
    other = api.create(addresses=[api.address()])
    answer = api.patch(made["id"], addresses=[{"id": other["addresses"][0]["id"], "city": "Reno"}])
    assert api.refused(answer) == {"addresses[0].id": "not a child of this customer"}
    assert api.get(other["id"]) == other
    for wrong in (None, 7, [], {}):
        answer = api.patch(made["id"], addresses=[api.address(id=wrong)])
        assert api.refused(answer)["addresses[0].id"]


def test_a_number_that_cannot_be_kept_is_refused(api):
    made = api.create()
    for number in ("1e999", "-1e999", "9" * 4000):
        body = f'{{"attributes": [{{"name": "Annual Revenue", "value": {number}}}]}}'
        answer = api.http.patch(
            f"/customers/{made['id']}", content=body, headers={"Content-Type": "application/json"}
        )
        assert api.refused(answer) == {"attributes[0].value": "is too large"}
    assert api.get(made["id"]) == made


def test_hostile_texts_come_back_as_they_were(api):
    for text in ("'; DROP TABLE customers; --", "=1+1", "<script>", "a\tb\n\x00c", "Zoë 日本 🐦"):
        made = api.create(company_name=text, reference_id=f"{text}-{api.dialect}")
        assert api.get(made["id"])["name"] == text
        assert made in [
            api.get(row["id"]) for row in api.page(reference_ids=f"{text}-{api.dialect}")
        ]
