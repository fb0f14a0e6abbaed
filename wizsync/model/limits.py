"""The guards' names, and their limits where nobody says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# What the guards are called, by which a mapping (with `max_` before) and `--allow` set their limits.
GUARDS = (
    "deletes",
    "children_removed",
    "shrink",
    "updates",
    "creates",
    "erased",
    "rejected",
    "look_alikes",
    "child_moves",
)

# Those that hold back what may be meant, and of which an allowance alone lets all through.
HELD = frozenset({"look_alikes", "child_moves"})


@dataclass(frozen=True, slots=True)
class Limit:
    """A guard's limit: a count, a share (0 to 1), or both, the smaller then; neither: no limit."""

    count: int | None = None
    share: float | None = None


# A guard that is missing here has no limit.
DEFAULT_LIMITS: Mapping[str, Limit] = {
    "deletes": Limit(count=10, share=0.10),
    "children_removed": Limit(share=0.05),
    "shrink": Limit(share=0.20),
    "updates": Limit(share=0.5),
    "erased": Limit(share=0.05),
}
