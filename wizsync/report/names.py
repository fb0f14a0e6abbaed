"""What a run says to people, with names in place of the ids that the account keeps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from wizsync.model import LIST_SEPARATOR, Change, Outcome


class Names:
    """Says names for ids, of one customer at a time; what is told is no longer what is sent.

    An id without a name stays; one of several that share a name has it beside it.

    Args:
        names: Field to id to name, as a Plan has them.
    """

    def __init__(self, names: Mapping[str, Mapping[str, str]]) -> None:
        self._names = {field: _told_apart(ids) for field, ids in names.items()}

    def change(self, change: Change) -> Change:
        """The same change for people."""
        if self._names.keys().isdisjoint((*(each.field for each in change.fields), *change.seen)):
            return change
        fields = (
            replace(
                each,
                before=self._named(each.field, each.before),
                after=self._named(each.field, each.after),
            )
            for each in change.fields
        )
        return replace(change, fields=tuple(fields), seen=self._all_named(change.seen))

    def outcome(self, outcome: Outcome) -> Outcome:
        """The same outcome for people."""
        if self._names.keys().isdisjoint({*outcome.now, *outcome.differs}):
            return outcome
        now, differs = self._all_named(outcome.now), self._all_named(outcome.differs)
        return replace(outcome, now=now, differs=differs)

    def _all_named(self, values: Mapping[str, str]) -> dict[str, str]:
        return {field: self._named(field, text) for field, text in values.items()}

    def _named(self, field: str, text: str) -> str:
        ids = self._names.get(field)
        if not ids:
            return text
        return LIST_SEPARATOR.join(ids.get(id_, id_) for id_ in text.split(LIST_SEPARATOR))


def _told_apart(ids: Mapping[str, str]) -> dict[str, str]:
    there = Counter(ids.values())
    return {
        id_: name if there[name] == 1 else f"{name} ({id_})" for id_, name in ids.items() if name
    }
