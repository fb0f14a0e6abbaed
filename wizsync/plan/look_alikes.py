"""Who looks like whom: a new customer that may be an existing one under another spelling. Pure.

Held is better than doubled: a create is held when its key differs from an account's key only by case,
punctuation, spaces or leading zeros, or when its e-mail or phone is that of a customer without
referenceId, whom nobody could have found by key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd

from wizsync.model import Change, ChangeKind, Compare, LookAlike, Snapshot, as_in_a_file
from wizsync.plan.equality import digits, email_form, same
from wizsync.plan.keys import (
    among,
    bare,
    plainest,
    without_case,
    without_leading_zeros,
    without_punctuation,
)

# As many as help a person decide.
_SHOWN = 5
# Shorter ones, and one digit over and over, are what people type for "none".
_SHORTEST_PHONE = 7


def look_alikes(
    new: pd.DataFrame, keys: pd.Series[str], snapshot: Snapshot, account_keys: pd.Series[str]
) -> dict[int, tuple[LookAlike, ...]]:
    """Whom new customers look like.

    Args:
        new: A row for each new customer; its columns `email` and `phone` are looked at, if there.
        keys: `str`, their keys, none of which the account has, aligned with `new` by position.
        snapshot: The account, complete.
        account_keys: `str`, its keys as in a Pairing.

    Returns:
        Position to whom it looks like, at most five each, by referenceId and id.
    """
    alike: dict[int, dict[int, str]] = {}
    for at, customer in _by_key(keys, account_keys):
        why = f"the same code but for {_difference(keys.iloc[at], account_keys.iloc[customer])}"
        alike.setdefault(at, {})[customer] = why
    for field, (name, clue) in _CONTACTS.items():
        if field in new and field in snapshot.customers:
            theirs = snapshot.customers[field][(account_keys == "").to_numpy(bool)]
            for at, customer in _by_contact(field, clue, new[field], theirs):
                why = f"the same {name}, and no referenceId"
                alike.setdefault(at, {}).setdefault(customer, why)
    return {at: _shown(whom, snapshot, account_keys) for at, whom in alike.items()}


def held(changes: Iterable[Change], snapshot: Snapshot) -> list[Change]:
    """Changes with those held that create somebody who looks like a customer who is there.

    Args:
        changes: The changes.
        snapshot: The account, complete.
    """
    changes = list(changes)
    creates = [at for at, one in enumerate(changes) if one.kind is ChangeKind.CREATE]
    keys = pd.Series([changes[at].reference_id for at in creates], dtype="str")
    values = [{one.field: one.after for one in changes[at].fields} for at in creates]
    new = pd.DataFrame(
        {name: pd.Series([one.get(name) for one in values], dtype="str") for name in _CONTACTS}
    )
    account_keys = snapshot.customers["referenceId"].map(as_in_a_file).astype("str")
    for at, alike in look_alikes(new, keys, snapshot, account_keys).items():
        changes[creates[at]] = replace(changes[creates[at]], held_for=alike)
    return changes


def twins(keys: pd.Series[str]) -> list[tuple[str, ...]]:
    """New customers whose keys look like one another: each group in order, the groups by their first."""
    groups = set()
    for forms in bare(keys):
        alike = forms.duplicated(keep=False).to_numpy(bool)
        by_form = keys[alike].groupby(forms[alike], sort=False)
        groups |= {tuple(sorted(group)) for _, group in by_form}
    return sorted(groups)


def _shown(
    whom: Mapping[int, str], snapshot: Snapshot, account_keys: pd.Series[str]
) -> tuple[LookAlike, ...]:
    customers = snapshot.customers.iloc[list(whom)]
    names = customers["companyName"].fillna("") if "companyName" in customers else [""] * len(whom)
    all_of_them = map(
        LookAlike, customers["id"], account_keys.iloc[list(whom)], names, whom.values()
    )
    in_order = sorted(all_of_them, key=lambda one: (one.reference_id, one.customer_id))
    return tuple(in_order[:_SHOWN])


# --- by key -------------------------------------------------------------------------------------


_DIFFERENCES: Mapping[str, Callable[[pd.Series[str]], pd.Series[str]]] = {
    "case": without_case,
    "punctuation or spaces": without_punctuation,
    "leading zeros": without_leading_zeros,
}


def _difference(left: str, right: str) -> str:
    for name, without in _DIFFERENCES.items():
        if without(pd.Series([left, right], dtype="str")).nunique() == 1:
            return name
    return "case, punctuation, spaces or leading zeros"


def _by_key(keys: pd.Series[str], account_keys: pd.Series[str]) -> Iterator[tuple[int, int]]:
    # The forms of a million keys take a second: most are told by a plain one that alike keys share.
    near = np.flatnonzero(among(plainest(account_keys), plainest(keys).tolist()))
    for ours, theirs in zip(bare(keys), bare(account_keys.iloc[near]), strict=True):
        by_form: dict[str, list[int]] = {}
        for customer in np.flatnonzero(among(theirs, ours[ours != ""].tolist())).tolist():
            by_form.setdefault(theirs.iloc[customer], []).append(int(near[customer]))
        for at in np.flatnonzero(among(ours, by_form)).tolist():
            for customer in by_form[ours.iloc[at]][:_SHOWN]:
                yield at, customer


# --- by e-mail and phone ------------------------------------------------------------------------


def _email_clue(email: str) -> str:
    return email_form(email) if "@" in email else ""


def _phone_clue(phone: str) -> str:
    """The last digits, which equal phones share however they are written."""
    dialled = digits(phone)
    telling = len(dialled) >= _SHORTEST_PHONE and len(set(dialled)) > 1
    return dialled[-_SHORTEST_PHONE:] if telling else ""


# Field to what people call it, and a text that equal values share; "" of what tells nobody apart.
_CONTACTS: Mapping[str, tuple[str, Callable[[str], str]]] = {
    "email": ("e-mail", _email_clue),
    "phone": ("phone", _phone_clue),
}


def _by_contact(
    field: str, clue: Callable[[str], str], ours: pd.Series[str], theirs: pd.Series[str]
) -> Iterator[tuple[int, int]]:
    """Pairs of the same value: a position in `ours`, and the label in `theirs`."""
    asked = ours.fillna("")
    clues = {value: clue(value) for value in asked.unique()}
    wanted = set(clues.values()) - {""}
    if not wanted:
        return
    by_clue: dict[str, dict[str, list[int]]] = {}
    for value, group in _grouped(theirs):
        if (shared := clue(value)) in wanted:
            by_clue.setdefault(shared, {})[value] = group

    @cache
    def whom(value: str) -> list[int]:
        candidates = by_clue.get(clues[value], {})
        found = (
            customer
            for their, customers in candidates.items()
            if same(field, value, their, Compare())
            for customer in customers
        )
        return sorted(found)[:_SHOWN]

    for at, value in enumerate(asked):
        for customer in whom(value):
            yield at, customer


def _grouped(values: pd.Series[str]) -> Iterator[tuple[str, list[int]]]:
    """Each distinct value with the labels that have it."""
    filled = values.fillna("")
    for value, group in filled.groupby(filled, sort=False):
        yield str(value), group.index.tolist()
