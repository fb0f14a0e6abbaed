"""One step: one request, and what its answer means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from wizsync.api import WizCommerce, create_request, update_request, written_fields
from wizsync.api.models import CustomerDetails
from wizsync.errors import (
    ApiError,
    OutcomeUnknown,
    RequestRefused,
    Throttled,
    Unreachable,
)
from wizsync.model import ChangeKind, Outcome, Result, ServerWord
from wizsync.push.judgement import Same
from wizsync.state.protocol import Step


class Answer(Enum):
    """What an answer lets us know."""

    CONCLUDED = auto()
    NOT_DONE = auto()
    COLLIDED = auto()
    UNKNOWN = auto()
    FATAL = auto()


@dataclass(frozen=True, slots=True)
class Sent:
    """A step after its request.

    Args:
        step: The step.
        answer: What is known: concluded with `outcome`; certainly not done and free to be sent anew;
            refused because the referenceId is taken; unknown; or a failure that concerns all requests.
        outcome: Where concluded or collided.
        error: What went wrong, where it is not concluded.
    """

    step: Step
    answer: Answer
    outcome: Outcome | None = None
    error: ApiError | None = None


async def send(client: WizCommerce, step: Step, same: Same, *, not_after: float) -> Sent:
    """Send a step's request, once; not at all where its turn comes after a moment of `time.monotonic`."""
    try:
        answer = await _request(client, step, not_after)
    except OutcomeUnknown as error:
        return Sent(step, Answer.UNKNOWN, error=error)
    except (Throttled, Unreachable) as error:
        return Sent(step, Answer.NOT_DONE, error=error)
    except RequestRefused as error:
        return _refused(step, error)
    except ApiError as error:
        return Sent(step, Answer.FATAL, error=error)
    return _answered(step, answer, same)


def _answered(step: Step, answer: CustomerDetails | None, same: Same) -> Sent:
    if answer is None:
        return Sent(step, Answer.CONCLUDED, _outcome(step, Result.APPLIED, "done"))
    if not _is_about(step, answer, same):
        error = OutcomeUnknown("The answer was about another customer.")
        return Sent(step, Answer.UNKNOWN, error=error)
    return Sent(step, Answer.CONCLUDED, _applied(step, answer, same))


async def _request(client: WizCommerce, step: Step, not_after: float) -> CustomerDetails | None:
    customers = client.customers
    if step.kind is ChangeKind.CREATE:
        request = create_request(step.reference_id, step.after)
        return await customers.create(request, resend=False, not_after=not_after)
    if step.customer_id is None:
        raise ValueError(f"a {step.kind} needs the customer's id")
    if step.kind is ChangeKind.DELETE:
        await customers.delete(step.customer_id, resend=False, not_after=not_after)
        return None
    changes = update_request(step.after)
    return await customers.update(step.customer_id, changes, resend=False, not_after=not_after)


def _is_about(step: Step, answer: CustomerDetails, same: Same) -> bool:
    if step.kind is not ChangeKind.CREATE:
        return answer.id == step.customer_id
    # The server may have given ours another referenceId, and sent again it would be doubled; whom neither
    # key nor name tells to be ours is somebody else.
    shown = {"referenceId": "", **written_fields(answer, listed=False)}
    sent = {**step.after, "referenceId": step.reference_id}
    return any(
        same(field, shown.get(field, ""), sent[field]) for field in ("referenceId", "companyName")
    )


def _applied(step: Step, answer: CustomerDetails, same: Same) -> Outcome:
    shown = written_fields(answer, listed=False)
    differs: Mapping[str, str] = {
        field: shown.get(field, "")
        for field, value in step.after.items()
        if not same(field, shown.get(field, ""), value)
    }
    message = "WizCommerce kept other values than were sent." if differs else ""
    kept = shown.get("referenceId", "")
    if step.kind is ChangeKind.CREATE and not same("referenceId", kept, step.reference_id):
        differs = {**differs, "referenceId": kept}
        message = f"It was created, but with another referenceId: {kept or 'none'}."
    return Outcome(
        kind=step.kind,
        reference_id=step.reference_id,
        result=Result.APPLIED,
        code="differs" if differs else "done",
        message=message,
        customer_id=answer.id,
        differs=differs,
    )


def _refused(step: Step, error: RequestRefused) -> Sent:
    if error.status == 404 and step.kind is ChangeKind.DELETE:
        message = "It was gone already."
        return Sent(step, Answer.CONCLUDED, _outcome(step, Result.APPLIED, "done", message))
    if error.status == 404 and step.kind is not ChangeKind.CREATE:
        message = "The customer is no longer in the account."
        return Sent(step, Answer.CONCLUDED, _outcome(step, Result.CONFLICT, "gone", message))
    words = tuple(ServerWord(detail.field, detail.reason) for detail in error.details)
    outcome = _outcome(step, Result.FAILED, "refused", error.message, words)
    collided = error.status == 409 and step.kind is ChangeKind.CREATE
    return Sent(step, Answer.COLLIDED if collided else Answer.CONCLUDED, outcome, error)


def _outcome(
    step: Step, result: Result, code: str, message: str = "", words: tuple[ServerWord, ...] = ()
) -> Outcome:
    return Outcome(
        kind=step.kind,
        reference_id=step.reference_id,
        result=result,
        code=code,
        message=message,
        customer_id=step.customer_id,
        words=words,
    )
