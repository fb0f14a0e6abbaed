"""The target of a command, ready to be talked to for as long as the command runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wizsync.settings import Connection, SandboxTarget, Target


@contextmanager
def connected(target: Target, state_dir: Path) -> Iterator[Connection]:
    """Whom to talk to; a sandbox target is started first and stopped at the end.

    Args:
        target: The target.
        state_dir: Where a sandbox's data lies.

    Raises:
        MachineError: The sandbox's folder cannot be made.
    """
    from wizsync.settings import SANDBOX_KEY, Connection, make_state_dir  # noqa: PLC0415 - not for --help

    if isinstance(target, Connection):
        yield target
        return
    from wizsync.sandbox import SandboxOptions, running  # noqa: PLC0415 - real accounts do without

    folder = state_dir / "sandbox"
    make_state_dir(folder)
    options = SandboxOptions(
        dialect="camel" if target.dialect == "camel" else "snake",
        customers=target.customers,
        key=SANDBOX_KEY,
        db=database(target, state_dir),
    )
    with running(options) as sandbox:
        yield Connection(
            sandbox.base_url,
            sandbox.key,
            target.name,
            target.identity,
            target.dialect,
            target.rate,
            target.children_in_lists,
            target.timing,
        )


def database(target: SandboxTarget, state_dir: Path) -> Path:
    """The file in which a sandbox target's data lies."""
    return state_dir / "sandbox" / f"{target.name}.db"
