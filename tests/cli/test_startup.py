"""The first seconds: `--help` and `--version` answer at once, and promise only what works."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Wizsync, environment
from wizsync.version import __version__

COMMANDS = (
    *("demo", "check", "plan", "apply", "sync", "resume", "undo"),
    *("runs", "report", "sandbox", "doctor", "schema"),
)
HEAVY = {"pandas", "numpy", "pyarrow", "duckdb", "openpyxl", "httpx", "rich", "uvicorn"}
# Light each, and together as long as typer itself.
LATER = {"wizsync.model", "wizsync.settings", "wizsync.redaction"}
NOT_YET = ("--review", "login", "init", "link", "export")


@pytest.mark.parametrize("words", [[], ["--help"], ["--version"]])
def test_nothing_heavy_is_imported(tmp_path: Path, words: list[str]) -> None:
    code = (
        "import sys\n"
        "from wizsync.cli import carry_out\n"
        "assert carry_out(sys.argv[1:]) == 0\n"
        "print('imported', *sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    imported = set(done.stdout.rpartition("imported")[2].split())
    assert "typer" in imported
    assert not {name.partition(".")[0] for name in imported} & HEAVY
    assert not imported & LATER


def test_the_version(wizsync_command: Wizsync) -> None:
    ended = wizsync_command("--version")
    assert (ended.code, ended.out, ended.err) == (0, f"wizsync {__version__}\n", "")


def test_alone_it_prints_its_help(wizsync_command: Wizsync) -> None:
    alone, asked = wizsync_command(), wizsync_command("--help")
    assert alone == asked
    assert (alone.code, alone.err) == (0, "")
    listed = alone.out.partition("Commands:\n")[2].splitlines()
    assert tuple(line.split()[0] for line in listed) == COMMANDS
    assert "..." not in " ".join(listed)  # each command's line is there in full


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(wizsync_command: Wizsync, command: str) -> None:
    ended = wizsync_command(command, "--help")
    assert (ended.code, ended.err) == (0, "")
    assert f"wizsync {command}" in ended.out.partition("For example:")[2]
    assert "--json" in ended.out
    for word in NOT_YET:
        assert word not in ended.out.split()
    assert max(map(len, ended.out.splitlines())) <= 80


def test_apply_does_not_offer_a_mode(wizsync_command: Wizsync) -> None:
    assert "--mode" not in wizsync_command("apply", "--help").out
    assert "--mode" in wizsync_command("sync", "--help").out
