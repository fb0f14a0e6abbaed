"""One run, top to bottom: what the command line and a library user both call.

read ─▶ map ─▶ observe ─▶ diff ─▶ guard ─▶ ask ─▶ push ─▶ report
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from wizsync import mapping as mappings
from wizsync import plan as planning
from wizsync.api import WizCommerce
from wizsync.applying import Approve, judged_and_applied
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
from wizsync.mapping import MappingFile
from wizsync.model import (
    CUSTOMER_FIELDS,
    AbsentPolicy,
    Desired,
    Ending,
    Lists,
    Mode,
    Plan,
    Rules,
)
from wizsync.observed import read_lists
from wizsync.push import stop_on_signals
from wizsync.run import Finished, Options, Run, begun, connected
from wizsync.run_files import check_writable, copy_file
from wizsync.settings import Connection
from wizsync.state import RunEntry, RunState
from wizsync.tables import Tables, read_tables
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


@dataclass(frozen=True)
class Checked:
    """What `check` found: the file against its mapping, without any account.

    Args:
        mapping: The mapping.
        tables: The customers' table, and the others by their places.
        mode: The command line's mode in place of the mapping's.
        desired: The customers that should exist; what the account must be asked for is unresolved.
        rules: What the mapping says beyond that.
    """

    mapping: MappingFile
    tables: Tables
    mode: str | None
    desired: Desired
    rules: Rules

    def unfit_for_new(self) -> Mapping[str, Sequence[str]]:
        """Which customers could not be created, should an account lack them: field to their keys."""
        return planning.unfit_for_new(self.desired, self.rules)

    def resolved(self, lists: Lists) -> Checked:
        """The same with what the account was asked for.

        Args:
            lists: As `needs` of the mapping asks for them.
        """
        mapping, mode, table, others = self.mapping, self.mode, self.tables.main, self.tables.others
        return replace(
            self,
            desired=mappings.to_desired(mapping, table, others=others, mode=mode, lists=lists),
            rules=mappings.rules(mapping, table, others=others, mode=mode, lists=lists),
        )


def check(file: Path, mapping: Path, *, mode: str | None = None) -> Checked:
    """Read a file and apply its mapping, offline.

    Args:
        file: The file.
        mapping: The mapping.
        mode: The command line's mode in place of the mapping's.

    Raises:
        WizsyncError: Of the branch that says what to do.
    """
    understood = mappings.load(mapping)
    tables = read_tables(file, understood)
    rules = mappings.rules(understood, tables.main, others=tables.others, mode=mode)
    desired = mappings.to_desired(understood, tables.main, others=tables.others, mode=mode)
    return Checked(understood, tables, mode, desired, rules)


def check_online(
    file: Path, mapping: Path, connection: Connection, *, mode: str | None = None
) -> Checked:
    """Read a file and apply its mapping, with what the account must be asked for; nothing is written.

    Args:
        file: The file.
        mapping: The mapping.
        connection: Whom to ask.
        mode: The command line's mode in place of the mapping's.

    Raises:
        WizsyncError: Of the branch that says what to do.
    """
    return asyncio.run(_resolved(check(file, mapping, mode=mode), connection))


async def _resolved(checked: Checked, connection: Connection) -> Checked:
    async with WizCommerce(
        connection.url,
        connection.key,
        dialect=connection.dialect,
        rate=connection.rate,
        timing=connection.timing,
    ) as client:
        return checked.resolved(await _lists(client, checked.mapping))


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


async def _lists(client: WizCommerce, mapping: MappingFile) -> Lists:
    """What the mapping needs of the account besides customers."""
    needs = mapping.needs
    return await read_lists(
        client,
        price_lists=needs.price_lists,
        sales_reps=needs.sales_reps,
        attributes=needs.attributes,
    )


async def _compared(run: Run, checked: Checked) -> Plan:
    """Read what is needed of the account, and compare."""
    lists = await _lists(run.client, checked.mapping)
    if checked.mapping.needs:
        checked = checked.resolved(lists)
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
