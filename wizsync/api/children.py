"""The addresses and the contacts of one customer, through their own endpoints."""

from __future__ import annotations

import math
from typing import Generic, TypeVar

from wizsync.api.call import Call, Operation
from wizsync.api.models import (
    Address,
    AddressCreateRequest,
    AddressUpdateRequest,
    Contact,
    ContactCreateRequest,
    ContactUpdateRequest,
)
from wizsync.api.session import Session, path

Child = TypeVar("Child", Address, Contact)
Create = TypeVar("Create", AddressCreateRequest, ContactCreateRequest)
Update = TypeVar("Update", AddressUpdateRequest, ContactUpdateRequest)


class Children(Generic[Child, Create, Update]):
    """One kind of children of one customer. Writing one leaves its siblings alone.

    `resend`, `repeated` and `looked_at` are as of `Customers`.

    Args:
        session: What to ask through.
        at: The path of their list.
        model: What one is, as it is read.
    """

    def __init__(self, session: Session, at: str, model: type[Child]) -> None:
        self._session = session
        self._at = at
        self._model: type[Child] = model

    async def list(self) -> tuple[Child, ...]:
        """All of them."""
        call = Call("GET", self._at, Operation.CHILD, harmless=True)
        children = self._session.every(call, self._model)
        return tuple([child async for child in children])

    async def get(self, child_id: str) -> Child:
        """One of them."""
        call = Call("GET", self._at + path(child_id), Operation.CHILD, harmless=True)
        return await self._session.one(call, self._model, about=child_id)

    async def create(
        self,
        request: Create,
        *,
        resend: bool = True,
        repeated: bool = False,
        looked_at: float = math.inf,
    ) -> Child:
        """Adds one. Sent again only if it never left, or after a 429."""
        call = Call("POST", self._at, Operation.CHILD, looked_at=looked_at)
        return await self._session.one(
            call, self._model, body=request, resend=resend, repeated=repeated
        )

    async def update(
        self,
        child_id: str,
        request: Update,
        *,
        resend: bool = True,
        repeated: bool = False,
        looked_at: float = math.inf,
    ) -> Child:
        """Writes one. Whether fields that were not set stay is not documented: set them all."""
        call = Call("PUT", self._at + path(child_id), Operation.CHILD, looked_at=looked_at)
        return await self._session.one(
            call, self._model, body=request, resend=resend, repeated=repeated
        )

    async def delete(
        self,
        child_id: str,
        *,
        resend: bool = True,
        repeated: bool = False,
        looked_at: float = math.inf,
    ) -> None:
        """Removes one. One that does not exist is a RequestRefused of status 404."""
        at = self._at + path(child_id)
        call = Call("DELETE", at, Operation.CHILD, answered=False, looked_at=looked_at)
        await self._session.transport.ask(call, _nothing, resend=resend, repeated=repeated)


def _nothing(_: object) -> None:
    return None
