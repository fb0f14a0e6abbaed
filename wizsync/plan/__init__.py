"""What would change: equality, the diff by columns, guards on its tally, the plan file.

`make_plan` compares what should be with what is, `judge` says which limits that exceeds, `ceilings` how
much may be sent of it, `write_plan` and `read_plan` keep it. All but the file is pure.
"""

from wizsync.plan.absent import rests_on_absence
from wizsync.plan.binding import check_bound
from wizsync.plan.ceilings import allows, ceilings, counted_in, exceeded
from wizsync.plan.changes import unfit_for_new
from wizsync.plan.diff import Context, make_plan, ordered
from wizsync.plan.equality import differs, same, same_by
from wizsync.plan.guards import has_shrunk, judge
from wizsync.plan.look_alikes import held
from wizsync.plan.plan_file import read_plan, write_plan
from wizsync.plan.stubborn import kept_otherwise
from wizsync.plan.tally import listed

__all__ = [
    "Context",
    "allows",
    "ceilings",
    "check_bound",
    "counted_in",
    "differs",
    "exceeded",
    "has_shrunk",
    "held",
    "judge",
    "kept_otherwise",
    "listed",
    "make_plan",
    "ordered",
    "read_plan",
    "rests_on_absence",
    "same",
    "same_by",
    "unfit_for_new",
    "write_plan",
]
