"""What a sandbox is started with."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from wizsync.errors import UsageError
from wizsync.sandbox.assumptions import Assumptions
from wizsync.sandbox.fault_words import Fault

DialectName = Literal["snake", "camel"]
DIALECTS: tuple[DialectName, ...] = ("snake", "camel")
MAIN_ACCOUNT = "main"


@dataclass(frozen=True)
class AccountOptions:
    """One more account at the same address.

    Args:
        name: What it is called: small letters, digits, hyphens.
        customers: How many made-up customers it begins with: those of the main account, under other
            ids.
        key: The API key that opens it; when not given, `sandbox-key-NAME`.
    """

    name: str
    customers: int = 0
    key: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if not re.fullmatch("[a-z0-9][a-z0-9-]{0,30}", self.name):
            raise UsageError(
                f'An account of the sandbox cannot be called "{self.name}".',
                hint="Use small letters, digits and hyphens, such as second=40.",
            )

    @classmethod
    def parse(cls, word: str) -> AccountOptions:
        """One from `NAME=CUSTOMERS`, or a bare `NAME` for an empty account.

        Raises:
            UsageError: It is none.
        """
        name, _, number = word.partition("=")
        if number and not (number.isascii() and number.isdigit() and len(number) < 7):
            raise UsageError(
                f'"{number}" is no number of customers.', hint="Write NAME=N, such as second=40."
            )
        return cls(name, int(number or 0))

    @property
    def api_key(self) -> str:
        """The key that opens it."""
        return self.key or f"sandbox-key-{self.name}"


@dataclass(frozen=True)
class SandboxOptions:
    """What a sandbox is started with.

    Args:
        dialect: Which of the API's two dialects it speaks.
        customers: How many made-up customers a new account has.
        key: The API key it accepts.
        db: The SQLite file the account is kept in; None: in memory. A file that holds an account
            already is used as it is.
        rate: Requests a second before it answers 429; None: no limit.
        latency_ms: Milliseconds that each answer is held back after the work is done.
        assumptions: How it behaves where the documentation is silent.
        control: Whether the control address is open.
        port: 0 for a free one.
        host: The address it listens on.
        accounts: More accounts at the same address, each with a key of its own.
        faults: What goes wrong on purpose.
        seed: What the chances of faults are drawn from.
    """

    dialect: DialectName = "snake"
    customers: int = 0
    key: str = field(default="sandbox-key", repr=False)
    db: Path | None = None
    rate: float | None = None
    latency_ms: int = 0
    assumptions: Assumptions = field(default_factory=Assumptions)
    control: bool = False
    port: int = 0
    host: str = "127.0.0.1"
    accounts: tuple[AccountOptions, ...] = ()
    faults: tuple[Fault, ...] = ()
    seed: int = 0
