"""One run, top to bottom: what the command line and a library user both call.

read ─▶ map ─▶ observe ─▶ diff ─▶ guard ─▶ ask ─▶ push ─▶ report
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from wizsync import mapping as mappings
from wizsync import plan as planning
from wizsync.api import WizCommerce, definitions
from wizsync.earlier_runs import check_not_overtaken, check_unused, settle_earlier_runs
from wizsync.errors import Declined, GuardRefused
from wizsync.identity import check_plan
from wizsync.mapping import MappingFile
from wizsync.model import (
    CUSTOMER_FIELDS,
    AbsentPolicy,
    Change,
    ChangeKind,
    ChildOutcome,
    Desired,
    Ending,
    Limit,
    Lists,
    Mode,
    Outcome,
    Plan,
    Result,
    Rules,
)
from wizsync.observed import read_lists
from wizsync.push import Applied, Conduct, Executor, Recovery, stop_on_signals
from wizsync.run import Finished, Options, Run, begun, connected
from wizsync.run_files import check_writable, copy_file
from wizsync.settings import Connection
from wizsync.tables import Tables, read_tables

__all__ = [
    "Approve",
    "Checked",
    "Finished",
    "Options",
    "apply",
    "check",
    "check_online",
    "plan",
    "sync",
]

# Asked before the first write, with the plan; False ends the run.
Approve = Callable[[Plan], bool]


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
        connection.url, connection.key, dialect=connection.dialect, rate=connection.rate
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
    checked = check(file, mapping, mode=options.mode)
    with begun("sync", options, checked.desired.table.source.name, checked.rules) as run:
        return asyncio.run(_sync(run, checked, approve))


async def _sync(run: Run, checked: Checked, approve: Approve) -> Finished:
    async with connected(run):
        with stop_on_signals(run.options.on_stop) as stop:
            untold = await settle_earlier_runs(run, checked.rules, stop)
        made = await _compared(run, checked)
        run.keep_plan(made)
        return await _guarded(run, made, untold, approve)


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
    with begun("apply", options, made.source.name, made.rules) as run:
        run.keep_plan(made)
        check_unused(run)
        check_not_overtaken(run, made)
        return asyncio.run(_apply(run, made, approve))


async def _apply(run: Run, made: Plan, approve: Approve) -> Finished:
    async with connected(run):
        await check_plan(run.client, run.options.connection, run.account, made)
        with stop_on_signals(run.options.on_stop) as stop:
            untold = await settle_earlier_runs(run, made.rules, stop)
        return await _guarded(run, made, untold, approve)


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
    snapshot = await run.reader.snapshot(
        desired.keys.tolist(),
        fields,
        whole=rules.absent.policy is not AbsentPolicy.IGNORE,
        may_create=bool(actions & {Mode.CREATE.value, Mode.UPSERT.value}),
        details_of_all=any(not CUSTOMER_FIELDS[name].summary for name in rules.absent.values),
    )
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
        rows_before={} if mended else run.reader.facts.rows.get(rules.mapping_name, {}),
    )
    return planning.make_plan(desired, snapshot, rules, context)


async def _guarded(run: Run, made: Plan, untold: Collection[str], approve: Approve) -> Finished:
    """Let the guards and then a person judge the plan, and push it."""
    breaches = planning.judge(made, run.options.allow)
    if breaches:
        refusal = GuardRefused(
            " ".join(breach.message for breach in breaches),
            hint="Nothing was written. Look at the report; if it is right, run again with "
            + " ".join(breach.allow for breach in breaches),
        )
        return run.finish(made, Ending.REFUSED, breaches=breaches, error=refusal)
    changes, held = _sorted_out(made, untold, run.options)
    if changes and not approve(made):
        return run.finish(made, Ending.REFUSED, error=Declined("Nothing was written: you said no."))
    applied = await _pushed(run, made, changes)
    ending = Ending.STOPPED if applied.error else Ending.FINISHED
    if not applied.error:
        run.remember_rows(made)
    sent = {change.reference_id: len(change.children) for change in changes}
    held_back = {
        change.reference_id: _moves_of(change)
        for change in made.changes
        if sent.get(change.reference_id, 0) < len(change.children)
    }
    outcomes = (
        replace(outcome, children=(*outcome.children, *held_back.get(outcome.reference_id, ())))
        for outcome in applied.outcomes
    )
    return run.finish(made, ending, outcomes=(*outcomes, *held), error=applied.error)


def _sorted_out(
    made: Plan, untold: Collection[str], options: Options
) -> tuple[list[Change], list[Outcome]]:
    """The changes to be sent, and the outcomes of those that are not.

    A create that looks like somebody is sent only where this run allows it; how many are allowed the
    guard has judged already. One that may be done by an earlier run (`untold`) is never sent.
    """
    hold = options.allow.get("look_alikes", Limit(count=0)).count == 0
    hold_moves = options.allow.get("child_moves", Limit(count=0)).count == 0
    changes: list[Change] = []
    outcomes: list[Outcome] = []
    for planned in made.changes:
        change = _without_moves(planned) if hold_moves else planned
        if planned.children and not (change.children or change.fields):
            outcomes.append(_outcome(change, Result.SKIPPED, "held", _MOVES))
        elif change.kind is ChangeKind.CREATE and change.reference_id in untold:
            outcomes.append(_outcome(change, Result.UNKNOWN, "unanswered", _UNTOLD))
        elif change.held_for and hold:
            beside = ", ".join(other.reference_id or other.customer_id for other in change.held_for)
            message = f"Not created, because it looks like a customer who is there: {beside}."
            outcomes.append(_outcome(change, Result.SKIPPED, "held", message))
        else:
            changes.append(change)
    return changes, outcomes


def _without_moves(change: Change) -> Change:
    """A change without what would move addresses or contacts from one customer to another."""
    if not any(child.moved for child in change.children):
        return change
    return replace(change, children=tuple(child for child in change.children if not child.moved))


def _moves_of(change: Change) -> tuple[ChildOutcome, ...]:
    """What became of the addresses and contacts that were held back."""
    return tuple(
        ChildOutcome(child.kind, child.reference_id, child.child_id, Result.SKIPPED, "held", _MOVES)
        for child in change.children
        if child.moved
    )


_MOVES = (
    "Not written, because the same address or contact leaves one customer and comes to another."
)
_UNTOLD = (
    "An earlier run sent it and got no answer, and the account's lists do not show its writes yet: the "
    "next run looks again."
)


def _outcome(change: Change, result: Result, code: str, message: str) -> Outcome:
    return Outcome(change.kind, change.reference_id, result, code, message)


async def _pushed(run: Run, made: Plan, changes: list[Change]) -> Applied:
    """Send the changes; remember which customers are ours, and which are gone."""
    same = planning.same_by(made.rules.compare)
    progress = run.options.progress
    journal = run.state.journal(run.entry.run)
    try:
        with stop_on_signals(run.options.on_stop) as stop:
            conduct = Conduct(
                rate=run.options.connection.rate,
                stop=stop,
                on_created=lambda created: run.state.note_created(run.account, created),
                children_in_lists=run.options.connection.children_in_lists,
                attributes={
                    entity: definitions(known) for entity, known in made.attributes.items()
                },
                keep_going=run.options.keep_going,
                progress=progress,
            )
            settle = run.options.settle
            recovery = Recovery(run.reader, journal, same, settle=settle, progress=progress)
            executor = Executor(run.client, run.reader, journal, recovery, same, conduct)
            applied = await executor.run(changes)
    finally:
        journal.close()
    run.warnings += applied.warnings
    gone = [
        outcome.reference_id
        for outcome in applied.outcomes
        if outcome.kind is ChangeKind.DELETE and outcome.result is Result.APPLIED
    ]
    run.state.forget_created(run.account, gone)
    return applied
