"""Allowances that hold for one plan alone: `--allow deletes=12@1f3a9c2b`. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from wizsync.errors import UsageError
from wizsync.model import Limit, Plan
from wizsync.plan.guards import BOUND
from wizsync.plan.plan_file import digest_of


def check_bound(allowances: Mapping[str, Limit], plan: Plan | None) -> None:
    """Refuse allowances that were given for another plan than the one to be applied.

    Args:
        allowances: Guard name to limit.
        plan: The plan; None where it is still to be made, so that nobody can have seen it.

    Raises:
        UsageError: One was given for another plan.
    """
    bound = {name: limit.plan for name, limit in allowances.items() if limit.plan}
    if not bound:
        return
    digest = digest_of(plan) if plan is not None else ""
    for name, begins in bound.items():
        if not digest.startswith(begins):
            this = f"this one is {digest[:BOUND]}" if digest else "this run makes a new one"
            raise UsageError(
                f"The allowance for {name} is for the plan {begins} alone, and {this}.",
                where=f"--allow {name}=…@{begins}",
                hint="Look at the plan. To let it through all the same, leave out the @ and what follows it.",
            )
