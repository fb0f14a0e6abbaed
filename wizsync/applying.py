"""A plan judged by the guards, asked about, and sent; what all commands that write go through."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace

from wizsync import plan as planning
from wizsync.api import definitions
from wizsync.errors import Declined, GuardRefused
from wizsync.model import (
    Change,
    ChangeKind,
    ChildAction,
    ChildChange,
    ChildOutcome,
    Ending,
    Limit,
    Outcome,
    Plan,
    Result,
)
from wizsync.push import (
    Applied,
    Conduct,
    Executor,
    Recovery,
    batch_size,
    price,
    standing,
    stop_on_signals,
)
from wizsync.run import Finished, Run

# Asked before the first write, with the plan; False ends the run.
Approve = Callable[[Plan], bool]


async def judged_and_applied(
    run: Run, made: Plan, approve: Approve, *, untold: Collection[str], overtaken: bool = False
) -> Finished:
    """Let the guards and then a person judge the plan, and send what is left of it.

    Args:
        run: The run; its plan is kept already.
        made: The plan.
        approve: Asked before the first write, unless the run has been agreed to already.
        untold: referenceIds of creates that may be done by an earlier run: they are not sent.
        overtaken: A later run was planned for the account: nothing is deleted or removed.
    """
    # Of a saved plan, what was looked at is what is allowed.
    saved = run.entry.plan_digest if run.command == "apply" else ""
    breaches = planning.judge(made, run.options.allow, bound_to=saved)
    if breaches:
        refusal = GuardRefused(
            " ".join(breach.message for breach in breaches),
            hint="Nothing was written. Look at the report; if it is right, run again with "
            + " ".join(breach.allow for breach in breaches),
        )
        return run.finish(made, Ending.REFUSED, breaches=breaches, error=refusal)
    sorted_out = _SortedOut(run, made, untold, overtaken=overtaken)
    if sorted_out.changes and not run.is_agreed:
        _foretell(run, sorted_out.changes)
        if not approve(made):
            declined = Declined("Nothing was written: you said no.")
            return run.finish(made, Ending.REFUSED, error=declined)
        run.agree()
    applied = await _pushed(run, made, sorted_out.changes)
    if not applied.error:
        run.remember_rows(made)
    ending = Ending.STOPPED if applied.error else Ending.FINISHED
    outcomes = (*map(sorted_out.with_held_back, applied.outcomes), *sorted_out.outcomes)
    return run.finish(made, ending, outcomes=outcomes, error=applied.error)


def _foretell(run: Run, changes: list[Change]) -> None:
    """Say how long writing will take, where it is long."""
    connection = run.options.connection
    requests = price(
        changes,
        batch=batch_size(run.client.rate),
        statuses=run.reader.statuses,
        in_lists=connection.children_in_lists,
    )
    run.foretelling.say(f"Writing {len(changes):,} changes", requests)


class _SortedOut:
    """A plan's changes that are to be sent, and what becomes of the others.

    A create that looks like somebody is sent only where this run allows it; how many are allowed the
    guard has judged already. One that may be done by an earlier run (`untold`) is never sent.
    """

    def __init__(self, run: Run, made: Plan, untold: Collection[str], *, overtaken: bool) -> None:
        self.changes: list[Change] = []
        self.outcomes: list[Outcome] = []
        self._held_back: dict[tuple[ChangeKind, str], tuple[ChildOutcome, ...]] = {}
        self._overtaken = overtaken
        self._hold_moves = not planning.allows(run.options.allow, "child_moves")
        self._hold_look_alikes = not planning.allows(run.options.allow, "look_alikes")
        for planned in made.changes:
            change = self._without_held_children(planned)
            outcome = self._outcome(change, untold, was_more=change is not planned)
            if outcome is None:
                self.changes.append(change)
            else:
                self.outcomes.append(outcome)

    def with_held_back(self, outcome: Outcome) -> Outcome:
        """The outcome of a change, with those of its addresses and contacts that were held back."""
        held_back = self._held_back.get((outcome.kind, outcome.reference_id), ())
        return replace(outcome, children=(*outcome.children, *held_back))

    def _outcome(
        self, change: Change, untold: Collection[str], *, was_more: bool
    ) -> Outcome | None:
        if was_more and not (change.children or change.fields):
            children = self._held_back[change.kind, change.reference_id]
            return _outcome(change, Result.SKIPPED, children[0].code, children[0].message)
        if change.kind is ChangeKind.CREATE and change.reference_id in untold:
            return _outcome(change, Result.UNKNOWN, "unanswered", _UNTOLD)
        if change.held_for and self._hold_look_alikes:
            beside = ", ".join(other.reference_id or other.customer_id for other in change.held_for)
            message = f"Not created, because it looks like a customer who is there: {beside}."
            return _outcome(change, Result.SKIPPED, "held", message)
        if change.kind is ChangeKind.DELETE and self._overtaken:
            return _outcome(change, Result.SKIPPED, "overtaken", _OVERTAKEN)
        return None

    def _without_held_children(self, change: Change) -> Change:
        """A change without what is held of its addresses and contacts."""
        held = {child: why for child in change.children if (why := self._why_held(child))}
        if not held:
            return change
        self._held_back[change.kind, change.reference_id] = tuple(
            ChildOutcome(
                child.kind, child.reference_id, child.child_id, Result.SKIPPED, code, message
            )
            for child, (code, message) in held.items()
        )
        return replace(change, children=tuple(c for c in change.children if c not in held))

    def _why_held(self, child: ChildChange) -> tuple[str, str] | None:
        """Why an address or contact is held: a code and a sentence; None: it is not."""
        if child.moved and self._hold_moves:
            return "held", _MOVES
        if child.action is ChildAction.REMOVE and self._overtaken:
            return "overtaken", _OVERTAKEN
        return None


_MOVES = (
    "Not written, because the same address or contact leaves one customer and comes to another."
)
_UNTOLD = (
    "An earlier run sent it and got no answer, and the account's lists do not show its writes yet: the "
    "next run looks again."
)
_OVERTAKEN = "Not written, because a later run was planned for this account since."


def _outcome(change: Change, result: Result, code: str, message: str) -> Outcome:
    return Outcome(change.kind, change.reference_id, result, code, message)


async def _pushed(run: Run, made: Plan, changes: list[Change]) -> Applied:
    """Send the changes; remember which customers are ours, which are gone, and what was not taken."""
    same = planning.same_by(made.rules.compare)
    # Of whom is written to, only what the answers tell is kept: even if this process is killed meanwhile.
    run.reader.kept.forget(change.customer_id for change in changes if change.customer_id)
    run.keep_details()
    progress = run.options.progress
    journal = run.state.journal(run.entry.run)
    try:
        with stop_on_signals(run.options.on_stop) as stop:
            conduct = Conduct(
                rate=lambda: run.client.rate,
                stop=stop,
                on_created=lambda created: run.state.note_created(run.account, created),
                children_in_lists=run.options.connection.children_in_lists,
                attributes={
                    entity: definitions(known) for entity, known in made.attributes.items()
                },
                keep_going=run.options.keep_going,
                overwrite=run.options.overwrite,
                exceeding=_ceilings(made, run.options.allow),
                progress=progress,
            )
            settle = run.options.settle
            recovery = Recovery(run.reader, journal, same, settle=settle, progress=progress)
            executor = Executor(run.client, run.reader, journal, recovery, same, conduct)
            recorded = journal.recorded()
            before = standing(recorded, journal.open_steps()) if recorded else None
            applied = await executor.run(changes, before)
    finally:
        journal.close()
    run.keep_details()
    run.warnings += applied.warnings
    gone = [
        outcome.reference_id
        for outcome in applied.outcomes
        if outcome.kind is ChangeKind.DELETE and outcome.result is Result.APPLIED
    ]
    run.state.forget_created(run.account, gone)
    run.remember_deleted(len(gone))
    run.state.note_kept(run.account, planning.kept_otherwise(changes, applied.outcomes))
    return applied


def _ceilings(made: Plan, allow: Mapping[str, Limit]) -> Callable[[Iterable[Change]], str]:
    """Counts what is about to be sent, and says what is more than the plan was let through with."""
    limits = planning.ceilings(made, allow)
    begun: set[tuple[ChangeKind, str]] = set()
    counts: Counter[ChangeKind | ChildAction] = Counter()

    def exceeding(changes: Iterable[Change]) -> str:
        for change in changes:
            if (change.kind, change.reference_id) not in begun:
                begun.add((change.kind, change.reference_id))
                counts.update(planning.counted_in(change))
        return planning.exceeded(limits, counts)

    return exceeding
