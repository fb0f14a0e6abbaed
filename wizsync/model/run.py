"""What became of a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from wizsync.model.customer import ChildKind
from wizsync.model.plan import Breach, ChangeKind, Plan


class Result(StrEnum):
    """How one Change ended."""

    APPLIED = "applied"
    FAILED = "failed"
    SKIPPED = "skipped"
    CONFLICT = "conflict"
    UNKNOWN = "unknown"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class ServerWord:
    """What the server said of one field; `field` "" where it spoke of the whole request."""

    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class ChildOutcome:
    """What became of one ChildChange of a Change.

    Args:
        kind: Its kind.
        reference_id: Its referenceId.
        child_id: Its id where known (an added one's new one).
        result: How it ended.
        code: As of an Outcome.
        message: One sentence for people.
        words: The server's words.
        differs: Fields whose value in the server's answer is not what was sent, field to its value.
    """

    kind: ChildKind
    reference_id: str
    child_id: str | None
    result: Result
    code: str
    message: str = ""
    words: tuple[ServerWord, ...] = ()
    differs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one Change.

    Args:
        kind: The Change's kind.
        reference_id: The Change's key.
        result: How it ended.
        code: A stable word for why, such as `done`, `already_so`, `moved`, `refused`, `held`.
        message: One sentence for people.
        customer_id: The customer's id where known (a create's new one).
        words: The server's words.
        now: Of a conflict, the account's values now, field to text.
        differs: Fields whose value in the server's answer is not what was sent, field to its value.
        children: What became of its addresses and contacts, where they were written one by one.
        before: Of a write of children after which the account showed another result than was meant, the
            customer's children before it, field to text.
        updated_at: The customer's `updatedAt` right after it, "" where it was not shown.
    """

    kind: ChangeKind
    reference_id: str
    result: Result
    code: str
    message: str = ""
    customer_id: str | None = None
    words: tuple[ServerWord, ...] = ()
    now: Mapping[str, str] = field(default_factory=dict)
    differs: Mapping[str, str] = field(default_factory=dict)
    children: tuple[ChildOutcome, ...] = ()
    before: Mapping[str, str] = field(default_factory=dict)
    updated_at: str = ""


@dataclass(frozen=True, slots=True)
class Requests:
    """How many requests were sent, by operation, retries included.

    Args:
        child: To the address and contact endpoints.
        other: Look-up lists and tokens.
        retried: How many of them all were a repeat.
        throttled: How many of them all were answered 429.
    """

    list: int = 0
    get: int = 0
    create: int = 0
    update: int = 0
    delete: int = 0
    child: int = 0
    other: int = 0
    retried: int = 0
    throttled: int = 0


class Ending(StrEnum):
    """How a run as a whole ended."""

    DRY_RUN = "dry_run"
    FINISHED = "finished"
    REFUSED = "refused"
    STOPPED = "stopped"


@dataclass(frozen=True)
class RunRecord:
    """Everything a report tells: what was asked, the plan, what happened.

    Args:
        run: The run's name, `2026-03-04_0200_customers`.
        command: `plan`, `apply` or `sync`.
        started: ISO 8601 UTC.
        seconds: How long it took.
        plan: The plan.
        outcomes: One for each Change that was taken up; none in a dry run.
        requests: How many were sent.
        ending: How it ended.
        breaches: Guards that refused the plan, or would.
        error: What stopped the run, for people, or None.
        warnings: A sentence each.
    """

    run: str
    command: str
    started: str
    seconds: float
    plan: Plan
    outcomes: tuple[Outcome, ...]
    requests: Requests
    ending: Ending
    breaches: tuple[Breach, ...] = ()
    error: str | None = None
    warnings: tuple[str, ...] = ()


class Progress(Protocol):
    """Told how far a long piece of work is: stages call it, the command line draws it."""

    def __call__(self, doing: str, done: int, total: int | None) -> None:
        """Take note.

        Args:
            doing: What is being done, such as `Reading customers`; a new text is a new bar.
            done: How many are done.
            total: How many there are; None where that is not known yet.
        """
