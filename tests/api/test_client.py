"""Signing in, and the client through every method against the sandbox, in both dialects."""

from __future__ import annotations

import asyncio
import traceback

import pytest

from tests.api.servers import says, scripted
from tests.conftest import StartSandbox
from wizsync.api import (
    AddressCreateRequest,
    AddressUpdateRequest,
    AttributeValue,
    ContactCreateRequest,
    ContactUpdateRequest,
    CustomerCreateRequest,
    ListEncoding,
    WizCommerce,
    create_request,
    token,
    update_request,
    written_fields,
)
from wizsync.errors import KeyRefused, NotTheApi, RequestRefused, UsageError
from wizsync.model import LIST_SEPARATOR, Requests

pytestmark = pytest.mark.anyio

PASSWORD = "correct horse"


# --- signing in -----------------------------------------------------------------------------------


@pytest.mark.parametrize("wrapped", [False, True])
async def test_a_token_is_asked_for_outside_v1(wrapped):
    content = {"access_token": "sk-1", "expires_at": "2027", "user": {"tenant_id": 4}}
    async with scripted(says(200, {"data": content} if wrapped else content)) as script:
        got = await token(script.url, "me@x.example", PASSWORD)
    assert (got.access_token, got.user.tenant_id) == ("sk-1", "4")
    assert "sk-1" not in repr(got)
    (asked,) = script.asked
    assert (asked.method, asked.target) == ("POST", "/auth/token")
    assert asked.json == {"email": "me@x.example", "password": PASSWORD}
    assert "x-api-key" not in asked.headers


@pytest.mark.parametrize(
    ("behaviour", "kind"),
    [
        (says(401, {"message": f"not {PASSWORD}"}), KeyRefused),
        (says(422, {"message": f"not {PASSWORD}"}), RequestRefused),
        (says(200, ["x"]), NotTheApi),
        (says(200, {"token": "x"}), NotTheApi),
        (says(200, {"access_token": ""}), NotTheApi),
    ],
)
async def test_a_token_that_is_not_given(behaviour, kind):
    async with scripted(behaviour) as script:
        with pytest.raises(kind) as caught:
            await token(script.url, "me@x.example", PASSWORD)
    assert PASSWORD not in "".join(traceback.format_exception(caught.value))
    assert len(script.asked) == 1


async def test_a_password_is_not_sent_unencrypted():
    with pytest.raises(UsageError, match="plain http"):
        await token("http://api.wizcommerce.com/v1", "me@x.example", PASSWORD)


# --- the sandbox ----------------------------------------------------------------------------------


@pytest.fixture
def sandbox(start_sandbox: StartSandbox, dialect: str):
    return start_sandbox(dialect=dialect, customers=150)


@pytest.fixture
def opened(sandbox):
    return WizCommerce(sandbox.base_url, sandbox.key, rate=1000, attempts=2)


async def test_the_sandboxs_token_opens_it(sandbox):
    got = await token(sandbox.base_url, "me@x.example", "sandbox-password")
    async with WizCommerce(sandbox.base_url, got.access_token) as wiz:
        await wiz.detect()
    with pytest.raises(KeyRefused, match="e-mail and password"):
        await token(sandbox.base_url, "me@x.example", "wrong")


async def test_a_wrong_key_is_refused_at_once(sandbox):
    async with WizCommerce(sandbox.base_url, "wrong") as wiz:
        with pytest.raises(KeyRefused):
            await wiz.detect()
        assert wiz.requests == Requests(list=1)


async def test_the_dialect_is_found_out(opened, dialect):
    async with opened as wiz:
        assert (await wiz.detect()).name == dialect


async def test_all_customers_are_read_page_by_page(opened, sandbox):
    stored = sandbox.customers()
    async with opened as wiz:
        for status in ("active", "inactive"):
            read = [
                customer.id
                async for page in wiz.customers.pages(
                    page_size=40, status=status, sort_by="created_at", sort="asc"
                )
                for customer in page.customers
            ]
            assert read == [each["id"] for each in stored if each["status"] == status]


async def test_customers_are_looked_up_by_key(opened, sandbox):
    keys = [each["reference_id"] for each in sandbox.customers() if each["status"] == "active"]
    wanted = [key for key in keys if key][:3]
    async with opened as wiz:
        page = await wiz.customers.list(reference_ids=[*wanted, "nobody"])
        assert sorted(customer.reference_id for customer in page.customers) == sorted(wanted)
        sandbox.assume(reference_ids="repeated")
        page = await wiz.customers.list(
            reference_ids=wanted, reference_ids_as=ListEncoding.REPEATED
        )
        assert sorted(customer.reference_id for customer in page.customers) == sorted(wanted)


async def test_dates_filter_in_the_snake_dialect_alone(opened, sandbox, dialect):
    moment = sorted(each["created_at"] for each in sandbox.customers())[75]
    async with opened as wiz:
        if dialect == "camel":
            with pytest.raises(UsageError, match="camel"):
                await wiz.customers.list(created_after=moment)
            return
        after = await wiz.customers.list(created_after=moment)
        before = await wiz.customers.list(created_before=moment)
        assert all(each.created_at > moment for each in after.customers)
        assert all(each.created_at < moment for each in before.customers)
        assert after.total_records > 0
        assert before.total_records > 0


async def test_a_row_carries_the_summary_and_a_get_everything(opened, sandbox, dialect):
    async with opened as wiz:
        stored = next(
            each
            for each in sandbox.customers()
            if each["status"] == "active" and each["addresses"] and each["contacts"]
        )
        page = await wiz.customers.list(reference_ids=[stored["reference_id"]])
        listed = written_fields(page.customers[0], listed=True)
        assert "assignedPriceListId" not in listed
        assert ("freightTerm" in listed) == (dialect == "snake")
        full = await wiz.customers.get(stored["id"])
        assert written_fields(full, listed=False).items() >= listed.items()
        assert [each.id for each in full.addresses] == [each["id"] for each in stored["addresses"]]
        assert full.addresses[0].address_line_1 == stored["addresses"][0]["address_line_1"]
        assert [each.id for each in full.contacts] == [each["id"] for each in stored["contacts"]]
        assert full.updated_at


async def test_a_customers_whole_life(opened, sandbox):
    async with opened as wiz:
        price_lists = [each.id async for each in wiz.price_lists()]
        reps = [each.id async for each in wiz.sales_reps() if each.status == "active"]
        values = {
            "companyName": "Acme & Søn",
            "displayName": "Acme",
            "email": "a@acme.example",
            "phone": "+1 555 0100",
            "freightTerm": "prepaid",
            "assignedPriceListId": price_lists[0],
            "assignedSalesRepIds": LIST_SEPARATOR.join(reps[:2]),
        }
        created = await wiz.customers.create(create_request("K-1", values))
        shown = written_fields(created, listed=False)
        assert {name: shown[name] for name in values} == values
        assert shown["referenceId"] == "K-1"

        changes = {
            "companyName": "Acme Ltd",
            "phone": "",
            "assignedPriceListId": "",
            "assignedSalesRepIds": "",
        }
        updated = await wiz.customers.update(created.id, update_request(changes))
        shown = written_fields(updated, listed=False)
        assert {name: shown[name] for name in changes} == changes
        assert (shown["email"], shown["freightTerm"]) == ("a@acme.example", "prepaid")
        assert written_fields(await wiz.customers.get(created.id), listed=False) == shown

        await wiz.customers.delete(created.id)
        for call in (wiz.customers.get, wiz.customers.delete):
            with pytest.raises(RequestRefused) as caught:
                await call(created.id)
            assert caught.value.status == 404
        counted = sandbox.counts()["operations"]
        requests = wiz.requests
    assert {name: getattr(requests, name) for name in counted} == counted


async def test_a_create_with_everything(opened):
    request = CustomerCreateRequest(
        company_name="Acme",
        display_name="Acme",
        reference_id="K-2",
        addresses=[
            AddressCreateRequest(
                reference_id="A-1",
                address_line_1="1 High St",
                city="Leeds",
                type="billing",
                zip_code="00123",
                is_default=True,
            )
        ],
        contacts=[ContactCreateRequest(reference_id="C-1", first_name="Ann", email="a@x.example")],
    )
    async with opened as wiz:
        attribute = await anext(wiz.attributes("customer"))
        value = attribute.options[0] if attribute.options else "42"
        request.attributes = [AttributeValue(name=attribute.name, value=value)]
        created = await wiz.customers.create(request)
    assert created.addresses[0].zip_code == "00123"
    assert created.addresses[0].is_default is True
    assert created.contacts[0].first_name == "Ann"
    assert [each.value for each in created.attributes if each.id == attribute.id] == [value]


async def test_children_through_their_own_endpoints(opened, sandbox):
    customer = next(each for each in sandbox.customers() if not each["addresses"])
    async with opened as wiz:
        addresses = wiz.customers.addresses(customer["id"])
        made = [
            await addresses.create(
                AddressCreateRequest(
                    reference_id=f"A-{number}", address_line_1="1", city="Leeds", type="shipping"
                )
            )
            for number in range(23)
        ]
        # More than a page of the sandbox's own size.
        assert sorted(each.id for each in await addresses.list()) == sorted(
            each.id for each in made
        )
        whole = AddressUpdateRequest(
            reference_id="A-0", address_line_1="2", city="York", type="shipping", zip_code="Y1"
        )
        changed = await addresses.update(made[0].id, whole)
        assert (changed.id, changed.city, changed.zip_code) == (made[0].id, "York", "Y1")
        assert (await addresses.get(made[0].id)).address_line_1 == "2"
        assert (await addresses.get(made[1].id)).city == "Leeds"
        await addresses.delete(made[0].id)
        with pytest.raises(RequestRefused) as caught:
            await addresses.get(made[0].id)
        assert caught.value.status == 404

        contacts = wiz.customers.contacts(customer["id"])
        before = {each.id for each in await contacts.list()}
        contact = await contacts.create(
            ContactCreateRequest(reference_id="C-9", first_name="Ann", email="a@x.example")
        )
        whole = ContactUpdateRequest(reference_id="C-9", first_name="Bea", email="b@x.example")
        assert (await contacts.update(contact.id, whole)).first_name == "Bea"
        assert {each.id for each in await contacts.list()} == before | {contact.id}
        await contacts.delete(contact.id)
        assert {each.id for each in await contacts.list()} == before
        assert wiz.requests.child == sandbox.counts()["operations"]["child"]


@pytest.mark.parametrize("shape", ["as_customers", "bare", "wrapped"])
async def test_side_lists_in_every_shape(opened, sandbox, shape):
    sandbox.assume(lookups=shape)
    async with opened as wiz:
        assert all([each.name async for each in wiz.price_lists()])
        reps = [each async for each in wiz.sales_reps()]
        found = [each.id async for each in wiz.sales_reps(email=reps[0].email)]
        assert found == [reps[0].id]
        for entity in ("customer", "address", "contact"):
            kinds = [each async for each in wiz.attributes(entity)]
            assert kinds
            assert {each.entity for each in kinds} == {entity}


async def test_a_refusal_names_our_fields(opened):
    strange = CustomerCreateRequest(
        company_name="Acme",
        display_name="Acme",
        reference_id="K-3",
        addresses=[
            AddressCreateRequest(
                reference_id="A", address_line_1="1", city="Leeds", type="elsewhere"
            )
        ],
    )
    async with opened as wiz:
        with pytest.raises(RequestRefused) as caught:
            await wiz.customers.create(strange)
    assert caught.value.status == 422
    assert [each.field for each in caught.value.details] == ["addresses[0].type"]
    assert caught.value.details[0].reason


async def test_a_key_that_is_taken_is_refused(opened, sandbox):
    taken = next(each["reference_id"] for each in sandbox.customers() if each["reference_id"])
    async with opened as wiz:
        with pytest.raises(RequestRefused) as caught:
            await wiz.customers.create(
                create_request(taken, {"companyName": "A", "displayName": "A"})
            )
    assert caught.value.status == 409
    assert {each.field for each in caught.value.details} <= {"referenceId"}


@pytest.mark.parametrize("errors", ["json", "text", "nothing"])
async def test_refusals_with_whatever_words(opened, sandbox, errors):
    sandbox.assume(errors=errors)
    async with opened as wiz:
        await wiz.detect()
        with pytest.raises(RequestRefused) as caught:
            await wiz.customers.get("nobody")
    assert caught.value.status == 404
    assert caught.value.message


@pytest.mark.parametrize("empty", ["blank", "null", "absent"])
async def test_an_empty_text_is_empty_however_it_is_shown(opened, sandbox, empty):
    sandbox.assume(empty=empty)
    async with opened as wiz:
        created = await wiz.customers.create(
            create_request("K-4", {"companyName": "A", "displayName": "A"})
        )
        row = (await wiz.customers.list(reference_ids=["K-4"])).customers[0]
    assert written_fields(created, listed=False)["phone"] == ""
    assert written_fields(row, listed=True)["phone"] == ""


@pytest.mark.parametrize("retry_after", ["seconds", "date", "missing"])
async def test_a_limit_of_the_server_is_kept_to(start_sandbox, retry_after):
    sandbox = start_sandbox(customers=3, rate=20.0, assume=(f"retry_after={retry_after}",))
    async with WizCommerce(sandbox.base_url, sandbox.key, dialect="snake", rate=1000) as wiz:
        # All at once: the burst that the sandbox allows, then refusals, then what it asked for.
        await asyncio.gather(*(wiz.customers.list() for _ in range(6)))
        assert wiz.requests.throttled > 0
        assert wiz.requests.throttled == wiz.requests.retried
        assert wiz.requests.list == 6 + wiz.requests.retried


async def test_a_rate_below_the_servers_limit_meets_no_refusal(start_sandbox):
    sandbox = start_sandbox(customers=3, rate=60.0)
    async with WizCommerce(sandbox.base_url, sandbox.key, dialect="snake", rate=50) as wiz:
        await asyncio.gather(*(wiz.customers.list() for _ in range(25)))
        assert wiz.requests == Requests(list=25)
