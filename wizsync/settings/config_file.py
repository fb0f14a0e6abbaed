"""wizsync.toml: found, read and checked, with the line of whatever is wrong."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wizsync.errors import UsageError
from wizsync.nearest import nearest
from wizsync.settings.numbers import AUTO_WORD

CONFIG_NAME = "wizsync.toml"
KEY_VARIABLE = "WIZSYNC_API_KEY"
SANDBOX = "sandbox"
DIALECTS = ("auto", "camel", "snake")
# How addresses and contacts of customers who exist are written: each through its own endpoint, or in complete
# lists inside the customer's update.
CHILDREN_THROUGH = ("endpoints", "update")


@dataclass(frozen=True, slots=True)
class Config:
    """What wizsync.toml says, checked.

    Args:
        path: The file, absolute; None where there is none.
        text: Its text, to find lines in.
        targets: Target name to its keys.
        defaults: The keys of `[defaults]`.
    """

    path: Path | None = None
    text: str = ""
    targets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)

    def where(self, *keys: str) -> str | None:
        """The file, line and key of a value, for people; None where there is no file."""
        if self.path is None:
            return None
        line = _line_of(self.text, keys)
        return f'{self.path}{f", line {line}" if line else ""}, "{keys[-1]}"'


def find_config(directory: Path) -> Path | None:
    """The wizsync.toml of a folder or the nearest one above it, absolute, or None."""
    folder = directory.resolve()
    for place in (folder, *folder.parents):
        if (place / CONFIG_NAME).is_file():
            return place / CONFIG_NAME
    return None


def read_config(directory: Path) -> Config:
    """Read and check the wizsync.toml that counts for a folder; an empty Config where there is none.

    Raises:
        UsageError: It is not TOML, or says something that it cannot; file, line and key are named.
    """
    path = find_config(directory)
    if path is None:
        return Config()
    try:
        text = path.read_text(encoding="utf-8-sig")
        content = tomllib.loads(text)
    except UnicodeDecodeError:
        raise UsageError(
            f"{CONFIG_NAME} is not saved as UTF-8.",
            where=str(path),
            hint="Save it again, with UTF-8 as its encoding.",
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise UsageError(
            f"{CONFIG_NAME} cannot be read: {error}.",
            where=str(path),
            hint="Mend that line; values that are texts stand in double quotes.",
        ) from error
    except OSError as error:
        raise UsageError(
            f"{CONFIG_NAME} cannot be read: {error.strerror}.", where=str(path)
        ) from error
    bare = Config(path, text)
    _check_keys(bare, content, _SECTIONS, ())
    targets = content.get("targets", {})
    for name, entry in targets.items():
        _check_target(bare, name, entry)
    _check_keys(bare, content.get("defaults", {}), _DEFAULT_KEYS, ("defaults",))
    return Config(path, text, targets, content.get("defaults", {}))


def _text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _rate(value: object) -> bool:
    if isinstance(value, str):
        return value == AUTO_WORD
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < math.inf


def _count(value: object) -> bool:
    # As many as `wizsync sandbox --customers` takes.
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 1_000_000


def _variable(value: object) -> bool:
    # Capitals only: a key written here by mistake is then told from a name, and never shown.
    return isinstance(value, str) and re.fullmatch(r"[A-Z_][A-Z0-9_]{0,63}", value) is not None


_Keys = Mapping[str, tuple[Callable[[Any], bool], str]]

_SECTIONS: _Keys = {
    "targets": (lambda value: isinstance(value, dict), "a section such as [targets.shop]"),
    "defaults": (lambda value: isinstance(value, dict), "the section [defaults]"),
}
_TARGET_KEYS: _Keys = {
    "url": (_text, 'an address in quotes, such as "https://api.wizcommerce.com/v1"'),
    "key_env": (_variable, 'the name of an environment variable, in capitals: "WIZSYNC_API_KEY"'),
    "dialect": (DIALECTS.__contains__, '"auto", "camel" or "snake"'),
    "rate": (_rate, 'a number of requests a second above 0, such as 5, or "auto"'),
    "sandbox": (lambda value: isinstance(value, bool), "true or false"),
    "children_through": (CHILDREN_THROUGH.__contains__, '"endpoints" or "update"'),
    "customers": (_count, "a whole number up to 1,000,000, such as 40"),
}
_DEFAULT_KEYS: _Keys = {
    "target": (_text, "the name of a target, in quotes"),
    "rate": _TARGET_KEYS["rate"],
    "report_dir": (_text, "a folder, in quotes"),
}
_SECRET_KEYS = frozenset({"key", "api_key", "apikey", "token", "password", "secret", "api_token"})


def _check_target(config: Config, name: str, entry: Any) -> None:
    if not re.fullmatch(r"\w[\w .-]{0,63}", name):
        # It names a file of a sandbox, and must not look like an address.
        raise UsageError(
            f'"{name}" cannot be the name of a target.',
            where=config.where("targets", name),
            hint="Use letters, digits, dots, hyphens and underscores.",
        )
    if not isinstance(entry, dict):
        raise UsageError(
            f'The target "{name}" is not a section.',
            where=config.where("targets", name),
            hint=f"Write [targets.{name}] on a line of its own, and its keys below.",
        )
    for key in entry:
        if key.lower().replace("-", "_") in _SECRET_KEYS:
            raise UsageError(
                f'{CONFIG_NAME} holds a key or password in clear ("{key}"). They never belong in a file.',
                where=config.where("targets", name, key),
                hint=(
                    f"Take the line out, put the key into an environment variable, and name that: "
                    f'key_env = "{KEY_VARIABLE}". If others have seen this file, have the key replaced.'
                ),
            )
    _check_keys(config, entry, _TARGET_KEYS, ("targets", name))
    sandbox = bool(entry.get("sandbox"))
    if sandbox == ("url" in entry):
        raise UsageError(
            f'The target "{name}" needs either a url or sandbox = true, and not both.',
            where=config.where("targets", name),
            hint='Write url = "https://api.wizcommerce.com/v1" for an account, '
            "sandbox = true for a rehearsal.",
        )
    if name == SANDBOX and not sandbox:
        raise UsageError(
            'A target named "sandbox" must be one: sandbox = true.',
            where=config.where("targets", name),
            hint="Give the account another name.",
        )


def _check_keys(
    config: Config, entry: Mapping[str, Any], known: _Keys, path: tuple[str, ...]
) -> None:
    for key, value in entry.items():
        where = config.where(*path, key)
        if key not in known:
            near = nearest(key, known)
            hint = f'Did you mean "{near}"? ' if near else ""
            raise UsageError(
                f'{CONFIG_NAME} has a key that wizsync does not know: "{key}".',
                where=where,
                hint=f"{hint}Known here: {', '.join(known)}.",
            )
        fits, expected = known[key]
        if not fits(value):
            raise UsageError(f'"{key}" must be {expected}.', where=where, hint="Correct that line.")


def _line_of(text: str, keys: tuple[str, ...]) -> int | None:
    """The line on which a key or section stands; of what is written otherwise, its section or None."""
    section: tuple[str, ...] = ()
    best: int | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        header = re.match(r"\s*\[[^\[].*\]", line)
        key = re.match(r"""\s*["']?([\w-]+)["']?\s*=""", line)
        if header:
            section = _header(line)
            if section[: len(keys)] == keys:
                return number
            if section and section == keys[: len(section)]:
                best = number
        elif key and (*section, key[1]) == keys:
            return number
    return best


def _header(line: str) -> tuple[str, ...]:
    try:
        content: Any = tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        return ()
    names = []
    while content:
        (name,) = content
        names.append(name)
        content = content[name]
    return tuple(names)
