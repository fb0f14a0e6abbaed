"""What must last: runs, journals, facts of accounts, and the lock of an account.

`protocol` is what stages see; `sqlite` keeps it in a folder on this machine, and `journal` each run's steps
in a file of that run. `database` opens such files, and says in plain words what SQLite and disks say.
"""

from wizsync.state.protocol import (
    Accounts,
    ChildTarget,
    Facts,
    Journal,
    MetAccount,
    Recorded,
    RunEntry,
    RunState,
    State,
    Step,
    Terms,
)
from wizsync.state.sqlite import SqliteState

__all__ = [
    "Accounts",
    "ChildTarget",
    "Facts",
    "Journal",
    "MetAccount",
    "Recorded",
    "RunEntry",
    "RunState",
    "SqliteState",
    "State",
    "Step",
    "Terms",
]
