"""Driving a plan's changes through look, intent, request and outcome, batch by batch."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice

from wizsync.api import TooLate, WizCommerce
from wizsync.errors import ApiError, GaveUp, Interrupted, OutcomeUnknown, Unreachable, UnsoundRead
from wizsync.model import Change, ChangeKind, Outcome, Result
from wizsync.push.child_watch import ChildWatch
from wizsync.push.children import after_step
from wizsync.push.conduct import Applied, Conduct
from wizsync.push.judgement import look_before
from wizsync.push.one_request import Answer, Sent, send
from wizsync.push.outcomes import Outcomes, Work
from wizsync.push.reader import Reader, Row, Same
from wizsync.push.recovery import Recovery
from wizsync.push.standing import Key, Standing, key_of
from wizsync.push.steps import fields_to_read, read_whole, steps_of
from wizsync.push.streak import LIMIT
from wizsync.state.protocol import ChildTarget, Journal, Step

# A look-up holds 99 keys; and what was looked up is to be sent within half a minute. What waits longer,
# because the server is slow or asks for a pause, the client does not send, and it is looked up anew.
BATCH = 99
BATCH_SECONDS = 25

# Requests under way at once: more only slows the connection pool down.
IN_FLIGHT = 8

# Batches in a row of which nothing came, after which the run gives up, resumably.
IDLE_BATCHES = 5

DOING = "Writing"


def batch_size(rate: float) -> int:
    """How many changes are looked up at once, at so many requests a second."""
    return max(1, min(BATCH, int(rate * BATCH_SECONDS)))


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
        self._watch = ChildWatch(reader, same)
        self._outcomes = Outcomes(self._tell_created, self._tell_progress)
        self._looked_at = 0.0
        self._total = 0
        self._gate = asyncio.Semaphore(IN_FLIGHT)
        self._fatal: ApiError | None = None
        # What was sent and failed, so that to send it anew counts as a retry.
        self._failed: set[tuple[Key, ChildTarget | None]] = set()

    async def run(self, changes: Sequence[Change], before: Standing | None = None) -> Applied:
        """Apply changes in their order.

        Nothing is raised for what the server or the network does: it is in the answer's `error`, and
        what was not taken up is pending.

        Args:
            changes: The changes.
            before: Where they stand, if they were begun before: what is over is not taken up again, nor is
                what the journal has without an answer.
        """
        self._total = len(changes)
        error: ApiError | Interrupted | None = None
        try:
            await self._all(self._left_of(changes, before) if before else changes)
        except (ApiError, Interrupted) as stopped:
            error = stopped
        except asyncio.CancelledError:
            if not self._conduct.stop.overdue:
                raise
            error = self._conduct.stop.cut_off()
        waiting = self._waiting()
        outcomes = tuple(self._outcomes.of(change, waiting) for change in changes)
        return Applied(outcomes, error, self._warnings())

    def _left_of(self, changes: Sequence[Change], before: Standing) -> list[Change]:
        """The changes that are still to be taken up; what was concluded of the others is taken over."""
        for change in changes:
            self._watch.remember(before.parts.get(key_of(change), ()))
        return self._outcomes.left_of(changes, before, self._waiting())

    def _waiting(self) -> set[Key]:
        """The changes of which a request has no answer yet."""
        return set(map(key_of, self._journal.open_steps()))

    def _tell_created(self, created: Mapping[str, str]) -> None:
        self._conduct.on_created(created)

    def _tell_progress(self, done: int) -> None:
        if self._conduct.progress is not None:
            self._conduct.progress(DOING, done, self._total)

    def _warnings(self) -> tuple[str, ...]:
        harm = self._watch.harm
        if harm is None:
            return ()
        warning = (
            "WizCommerce did something else than was asked with the addresses or contacts of "
            f"{harm.reference_id}: {harm.message}. No more of them were written in this run. Look at that "
            "customer, then try `wizsync doctor --probe-children`."
        )
        return (warning,)

    async def _all(self, changes: Sequence[Change]) -> None:
        queue = deque(changes)
        by_key = {key_of(change): change for change in changes}
        while queue:
            await self._drain(queue)
            # What is still without a trace, now that all else is done, is waited for.
            created = [step for step, _ in self._outcomes.created.values()]
            found, again = await self._recovery.settle(created, self._conduct.stop)
            queue.extend(self._outcomes.take(found))
            queue.extend(by_key[key_of(step)] for step in again)
        self._go_on()
        await self._look_for_doubles()

    async def _look_for_doubles(self) -> None:
        """Look once more at whom this run created: none of them may be there twice."""
        created = self._outcomes.created
        ids = {key: customer_id for key, (_, customer_id) in created.items()}
        doubled = await self._recovery.doubled(ids, self._conduct.stop)
        for key, there in doubled.items():
            self._outcomes.note_doubled(key, there)

    async def _drain(self, queue: deque[Change]) -> None:
        idle = 0
        while queue:
            told = self._outcomes.told
            again = await self._batch(self._next_batch(queue))
            idle = idle + 1 if self._outcomes.told == told else 0
            if idle >= IDLE_BATCHES:
                raise GaveUp(
                    f"{IDLE_BATCHES} times in a row nothing could be sent, or nothing was answered.",
                    hint="Check the connection and the service, then run again: what is done is done.",
                )
            queue.extendleft(reversed(again))

    def _next_batch(self, queue: deque[Change]) -> list[Change]:
        """The next changes of one kind, as many as one look-up holds, and as leave while it is fresh."""
        kind = queue[0].kind
        most = batch_size(self._conduct.rate())
        size = sum(1 for change in islice(queue, most) if change.kind is kind)
        return [queue.popleft() for _ in range(size)]

    async def _batch(self, batch: Sequence[Change]) -> list[Change]:
        """Look, record, send, record; the changes that are to be taken up again."""
        self._go_on()
        found = await self._reader.look_up(
            {change.reference_id: change.customer_id for change in batch},
            {change.reference_id: fields_to_read(change) for change in batch},
            frozenset(change.reference_id for change in batch if read_whole(change)),
        )
        self._looked_at = time.monotonic()
        works: list[Work] = []
        for change in batch:
            there = found.customers.get(change.reference_id, ())
            outcome = look_before(change, there, self._same, overwrite=self._conduct.overwrite)
            if outcome is None:
                works.append(self._work(change, there[0] if there else None))
            else:
                self._outcomes.finish(change, outcome)
        self._go_on()
        self._check_ceilings(works)
        self._number(works)
        self._journal.intend([step for work in works for step in work.steps])
        try:
            sent = await self._send_all(works)
        except asyncio.CancelledError:
            # The others stay open.
            self._record([one for work in works for one in work.concluded])
            raise
        return await self._conclude(sent, works)

    def _work(self, change: Change, now: Row | None) -> Work:
        steps = steps_of(
            change,
            now,
            self._same,
            in_lists=self._conduct.children_in_lists,
            overwrite=self._conduct.overwrite,
        )
        return self._outcomes.begin(change, steps, now)

    def _check_ceilings(self, works: Sequence[Work]) -> None:
        """Stop where more would be sent than the plan has that was let through: a defect, wherever it is."""
        beyond = self._conduct.exceeding(work.change for work in works)
        if beyond:
            raise GaveUp(
                f"It stopped before it would have sent {beyond}: this is a defect in wizsync.",
                hint="Please report it, with the run's folder.",
                reason="beyond_plan",
            )

    def _number(self, works: Sequence[Work]) -> None:
        """Number the steps in the order in which they are sent."""
        number, intended = self._journal.next_number(), time.time()
        for work in works:
            work.steps = [
                replace(step, number=number + place, intended=intended)
                for place, step in enumerate(work.steps)
            ]
            number += len(work.steps)

    def _go_on(self) -> None:
        """Stop here, where nothing is under way, if something says so."""
        if self._fatal is not None:
            raise self._fatal
        if self._conduct.stop.is_set():
            raise Interrupted("Stopped. What was under way has ended; what is done is done.")
        refused = self._outcomes.refused_alike
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
            or (self._outcomes.refused_alike is not None and not self._conduct.keep_going)
        )

    async def _send_all(self, works: Sequence[Work]) -> list[Sent]:
        """Send changes, at most IN_FLIGHT at once; the run's first create alone, to show a mistake early."""
        sent: list[Sent] = []
        if works and works[0].change.kind is ChangeKind.CREATE and not self._outcomes.created:
            lead, *works = works
            sent = await self._send_work(lead)
            if not await self._is_account_believed(lead):
                behind = (step for work in works for step in work.steps)
                return [*sent, *(Sent(step, Answer.NOT_DONE) for step in behind)]
        for some in await asyncio.gather(*(self._send_work(work) for work in works)):
            sent += some
        return sent

    async def _is_account_believed(self, lead: Work) -> bool:
        """Whether an account is believed that showed nobody: its lists show whom this run has just created.

        Nothing else tells a new account from one whose lists are empty whenever they are asked, and whose
        customers would all be there twice.
        """
        if not self._reader.showed_nobody:
            return True
        key = lead.change.reference_id
        if not lead.concluded or lead.concluded[-1][1].result is not Result.APPLIED:
            return False
        try:
            if await self._recovery.is_shown(key, self._conduct.stop):
                return True
        except ApiError as error:
            self._fatal = error
            return False
        self._fatal = UnsoundRead(
            f"The account's lists showed no customer at all, and do not show {key} either, who was just "
            "created: they cannot be believed, and no more customers are created.",
            hint="Look into the account. If it is new and only slow, run again with a longer WIZSYNC_SETTLE.",
        )
        return False

    async def _send_work(self, work: Work) -> list[Sent]:
        """Send a change's steps one after the other; where one is not done, the rest stays behind."""
        sent: list[Sent] = []
        async with self._gate:
            for step in work.steps:
                one = await self._send_one(step, work.now)
                sent.append(one)
                if one.answer is not Answer.CONCLUDED or one.outcome is None:
                    break
                work.concluded.append((step, one.outcome))
                if one.outcome.result is not Result.APPLIED:
                    break
                work.now = one.shown or after_step(step, work.now, _child_id(step, one.outcome))
        if work.is_over:
            self._outcomes.close(work)
        behind = work.steps[len(sent) :]
        return [*sent, *(Sent(step, Answer.NOT_DONE) for step in behind)]

    async def _send_one(self, step: Step, now: Row) -> Sent:
        if self._stopping:
            return Sent(step, Answer.NOT_DONE)
        if step.child is not None or step.lists:
            sent = await self._watch.send(step, now, self._request)
        else:
            sent = await self._request(step)
        if sent.answer is Answer.FATAL:
            self._fatal = self._fatal or sent.error
        return sent

    async def _request(self, step: Step) -> Sent:
        what = (key_of(step), step.child)
        before = self._reader.take(step.customer_id)
        sent = await send(
            self._client,
            step,
            self._same,
            attributes={**self._reader.attributes, **self._conduct.attributes},
            looked_at=self._looked_at,
            repeated=what in self._failed,
        )
        if sent.told is not None and sent.outcome and sent.outcome.result is Result.APPLIED:
            # With a new default the old one has changed as well, or has not.
            is_default_moved = step.child is not None and step.child.default_before is not None
            self._reader.answered(sent.told, None if is_default_moved else before)
        if isinstance(sent.error, OutcomeUnknown | Unreachable):
            if not isinstance(sent.error, TooLate):
                self._failed.add(what)
        else:
            self._failed.discard(what)
        return sent

    async def _conclude(self, sent: Sequence[Sent], works: Sequence[Work]) -> list[Change]:
        """Record what is known of steps; the changes that are to be taken up again."""
        by_answer: dict[Answer, list[Sent]] = {answer: [] for answer in Answer}
        for one in sent:
            by_answer[one.answer].append(one)
        concluded = [(s.step, s.outcome) for s in by_answer[Answer.CONCLUDED] if s.outcome]
        not_done = [s.step.number for s in (*by_answer[Answer.NOT_DONE], *by_answer[Answer.FATAL])]
        self._record(concluded)
        self._journal.conclude(dict.fromkeys(not_done))
        # What follows asks the account: what could be recorded without it is recorded by now.
        found, no_trace = await self._recovery.find_out([s.step for s in by_answer[Answer.UNKNOWN]])
        collided = await self._recovery.explain(by_answer[Answer.COLLIDED])
        again = {
            key_of(change)
            for change in (*self._outcomes.take(found), *self._outcomes.take(collided))
        }
        unknown = {s.step.number for s in by_answer[Answer.UNKNOWN]} - set(no_trace)
        for work in works:
            waits = any(step.number in unknown for step in work.steps)
            if not work.is_over and not waits:
                self._outcomes.keep(work)
                again.add(key_of(work.change))
        return [work.change for work in works if key_of(work.change) in again]

    def _record(self, concluded: Sequence[tuple[Step, Outcome]]) -> None:
        # First whom we created: a step that is open still can be settled, a customer that is forgotten
        # may be created once more while the lists do not show it.
        self._outcomes.note_created(concluded)
        self._journal.conclude({step.number: outcome for step, outcome in concluded})


def _child_id(step: Step, outcome: Outcome) -> str | None:
    """The id of the child that a step was about, an added one's new one."""
    if outcome.children:
        return outcome.children[0].child_id
    return step.child.child_id if step.child is not None else None
