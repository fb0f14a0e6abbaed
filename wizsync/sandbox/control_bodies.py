"""What requests to the control address say: their bodies, and which account they mean."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request

from wizsync.sandbox.problems import Problem, not_found
from wizsync.sandbox.tenants import Tenant
from wizsync.sandbox.workings import Workings


async def body_of(request: Request) -> Any:
    """The body; None where it is not JSON."""
    try:
        return json.loads(await request.body())
    except ValueError:
        return None


async def object_of(request: Request) -> dict[str, Any]:
    """The body, a JSON object.

    Raises:
        Problem: 400.
    """
    body = await body_of(request)
    if not isinstance(body, dict):
        raise Problem(400, "bad_request", "The body must be a JSON object.")
    return body


def tenant_of(workings: Workings, request: Request) -> Tenant:
    """The account that `?account=NAME` names; without it the main one.

    Raises:
        Problem: 404.
    """
    name = request.query_params.get("account")
    try:
        return workings.tenants.named(name) if name else workings.tenants.main
    except KeyError:
        raise not_found("Account") from None
