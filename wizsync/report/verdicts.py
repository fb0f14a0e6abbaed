"""What became of every change, conflict and reject, told in the spreadsheet's own terms.

Pure: a RunRecord in, Verdicts out. Every Change, Conflict and Reject of the plan has exactly one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from wizsync.model import (
    Change,
    ChangeKind,
    ChildAction,
    ChildChange,
    Conflict,
    Ending,
    FieldChange,
    Outcome,
    Reject,
    Result,
    RunRecord,
)
from wizsync.report import child_wording, wording
from wizsync.report.before_and_after import before_and_after
from wizsync.report.child_verdicts import ChildJudge, ChildVerdict, words_of_customer
from wizsync.report.columns import ChildColumns, Columns
from wizsync.report.names import Names
from wizsync.report.standings import AFTER_HARM, HARM, OPEN, Cell, Held, Standing
from wizsync.report.verdict import Verdict

__all__ = [
    "OPEN",
    "Cell",
    "ChildVerdict",
    "Held",
    "Standing",
    "Verdict",
    "Verdicts",
    "verdicts",
]


def verdicts(record: RunRecord, *, in_names: bool = False) -> Verdicts:
    """The verdicts of a run.

    Args:
        record: The run.
        in_names: Whether they say names, as people know them, in place of the ids that the account keeps.

    Returns:
        Verdicts, made one at a time as they are asked for: iterate for all of them, in the plan's
        order of changes, conflicts, rejects.
    """
    return Verdicts(record, Names(record.plan.names if in_names else {}))


class Verdicts:
    """The verdicts of one run; each is made when it is asked for, so that many cost no memory."""

    def __init__(self, record: RunRecord, names: Names) -> None:
        self.record = record
        self._names = names
        self._columns = Columns(record.plan.rules.columns)
        self._child_columns = ChildColumns(record.plan.rules.blocks)
        self._children = ChildJudge(self._child_columns, record.ending)
        self._outcomes: Mapping[ChangeKind, dict[str, Outcome]] = {kind: {} for kind in ChangeKind}
        for outcome in record.outcomes:
            self._outcomes[outcome.kind][outcome.reference_id] = outcome

    def __iter__(self) -> Iterator[Verdict]:
        plan = self.record.plan
        yield from map(self.of_change, plan.changes)
        yield from map(self.of_conflict, plan.conflicts)
        yield from map(self.of_reject, plan.rejects)

    def __len__(self) -> int:
        plan = self.record.plan
        return len(plan.changes) + len(plan.conflicts) + len(plan.rejects)

    def standing(self, change: Change) -> Standing:
        """Where a change stands."""
        outcome = self._outcome(change)
        if outcome is not None:
            held = outcome.code in ("held", AFTER_HARM)
            return Standing.HELD if held else Standing(outcome.result.value)
        if change.held_for or change.only_moves:
            return Standing.HELD
        return _WITHOUT_OUTCOME[self.record.ending]

    def gravest(self, change: Change) -> Standing:
        """Where a change stands, or what of its addresses and contacts leaves something graver to do."""
        standing = self.standing(change)
        of_children = OPEN.intersection(one for _, one in self._children_of(change))
        return min((standing, *of_children), key=_ORDER.__getitem__)

    def why_held(self, change: Change) -> Held:
        """Why a change that is held is."""
        outcome = self._outcome(change)
        if outcome is not None and outcome.code == AFTER_HARM:
            return Held.AFTER_HARM
        return Held.LOOK_ALIKE if change.held_for else Held.MOVE

    def of_change(self, change: Change) -> Verdict:
        """The verdict on a change."""
        standing = self.standing(change)
        outcome = self._outcome(change)
        change, outcome = self._names.change(change), outcome and self._names.outcome(outcome)
        by_field, said = self._said(change, standing, outcome)
        cells = tuple(
            Cell(
                field.field,
                self._columns.column(field.field),
                field.before,
                field.after,
                now=outcome.now.get(field.field) if outcome else None,
                kept=outcome.differs.get(field.field) if outcome else None,
                said=tuple(by_field.get(field.field, ())),
                shared=self._columns.is_shared(field.field),
            )
            for field in (*change.fields, *_moved_besides(change, outcome))
        )
        return Verdict(
            of=change,
            standing=standing,
            reference_id=change.reference_id,
            name=change.name,
            rows=change.rows,
            meant=wording.meant(
                change, [cell.label for cell in cells], child_wording.parts(change.children)
            ),
            happened=self._happened(change, standing, outcome, cells),
            to_do=self._to_do(change, standing, outcome),
            cells=cells,
            said=said,
            outcome=outcome,
            children=self._children.of(change, standing, outcome),
            harm=before_and_after(outcome, self._child_columns.of_kind),
            rejected=tuple(self._rejected_children.get(change.reference_id, ())),
        )

    def of_conflict(self, conflict: Conflict) -> Verdict:
        """The verdict on a customer that nobody may touch."""
        return Verdict(
            of=conflict,
            standing=Standing.CONFLICT,
            reference_id=conflict.reference_id,
            name="",
            rows=conflict.rows,
            meant=wording.MEANT_ROW,
            happened=wording.sentence(conflict.message),
            to_do=wording.TO_DO_UNCLEAR,
        )

    def of_reject(self, reject: Reject) -> Verdict:
        """The verdict on rows that cannot be used."""
        return Verdict(
            of=reject,
            standing=Standing.REJECTED,
            reference_id=reject.key or "",
            name="",
            rows=reject.rows,
            meant=child_wording.meant_of_reject(reject.child)
            if reject.child
            else wording.MEANT_ROW,
            happened=wording.joined(
                (wording.sentence(reject.message), child_wording.alone(reject))
            ),
            to_do=wording.sentence(reject.hint),
        )

    @cached_property
    def _rejected_children(self) -> Mapping[str, list[Reject]]:
        """The rejects of addresses and contacts alone, by their customers' keys."""
        found: dict[str, list[Reject]] = {}
        for reject in self.record.plan.rejects:
            if reject.child is not None and reject.key is not None:
                found.setdefault(reject.key, []).append(reject)
        return found

    @cached_property
    def results(self) -> Mapping[Result, int]:
        """How many changes ended in each way.

        Changes that a stopped run never took up count as pending, those that it held do not; of a dry
        run or a refused plan there is nothing to count.
        """
        counts = Counter(outcome.result for outcome in self.record.outcomes)
        counts[Result.PENDING] += sum(
            self._outcome(change) is None and self.standing(change) is Standing.PENDING
            for change in self.record.plan.changes
        )
        return {result: counts[result] for result in Result}

    @cached_property
    def standings(self) -> Mapping[Standing, int]:
        """How many changes, conflicts and rejects stand where; standings of nothing are left out."""
        plan = self.record.plan
        counts = Counter(map(self.standing, plan.changes))
        counts[Standing.CONFLICT] += len(plan.conflicts)
        counts[Standing.REJECTED] += len(plan.rejects)
        return {standing: counts[standing] for standing in Standing if counts[standing]}

    @cached_property
    def held(self) -> Mapping[Held, int]:
        """How many changes are held for which reason."""
        changes = self.record.plan.changes
        held = (change for change in changes if self.standing(change) is Standing.HELD)
        return Counter(map(self.why_held, held))

    @cached_property
    def harmed(self) -> int:
        """To how many customers the account did otherwise than was meant."""
        return sum(outcome.code == HARM for outcome in self.record.outcomes)

    @cached_property
    def moves_held(self) -> int:
        """How many changes to addresses and contacts are held as moves between customers."""
        changes = self.record.plan.changes
        return sum(
            standing is Standing.HELD and bool(child.moved)
            for change in changes
            if any(child.moved for child in change.children)
            for child, standing in self._children_of(change)
        )

    @cached_property
    def children(self) -> Mapping[tuple[ChildAction, Standing], int]:
        """How many addresses and contacts of customers who exist stand where, by what happens to them."""
        return Counter(
            (child.action, standing)
            for change in self.record.plan.changes
            if change.kind is not ChangeKind.CREATE
            for child, standing in self._children_of(change)
        )

    def _children_of(self, change: Change) -> Iterable[tuple[ChildChange, Standing]]:
        """Where each of a change's addresses and contacts stands."""
        if not change.children:
            return ()
        standing, outcome = self.standing(change), self._outcome(change)
        standings = self._children.standings(change, standing, outcome)
        return zip(change.children, standings, strict=True)

    def _outcome(self, change: Change) -> Outcome | None:
        return self._outcomes[change.kind].get(change.reference_id)

    def _said(
        self, change: Change, standing: Standing, outcome: Outcome | None
    ) -> tuple[dict[str, list[str]], tuple[str, ...]]:
        """The server's words, by the field of the change they are about, and the rest."""
        by_field: dict[str, list[str]] = {}
        rest: list[str] = []
        fields = {field.field for field in change.fields}
        for word in words_of_customer(change, outcome):
            field = self._columns.field(word.field)
            label = self._columns.label(word.field)
            text = wording.server_word(label, word.reason, refused=standing is Standing.FAILED)
            if field in fields:
                by_field.setdefault(field, []).append(text)
            else:
                rest.append(text)
        return by_field, tuple(rest)

    def _happened(
        self,
        change: Change,
        standing: Standing,
        outcome: Outcome | None,
        cells: tuple[Cell, ...],
    ) -> str:
        kept = [cell.label for cell in cells if cell.kept is not None]
        told = wording.happened(standing.value, change.kind)
        if kept:
            return wording.joined((told, wording.kept(kept)))
        if outcome is not None and outcome.message:
            return wording.told(outcome.code, outcome.message)
        if standing is Standing.HELD:
            return self._held(change)
        return told

    def _held(self, change: Change) -> str:
        """That a change of which `push` recorded no words is held, and why."""
        dry_run = self.record.ending is Ending.DRY_RUN
        if self.why_held(change) is Held.MOVE:
            return wording.HELD_AS_MOVE.format("Would be held" if dry_run else "Held")
        if dry_run:
            return wording.WOULD_BE_HELD
        return wording.happened(Standing.HELD.value, change.kind)

    def _to_do(self, change: Change, standing: Standing, outcome: Outcome | None) -> str:
        if outcome is not None and outcome.code == HARM:
            return child_wording.TO_DO_HARM
        if standing is Standing.HELD:
            return _TO_DO_HELD[self.why_held(change)]
        if any(child.moved for child in change.children) and self.gravest(change) is Standing.HELD:
            return child_wording.TO_DO_MOVE
        return wording.TO_DO.get(standing, "")


def _moved_besides(change: Change, outcome: Outcome | None) -> tuple[FieldChange, ...]:
    """The fields by whose move a delete became a conflict, beside those that would go with it."""
    if change.kind is not ChangeKind.DELETE or outcome is None:
        return ()
    named = {field.field for field in change.fields}
    return tuple(
        FieldChange(field, seen, "")
        for field, seen in change.seen.items()
        if field not in named and outcome.now.get(field, seen) != seen
    )


_WITHOUT_OUTCOME = {
    Ending.DRY_RUN: Standing.PLANNED,
    Ending.REFUSED: Standing.NOT_WRITTEN,
    Ending.STOPPED: Standing.PENDING,
    Ending.FINISHED: Standing.PENDING,
}
_TO_DO_HELD = {
    Held.LOOK_ALIKE: wording.TO_DO["held"],
    Held.MOVE: child_wording.TO_DO_MOVE,
    Held.AFTER_HARM: child_wording.TO_DO_AFTER_HARM,
}
_ORDER = {standing: number for number, standing in enumerate(Standing)}
