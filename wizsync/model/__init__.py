"""The nouns that stages exchange: frozen values without I/O, clock or randomness.

    file ──read──▶ Table ──map──▶ Desired ─┐
                     └─ Rejects            ├──diff──▶ Plan ──guard──▶ Run ──push──▶ Outcomes ──▶ Report
    API ──list/get──▶ Snapshot ────────────┘                           └── Journal (durable)

Cells of frames are text (pandas' arrow-backed `str`, missing = NaN):

- in a Desired, missing means "keep what is there", "" means "clear it", anything else "set it";
  a field that is no column is unmapped and never touched;
- in a Snapshot, missing means "not read", "" means "empty in the account"; a field that is no column
  was not read for anybody.

A list of ids is one text, its ids joined by LIST_SEPARATOR in the order given.
"""

from __future__ import annotations

from wizsync.model.account import Account, Found, Snapshot
from wizsync.model.customer import CUSTOMER_FIELDS, LIST_SEPARATOR, Field, FieldKind, as_in_a_file
from wizsync.model.desired import Absent, AbsentPolicy, Compare, Desired, Mode, Rules, Scope
from wizsync.model.limits import DEFAULT_LIMITS, GUARDS, Limit
from wizsync.model.plan import (
    Breach,
    Change,
    ChangeKind,
    Conflict,
    FieldChange,
    LookAlike,
    Plan,
    Tally,
)
from wizsync.model.run import Ending, Outcome, Progress, Requests, Result, RunRecord, ServerWord
from wizsync.model.table import (
    RUN_COLUMN,
    WHY_COLUMN,
    Reject,
    Source,
    SourceRow,
    Table,
    column_name,
)

__all__ = [
    "CUSTOMER_FIELDS",
    "DEFAULT_LIMITS",
    "GUARDS",
    "LIST_SEPARATOR",
    "RUN_COLUMN",
    "WHY_COLUMN",
    "Absent",
    "AbsentPolicy",
    "Account",
    "Breach",
    "Change",
    "ChangeKind",
    "Compare",
    "Conflict",
    "Desired",
    "Ending",
    "Field",
    "FieldChange",
    "FieldKind",
    "Found",
    "Limit",
    "LookAlike",
    "Mode",
    "Outcome",
    "Plan",
    "Progress",
    "Reject",
    "Requests",
    "Result",
    "Rules",
    "RunRecord",
    "Scope",
    "ServerWord",
    "Snapshot",
    "Source",
    "SourceRow",
    "Table",
    "Tally",
    "as_in_a_file",
    "column_name",
]
