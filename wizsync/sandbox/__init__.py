"""A WizCommerce-compatible server inside the package, for demos, tests and rehearsals.

It behaves as the API is documented, traps included, in either dialect; where the documentation is
silent it behaves as it is told to assume (`docs/unknowns.md`). How to use it: `docs/sandbox.md`.

    request ──▶ gate (key, rate, ledger) ──▶ routes ──▶ queries, bodies ──▶ account ──▶ store (SQLite)
    answer  ◀── wire (names, envelopes)  ◀──────────────────────────────────┘ └── children, lookups

It shares no code with the client, so that a mistake in one shows against the other.
"""

from __future__ import annotations

from wizsync.sandbox.assumptions import Assumptions
from wizsync.sandbox.options import SandboxOptions
from wizsync.sandbox.server import Sandbox, running, serve

__all__ = ["Assumptions", "Sandbox", "SandboxOptions", "running", "serve"]
