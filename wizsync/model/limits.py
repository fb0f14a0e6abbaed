"""The guards' names, and their limits where nobody says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# What the guards are called, by which a mapping (with `max_` before) and `--allow` set their limits.
GUARDS = (
    "deletes",
    "children_removed",
    "shrink",
    "account_shrink",
    "empty_account",
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
    """A guard's limit: a count, a share (0 to 1), or both, the smaller then; neither: no limit.

    Args:
        count: So many at most.
        share: At most this part of the whole.
        plan: Of an allowance, how the digest of the only plan begins for which it holds; "" any.
    """

    count: int | None = None
    share: float | None = None
    plan: str = ""


# A guard that is missing here has no limit.
DEFAULT_LIMITS: Mapping[str, Limit] = {
    "deletes": Limit(count=10, share=0.10),
    "children_removed": Limit(share=0.05),
    "shrink": Limit(share=0.20),
    "account_shrink": Limit(share=0.10),
    "empty_account": Limit(count=0),
    "updates": Limit(share=0.5),
    "erased": Limit(share=0.05),
}
