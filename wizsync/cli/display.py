"""What people are shown of a plan, its rejects and its outcome."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from heapq import nsmallest
from itertools import islice, zip_longest

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from wizsync.cli.output import printable
from wizsync.model import (
    Breach,
    Change,
    ChangeKind,
    ChildAction,
    ChildChange,
    FieldChange,
    Plan,
    Reject,
    Result,
    SourceRow,
)
from wizsync.report.meanwhile import moved
from wizsync.report.names import Names
from wizsync.report.reasons import Reason, grouped
from wizsync.report.verdicts import Verdicts
from wizsync.report.wording import counted

FIRST = 20
_ROWS = 8
_VALUES = 3
_LONGEST = 60
_INDENT = (0, 0, 0, 4)
_INNER = (0, 0, 0, 8)
_EMPTY = "(empty)"

_SIGNS = {
    ChangeKind.CREATE: ("+", "green"),
    ChangeKind.UPDATE: ("~", "yellow"),
    ChangeKind.RENAME: ("~", "yellow"),
    ChangeKind.DELETE: ("-", "red"),
}
_CHILD_SIGNS = {
    ChildAction.ADD: ("+", "green"),
    ChildAction.CHANGE: ("~", "yellow"),
    ChildAction.REMOVE: ("-", "red"),
}
_MOVES = {
    ChildAction.ADD: "it comes from",
    ChildAction.CHANGE: "it belongs to",
    ChildAction.REMOVE: "it goes to",
}
# The lines of a plan's count: a sign, the Tally's attribute, its words, a style, and whether it is
# shown where it is 0.
_COUNTS = (
    ("+", "create", "to create", "green", True),
    ("~", "update", "to update", "yellow", True),
    ("~", "rename", "to rename", "yellow", False),
    ("-", "delete", "to delete", "red", False),
    ("+", "children_add", "to add (addresses and contacts)", "green", False),
    ("~", "children_change", "to change (addresses and contacts)", "yellow", False),
    ("-", "children_remove", "to remove (addresses and contacts)", "red", False),
    (" ", "unchanged", "unchanged", "", True),
    (" ", "skipped", "skipped (the mode does not apply to them)", "", False),
    (" ", "left_out", "left out by the mapping", "", False),
    (" ", "absent", "in the account and not in the file", "", False),
    ("!", "erased", "to be emptied (values)", "red", False),
    ("!", "update_held", "held back (only moves of addresses and contacts)", "magenta", False),
    ("!", "held", "held back (look like existing customers)", "magenta", False),
    (
        "!",
        "children_held",
        "held back unless allowed (addresses and contacts that change their customer)",
        "magenta",
        False,
    ),
    ("!", "conflict", "in conflict (see the report)", "magenta", False),
    ("!", "rejected", "rejected (rows that cannot be used)", "red", False),
)


def plan_view(plan: Plan, *, arrow: str, everything: bool) -> RenderableType:
    """A plan: its counts, its changes, and the rows that cannot be used.

    Args:
        plan: The plan.
        arrow: Stands between before and after.
        everything: Show every change and row, not the first few.
    """
    tally = plan.tally
    title = Text.assemble(
        ("Plan", "bold"),
        f" for {printable(plan.account.target)}: {printable(plan.about)}",
        "" if plan.undoes else f", {counted(tally.rows, 'row')}, mode {plan.rules.mode.value}",
    )
    parts: list[RenderableType] = [title, _counts_table(plan)]
    names = Names(plan.names)
    first = first_changes(plan.changes, len(plan.changes) if everything else FIRST)
    changes = [names.change(change) for change in first]
    if changes:
        parts += [
            _heading("Changes", len(changes), len(plan.changes)),
            *_changes_view(changes, arrow),
        ]
    if plan.rejects:
        parts += ["", rejects_view(plan.rejects, everything=everything)]
    return Group(*parts, "")


def first_changes(changes: Sequence[Change], number: int) -> list[Change]:
    """The first few changes by kind and row; of every kind some, so that none hides another."""
    kinds = [
        nsmallest(number, (one for one in changes if one.kind is kind), key=_first_row)
        for kind in ChangeKind
    ]
    dealt = [one for turn in zip_longest(*kinds) for one in turn if one is not None]
    order = list(ChangeKind)
    return sorted(dealt[:number], key=lambda one: order.index(one.kind))


def _first_row(change: Change) -> tuple[float, str]:
    """Where a change stands in the file; what the file does not name comes last."""
    return change.rows[0].number if change.rows else math.inf, change.reference_id


def breaches_view(breaches: Iterable[Breach]) -> RenderableType:
    """The limits that a plan exceeds, and the words that would let it through."""
    parts: list[RenderableType] = []
    for breach in breaches:
        parts.append(Text(f"Limit: {printable(breach.message)}", "bold red"))
        parts += [Text(f"  {printable(example)}") for example in breach.examples]
        parts.append(Text(f"  If that is meant: {breach.allow}"))
    return Group(*parts)


def rejects_view(rejects: Sequence[Reject], *, everything: bool) -> RenderableType:
    """The rows that cannot be used, by reason: which rows, which values, what to do."""
    parts: list[RenderableType] = [Text("Rows that cannot be used:", "bold")]
    for reason in grouped(rejects):
        parts.append(Text.assemble("  ", (printable(reason.message), "red")))
        lines = [_row_numbers(reason, everything=everything)]
        values = _values(reason.rejects, everything=everything)
        if values:
            lines.append(
                f'"{reason.column}" holds {values}' if reason.column else f"value: {values}"
            )
        lines.append(reason.hint)
        parts += [Padding(Text(printable(line)), _INDENT) for line in lines if line]
    return Group(*parts)


def failures_view(judged: Verdicts, arrow: str, *, everything: bool) -> RenderableType | None:
    """The changes that were not applied and why; None where there are none.

    What a stopped run did not come to has nothing of its own to tell.

    Args:
        judged: The run.
        arrow: Stands between before and after.
        everything: Show all of them, not the first few.
    """
    nothing_to_tell = {Result.APPLIED, Result.SKIPPED, Result.PENDING}
    left = {
        (one.kind, one.reference_id): one
        for one in judged.record.outcomes
        if one.result not in nothing_to_tell
    }
    if not left:
        return None
    changes = [c for c in judged.record.plan.changes if (c.kind, c.reference_id) in left]
    shown = changes if everything else changes[:FIRST]
    table = _grid(4)
    for change in shown:
        outcome = left[change.kind, change.reference_id]
        words = "; ".join(f"{word.field} {word.reason}".strip() for word in outcome.words)
        why = "; ".join(filter(None, (outcome.message, words)))
        table.add_row(
            Text("!", "red"),
            Text(printable(outcome.reference_id)),
            Text(_rows_of(change.rows)),
            Text.assemble((outcome.result.value, "red"), f" {printable(why)}"),
        )
        for one in moved(judged.of_change(change)):
            cell = one.cell
            planned = f"{_value(cell.before)} {arrow} {_value(cell.after)}"
            text = f"{cell.label}: planned {planned}, now {_value(cell.now or '')}"
            table.add_row("", "", "", Text(text, "dim"))
    return Group(_heading("Not applied", len(shown), len(left)), table)


def _counts_table(plan: Plan) -> Table:
    table = _grid(3)
    table.columns[1].justify = "right"
    for sign, name, words, style, always in _COUNTS:
        number = getattr(plan.tally, name)
        if number or always:
            shown = style if number else "dim"
            table.add_row(Text(sign, shown), Text(f"{number:,}", shown), Text(words, shown))
    return table


def _changes_view(changes: Iterable[Change], arrow: str) -> Iterator[RenderableType]:
    for change in changes:
        sign, style = _SIGNS[change.kind]
        name, origin = _short(change.name), _origin(change)
        yield Text.assemble(
            (f"{sign} {printable(change.reference_id)}", style), f"  {name}  ", origin
        )
        if change.held_for:
            alike = change.held_for[0]
            whom = f"{alike.reference_id or alike.customer_id} {alike.name}"
            text = Text(f"held back: {alike.why} as {printable(whom)}", "magenta")
            yield Padding(text, _INDENT)
        if change.kind is ChangeKind.CREATE:
            if filled := _filled(change):
                yield Padding(Text(filled, "dim"), _INDENT)
        elif change.kind is not ChangeKind.DELETE and change.fields:
            yield Padding(_fields_table(change.fields, arrow), _INDENT)
        yield from _children_view(change.children, arrow)


def _children_view(children: Iterable[ChildChange], arrow: str) -> Iterator[RenderableType]:
    """A customer's addresses and contacts, each under a line of its own."""
    for child in children:
        sign, style = _CHILD_SIGNS[child.action]
        held = f"  held back: {_MOVES[child.action]} {child.moved}" if child.moved else ""
        rows = f"  ({_rows_of(child.rows)})" if child.rows else ""
        line = Text.assemble(
            (f"{sign} {child.kind.one} {printable(child.reference_id)}", style),
            f"  {_short(child.name)}{rows}",
            (printable(held), "magenta"),
        )
        yield Padding(line, _INDENT)
        if child.action is ChildAction.CHANGE:
            yield Padding(_fields_table(child.fields, arrow), _INNER)


def _filled(change: Change) -> str:
    """What a new customer is given beside its name, on one line."""
    return "; ".join(
        f"{field.field} {_short(field.after)}"
        for field in change.fields
        if field.after and field.field != "referenceId" and field.after != change.name
    )


def _fields_table(fields: Iterable[FieldChange], arrow: str) -> Table:
    table = _grid(2)
    for field in fields:
        style = "bold" if field.after else "bold red"
        moves = Text.assemble(
            _value(field.before), (f" {arrow} ", "dim"), (_value(field.after), style)
        )
        table.add_row(Text(field.field, "dim"), moves)
    return table


def _origin(change: Change) -> str:
    if change.absent:
        return "(not in the file)"
    return f"({_rows_of(change.rows)})" if change.rows else ""


def _rows_of(rows: Iterable[SourceRow]) -> str:
    """`row 7`, `rows 7, 9`, `Ship-to, rows 7, 9`; of several sheets and files one after the other."""
    return _numbers_of((row.place, row.number) for row in rows)


def _numbers_of(rows: Iterable[tuple[str, int]]) -> str:
    by_place: dict[str, list[int]] = {}
    for place, number in rows:
        by_place.setdefault(place, []).append(number)
    return "; ".join(
        f"{f'{place}, ' if place else ''}row{'s' * (len(numbers) > 1)} {', '.join(map(str, numbers))}"
        for place, numbers in by_place.items()
    )


def _row_numbers(reason: Reason, *, everything: bool) -> str:
    there = reason.row_numbers
    number = sum(map(len, there.values()))
    shown = number if everything else _ROWS
    rows = ((place, row) for place in sorted(there) for row in nsmallest(shown, there[place]))
    more = f" and {number - shown:,} more" if shown < number else ""
    return f"{_numbers_of(islice(rows, shown))}{more}"


def _values(group: Iterable[Reject], *, everything: bool) -> str:
    values = list(dict.fromkeys(reject.value for reject in group if reject.value))
    shown = values if everything else values[:_VALUES]
    more = f" and {len(values) - len(shown):,} more" if len(shown) < len(values) else ""
    return ", ".join(f'"{_short(value)}"' for value in shown) + more


def _value(text: str) -> str:
    """A value, or that there is none, on one line."""
    return _short(text) if text else _EMPTY


def _short(text: str) -> str:
    """A text on one line."""
    text = printable(" ".join(text.split()))
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def _heading(title: str, shown: int, there_are: int) -> RenderableType:
    more = f" (the first {shown:,} of {there_are:,})" if shown < there_are else ""
    return Text.assemble("\n", (title, "bold"), f"{more}:")


def _grid(columns: int) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 1, 0, 0), pad_edge=False)
    for _ in range(columns):
        table.add_column()
    table.columns[0].no_wrap = True
    return table
