"""What must last: runs, journals, facts of accounts, and the lock of an account.

`protocol` is what stages see; `sqlite` keeps it in a folder on this machine.
"""

from wizsync.state.protocol import (
    ChildTarget,
    Facts,
    Journal,
    Recorded,
    RunEntry,
    RunState,
    State,
    Step,
    Terms,
)
from wizsync.state.sqlite import SqliteState

__all__ = [
    "ChildTarget",
    "Facts",
    "Journal",
    "Recorded",
    "RunEntry",
    "RunState",
    "SqliteState",
    "State",
    "Step",
    "Terms",
]
