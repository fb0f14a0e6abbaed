"""The customers resource: what is asked for, and how pages are walked, on a scripted server."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.api.servers import KEY, Behaviour, Script, answer, says, scripted
from wizsync.api import (
    CAMEL,
    SNAKE,
    AddressUpdateRequest,
    CustomerUpdateRequest,
    ListEncoding,
    WizCommerce,
    create_request,
)
from wizsync.errors import (
    NotTheApi,
    OutcomeUnknown,
    RequestRefused,
    UnsoundRead,
    UsageError,
)

pytestmark = pytest.mark.anyio


def client(script: Script, dialect: str = "auto") -> WizCommerce:
    return WizCommerce(script.url, KEY, dialect=dialect, rate=1000, attempts=2)


def query(script: Script, number: int = -1) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(script.asked[number].target).query, keep_blank_values=True)


def paged(dialect: str, pages: dict[int, str], *, beyond: str = "", **totals: int) -> Behaviour:
    """A list with these customers on these pages, and `beyond` after them; ids are letters."""
    asked = iter(range(1, 1000))

    async def behave(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        rows = [{"id": each} for each in pages.get(next(asked), beyond)]
        writer.write(
            answer(200, rows if dialect == "camel" else {"data": rows, "pagination": totals})
        )
        await writer.drain()

    return behave


async def ids_of(script: Script, dialect: str, **arguments) -> list[str]:
    async with client(script, dialect) as wiz:
        return [
            "".join(customer.id for customer in page.customers)
            async for page in wiz.customers.pages(**arguments)
        ]


# --- detection ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("listed", "dialect"), [([], CAMEL), ({"data": []}, SNAKE), ([{"id": "1"}], CAMEL)]
)
async def test_the_dialect_is_asked_for_once_and_remembered(listed, dialect):
    one = {"id": "1"} if dialect is CAMEL else {"data": {"id": "1"}}
    async with scripted(says(200, listed), says(200, one)) as script, client(script) as wiz:
        assert wiz.dialect is None
        await asyncio.gather(*(wiz.customers.get("1") for _ in range(4)))
        assert wiz.dialect is dialect
        assert (wiz.requests.list, wiz.requests.get) == (1, 4)
    assert script.asked[0].target == "/v1/customers?page=1&page_size=1"


async def test_a_known_dialect_is_not_asked_for():
    async with scripted(says(200, [])) as script, client(script, "camel") as wiz:
        assert wiz.dialect is CAMEL
        assert await wiz.detect() is CAMEL
        assert not script.asked


@pytest.mark.parametrize("content", [{"message": "hello"}, "hello", 7, None, [1], {"data": 3}])
async def test_another_shape_is_not_the_api(content):
    async with scripted(says(200, content)) as script, client(script) as wiz:
        with pytest.raises(NotTheApi, match="what came is") as caught:
            await wiz.detect()
        assert caught.value.where == f"GET {script.url}/customers"
        assert wiz.dialect is None
        assert len(script.asked) == 1


@pytest.mark.parametrize("status", [404, 405])
async def test_an_address_without_customers_is_not_the_api(status):
    async with scripted(says(status)) as script, client(script) as wiz:
        with pytest.raises(NotTheApi, match="no customers at this address"):
            await wiz.detect()


async def test_an_address_without_price_lists_is_not_the_api():
    async with scripted(says(404)) as script, client(script) as wiz:
        with pytest.raises(NotTheApi, match="no price lists at this address"):
            await anext(wiz.price_lists())


async def test_another_refusal_of_the_first_question_stays_what_it_is():
    async with scripted(says(422)) as script, client(script) as wiz:
        with pytest.raises(RequestRefused):
            await wiz.detect()


async def test_an_answer_in_the_other_dialect_is_refused_and_a_write_is_then_unknown():
    async with scripted(says(200, {"data": []})) as script, client(script, "camel") as wiz:
        with pytest.raises(NotTheApi) as caught:
            await wiz.customers.list()
        assert "--dialect snake" in caught.value.hint
        assert caught.value.where
    async with scripted(says(201, {"data": {"id": "1"}})) as script, client(script, "camel") as wiz:
        with pytest.raises(OutcomeUnknown):
            await wiz.customers.create(
                create_request("K", {"companyName": "A", "displayName": "A"})
            )
        assert len(script.asked) == 1


async def test_a_create_that_is_answered_without_an_id_is_unknown():
    async with scripted(says(201, {"referenceId": "K"})) as script, client(script, "camel") as wiz:
        with pytest.raises(OutcomeUnknown, match="CustomerDetails: id"):
            await wiz.customers.update("1", CustomerUpdateRequest(phone="1"))


# --- queries --------------------------------------------------------------------------------------


async def test_every_filter_of_the_snake_dialect():
    moment = datetime(2026, 1, 2, 5, 4, 5, tzinfo=timezone(timedelta(hours=2)))
    async with scripted(says(200, {"data": []})) as script, client(script, "snake") as wiz:
        await wiz.customers.list(
            page=3,
            page_size=7,
            sort_by="created_at",
            sort="asc",
            status="inactive",
            reference_ids=["a b", "c&d", "é"],
            created_after=moment,
            created_before="2026-01-01T00:00:00Z",
            updated_after=None,
            updated_before=datetime(2026, 1, 1, tzinfo=UTC),
        )
    assert query(script) == [
        ("page", "3"),
        ("page_size", "7"),
        ("sort_by", "created_at"),
        ("sort", "asc"),
        ("status", "inactive"),
        ("reference_ids", "a b,c&d,é"),
        ("created_after", "2026-01-02T03:04:05.000Z"),
        ("created_before", "2026-01-01T00:00:00Z"),
        ("updated_before", "2026-01-01T00:00:00.000Z"),
    ]


async def test_the_camel_dialects_names_and_repeated_keys():
    async with scripted(says(200, [])) as script, client(script, "camel") as wiz:
        await wiz.customers.list(
            sort_by="updated_at",
            reference_ids=("a,b", "c"),
            reference_ids_as=ListEncoding.REPEATED,
        )
    assert query(script) == [
        ("page", "1"),
        ("page_size", "100"),
        ("sortBy", "updated_at"),
        ("referenceIds", "a,b"),
        ("referenceIds", "c"),
    ]


@pytest.mark.parametrize(
    ("dialect", "filters", "words"),
    [
        ("camel", {"created_after": "2026-01-01T00:00:00Z"}, "no filter created_after"),
        ("camel", {"updated_before": "2026-01-01T00:00:00Z"}, "no filter updated_before"),
        ("snake", {"reference_ids": ["a,b"]}, "holds a comma"),
        ("snake", {"reference_ids": []}, "or by none"),
        ("snake", {"reference_ids": ["a", ""]}, "empty referenceId"),
        ("snake", {"sort_by": "city"}, "sorted by city"),
        ("snake", {"sort": "up"}, "sorted up"),
        ("snake", {"created_after": datetime(2026, 1, 1)}, "no time zone"),  # noqa: DTZ001
        ("snake", {"colour": "red"}, "no filter colour"),
        ("snake", {"page": 0}, "no page 0"),
        ("snake", {"page_size": 101}, "of 101 customers"),
        ("snake", {"page_size": 0}, "of 0 customers"),
    ],
)
async def test_questions_that_are_not_asked(dialect, filters, words):
    async with scripted(says(200, [])) as script, client(script, dialect) as wiz:
        with pytest.raises(UsageError, match=words):
            await wiz.customers.list(**filters)
        assert not script.asked


@pytest.mark.parametrize("nobody", ["", ".", "..", " "])
async def test_an_id_that_is_none_is_never_sent(nobody):
    """DELETE /customers/ would be a request about all of them."""
    async with scripted(says(200, {"id": "1"})) as script, client(script, "camel") as wiz:
        for call in (
            lambda: wiz.customers.delete(nobody),
            lambda: wiz.customers.get(nobody),
            lambda: wiz.customers.update(nobody, CustomerUpdateRequest(phone="")),
            lambda: wiz.customers.addresses("1").delete(nobody),
            lambda: wiz.customers.addresses("1").update(nobody, AddressUpdateRequest(city="X")),
        ):
            with pytest.raises(UsageError):
                await call()
        with pytest.raises(UsageError):
            wiz.customers.contacts(nobody)
        with pytest.raises(UsageError, match="half a character"):
            await wiz.customers.get("c\ud800")
        assert not script.asked


async def test_ids_are_quoted_in_paths():
    strange = "a/../b?c#d é"
    answers = [says(200, {"id": strange}), says(200, {"id": "c/d"})]
    async with scripted(*answers) as script, client(script, "camel") as wiz:
        await wiz.customers.get(strange)
        await wiz.customers.addresses("a/b").get("c/d")
    assert [asked.target for asked in script.asked] == [
        "/v1/customers/a%2F..%2Fb%3Fc%23d%20%C3%A9",
        "/v1/customers/a%2Fb/addresses/c%2Fd",
    ]


async def test_an_answer_about_another_customer_is_not_taken():
    other, right = says(200, {"id": "c2"}), says(200, {"id": "c1"})
    async with scripted(other, right) as script, client(script, "camel") as wiz:
        assert (await wiz.customers.get("c1")).id == "c1"
        assert wiz.requests.retried == 1
    async with scripted(other) as script, client(script, "camel") as wiz:
        with pytest.raises(NotTheApi, match="is about c2"):
            await wiz.customers.get("c1")
        with pytest.raises(NotTheApi, match="is about c2"):
            await wiz.customers.contacts("c9").get("c1")
        sent = len(script.asked)
        with pytest.raises(OutcomeUnknown, match="is about c2"):
            await wiz.customers.update("c1", CustomerUpdateRequest(phone="1"))
        assert len(script.asked) == sent + 1


# --- pages ----------------------------------------------------------------------------------------


async def test_a_page_says_what_the_server_says():
    totals = {"total_records": 5, "total_pages": 3, "current_page": 1, "page_size": 2}
    listed = {"data": [{"id": "1", "reference_id": "K"}], "pagination": totals}
    async with scripted(says(200, listed)) as script, client(script) as wiz:
        page = await wiz.customers.list(page_size=50)
    assert (page.number, page.page_size, page.total_records, page.total_pages) == (1, 2, 5, 3)
    assert page.customers[0].reference_id == "K"


async def test_the_totals_end_the_walk_of_the_snake_dialect():
    pages = paged("snake", {1: "ab", 2: "c", 3: "de"}, total_pages=3, total_records=5)
    async with scripted(pages) as script:
        assert await ids_of(script, "snake", page_size=2) == ["ab", "c", "de"]
        assert [dict(query(script, number))["page"] for number in range(3)] == ["1", "2", "3"]
        assert len(script.asked) == 3


async def test_totals_of_one_page_alone_do_not_end_a_list_that_announces_another():
    of_a_page = {"total_records": 2, "total_pages": 1}
    pages = [
        says(
            200,
            {"data": [{"id": each} for each in ids], "pagination": of_a_page | {"next_page": n}},
        )
        for ids, n in (("ab", 2), ("cd", 3), ("", 0))
    ]
    async with scripted(*pages) as script:
        assert await ids_of(script, "snake", page_size=2) == ["ab", "cd"]
        assert len(script.asked) == 3


async def test_only_a_page_with_nothing_new_ends_the_walk_of_the_camel_dialect():
    async with scripted(paged("camel", {1: "ab", 2: "c", 3: "de"})) as script:
        assert await ids_of(script, "camel", page_size=2) == ["ab", "c", "de"]
        assert len(script.asked) == 4
    async with scripted(paged("camel", {1: "ab", 2: "cd", 3: "bd"})) as script:
        assert await ids_of(script, "camel", page_size=2) == ["ab", "cd"]


@pytest.mark.parametrize("dialect", ["camel", "snake"])
async def test_an_empty_account_is_one_empty_page(dialect):
    async with scripted(paged(dialect, {}, total_pages=0, total_records=0)) as script:
        assert await ids_of(script, dialect) == [""]
        assert len(script.asked) == 1


@pytest.mark.parametrize("dialect", ["camel", "snake"])
async def test_a_server_that_does_not_turn_its_pages_is_refused(dialect):
    pages = paged(dialect, {}, beyond="ab", total_pages=9, total_records=18)
    async with scripted(pages) as script:
        with pytest.raises(UnsoundRead, match="does not turn its pages"):
            await ids_of(script, dialect, page_size=2)


async def test_filters_hold_on_every_page():
    async with scripted(paged("camel", {1: "a", 2: "b"})) as script:
        await ids_of(script, "camel", status="inactive", sort_by="created_at", sort="asc")
        assert len(script.asked) == 3
        for number in range(3):
            asked = dict(query(script, number))
            assert (asked["status"], asked["sortBy"], asked["sort"]) == (
                "inactive",
                "created_at",
                "asc",
            )


# --- side lists -----------------------------------------------------------------------------------


async def test_side_lists_are_read_over_all_their_pages_in_either_shape():
    rows = [{"id": str(number)} for number in range(130)]
    for shape in (lambda part: part, lambda part: {"data": part}):
        behaviours = [says(200, shape(part)) for part in (rows[:100], rows[100:], [])]
        async with scripted(*behaviours) as script, client(script) as wiz:
            read = [each.id async for each in wiz.price_lists()]
            assert read == [row["id"] for row in rows]
            assert (wiz.requests.other, wiz.requests.list) == (3, 0)


async def test_a_side_list_that_always_comes_whole_is_read_once():
    async with scripted(says(200, [{"id": "1"}, {"id": "2"}])) as script, client(script) as wiz:
        assert [each.id async for each in wiz.sales_reps(email="a+b@c.example")] == ["1", "2"]
    assert query(script)[0] == ("email", "a+b@c.example")


async def test_attributes_of_what_has_none():
    async with scripted(says(200, [])) as script, client(script) as wiz:
        with pytest.raises(UsageError, match='attributes of "order"'):
            wiz.attributes("order")
