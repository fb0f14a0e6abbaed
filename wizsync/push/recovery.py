"""Finding out what became of requests that were never answered.

A create of which the account shows no trace may still be under way, or may be done and not be listed
yet. So it is waited for: the settle time, and then a look that also shows the latest create of ours, where
there is one, as a sign that the lists have caught up. Only then may it be sent again.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from wizsync.model import ChangeKind, Outcome, Progress, Result
from wizsync.push.judgement import has_key, unanswered
from wizsync.push.landing import landed
from wizsync.push.one_request import Sent
from wizsync.push.reader import Reader, Row, Same
from wizsync.state.protocol import Journal, Step

# How often a change is sent at most, when each time no answer came and no trace was found.
SENDS = 3

# Steps with what became of them.
Found = Sequence[tuple[Step, Outcome]]


class Recovery:
    """Judges unanswered requests of one run by what the account shows.

    Args:
        reader: How the account is read.
        journal: The run's.
        same: The mapping's way of comparing.
        settle: Seconds after which a create without a trace counts as not done.
        progress: Told while there is something to wait for.
    """

    def __init__(
        self,
        reader: Reader,
        journal: Journal,
        same: Same,
        *,
        settle: float,
        progress: Progress | None = None,
    ) -> None:
        self._reader = reader
        self._journal = journal
        self._same = same
        self._settle = settle
        self._progress = progress or (lambda _doing, _done, _total: None)
        self._waiting: list[Step] = []
        self._waiting_since = 0.0
        # Creates that were sent again, and when they were let go.
        self._again: dict[str, float] = {}
        self._sends: Counter[tuple[ChangeKind, str]] = Counter()

    async def find_out(self, steps: Sequence[Step]) -> tuple[Found, list[int]]:
        """Look at the customers of unanswered steps, and record what is found.

        Returns:
            Steps with their outcomes, and the numbers of updates and deletes without a trace, which
            may be sent again. Creates without a trace are kept for `settle`.
        """
        there = await self._there(steps)
        found: list[tuple[Step, Outcome]] = []
        no_trace: list[int] = []
        for step in steps:
            outcome = landed(step, there[step.number], self._same)
            if outcome is not None:
                found.append((step, outcome))
            elif step.adds:
                # It may have left just before its answer was lost, long after it was intended.
                self._waiting_since = time.time()
                self._waiting.append(step)
            elif self._may_be_sent_again(step):
                no_trace.append(step.number)
            else:
                found.append((step, unanswered(step, _NEVER_ANSWERED)))
        self._record(found)
        self._journal.conclude(dict.fromkeys(no_trace))
        return found, no_trace

    async def explain(self, collided: Sequence[Sent]) -> Found:
        """Say of creates refused as taken (409) by whom: it may be ourselves, or somebody unseen."""
        there = await self._there([sent.step for sent in collided])
        found = [
            (
                sent.step,
                _taken(sent.outcome, landed(sent.step, there[sent.step.number], self._same)),
            )
            for sent in collided
            if sent.outcome is not None
        ]
        self._record(found)
        return found

    async def settle(
        self, created: Sequence[Step], stop: asyncio.Event
    ) -> tuple[Found, list[Step]]:
        """Wait for creates without a trace, then judge them again, and record what is found.

        Args:
            created: The run's creates that are known to be done.
            stop: Ends the waiting.

        Returns:
            Steps with their outcomes, and the steps that may be sent again. What is in neither stays
            unknown.
        """
        waiting, self._waiting = self._waiting, []
        if not waiting or not await self._wait(len(waiting), self._waiting_since, stop):
            return [], []
        latest = sorted(created, key=lambda step: step.number)[-1:]
        there = await self._there([*waiting, *latest])
        caught_up = all(there[step.number] for step in latest)
        found: list[tuple[Step, Outcome]] = []
        again: list[Step] = []
        for step in waiting:
            outcome = landed(step, there[step.number], self._same)
            if outcome is not None:
                found.append((step, outcome))
            elif caught_up and self._may_be_sent_again(step):
                again.append(step)
                self._again[step.reference_id] = time.time()
        self._record(found)
        self._journal.conclude(dict.fromkeys(step.number for step in again))
        return found, again

    async def is_shown(self, key: str, stop: asyncio.Event) -> bool:
        """Whether the lists show a customer who was just created; they may take the settle time for it."""
        until = time.time() + self._settle
        while key not in await self._reader.listed([key]):
            if stop.is_set() or time.time() >= until:
                return False
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), min(1.0, self._settle / 4))
        return True

    async def doubled(
        self, created: Mapping[str, str], stop: asyncio.Event
    ) -> Mapping[str, Sequence[Row]]:
        """Those created of whom there are several by now, with all of them.

        A create whose answer was lost may be done long after it was given up, and sent again. Where one was,
        that is waited for once more.

        Args:
            created: referenceId to id of the run's creates.
            stop: Ends the waiting.
        """
        if not created:
            return {}
        if self._again:
            await self._wait(len(self._again), max(self._again.values()), stop)
        found = await self._reader.look_up(dict(created), {})
        return {key: there for key, there in found.customers.items() if len(there) > 1}

    async def settle_earlier(self, stop: asyncio.Event) -> Found:
        """Settle what an earlier run of this journal left open; nothing is sent.

        What left no trace is concluded as not done: the plan that is to be made now takes it up again.
        Creates stay open while the lists do not even show what that run is known to have created.
        """
        found, _ = await self.find_out(self._journal.open_steps())
        waiting, self._waiting = self._waiting, []
        latest = max((step.intended for step in waiting), default=0.0)
        if waiting and await self._wait(len(waiting), latest, stop):
            behind = await self._lists_are_behind()
            late, _ = await self.find_out(waiting)
            found = [*found, *late]
            if not behind:
                self._journal.conclude(dict.fromkeys(step.number for step in self._waiting))
        return found

    async def _lists_are_behind(self) -> bool:
        """Whether the lists do not show the journal's last create, although it is there."""
        created = [
            outcome
            for outcome in self._journal.outcomes()
            if outcome.kind is ChangeKind.CREATE and outcome.result is Result.APPLIED
        ]
        if not created:
            return False
        key, customer_id = created[-1].reference_id, created[-1].customer_id
        if key in await self._reader.listed([key]):
            return False
        found = await self._reader.look_up({key: customer_id}, {})
        return any(has_key(known, key) for known in found.customers.get(key, ()))

    def _may_be_sent_again(self, step: Step) -> bool:
        self._sends[step.kind, step.reference_id] += 1
        return self._sends[step.kind, step.reference_id] < SENDS

    def _record(self, found: Found) -> None:
        self._journal.conclude({step.number: outcome for step, outcome in found})

    async def _wait(self, creates: int, since: float, stop: asyncio.Event) -> bool:
        """Wait until the settle time since then has passed; whether it has."""
        start = time.time()
        # A clock set back since then must not make it longer than the settle time.
        until = min(since, start) + self._settle
        doing = f"Waiting to see whether {creates} unanswered create(s) arrived (seconds)"
        while (left := until - time.time()) > 0:
            self._progress(doing, int(time.time() - start), int(until - start) + 1)
            try:
                await asyncio.wait_for(stop.wait(), min(1.0, left))
            except TimeoutError:
                continue
            return False
        return True

    async def _there(self, steps: Sequence[Step]) -> Mapping[int, Sequence[Row]]:
        """The customers of steps as they are now: creates by referenceId, the others by id."""
        creates = [step for step in steps if step.kind is ChangeKind.CREATE]
        others = [step for step in steps if step.kind is not ChangeKind.CREATE]
        there: dict[int, Sequence[Row]] = {}
        if creates:
            found = await self._reader.look_up(
                {s.reference_id: None for s in creates},
                {s.reference_id: [*s.after, *s.lists] for s in creates},
            )
            there |= {s.number: found.customers.get(s.reference_id, ()) for s in creates}
        if others:
            ids = [step.customer_id for step in others if step.customer_id is not None]
            rows = await self._reader.by_id(ids, "Looking what became of unanswered writes")
            there |= {s.number: [rows[i]] if (i := s.customer_id) in rows else [] for s in others}
        return there


_NEVER_ANSWERED = (
    f"It was sent {SENDS} times without an answer, and the account shows no trace of it."
)


def _taken(refusal: Outcome, there: Outcome | None) -> Outcome:
    """The outcome of a create whose referenceId is taken, by what the account shows of that."""
    if there is None:
        return replace(
            refusal,
            code="exists_unseen",
            message="WizCommerce says that this referenceId is taken, but no list shows by whom: "
            f"perhaps a customer of another status, or a deleted one. ({refusal.message})",
        )
    if there.result is Result.APPLIED:
        message = "It is in the account already, as it should be."
        return replace(there, result=Result.SKIPPED, code="already_so", message=message)
    if there.code == "moved":
        message = "A customer with this referenceId exists by now, with other values."
        return replace(there, code="exists_now", message=message)
    return there
