"""Others at work: customers made, changed and deleted behind the client's back."""

from __future__ import annotations

import threading
import time
from dataclasses import asdict, dataclass
from typing import Any

from wizsync.sandbox.account import Account
from wizsync.sandbox.arrivals import Arrival
from wizsync.sandbox.faults import Strike
from wizsync.sandbox.records import Record


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody else did.

    Args:
        at: When, in seconds since 1970.
        account: The name of the account.
        did: `create`, `change` or `delete`.
        customer_id: To whom.
        reference_id: That customer's, if it has one.
        fields: The stored fields that were given.
    """

    at: float
    account: str
    did: str
    customer_id: str
    reference_id: str | None
    fields: Record


class Others:
    """Does what a fault says somebody else did, and keeps account of it. For any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._deeds: list[Deed] = []
        self._made = 0

    def deeds(self) -> list[dict[str, Any]]:
        """What they did so far, as Deed's fields, oldest first."""
        with self._lock:
            return [asdict(deed) for deed in self._deeds]

    def reset(self) -> None:
        """Forget it."""
        with self._lock:
            self._deeds.clear()

    def act(self, account: Account, arrival: Arrival, strike: Strike) -> None:
        """Do it to the customer that the request is about, to the one named, or to anybody."""
        did = strike.name.removeprefix("others_")
        fields: Record = {}
        if did == "create":
            fields = self._new_customer(arrival, strike)
            key = fields["reference_id"]
            customer = None if account.with_reference_id(key) else account.add(fields)
        else:
            customer = _concerned(account, arrival, strike)
        if customer is None:
            return
        if did == "change":
            fields = {"phone": f"+1206555{strike.draw.randrange(10_000):04}"}
            account.edit(customer["id"], fields)
        elif did == "delete":
            account.remove(customer["id"])
        deed = Deed(
            time.time(), arrival.account, did, customer["id"], customer["reference_id"], fields
        )
        with self._lock:
            self._deeds.append(deed)

    def _new_customer(self, arrival: Arrival, strike: Strike) -> Record:
        key = arrival.reference_id if arrival.operation == "create" else strike.fault.key
        if key is None:
            with self._lock:
                self._made += 1
                key = f"OTHER-{self._made}"
        return {"reference_id": key, "name": f"Shop {key}", "display_name": f"Shop {key}"}


def _concerned(account: Account, arrival: Arrival, strike: Strike) -> Record | None:
    if arrival.customer_id is not None:
        return account.customer(arrival.customer_id)
    if strike.fault.key is not None:
        return account.with_reference_id(strike.fault.key)
    return account.active_one(strike.draw.random())
