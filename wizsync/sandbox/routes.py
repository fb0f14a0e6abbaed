"""The API's addresses: each turns a request into one thing done to the account."""

from __future__ import annotations

import json
import secrets
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from wizsync.sandbox import shapes, wire
from wizsync.sandbox.account import ReferenceIdTaken
from wizsync.sandbox.bodies import BodyReader
from wizsync.sandbox.options import DialectName
from wizsync.sandbox.problems import Problem, invalid, not_found, taken
from wizsync.sandbox.queries import QueryReader
from wizsync.sandbox.seed import stamp
from wizsync.sandbox.tenants import Tenant
from wizsync.sandbox.wire import Record

SANDBOX_PASSWORD = "sandbox-password"  # noqa: S105 - the stand-in's published password

_MAX_BODY_BYTES = 2_000_000
_CHILD_SHAPES = {
    "addresses": (shapes.ADDRESS_CREATE, shapes.ADDRESS_UPDATE, "Address"),
    "contacts": (shapes.CONTACT_CREATE, shapes.CONTACT_UPDATE, "Contact"),
}

Endpoint = Callable[[Request], Awaitable[Response]]


class Api:
    """The endpoints over one account."""

    def __init__(self, dialect: DialectName, tenant: Tenant) -> None:
        self._dialect = dialect
        self._tenant = tenant
        self._account = tenant.account

    def routes(self) -> list[Route]:
        """Every address of the API."""
        children = []
        for kind in _CHILD_SHAPES:
            path = f"/v1/customers/{{id}}/{kind}"
            one_path = f"{path}/{{child_id}}"
            children += [
                Route(path, self._of_kind(kind, self._list_children), methods=["GET"]),
                Route(path, self._of_kind(kind, self._create_child), methods=["POST"]),
                Route(one_path, self._of_kind(kind, self._get_child), methods=["GET"]),
                Route(one_path, self._of_kind(kind, self._put_child), methods=["PUT"]),
                Route(one_path, self._of_kind(kind, self._delete_child), methods=["DELETE"]),
            ]
        return [
            Route("/auth/token", self._token, methods=["POST"]),
            Route("/v1/customers", self._list_customers, methods=["GET"]),
            Route("/v1/customers", self._create_customer, methods=["POST"]),
            Route("/v1/customers/{id}", self._get_customer, methods=["GET"]),
            Route("/v1/customers/{id}", self._update_customer, methods=["PATCH"]),
            Route("/v1/customers/{id}", self._delete_customer, methods=["DELETE"]),
            *children,
            Route("/v1/price-lists", self._price_lists, methods=["GET"]),
            Route("/v1/sales-reps", self._sales_reps, methods=["GET"]),
            Route("/v1/attributes", self._attributes, methods=["GET"]),
        ]

    # --- customers ------------------------------------------------------------------------------

    async def _list_customers(self, request: Request) -> Response:
        query, number, size = self._query(request).customers()
        # As the account has it, unless a fault makes the list lie.
        customers, total = request.state.page(query)
        render = self._renderer().summary
        rows = [render(customer) for customer in customers]
        return JSONResponse(wire.page(self._dialect, rows, total, number, size))

    async def _get_customer(self, request: Request) -> Response:
        return self._answer(self._customer(request))

    async def _create_customer(self, request: Request) -> Response:
        body = await _json(request)
        values = self._reader(None).read(body, shapes.CUSTOMER_CREATE, whole=True)
        try:
            customer = self._account.create(values)
        except ReferenceIdTaken:
            raise self._taken() from None
        request.state.customer_id = customer["id"]
        return self._answer(customer, 201)

    async def _update_customer(self, request: Request) -> Response:
        body = await _json(request)
        customer = self._customer(request)
        values = self._reader(customer).read(body, shapes.CUSTOMER_UPDATE, whole=False)
        try:
            changed = self._account.update(customer["id"], values)
        except ReferenceIdTaken:
            raise self._taken() from None
        return self._answer(changed, int(self._account.assumptions.update_answer))

    async def _delete_customer(self, request: Request) -> Response:
        self._account.delete(self._customer(request)["id"])
        return self._deleted()

    # --- addresses and contacts -----------------------------------------------------------------

    async def _list_children(self, request: Request, kind: str) -> Response:
        customer = self._customer(request)
        render = self._renderer().child
        rows = [render(kind, child) for child in customer[kind]]
        return self._page_of(request, rows, wrapped=self._dialect == "snake")

    async def _get_child(self, request: Request, kind: str) -> Response:
        return self._child_answer(kind, self._child(request, kind))

    async def _create_child(self, request: Request, kind: str) -> Response:
        body = await _json(request)
        customer = self._customer(request)
        shape, _, _ = _CHILD_SHAPES[kind]
        values = self._reader(customer).read(body, shape, whole=True)
        child = self._account.add_child(kind, customer["id"], values)
        request.state.child_id = child["id"]
        return self._child_answer(kind, child, 201)

    async def _put_child(self, request: Request, kind: str) -> Response:
        body = await _json(request)
        child = self._child(request, kind)
        _, shape, name = _CHILD_SHAPES[kind]
        whole = self._account.assumptions.child_put == "whole"
        values = self._reader(None).read(body, shape, whole=whole)
        if values.pop("id", child["id"]) != child["id"]:
            raise invalid([("id", f"is not the id of the {name.lower()} asked for")])
        return self._child_answer(kind, self._account.put_child(kind, child, values))

    async def _delete_child(self, request: Request, kind: str) -> Response:
        self._account.remove_child(kind, self._child(request, kind))
        return self._deleted()

    # --- look-ups and tokens --------------------------------------------------------------------

    async def _price_lists(self, request: Request) -> Response:
        return self._lookup(request, self._account.price_lists)

    async def _sales_reps(self, request: Request) -> Response:
        email = request.query_params.get("email")
        return self._lookup(
            request,
            [each for each in self._account.sales_reps if email in (None, "", each["email"])],
        )

    async def _attributes(self, request: Request) -> Response:
        entity = request.query_params.get("entity")
        entities = self._account.attributes
        if entity is not None and entity not in entities:
            raise invalid([("entity", f"must be one of: {', '.join(entities)}")])
        asked = [entity] if entity else list(entities)
        return self._lookup(request, [each for name in asked for each in entities[name]])

    async def _token(self, request: Request) -> Response:
        body = await _json(request)
        body = body if isinstance(body, dict) else {}
        missing = [name for name in ("email", "password") if not body.get(name)]
        if missing:
            raise invalid([(name, "is required") for name in missing])
        if body["password"] != SANDBOX_PASSWORD:
            raise Problem(401, "unauthorized", "The e-mail or the password is wrong.")
        return JSONResponse(
            {
                "access_token": self._tenant.key,
                "token_id": f"tok_{secrets.token_hex(8)}",
                "token_type": "api_key",
                "expires_at": stamp(datetime.now(UTC) + timedelta(days=365)),
                "user": {
                    "id": "user_sandbox",
                    "email": body["email"],
                    "tenant_id": "tenant_sandbox",
                },
            }
        )

    # --- what they share ------------------------------------------------------------------------

    def _of_kind(
        self, kind: str, endpoint: Callable[[Request, str], Awaitable[Response]]
    ) -> Endpoint:
        async def answer(request: Request) -> Response:
            return await endpoint(request, kind)

        return answer

    def _customer(self, request: Request) -> Record:
        customer = self._account.customer(request.path_params["id"])
        if customer is None:
            raise not_found("Customer")
        request.state.customer_id = customer["id"]
        return customer

    def _child(self, request: Request, kind: str) -> Record:
        identifier = request.path_params["child_id"]
        for child in self._customer(request)[kind]:
            if child["id"] == identifier:
                request.state.child_id = identifier
                return dict(child)
        raise not_found(_CHILD_SHAPES[kind][2])

    def _reader(self, customer: Record | None) -> BodyReader:
        children = {
            kind: {child["id"]: child["reference_id"] for child in customer[kind]}
            if customer
            else {}
            for kind in _CHILD_SHAPES
        }
        return BodyReader(
            dialect=self._dialect,
            assumptions=self._account.assumptions,
            sales_reps=frozenset(each["id"] for each in self._account.sales_reps),
            price_lists=frozenset(each["id"] for each in self._account.price_lists),
            attributes=self._account.attributes,
            children=children,
        )

    def _renderer(self) -> wire.Renderer:
        return wire.Renderer(
            dialect=self._dialect,
            empty=self._account.assumptions.empty,
            timestamps=self._account.assumptions.timestamps,
            sales_reps={each["id"]: each for each in self._account.sales_reps},
            price_lists={each["id"]: each for each in self._account.price_lists},
            attributes=self._account.attributes,
        )

    def _query(self, request: Request) -> QueryReader:
        return QueryReader(request.query_params, self._dialect, self._account.assumptions)

    def _answer(self, customer: Record, status: int = 200) -> Response:
        return JSONResponse(wire.one(self._dialect, self._renderer().details(customer)), status)

    def _child_answer(self, kind: str, child: Record, status: int = 200) -> Response:
        return JSONResponse(wire.one(self._dialect, self._renderer().child(kind, child)), status)

    def _deleted(self) -> Response:
        if self._account.assumptions.delete_answer == "200":
            return JSONResponse({"message": "Deleted."})
        return Response(status_code=204)

    def _lookup(self, request: Request, records: Sequence[Record]) -> Response:
        envelope = self._account.assumptions.lookups
        if envelope == "as_customers":
            return self._page_of(request, records, wrapped=self._dialect == "snake")
        return self._page_of(request, records, wrapped=envelope == "wrapped")

    def _page_of(self, request: Request, records: Sequence[Record], *, wrapped: bool) -> Response:
        number, size = self._query(request).paging()
        rows = records[(number - 1) * size : number * size]
        dialect: DialectName = "snake" if wrapped else "camel"
        return JSONResponse(wire.page(dialect, rows, len(records), number, size))

    def _taken(self) -> Problem:
        return taken("reference_id" if self._dialect == "snake" else "referenceId")


async def _json(request: Request) -> Any:
    """The body, within its limits."""
    declared = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if declared != "application/json":
        raise Problem(415, "unsupported_media_type", "The body must be application/json.")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MAX_BODY_BYTES:
            raise Problem(413, "payload_too_large", "The body is too large.")
    try:
        # As text: of bytes, half a character and codings that JSON does not have would be taken.
        parsed = json.loads(body.decode(), parse_constant=_refuse_constant)
        # Half a character, which JSON can spell, is no text that can be kept.
        if b"\\ud" in body.lower():
            json.dumps(parsed, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise Problem(400, "bad_request", "The body is not valid JSON.") from None
    return parsed


def _refuse_constant(name: str) -> None:
    """Refuse NaN and Infinity, which Python reads and JSON does not have."""
    raise ValueError(name)
