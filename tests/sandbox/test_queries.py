import pytest


def walk(api, **query):
    rows, number = [], 1
    while page := api.page(page_size=30, page=number, **query):
        rows += page
        number += 1
    return rows


@pytest.mark.parametrize(
    ("sort_by", "column"),
    [
        ("created_at", "created_at"),
        ("updated_at", "updated_at"),
        ("company_name", "name"),
        ("display_name", "display_name"),
    ],
)
@pytest.mark.parametrize("sort", ["asc", "desc"])
def test_a_walk_in_any_order_meets_everybody_once(start, sort_by, column, sort):
    api = start(customers=70)
    rows = walk(api, sort_by=sort_by, sort=sort)
    active = {c["id"] for c in api.sandbox.customers() if c["status"] == "active"}
    assert len(rows) == len(active)
    assert {row["id"] for row in rows} == active
    values = [row[api.word(column)] for row in rows]
    assert values == sorted(values, reverse=sort == "desc")


def test_wrong_orders_are_refused(api):
    answer = api.send("GET", "/customers", **api.words({"sort_by": "phone", "sort": "up"}))
    assert api.refused(answer) == {
        api.word("sort_by"): "must be one of: created_at, updated_at, company_name, display_name",
        "sort": "must be one of: asc, desc",
    }


def test_creation_order_is_strict(start):
    api = start()
    made = [api.create() for _ in range(50)]
    times = [each[api.word("created_at")] for each in made]
    assert times == sorted(set(times))
    assert [row["id"] for row in walk(api, sort_by="created_at", sort="asc")] == [
        each["id"] for each in made
    ]


def test_times_limit_a_list_in_snake_and_are_passed_over_in_camel(start):
    api = start(customers=40)
    rows = walk(api, sort_by="created_at", sort="asc")
    middle = rows[20][api.word("created_at")]
    after = walk(api, sort_by="created_at", sort="asc", created_after=middle)
    before = walk(api, sort_by="created_at", sort="asc", created_before=middle)
    if api.dialect == "camel":
        assert after == before == rows
        return
    assert after == rows[21:]
    assert before == rows[:20]
    latest = max(row["updated_at"] for row in rows)
    assert walk(api, updated_after=latest) == []
    assert len(walk(api, updated_before=latest)) == len(rows) - 1
    # The same moment in another zone.
    assert walk(api, created_after="2030-01-01T00:00:00+02:00") == []
    assert walk(api, sort_by="created_at", sort="asc", created_after="0999-01-01") == rows
    for wrong in ("yesterday", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"):
        answer = api.send("GET", "/customers", created_after=wrong)
        assert api.refused(answer) == {"created_after": "must be an ISO 8601 time"}


def test_reference_ids_keep_to_the_status_asked_for(api):
    inactive = next(c for c in api.sandbox.customers() if c["status"] == "inactive")
    keys = f"C-10001, {inactive['reference_id']},C-99999"
    assert api.keys(reference_ids=keys) == ["C-10001"]
    assert api.keys(reference_ids=keys, status="inactive") == [inactive["reference_id"]]


def test_a_hundred_reference_ids_fit_in_one_request(start):
    api = start(customers=300)
    keys = [c["reference_id"] for c in api.sandbox.customers() if c["status"] == "active"]
    keys = [key for key in keys if key][:100]
    assert sorted(api.keys(reference_ids=",".join(keys), page_size=100)) == keys
