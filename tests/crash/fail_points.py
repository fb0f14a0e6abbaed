"""Chosen points of a run at which its process is killed: before and after every durable step."""

from __future__ import annotations

import functools
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

# What makes something last, by the module and the name it is called under.
DURABLE = {
    "begin": "wizsync.state.sqlite:SqliteState.begin",
    "update": "wizsync.state.sqlite:SqliteState.update",
    "agree": "wizsync.state.sqlite:SqliteState.agree",
    "remember": "wizsync.state.sqlite:SqliteState.remember",
    "note_created": "wizsync.state.sqlite:SqliteState.note_created",
    "forget_created": "wizsync.state.sqlite:SqliteState.forget_created",
    "note_kept": "wizsync.state.sqlite:SqliteState.note_kept",
    "intend": "wizsync.state.journal:SqliteJournal.intend",
    "conclude": "wizsync.state.journal:SqliteJournal.conclude",
    "plan": "wizsync.plan:write_plan",
    "reports": "wizsync.run:write_reports",
}


@dataclass(frozen=True)
class FailPoint:
    """Where a process kills itself.

    Args:
        step: One of DURABLE.
        after: After the step, and not before it.
        nth: At the how-manieth time it comes by.
    """

    step: str
    after: bool
    nth: int = 1


def arm(point: FailPoint) -> None:
    """Let this process kill itself there."""
    module_name, _, path = DURABLE[point.step].partition(":")
    owner: Any = __import__(module_name, fromlist=["_"])
    *owners, name = path.split(".")
    for each in owners:
        owner = getattr(owner, each)
    setattr(owner, name, _killing(getattr(owner, name), point))


def _killing(step: Callable[..., Any], point: FailPoint) -> Callable[..., Any]:
    passed = 0

    @functools.wraps(step)
    def killing(*args: Any, **values: Any) -> Any:
        nonlocal passed
        passed += 1
        if passed == point.nth and not point.after:
            os.kill(os.getpid(), signal.SIGKILL)
        result = step(*args, **values)
        if passed == point.nth and point.after:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return killing
