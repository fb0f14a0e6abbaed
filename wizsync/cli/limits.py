"""What people write for `--allow`, read with a clear word for what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from wizsync.errors import UsageError
from wizsync.model import GUARDS, HELD, Limit
from wizsync.nearest import nearest


def parse_allowances(given: Iterable[str]) -> dict[str, Limit]:
    """Read `NAME=N` and `NAME=P%`, each name at most once; `@` and a plan's digest may follow.

    Args:
        given: What `--allow` was given, each time.

    Returns:
        Guard name to the limit that replaces its own; `look_alikes` or `child_moves` alone has no limit then.

    Raises:
        UsageError: A guard that there is not, or a limit that is neither a count nor a share.
    """
    allowances: dict[str, Limit] = {}
    for text in given:
        given_for, _, plan = text.partition("@")
        written, equals, value = given_for.partition("=")
        name = written.strip().lower().replace("-", "_").removeprefix("max_")
        if name not in GUARDS:
            near = nearest(name, GUARDS)
            hint = f'Did you mean "{near}"? ' if near else ""
            raise UsageError(
                f'There is no guard "{written.strip()}".',
                where=f"--allow {text}",
                hint=f"{hint}The guards are {', '.join(GUARDS)}.",
            )
        if name in allowances:
            raise UsageError(f'The guard "{name}" is allowed twice.', where=f"--allow {text}")
        limit = Limit() if name in HELD and not equals else _limit(name, value.strip(), text)
        allowances[name] = replace(limit, plan=_plan(plan, text)) if "@" in text else limit
    return allowances


def _plan(written: str, text: str) -> str:
    """The beginning of a plan's digest, as a refusal prints it."""
    plan = written.strip().lower()
    if not re.fullmatch(r"[0-9a-f]{8,64}", plan):
        raise UsageError(
            f'"{written.strip()}" names no plan.',
            where=f"--allow {text}",
            hint="Copy the words from the refusal, such as deletes=12@1f3a9c2b, or leave out the @ and what "
            "follows it.",
        )
    return plan


def _limit(name: str, value: str, text: str) -> Limit:
    number = re.fullmatch(r"(\d{1,12}(?:\.\d{1,6})?)\s*(%?)", value, re.ASCII)
    if number is not None:
        if number[2] and float(number[1]) <= 100:
            return Limit(share=float(number[1]) / 100)
        if not number[2] and "." not in number[1]:
            return Limit(count=int(number[1]))
    raise UsageError(
        f'"{value}" is not a limit.' if value else "The limit is missing.",
        where=f"--allow {text}",
        hint=f"Give a count or a share from 0 to 100, such as {name}=12 or {name}=5%.",
    )
