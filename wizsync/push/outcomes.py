"""What became of each change of a run, whichever of its requests it was and however often it was taken up."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from wizsync.model import Change, ChangeKind, Outcome, Result
from wizsync.push.combining import combined
from wizsync.push.judgement import doubled, unanswered
from wizsync.push.reader import Row
from wizsync.push.standing import Key, Standing, key_of
from wizsync.push.streak import Streak
from wizsync.state.protocol import Step


@dataclass
class Work:
    """A change under way: its steps, and what became of those that were sent, in their order."""

    change: Change
    steps: list[Step]
    now: Row
    concluded: list[tuple[Step, Outcome]] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to be sent: all is done, or something stands in its way."""
        ended = len(self.concluded) == len(self.steps)
        return ended or any(outcome.result is not Result.APPLIED for _, outcome in self.concluded)


class Outcomes:
    """Keeps what became of the changes of one run, and whom they created.

    Args:
        on_created: Told each customer that was created, referenceId to id.
        on_finished: Told how many changes are finished.
    """

    def __init__(
        self,
        on_created: Callable[[Mapping[str, str]], None],
        on_finished: Callable[[int], None],
    ) -> None:
        self._on_created = on_created
        self._on_finished = on_finished
        self._outcomes: dict[Key, Outcome] = {}
        self._concluded: dict[Key, list[tuple[Step, Outcome]]] = {}
        self._works: dict[Key, Work] = {}
        self._streak = Streak()
        # How many changes came to an end that is known.
        self.told = 0
        # Whom the run created: referenceId to the step and the id.
        self.created: dict[str, tuple[Step, str]] = {}

    @property
    def refused_alike(self) -> str | None:
        """What the server keeps refusing, change after change; None: nothing."""
        return self._streak.reached

    def left_of(
        self, changes: Sequence[Change], before: Standing, waiting: Collection[Key]
    ) -> list[Change]:
        """The changes that are still to be taken up; what was concluded of the others is taken over.

        Args:
            changes: The changes.
            before: Where they stand.
            waiting: Those of which a request has no answer yet.
        """
        left: list[Change] = []
        for change in changes:
            parts = before.parts.get(key_of(change), ())
            self._concluded[key_of(change)] = list(parts)
            self.note_created(parts)
            if key_of(change) in before.over:
                self.finish(change, before.over[key_of(change)])
            elif key_of(change) not in waiting:
                left.append(change)
        return left

    def begin(self, change: Change, steps: list[Step], now: Row | None) -> Work:
        """Take a change up, or take it up again.

        Args:
            change: The change.
            steps: What is left to be sent of it.
            now: Its customer as it is now, if there is one.
        """
        work = Work(change, steps, now or {})
        self._works[key_of(change)] = work
        return work

    def close(self, work: Work) -> None:
        """Tell what became of a change of which nothing is left to be sent."""
        key = key_of(work.change)
        earlier = self._concluded.get(key, [])
        self._concluded[key] = [*earlier, *work.concluded]
        self.finish(work.change, work.concluded[-1][1])

    def finish(self, change: Change, last: Outcome) -> None:
        """Tell what was decided of a change last: no more of it is sent."""
        outcome = combined(self._parts(change), last)
        self._outcomes[key_of(change)] = outcome
        self._streak.note(outcome)
        self.told += outcome.result is not Result.UNKNOWN
        self._on_finished(len(self._outcomes))

    def keep(self, work: Work) -> None:
        """Keep what was concluded of a change that is to be taken up again."""
        self._concluded.setdefault(key_of(work.change), []).extend(work.concluded)

    def take(self, found: Sequence[tuple[Step, Outcome]]) -> list[Change]:
        """Take over what recovery found out; the changes of which something is left to be sent."""
        again: list[Change] = []
        for step, outcome in found:
            work = self._works[key_of(step)]
            work.concluded.append((step, outcome))
            if work.is_over:
                self.close(work)
            else:
                self.keep(work)
                again.append(work.change)
        self.note_created(found)
        return again

    def note_created(self, concluded: Sequence[tuple[Step, Outcome]]) -> None:
        """Remember whom these steps created."""
        created: dict[str, str] = {}
        for step, outcome in concluded:
            made = outcome.result is Result.APPLIED or outcome.code == "child_harm"
            if made and outcome.customer_id and step.kind is ChangeKind.CREATE:
                self.created[step.reference_id] = step, outcome.customer_id
                created[step.reference_id] = outcome.customer_id
        if created:
            self._on_created(created)

    def note_doubled(self, key: str, there: Sequence[Row]) -> None:
        """Tell that a customer whom the run created is there more than once."""
        told = doubled(ChangeKind.CREATE, key, there)
        message = f"It was created, and is there more than once now. {told.message}"
        _, customer_id = self.created[key]
        self._outcomes[ChangeKind.CREATE, key] = replace(
            told, message=message, customer_id=customer_id
        )

    def of(self, change: Change, waiting: Collection[Key]) -> Outcome:
        """What became of a change, at the end.

        Args:
            change: The change.
            waiting: Those of which a request has no answer yet.
        """
        known = self._outcomes.get(key_of(change))
        if known is not None:
            return known
        if key_of(change) in waiting:
            message = "The request was not answered, and the account does not show yet whether it was done."
            return combined(self._parts(change), unanswered(change, message))
        pending = Outcome(
            change.kind,
            change.reference_id,
            Result.PENDING,
            "not_reached",
            "The run ended before it came to this one.",
            change.customer_id,
        )
        return combined(self._parts(change), pending)

    def _parts(self, change: Change) -> Sequence[tuple[Step, Outcome]]:
        return self._concluded.get(key_of(change), ())
