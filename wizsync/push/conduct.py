"""What an executor is given for a run, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from wizsync.api import AllDefinitions
from wizsync.errors import ApiError, Interrupted
from wizsync.model import Change, Outcome, Progress
from wizsync.push.stopping import Stop


@dataclass(frozen=True, slots=True)
class Conduct:
    """How a run is to be conducted.

    Args:
        rate: Tells how many requests leave in a second as of now, for the size of a batch.
        stop: Set when no new request is to be sent.
        on_created: Told each customer that was created, referenceId to id.
        children_in_lists: Addresses and contacts go in complete lists inside their customer's update.
        attributes: Entity to the definitions of attributes that the plan knows.
        keep_going: Do not stop when the server refuses all alike.
        overwrite: Updates go also where their fields were changed after the plan.
        exceeding: Told the changes that are about to be sent; says what is more than the plan was let through
            with, "" where nothing is.
        progress: Told how many changes are done.
    """

    rate: Callable[[], float]
    stop: Stop
    on_created: Callable[[Mapping[str, str]], None]
    children_in_lists: bool = False
    attributes: AllDefinitions = field(default_factory=dict)
    keep_going: bool = False
    overwrite: bool = False
    exceeding: Callable[[Iterable[Change]], str] = lambda _: ""
    progress: Progress | None = None


@dataclass(frozen=True)
class Applied:
    """What an executor did.

    Args:
        outcomes: One for each change, in the order of the changes.
        error: What stopped it before the end, or None.
        warnings: What a person should know of the account, a sentence each.
    """

    outcomes: tuple[Outcome, ...]
    error: ApiError | Interrupted | None = None
    warnings: tuple[str, ...] = ()
