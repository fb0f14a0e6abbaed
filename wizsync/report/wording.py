"""The sentences of a report: plain words for what was meant, what happened and what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wizsync.model import Change, ChangeKind

MEANT_ROW = "Bring this customer in line with the file."
TO_DO_UNCLEAR = "Settle it in WizCommerce, then plan again."
REFUSED = "Refused by WizCommerce"
WOULD_BE_HELD = "Would be held, not created: it looks like a customer that exists."
HELD_AS_MOVE = "{}: the same address or contact leaves one customer and comes to another."

# By Standing; `{done}` and `{would}` stand for the kind's words.
_HAPPENED = {
    "applied": "{done}.",
    "planned": "Would be {would}.",
    "not_written": "Not written: the plan was refused.",
    "pending": "Not reached before the run ended.",
    "held": "Held, not created: it looks like a customer that exists.",
    "failed": f"{REFUSED}.",
    "skipped": "Skipped: there was nothing left to do.",
    "conflict": "Not written: the customer was changed in WizCommerce after the plan was made.",
    "unknown": "Not known: WizCommerce gave no answer, so it may or may not have been {would}.",
}
TO_DO = {
    "failed": "Mend the row in the file and run it again.",
    "conflict": "Look at the customer as it is now, then plan again.",
    "unknown": "Run the same command again: it first looks up what became of this customer.",
    "held": "If it is the same customer, give the row that customer's code; "
    "if it is a new one, allow so many with --allow look_alikes=NUMBER.",
    "pending": "`wizsync resume` goes on with it.",
}
_DONE = {
    ChangeKind.CREATE: "created",
    ChangeKind.UPDATE: "updated",
    ChangeKind.RENAME: "renamed",
    ChangeKind.DELETE: "deleted",
}
# What `push` puts before the message of a change of which some requests had been done.
_IN_PART = "A part of it was written. "
_ENDS = (".", "!", "?", "…")
_NAMED = 4


def sentence(text: str) -> str:
    """The text with a full stop at its end, "" as it is."""
    text = text.strip()
    return text if not text or text.endswith(_ENDS) else f"{text}."


def joined(sentences: Iterable[str]) -> str:
    """Sentences as one text."""
    return " ".join(filter(None, sentences))


def listed(names: Sequence[str], last: str = "and") -> str:
    """`A`, `A and B`, `A, B and C`; of many, the first few and how many more."""
    names = list(dict.fromkeys(names))
    if len(names) > _NAMED:
        return f"{', '.join(names[: _NAMED - 1])} {last} {len(names) - _NAMED + 1} more"
    return f" {last} ".join(filter(None, (", ".join(names[:-1]), names[-1]))) if names else ""


def quoted(names: Iterable[str]) -> list[str]:
    """The names in quotes."""
    return [f'"{name}"' for name in names]


def counted(number: int, one: str, many: str = "") -> str:
    """`1 row`, `2,000 rows`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def told(code: str, message: str) -> str:
    """What `push` said of an outcome, as a sentence.

    Args:
        code: The outcome's code.
        message: Its message.
    """
    said = sentence(message)
    if code != "refused":
        return said
    part = _IN_PART if said.startswith(_IN_PART) else ""
    return f"{part}{REFUSED}: {said.removeprefix(part)}"


def meant(change: Change, labels: Sequence[str], children: Sequence[str] = ()) -> str:
    """What a change is to do.

    Args:
        change: The change.
        labels: What people call its fields.
        children: What is to happen to its addresses and contacts, such as `add 2 addresses`.
    """
    if change.kind is ChangeKind.CREATE:
        begins_with = listed([part.removeprefix("add ") for part in children])
        return f"Create this customer{begins_with and f' with {begins_with}'}."
    if change.kind is ChangeKind.DELETE:
        because = ": the file does not name it" if change.absent else ""
        return f"Delete this customer{because}."
    because = "The file does not name this customer: " if change.absent else ""
    parts = [f"change {listed(quoted(labels))}"] if labels else []
    text = f"{because}{'; '.join(filter(None, (*parts, listed(children))))}."
    return text[:1].upper() + text[1:]


def happened(standing: str, kind: ChangeKind) -> str:
    """What became of a change that `push` recorded no words for."""
    return _HAPPENED[standing].format(done=_DONE[kind].capitalize(), would=_DONE[kind])


def server_word(label: str, reason: str, *, refused: bool) -> str:
    """The server's words about what `label` names, or about the request where it is ""."""
    reason = sentence(reason)
    if not label:
        return f"WizCommerce said: {reason}"
    if refused:
        return f"{label} was refused by WizCommerce: {reason}"
    return f"WizCommerce said of {label}: {reason}"


def kept(labels: Sequence[str]) -> str:
    """That the account holds something other than what was sent."""
    return f"WizCommerce holds another value than was sent for {listed(quoted(labels))}."
