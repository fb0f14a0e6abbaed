"""Lists that lie, each against the list as it is."""

import pytest

LIES = ["page_short", "page_repeated", "page_lost", "page_empty", "rows_shifted", "list_empty"]


@pytest.fixture
def shop(start):
    """An account of 100 customers, to be read in pages of 20; all are active and have a key."""
    api = start()
    for number in range(100):
        api.sandbox.add(reference_id=f"K-{number:02}", name="Shop")
    return api


def keys(*numbers):
    return [f"K-{number:02}" for number in numbers]


def walk(api, pages=6):
    """The keys of each page."""
    return [read(api, number)[0] for number in range(1, pages + 1)]


def read(api, page=1, **query):
    """The keys of a page, and the total where there is one."""
    asked = {"page": page, "page_size": 20, "sort_by": "created_at", "sort": "asc"} | query
    answer = api.send("GET", "/customers", **api.words(asked)).json()
    rows = answer["data"] if api.dialect == "snake" else answer
    total = answer["pagination"]["total_records"] if api.dialect == "snake" else None
    return [row[api.word("reference_id")] for row in rows], total


def total_of(api, number):
    """What a total says: nothing in camel."""
    return number if api.dialect == "snake" else None


TRUTH = [keys(*range(start, start + 20)) for start in (0, 20, 40, 60, 80)] + [[]]


def test_without_a_fault_they_tell_the_truth(shop):
    assert walk(shop) == TRUTH
    assert read(shop) == (TRUTH[0], total_of(shop, 100))


def test_a_page_is_short(shop):
    shop.sandbox.fault("page_short", nth=2)
    assert walk(shop) == [TRUTH[0], keys(*range(20, 35)), *TRUTH[2:]]


def test_a_page_is_repeated(shop):
    shop.sandbox.fault("page_repeated", nth=2)
    assert walk(shop) == [*TRUTH[:2], TRUTH[1], *TRUTH[3:]]


def test_a_page_is_lost_until_the_walk_begins_anew(shop):
    shop.sandbox.fault("page_lost", nth=2)
    assert walk(shop) == [TRUTH[0], TRUTH[2], TRUTH[3], TRUTH[4], [], []]
    assert read(shop, 4) == (TRUTH[4], total_of(shop, 100))
    assert walk(shop) == TRUTH


def test_a_page_is_empty_though_others_follow(shop):
    shop.sandbox.fault("page_empty", nth=1)
    assert walk(shop) == [TRUTH[0], [], *TRUTH[2:]]


def test_rows_move_up_as_after_a_delete(shop):
    shop.sandbox.fault("rows_shifted", nth=2)
    seen = walk(shop)
    assert seen[:3] == [*TRUTH[:2], keys(*range(41, 61))]
    assert seen[4:] == [keys(*range(81, 100)), []]
    assert not any("K-40" in page for page in seen)
    assert read(shop, 3)[1] == total_of(shop, 99)
    assert len(shop.sandbox.customers()) == 100
    assert read(shop, reference_ids="K-40")[0] == ["K-40"], "another query has not moved"


def test_the_list_is_empty(shop):
    shop.sandbox.fault("list_empty", times=1)
    assert read(shop) == ([], total_of(shop, 0))
    assert read(shop) == (TRUTH[0], total_of(shop, 100))


def test_totals_are_wrong(shop):
    for name, total in (("total_small", 50), ("total_large", 201)):
        shop.sandbox.set_faults([name])
        assert read(shop) == (TRUTH[0], total_of(shop, total))
    if shop.dialect == "snake":
        answer = shop.send("GET", "/customers", page_size=20).json()["pagination"]
        assert (answer["total_pages"], answer["next_page"]) == (11, 2)
        shop.sandbox.set_faults(["total_changing"], seed=1)
        totals = {read(shop)[1] for _ in range(20)}
        assert totals <= {*range(95, 100), *range(101, 106)}
        assert len(totals) > 3


def test_a_filter_is_ignored_now_and_then(shop):
    shop.sandbox.fault("filter_ignored", nth=2)
    assert read(shop)[0] == TRUTH[0]
    seen = [read(shop, reference_ids="K-03,K-50")[0] for _ in range(3)]
    assert seen == [keys(3, 50), TRUTH[0], keys(3, 50)]
    assert shop.sandbox.faults()[0]["matched"] == 3


def test_a_customer_is_missing(shop):
    shop.sandbox.fault("customer_missing", key="K-21")
    missing = [keys(20, *range(22, 40))]
    assert walk(shop) == [TRUTH[0], *missing, *TRUTH[2:]]
    assert read(shop, 2)[1] == total_of(shop, 99)
    assert read(shop, reference_ids="K-20,K-21") == (keys(20), total_of(shop, 1))
    assert read(shop, reference_ids="K-20") == (keys(20), total_of(shop, 1))
    shop.sandbox.set_faults(["customer_missing:nth=1"])
    assert len(read(shop)[0]) == 19


@pytest.mark.parametrize("name", LIES)
def test_only_lists_of_customers_lie(shop, name):
    shop.sandbox.fault(name)
    identifier = shop.sandbox.customer("K-00")["id"]
    assert shop.get(identifier)[shop.word("reference_id")] == "K-00"
    assert len(shop.open(shop.send("GET", "/price-lists"))) == 9
    assert shop.sandbox.faults()[0]["matched"] == 0


def test_two_faults_strike_one_list(shop):
    shop.sandbox.set_faults(["customer_missing:key=K-05", "page_repeated"])
    assert read(shop, 2)[0] == keys(*range(5), *range(6, 20))
