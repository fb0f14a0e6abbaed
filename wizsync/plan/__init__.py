"""What would change: equality, the diff by columns, guards on its tally, the plan file.

`make_plan` compares what should be with what is, `judge` says which limits that exceeds, `write_plan`
and `read_plan` keep it. All but the file is pure.
"""

from wizsync.plan.changes import unfit_for_new
from wizsync.plan.diff import Context, make_plan, ordered
from wizsync.plan.equality import differs, same, same_by
from wizsync.plan.guards import judge
from wizsync.plan.look_alikes import held
from wizsync.plan.plan_file import read_plan, write_plan
from wizsync.plan.stubborn import kept_otherwise
from wizsync.plan.tally import counted

__all__ = [
    "Context",
    "counted",
    "differs",
    "held",
    "judge",
    "kept_otherwise",
    "make_plan",
    "ordered",
    "read_plan",
    "same",
    "same_by",
    "unfit_for_new",
    "write_plan",
]
