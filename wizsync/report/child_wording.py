"""The sentences of a report about addresses and contacts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from wizsync.model import ChildAction, ChildChange, ChildKind, Reject
from wizsync.report.wording import counted, listed, quoted

TO_DO_MOVE = (
    "Look at both customers. If it moves, allow it with --allow child_moves; "
    "if not, mend its code or its customer's code in the file."
)
TO_DO_HARM = (
    "Look at this customer in WizCommerce and put right what is wrong; "
    "then find out how the account treats lists with wizsync doctor --probe-children."
)
TO_DO_AFTER_HARM = (
    "Find out how the account treats lists with wizsync doctor --probe-children, then run it again."
)
CHILDREN = "addresses and contacts"

# By Standing; `{done}` and `{would}` stand for the action's words.
_HAPPENED = {
    "applied": "{done}.",
    "planned": "Would be {would}.",
    "not_written": "Not {would}: the plan was refused.",
    "pending": "Not reached before the run ended.",
    "held": "Held, like its customer.",
    "failed": "Refused by WizCommerce, with its customer.",
    "skipped": "Skipped: there was nothing left to do.",
    "conflict": "Not {would}: the customer was changed in WizCommerce after the plan was made.",
    "unknown": "Not known: WizCommerce gave no answer, so it may or may not have been {would}.",
}
NOT_SENT = "Not {would}: another part of this customer's change came to no good end before it."
OTHERWISE = (
    "Sent, and WizCommerce did something else than was asked: "
    "compare what this customer had before with what it has now."
)
_DONE = {
    ChildAction.ADD: "added",
    ChildAction.CHANGE: "changed",
    ChildAction.REMOVE: "removed",
}
# What a reject is about that is no part of any customer to be written.
_NO_CUSTOMER = frozenset({"customer_not_in_file", "customer_rejected"})


def meant(change: ChildChange, labels: Sequence[str]) -> str:
    """What is to happen to an address or a contact.

    Args:
        change: What.
        labels: What people call its fields.
    """
    one = change.kind.one
    if change.action is ChildAction.ADD:
        return f"Add this {one}."
    if change.action is ChildAction.REMOVE:
        return f"Remove this {one}: the file does not name it."
    return f"Change {listed(quoted(labels))} of this {one}." if labels else f"Change this {one}."


def happened(standing: str, action: ChildAction) -> str:
    """What became of a child that `push` recorded no words for."""
    return _with_action(_HAPPENED[standing], action)


def not_sent(action: ChildAction) -> str:
    """That the change of its customer ended before it came to a child."""
    return _with_action(NOT_SENT, action)


def held_as_move(change: ChildChange, *, would: bool) -> str:
    """That a child is held because it leaves one customer and comes to another."""
    held = "Would be held" if would else "Held"
    if change.action is ChildAction.REMOVE:
        return f"{held}: it seems to move to customer {change.moved}."
    return f"{held}: it seems to come from customer {change.moved}."


def parts(children: Sequence[ChildChange]) -> list[str]:
    """What a change does to its addresses and contacts: `add 2 addresses`, `remove 1 contact`."""
    counts = Counter((one.action, one.kind) for one in children)
    return [
        f"{action} {counted(counts[action, kind], kind.one, kind.value)}"
        for action in ChildAction
        for kind in ChildKind
        if counts[action, kind]
    ]


def meant_of_reject(kind: ChildKind) -> str:
    """What the row of a child asked for."""
    return f"Bring this {kind.one} in line with the file."


def alone(reject: Reject) -> str:
    """That a reject concerns a child alone, "" where it does not."""
    if reject.child is None or reject.code in _NO_CUSTOMER:
        return ""
    return f"Only this {reject.child.one} is left as it is: its customer's other fields go through."


def moves_held(number: int) -> str:
    """How many are held because they seem to move between customers."""
    return counted(
        number,
        "change to an address or contact that seems to move between customers is held back",
        "changes to addresses and contacts that seem to move between customers are held back",
    )


def _with_action(text: str, action: ChildAction) -> str:
    return text.format(done=_DONE[action].capitalize(), would=_DONE[action])
