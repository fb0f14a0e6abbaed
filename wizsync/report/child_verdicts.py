"""What became of every address and contact of a change. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wizsync.model import (
    Change,
    ChangeKind,
    ChildAction,
    ChildChange,
    ChildKind,
    ChildOutcome,
    Ending,
    Outcome,
    Result,
    ServerWord,
    SourceRow,
    child_field,
)
from wizsync.report import child_wording, wording
from wizsync.report.columns import ChildColumns, Columns, about_child
from wizsync.report.standings import AFTER_HARM, HARM, Cell, Standing

_HELD = frozenset({"held", AFTER_HARM})


@dataclass(frozen=True, slots=True)
class ChildVerdict:
    """What was meant for one address or contact, and what happened.

    Args:
        of: What it is about.
        standing: Where that stands.
        name: What people call it: `12 Main St, Austin`.
        rows: The file's rows behind it; none for one to be removed.
        meant: What is to happen to it, a sentence.
        happened: What became of it, a sentence or two.
        cells: Its fields concerned, by the columns of its block.
        said: The server's words that are about none of the cells, a sentence each.
        outcome: What `push` recorded of it alone.
    """

    of: ChildChange
    standing: Standing
    name: str
    rows: tuple[SourceRow, ...]
    meant: str
    happened: str
    cells: tuple[Cell, ...]
    said: tuple[str, ...] = ()
    outcome: ChildOutcome | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """All of the server's words, each with the child they are about."""
        said = (*(word for cell in self.cells for word in cell.said), *self.said)
        one = f"{self.of.kind.one} {self.name}".strip()
        return tuple(f"{one[:1].upper()}{one[1:]}: {word}" for word in said)


@dataclass(frozen=True, slots=True)
class _Told:
    """What is known of one child of a change."""

    child: ChildChange
    own: ChildOutcome | None
    words: Sequence[ServerWord]


@dataclass(frozen=True, slots=True)
class ChildJudge:
    """Judges the addresses and contacts of changes.

    Args:
        columns: The file's columns of their fields.
        ending: How the run ended.
    """

    columns: ChildColumns
    ending: Ending

    def standings(
        self, change: Change, standing: Standing, outcome: Outcome | None
    ) -> list[Standing]:
        """Where each child of a change stands, without the rest of its verdict."""
        return [_standing(one, change, standing, outcome) for one in _told(change, outcome)]

    def of(
        self, change: Change, standing: Standing, outcome: Outcome | None
    ) -> tuple[ChildVerdict, ...]:
        """The verdicts on a change's children, in its order.

        Args:
            change: The change.
            standing: Where the customer stands.
            outcome: What `push` recorded of it.
        """
        return tuple(
            self._verdict(one, _standing(one, change, standing, outcome), outcome)
            for one in _told(change, outcome)
        )

    def _verdict(self, told: _Told, standing: Standing, outcome: Outcome | None) -> ChildVerdict:
        child, columns = told.child, self.columns.of(told.child)
        by_field, said = _sorted_words(told, columns, refused=standing is Standing.FAILED)
        cells = tuple(
            Cell(
                field.field,
                columns.column(field.field),
                field.before,
                field.after,
                now=_now(child, field.field, outcome),
                kept=told.own.differs.get(field.field) if told.own else None,
                said=tuple(by_field.get(field.field, ())),
                shared=columns.is_shared(field.field),
            )
            for field in child.fields
        )
        return ChildVerdict(
            of=child,
            standing=standing,
            name=child.name or child.reference_id,
            rows=child.rows,
            meant=child_wording.meant(child, [cell.label for cell in cells]),
            happened=self._happened(told, standing, outcome, cells),
            cells=cells,
            said=said,
            outcome=told.own,
        )

    def _happened(
        self, told: _Told, standing: Standing, outcome: Outcome | None, cells: Sequence[Cell]
    ) -> str:
        child, own = told.child, told.own
        kept = [cell.label for cell in cells if cell.kept is not None]
        if kept:
            done = child_wording.happened(standing.value, child.action)
            return wording.joined((done, wording.kept(kept)))
        if standing is Standing.HELD and child.moved and (own is None or own.code == "held"):
            return child_wording.held_as_move(child, would=self.ending is Ending.DRY_RUN)
        if own is not None and own.message:
            return wording.told(own.code, own.message)
        return _by_its_customer(told, standing, outcome) or child_wording.happened(
            standing.value, child.action
        )


def words_of_customer(change: Change, outcome: Outcome | None) -> Sequence[ServerWord]:
    """The server's words about a change that are not about one of its children."""
    if outcome is None:
        return ()
    if any(child.words and child.words == outcome.words for child in outcome.children):
        return ()  # the request that ended it was that child's own
    return [word for word in outcome.words if _index(change, outcome, word) is None]


def _told(change: Change, outcome: Outcome | None) -> list[_Told]:
    own = _own_outcomes(change.children, outcome.children if outcome else ())
    words: dict[int, list[ServerWord]] = {}
    for word in outcome.words if outcome else ():
        index, about = _index(change, outcome, word), about_child(word.field)
        if index is not None and about is not None:
            words.setdefault(index, []).append(ServerWord(about.field, word.reason))
    return [
        _Told(child, own.get(at), (own[at].words if at in own else ()) or words.get(at, ()))
        for at, child in enumerate(change.children)
    ]


def _index(change: Change, outcome: Outcome | None, word: ServerWord) -> int | None:
    """The child that a word about a place in a list is about; only a create's lists are known here.

    What was held back was not in the list.
    """
    about = about_child(word.field)
    if about is None or change.kind is not ChangeKind.CREATE:
        return None
    own = _own_outcomes(change.children, outcome.children if outcome else ())
    sent = [
        at
        for at, child in enumerate(change.children)
        if child.kind is about.kind and not (at in own and own[at].code in _HELD)
    ]
    return sent[about.index] if about.index < len(sent) else None


def _own_outcomes(
    children: Sequence[ChildChange], outcomes: Sequence[ChildOutcome]
) -> Mapping[int, ChildOutcome]:
    """The outcome of each child that has one of its own; of several the last."""
    if not outcomes:
        return {}
    by_id = {
        (child.kind, child.child_id): at
        for at, child in enumerate(children)
        if child.child_id is not None
    }
    added: dict[tuple[ChildKind, str], list[int]] = {}
    for at, child in enumerate(children):
        if child.action is ChildAction.ADD:
            added.setdefault((child.kind, child.reference_id), []).append(at)
    found: dict[int, ChildOutcome] = {}
    for outcome in outcomes:
        known = by_id.get((outcome.kind, outcome.child_id or ""))
        if known is None:
            # Two that are to be added under one key, a billing and a shipping address, go in their order.
            alike = added.get((outcome.kind, outcome.reference_id), [])
            known = next((at for at in alike if at not in found), alike[-1] if alike else None)
        if known is not None:
            found[known] = outcome
    return found


def _standing(told: _Told, change: Change, standing: Standing, outcome: Outcome | None) -> Standing:
    if told.own is not None:
        return Standing.HELD if told.own.code in _HELD else Standing(told.own.result.value)
    if told.child.moved and outcome is None:
        return Standing.HELD
    if change.kind is ChangeKind.CREATE or standing is not Standing.FAILED or outcome is None:
        return standing
    # The request that was refused was another one, or, after harm in whole lists, the one that held them all.
    in_lists = outcome.code == HARM and not any(one.code == HARM for one in outcome.children)
    return Standing.FAILED if in_lists or told.words else Standing.NOT_WRITTEN


def _by_its_customer(told: _Told, standing: Standing, outcome: Outcome | None) -> str:
    """What became of a child by what became of its customer, "" where there is nothing more to say."""
    code = outcome.code if outcome else ""
    if outcome is not None and standing is Standing.HELD and code == AFTER_HARM:
        return wording.sentence(outcome.message)
    if outcome is not None and standing is Standing.NOT_WRITTEN:
        return child_wording.not_sent(told.child.action)
    if standing is Standing.FAILED and code == HARM:
        return child_wording.OTHERWISE
    return f"{wording.REFUSED}." if standing is Standing.FAILED and told.words else ""


def _now(child: ChildChange, field: str, outcome: Outcome | None) -> str | None:
    """A field's value in the account at a conflict."""
    if outcome is None or outcome.result is not Result.CONFLICT or child.child_id is None:
        return None
    return outcome.now.get(child_field(child.kind, child.child_id, field))


def _sorted_words(
    told: _Told, columns: Columns, *, refused: bool
) -> tuple[dict[str, list[str]], tuple[str, ...]]:
    """The server's words by the field they are about, and the rest."""
    fields = {field.field for field in told.child.fields}
    by_field: dict[str, list[str]] = {}
    rest: list[str] = []
    for word in told.words:
        text = wording.server_word(columns.label(word.field), word.reason, refused=refused)
        field = columns.field(word.field)
        (by_field.setdefault(field, []) if field in fields else rest).append(text)
    return by_field, tuple(rest)
