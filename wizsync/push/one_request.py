"""One step: one request, and what its answer means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from types import MappingProxyType
from typing import TypedDict, cast

from wizsync.api import (
    Address,
    AllDefinitions,
    Contact,
    CustomerDetails,
    WizCommerce,
    child_create_request,
    child_update_request,
    create_request,
    update_request,
    written_child,
    written_fields,
)
from wizsync.errors import (
    ApiError,
    OutcomeUnknown,
    RequestRefused,
    Throttled,
    Unreachable,
)
from wizsync.model import ChangeKind, ChildAction, ChildOutcome, Outcome, Result, ServerWord
from wizsync.push.reader import Row, Same
from wizsync.state.protocol import ChildTarget, Step

NO_DEFINITIONS: AllDefinitions = MappingProxyType({})


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
        shown: The customer as the answer shows it with its children, where it does.
        told: What the answer told, where the request was done.
    """

    step: Step
    answer: Answer
    outcome: Outcome | None = None
    error: ApiError | None = None
    shown: Row | None = None
    told: CustomerDetails | Address | Contact | None = None


class _How(TypedDict):
    """How the client sends a write: what its methods take for it."""

    resend: bool
    repeated: bool
    looked_at: float


async def send(
    client: WizCommerce,
    step: Step,
    same: Same,
    *,
    looked_at: float,
    repeated: bool = False,
    attributes: AllDefinitions = NO_DEFINITIONS,
) -> Sent:
    """Send a step's request, once; not at all where what it rests on has become too old.

    `repeated` as of `wizsync.api`: it was sent before, and failed.
    """
    how = _How(resend=False, repeated=repeated, looked_at=looked_at)
    try:
        answer = await _request(client, step, attributes, how)
    except OutcomeUnknown as error:
        return Sent(step, Answer.UNKNOWN, error=error)
    except (Throttled, Unreachable) as error:
        return Sent(step, Answer.NOT_DONE, error=error)
    except RequestRefused as error:
        return _refused(step, error)
    except ApiError as error:
        return Sent(step, Answer.FATAL, error=error)
    return _answered(step, answer, same)


def _answered(step: Step, answer: CustomerDetails | Address | Contact | None, same: Same) -> Sent:
    if answer is None:
        return Sent(step, Answer.CONCLUDED, _outcome(step, Result.APPLIED, "done"))
    if not isinstance(answer, CustomerDetails):
        return Sent(step, Answer.CONCLUDED, _child_applied(step, answer, same), told=answer)
    shown = written_fields(answer, listed=False)
    if not _is_about(step, answer, shown, same):
        error = OutcomeUnknown("The answer was about another customer.")
        return Sent(step, Answer.UNKNOWN, error=error)
    # An answer that does not carry the lists at all tells nothing of them.
    carried = step.lists and all(getattr(answer, kind) is not None for kind in step.lists)
    outcome = _applied(step, answer, shown, same)
    return Sent(step, Answer.CONCLUDED, outcome, shown=shown if carried else None, told=answer)


async def _request(
    client: WizCommerce, step: Step, attributes: AllDefinitions, how: _How
) -> CustomerDetails | Address | Contact | None:
    customers = client.customers
    if step.kind is ChangeKind.CREATE:
        request = create_request(step.reference_id, step.after, step.lists, attributes)
        return await customers.create(request, **how)
    if step.customer_id is None:
        raise ValueError(f"a {step.kind} needs the customer's id")
    if step.child is not None:
        return await _child_request(client, step, step.child, attributes, how)
    if step.kind is ChangeKind.DELETE:
        await customers.delete(step.customer_id, **how)
        return None
    changes = update_request(step.after, step.lists, attributes)
    return await customers.update(step.customer_id, changes, **how)


async def _child_request(
    client: WizCommerce,
    step: Step,
    target: ChildTarget,
    attributes: AllDefinitions,
    how: _How,
) -> Address | Contact | None:
    """A request to a child's own endpoint."""
    endpoint = client.customers.children(target.kind, step.customer_id or "")
    if target.action is ChildAction.ADD:
        added = child_create_request(target.kind, step.after, attributes)
        answer = await endpoint.create(added, **how)
    elif target.action is ChildAction.CHANGE:
        changed = child_update_request(target.kind, step.after, attributes)
        answer = await endpoint.update(target.child_id or "", changed, **how)
    else:
        await endpoint.delete(target.child_id or "", **how)
        return None
    return cast("Address | Contact", answer)


def _child_applied(step: Step, answer: Address | Contact, same: Same) -> Outcome:
    """The outcome of a child's own write that was answered, as far as the answer alone tells."""
    target = step.child
    if target is None:
        raise ValueError("an answer of a child to a step that is about none")
    shown = written_child(target.kind, answer)
    differs = {
        name: shown.get(name, "")
        for name, value in step.after.items()
        if not same(f"{target.kind}.{name}", shown.get(name, ""), value)
    }
    blanked = [name for name, value in differs.items() if not value.strip() and name != "isDefault"]
    other = target.child_id is not None and answer.id != target.child_id
    if blanked or other:
        wrong = f"emptied {', '.join(blanked)}" if blanked else "wrote another one instead"
        message = (
            f"WizCommerce {wrong} of the {target.kind.one} {shown.get('referenceId') or answer.id}"
        )
        return _outcome(step, Result.FAILED, "child_harm", message)
    message = "WizCommerce kept other values than were sent." if differs else ""
    return replace(
        _outcome(step, Result.APPLIED, "differs" if differs else "done", message),
        children=(
            ChildOutcome(
                target.kind,
                step.after.get("referenceId", ""),
                answer.id,
                Result.APPLIED,
                "differs" if differs else "done",
                message,
                differs=differs,
            ),
        ),
    )


def _is_about(step: Step, answer: CustomerDetails, shown: Row, same: Same) -> bool:
    if step.kind is not ChangeKind.CREATE:
        return answer.id == step.customer_id
    # The server may have given ours another referenceId, and sent again it would be doubled; whom neither
    # key nor name tells to be ours is somebody else.
    sent = {**step.after, "referenceId": step.reference_id}
    return any(
        same(field, shown.get(field, ""), sent[field]) for field in ("referenceId", "companyName")
    )


def _applied(step: Step, answer: CustomerDetails, shown: Row, same: Same) -> Outcome:
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
        updated_at=answer.updated_at or "",
    )


def _refused(step: Step, error: RequestRefused) -> Sent:
    removes = step.child is not None and step.child.action is ChildAction.REMOVE
    if error.status == 404 and (removes or step.kind is ChangeKind.DELETE):
        message = "It was gone already."
        return Sent(step, Answer.CONCLUDED, _outcome(step, Result.APPLIED, "done", message))
    if error.status == 404 and step.kind is not ChangeKind.CREATE:
        what = step.child.kind.one if step.child is not None else "customer"
        message = f"The {what} is no longer in the account."
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
