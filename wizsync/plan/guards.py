"""Limits on what one run may change, judged on a plan's tally before the first write: pure.

How high a limit is, a mapping says; what it is where the mapping says nothing, `model/limits.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Decimal
from itertools import islice

from wizsync.model import GUARDS, Breach, Change, ChangeKind, ChildAction, Limit, Plan, Tally
from wizsync.plan.wording import counted

_EXAMPLES = 10

# So much of a plan's digest is in the words that allow that plan alone.
BOUND = 8


def judge(plan: Plan, allowances: Mapping[str, Limit], *, bound_to: str = "") -> tuple[Breach, ...]:
    """The limits that a plan exceeds.

    A share is of the customers in scope (`rejected`: of the file's rows; `erased`: of the field's
    filled values), rounded down, but at least 1 for deletes and 5 for the rest, unless it is 0 % or of
    nobody. Where their number is not known, only counts limit; a share of deletes then stands for 10.
    What is held is not sent, so it breaches nothing unless an allowance for `look_alikes` or
    `child_moves` would let some through and there is more.

    Args:
        plan: The plan; `rules.limits` holds the mapping's limits.
        allowances: Guard name to the limit that stands in for the mapping's.
        bound_to: The digest of the plan file, where the words that allow it are to hold for that one alone.

    Returns:
        At most one breach a guard, in the order of GUARDS.
    """
    breaches = []
    sent = _Sent(plan, "look_alikes" in allowances, "child_moves" in allowances)
    bound = f"@{bound_to[:BOUND]}" if bound_to else ""
    for name in GUARDS:
        guard = _GUARDS[name]
        limit = allowances.get(name) or (plan.rules.limits.get(name) if guard.by_mapping else None)
        if limit is not None:
            breach = _breach(name, limit, sent)
            if breach is not None:
                breaches.append(replace(breach, allow=breach.allow + bound))
    return tuple(breaches)


def has_shrunk(plan: Plan, allowances: Mapping[str, Limit]) -> bool:
    """Whether the account shows fewer customers than the guard `account_shrink` lets pass, whatever is sent.

    Args:
        plan: The plan.
        allowances: Guard name to the limit that stands in for the mapping's.
    """
    name = "account_shrink"
    limit = allowances.get(name) or plan.rules.limits.get(name, Limit())
    counts = _lost(plan.tally)
    allowed = [_allowed(limit, count.out_of, _GUARDS[name]) for count in counts]
    return any(
        most is not None and count.number > most
        for count, most in zip(counts, allowed, strict=True)
    )


@dataclass(frozen=True, slots=True)
class _Sent:
    """A plan, and whether held creates and held moves of children may be sent with it."""

    plan: Plan
    held_too: bool
    moves_too: bool

    def of_kind(self, kind: ChangeKind) -> Iterator[Change]:
        """The changes of a kind that may be sent."""
        return (
            change
            for change in self.plan.changes
            if change.kind is kind
            and (self.held_too or not change.held_for)
            and (self.moves_too or not change.only_moves)
        )

    @property
    def creates(self) -> int:
        """How many customers may be created."""
        return self.plan.tally.create + (self.plan.tally.held if self.held_too else 0)


@dataclass(frozen=True, slots=True)
class _Count:
    """A number that a guard limits, out of how many (None: not known), and the words for them."""

    number: int
    out_of: int | None
    what: str
    of_what: str


@dataclass(frozen=True, slots=True)
class _Guard:
    """One guard: what it counts, what it is about, and the least that a share allows."""

    counts: Callable[[_Sent], tuple[_Count, ...]]
    examples: Callable[[_Sent], Iterator[str]]
    least: int = 5
    # What a share allows where nobody knows of how many; None: whatever is asked.
    unknown: int | None = None
    by_mapping: bool = True


def _breach(name: str, limit: Limit, sent: _Sent) -> Breach | None:
    guard = _GUARDS[name]
    over = []
    counts = guard.counts(sent)
    for count in counts:
        allowed = _allowed(limit, count.out_of, guard)
        if allowed is not None and count.number > allowed:
            over.append((count, allowed))
    if not over:
        return None
    worst, allowed = max(over, key=lambda one: one[0].number)
    others = f" (and so would {counted(len(over) - 1, 'more field')})" if len(over) > 1 else ""
    return Breach(
        guard=name,
        number=worst.number,
        limit=allowed,
        message=f"{worst.what}{others}; allowed are {allowed:,}{_reason(limit, worst)}.",
        examples=tuple(islice(guard.examples(sent), _EXAMPLES)),
        # One number for every field: it must let the others through as well.
        allow=f"--allow {name}={max(count.number for count in counts)}",
    )


def _allowed(limit: Limit, out_of: int | None, guard: _Guard) -> int | None:
    """A limit as a number; None where it limits nothing."""
    caps = []
    if limit.count is not None:
        caps.append(limit.count)
    if limit.share == 0:
        caps.append(0)
    elif limit.share is not None and out_of is not None:
        # Decimal: 0.29 of 100 is 29, not 28.999.
        share = Decimal(str(limit.share)) * out_of
        caps.append(max(guard.least, int(share.to_integral_value(ROUND_FLOOR))))
    elif limit.share is not None and not caps and guard.unknown is not None:
        caps.append(guard.unknown)
    return min(caps, default=None)


def _reason(limit: Limit, count: _Count) -> str:
    if limit.share and limit.count is None and count.out_of is None:
        return f", since {limit.share * 100:g} % is of {count.of_what}, and nobody knows how many they are"
    if limit.share is None or count.out_of is None:
        return ""
    of = f"{limit.share * 100:g} % of {count.out_of:,} {count.of_what}"
    return f" ({of})" if limit.count is None else f" ({limit.count:,}, or {of}: the smaller)"


# --- what each guard counts ---------------------------------------------------------------------


def _deletes(sent: _Sent) -> tuple[_Count, ...]:
    number = sent.plan.tally.delete
    return (_of_scope(sent, number, f"{counted(number, 'customer')} would be deleted"),)


def _updates(sent: _Sent) -> tuple[_Count, ...]:
    number = sent.plan.tally.update + (sent.plan.tally.update_held if sent.moves_too else 0)
    return (_of_scope(sent, number, f"{counted(number, 'customer')} would be updated"),)


def _creates(sent: _Sent) -> tuple[_Count, ...]:
    number = sent.creates
    return (_of_scope(sent, number, f"{counted(number, 'customer')} would be created"),)


def _erased(sent: _Sent) -> tuple[_Count, ...]:
    filled = sent.plan.tally.filled_by_field
    return tuple(
        _Count(
            number,
            filled.get(field),
            f"{field} would be emptied at {counted(number, 'customer')}",
            "that have a value there",
        )
        for field, number in sorted(sent.plan.tally.erased_by_field.items())
    )


def _rejected(sent: _Sent) -> tuple[_Count, ...]:
    number = sent.plan.tally.rejected
    are = "is" if number == 1 else "are"
    what = f"{counted(number, 'row')} of the file {are} rejected"
    return (_Count(number, sent.plan.tally.rows, what, "rows"),)


def _look_alikes(sent: _Sent) -> tuple[_Count, ...]:
    number = sent.plan.tally.held
    look = "looks like an existing one" if number == 1 else "look like existing ones"
    return (_of_scope(sent, number, f"{counted(number, 'new customer')} {look}"),)


def _children_removed(sent: _Sent) -> tuple[_Count, ...]:
    number = sent.plan.tally.children_remove
    what = f"{counted(number, 'address or contact', 'addresses and contacts')} would be removed"
    return (_Count(number, sent.plan.tally.children_there, what, "that could be"),)


def _quoted(place: str) -> str:
    return f'"{place}"'


def _shrink(sent: _Sent) -> tuple[_Count, ...]:
    """Rows that a sheet or file has lost since the last run, where something is deleted or removed."""
    tally = sent.plan.tally
    if not tally.delete and not tally.children_remove:
        return ()
    return tuple(
        _Count(
            before - now,
            before,
            f"{_quoted(place) if place else 'The file'} has {counted(before - now, 'row')} fewer than at the "
            f"last run ({now:,} instead of {before:,}), and something would be deleted or removed",
            "rows of the last run",
        )
        for place, (now, before) in sorted(tally.shrunk.items())
    )


def _account_shrink(sent: _Sent) -> tuple[_Count, ...]:
    """Customers that the account has lost since the last count, where the plan rests on who is there."""
    tally = sent.plan.tally
    return _lost(tally) if sent.creates or tally.delete or tally.children_remove else ()


def _lost(tally: Tally) -> tuple[_Count, ...]:
    now, before = tally.in_account, tally.in_account_before
    if now is None or before is None:
        return ()
    what = (
        f"The account shows {counted(now, 'customer')} instead of {before:,} at the last count, "
        "and something would be created, deleted or removed"
    )
    return (_Count(before - now, before, what, "customers of the last count"),)


def _empty_account(sent: _Sent) -> tuple[_Count, ...]:
    """Creates in an account that shows nobody: whether that is true, nothing but a person can tell."""
    if sent.plan.tally.in_account != 0:
        return ()
    what = (
        f"The account shows no customers at all, and {counted(sent.creates, 'customer')} would be created; "
        "a new account looks like that, and so does one whose lists fail, where each would be doubled"
    )
    return (_Count(sent.creates, 0, what, "customers"),)


def _child_moves(sent: _Sent) -> tuple[_Count, ...]:
    number = sent.plan.tally.children_held
    what = (
        f"{counted(number, 'change')} would move addresses or contacts from one customer to another"
    )
    return (_Count(number, None, what, "changes"),)


def _of_scope(sent: _Sent, number: int, what: str) -> _Count:
    return _Count(number, sent.plan.tally.in_scope, what, "customers in scope")


# --- and what it is about -----------------------------------------------------------------------


def _named(change: Change) -> str:
    return f"{change.reference_id} {change.name}".rstrip()


def _of_kind(kind: ChangeKind) -> Callable[[_Sent], Iterator[str]]:
    return lambda sent: map(_named, sent.of_kind(kind))


def _erased_examples(sent: _Sent) -> Iterator[str]:
    for change in sent.plan.changes:
        if change.kind is ChangeKind.UPDATE:
            for field in change.fields:
                if not field.after.strip():
                    yield f'{_named(change)}: {field.field} "{field.before}"'
            for child in change.children:
                for field in child.fields:
                    if child.action is ChildAction.CHANGE and not field.after.strip():
                        yield f'{_named(change)}: {child.name}: {field.field} "{field.before}"'


def _resting_examples(sent: _Sent) -> Iterator[str]:
    """What rests on who is there, and who is not."""
    for change in sent.of_kind(ChangeKind.CREATE):
        yield f"{_named(change)} would be created"
    yield from _lost_examples(sent)


def _lost_examples(sent: _Sent) -> Iterator[str]:
    """What the account would lose."""
    for change in sent.of_kind(ChangeKind.DELETE):
        yield f"{_named(change)} would be deleted"
    yield from (f"{removed} would be removed" for removed in _removed_examples(sent))


def _rejected_examples(sent: _Sent) -> Iterator[str]:
    return (f"{row.where}: {reject.message}" for reject in sent.plan.rejects for row in reject.rows)


def _held_examples(sent: _Sent) -> Iterator[str]:
    for change in sent.plan.changes:
        if change.held_for:
            like = change.held_for[0]
            whom = f"{like.reference_id} {like.name}".strip() or like.customer_id
            yield f"{_named(change)} looks like {whom}: {like.why}"


def _removed_examples(sent: _Sent) -> Iterator[str]:
    for change in sent.plan.changes:
        for child in change.children:
            if child.action is ChildAction.REMOVE and not child.moved:
                yield f"{_named(change)}: {child.kind.one} {child.reference_id} {child.name}".rstrip()


def _moved_examples(sent: _Sent) -> Iterator[str]:
    for change in sent.plan.changes:
        for child in change.children:
            if child.moved and child.action is ChildAction.ADD:
                yield (
                    f"{child.kind.one} {child.reference_id} {child.name}: from {child.moved} to "
                    f"{change.reference_id}"
                )


_GUARDS: Mapping[str, _Guard] = {
    "deletes": _Guard(_deletes, _of_kind(ChangeKind.DELETE), least=1, unknown=10),
    "children_removed": _Guard(_children_removed, _removed_examples),
    "shrink": _Guard(_shrink, _lost_examples),
    "account_shrink": _Guard(_account_shrink, _resting_examples),
    "empty_account": _Guard(_empty_account, _of_kind(ChangeKind.CREATE), least=0),
    "updates": _Guard(_updates, _of_kind(ChangeKind.UPDATE)),
    "creates": _Guard(_creates, _of_kind(ChangeKind.CREATE)),
    "erased": _Guard(_erased, _erased_examples),
    "rejected": _Guard(_rejected, _rejected_examples),
    "look_alikes": _Guard(_look_alikes, _held_examples, by_mapping=False),
    "child_moves": _Guard(_child_moves, _moved_examples, by_mapping=False),
}
