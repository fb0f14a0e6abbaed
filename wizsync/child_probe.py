"""How an account combines lists of addresses: tried on one customer, which is put back as it was.

What is tried is written only to a few addresses of its own, made for it and removed again. The customer's own
addresses go along in lists exactly as they are, so that neither answer can lose one.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from wizsync.api import (
    Children,
    CustomerDetails,
    Definitions,
    WizCommerce,
    child_create_request,
    child_update_request,
    update_request,
    written_fields,
)
from wizsync.doctor import Finding, Verdict
from wizsync.errors import MachineError, RequestRefused, UsageError
from wizsync.model import CHILD_FIELDS, ChildKind, attribute_of, children_in
from wizsync.observed import DOCUMENTED_STATUSES, definitions_in
from wizsync.settings import Connection

_KIND = ChildKind.ADDRESSES
_MADE = ("A", "B", "C")
_ADDRESS = {
    "type": "shipping",
    "addressLine1": "wizsync probe, to be removed",
    "addressLine2": "Second line",
    "zipCode": "00000",
    "city": "Probe",
}

Addresses = Mapping[str, Mapping[str, str]]


def probe_children(connection: Connection, customer: str) -> list[Finding]:
    """Find out how an account combines lists of addresses, on one of its customers.

    Args:
        connection: Whom to talk to.
        customer: The customer's referenceId, or its id.

    Raises:
        UsageError: There is no such customer, or there are two.
        WizsyncError: The account cannot be read or written.
    """
    return asyncio.run(_probe(connection, customer))


async def _probe(connection: Connection, customer: str) -> list[Finding]:
    async with WizCommerce(
        connection.url, connection.key, dialect=connection.dialect, rate=connection.rate
    ) as client:
        probe = _Probe(client, await _find(client, customer))
        await probe.begin()
        try:
            findings = [await probe.own_writes()]
            if findings[0].verdict is Verdict.RIGHT:
                findings += [await probe.own_put(), await probe.lists()]
            return findings
        finally:
            await probe.put_back()


async def _find(client: WizCommerce, customer: str) -> CustomerDetails:
    try:
        return await client.customers.get(customer)
    except RequestRefused as error:
        if error.status not in (400, 404, 422):
            raise
    found = [
        each.id
        for status in DOCUMENTED_STATUSES
        for each in (await client.customers.list(status=status, reference_ids=[customer])).customers
        if each.reference_id == customer
    ]
    if len(found) != 1:
        raise UsageError(
            f"{'No customer has' if not found else f'{len(found)} customers have'} the referenceId or id "
            f'"{customer}".',
            where="--probe-children",
            hint="Name one customer, best one made for trying things.",
        )
    return await client.customers.get(found[0])


@dataclass
class _Probe:
    """The customer as it was, and the addresses made for trying."""

    client: WizCommerce
    customer: CustomerDetails
    mark: str = field(default_factory=lambda: f"wizsync-probe-{uuid.uuid4().hex[:8]}")
    attributes: dict[str, Definitions] = field(default_factory=dict)
    before: Addresses = field(default_factory=dict)

    async def begin(self) -> None:
        """Note the customer's addresses, and make a few for trying."""
        self.attributes = definitions_in(self.customer)
        self.before = _addresses(self.customer)
        endpoint = self._endpoint
        for name in _MADE:
            values = {**_ADDRESS, "referenceId": f"{self.mark}-{name}"}
            await endpoint.create(child_create_request(_KIND, values), resend=False)

    async def own_writes(self) -> Finding:
        """Whether writing an address through its own endpoint leaves the others alone."""
        there = await self._there()
        ours = self._ours(there)
        harm = self._harm(there)
        if harm or len(ours) != len(_MADE):
            seen = harm or f"of {len(_MADE)} addresses that were added, {len(ours)} are there"
            return Finding(
                "addresses, one by one", Verdict.WRONG, f"{seen[:1].upper()}{seen[1:]}.", _TELL
            )
        message = "Adding an address through its own endpoint leaves the others alone."
        return Finding("addresses, one by one", Verdict.RIGHT, message)

    async def own_put(self) -> Finding:
        """Whether a PUT that leaves a field out empties it."""
        child_id, child = next(iter(self._ours(await self._there()).items()))
        values = {name: text for name, text in child.items() if name in _ADDRESS}
        values |= {"referenceId": child["referenceId"], "city": "Probed"}
        del values["addressLine2"]
        await self._endpoint.update(child_id, child_update_request(_KIND, values), resend=False)
        after = (await self._there()).get(child_id, {})
        if any(after.get(name) != text for name, text in values.items()):
            message = "Not all that was sent, and answered as done, is to be seen."
            return Finding("an address's PUT", Verdict.WRONG, message, _TELL)
        how = "keeps" if after.get("addressLine2") else "empties"
        message = f"It {how} fields that are not sent; wizsync always sends all of them."
        return Finding("an address's PUT", Verdict.RIGHT, message)

    async def lists(self) -> Finding:
        """How a list inside the customer's update is combined with those that are there."""
        there = await self._there()
        # The middle one is left out: an account that loses the first or the last is told from one that
        # puts the list in place of the old one.
        first, left_out, last = self._ours(there)
        sent = [
            _written(child_id, child) for child_id, child in there.items() if child_id != left_out
        ]
        request = update_request({}, {_KIND: sent}, self.attributes)
        await self.client.customers.update(self.customer.id, request, resend=False)
        after = await self._there()
        harm = self._harm(after)
        if harm or len(after) > len(there) or not {first, last} <= after.keys():
            seen = f"{len(there)} addresses became {len(after)}"
            seen = harm if harm and len(after) <= len(there) else seen
            message = f"A list inside a customer's update does harm: {seen}."
            hint = "Leave `children_through` out of this target: addresses go one by one then."
            return Finding("addresses in lists", Verdict.WRONG, message, hint)
        how = "merged with those that are there" if left_out in after else "put in their place"
        message = f"They are {how}; `children_through: update` can be used in this target as well."
        return Finding("addresses in lists", Verdict.RIGHT, message)

    async def put_back(self) -> None:
        """Remove what was made for trying, and see that the customer is as it was.

        Raises:
            MachineError: It is not; the message says what is to be put right by hand.
        """
        there = await self._there()
        for child_id in self._ours(there):
            await self._remove(child_id)
        for child_id, child in self.before.items():
            if child_id in there and _differs(child, there[child_id]):
                values = _written(None, child)
                request = child_update_request(_KIND, values, self.attributes)
                await self._endpoint.update(child_id, request, resend=False)
        there = await self._there()
        for child_id in set(there) - set(self.before):
            await self._remove(child_id)
        harm = self._harm(await self._there())
        if harm:
            raise MachineError(
                f"The customer could not be put back as it was: {harm}.",
                where=self.customer.reference_id or self.customer.id,
                hint="Put it right in WizCommerce. It had these addresses: "
                + "; ".join(_told(child) for child in self.before.values()),
            )

    # --- its parts ------------------------------------------------------------------------------

    @property
    def _endpoint(self) -> Children[Any, Any, Any]:
        return self.client.customers.children(_KIND, self.customer.id)

    async def _there(self) -> Addresses:
        return _addresses(await self.client.customers.get(self.customer.id))

    def _ours(self, there: Addresses) -> Addresses:
        return {
            child_id: child
            for child_id, child in there.items()
            if child_id not in self.before and child.get("referenceId", "").startswith(self.mark)
        }

    def _harm(self, there: Addresses) -> str:
        """What is not as it was of the customer's own addresses, "" for nothing."""
        for child_id, child in self.before.items():
            if child_id not in there:
                return f"the address {_told(child)} is gone"
            if _differs(child, there[child_id]):
                return f"the address {_told(child)} was changed"
        return ""

    async def _remove(self, child_id: str) -> None:
        try:
            await self._endpoint.delete(child_id, resend=False)
        except RequestRefused as error:
            if error.status != 404:
                raise


def _addresses(customer: CustomerDetails) -> Addresses:
    return children_in(written_fields(customer, listed=False), _KIND) or {}


def _written(child_id: str | None, child: Mapping[str, str]) -> dict[str, str]:
    """All that can be written of an address, as it is."""
    values = {
        name: text
        for name, text in child.items()
        if text and (name in CHILD_FIELDS[_KIND] or attribute_of(name))
    }
    return {"id": child_id, **values} if child_id is not None else values


def _differs(before: Mapping[str, str], now: Mapping[str, str]) -> bool:
    return any(now.get(name, "") != text for name, text in before.items())


def _told(child: Mapping[str, str]) -> str:
    texts = (child.get(name, "") for name in ("referenceId", "addressLine1", "zipCode", "city"))
    return ", ".join(filter(None, texts))


_TELL = "Let no job write addresses or contacts to this account, and tell WizCommerce."
