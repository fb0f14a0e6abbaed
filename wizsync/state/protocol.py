"""The State protocol: what stages may ask of any store.

Whatever a method that records something has taken is durable when it returns: it survives a killed
process and a power cut.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from wizsync.model import Account, ChangeKind, ChildAction, ChildKind, Kept, Limit, Outcome


class RunState(StrEnum):
    """Where a run stands."""

    RUNNING = "running"
    DRY_RUN = "dry_run"
    FINISHED = "finished"
    REFUSED = "refused"
    STOPPED = "stopped"
    SUPERSEDED = "superseded"

    @property
    def unfinished(self) -> bool:
        """Whether the run may have left something open; a killed run stays `running`."""
        return self in (RunState.RUNNING, RunState.STOPPED)


@dataclass(frozen=True, slots=True)
class RunEntry:
    """A run as the state remembers it.

    Args:
        run: Its name, `2026-03-04_0200_customers`.
        account: The account's id.
        target: Whom it was for, as the user named it.
        command: `plan`, `apply` or `sync`.
        started: ISO 8601 UTC.
        source: The file's name.
        mapping_digest: The mapping's.
        plan_digest: The plan file's, "" before there is one.
        state: Where it stands.
        counts: Of a finished run, result to number.
        folder: Where its files lie.
        by: Who began it, `anna on shop-pc`; "" where that was not recorded.
        error: What stopped it, "" for nothing.
    """

    run: str
    account: str
    target: str
    command: str
    started: str
    source: str
    mapping_digest: str
    plan_digest: str
    state: RunState
    counts: Mapping[str, int]
    folder: Path
    by: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class ChildTarget:
    """The address or contact that a request to its own endpoint is about.

    Args:
        kind: What it is.
        action: What happens to it.
        child_id: Its id; None for one to be added.
        default_before: Where it becomes the default of its kind and type, the id of the one that was.
    """

    kind: ChildKind
    action: ChildAction
    child_id: str | None
    default_before: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One request that is to be sent, as the journal keeps it.

    Args:
        number: Its number in the run, from 1; a Change is one Step or several, and sent again a new one.
        kind: The Change's kind.
        reference_id: The customer's key.
        customer_id: The customer's id; None for a create.
        after: What is sent, field to text.
        before: The account's values by which it was decided, field to text.
        intended: When, seconds since the epoch.
        child: Whom it is about, where it goes to a child's own endpoint; `after` and `before` are then the
            child's.
        lists: Kind to the addresses or contacts that go with it: those that a new customer begins with, or
            complete lists, existing ones with their `id`.
    """

    number: int
    kind: ChangeKind
    reference_id: str
    customer_id: str | None
    after: Mapping[str, str]
    before: Mapping[str, str]
    intended: float
    child: ChildTarget | None = None
    lists: Mapping[ChildKind, tuple[Mapping[str, str], ...]] = field(default_factory=dict)

    @property
    def adds(self) -> bool:
        """Whether, sent twice, it could make something that is there twice."""
        if self.child is not None:
            return self.child.action is ChildAction.ADD
        return self.kind is ChangeKind.CREATE or any(
            "id" not in child for some in self.lists.values() for child in some
        )


@dataclass(frozen=True, slots=True)
class Recorded:
    """A step of which the journal knows what became of it.

    Args:
        step: The step.
        outcome: What became of it; None: certainly not done.
    """

    step: Step
    outcome: Outcome | None


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed to when a run's plan was let through; whoever resumes the run goes by it.

    Args:
        allow: Guard name to the limit that replaced the mapping's.
        overwrite: Updates go also where their fields were changed after the plan.
        keep_going: The run does not stop where the server refuses many changes for the same reason.
        approved: A person, or `--yes`, has agreed to the plan.
    """

    allow: Mapping[str, Limit] = field(default_factory=dict)
    overwrite: bool = False
    keep_going: bool = False
    approved: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What is remembered of an account between runs.

    Args:
        dialect: `camel` or `snake`; None: not known yet.
        reference_ids: How the account's filter takes several referenceIds: `comma` or `repeated`;
            None: not known yet, or it works neither way.
        statuses: Statuses met beyond the documented ones.
        counts: Status to the customers that had it at the last full read.
        canaries: Status to a few referenceIds known to exist in it.
        rows: The rows of each sheet and file at the last run that came to its end, by mapping and place.
        rate_limit: Requests a second at which it was last met refusing more; None: not known.
    """

    dialect: str | None = None
    reference_ids: str | None = None
    statuses: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    canaries: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rows: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    rate_limit: float | None = None


@dataclass(frozen=True, slots=True)
class MetAccount:
    """An account that this state has met.

    Args:
        id: The fingerprint of the key by which it was met first; it stays, whatever its keys are.
        url: Its address.
        marks: The fingerprints of all keys by which it was met.
        known: Ids of a few customers who are, or were, in it.
    """

    id: str
    url: str
    marks: tuple[str, ...]
    known: tuple[str, ...]


class Accounts(Protocol):
    """The accounts that a state has met."""

    def of_key(self, mark: str) -> MetAccount | None:
        """The account that a key belongs to, by its fingerprint."""

    def of_target(self, target: str) -> MetAccount | None:
        """The account that a target of this name was."""

    def at(self, url: str) -> list[MetAccount]:
        """The accounts met at an address, the latest first."""

    def meet(self, account: str, url: str, mark: str, target: str | None) -> None:
        """Remember that an account was met, by which key and under which target's name."""

    def know(self, account: str, customer_ids: Sequence[str]) -> tuple[str, ...]:
        """Remember customers just seen in an account; a few whom it is known by now."""


# Told the name of the run that holds an account.
TellRun = Callable[[str], None]


class Journal(Protocol):
    """One run's durable record of what it was about to send and what became of it."""

    def intend(self, steps: Sequence[Step]) -> None:
        """Record steps before their requests leave."""

    def conclude(self, outcomes: Mapping[int, Outcome | None]) -> None:
        """Record what became of steps, by number; None: certainly not done, and open to be sent anew."""

    def open_steps(self) -> list[Step]:
        """Steps whose requests may have been done and of which nothing is known yet."""

    def outcomes(self) -> list[Outcome]:
        """The outcomes recorded, the latest for each Change."""

    def recorded(self) -> list[Recorded]:
        """Every step of which it is known what became of it, in their order."""

    def next_number(self) -> int:
        """The number of the next step."""

    def close(self) -> None:
        """Let go of it."""


class State(Protocol):
    """Runs, journals and facts of accounts, and the lock of an account."""

    @property
    def salt(self) -> bytes:
        """Drawn once for this state; what keys are fingerprinted with."""

    @property
    def accounts(self) -> Accounts:
        """The accounts that it has met."""

    def lock(self, account: Account, command: str) -> AbstractContextManager[TellRun]:
        """Hold the account for a run, whose name is told as soon as it has one.

        Raises:
            AccountBusy: Another run holds it; the message says which, since when.
        """

    def begin(self, account: Account, command: str, source: str, mapping_digest: str) -> RunEntry:
        """Begin a run: name it, make its folder."""

    def update(
        self,
        run: str,
        state: RunState,
        *,
        plan_digest: str | None = None,
        counts: Mapping[str, int] | None = None,
    ) -> None:
        """Record where a run stands."""

    def explain(self, run: str, error: str) -> None:
        """Record what stopped a run, for people."""

    def runs(self, account: Account | None = None) -> list[RunEntry]:
        """Runs, newest first; of one account, or of all."""

    def forget(self, run: RunEntry) -> None:
        """Forget a run, but for its plan's being used up."""

    def used_by(self, plan_digest: str) -> str | None:
        """The forgotten run that took a plan up, if one did."""

    def journal(self, run: str) -> Journal:
        """The journal of a run, made at first use."""

    def agree(self, run: str, terms: Terms) -> None:
        """Record what was agreed to for a run."""

    def terms(self, run: str) -> Terms:
        """What was agreed to for a run."""

    def facts(self, account: Account) -> Facts:
        """What is remembered of an account."""

    def remember(self, account: Account, facts: Facts) -> None:
        """Replace what is remembered of an account."""

    def created(self, account: Account) -> dict[str, str]:
        """Every referenceId to its id, of customers that runs created in the account and did not delete."""

    def note_created(self, account: Account, created: Mapping[str, str]) -> None:
        """Add to what `created` answers."""

    def forget_created(self, account: Account, reference_ids: Sequence[str]) -> None:
        """Take away from what `created` answers: they are gone from the account."""

    def kept(self, account: Account) -> dict[tuple[str, str], Kept]:
        """Values that an account did not take as they were last sent, by referenceId and field.

        A child's field is named as among its customer's: `addresses[addr_1].city`.
        """

    def note_kept(self, account: Account, kept: Mapping[tuple[str, str], Kept | None]) -> None:
        """Add to what `kept` answers, or take away from it (None): it was taken as it was sent."""
