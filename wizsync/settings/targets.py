"""Whom a command talks to: an account behind an address, or a sandbox inside this process."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from wizsync.access import can_be_key, checked_base_url
from wizsync.errors import UsageError
from wizsync.model import AUTO, Rate, Timing
from wizsync.nearest import nearest
from wizsync.settings.config_file import (
    CONFIG_NAME,
    DIALECTS,
    KEY_VARIABLE,
    SANDBOX,
    Config,
    read_config,
)
from wizsync.settings.numbers import parse_rate, resolve_timing

SANDBOX_KEY = "sandbox-key"

_QUOTES = "\"'`"

_SANDBOX_RATE = 50.0
_SANDBOX_CUSTOMERS = 100


@dataclass(frozen=True, slots=True)
class Connection:
    """Whom to talk to.

    Args:
        url: The base URL.
        key: The API key; in no repr.
        target: The name the user gave it, or the URL.
        identity: What stands for the address in the account's fingerprint: the URL, but for an
            in-process sandbox, whose port changes, `sandbox:NAME`.
        dialect: `auto`, `camel` or `snake`.
        rate: Requests a second, or to find out how many it takes.
        children_in_lists: Addresses and contacts are written in complete lists inside their customer's
            update, and not each through its own endpoint.
        timing: How long is waited for the server.
    """

    url: str
    key: str = field(repr=False)
    target: str
    identity: str
    dialect: str = "auto"
    rate: Rate = AUTO
    children_in_lists: bool = False
    timing: Timing = field(default_factory=Timing)


@dataclass(frozen=True, slots=True)
class SandboxTarget:
    """A server inside this process, started for the time of one command.

    Args:
        name: The name the user gave it; its data lies in `<state>/sandbox/NAME.db`.
        dialect: What it speaks and is spoken to in: `auto` lets it choose.
        rate: Requests a second that we send it.
        customers: How many it is seeded with when its data is first made.
        children_in_lists: As of a Connection.
        timing: As of a Connection.
    """

    name: str
    dialect: str = "auto"
    rate: Rate = _SANDBOX_RATE
    customers: int = _SANDBOX_CUSTOMERS
    children_in_lists: bool = False
    timing: Timing = field(default_factory=Timing)

    @property
    def identity(self) -> str:
        """What stands for its address in the account's fingerprint."""
        return f"sandbox:{self.name}"


Target = Connection | SandboxTarget


def fingerprint(identity: str, key: str, salt: bytes) -> str:
    """A one-way mark of an account: hex, 32 digits, the same for the same address, key and salt.

    Args:
        identity: `Connection.identity`.
        key: The API key, which cannot be found from the mark.
        salt: Random bytes, drawn once for a state folder.
    """
    salted = salt + b"\0" + identity.encode()
    return hashlib.scrypt(key.encode(), salt=salted, n=2**14, r=8, p=1, dklen=16).hex()


def resolve_target(
    name: str | None,
    *,
    dialect: str | None,
    rate: Rate | None,
    environ: Mapping[str, str],
    directory: Path,
) -> Target:
    """Find whom a command is to talk to.

    Args:
        name: The option `--target`: a name in wizsync.toml, a URL, or `sandbox`.
        dialect: The option `--dialect`.
        rate: The option `--rate`.
        environ: The environment.
        directory: The current folder.

    Raises:
        UsageError: No target, an unknown one, a setting that is wrong, or a key that is missing.
    """
    config = read_config(directory)
    name, where = _chosen(name, environ, config)
    entry = config.targets.get(name, {})
    if not entry and name != SANDBOX and "://" not in name:
        raise _unknown_target(name, where, config)
    dialect = _dialect(dialect, environ) or entry.get("dialect", "auto")
    if rate is None and environ.get("WIZSYNC_RATE"):
        rate = parse_rate(environ["WIZSYNC_RATE"], where="the environment variable WIZSYNC_RATE")
    said = entry.get("rate") or config.defaults.get("rate")
    if rate is None and said is not None:
        rate = parse_rate(str(said))
    in_lists = entry.get("children_through") == "update"
    timing = resolve_timing(environ)
    if name == SANDBOX or entry.get("sandbox"):
        customers = entry.get("customers", _SANDBOX_CUSTOMERS)
        return SandboxTarget(name, dialect, rate or _SANDBOX_RATE, customers, in_lists, timing)
    if entry:
        url = checked_base_url(entry["url"], where=config.where("targets", name, "url"))
    else:
        url = checked_base_url(name, where=where)
    key = read_key(entry.get("key_env", KEY_VARIABLE), environ)
    target = name if entry else url
    return Connection(url, key, target, url, dialect, rate or AUTO, in_lists, timing)


def read_key(variable: str, environ: Mapping[str, str]) -> str:
    """Take the API key from the environment.

    Raises:
        UsageError: The variable is not set, or does not hold a key; the key is never shown.
    """
    key = environ.get(variable, "")
    if not key.strip():
        raise UsageError(
            f"There is no API key: the environment variable {variable} is not set.",
            hint=(
                "Set it, then run the command again.\n"
                f"  Linux, macOS:        export {variable}='your key'\n"
                f"  Windows PowerShell:  $env:{variable} = 'your key'\n"
                f"  Windows cmd:         set {variable}=your key"
            ),
            reason="no_key",
        )
    if not can_be_key(key) or key[0] in _QUOTES or key[-1] in _QUOTES:
        # What was pasted with the key may be a part of another one: it is not for us to cut off.
        raise UsageError(
            f"The environment variable {variable} does not hold a key as it is: it has blanks, line "
            "breaks, quotes or letters that no key has.",
            hint="Set it again to the key alone: as one line, without a blank or a line break before or "
            "after it, and without quotes inside the variable.",
            reason="no_key",
        )
    return key


def known_keys(environ: Mapping[str, str], directory: Path) -> frozenset[str]:
    """Every key that the environment holds, of whichever target: what must never be shown.

    Args:
        environ: The environment.
        directory: The current folder, by whose wizsync.toml targets name their variables.
    """
    variables = {KEY_VARIABLE}
    # A file that is wrong is for the command to tell.
    with suppress(UsageError, OSError):
        targets = read_config(directory).targets.values()
        variables |= {entry["key_env"] for entry in targets if "key_env" in entry}
    keys = {environ.get(variable, "").strip() for variable in variables}
    return frozenset(keys - {"", SANDBOX_KEY})


def _dialect(option: str | None, environ: Mapping[str, str]) -> str | None:
    variable = environ.get("WIZSYNC_DIALECT") or None
    dialect = option or variable
    if dialect is not None and dialect not in DIALECTS:
        where = "--dialect" if option else "the environment variable WIZSYNC_DIALECT"
        raise UsageError(
            f'There is no dialect "{dialect}".', where=where, hint="Use auto, camel or snake."
        )
    return dialect


def _chosen(name: str | None, environ: Mapping[str, str], config: Config) -> tuple[str, str | None]:
    """The target's name or URL, and where it was named; None for the command's option."""
    if name:
        return name, None
    for variable in ("WIZSYNC_TARGET", "WIZSYNC_BASE_URL"):
        if environ.get(variable):
            return environ[variable], f"the environment variable {variable}"
    if "target" in config.defaults:
        return config.defaults["target"], config.where("defaults", "target")
    raise _no_target(config)


def _no_target(config: Config) -> UsageError:
    known = f"  --target NAME, of those in {config.path}: {', '.join(config.targets)}\n"
    return UsageError(
        "No target is named: wizsync does not guess whose customers to change.",
        hint=(
            "Name one with --target:\n"
            f"{known if config.targets else ''}"
            "  --target https://api.wizcommerce.com/v1   an account (key in WIZSYNC_API_KEY)\n"
            "  --target sandbox                          a rehearsal on this machine\n"
            f'or give {CONFIG_NAME} a [targets.NAME] and, under [defaults], target = "NAME".'
        ),
        reason="no_target",
    )


def _unknown_target(name: str, where: str | None, config: Config) -> UsageError:
    near = nearest(name, [*config.targets, SANDBOX])
    hint = f'Did you mean "{near}"? ' if near else ""
    if config.targets:
        hint += f"{config.path} names: {', '.join(config.targets)}. "
    else:
        hint += f"There is no {CONFIG_NAME} with targets here or above. "
    return UsageError(
        f'There is no target "{name}".',
        where=where,
        hint=f"{hint}An address begins with https://.",
        reason="no_target",
    )
