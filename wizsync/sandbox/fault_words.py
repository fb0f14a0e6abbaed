"""A fault as it is asked for: on the command line, as JSON, or in Python."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from wizsync.errors import UsageError
from wizsync.sandbox.kinds import KINDS
from wizsync.sandbox.ledger import OPERATIONS

_HINT = "Write NAME:share=20%,on=create, for example 500:share=20% or reset:on=create+update,nth=3."
_LONGEST_SECONDS = 10 * 366 * 86_400


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that goes wrong on purpose. What is not given does not narrow it.

    Args:
        name: Which; see KINDS.
        share: The probability for each request that matches, from 0 to 1.
        on: The operations it strikes, of OPERATIONS; empty: each that its kind can strike.
        nth: Which of the requests that match, from 1; empty: all.
        key: The referenceId of the customer concerned: of a create the one in its body, of a list
            one that it asks for.
        times: How often at most; None: no limit.
        seconds: How long, where its kind takes seconds; None: as the kind has it.
    """

    name: str
    share: float = 1.0
    on: tuple[str, ...] = ()
    nth: tuple[int, ...] = ()
    key: str | None = None
    times: int | None = None
    seconds: float | None = None

    @classmethod
    def of(cls, asked: Fault | str | Mapping[str, Any]) -> Fault:
        """A fault from a fault, `NAME:share=20%,on=create+update,nth=3+5`, or a JSON object.

        Raises:
            UsageError: It is none: a name or a value does not exist.
        """
        if isinstance(asked, Fault):
            return asked
        if isinstance(asked, str):
            return cls.of(_parts(asked))
        if not isinstance(asked, Mapping):
            raise UsageError(f"{asked!r} is no fault.", hint=_HINT)
        values = {name: value for name, value in asked.items() if value is not None}
        _known("fault", str(values.get("name", "")), KINDS)
        for name in values:
            _known("setting of a fault", name, _READERS)
        fault = cls(**{name: _READERS[name](value) for name, value in values.items()})
        never = [each for each in fault.on if each not in KINDS[fault.name].on]
        if never:
            raise UsageError(
                f'The fault "{fault.name}" cannot strike the operation "{never[0]}".',
                hint=f"It strikes: {', '.join(KINDS[fault.name].on)}.",
            )
        if fault.seconds is not None and fault.seconds < 0 and fault.name != "clock":
            raise _refused("seconds", fault.seconds, "a number of seconds, such as 2.5")
        return fault

    def as_json(self) -> dict[str, Any]:
        """Its fields as JSON has them."""
        return asdict(self) | {"on": list(self.on), "nth": list(self.nth)}


def _parts(word: str) -> dict[str, Any]:
    name, _, rest = word.partition(":")
    parts: dict[str, Any] = {"name": name.strip()}
    for pair in filter(None, rest.split(",")):
        setting, separator, value = pair.partition("=")
        if not separator:
            raise UsageError(f'"{pair}" is no setting of a fault.', hint=_HINT)
        parts[setting.strip()] = value.strip()
    return parts


def _known(what: str, name: str, names: Iterable[str]) -> None:
    names = tuple(names)
    if name in names:
        return
    nearest = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    hint = f'Did you mean "{nearest[0]}"?' if nearest else f"There are: {', '.join(names)}."
    raise UsageError(f'There is no {what} "{name}".', hint=hint)


def _refused(setting: str, value: object, expected: str) -> UsageError:
    return UsageError(f'A fault\'s {setting} cannot be "{value}".', hint=f"It is {expected}.")


def _share(value: object) -> float:
    text = str(value)
    try:
        share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise _refused("share", value, "20% or 0.2, for example; from 0 to 1")
    return share


def _operations(value: object) -> tuple[str, ...]:
    operations = _several(value)
    for operation in operations:
        _known("operation", operation, OPERATIONS)
    return operations


def _numbers(value: object) -> tuple[int, ...]:
    return tuple(_count("nth", each) for each in _several(value))


def _times(value: object) -> int:
    return _count("times", value)


def _count(setting: str, value: object) -> int:
    text = str(value)
    if not (text.isascii() and text.isdigit() and int(text[:9])):
        raise _refused(setting, value, "a whole number from 1")
    return int(text[:9])


def _seconds(value: object) -> float:
    try:
        seconds = float(str(value))
    except ValueError:
        seconds = float("nan")
    if not abs(seconds) <= _LONGEST_SECONDS:
        raise _refused("seconds", value, "a number of seconds, such as 2.5")
    return seconds


def _several(value: object) -> tuple[str, ...]:
    """One value, several with a plus sign between them, or a list."""
    if isinstance(value, list | tuple):
        return tuple(str(each) for each in value)
    return tuple(str(value).split("+"))


_READERS: Mapping[str, Callable[[object], Any]] = {
    "name": str,
    "share": _share,
    "on": _operations,
    "nth": _numbers,
    "key": str,
    "times": _times,
    "seconds": _seconds,
}
