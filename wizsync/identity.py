"""Which account a key opens: met before, met under a new key, or another one.

All accounts of WizCommerce share one address, and a key tells nothing of its account. So the state
remembers by which keys an account was met, under which target's name, and a few customers of it; an account
behind a new key is known again by them. docs/decisions/0016 tells every case.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from wizsync.api import WizCommerce
from wizsync.errors import KeyRefused, Refused, RequestRefused, Throttled, UnfitPlan
from wizsync.model import Account, Plan
from wizsync.settings import Connection, fingerprint
from wizsync.state import MetAccount, State

# Customers asked for one by one until one is found: among so many, not all are deleted by chance.
ASKED = 5

_ANOTHER = "another_account"
_SAME = (
    "The key of {target} is a new one. The account is the same as before: customers known to be in it were "
    "found again."
)
_NEW = (
    "The key of {target} opens an account that was not met before: none of the customers known at this "
    "address was found in it."
)


@dataclass(frozen=True, slots=True)
class _Behind:
    """What was found out of the account behind a key that is new.

    Args:
        met: The account met before; None: another one than all that could be asked for.
        asked: How many accounts it was compared with.
    """

    met: MetAccount | None
    asked: int


def account_of(state: State, connection: Connection) -> Account:
    """The account that a key is known to open, without asking; one of its own where it is new."""
    mark = _mark(connection, state.salt)
    met = state.accounts.of_key(mark)
    return Account(
        url=connection.identity,
        salt=state.salt.hex(),
        fingerprint=met.id if met else mark,
        target=connection.target,
        marks=met.marks if met else (mark,),
        known=met.known if met else (),
    )


def identified(
    state: State, client: WizCommerce, connection: Connection, account: Account
) -> tuple[Account, tuple[str, ...]]:
    """The account that a key opens, and remembered so; where the key is new, the account is asked.

    Args:
        state: What accounts were met.
        client: The account's client, not open.
        connection: Whom to talk to.
        account: As `account_of` has it.

    Returns:
        The account, and what a person should know of it, a sentence each.

    Raises:
        Refused: The target's name was another account until now.
        ApiError: The account, which must be asked, does not answer.
    """
    named = connection.target if connection.target != connection.identity else None
    claimed = state.accounts.of_target(named) if named else None
    if claimed is not None and claimed.url != connection.identity:
        raise _moved_target(connection.target, f"It was the account at {claimed.url} until now.")
    mark = _mark(connection, state.salt)
    notes: tuple[str, ...] = ()
    if state.accounts.of_key(mark) is None:
        others = state.accounts.at(connection.identity)
        behind = asyncio.run(_behind(client, claimed, others))
        if behind.met is not None:
            met = behind.met
            account = replace(
                account, fingerprint=met.id, marks=(*met.marks, mark), known=met.known
            )
            notes = (_SAME.format(target=connection.target),)
        elif behind.asked:
            notes = (_NEW.format(target=connection.target),)
    if claimed is not None and claimed.id != account.fingerprint:
        why = "The key that is used now opens another account than before."
        if not claimed.known:
            why = "The key is another one, and no customer is known by which the account could be told."
        raise _moved_target(connection.target, why)
    state.accounts.meet(account.fingerprint, account.url, mark, named)
    return account, notes


async def check_plan(
    client: WizCommerce, connection: Connection, account: Account, plan: Plan, *, applied: bool
) -> None:
    """Make sure, before the first write, that a plan was made for the account that is written to.

    Args:
        client: The account's client, open.
        connection: Whom to talk to.
        account: The account.
        plan: The plan.
        applied: Some of it may be done already, by which those it knows may be gone: the key it was made with
            is then enough.

    Raises:
        UnfitPlan: It was made for another one.
    """
    planned = plan.account
    if planned.url != account.url:
        raise _unfit(plan, connection)
    same = (planned.salt, planned.fingerprint) == (account.salt, account.fingerprint)
    marks = {planned.fingerprint, *planned.marks}
    key_is_known = same or _mark(connection, bytes.fromhex(planned.salt)) in marks
    ids = [*planned.known, *(change.customer_id for change in plan.changes if change.customer_id)]
    if key_is_known and (applied or not ids):
        return
    known = list(dict.fromkeys(ids))[:ASKED]
    if not await _any_there(client, known):
        raise _unfit(plan, connection, len(known))


def _mark(connection: Connection, salt: bytes) -> str:
    return fingerprint(connection.identity, connection.key, salt)


async def _behind(
    client: WizCommerce, claimed: MetAccount | None, others: Sequence[MetAccount]
) -> _Behind:
    """Look which account a new key opens."""
    async with client:
        # A key that is refused opens none, and nothing is to be remembered of it.
        await client.detect()
        candidates = [claimed] if claimed else others
        candidates = [met for met in candidates if met.known]
        if not candidates:
            return _Behind(None, 0)
        page = await client.customers.list(status="active", sort_by="created_at", sort="asc")
        listed = {customer.id for customer in page.customers}
        for met in candidates:
            if listed.intersection(met.known):
                return _Behind(met, len(candidates))
        # Of many accounts one customer each: those met latest are the likeliest.
        each = ASKED if len(candidates) == 1 else 1
        ask = [(met, one) for met in candidates[:ASKED] for one in met.known[:each]]
        for met, customer_id in ask:
            try:
                if await _any_there(client, [customer_id]):
                    return _Behind(met, len(candidates))
            except KeyRefused:
                # Good for a list, the key is refused for somebody else's customer.
                break
        return _Behind(None, len(candidates))


async def _any_there(client: WizCommerce, customer_ids: Sequence[str]) -> bool:
    """Whether one of the customers is in the account."""
    for customer_id in customer_ids:
        try:
            await client.customers.get(customer_id)
        except Throttled:
            raise
        except RequestRefused:
            continue
        return True
    return False


def _moved_target(target: str, why: str) -> Refused:
    return Refused(
        f"The target {target} stands for another account than before. {why}",
        where=f"--target {target}",
        hint="Nothing was written. If that was not meant, correct the address or the key of the target. "
        "If it was, give the target another name in wizsync.toml: what is remembered of the one account "
        "must not be used for the other.",
        reason=_ANOTHER,
    )


def _unfit(plan: Plan, connection: Connection, asked: int = 0) -> UnfitPlan:
    planned = plan.account
    why = f" None of {asked} customers that it knows is in this one." if asked else ""
    return UnfitPlan(
        f"This plan was made for another account: {planned.target} at {planned.url}.{why}",
        where=f"--target {connection.target}",
        hint="Nothing was written. Name the target (and the key) that it was made for, or plan again for "
        "this one.",
        reason=_ANOTHER,
    )
