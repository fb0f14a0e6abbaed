"""What a run says to people, with names in place of the ids that the account keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from wizsync.model import LIST_SEPARATOR, Change, Outcome, Plan, RunRecord

Names = Mapping[str, Mapping[str, str]]


def plan_in_names(plan: Plan) -> Plan:
    """The same plan for people: its ids are no longer those to be sent.

    An id without a name stays; one of several that share a name has it beside it.
    """
    names = {field: _told_apart(ids) for field, ids in plan.names.items()}
    if not names:
        return plan
    return replace(plan, changes=tuple(_change(change, names) for change in plan.changes))


def in_names(record: RunRecord) -> RunRecord:
    """The same run for people, as `plan_in_names`."""
    names = {field: _told_apart(ids) for field, ids in record.plan.names.items()}
    if not names:
        return record
    return replace(
        record,
        plan=plan_in_names(record.plan),
        outcomes=tuple(_outcome(outcome, names) for outcome in record.outcomes),
    )


def _told_apart(ids: Mapping[str, str]) -> dict[str, str]:
    names = list(ids.values())
    return {
        id_: name if names.count(name) == 1 else f"{name} ({id_})"
        for id_, name in ids.items()
        if name
    }


def _change(change: Change, names: Names) -> Change:
    if not any(each.field in names for each in change.fields):
        return change
    fields = (
        replace(
            each,
            before=_named(each.field, each.before, names),
            after=_named(each.field, each.after, names),
        )
        for each in change.fields
    )
    return replace(change, fields=tuple(fields))


def _outcome(outcome: Outcome, names: Names) -> Outcome:
    if names.keys().isdisjoint({*outcome.now, *outcome.differs}):
        return outcome
    now, differs = (
        {field: _named(field, text, names) for field, text in values.items()}
        for values in (outcome.now, outcome.differs)
    )
    return replace(outcome, now=now, differs=differs)


def _named(field: str, text: str, names: Names) -> str:
    ids = names.get(field)
    if not ids:
        return text
    return LIST_SEPARATOR.join(ids.get(id_, id_) for id_ in text.split(LIST_SEPARATOR))
