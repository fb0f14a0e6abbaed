"""The counts of a run, each with the words that a person reads beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wizsync.model import ChildAction, Ending, Requests, Result
from wizsync.report.standings import OPEN, Standing
from wizsync.report.verdicts import Verdicts


@dataclass(frozen=True, slots=True)
class Figure:
    """A count with its name and what it counts."""

    number: int
    name: str
    explanation: str
    always: bool = False


@dataclass(frozen=True, slots=True)
class Figures:
    """The counts worth a line each, and the names of those that are nought."""

    shown: tuple[Figure, ...]
    none_of: tuple[str, ...]


def planned(judged: Verdicts) -> Figures:
    """The plan in numbers."""
    plan = judged.record.plan
    tally = plan.tally
    children = (
        Figure(tally.children_add, "to add", "addresses and contacts of existing customers"),
        Figure(tally.children_change, "to change", "addresses and contacts that differ"),
        Figure(
            tally.children_remove, "to remove", "addresses and contacts that the file does not name"
        ),
        Figure(
            tally.children_held,
            "moves held",
            "addresses and contacts that change customers: not sent",
        ),
    )
    return _split(
        (
            Figure(tally.create, "to create", "new customers", always=True),
            Figure(tally.update, "to update", "customers that differ", always=True),
            Figure(tally.delete, "to delete", "customers to be removed", always=True),
            Figure(tally.rename, "to rename", "customers that get another code"),
            Figure(tally.unchanged, "unchanged", "customers that agree already", always=True),
            Figure(
                tally.update_held,
                "updates held",
                "customers of whom only moves are there: not sent",
            ),
            Figure(tally.held, "held", "new customers that look like existing ones: not sent"),
            Figure(tally.conflict, "unclear", "customers that nobody may touch, see below"),
            Figure(tally.rejected, "rejected", "rows that cannot be used", always=True),
            Figure(tally.skipped, "not applicable", "rows that the mode does not apply to"),
            Figure(tally.left_out, "left out", "rows that the mapping leaves out"),
            Figure(tally.erased, "erased", "filled fields to be cleared"),
            Figure(tally.absent, "absent", "customers in scope that the file does not name"),
            *(children if plan.rules.blocks or any(one.number for one in children) else ()),
        )
    )


def happened(judged: Verdicts) -> Figures | None:
    """What became of the changes; None of a dry run, where nothing did."""
    if judged.record.ending is Ending.DRY_RUN:
        return None
    results = judged.results
    words = {
        Result.APPLIED: ("applied", "changes that are in WizCommerce now"),
        Result.FAILED: (
            "failed",
            "changes that WizCommerce refused, or did otherwise"
            if judged.harmed
            else "changes that WizCommerce refused",
        ),
        Result.SKIPPED: ("skipped", "changes that were held back or already true"),
        Result.CONFLICT: ("in conflict", "customers that were changed meanwhile: not written"),
        Result.UNKNOWN: ("not known", "changes that may or may not be done"),
        Result.PENDING: ("still to do", "changes that are still to be sent"),
    }
    return _split(
        [
            Figure(results[result], name, explanation, always=result is Result.APPLIED)
            for result, (name, explanation) in words.items()
        ]
        + _children(judged)
    )


def _children(judged: Verdicts) -> list[Figure]:
    """What became of addresses and contacts of existing customers; none where there were none."""
    counts = judged.children
    done = {
        ChildAction.ADD: "added",
        ChildAction.CHANGE: "changed",
        ChildAction.REMOVE: "removed",
    }
    figures = [
        Figure(
            counts.get((action, Standing.APPLIED), 0),
            name,
            "addresses and contacts of existing customers",
        )
        for action, name in done.items()
    ]
    left = sum(number for (_, standing), number in counts.items() if standing in _NOT_DONE)
    figures.append(Figure(left, "not done", "addresses and contacts, each marked below"))
    return [figure for figure in figures if figure.number]


_NOT_DONE = OPEN | {Standing.NOT_WRITTEN}


def sent(requests: Requests) -> str:
    """The requests in a line, `52 list, 200 create; 3 of them repeated`; "none" where there was none."""
    counts = {
        "list": requests.list,
        "get": requests.get,
        "create": requests.create,
        "update": requests.update,
        "delete": requests.delete,
        "address and contact": requests.child,
        "other": requests.other,
    }
    kinds = ", ".join(f"{number:,} {name}" for name, number in counts.items() if number)
    repeats = {"repeated": requests.retried, "slowed down by the server": requests.throttled}
    notes = ", ".join(f"{number:,} {name}" for name, number in repeats.items() if number)
    return "; ".join(filter(None, (kinds, notes and f"of these {notes}"))) or "none"


def _split(figures: Sequence[Figure]) -> Figures:
    return Figures(
        tuple(figure for figure in figures if figure.number or figure.always),
        tuple(figure.name for figure in figures if not (figure.number or figure.always)),
    )
