"""The plan that puts back what an earlier run did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from wizsync import plan as planning
from wizsync.model import Absent, Change, ChangeKind, ChildKind, Plan, Rules, Scope, children_in
from wizsync.push import Deed, Undone, deeds, undone
from wizsync.run import Run
from wizsync.state import RunEntry


def rules_of_undoing(run: str, rules: Rules) -> Rules:
    """What a mapping says, as far as it holds for putting its run back: how to compare, and the limits."""
    return replace(
        rules,
        absent=Absent(),
        scope=Scope(),
        # An undo is nobody's next run: no mapping's later run takes its place.
        mapping_digest=f"undo of {run}",
    )


async def plan_undoing(run: Run, earlier: RunEntry, made: Plan) -> Plan:
    """Look at all customers that a run wrote to, and plan what puts them back.

    Args:
        run: The run that is to undo it.
        earlier: The run that is to be undone.
        made: Its plan.
    """
    journal = run.state.journal(earlier.run)
    try:
        done = deeds(journal.recorded())
    finally:
        journal.close()
    same = planning.same_by(made.rules.compare)
    found = await run.reader.look_up(
        {deed.reference_id: deed.customer_id for deed in done},
        {deed.reference_id: _written(deed) for deed in done},
        frozenset(deed.reference_id for deed in done if _is_whole(deed)),
    )
    there = {row["id"]: row for rows in found.customers.values() for row in rows}
    back = undone(done, there, found.customers, same)
    changes = await _held(run, _with_rows(back.changes, made))
    return replace(
        made,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        account=run.account,
        rules=rules_of_undoing(earlier.run, made.rules),
        changes=changes,
        rejects=(),
        conflicts=tuple(back.conflicts),
        absent=(),
        tally=replace(
            planning.listed(changes, ()),
            customers=len(done),
            unchanged=back.as_before,
            conflict=len(back.conflicts),
            children_there=sum(
                len(children_in(row, kind) or {}) for row in there.values() for kind in ChildKind
            ),
            in_scope=sum(run.reader.facts.counts.values()) or None,
        ),
        notes=_notes(earlier.run, back),
        childless={},
        undoes=earlier.run,
    )


def _written(deed: Deed) -> set[str]:
    """The fields that a deed wrote."""
    return {name for step, _ in deed.done if step.child is None for name in step.after}


def _is_whole(deed: Deed) -> bool:
    """Whether its customer must be known with all there is to it: children were written, or it goes."""
    with_children = any(step.child is not None or step.lists for step, _ in deed.done)
    return deed.kind is ChangeKind.CREATE or with_children


def _with_rows(changes: Sequence[Change], made: Plan) -> list[Change]:
    """Changes with the file's rows that led to what they put back."""
    rows = {change.reference_id: change.rows for change in made.changes}
    return [replace(change, rows=rows.get(change.reference_id, ())) for change in changes]


async def _held(run: Run, changes: Sequence[Change]) -> tuple[Change, ...]:
    """The changes in a plan's order, with whom those made again look like."""
    made_again = [change.reference_id for change in changes if change.kind is ChangeKind.CREATE]
    if made_again:
        snapshot = await run.reader.snapshot(
            made_again, (), whole=True, may_create=True, rests_on=lambda _: True
        )
        changes = planning.held(changes, snapshot)
    return planning.ordered(changes)


def _notes(run: str, back: Undone) -> tuple[str, ...]:
    lost = (
        f"Cannot come back: {what} ({number:,} customer{'' if number == 1 else 's'})."
        for what, number in back.lost.items()
    )
    return (f"This puts back what the run {run} did.", *lost)
