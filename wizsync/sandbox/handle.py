"""What a test in the same process holds of a sandbox: its accounts, its faults, what was asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wizsync.sandbox.assumptions import Assumptions
from wizsync.sandbox.control import checked_fields
from wizsync.sandbox.fault_words import Fault
from wizsync.sandbox.faults import as_faults
from wizsync.sandbox.lookups import LookupName, checked_lookup
from wizsync.sandbox.tenants import Tenant
from wizsync.sandbox.workings import Workings


class AccountHandle:
    """One account of a sandbox, and what a test may ask and change behind the client's back."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._account = tenant.account

    @property
    def key(self) -> str:
        """The key that opens it now."""
        return self._tenant.key

    def rotate_key(self, key: str) -> None:
        """Let another key open the account, and the one so far no more."""
        self._tenant.key = key

    def customers(self) -> list[dict[str, Any]]:
        """The account as it is: every customer of every status, in full, oldest first."""
        return self._account.customers()

    def customer(self, reference_id: str) -> dict[str, Any]:
        """The one customer that has a referenceId.

        Raises:
            KeyError: There is none, or more than one.
        """
        found = [each for each in self.customers() if each["reference_id"] == reference_id]
        if len(found) != 1:
            raise KeyError(f"{len(found)} customers have the referenceId {reference_id}")
        return found[0]

    def add(self, **fields: Any) -> dict[str, Any]:
        """Add a customer of stored fields without any check, and return it.

        Raises:
            Problem: A field does not exist.
        """
        return self._account.add(checked_fields(fields))

    def edit(self, customer_id: str, **fields: Any) -> dict[str, Any]:
        """Change stored fields of a customer without any check, and return it.

        Raises:
            KeyError: There is no such customer.
            Problem: A field does not exist.
        """
        return self._account.edit(customer_id, checked_fields(fields))

    def remove(self, customer_id: str) -> None:
        """Remove a customer, whatever is assumed of deletes.

        Raises:
            KeyError: There is no such customer.
        """
        self._account.remove(customer_id)

    def lookup(self, name: LookupName) -> list[dict[str, Any]]:
        """The price lists, sales reps or attributes there are, as a copy."""
        return self._account.lookup(name)

    def set_lookup(self, name: LookupName, records: Sequence[Mapping[str, Any]]) -> None:
        """Replace the price lists, sales reps or attributes there are.

        Raises:
            Problem: A record has an unknown key or a wrong value, or lacks what it needs.
        """
        self._account.set_lookup(name, checked_lookup(name, records))


class Sandbox(AccountHandle):
    """A sandbox that runs in this process. It stands for its main account as well.

    Args:
        origin: Where it listens: `http://127.0.0.1:PORT`.
        workings: What it is made of.
    """

    def __init__(self, origin: str, workings: Workings) -> None:
        super().__init__(workings.tenants.main)
        self.base_url = f"{origin}/v1"
        self.control_url = f"{origin}/control"
        self._workings = workings

    def account(self, name: str) -> AccountHandle:
        """The account of that name; the first is called `main`.

        Raises:
            KeyError: There is none.
        """
        return AccountHandle(self._workings.tenants.named(name))

    @property
    def assumptions(self) -> Assumptions:
        """How it behaves now where the documentation is silent."""
        return self._account.assumptions

    def assume(self, **values: Any) -> None:
        """Change assumptions while it runs, for every account.

        Raises:
            UsageError: A name or a value does not exist.
        """
        self._workings.assume(values)

    @property
    def rate(self) -> float | None:
        """How many requests a second it lets through now; None: all."""
        return self._workings.limiter.rate

    def limit(self, rate: float | None) -> None:
        """Change that while it runs, for every account.

        Raises:
            UsageError: It is no number above 0.
        """
        self._workings.limit(rate)

    # --- faults ---------------------------------------------------------------------------------

    def fault(self, name: str, **settings: Any) -> None:
        """Let one more thing go wrong: `fault("reset_done", on="create", share=0.2)`; see Fault.

        Raises:
            UsageError: There is no such fault or setting.
        """
        self._workings.faults.add(Fault.of({"name": name, **settings}))

    def set_faults(
        self, faults: Iterable[Fault | str | Mapping[str, Any]], *, seed: int | None = None
    ) -> None:
        """Let these go wrong and nothing else, counted anew: Faults, words, or JSON objects.

        Raises:
            UsageError: One is none.
        """
        self._workings.faults.put(as_faults(faults), seed)

    def no_faults(self) -> None:
        """Let nothing go wrong any more."""
        self._workings.faults.put(())

    def faults(self) -> list[dict[str, Any]]:
        """The faults that are set, with `matched` and `struck`; see Faults.told."""
        return self._workings.faults.told()

    def others(self) -> list[dict[str, Any]]:
        """What others did because of a fault; see others.Deed."""
        return self._workings.others.deeds()

    def elsewhere(self) -> list[dict[str, Any]]:
        """What came to the host that a fault redirects to; see Elsewhere.requests."""
        return self._workings.elsewhere.requests()

    # --- what was asked -------------------------------------------------------------------------

    def counts(self) -> dict[str, Any]:
        """Requests so far; see Ledger.counts."""
        return self._workings.ledger.counts()

    def ledger(self) -> list[dict[str, Any]]:
        """The writes so far, in the order of arrival; see ledger.Write."""
        return self._workings.ledger.writes()

    def wait(self, seconds: float = 10) -> int:
        """Wait until no request is open: each is answered, or done after all, or given up.

        Args:
            seconds: At most so long.

        Returns:
            How many requests still are.
        """
        return self._workings.ledger.wait(seconds)

    def reset(self) -> None:
        """Forget the requests so far, and what others did; faults stay."""
        self._workings.reset()
