"""Where a run that was begun before stands, by its journal. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from wizsync.model import Change, ChangeKind, Outcome, Result
from wizsync.state.protocol import Recorded, Step

# A change of a plan.
Key = tuple[ChangeKind, str]


def key_of(one: Change | Step) -> Key:
    """What a change is called, or the change that a step is of."""
    return one.kind, one.reference_id


@dataclass(frozen=True, slots=True)
class Standing:
    """What is over of a run's changes, and what became of their requests.

    Args:
        parts: What became of each request of a change, in their order.
        over: Changes of which nothing is left to be sent, to what was concluded of them last.
    """

    parts: Mapping[Key, Sequence[tuple[Step, Outcome]]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    over: Mapping[Key, Outcome] = field(default_factory=lambda: MappingProxyType({}))


def standing(recorded: Sequence[Recorded], open_steps: Iterable[Step]) -> Standing:
    """Judge a journal.

    A change is over when all requests that were last meant for it are done, or one of them was refused or
    met a conflict. One that stayed without an answer is looked at again.

    Args:
        recorded: Its steps of which it is known what became of them.
        open_steps: Those of which it is not.
    """
    waiting = set(map(key_of, open_steps))
    by_key: dict[Key, list[Recorded]] = {}
    for one in recorded:
        by_key.setdefault(key_of(one.step), []).append(one)
    parts = {
        key: [(one.step, one.outcome) for one in some if one.outcome is not None]
        for key, some in by_key.items()
    }
    over: dict[Key, Outcome] = {}
    for key, some in by_key.items():
        last = _last(some)
        if key not in waiting and last is not None and last.result is not Result.UNKNOWN:
            over[key] = last
    return Standing(parts, over)


def _last(some: Sequence[Recorded]) -> Outcome | None:
    """What ended a change; None: something of it is left to be sent."""
    # What was meant for a change at once was recorded at once.
    latest = some[-1].step.intended
    outcomes = [one.outcome for one in some if one.step.intended == latest]
    against = [one for one in outcomes if one is not None and one.result is not Result.APPLIED]
    return against[-1] if against else outcomes[-1]
