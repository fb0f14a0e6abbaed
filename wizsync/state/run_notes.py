"""What is told of runs besides where they stand, in `state.db`: who began them, and what stopped them."""

from __future__ import annotations

import getpass
import socket

RUN_NOTE_TABLES = """
CREATE TABLE IF NOT EXISTS run_note (
    run TEXT PRIMARY KEY, by TEXT NOT NULL, error TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS used_plan (digest TEXT PRIMARY KEY, run TEXT NOT NULL) WITHOUT ROWID;
"""


def begun_by() -> str:
    """Who is at work here: the user's name and the machine's, such as `anna on shop-pc`."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):  # nobody of whom this machine knows a name
        user = "somebody"
    return f"{user} on {socket.gethostname()}"
