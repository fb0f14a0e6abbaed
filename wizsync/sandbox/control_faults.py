"""The part of the control address that is about faults, keys and what came of the requests."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from wizsync.errors import UsageError
from wizsync.sandbox.control_bodies import body_of, object_of, tenant_of
from wizsync.sandbox.fault_words import Fault
from wizsync.sandbox.faults import as_faults
from wizsync.sandbox.problems import Problem
from wizsync.sandbox.workings import Workings

_LONGEST_WAIT = 60.0


class FaultControl:
    """The endpoints."""

    def __init__(self, workings: Workings) -> None:
        self._workings = workings

    def routes(self) -> list[Route]:
        """The routes."""
        return [
            Route("/faults", self._get_faults, methods=["GET"]),
            Route("/faults", self._put_faults, methods=["PUT"]),
            Route("/faults", self._post_fault, methods=["POST"]),
            Route("/faults", self._delete_faults, methods=["DELETE"]),
            Route("/others", self._get_others, methods=["GET"]),
            Route("/elsewhere", self._get_elsewhere, methods=["GET"]),
            Route("/open", self._get_open, methods=["GET"]),
            Route("/accounts", self._get_accounts, methods=["GET"]),
            Route("/key", self._put_key, methods=["PUT"]),
        ]

    async def _get_faults(self, _: Request) -> Response:
        return self._told()

    async def _put_faults(self, request: Request) -> Response:
        body = await body_of(request)
        seed = None
        if isinstance(body, dict):
            seed, body = body.get("seed"), body.get("faults")
        if not isinstance(body, list) or not (seed is None or isinstance(seed, int)):
            raise Problem(
                400, "bad_request", 'The body must be an array, or {"seed": 1, "faults": []}.'
            )
        try:
            self._workings.faults.put(as_faults(body), seed)
        except UsageError as error:
            raise _refused(error) from None
        return self._told()

    async def _post_fault(self, request: Request) -> Response:
        try:
            self._workings.faults.add(Fault.of(await body_of(request)))
        except UsageError as error:
            raise _refused(error) from None
        return self._told()

    async def _delete_faults(self, _: Request) -> Response:
        self._workings.faults.put(())
        return self._told()

    def _told(self) -> Response:
        faults = self._workings.faults
        return JSONResponse({"seed": faults.seed, "faults": faults.told()})

    async def _get_others(self, _: Request) -> Response:
        return JSONResponse(self._workings.others.deeds())

    async def _get_elsewhere(self, _: Request) -> Response:
        return JSONResponse(self._workings.elsewhere.requests())

    async def _get_open(self, request: Request) -> Response:
        try:
            seconds = min(float(request.query_params.get("wait", "0")), _LONGEST_WAIT)
        except ValueError:
            raise Problem(422, "validation_error", "wait is a number of seconds.") from None
        # In a thread, so that what is open can come to its end meanwhile.
        still = await asyncio.to_thread(self._workings.ledger.wait, seconds)
        return JSONResponse({"open": still})

    async def _get_accounts(self, _: Request) -> Response:
        return JSONResponse([tenant.name for tenant in self._workings.tenants])

    async def _put_key(self, request: Request) -> Response:
        body = await object_of(request)
        key = body.get("key")
        if not key or not isinstance(key, str):
            raise Problem(422, "validation_error", "key is the account's new key.")
        tenant_of(self._workings, request).key = key
        return Response(status_code=204)


def _refused(error: UsageError) -> Problem:
    return Problem(422, "validation_error", f"{error.message} {error.hint}")
