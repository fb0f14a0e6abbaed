"""Faults: what can go wrong on purpose, at which requests, and how often it did.

How each is done stands in `striking`, `lies` and `others`; `docs/sandbox.md` shows the table below,
and a test keeps the two the same.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from wizsync.sandbox.arrivals import Arrival
from wizsync.sandbox.fault_words import Fault
from wizsync.sandbox.kinds import KINDS, Kind


@dataclass(frozen=True)
class Strike:
    """A fault that strikes a request.

    Args:
        fault: Which.
        draw: What it draws from where it has a choice: the same for the same seed and request.
    """

    fault: Fault
    draw: random.Random

    @property
    def name(self) -> str:
        """Its name in KINDS."""
        return self.fault.name

    @property
    def kind(self) -> Kind:
        """What it does."""
        return KINDS[self.fault.name]

    @property
    def seconds(self) -> float:
        """What was asked for, or what the kind has when nothing is said."""
        seconds = self.fault.seconds
        return self.kind.seconds or 0.0 if seconds is None else seconds


@dataclass
class _Standing:
    """A fault that is set, and how it went so far."""

    fault: Fault
    matched: int = 0
    struck: int = 0
    lasting: set[str] = field(default_factory=set)

    def meets(self, arrival: Arrival, seed: str) -> random.Random | None:
        """What the fault draws from, where it is this request's turn; `seed` is the request's own."""
        fault, kind = self.fault, KINDS[self.fault.name]
        if arrival.account in self.lasting:
            return random.Random(seed)  # noqa: S311 - repeatable, not secret
        if not _matches(fault, kind, arrival):
            return None
        self.matched += 1
        draw = random.Random(seed)  # noqa: S311 - repeatable, not secret
        due = draw.random() < fault.share and (not fault.nth or self.matched in fault.nth)
        spent = fault.times is not None and self.struck >= fault.times
        return draw if due and not spent else None


class Faults:
    """The faults that are set. May be used from any thread.

    Whether a fault strikes depends on the seed and on what the request is (whose account, which
    operation, which customer or query, for the how-many-th time), not on which of several requests
    at once came first; only `nth` and `times` count in the order of arrival.

    Args:
        faults: The first ones.
        seed: What all chances are drawn from.
    """

    def __init__(self, faults: Iterable[Fault] = (), seed: int = 0) -> None:
        self._lock = threading.Lock()
        self.put(faults, seed)

    def put(self, faults: Iterable[Fault], seed: int | None = None) -> None:
        """Set these in place of all others; everything is counted anew. None keeps the seed."""
        with self._lock:
            self._standing = [_Standing(fault) for fault in faults]
            self._seen: Counter[str] = Counter()
            if seed is not None:
                self._seed = seed

    def add(self, fault: Fault) -> None:
        """Set one more."""
        with self._lock:
            self._standing.append(_Standing(fault))

    def told(self) -> list[dict[str, Any]]:
        """The faults as Fault's fields, with `matched` (requests it could have struck) and `struck`."""
        with self._lock:
            return [
                each.fault.as_json() | {"matched": each.matched, "struck": each.struck}
                for each in self._standing
            ]

    def __bool__(self) -> bool:
        return bool(self._standing)

    @property
    def seed(self) -> int:
        """What all chances are drawn from."""
        return self._seed

    def strikes(self, arrival: Arrival) -> list[Strike]:
        """The faults that strike a request: of those that replace or spoil its answer, the first."""
        found: list[Strike] = []
        with self._lock:
            if not self._standing:
                return found
            identity = arrival.identity
            self._seen[identity] += 1
            for number, standing in enumerate(self._standing):
                seed = f"{self._seed} {number} {identity} {self._seen[identity]}"
                draw = standing.meets(arrival, seed)
                kind = KINDS[standing.fault.name]
                if draw is None or (kind.spoils and any(each.kind.spoils for each in found)):
                    continue
                standing.struck += 1
                if kind.lasting:
                    standing.lasting.add(arrival.account)
                found.append(Strike(standing.fault, draw))
        return found


def _matches(fault: Fault, kind: Kind, arrival: Arrival) -> bool:
    if arrival.operation not in kind.on or (fault.on and arrival.operation not in fault.on):
        return False
    if arrival.page < kind.from_page or (kind.filtered and not arrival.filtered):
        return False
    # A list of everybody is about nobody in particular; some faults then take the one that is named.
    return fault.key is None or fault.key in arrival.keys or (kind.picks and not arrival.keys)


def as_faults(words: Iterable[Fault | str | Mapping[str, Any]]) -> list[Fault]:
    """Faults from faults, words of the command line, or JSON objects.

    Raises:
        UsageError: A word or an object is none.
    """
    return [Fault.of(word) for word in words]
