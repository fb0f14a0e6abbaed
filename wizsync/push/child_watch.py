"""Watching what an account makes of writes of addresses and contacts.

How an account combines lists, and whether a child's own write leaves its siblings alone, is not documented.
So the first write of each sort goes alone and the customer is looked at again; every later answer that shows
the children is compared as well. The first result other than the one meant ends all of them for the run.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from wizsync.errors import ApiError
from wizsync.model import ChangeKind, ChildKind, Outcome, Result
from wizsync.push.children import harm
from wizsync.push.one_request import Answer, Sent
from wizsync.push.reader import Reader, Row, Same
from wizsync.state.protocol import Step


@dataclass(frozen=True, slots=True)
class Harm:
    """What an account did otherwise than was meant.

    Args:
        reference_id: The customer's key.
        message: What, a sentence without its full stop.
    """

    reference_id: str
    message: str


class ChildWatch:
    """Sends writes of children as long as their results are as meant.

    Args:
        reader: How the account is read.
        same: How values are compared.
    """

    def __init__(self, reader: Reader, same: Same) -> None:
        self._reader = reader
        self._same = same
        self._alone = asyncio.Lock()
        self._tried: set[str] = set()
        self.harm: Harm | None = None

    def remember(self, concluded: Sequence[tuple[Step, Outcome]]) -> None:
        """Take over the harm that was met before, in a run that is taken up again."""
        for step, outcome in concluded:
            if outcome.code == "child_harm" and self.harm is None:
                self.harm = Harm(step.reference_id, "It did so before the run was interrupted")

    async def send(self, step: Step, now: Row, request: Callable[[Step], Awaitable[Sent]]) -> Sent:
        """Send a step that writes children, and compare what comes of it with what was meant.

        Args:
            step: The step.
            now: The customer right before it.
            request: Sends it.
        """
        sort = _sort(step)
        if sort in self._tried:
            return await self._send(step, now, request, look=False)
        async with self._alone:
            first = sort not in self._tried
            sent = await self._send(step, now, request, look=first)
            if first and _is_applied(sent) and sent.shown is not None:
                self._tried.add(sort)
            return sent

    async def _send(
        self, step: Step, now: Row, request: Callable[[Step], Awaitable[Sent]], *, look: bool
    ) -> Sent:
        if self.harm is not None:
            return Sent(step, Answer.CONCLUDED, _held(step, self.harm))
        sent = await request(step)
        if sent.outcome is not None and sent.outcome.code == "child_harm":
            look = True
        elif not _is_applied(sent):
            return sent
        if look and sent.shown is None:
            sent = replace(sent, shown=await self._look(sent))
        return self._judged(sent, now)

    async def _look(self, sent: Sent) -> Row | None:
        """The customer after a write; None: it could not be read."""
        customer_id = sent.outcome and sent.outcome.customer_id
        try:
            there = await self._reader.by_id([customer_id or ""], "Looking what became of a write")
        except ApiError:
            return None
        return there.get(customer_id or "")

    def _judged(self, sent: Sent, now: Row) -> Sent:
        """The step's answer, told as harm where the account shows another result than was meant."""
        outcome = sent.outcome
        if outcome is None:
            return sent
        if sent.step.kind is ChangeKind.CREATE:
            now = dict.fromkeys(ChildKind, "")
        message = outcome.message if outcome.code == "child_harm" else None
        if sent.shown is not None:
            message = harm(sent.step, now, sent.shown, self._same) or message
        if message is None:
            return sent
        self.harm = self.harm or Harm(sent.step.reference_id, message)
        told = replace(
            outcome,
            result=Result.FAILED,
            code="child_harm",
            message=f"WizCommerce did something else than was asked. {message}.",
            now=_children_of(sent.shown or {}),
            before=_children_of(now),
        )
        return replace(sent, outcome=told)


def _sort(step: Step) -> str:
    """What writes of children are alike in: the request, and whether it adds, changes or removes."""
    return (
        f"{step.child.action} of its own" if step.child is not None else f"{step.kind} with lists"
    )


def _is_applied(sent: Sent) -> bool:
    return sent.outcome is not None and sent.outcome.result is Result.APPLIED


def _held(step: Step, first: Harm) -> Outcome:
    return Outcome(
        step.kind,
        step.reference_id,
        Result.SKIPPED,
        "children_held",
        "Not written: WizCommerce did something else than was asked with the addresses or contacts of "
        f"{first.reference_id}, so that no more of them are written in this run.",
        step.customer_id,
    )


def _children_of(fields: Row) -> dict[str, str]:
    """The children among a customer's fields."""
    return {name: text for name, text in fields.items() if name.startswith(tuple(ChildKind))}
