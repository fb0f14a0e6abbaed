"""What a sandbox is started with."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from wizsync.sandbox.assumptions import Assumptions

DialectName = Literal["snake", "camel"]
DIALECTS: tuple[DialectName, ...] = ("snake", "camel")


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
