"""What became of every change, conflict and reject, told in the spreadsheet's own terms.

Pure: a RunRecord in, Verdicts out. Every Change, Conflict and Reject of the plan has exactly one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from wizsync.model import (
    Change,
    ChangeKind,
    Conflict,
    Ending,
    FieldChange,
    Outcome,
    Reject,
    Result,
    RunRecord,
    SourceRow,
)
from wizsync.report import wording
from wizsync.report.columns import Columns


class Standing(StrEnum):
    """Where one Change, Conflict or Reject stands; those that need a person come first."""

    FAILED = "failed"
    UNKNOWN = "unknown"
    CONFLICT = "conflict"
    HELD = "held"
    REJECTED = "rejected"
    PENDING = "pending"
    NOT_WRITTEN = "not_written"
    PLANNED = "planned"
    APPLIED = "applied"
    SKIPPED = "skipped"


# Standings that leave a person something to do.
OPEN = frozenset(
    {
        Standing.FAILED,
        Standing.UNKNOWN,
        Standing.CONFLICT,
        Standing.HELD,
        Standing.REJECTED,
        Standing.PENDING,
    }
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of a customer, under the name it has in the file.

    Args:
        field: Its camel name.
        column: The file's column, "" where it comes from none.
        before: The account's value when the plan was made; "" empty.
        after: What was to be sent; "" clears. Of a delete "".
        now: Of a conflict, the account's value now; None where it was not read.
        kept: What the account holds after the write, where that is not what was sent; else None.
        said: The server's words about it, a sentence each.
    """

    field: str
    column: str
    before: str
    after: str
    now: str | None = None
    kept: str | None = None
    said: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """What people call it: the file's column, else the field."""
        return self.column or self.field


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was meant for one customer or row, and what happened.

    Args:
        of: What it is about.
        standing: Where that stands.
        reference_id: The customer's key, "" where it could not be read.
        name: The customer's name, "" where it is not known.
        rows: The file's rows behind it; none for a customer that the file does not name.
        meant: What the row asked for, a sentence.
        happened: What became of it, a sentence or two.
        to_do: What a person does next, "" for nothing.
        cells: The fields concerned; of a reject, none.
        said: The server's words that are about none of the cells, a sentence each.
        outcome: What `push` recorded, where it took the change up.
    """

    of: Change | Conflict | Reject
    standing: Standing
    reference_id: str
    name: str
    rows: tuple[SourceRow, ...]
    meant: str
    happened: str
    to_do: str = ""
    cells: tuple[Cell, ...] = ()
    said: tuple[str, ...] = ()
    outcome: Outcome | None = None

    @property
    def why(self) -> str:
        """What happened with all of the server's words, for a single cell of text."""
        words = (*(word for cell in self.cells for word in cell.said), *self.said)
        return wording.joined((*words, self.to_do) if words else (self.happened, self.to_do))


def verdicts(record: RunRecord) -> Verdicts:
    """The verdicts of a run.

    Args:
        record: The run.

    Returns:
        Verdicts, made one at a time as they are asked for: iterate for all of them, in the plan's
        order of changes, conflicts, rejects.
    """
    return Verdicts(record)


class Verdicts:
    """The verdicts of one run; each is made when it is asked for, so that many cost no memory."""

    def __init__(self, record: RunRecord) -> None:
        self.record = record
        self._columns = Columns(record.plan.rules.columns)
        self._outcomes: Mapping[tuple[ChangeKind, str], Outcome] = {
            (outcome.kind, outcome.reference_id): outcome for outcome in record.outcomes
        }

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
            return Standing.HELD if outcome.code == "held" else Standing(outcome.result.value)
        if change.held_for:
            return Standing.HELD
        return _WITHOUT_OUTCOME[self.record.ending]

    def of_change(self, change: Change) -> Verdict:
        """The verdict on a change."""
        standing = self.standing(change)
        outcome = self._outcome(change)
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
            )
            for field in (*change.fields, *_moved_besides(change, outcome))
        )
        return Verdict(
            of=change,
            standing=standing,
            reference_id=change.reference_id,
            name=change.name,
            rows=change.rows,
            meant=wording.meant(change, [cell.label for cell in cells]),
            happened=self._happened(change, standing, outcome, cells),
            to_do=wording.TO_DO.get(standing, ""),
            cells=cells,
            said=said,
            outcome=outcome,
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
            meant=wording.MEANT_ROW,
            happened=wording.sentence(reject.message),
            to_do=wording.sentence(reject.hint),
        )

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

    def _outcome(self, change: Change) -> Outcome | None:
        return self._outcomes.get((change.kind, change.reference_id))

    def _said(
        self, change: Change, standing: Standing, outcome: Outcome | None
    ) -> tuple[dict[str, list[str]], tuple[str, ...]]:
        """The server's words, by the field of the change they are about, and the rest."""
        by_field: dict[str, list[str]] = {}
        rest: list[str] = []
        fields = {field.field for field in change.fields}
        for word in outcome.words if outcome else ():
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
            said = wording.sentence(outcome.message)
            return f"{wording.REFUSED}: {said}" if outcome.code == "refused" else said
        if standing is Standing.HELD and self.record.ending is Ending.DRY_RUN:
            return wording.WOULD_BE_HELD
        return told


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
