"""The data inside report.html: compact, in pieces that a browser takes in one after another.

page.js reads what is written here; the order of the entries of its lists is the contract between them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from markupsafe import Markup

from wizsync.model import (
    Change,
    ChangeKind,
    ChildAction,
    ChildKind,
    Conflict,
    Reject,
    RunRecord,
    SourceRow,
)
from wizsync.report import child_wording, wording
from wizsync.report.before_and_after import Beside
from wizsync.report.columns import agreed
from wizsync.report.reasons import Reason
from wizsync.report.verdicts import OPEN, Cell, ChildVerdict, Standing, Verdict, Verdicts

PIECE = 2_000

# A script element ends at `</script`, and an old browser ends a line at U+2028: neither may stand in
# the data as it is. Each of these can only occur inside a JSON string, where the escape is the same.
_ESCAPES = {
    "<": "\\u003c",
    ">": "\\u003e",
    "&": "\\u0026",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
}
_STANDINGS = {standing: number for number, standing in enumerate(Standing)}
_KINDS = {kind.value: number for number, kind in enumerate(ChangeKind)}
_CHILD_KINDS = {kind: number for number, kind in enumerate(ChildKind)}
_ACTIONS = {action: number for number, action in enumerate(ChildAction)}
KIND_UNCLEAR = "unclear"
KINDS = (*_KINDS, KIND_UNCLEAR)
# These say no more than the mark beside the customer's name does.
_QUIET = frozenset({Standing.APPLIED, Standing.PLANNED})
# So many of a customer's rejected addresses and contacts are named with it; all are among the rows to mend.
_REJECTED = 20
_Item = TypeVar("_Item")


def script_json(value: Any) -> Markup:
    """A value as JSON that may stand inside a script element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character, escape in _ESCAPES.items():
        text = text.replace(character, escape)
    return Markup(text)  # noqa: S704 - nothing left in it can end the element


def pieces(items: Iterable[_Item], size: int = PIECE) -> Iterator[list[_Item]]:
    """The items in lists of at most `size`."""
    rest = iter(items)
    while piece := list(islice(rest, size)):
        yield piece


def judge(judged: Verdicts, customer: Change | Conflict) -> Verdict:
    """The verdict on a customer."""
    if isinstance(customer, Change):
        return judged.of_change(customer)
    return judged.of_conflict(customer)


def heading(record: RunRecord) -> dict[str, Any]:
    """What every piece refers to: names of standings, kinds, actions and columns.

    `mapped` gives the column of a customer's field, `blocks` that of a child's by its block, and
    `children` that of a child without one, by its kind; `tables` the columns of other sheets and files.
    """
    rules = record.plan.rules
    return {
        "standings": [standing.value for standing in Standing],
        "kinds": list(KINDS),
        "columns": record.plan.columns,
        "mapped": dict(rules.columns),
        "blocks": [dict(block.columns) for block in rules.blocks],
        "children": {kind.value: agreed(rules.blocks, kind) for kind in ChildKind},
        "tables": {place: list(columns) for place, columns in record.plan.tables.items()},
        "child_kinds": [kind.value for kind in ChildKind],
        "actions": [action.value for action in ChildAction],
    }


def customers(judged: Verdicts, order: Iterable[Change | Conflict]) -> Iterator[Markup]:
    """The customers in pieces; sentences and field names that recur stand once in each."""
    for piece in pieces(order):
        texts = _Recurring()
        entries = [_customer(judge(judged, customer), texts) for customer in piece]
        yield script_json({"texts": texts.all, "customers": entries})


def reason_rows(reason: Reason) -> Iterator[Markup]:
    """The listed rejects of one reason in pieces: rows, key, value, message and hint where they vary."""
    for piece in pieces(reason.listed):
        yield script_json(
            [
                [
                    [[_row(row), row.cells] for row in reject.rows],
                    reject.key or "",
                    reject.value,
                    "" if reject.message == reason.message else reject.message,
                    "" if reject.hint == reason.hint else reject.hint,
                ]
                for reject in piece
            ]
        )


class _Recurring:
    """Texts that recur, each known by its number."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, text: str) -> int:
        return self._numbers.setdefault(text, len(self._numbers))

    @property
    def all(self) -> list[str]:
        return list(self._numbers)


def _customer(verdict: Verdict, texts: _Recurring) -> list[Any]:
    of = verdict.of
    kind = _KINDS[of.kind.value] if isinstance(of, Change) else len(_KINDS)
    happened = "" if _is_quiet(verdict) else verdict.happened
    return [
        kind,
        _STANDINGS[verdict.standing],
        verdict.reference_id,
        verdict.name,
        [_row(row) for row in verdict.rows],
        [_cell(cell, texts) for cell in verdict.cells],
        texts.number(happened),
        texts.number(verdict.to_do),
        _extras(verdict, texts),
    ]


def _cell(cell: Cell, texts: _Recurring) -> list[Any]:
    few = cell.said or _moved(cell.now, cell.kept)
    return [
        texts.number(cell.field),
        cell.before,
        cell.after,
        *([cell.now, cell.kept, cell.said] if few else []),
    ]


def _child(verdict: ChildVerdict, texts: _Recurring) -> list[Any]:
    """An address or a contact; its last entry is there only where it moves or the server spoke of it."""
    child = verdict.of
    quiet = verdict.standing in _QUIET and verdict.happened == child_wording.happened(
        verdict.standing.value, child.action
    )
    few = {"moved": child.moved, "said": verdict.said}
    few = {key: value for key, value in few.items() if value}
    return [
        _CHILD_KINDS[child.kind],
        _ACTIONS[child.action],
        _STANDINGS[verdict.standing],
        child.reference_id,
        verdict.name,
        [_row(row) for row in verdict.rows],
        -1 if child.block is None else child.block,
        [_cell(cell, texts) for cell in verdict.cells],
        texts.number("" if quiet else verdict.happened),
        *([few] if few else []),
    ]


def _beside(one: Beside, texts: _Recurring) -> list[Any]:
    """An address or a contact before and after an account did otherwise than was meant."""
    return [
        _CHILD_KINDS[one.kind],
        one.child_id,
        one.name,
        one.became.value,
        [_cell(cell, texts) for cell in one.cells],
    ]


def _rejected(reject: Reject, texts: _Recurring) -> list[Any]:
    """An address or a contact that cannot be used."""
    return [
        _CHILD_KINDS[reject.child] if reject.child else None,
        [_row(row) for row in reject.rows],
        reject.value or "",
        texts.number(wording.joined((wording.sentence(reject.message), reject.hint))),
    ]


def _moved(now: str | None, kept: str | None) -> bool:
    return now is not None or kept is not None


def _is_quiet(verdict: Verdict) -> bool:
    of = verdict.of
    return (
        isinstance(of, Change)
        and verdict.standing in _QUIET
        and verdict.happened == wording.happened(verdict.standing.value, of.kind)
    )


def _extras(verdict: Verdict, texts: _Recurring) -> dict[str, Any]:
    """What only few customers have."""
    of = verdict.of
    if not isinstance(of, Change):
        return {"ids": of.customer_ids} if isinstance(of, Conflict) else {}
    found: dict[str, Any] = {
        "said": verdict.said,
        "absent": of.absent,
        "children": [_child(child, texts) for child in verdict.children],
        "harm": [_beside(child, texts) for child in verdict.harm],
        "rejected": [_rejected(reject, texts) for reject in verdict.rejected[:_REJECTED]],
        "rejected_more": max(len(verdict.rejected) - _REJECTED, 0),
        "open": any(child.standing in OPEN for child in verdict.children),
        "held": [[one.reference_id, one.name, one.customer_id, one.why] for one in of.held_for],
        "ids": [(verdict.outcome and verdict.outcome.customer_id) or of.customer_id],
    }
    return {key: value for key, value in found.items() if value and value != [None]}


def _row(row: SourceRow) -> int | list[int | str]:
    """A row's number, with its line where that is another, and its sheet or file where that is another."""
    if row.place:
        return [row.number, row.line, row.place]
    return row.number if row.line == row.number else [row.number, row.line]
