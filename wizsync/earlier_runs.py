"""What earlier runs of an account left: requests without an answer, and plans that are used up."""

from __future__ import annotations

import asyncio
from itertools import takewhile
from pathlib import Path

from wizsync import plan as planning
from wizsync.errors import Interrupted, SourceNotReady, UnfitPlan, UsageError
from wizsync.identity import account_of
from wizsync.model import ChangeKind, Plan, Result, Rules
from wizsync.named_runs import named_run
from wizsync.push import Recovery
from wizsync.run import Options, Run
from wizsync.state import RunEntry, RunState, SqliteState


async def settle_earlier_runs(run: Run, rules: Rules, stop: asyncio.Event) -> frozenset[str]:
    """Find out what became of requests that earlier runs left unanswered, before anything is planned.

    Returns:
        The referenceIds of creates of which it cannot be told yet: they must not be sent again.
    """
    untold: set[str] = set()
    later = _later(run)
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
        elif (
            earlier.state.unfinished
            and earlier.mapping_digest == rules.mapping_digest
            and earlier not in later
        ):
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


async def settle_own(run: Run, rules: Rules, stop: asyncio.Event) -> None:
    """Find out what became of the requests that a run, taken up again, left unanswered itself."""
    if await _settle_earlier_run(run, run.entry, rules, stop):
        run.warnings.append(
            "Whether some creates of this run arrived cannot be told yet, because the account's lists do not "
            "show its writes: they are left out for now."
        )


def is_overtaken(run: Run) -> bool:
    """Whether a later run was planned for the account since this one was begun."""
    return any(later.plan_digest for later in _later(run))


def _later(run: Run) -> list[RunEntry]:
    """The runs of the account that were begun after this one."""
    newest_first = run.state.runs(run.account)
    return list(takewhile(lambda entry: entry.run != run.entry.run, newest_first))


def to_resume(options: Options, name: str | None) -> RunEntry | None:
    """The run that is to be taken up again: the one that is named, else the account's latest unfinished one.

    Args:
        options: Where runs are kept, and whom to talk to.
        name: The run's name or the beginning of it.

    Returns:
        None: there is nothing left to do.

    Raises:
        UsageError: There is no such run.
        UnfitPlan: Another run has taken its place.
    """
    with SqliteState(options.state_dir) as state:
        runs = state.runs()
        if name is None:
            mark = account_of(state, options.connection).fingerprint
            mine = [entry for entry in runs if entry.account == mark]
            # Behind a new key may be the same account: that is looked at before the first write.
            named_so = [entry for entry in runs if entry.target == options.connection.target]
            return next(filter(can_be_resumed, mine or named_so), None)
        entry = named_run(runs, name, options.state_dir)
    if entry.state is RunState.SUPERSEDED:
        raise UnfitPlan(
            f"The run {entry.run} was not finished, and a later one took its place.",
            hint="There is nothing to resume. `wizsync runs` lists what there is.",
            reason="superseded",
        )
    return entry if can_be_resumed(entry) else None


def run_named(state_dir: Path, name: str) -> RunEntry:
    """A run that has a plan, by its name or the beginning of it.

    Raises:
        UsageError: There is no such run, or it wrote nothing.
    """
    with SqliteState(state_dir) as state:
        entry = named_run(state.runs(), name, state_dir)
    if entry.command == "plan" or not entry.plan_digest:
        raise UsageError(
            f"The run {entry.run} wrote nothing: there is nothing to undo.",
            hint="`wizsync runs` lists what was done.",
        )
    return entry


def can_be_resumed(entry: RunEntry) -> bool:
    """Whether something of a run may be left to do: it came as far as a plan, and not to its end."""
    unsettled = entry.state.unfinished or entry.counts.get(Result.UNKNOWN, 0) > 0
    return entry.command != "plan" and bool(entry.plan_digest) and unsettled


def check_unused(run: Run) -> None:
    """Refuse a plan that was applied before, or whose application was begun."""
    for earlier in run.state.runs():
        same_plan = earlier.run != run.entry.run and earlier.plan_digest == run.entry.plan_digest
        if same_plan and (earlier.state is RunState.FINISHED or _has_written(run, earlier)):
            raise _used(f"{earlier.run} ({earlier.state.value})")
    forgotten = run.state.used_by(run.entry.plan_digest)
    if forgotten is not None:
        raise _used(f"{forgotten} (pruned since)")


def _used(run: str) -> UnfitPlan:
    return UnfitPlan(
        f"This plan was taken up before, by the run {run}.",
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
