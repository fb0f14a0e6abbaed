"""Driving a plan's changes through look, intent, request and outcome, batch by batch."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from wizsync.api import WizCommerce
from wizsync.errors import ApiError, GaveUp, Interrupted
from wizsync.model import Change, ChangeKind, Outcome, Progress, Result
from wizsync.push.judgement import Reader, Same, look_before, unanswered
from wizsync.push.one_request import Answer, Sent, send
from wizsync.push.recovery import Recovery
from wizsync.push.streak import LIMIT, Streak
from wizsync.state.protocol import Journal, Step

# A look-up holds 99 keys; and what was looked up is to be sent within half a minute. What waits longer,
# because the server is slow or asks for a pause, is looked up anew.
BATCH = 99
BATCH_SECONDS = 25
FRESH_SECONDS = 30

# Requests under way at once: more only slows the connection pool down.
IN_FLIGHT = 8

# Batches in a row of which nothing came, after which the run gives up, resumably.
IDLE_BATCHES = 5

DOING = "Writing"


@dataclass(frozen=True)
class Applied:
    """What an executor did.

    Args:
        outcomes: One for each change, in the order of the changes.
        error: What stopped it before the end, or None.
    """

    outcomes: tuple[Outcome, ...]
    error: ApiError | Interrupted | None = None


@dataclass(frozen=True, slots=True)
class Conduct:
    """How a run is to be conducted.

    Args:
        rate: Requests a second, for the size of a batch.
        stop: Set when no new request is to be sent.
        on_created: Told each customer that was created, referenceId to id.
        keep_going: Do not stop when the server refuses all alike.
        progress: Told how many changes are done.
    """

    rate: float
    stop: asyncio.Event
    on_created: Callable[[Mapping[str, str]], None]
    keep_going: bool = False
    progress: Progress | None = None


class Executor:
    """Applies changes to one account.

    Args:
        client: The account's client.
        reader: How the account is read meanwhile.
        journal: The run's.
        recovery: What finds out about requests that were not answered.
        same: The mapping's way of comparing.
        conduct: The rest.
    """

    def __init__(
        self,
        client: WizCommerce,
        reader: Reader,
        journal: Journal,
        recovery: Recovery,
        same: Same,
        conduct: Conduct,
    ) -> None:
        self._client = client
        self._reader = reader
        self._journal = journal
        self._recovery = recovery
        self._same = same
        self._conduct = conduct
        self._batch_size = max(1, min(BATCH, int(conduct.rate * BATCH_SECONDS)))
        self._outcomes: dict[tuple[ChangeKind, str], Outcome] = {}
        self._streak = Streak()
        self._told = 0
        self._stale_at = 0.0
        self._total = 0
        self._gate = asyncio.Semaphore(IN_FLIGHT)
        self._fatal: ApiError | None = None
        self._created: list[Step] = []

    async def run(self, changes: Sequence[Change]) -> Applied:
        """Apply changes in their order.

        Nothing is raised for what the server or the network does: it is in the answer's `error`, and
        what was not taken up is pending.
        """
        self._total = len(changes)
        error: ApiError | Interrupted | None = None
        try:
            await self._all(changes)
        except (ApiError, Interrupted) as stopped:
            error = stopped
        still_open = {(s.kind, s.reference_id) for s in self._journal.open_steps()}
        return Applied(tuple(self._outcome(change, still_open) for change in changes), error)

    def _outcome(self, change: Change, still_open: Collection[tuple[ChangeKind, str]]) -> Outcome:
        known = self._outcomes.get((change.kind, change.reference_id))
        if known is not None:
            return known
        if (change.kind, change.reference_id) in still_open:
            message = "The request was not answered, and the account does not show yet whether it was done."
            return unanswered(change, message)
        return Outcome(
            change.kind,
            change.reference_id,
            Result.PENDING,
            "not_reached",
            "The run ended before it came to this one.",
            change.customer_id,
        )

    async def _all(self, changes: Sequence[Change]) -> None:
        queue = deque(changes)
        by_key = {(change.kind, change.reference_id): change for change in changes}
        while queue:
            await self._drain(queue)
            # What is still without a trace, now that all else is done, is waited for.
            found, again = await self._recovery.settle(self._created, self._conduct.stop)
            self._take(found)
            queue.extend(by_key[step.kind, step.reference_id] for step in again)
        self._go_on()

    async def _drain(self, queue: deque[Change]) -> None:
        idle = 0
        while queue:
            told = self._told
            again = await self._batch(self._next_batch(queue))
            idle = idle + 1 if self._told == told else 0
            if idle >= IDLE_BATCHES:
                raise GaveUp(
                    f"{IDLE_BATCHES} times in a row nothing could be sent, or nothing was answered.",
                    hint="Check the connection and the service, then run again: what is done is done.",
                )
            queue.extendleft(reversed(again))

    def _next_batch(self, queue: deque[Change]) -> list[Change]:
        """The next changes of one kind, as many as one look-up holds."""
        kind = queue[0].kind
        size = sum(1 for change in islice(queue, self._batch_size) if change.kind is kind)
        return [queue.popleft() for _ in range(size)]

    async def _batch(self, batch: Sequence[Change]) -> list[Change]:
        """Look, record, send, record; the changes that are to be taken up again."""
        self._go_on()
        found = await self._reader.look_up(
            {change.reference_id: change.customer_id for change in batch},
            {change.reference_id: _fields(change) for change in batch},
        )
        self._stale_at = time.monotonic() + FRESH_SECONDS
        to_send: list[Change] = []
        for change in batch:
            outcome = look_before(change, found.customers.get(change.reference_id, ()), self._same)
            if outcome is None:
                to_send.append(change)
            else:
                self._add(outcome)
        self._go_on()
        first = self._journal.next_number()
        intended = time.time()
        steps = [_step(change, first + i, intended) for i, change in enumerate(to_send)]
        by_number = dict(zip((step.number for step in steps), to_send, strict=True))
        self._journal.intend(steps)
        again = await self._conclude(await self._send_all(steps))
        return [by_number[number] for number in again]

    def _go_on(self) -> None:
        """Stop here, where nothing is under way, if something says so."""
        if self._fatal is not None:
            raise self._fatal
        if self._conduct.stop.is_set():
            raise Interrupted(
                "Stopped. What was under way has ended; what is done is done.",
                hint="Run it again: the account is compared anew, and what is left is done then.",
            )
        refused = self._streak.reached
        if refused is not None and not self._conduct.keep_going:
            raise GaveUp(
                f"WizCommerce refused {LIMIT} changes in a row for the same reason: {refused}.",
                hint="Mend the mapping, the file or the account's settings, then run again; "
                "--keep-going sends the rest regardless.",
                reason="refused_alike",
            )

    @property
    def _stopping(self) -> bool:
        return (
            self._fatal is not None
            or self._conduct.stop.is_set()
            or (self._streak.reached is not None and not self._conduct.keep_going)
        )

    async def _send_all(self, steps: Sequence[Step]) -> list[Sent]:
        """Send steps, at most IN_FLIGHT at once; the run's first create alone, to show a mistake early."""
        lead = 1 if steps and steps[0].kind is ChangeKind.CREATE and not self._created else 0
        sent = [await self._send_one(step) for step in steps[:lead]]
        return sent + await asyncio.gather(*(self._send_one(step) for step in steps[lead:]))

    async def _send_one(self, step: Step) -> Sent:
        async with self._gate:
            if self._stopping:
                return Sent(step, Answer.NOT_DONE)
            sent = await send(self._client, step, self._same, not_after=self._stale_at)
        if sent.answer is Answer.FATAL:
            self._fatal = self._fatal or sent.error
        if sent.answer is Answer.CONCLUDED and sent.outcome is not None:
            self._add(sent.outcome)
        return sent

    def _add(self, outcome: Outcome) -> None:
        self._outcomes[outcome.kind, outcome.reference_id] = outcome
        self._streak.note(outcome)
        self._told += outcome.result is not Result.UNKNOWN
        if self._conduct.progress is not None:
            self._conduct.progress(DOING, len(self._outcomes), self._total)

    async def _conclude(self, sent: Sequence[Sent]) -> list[int]:
        """Record what is known of steps; the numbers of those that are to be taken up again."""
        by_answer: dict[Answer, list[Sent]] = {answer: [] for answer in Answer}
        for one in sent:
            by_answer[one.answer].append(one)
        concluded = [(s.step, s.outcome) for s in by_answer[Answer.CONCLUDED] if s.outcome]
        not_done = [s.step.number for s in (*by_answer[Answer.NOT_DONE], *by_answer[Answer.FATAL])]
        # First whom we created: a step that is open still can be settled, a customer that is forgotten
        # may be created once more while the lists do not show it.
        self._note_created(concluded)
        self._journal.conclude({step.number: outcome for step, outcome in concluded})
        self._journal.conclude(dict.fromkeys(not_done))
        # What follows asks the account: what could be recorded without it is recorded by now.
        found, no_trace = await self._recovery.find_out([s.step for s in by_answer[Answer.UNKNOWN]])
        self._take(found)
        self._take(await self._recovery.explain(by_answer[Answer.COLLIDED]))
        return sorted([*not_done, *no_trace])

    def _take(self, found: Sequence[tuple[Step, Outcome]]) -> None:
        """Take over what recovery found out."""
        for _, outcome in found:
            self._add(outcome)
        self._note_created(found)

    def _note_created(self, concluded: Sequence[tuple[Step, Outcome]]) -> None:
        created: dict[str, str] = {}
        for step, outcome in concluded:
            applied = outcome.result is Result.APPLIED and outcome.customer_id
            if applied and step.kind is ChangeKind.CREATE:
                self._created.append(step)
                created[step.reference_id] = outcome.customer_id or ""
        if created:
            self._conduct.on_created(created)


def _fields(change: Change) -> set[str]:
    """The fields to look at before sending; a delete looks at whatever the lists show."""
    return set() if change.kind is ChangeKind.DELETE else {f.field for f in change.fields}


def _step(change: Change, number: int, intended: float) -> Step:
    return Step(
        number=number,
        kind=change.kind,
        reference_id=change.reference_id,
        customer_id=change.customer_id,
        after={f.field: f.after for f in change.fields}
        if change.kind is not ChangeKind.DELETE
        else {},
        before=dict(change.seen),
        intended=intended,
    )
