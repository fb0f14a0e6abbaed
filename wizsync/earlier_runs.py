"""What earlier runs of an account left: requests without an answer, and plans that are used up."""

from __future__ import annotations

import asyncio

from wizsync import plan as planning
from wizsync.errors import Interrupted, SourceNotReady, UnfitPlan
from wizsync.model import ChangeKind, Plan, Result, Rules
from wizsync.push import Recovery
from wizsync.run import Run
from wizsync.state import RunEntry, RunState


async def settle_earlier_runs(run: Run, rules: Rules, stop: asyncio.Event) -> frozenset[str]:
    """Find out what became of requests that earlier runs left unanswered, before anything is planned.

    Returns:
        The referenceIds of creates of which it cannot be told yet: they must not be sent again.
    """
    untold: set[str] = set()
    for earlier in run.state.runs(run.account):
        # A plan sends nothing; a run that came to its end may still not know what became of a create.
        unsettled = earlier.state.unfinished or earlier.counts.get(Result.UNKNOWN, 0) > 0
        if earlier.run == run.entry.run or earlier.command == "plan" or not unsettled:
            continue
        still_open = await _settle_earlier_run(run, earlier, rules, stop)
        untold |= still_open
        if still_open:
            run.warnings.append(
                f"Whether {len(still_open)} create(s) of the run {earlier.run} arrived cannot be told yet, "
                "because the account's lists do not show its writes: they are left out for now."
            )
        elif earlier.state.unfinished and earlier.mapping_digest == rules.mapping_digest:
            run.state.update(earlier.run, RunState.SUPERSEDED)
            if _has_written(run, earlier):
                run.warnings.append(
                    f"The run {earlier.run} was not finished; this one took its place."
                )
    return frozenset(untold)


async def _settle_earlier_run(
    run: Run, earlier: RunEntry, rules: Rules, stop: asyncio.Event
) -> frozenset[str]:
    """Settle one run; the referenceIds of creates of which it cannot be told yet."""
    if not _has_written(run, earlier):
        return frozenset()
    journal = run.state.journal(earlier.run)
    try:
        recovery = Recovery(
            run.reader,
            journal,
            planning.same_by(rules.compare),
            settle=run.options.settle,
            progress=run.options.progress,
        )
        found = await recovery.settle_earlier(stop)
        if stop.is_set():
            raise Interrupted("Stopped while waiting for what an earlier run left unanswered.")
        still_open = journal.open_steps()
        # One that was killed could not tell how many it had deleted.
        told = [outcome for _, outcome in found]
        done = journal.outcomes() if earlier.state is RunState.RUNNING else told
    finally:
        journal.close()
    run.state.note_created(
        run.account,
        {
            step.reference_id: outcome.customer_id
            for step, outcome in found
            if step.kind is ChangeKind.CREATE
            and outcome.result is Result.APPLIED
            and outcome.customer_id
        },
    )
    run.remember_deleted(
        sum(one.kind is ChangeKind.DELETE and one.result is Result.APPLIED for one in done)
    )
    return frozenset(step.reference_id for step in still_open)


def check_unused(run: Run) -> None:
    """Refuse a plan that was applied before, or whose application was begun."""
    for earlier in run.state.runs():
        same_plan = earlier.run != run.entry.run and earlier.plan_digest == run.entry.plan_digest
        if same_plan and (earlier.state is RunState.FINISHED or _has_written(run, earlier)):
            raise UnfitPlan(
                f"This plan was taken up before, by the run {earlier.run} ({earlier.state.value}).",
                hint="A plan is applied once. Make a new one: it holds what is left to do.",
                reason="used_plan",
            )


def _has_written(run: Run, earlier: RunEntry) -> bool:
    """Whether an earlier run came as far as to send something."""
    if not (earlier.folder / "journal.db").exists():
        return False
    journal = run.state.journal(earlier.run)
    try:
        return journal.next_number() > 1
    finally:
        journal.close()


def check_not_overtaken(run: Run, made: Plan) -> None:
    """Refuse a plan that rests on who was not there, in file or account, once a newer one was applied.

    The newer file may name whom this one would delete as absent, and may have created, under another
    spelling, whom this one would create: the look right before a write shows neither.
    """
    if not any(change.absent or change.kind is ChangeKind.CREATE for change in made.changes):
        return
    for later in run.state.runs(run.account):
        written = later.command in ("apply", "sync") and later.state is not RunState.REFUSED
        same_mapping = later.mapping_digest == made.rules.mapping_digest
        if later.run == run.entry.run or not (written and same_mapping and later.plan_digest):
            continue
        # A plan that was applied later may still be the older one.
        if later.started > made.created and _planned_at(later) > made.created:
            raise UnfitPlan(
                f"The run {later.run} has applied a newer plan of this mapping since this one was made.",
                where=f"made at {made.created}",
                hint="Make a new plan with `wizsync plan`, from the newest file.",
            )


def _planned_at(run: RunEntry) -> str:
    """When the plan that a run applied was made; where that is not to be found, when the run began."""
    try:
        return planning.read_plan(run.folder / "plan.jsonl").created
    except (SourceNotReady, UnfitPlan):
        return run.started
