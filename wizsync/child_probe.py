"""How an account combines lists of addresses: tried on one customer, which is put back as it was.

What is tried is written only to a few addresses of its own, made for it and removed again. The customer's own
addresses go along in lists exactly as they are, so that neither answer can lose one.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from wizsync.api import (
    Children,
    CustomerDetails,
    WizCommerce,
    child_create_request,
    child_update_request,
    update_request,
    written_fields,
)
from wizsync.doctor import Finding, Verdict
from wizsync.errors import ApiError, Interrupted, OutcomeUnknown, RequestRefused, UsageError
from wizsync.model import CHILD_FIELDS, ChildKind, attribute_of, children_in
from wizsync.observed import DOCUMENTED_STATUSES, definitions_in
from wizsync.push import stop_on_signals
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

# A lost answer or two is no reason to leave anything behind.
_ROUNDS = 3

Addresses = Mapping[str, Mapping[str, str]]
_Told = tuple[Verdict, str, str | None]


def probe_children(
    connection: Connection, customer: str, *, on_stop: Callable[[], None] | None = None
) -> list[Finding]:
    """Find out how an account combines lists of addresses, on one of its customers.

    Args:
        connection: Whom to talk to.
        customer: The customer's referenceId, or its id.
        on_stop: Called once where a signal asks for the end; the customer is put back first.

    Returns:
        What was found; the last one tells whether the customer is as it was.

    Raises:
        UsageError: There is no such customer, or there are two.
        ApiError: The account cannot be read or written; its hint tells how the customer is.
        Interrupted: A signal came; its hint tells how the customer is.
    """
    return asyncio.run(_probe(connection, customer, on_stop))


async def _probe(
    connection: Connection, customer: str, on_stop: Callable[[], None] | None
) -> list[Finding]:
    async with _client_of(connection) as client:
        found = await _find(client, customer)
        # To put a customer back may take longer than a run's end.
        with stop_on_signals(on_stop, patience=None) as stop:
            probe = _Probe(client, found, stop)
            try:
                return await _tried(probe, connection)
            except asyncio.CancelledError:
                message = "Stopped at once, before the customer was put back."
                raise Interrupted(message, where=probe.whom, hint=probe.by_hand) from None


def _client_of(connection: Connection) -> WizCommerce:
    return WizCommerce(
        connection.url,
        connection.key,
        dialect=connection.dialect,
        rate=connection.rate,
        timing=connection.timing,
    )


async def _tried(probe: _Probe, connection: Connection) -> list[Finding]:
    try:
        findings = [finding async for finding in probe.findings()]
    except Exception as error:
        # A client whose key was refused for one thing sends nothing more.
        async with _client_of(connection) as probe.client:
            back = await probe.put_back()
        if isinstance(error, ApiError):
            error.hint = f"{_sentences(back)} {probe.later}"
        raise
    back = await probe.put_back()
    if probe.stop.is_set():
        message = "Stopped before all was tried."
        raise Interrupted(message, where=probe.whom, hint=_sentences(back))
    return [*findings, back]


async def _find(client: WizCommerce, customer: str) -> CustomerDetails:
    try:
        return await client.customers.get(customer)
    except UsageError as error:
        error.where, error.hint = "--probe-children", _WHOM
        raise
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
            hint=_WHOM,
        )
    return await client.customers.get(found[0])


@dataclass
class _Probe:
    """The customer as it was, and the addresses made for trying."""

    client: WizCommerce
    customer: CustomerDetails
    stop: asyncio.Event
    mark: str = field(default_factory=lambda: f"wizsync-probe-{uuid.uuid4().hex[:8]}")

    def __post_init__(self) -> None:
        self.attributes = definitions_in(self.customer)
        self.before = _addresses(self.customer)
        self.whom = self.customer.reference_id or self.customer.id

    @property
    def by_hand(self) -> str:
        """How to remove what may be left."""
        return f'Remove the addresses "{self.mark}-…" of customer {self.whom} in WizCommerce.'

    @property
    def later(self) -> str:
        """What to do where the account does later what it did not answer to."""
        return f'Should an address "{self.mark}-…" show up there later, remove it in WizCommerce.'

    async def findings(self) -> AsyncIterator[Finding]:
        """Try one thing after the other, as long as none does harm."""
        yield await self._finding("addresses, one by one", self._one_by_one)
        for name, trial in (("an address's PUT", self._put), ("addresses in lists", self._lists)):
            there = await self._there()
            unharmed = not self._harm(there) and len(self._ours(there)) == len(_MADE)
            if unharmed and not self.stop.is_set():
                yield await self._finding(name, trial)

    async def _finding(self, name: str, trial: Callable[[], Awaitable[_Told]]) -> Finding:
        try:
            return Finding(name, *await trial())
        except RequestRefused as error:
            return Finding(name, Verdict.UNKNOWN, f"It is refused: {_words(error)}", _OTHER)

    async def _one_by_one(self) -> _Told:
        """Whether writing an address through its own endpoint leaves the others alone."""
        for made, name in enumerate(_MADE, start=1):
            values = {**_ADDRESS, "referenceId": f"{self.mark}-{name}"}
            await self._endpoint.create(child_create_request(_KIND, values), resend=False)
            there = await self._there()
            # Looked at each time: an account that loses one at each write is to lose no second one.
            if self._harm(there):
                return Verdict.WRONG, f"One was added, and {self._harm(there)}.", _TELL
            if (found := len(self._ours(there))) != made:
                message = f"Addresses added: {made}; found of them afterwards: {found}."
                return Verdict.WRONG, message, _TELL
            if self.stop.is_set():
                break
        message = "Adding an address through its own endpoint leaves the others alone."
        return Verdict.RIGHT, message, None

    async def _put(self) -> _Told:
        """Whether a PUT that leaves a field out empties it."""
        child_id, child = next(iter(self._ours(await self._there()).items()))
        values = {name: text for name, text in child.items() if name in _ADDRESS}
        values |= {"referenceId": child["referenceId"], "city": "Probed"}
        del values["addressLine2"]
        await self._endpoint.update(child_id, child_update_request(_KIND, values), resend=False)
        there = await self._there()
        after = there.get(child_id, {})
        if self._harm(there):
            return Verdict.WRONG, f"One was changed, and {self._harm(there)}.", _TELL
        if (found := len(self._ours(there))) != len(_MADE):
            message = f"One of {len(_MADE)} was changed; found of them afterwards: {found}."
            return Verdict.WRONG, message, _TELL
        if any(after.get(name) != text for name, text in values.items()):
            message = "Not all that was sent, and answered as done, is to be seen."
            return Verdict.WRONG, message, _TELL
        how = "keeps" if after.get("addressLine2") else "empties"
        message = f"It {how} fields that are not sent; wizsync always sends all of them."
        return Verdict.RIGHT, message, None

    async def _lists(self) -> _Told:
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
            return Verdict.WRONG, message, _ONE_BY_ONE
        how = "merged with those that are there" if left_out in after else "put in their place"
        message = f"They are {how}; `children_through: update` can be used in this target as well."
        return Verdict.RIGHT, message, None

    async def put_back(self) -> Finding:
        """Remove what was made for trying, and see whether the customer is as it was."""
        name = "the customer"
        try:
            there = await self._there()
            for _ in range(_ROUNDS):
                if self._harm(there) or self._added(there):
                    await self._undo(there)
                    there = await self._there()
        except ApiError as error:
            message = f"What was added could not all be removed again: {error.message}"
            return Finding(name, Verdict.WRONG, message, self.by_hand)
        if harm := self._harm(there):
            had = "; ".join(_told(child) for child in self.before.values())
            hint = f"Put it right in WizCommerce. It had these addresses: {had}."
            return Finding(name, Verdict.WRONG, f"It could not be put back: {harm}.", hint)
        if self._added(there):
            message = "What was added could not all be removed again."
            return Finding(name, Verdict.WRONG, message, self.by_hand)
        return Finding(name, Verdict.RIGHT, "It is as it was: what was added is removed again.")

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

    def _added(self, there: Addresses) -> list[str]:
        """The ids of what was made for trying, and of copies that the account made of its own."""
        alike = [_but_default(child) for child in self.before.values()]
        return [
            child_id
            for child_id, child in there.items()
            if child_id not in self.before
            and (child.get("referenceId", "").startswith(self.mark) or _but_default(child) in alike)
        ]

    async def _undo(self, there: Addresses) -> None:
        for child_id in self._added(there):
            await _settled(self._endpoint.delete(child_id))
        for child_id, child in self.before.items():
            if child_id in there and _differs(child, there[child_id]):
                request = child_update_request(_KIND, _written(None, child), self.attributes)
                await _settled(self._endpoint.update(child_id, request))


async def _settled(write: Awaitable[object]) -> None:
    """Wait for a write; whether it was done, the next look at the customer tells."""
    try:
        await write
    except OutcomeUnknown:
        return
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


def _but_default(child: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in child.items() if name != "isDefault"}


def _words(error: RequestRefused) -> str:
    details = "; ".join(f"{each.field}: {each.reason}" for each in error.details)
    return f"{error.message} {details}".strip()


def _sentences(back: Finding) -> str:
    if back.verdict is Verdict.RIGHT:
        return "The customer is as it was: what was added is removed again."
    return f"{back.message} {back.hint}"


def _told(child: Mapping[str, str]) -> str:
    texts = (child.get(name, "") for name in ("referenceId", "addressLine1", "zipCode", "city"))
    return ", ".join(filter(None, texts))


_WHOM = "Name one customer, best one made for trying things; its id finds it in any account."
_ONE_BY_ONE = "Leave `children_through` out of this target: addresses go one by one then."
_OTHER = (
    "Try again on another customer, one whose addresses all have a referenceId. Until it is known, leave "
    "`children_through` out of this target: addresses go one by one then."
)
_TELL = "Let no job write addresses or contacts to this account, and tell WizCommerce."
