"""Speaks to a sandbox over HTTP in either dialect, with names of its own."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from wizsync.sandbox import Assumptions, Sandbox, SandboxOptions, running

# Names of the API page that tests use: snake to camel, where they differ.
CAMEL = {
    "reference_id": "referenceId",
    "company_name": "companyName",
    "display_name": "displayName",
    "display_id": "displayId",
    "first_name": "firstName",
    "last_name": "lastName",
    "freight_term": "freightTerm",
    "shipping_method": "shippingMethod",
    "payment_mode": "paymentMode",
    "payment_term": "paymentTerm",
    "assigned_sales_rep_ids": "assignedSalesRepIds",
    "assigned_sales_reps": "assignedSalesReps",
    "assigned_price_list": "assignedPriceList",
    "assigned_price_list_id": "assignedPriceListId",
    "primary_contact_id": "primaryContactId",
    "default_shipping_address_id": "defaultShippingAddressId",
    "default_billing_address_id": "defaultBillingAddressId",
    "address_line_1": "addressLine1",
    "address_line_2": "addressLine2",
    "zip_code": "zipCode",
    "is_default": "isDefault",
    "customer_id": "customerId",
    "created_at": "createdAt",
    "updated_at": "updatedAt",
    "sort_by": "sortBy",
    "reference_ids": "referenceIds",
}
_numbers = itertools.count(1)


@dataclass
class Caller:
    """A client without any cleverness.

    `word` gives the dialect's name of a snake name; the methods take snake names and give raw JSON
    without its envelope.
    """

    sandbox: Sandbox
    dialect: str
    http: httpx.Client
    headers: dict[str, str] = field(default_factory=dict)

    def word(self, name: str) -> str:
        return CAMEL.get(name, name) if self.dialect == "camel" else name

    def words(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {self.word(name): self.words(each) for name, each in value.items()}
        return [self.words(each) for each in value] if isinstance(value, list) else value

    def send(self, method: str, path: str, body: Any = None, **query: Any) -> httpx.Response:
        return self.http.request(method, path, json=body, params=query or None)

    def page(self, **query: Any) -> list[dict[str, Any]]:
        """The rows of one page; the query in snake names."""
        answer = self.send("GET", "/customers", **self.words(query))
        assert answer.status_code == 200, answer.text
        return self.open(answer)

    def keys(self, **query: Any) -> list[str | None]:
        """The referenceIds of one page."""
        return [row[self.word("reference_id")] for row in self.page(**query)]

    def get(self, identifier: str) -> dict[str, Any]:
        answer = self.send("GET", f"/customers/{identifier}")
        assert answer.status_code == 200, answer.text
        return self.open(answer)

    def post(self, **fields: Any) -> httpx.Response:
        """A create, with what is required filled in."""
        key = f"T-{next(_numbers)}"
        required = {"reference_id": key, "company_name": f"Shop {key}", "display_name": "Shop"}
        return self.send("POST", "/customers", self.words(required | fields))

    def create(self, **fields: Any) -> dict[str, Any]:
        answer = self.post(**fields)
        assert answer.status_code == 201, answer.text
        return self.open(answer)

    def patch(self, identifier: str, **fields: Any) -> httpx.Response:
        return self.send("PATCH", f"/customers/{identifier}", self.words(fields))

    def update(self, identifier: str, **fields: Any) -> dict[str, Any]:
        answer = self.patch(identifier, **fields)
        assert answer.status_code == 200, answer.text
        return self.open(answer)

    def open(self, answer: httpx.Response) -> Any:
        """The answer out of the dialect's envelope."""
        return answer.json()["data"] if self.dialect == "snake" else answer.json()

    def refused(self, answer: httpx.Response, status: int = 422) -> dict[str, str]:
        """Field to reason of a refusal."""
        assert answer.status_code == status, answer.text
        body = answer.json()
        assert body["code"]
        assert body["message"]
        return {detail["field"]: detail["reason"] for detail in body["details"]}

    @staticmethod
    def address(**fields: Any) -> dict[str, Any]:
        required = {"reference_id": "A", "address_line_1": "1 Main St", "city": "Boise"}
        return required | {"type": "billing"} | fields

    @staticmethod
    def contact(**fields: Any) -> dict[str, Any]:
        return {"reference_id": "C", "first_name": "Ann", "email": "ann@shop.example"} | fields


Start = Callable[..., Caller]


@pytest.fixture(params=["snake", "camel"])
def dialect(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def start(dialect: str) -> Iterator[Start]:
    """Starts a sandbox with options of its own."""
    with ExitStack() as stack:

        def started(**options: Any) -> Caller:
            sandbox = stack.enter_context(running(SandboxOptions(dialect=dialect, **options)))
            http = httpx.Client(base_url=sandbox.base_url, headers={"X-API-Key": sandbox.key})
            return Caller(sandbox, dialect, stack.enter_context(http))

        yield started


@pytest.fixture(scope="session")
def _shared() -> Iterator[dict[str, Caller]]:
    with ExitStack() as stack:
        callers = {}
        for dialect in ("snake", "camel"):
            options = SandboxOptions(dialect=dialect, customers=120, control=True)
            sandbox = stack.enter_context(running(options))
            http = httpx.Client(base_url=sandbox.base_url, headers={"X-API-Key": sandbox.key})
            callers[dialect] = Caller(sandbox, dialect, stack.enter_context(http))
        yield callers


@pytest.fixture
def api(_shared: dict[str, Caller], dialect: str) -> Iterator[Caller]:
    """A sandbox with 120 made-up customers, shared by all tests; its assumptions are the defaults."""
    caller = _shared[dialect]
    caller.sandbox.reset()
    yield caller
    caller.sandbox.no_faults()
    defaults = Assumptions()
    caller.sandbox.assume(**{name: getattr(defaults, name) for name in defaults.__slots__})
