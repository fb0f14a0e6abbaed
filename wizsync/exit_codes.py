"""What a run's command ends with."""

from __future__ import annotations

from wizsync.errors import Exit, WizsyncError
from wizsync.model import Ending, Outcome, Result, RunRecord

_HELD = frozenset({"held", "children_held"})


def is_held(outcome: Outcome) -> bool:
    """Whether a change, or a part of it, was held back."""
    return outcome.code in _HELD or any(child.code in _HELD for child in outcome.children)


def exit_code_of(record: RunRecord, error: WizsyncError | None) -> Exit:
    """The exit code of a run that came as far as a plan.

    Args:
        record: The run.
        error: What stopped it, or None.
    """
    if error is not None:
        return error.exit_code
    tally = record.plan.tally
    left_over = {Result.FAILED, Result.CONFLICT, Result.UNKNOWN, Result.PENDING}
    if (
        tally.rejected
        or tally.conflict
        or any(outcome.result in left_over or is_held(outcome) for outcome in record.outcomes)
        or (record.ending is Ending.DRY_RUN and (tally.held or tally.children_held))
    ):
        return Exit.LEFT_OVER
    return Exit.DONE
