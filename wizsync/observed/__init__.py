"""What is in the account, learned with the fewest requests.

`walk` reads a status from end to end, `whole` all of them, `lookup` asks for single referenceIds, `singly`
for single ids; `planner` prices the ways there are, `reader` takes the cheapest, and answers both the plan
and the look before writing. `kept` has what gets told before, for as long as it is fresh.
`lists` reads what customers name (price lists, sales reps, attributes), and `kept_lists` keeps it for a day.
"""

from wizsync.observed.kept import KeptDetails
from wizsync.observed.kept_lists import KeptLists
from wizsync.observed.lookup import FilterUnusable, ask, askable
from wizsync.observed.reader import AccountReader
from wizsync.observed.rows import definitions_in
from wizsync.observed.statuses import DOCUMENTED_STATUSES
from wizsync.observed.walk import PAGE_SIZE

__all__ = [
    "DOCUMENTED_STATUSES",
    "PAGE_SIZE",
    "AccountReader",
    "FilterUnusable",
    "KeptDetails",
    "KeptLists",
    "ask",
    "askable",
    "definitions_in",
]
