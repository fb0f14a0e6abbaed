"""Customers in scope that the file does not name, and whether anything may happen to them. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from wizsync.errors import UnfitFile
from wizsync.model import AbsentPolicy, Desired, Mode, Rules, Snapshot
from wizsync.plan.changes import company_names
from wizsync.plan.keys import among, bare
from wizsync.plan.pairing import Pairing

_TOUCHES = (AbsentPolicy.DELETE, AbsentPolicy.SET)


@dataclass(frozen=True)
class Scoped:
    """The account's customers that the mapping is responsible for.

    Args:
        inside: bool (m,), those in scope: inactive ones only where the file names them.
        absent: Positions of those that the file does not name, active, each with a key of its own.
        touchable: Those of `absent` that may be deleted or set.
        doubled: Positions of those that the file does not name and that share a key.
        notes: Why some may not be touched, a sentence each.
    """

    inside: npt.NDArray[np.bool_]
    absent: npt.NDArray[np.intp]
    touchable: npt.NDArray[np.intp]
    doubled: npt.NDArray[np.intp]
    notes: tuple[str, ...]

    def names(self, snapshot: Snapshot, pairing: Pairing) -> tuple[tuple[str, str], ...]:
        """The referenceId and name of the absent ones, by referenceId."""
        keys = pairing.keys.iloc[self.absent]
        return tuple(sorted(zip(keys, company_names(snapshot, self.absent), strict=True)))


def policy_of(desired: Desired, rules: Rules) -> AbsentPolicy:
    """What may become of absent customers by this file.

    A list of deletes names whom it is about, and so does a file of mended rows: neither says anything
    of customers that it does not name.
    """
    if rules.mode is Mode.DELETE_LISTED or desired.mended_run is not None:
        return AbsentPolicy.IGNORE
    return rules.absent.policy


def rests_on_absence(desired: Desired, rules: Rules, shown: Collection[str]) -> bool:
    """Whether somebody would be created or deleted, given whose keys the account's lists show.

    Args:
        desired: The customers that should exist.
        rules: What the mapping says.
        shown: The referenceIds that the lists show, as files have them.
    """
    there = among(desired.keys, shown)
    actions = desired.actions
    creates = actions.isin([Mode.CREATE, Mode.UPSERT]).to_numpy(bool) & ~there
    deletes = (actions == Mode.DELETE_LISTED).to_numpy(bool) & there
    if creates.any() or deletes.any():
        return True
    if policy_of(desired, rules) is not AbsentPolicy.DELETE:
        return False
    keys = pd.Series(list(shown), dtype="str")
    unnamed = rules.scope.contains(keys).to_numpy(bool) & ~among(keys, desired.present)
    return bool(unnamed.any())


def scoped(desired: Desired, snapshot: Snapshot, rules: Rules, pairing: Pairing) -> Scoped:
    """Who is in scope and who of them is absent.

    Raises:
        UnfitFile: The file names nobody, and absent customers would be deleted or changed.
    """
    policy = policy_of(desired, rules)
    if policy in _TOUCHES and not desired.present and not desired.keys_unread:
        raise UnfitFile(
            "The file names no customer at all, so every customer in scope would count as absent.",
            where=desired.table.source.path,
            hint="Bring the whole file, or use `absent: ignore` in the mapping.",
        )
    named = np.zeros(len(pairing.keys), dtype=np.bool_)
    named[pairing.found[pairing.found >= 0]] = True
    rest = np.flatnonzero(~named)
    named[rest] = among(pairing.keys.iloc[rest], desired.present)
    active = (snapshot.customers["status"] == "active").to_numpy(bool)
    inside = rules.scope.contains(pairing.keys).to_numpy(bool) & (active | named)
    if policy is AbsentPolicy.IGNORE:
        nobody = np.array([], dtype=np.intp)
        return Scoped(inside, nobody, nobody, nobody, ())
    unnamed = inside & ~named
    absent = np.flatnonzero(unnamed & ~pairing.doubled)
    touchable, notes = absent, []
    if policy in _TOUCHES and (why := _why_none(desired, snapshot)):
        touchable, notes = absent[:0], [f"Nothing is done about absent customers: {why}."]
    elif policy in _TOUCHES:
        present = pd.Series(list(desired.present), dtype="str")
        forms = zip(bare(pairing.keys.iloc[absent]), bare(present), strict=True)
        alike = np.logical_or.reduce([among(theirs, ours) for theirs, ours in forms])
        touchable = absent[~alike]
        notes = [_left_alone(int(alike.sum()))] if alike.any() else []
    return Scoped(
        inside, absent, touchable, np.flatnonzero(unnamed & pairing.doubled), tuple(notes)
    )


def _why_none(desired: Desired, snapshot: Snapshot) -> str:
    """Why nobody may be touched for being absent, or ""."""
    if desired.keys_unread:
        rows = "1 row" if desired.keys_unread == 1 else f"{desired.keys_unread:,} rows"
        return f"the referenceId of {rows} cannot be read, and might be theirs"
    if not snapshot.complete:
        return "the account was not read to its end"
    return ""


def _left_alone(number: int) -> str:
    customers = "1 absent customer is" if number == 1 else f"{number:,} absent customers are"
    return f"{customers} left alone: the file has a referenceId that looks almost the same."
