"""The nouns that stages exchange: frozen values without I/O, clock or randomness.

    file ──read──▶ Table ──map──▶ Desired ─┐
                     └─ Rejects            ├──diff──▶ Plan ──guard──▶ Run ──push──▶ Outcomes ──▶ Report
    API ──list/get──▶ Snapshot ────────────┘                           └── Journal (durable)

Cells of frames are text (pandas' arrow-backed `str`, missing = NaN):

- in a Desired, missing means "keep what is there", "" means "clear it", anything else "set it";
  a field that is no column is unmapped and never touched;
- in a Snapshot, missing means "not read", "" means "empty in the account"; a field that is no column
  was not read for anybody.

A list of ids is one text, its ids joined by LIST_SEPARATOR in the order given. The value of an attribute
is a text as well: a number without grouping (`1200.5`), `true` or `false`, a date as ISO 8601, of several
options those chosen, sorted, joined by LIST_SEPARATOR.
"""

from __future__ import annotations

from wizsync.model.account import (
    ENTITIES,
    Account,
    Attribute,
    Entry,
    Found,
    Kept,
    Lists,
    Snapshot,
)
from wizsync.model.customer import (
    ATTRIBUTES,
    CHILD_FIELDS,
    CUSTOMER_FIELDS,
    LIST_SEPARATOR,
    ChildKind,
    Field,
    FieldKind,
    as_in_a_file,
    attribute_field,
    attribute_of,
    child_field,
    children_in,
    kind_of_field,
    with_children,
)
from wizsync.model.desired import (
    Absent,
    AbsentPolicy,
    Block,
    Children,
    Compare,
    Desired,
    Mode,
    Rules,
    Scope,
    Write,
)
from wizsync.model.limits import DEFAULT_LIMITS, GUARDS, HELD, Limit
from wizsync.model.plan import (
    Breach,
    Change,
    ChangeKind,
    ChildAction,
    ChildChange,
    Conflict,
    FieldChange,
    LookAlike,
    Plan,
    Tally,
)
from wizsync.model.rate import AUTO, AutoRate, Rate
from wizsync.model.reading import Reading, Way
from wizsync.model.run import (
    ChildOutcome,
    Ending,
    Outcome,
    Progress,
    Requests,
    Result,
    RunRecord,
    ServerWord,
)
from wizsync.model.table import (
    RUN_COLUMN,
    WHY_COLUMN,
    Damage,
    Reject,
    Source,
    SourceRow,
    Table,
    column_name,
    sheet_names,
)
from wizsync.model.timing import Timing

__all__ = [
    "ATTRIBUTES",
    "AUTO",
    "CHILD_FIELDS",
    "CUSTOMER_FIELDS",
    "DEFAULT_LIMITS",
    "ENTITIES",
    "GUARDS",
    "HELD",
    "LIST_SEPARATOR",
    "RUN_COLUMN",
    "WHY_COLUMN",
    "Absent",
    "AbsentPolicy",
    "Account",
    "Attribute",
    "AutoRate",
    "Block",
    "Breach",
    "Change",
    "ChangeKind",
    "ChildAction",
    "ChildChange",
    "ChildKind",
    "ChildOutcome",
    "Children",
    "Compare",
    "Conflict",
    "Damage",
    "Desired",
    "Ending",
    "Entry",
    "Field",
    "FieldChange",
    "FieldKind",
    "Found",
    "Kept",
    "Limit",
    "Lists",
    "LookAlike",
    "Mode",
    "Outcome",
    "Plan",
    "Progress",
    "Rate",
    "Reading",
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
    "Timing",
    "Way",
    "Write",
    "as_in_a_file",
    "attribute_field",
    "attribute_of",
    "child_field",
    "children_in",
    "column_name",
    "kind_of_field",
    "sheet_names",
    "with_children",
]
