"""The control address: for tests that must know what was asked, and change things unseen.

Open only when the sandbox was started with it; `docs/sandbox.md` describes it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from wizsync.errors import UsageError
from wizsync.sandbox.account import Account
from wizsync.sandbox.control_bodies import body_of, object_of, tenant_of
from wizsync.sandbox.control_faults import FaultControl
from wizsync.sandbox.lookups import LOOKUPS, LookupName, checked_lookup
from wizsync.sandbox.problems import Problem, invalid, not_found
from wizsync.sandbox.store import CHILD_COLUMNS, CUSTOMER_COLUMNS
from wizsync.sandbox.workings import Workings

_EDITABLE = frozenset(CUSTOMER_COLUMNS) | CHILD_COLUMNS.keys()


class Control:
    """The endpoints, and what they do, which a test in the same process may call as well."""

    def __init__(self, workings: Workings) -> None:
        self._workings = workings

    def mount(self) -> Mount:
        """The routes."""
        one_path = "/customers/{id}"
        lookups = []
        for name in LOOKUPS:
            path = f"/{name.replace('_', '-')}"
            lookups += [
                Route(path, self._of_list(name, self._get_lookup), methods=["GET"]),
                Route(path, self._of_list(name, self._put_lookup), methods=["PUT"]),
            ]
        return Mount(
            "/control",
            routes=[
                Route("/requests", self._get_requests, methods=["GET"]),
                Route("/requests", self._reset_requests, methods=["POST"]),
                Route("/ledger", self._get_ledger, methods=["GET"]),
                Route("/customers", self._get_customers, methods=["GET"]),
                Route("/customers", self._post_customer, methods=["POST"]),
                Route(one_path, self._patch_customer, methods=["PATCH"]),
                Route(one_path, self._delete_customer, methods=["DELETE"]),
                *lookups,
                Route("/assumptions", self._get_assumptions, methods=["GET"]),
                Route("/assumptions", self._put_assumptions, methods=["PUT"]),
                Route("/rate", self._get_rate, methods=["GET"]),
                Route("/rate", self._put_rate, methods=["PUT"]),
                *FaultControl(self._workings).routes(),
            ],
        )

    async def _get_requests(self, _: Request) -> Response:
        return JSONResponse(self._workings.ledger.counts())

    async def _reset_requests(self, _: Request) -> Response:
        self._workings.reset()
        return JSONResponse(self._workings.ledger.counts())

    async def _get_ledger(self, _: Request) -> Response:
        return JSONResponse(self._workings.ledger.writes())

    async def _get_customers(self, request: Request) -> Response:
        return JSONResponse(self._account(request).customers())

    async def _post_customer(self, request: Request) -> Response:
        values = checked_fields(await object_of(request))
        return JSONResponse(self._account(request).add(values), 201)

    async def _patch_customer(self, request: Request) -> Response:
        values = checked_fields(await object_of(request))
        try:
            return JSONResponse(self._account(request).edit(request.path_params["id"], values))
        except KeyError:
            raise not_found("Customer") from None

    async def _delete_customer(self, request: Request) -> Response:
        try:
            self._account(request).remove(request.path_params["id"])
        except KeyError:
            raise not_found("Customer") from None
        return Response(status_code=204)

    def _of_list(
        self, name: LookupName, endpoint: Callable[[Request, LookupName], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            return await endpoint(request, name)

        return answer

    async def _get_lookup(self, request: Request, name: LookupName) -> Response:
        return JSONResponse(self._account(request).lookup(name))

    async def _put_lookup(self, request: Request, name: LookupName) -> Response:
        body = await body_of(request)
        if not isinstance(body, list):
            raise Problem(400, "bad_request", "The body must be a JSON array.")
        self._account(request).set_lookup(name, checked_lookup(name, body))
        return JSONResponse(self._account(request).lookup(name))

    async def _get_assumptions(self, _: Request) -> Response:
        return JSONResponse(asdict(self._workings.tenants.main.account.assumptions))

    async def _get_rate(self, _: Request) -> Response:
        return JSONResponse({"rate": self._workings.limiter.rate})

    async def _put_rate(self, request: Request) -> Response:
        rate = (await object_of(request)).get("rate")
        if isinstance(rate, bool) or not isinstance(rate, int | float | None):
            raise Problem(
                422, "validation_error", "rate is a number of requests a second, or null."
            )
        try:
            self._workings.limit(rate)
        except UsageError as error:
            raise Problem(422, "validation_error", f"{error.message} {error.hint}") from None
        return JSONResponse({"rate": self._workings.limiter.rate})

    def _account(self, request: Request) -> Account:
        return tenant_of(self._workings, request).account

    async def _put_assumptions(self, request: Request) -> Response:
        try:
            self._workings.assume(await object_of(request))
        except UsageError as error:
            raise Problem(422, "validation_error", f"{error.message} {error.hint}") from None
        return JSONResponse(asdict(self._workings.tenants.main.account.assumptions))


def checked_fields(values: Mapping[str, Any]) -> dict[str, Any]:
    """The stored fields of a customer, refused where a name is unknown.

    Raises:
        Problem: 422.
    """
    unknown = [(name, "unknown field") for name in values if name not in _EDITABLE]
    for kind, columns in CHILD_COLUMNS.items():
        for index, child in enumerate(values.get(kind, ())):
            unknown += [
                (f"{kind}[{index}].{name}", "unknown field") for name in child.keys() - set(columns)
            ]
    if unknown:
        raise invalid(unknown)
    return dict(values)
