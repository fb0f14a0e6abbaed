"""What became of a change, from what became of its requests. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from wizsync.model import ChildOutcome, Outcome, Result
from wizsync.state.protocol import Step


def combined(parts: Sequence[tuple[Step, Outcome]], last: Outcome) -> Outcome:
    """The outcome of a change.

    Args:
        parts: Its requests that were concluded in this run, with their outcomes, in their order.
        last: What was decided of it last: the outcome of its last request, or why no more is sent.
    """
    done = [outcome for _, outcome in parts if outcome.result is Result.APPLIED]
    children = tuple(child for step, outcome in parts for child in _of_child(step, outcome))
    if last.result is Result.SKIPPED and last.code == "already_so" and done:
        # It was taken up again, and all of it had been done by then.
        last = next((one for one in reversed(done) if one.code == "differs"), done[-1])
    differs = {name: text for outcome in done for name, text in outcome.differs.items()}
    if last.result is Result.APPLIED and differs and not last.differs:
        last = replace(last, code="differs", differs=differs, message=_DIFFERS)
    if last.result is not Result.APPLIED and done and last.code != "child_harm":
        last = replace(last, message=f"A part of it was written. {last.message}")
    return replace(last, children=children)


_DIFFERS = "WizCommerce kept other values than were sent."


def _of_child(step: Step, outcome: Outcome) -> Sequence[ChildOutcome]:
    """What became of the child that a request was about."""
    target = step.child
    if target is None:
        return ()
    reference_id = step.after.get("referenceId") or step.before.get("referenceId", "")
    told = outcome.children[0] if outcome.children else None
    return (
        ChildOutcome(
            target.kind,
            reference_id,
            told.child_id if told else target.child_id,
            outcome.result,
            outcome.code,
            outcome.message,
            outcome.words,
            told.differs if told else {},
        ),
    )
