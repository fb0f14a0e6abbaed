"""Fixtures shared by all tests: a real sandbox server, and what a run against it needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.cli.conftest import wizsync_command
from tests.job import job
from wizsync.pipeline import Options
from wizsync.sandbox import Assumptions, Fault, Sandbox, SandboxOptions, running
from wizsync.settings import Connection

__all__ = ["job", "wizsync_command"]

# How fast the machine is, is not what tests are about.
settings.register_profile(
    "any-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any-machine")

StartSandbox = Callable[..., Sandbox]
MakeOptions = Callable[..., Options]


@pytest.fixture(params=["snake", "camel"])
def dialect(request: pytest.FixtureRequest) -> str:
    """Each of the API's dialects in turn."""
    return str(request.param)


@pytest.fixture
def start_sandbox() -> Iterator[StartSandbox]:
    """Start sandboxes that end with the test; `assume` and `faults` hold the command line's words."""
    with ExitStack() as stack:

        def start(
            *, assume: tuple[str, ...] = (), faults: tuple[str, ...] = (), **values: Any
        ) -> Sandbox:
            options = SandboxOptions(
                assumptions=Assumptions.parse(assume),
                faults=tuple(Fault.of(word) for word in faults),
                control=True,
                **values,
            )
            return stack.enter_context(running(options))

        yield start


@pytest.fixture
def make_options(tmp_path: Path) -> MakeOptions:
    """Options of a run against a sandbox, fast and with a state folder of the test's own."""

    def make(sandbox: Sandbox, **values: Any) -> Options:
        connection = Connection(
            url=sandbox.base_url,
            key=sandbox.key,
            target="sandbox",
            identity="sandbox:test",
            rate=values.pop("rate", 2000.0),
        )
        values.setdefault("state_dir", tmp_path / "state")
        values.setdefault("settle", 0.2)
        return Options(connection=connection, **values)

    return make


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options that write expected results anew."""
    parser.addoption("--update-scenarios", action="store_true", help="Write expected.json anew.")
    parser.addoption(
        "--update-reliability", action="store_true", help="Write docs/reliability.md's table anew."
    )
