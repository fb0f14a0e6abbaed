"""Options, environment and wizsync.toml, resolved into whom to talk to and where things lie.

Each setting comes from the first of: the command's option, the environment, wizsync.toml (in the
current folder or the nearest one above it), the default.

    [targets.shop]
    url = "https://api.wizcommerce.com/v1"
    key_env = "SHOP_KEY"           # the environment variable that holds the key
    dialect = "auto"               # auto, camel or snake
    rate = "auto"                  # or a number of requests a second

    [targets.rehearsal]
    sandbox = true                 # a server inside wizsync; nobody's real customers
    customers = 40

    [defaults]
    target = "rehearsal"
    rate = "auto"
    report_dir = "reports"
"""

from __future__ import annotations

from wizsync.settings.config_file import (
    CONFIG_NAME,
    KEY_VARIABLE,
    SANDBOX,
    Config,
    find_config,
    read_config,
)
from wizsync.settings.folders import (
    make_state_dir,
    read_mounts,
    resolve_report_dir,
    resolve_state_dir,
    state_dir_warnings,
)
from wizsync.settings.numbers import (
    SETTLE,
    parse_limit,
    parse_rate,
    resolve_settle,
    resolve_timing,
)
from wizsync.settings.targets import (
    SANDBOX_KEY,
    Connection,
    SandboxTarget,
    Target,
    fingerprint,
    known_keys,
    read_key,
    resolve_target,
)

__all__ = [
    "CONFIG_NAME",
    "KEY_VARIABLE",
    "SANDBOX",
    "SANDBOX_KEY",
    "SETTLE",
    "Config",
    "Connection",
    "SandboxTarget",
    "Target",
    "find_config",
    "fingerprint",
    "known_keys",
    "make_state_dir",
    "parse_limit",
    "parse_rate",
    "read_config",
    "read_key",
    "read_mounts",
    "resolve_report_dir",
    "resolve_settle",
    "resolve_state_dir",
    "resolve_target",
    "resolve_timing",
    "state_dir_warnings",
]
