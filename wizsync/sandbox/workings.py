"""What a running sandbox is made of, for those who ask and change it from outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wizsync.errors import UsageError
from wizsync.sandbox.elsewhere import Elsewhere
from wizsync.sandbox.faults import Faults
from wizsync.sandbox.ledger import Ledger
from wizsync.sandbox.limiter import TokenBucket
from wizsync.sandbox.options import SandboxOptions
from wizsync.sandbox.others import Others
from wizsync.sandbox.tenants import Tenants

# Requests a second that a limit can be.
_MOST = 1_000_000


@dataclass(frozen=True)
class Workings:
    """The accounts, the ledger, the rate limit, the faults, and what came of those."""

    tenants: Tenants
    ledger: Ledger
    limiter: TokenBucket
    faults: Faults
    others: Others
    elsewhere: Elsewhere

    @classmethod
    def of(cls, options: SandboxOptions) -> Workings:
        """The workings of a sandbox, its accounts open.

        Raises:
            UsageError: Two accounts have the same name or key.
            sqlite3.Error: A file cannot be used.
        """
        tenants = Tenants.of(options)
        faults = Faults(options.faults, options.seed)
        limiter = TokenBucket(options.rate)
        return cls(tenants, Ledger(), limiter, faults, Others(), Elsewhere(tenants))

    def assume(self, values: dict[str, Any]) -> None:
        """Change assumptions of every account.

        Raises:
            UsageError: A name or a value does not exist.
        """
        changed = self.tenants.main.account.assumptions.changed(values)
        for tenant in self.tenants:
            tenant.account.assumptions = changed

    def limit(self, rate: float | None) -> None:
        """Change how many requests a second are let through; None: all.

        Raises:
            UsageError: It is no number above 0.
        """
        if rate is not None and not 0 < rate <= _MOST:
            raise UsageError(
                f"The rate cannot be {rate}.",
                hint=f"It is a number of requests a second above 0, up to {_MOST:,}.",
            )
        self.limiter.rate = rate

    def reset(self) -> None:
        """Forget what was asked, and what others did; faults stay."""
        self.ledger.reset()
        self.others.reset()
        self.elsewhere.reset()
