"""Where things stand, and the fields they are about: what all verdicts are made of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    """Where one Change, ChildChange, Conflict or Reject stands; those that need a person come first."""

    FAILED = "failed"
    UNKNOWN = "unknown"
    CONFLICT = "conflict"
    HELD = "held"
    REJECTED = "rejected"
    PENDING = "pending"
    NOT_WRITTEN = "not_written"
    PLANNED = "planned"
    APPLIED = "applied"
    SKIPPED = "skipped"


# Standings that leave a person something to do.
OPEN = frozenset(
    {
        Standing.FAILED,
        Standing.UNKNOWN,
        Standing.CONFLICT,
        Standing.HELD,
        Standing.REJECTED,
        Standing.PENDING,
    }
)


class Held(StrEnum):
    """Why something is held."""

    LOOK_ALIKE = "look_alike"
    MOVE = "move"
    AFTER_HARM = "after_harm"


# The codes of outcomes that `push` gives to what an account did otherwise than was meant with addresses or
# contacts, and to what was not written after that.
HARM = "child_harm"
AFTER_HARM = "children_held"


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of a customer, an address or a contact, under the name it has in the file.

    Args:
        field: Its camel name.
        column: The file's column, "" where it comes from none.
        before: The account's value when the plan was made; "" empty.
        after: What was to be sent; "" clears. Of a delete "".
        now: Of a conflict, the account's value now; None where it was not read.
        kept: What the account holds after the write, where that is not what was sent; else None.
        said: The server's words about it, a sentence each.
        shared: Other fields come from that column too.
    """

    field: str
    column: str
    before: str
    after: str
    now: str | None = None
    kept: str | None = None
    said: tuple[str, ...] = ()
    shared: bool = False

    @property
    def label(self) -> str:
        """What people call it: the file's column, else the field."""
        return self.column or self.field

    @property
    def full_label(self) -> str:
        """The same, with the field's name where the column is not this field's alone."""
        return f"{self.column} ({self.field})" if self.shared else self.label
