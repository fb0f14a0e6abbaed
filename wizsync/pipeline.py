"""One run, top to bottom: what the command line and a library user both call.

read ─▶ map ─▶ observe ─▶ diff ─▶ guard ─▶ ask ─▶ push ─▶ report
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from wizsync import plan as planning
from wizsync.applying import Approve, judged_and_applied
from wizsync.checking import Checked, check, check_online, looked_up
from wizsync.earlier_runs import (
    check_not_overtaken,
    check_unused,
    is_overtaken,
    run_named,
    settle_earlier_runs,
    settle_own,
    to_resume,
)
from wizsync.identity import check_plan
from wizsync.model import (
    CUSTOMER_FIELDS,
    AbsentPolicy,
    Ending,
    Mode,
    Plan,
)
from wizsync.push import stop_on_signals
from wizsync.run import Finished, Options, Run, begun, connected
from wizsync.run_files import check_writable, copy_file
from wizsync.state import RunEntry, RunState
from wizsync.undoing import plan_undoing, rules_of_undoing

__all__ = [
    "Approve",
    "Checked",
    "Finished",
    "Options",
    "apply",
    "check",
    "check_online",
    "plan",
    "resume",
    "sync",
    "undo",
]


def plan(file: Path, mapping: Path, options: Options, *, output: Path | None = None) -> Finished:
    """Compare a file with the account and write the plan and its report; change nothing.

    Args:
        file: The file.
        mapping: The mapping.
        options: The rest.
        output: Where a copy of the plan file goes.
    """
    planning.check_bound(options.allow, None)
    check_writable(output.parent if output else None, "--output")
    checked = check(file, mapping, mode=options.mode)
    with begun("plan", options, checked.desired.table.source.name, checked.rules) as run:
        return asyncio.run(_plan(run, checked, output))


async def _plan(run: Run, checked: Checked, output: Path | None) -> Finished:
    async with connected(run):
        made = await _compared(run, checked)
    run.keep_plan(made)
    if output is not None:
        copy_file(run.folder / "plan.jsonl", output)
    breaches = planning.judge(made, run.options.allow)
    return run.finish(made, Ending.DRY_RUN, breaches=breaches)


def sync(file: Path, mapping: Path, options: Options, *, approve: Approve) -> Finished:
    """Plan, let the guards judge, ask, apply, report.

    Args:
        file: The file.
        mapping: The mapping.
        options: The rest.
        approve: Asked before the first write.
    """
    planning.check_bound(options.allow, None)
    checked = check(file, mapping, mode=options.mode)
    with begun("sync", options, checked.desired.table.source.name, checked.rules) as run:
        return asyncio.run(_sync(run, checked, approve))


async def _sync(run: Run, checked: Checked, approve: Approve) -> Finished:
    async with connected(run):
        with stop_on_signals(run.options.on_stop) as stop:
            untold = await settle_earlier_runs(run, checked.rules, stop)
        made = await _compared(run, checked)
        run.keep_plan(made)
        return await judged_and_applied(run, made, approve, untold=untold)


def apply(plan_file: Path, options: Options, *, approve: Approve) -> Finished:
    """Apply a plan that was written before.

    Args:
        plan_file: The plan.
        options: The rest; a plan has its mode.
        approve: Asked before the first write.

    Raises:
        UnfitPlan: It is altered, used up, overtaken by a newer one, or made for another account.
    """
    made = planning.read_plan(plan_file)
    planning.check_bound(options.allow, made)
    with begun("apply", options, made.source.name, made.rules) as run:
        run.keep_plan(made)
        check_unused(run)
        check_not_overtaken(run, made)
        return asyncio.run(_apply(run, made, approve))


async def _apply(run: Run, made: Plan, approve: Approve) -> Finished:
    async with connected(run):
        await check_plan(run.client, run.options.connection, run.account, made, applied=False)
        with stop_on_signals(run.options.on_stop) as stop:
            untold = await settle_earlier_runs(run, made.rules, stop)
        return await judged_and_applied(run, made, approve, untold=untold)


def resume(name: str | None, options: Options, *, approve: Approve) -> Finished | None:
    """Finish a run that was interrupted, with what was agreed to and allowed for it.

    Args:
        name: The run; None: the account's latest unfinished one.
        options: The rest; what is allowed adds to what was.
        approve: Asked before the first write, where the run was interrupted before somebody agreed.

    Returns:
        None: nothing is left to do.

    Raises:
        UnfitPlan: Another run has taken its place, or it was for another account.
    """
    entry = to_resume(options, name)
    if entry is None:
        return None
    made = planning.read_plan(entry.folder / "plan.jsonl")
    planning.check_bound(options.allow, made)
    with begun("resume", options, made.source.name, made.rules, again=entry.run) as run:
        return asyncio.run(_resume(run, made, approve))


async def _resume(run: Run, made: Plan, approve: Approve) -> Finished:
    async with connected(run):
        await check_plan(run.client, run.options.connection, run.account, made, applied=True)
        with stop_on_signals(run.options.on_stop) as stop:
            untold = await settle_earlier_runs(run, made.rules, stop)
            await settle_own(run, made.rules, stop)
        overtaken = is_overtaken(run)
        return await judged_and_applied(run, made, approve, untold=untold, overtaken=overtaken)


def undo(name: str, options: Options, *, approve: Approve) -> Finished:
    """Put back what a run did: a plan of its own, judged, asked about, applied, and itself undoable.

    Args:
        name: The run, or the beginning of its name.
        options: The rest.
        approve: Asked before the first write.

    Raises:
        UnfitPlan: The run was for another account.
    """
    planning.check_bound(options.allow, None)
    earlier = run_named(options.state_dir, name)
    made = planning.read_plan(earlier.folder / "plan.jsonl")
    rules = rules_of_undoing(earlier.run, made.rules)
    with begun("undo", options, f"undo of {earlier.run}", rules) as run:
        return asyncio.run(_undo(run, earlier, made, approve))


async def _undo(run: Run, earlier: RunEntry, made: Plan, approve: Approve) -> Finished:
    async with connected(run):
        await check_plan(run.client, run.options.connection, run.account, made, applied=True)
        with stop_on_signals(run.options.on_stop) as stop:
            untold = await settle_earlier_runs(run, made.rules, stop)
        back = await plan_undoing(run, earlier, made)
        run.keep_plan(back)
        finished = await judged_and_applied(run, back, approve, untold=untold)
    if earlier.state.unfinished and finished.record.ending is Ending.FINISHED:
        # What it left must not be taken up again after it was put back.
        run.state.update(earlier.run, RunState.SUPERSEDED)
    return finished


# --- the parts of a run -------------------------------------------------------------------------


async def _compared(run: Run, checked: Checked) -> Plan:
    """Read what is needed of the account, and compare."""
    checked, lists = await looked_up(run, checked)
    desired, rules = checked.desired, checked.rules
    actions = set(desired.actions)
    fields: set[str] = set()
    if actions - {Mode.DELETE_LISTED.value}:
        fields = {*desired.customers.columns, *(kind.value for kind in desired.children)}
    fields |= set(rules.absent.values)
    fields -= {"referenceId", *rules.compare.ignore}
    counted = run.reader.facts.counts
    snapshot = await run.reader.snapshot(
        desired.keys.tolist(),
        fields,
        whole=rules.absent.policy is not AbsentPolicy.IGNORE,
        may_create=bool(actions & {Mode.CREATE.value, Mode.UPSERT.value}),
        rests_on=lambda shown: planning.rests_on_absence(desired, rules, shown),
        details_of_all=any(not CUSTOMER_FIELDS[name].summary for name in rules.absent.values),
    )
    run.keep_details()
    run.know(snapshot.customers["id"].tolist())
    dialect = await run.client.detect()
    mended = desired.mended_run is not None
    context = planning.Context(
        account=run.account,
        dialect=dialect.name,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        notes=checked.tables.notes,
        attributes=lists.attributes,
        names=lists.names,
        kept=run.state.kept(run.account),
        rows_before={} if mended else run.reader.facts.rows.get(rules.mapping_name, {}),
    )
    made = planning.make_plan(desired, snapshot, rules, context)
    if planning.has_shrunk(made, run.options.allow):
        # What may be a broken read is not what the next run is measured by.
        run.reader.facts = replace(run.reader.facts, counts=counted)
    return made
