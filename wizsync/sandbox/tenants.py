"""The accounts at one address: the key decides whose customers they are."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from wizsync.errors import UsageError
from wizsync.sandbox.account import Account
from wizsync.sandbox.options import MAIN_ACCOUNT, SandboxOptions


@dataclass
class Tenant:
    """An account with its name and its key, which may change."""

    name: str
    account: Account
    key: str = field(repr=False)


class Tenants:
    """All accounts, the first of which is the main one."""

    def __init__(self, tenants: Sequence[Tenant]) -> None:
        for values in ([each.name for each in tenants], [each.key for each in tenants]):
            if len(set(values)) < len(values):
                raise UsageError(
                    "Two accounts of the sandbox have the same name or key.",
                    hint=f'Give each its own; the first is called "{MAIN_ACCOUNT}".',
                )
        self._tenants = tuple(tenants)

    @classmethod
    def of(cls, options: SandboxOptions) -> Tenants:
        """The accounts that a sandbox is started with, opened.

        Raises:
            UsageError: Two have the same name or key.
            sqlite3.Error: A file cannot be used.
        """
        opened: list[Tenant] = []
        try:
            account = Account(options.db, options.customers, options.assumptions)
            opened.append(Tenant(MAIN_ACCOUNT, account, options.key))
            for each in options.accounts:
                path = options.db and options.db.with_suffix(f".{each.name}{options.db.suffix}")
                account = Account(path, each.customers, options.assumptions, mark=f"_{each.name}")
                opened.append(Tenant(each.name, account, each.api_key))
            return cls(opened)
        except BaseException:
            for tenant in opened:
                tenant.account.close()
            raise

    def __iter__(self) -> Iterator[Tenant]:
        return iter(self._tenants)

    @property
    def main(self) -> Tenant:
        """The first."""
        return self._tenants[0]

    def named(self, name: str) -> Tenant:
        """The one of that name.

        Raises:
            KeyError: There is none.
        """
        for tenant in self._tenants:
            if tenant.name == name:
                return tenant
        raise KeyError(name)

    def of_key(self, key: str) -> Tenant | None:
        """The one that has the key now."""
        for tenant in self._tenants:
            if hmac.compare_digest(key.encode("latin-1"), tenant.key.encode()):
                return tenant
        return None

    def close(self) -> None:
        """Close their files."""
        for tenant in self._tenants:
            tenant.account.close()
