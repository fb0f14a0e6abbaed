"""What is wrong with a mapping file, in words: pydantic's errors become one MappingError."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from wizsync.errors import MappingError
from wizsync.nearest import nearest

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from wizsync.mapping.document import Document

_SHOWN = 8

Location = tuple[int | str, ...]


class Misfit(ValueError):
    """Something in a mapping that cannot be.

    Args:
        message: What is wrong, a sentence.
        hint: What to write instead.
        location: Keys and positions from the top of the file, where they are not those of the value
            being validated.
    """

    def __init__(self, message: str, hint: str = "", *, location: Sequence[Hashable] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.location = tuple(location)


def suggestion(word: str, choices: Iterable[str], *, what: str = "") -> str:
    """`Did you mean "x"?`, else the choices there are."""
    choices = list(choices)
    near = nearest(word, choices)
    if near:
        return f'Did you mean "{near}"?'
    return f"{what or 'There are'}: {', '.join(choices)}."


def mapping_error(
    document: Document,
    error: ValidationError,
    keys_at: Callable[[tuple[Hashable, ...]], Sequence[str]],
    misnamed: Callable[[tuple[Hashable, ...]], Misfit | None],
) -> MappingError:
    """The error to show for all that a validation found, the first in the file first.

    Args:
        document: The file.
        error: What pydantic found.
        keys_at: The keys that may stand where an unknown one does.
        misnamed: What is wrong with an unknown key, where more is known of it.
    """
    found = error.errors()
    unknown = [each["loc"] for each in found if each["type"] == "extra_forbidden"]
    problems = []
    for each in found:
        if each["type"] == "missing" and _is_mistyped(each["loc"], unknown):
            continue
        misfit = _misfit(each, keys_at, misnamed)
        place = document.place(*(misfit.location or each["loc"]))
        problems.append((place, misfit))
    problems.sort(key=lambda problem: (problem[0].name != document.name, problem[0].line))
    place, first = problems[0]
    others = [
        f"{'' if there.name == place.name else f'{there.name}, '}line {there.line}: {misfit.message}"
        for there, misfit in problems[1 : _SHOWN + 1]
    ]
    if len(problems) > _SHOWN + 1:
        others.append(f"and {len(problems) - _SHOWN - 1} more")
    message = "\n".join([first.message, *(["Also:", *others] if others else [])])
    return MappingError(message, where=str(place), hint=first.hint or None)


def _is_mistyped(missing: Location, unknown: Sequence[Location]) -> bool:
    """Whether a missing key is one of the unknown ones in the same place, mistyped."""
    beside = [str(location[-1]) for location in unknown if location[:-1] == missing[:-1]]
    return nearest(str(missing[-1]), beside) is not None


def _misfit(
    error: ErrorDetails,
    keys_at: Callable[[tuple[Hashable, ...]], Sequence[str]],
    misnamed: Callable[[tuple[Hashable, ...]], Misfit | None],
) -> Misfit:
    own = (error.get("ctx") or {}).get("error")
    if isinstance(own, Misfit):
        return own
    location = [step for step in error["loc"] if step != "[key]"]
    key = str(location[-1]) if location else ""
    if error["type"] == "extra_forbidden":
        return misnamed(tuple(location)) or unknown_key(key, keys_at(tuple(location)))
    if error["type"] == "missing":
        return Misfit(f'"{key}" is missing.', f"Add the key `{key}:` here.")
    named = next((str(step) for step in reversed(location) if isinstance(step, str)), "this")
    return Misfit(*expected(f'"{named}"', error))


def unknown_key(key: str, known: Sequence[str]) -> Misfit:
    """A key that this place does not take."""
    return Misfit(
        f'There is no key "{key}" here.', suggestion(key, known, what="The keys here are")
    )


def expected(named: str, error: ErrorDetails) -> tuple[str, str]:
    """What was expected of a value, and what to write, for pydantic's kinds of errors."""
    given = error["input"]
    if given is None:
        return (
            f"{named} has no value.",
            'Write one, or remove the key. An empty text is ""; a text with # in it needs quotes.',
        )
    context = error.get("ctx") or {}
    kind = error["type"]
    if kind in ("enum", "literal_error"):
        choices = re.findall(r"'([^']*)'", str(context["expected"]))
        return (
            f"{named} must be {_either(choices)}.",
            suggestion(str(given), choices, what="Write one of"),
        )
    if kind == "too_short":
        return f"{named} must not be empty.", ""
    wanted = _WANTED.get(kind)
    if wanted is None:
        reason = str(context.get("error") or error["msg"])
        return f"{named}: {reason[:1].lower()}{reason[1:]}.", ""
    wanted = wanted.format_map({k: str(v) for k, v in context.items()})
    return f"{named} must be {wanted}, not {_kind(given)}.", ""


_WANTED = {
    "string_type": "a text",
    "string_too_short": "a text that is not empty",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "greater_than_equal": "a number from {ge} on",
    "less_than_equal": "a number up to {le}",
    "list_type": "a list",
    "tuple_type": "a list",
    "is_instance_of": "a list",
    "dict_type": "lines of the form `key: value`",
    "mapping_type": "lines of the form `key: value`",
    "model_type": "lines of the form `key: value`",
    "model_attributes_type": "lines of the form `key: value`",
    "sequence_type": "a list",
}


def _either(choices: Sequence[str]) -> str:
    return f"{', '.join(choices[:-1])} or {choices[-1]}" if len(choices) > 1 else "".join(choices)


def _kind(given: Any) -> str:
    if isinstance(given, Mapping):
        return "lines of the form `key: value`"
    if isinstance(given, list):
        return "a list" if given else "an empty list"
    return f'"{given}"' if given else "an empty text"
