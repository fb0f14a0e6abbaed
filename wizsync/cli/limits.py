"""What people write for `--allow`, read with a clear word for what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable

from wizsync.errors import UsageError
from wizsync.model import GUARDS, HELD, Limit
from wizsync.nearest import nearest


def parse_allowances(given: Iterable[str]) -> dict[str, Limit]:
    """Read `NAME=N` and `NAME=P%`, each name at most once.

    Args:
        given: What `--allow` was given, each time.

    Returns:
        Guard name to the limit that replaces its own; `look_alikes` or `child_moves` alone has no limit then.

    Raises:
        UsageError: A guard that there is not, or a limit that is neither a count nor a share.
    """
    allowances: dict[str, Limit] = {}
    for text in given:
        written, _, value = text.partition("=")
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
        allowances[name] = _limit(name, value.strip(), text)
    return allowances


def _limit(name: str, value: str, text: str) -> Limit:
    if not value and "=" not in text and name in HELD:
        return Limit()
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
