"""A run by its name, or by the beginning of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from wizsync.errors import UsageError
from wizsync.nearest import nearest
from wizsync.state import RunEntry


def named_run(runs: Sequence[RunEntry], wanted: str, state_dir: Path) -> RunEntry:
    """The run that a person means.

    Args:
        runs: Those there are.
        wanted: Its name, or the beginning of it.
        state_dir: Where they are kept, for the message.

    Raises:
        UsageError: There is no such run, or more than one; the nearest names are said.
    """
    matching = [one for one in runs if one.run == wanted] or [
        one for one in runs if one.run.startswith(wanted)
    ]
    if len(matching) > 1:
        names = ", ".join(one.run for one in matching[:10])
        raise UsageError(f"Several runs begin so: {names}.", where=f"run {wanted}")
    if not matching:
        meant = nearest(wanted, [one.run for one in runs])
        raise UsageError(
            f"There is no run {wanted}.",
            where=str(state_dir),
            hint=f"Did you mean {meant}? `wizsync runs` lists them."
            if meant
            else "See `wizsync runs`.",
        )
    return matching[0]
