"""A WizCommerce-compatible server inside the package, for demos, tests and rehearsals.

It behaves as the API is documented, traps included, in either dialect; where the documentation is
silent it behaves as it is told to assume (`docs/unknowns.md`). How to use it: `docs/sandbox.md`.

    request ──▶ gate (key, ledger, rate, faults) ──▶ routes ──▶ queries, bodies ──▶ account ──▶ store
    answer  ◀── exchange, striking ◀── wire (names, envelopes)  ◀─────────┘ └── children, lookups

Faults: `kinds` names them, `faults` decides which strike a request, `striking`, `lies` and `others` do
them, `listening` has hold of the connections. `handle` is what a test holds; `control` the same by HTTP.

It shares no code with the client, so that a mistake in one shows against the other.
"""

from __future__ import annotations

from wizsync.sandbox.assumptions import Assumptions
from wizsync.sandbox.fault_words import Fault
from wizsync.sandbox.handle import AccountHandle, Sandbox
from wizsync.sandbox.kinds import KINDS
from wizsync.sandbox.options import AccountOptions, SandboxOptions
from wizsync.sandbox.server import running, serve

__all__ = [
    "KINDS",
    "AccountHandle",
    "AccountOptions",
    "Assumptions",
    "Fault",
    "Sandbox",
    "SandboxOptions",
    "running",
    "serve",
]
