"""How much a plan that passed its guards may send at most: pure.

Guards judge a plan before the first write. These numbers are for the judge beside the writes: a defect
that would send more than was judged is stopped by them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from wizsync.model import Change, ChangeKind, ChildAction, Limit, Plan
from wizsync.plan.wording import counted

# What is counted: customers created, updated, renamed and deleted, and addresses and contacts removed.
Counted = ChangeKind | ChildAction


def ceilings(plan: Plan, allowances: Mapping[str, Limit]) -> Mapping[Counted, int]:
    """How many changes of each kind a plan may send at most, each change counted once.

    Args:
        plan: A plan in which `judge` found no breach.
        allowances: Those by which it was judged: guard name to limit.

    Returns:
        A number for each ChangeKind and for ChildAction.REMOVE.
    """
    moves = allows(allowances, "child_moves")
    counts: Counter[Counted] = Counter()
    for change in plan.changes:
        held = change.held_for and not allows(allowances, "look_alikes")
        if not held and (moves or not change.only_moves):
            counts.update(counted_in(change, moves=moves))
    return {kind: counts[kind] for kind in (*ChangeKind, ChildAction.REMOVE)}


def counted_in(change: Change, *, moves: bool = True) -> Counter[Counted]:
    """What a change that is sent counts as: itself, and the addresses and contacts that it removes.

    Args:
        change: The change, as it is sent or as it is planned.
        moves: What moves between customers is sent with it.
    """
    counts: Counter[Counted] = Counter({change.kind: 1})
    counts[ChildAction.REMOVE] = sum(
        child.action is ChildAction.REMOVE and (moves or not child.moved)
        for child in change.children
    )
    return counts


def exceeded(limits: Mapping[Counted, int], sent: Mapping[Counted, int]) -> str:
    """What a run has sent, or is about to send, more of than its plan holds; "" where nothing is.

    Args:
        limits: From `ceilings`.
        sent: How many of each kind, what is about to be sent among them.
    """
    for kind, number in sent.items():
        if number > limits.get(kind, 0):
            return f"{counted(number, *_WORDS[kind])} where the plan has {limits.get(kind, 0):,}"
    return ""


_WORDS: Mapping[Counted, tuple[str, ...]] = {
    **{kind: (kind.value,) for kind in ChangeKind},
    ChildAction.REMOVE: ("removal of an address or contact", "removals of addresses and contacts"),
}


def allows(allowances: Mapping[str, Limit], name: str) -> bool:
    """Whether a run's allowances let through what a guard of this name holds."""
    return allowances.get(name, Limit(count=0)).count != 0
