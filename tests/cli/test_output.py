"""Where a command's words go, also where nobody listens."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Wizsync, environment


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_closed_streams_change_nothing(
    wizsync_command: Wizsync, tmp_path: Path, closed: str
) -> None:
    assert wizsync_command("demo", "--csv").code == 0
    folder = tmp_path / "wizsync-demo"
    words = f'"{sys.executable}" -m wizsync plan customers.csv -m customers.yaml {closed}'
    done = subprocess.run(["sh", "-c", words], cwd=folder, env=environment(tmp_path), check=False)
    assert done.returncode == 3  # as for the demo: rows that cannot be used
    assert wizsync_command("runs", folder=folder).out.startswith("Run")


def test_a_reader_that_goes_away_stops_nothing(wizsync_command: Wizsync, tmp_path: Path) -> None:
    assert wizsync_command("demo", "--csv").code == 0
    folder = tmp_path / "wizsync-demo"
    words = f'"{sys.executable}" -m wizsync plan customers.csv -m customers.yaml -v'
    done = subprocess.run(
        ["sh", "-c", f"({words}; echo $? >&2) | head -1"],
        cwd=folder,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("Plan for sandbox")
    assert done.stderr.splitlines()[-1] == "3"


@pytest.mark.parametrize("command", ["plan", "check", "plan --json", "runs", "schema"])
def test_a_full_disk_behind_stdout_stops_nothing_and_is_told(
    wizsync_command: Wizsync, tmp_path: Path, command: str
) -> None:
    assert wizsync_command("demo", "--csv").code == 0
    folder = tmp_path / "wizsync-demo"
    before = len(wizsync_command("runs", "--json", folder=folder).answer["result"])
    name, *more = command.split()
    takes = "customers.csv -m customers.yaml" if name in ("plan", "check") else ""
    done = subprocess.run(
        ["sh", "-c", f'"{sys.executable}" -m wizsync {name} {takes} {" ".join(more)} >/dev/full'],
        cwd=folder,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-2].startswith("Error: What stands on stdout is cut short")
    assert "Traceback" not in done.stderr
    runs = wizsync_command("runs", "--json", folder=folder).answer["result"]
    assert len(runs) == before + (name == "plan")
    assert all(run["state"] in ("finished", "dry_run") for run in runs)


def test_a_full_disk_behind_stderr_is_no_matter(wizsync_command: Wizsync, tmp_path: Path) -> None:
    assert wizsync_command("demo", "--csv").code == 0
    words = f'"{sys.executable}" -m wizsync plan customers.csv -m customers.yaml 2>/dev/full'
    folder = tmp_path / "wizsync-demo"
    done = subprocess.run(["sh", "-c", words], cwd=folder, env=environment(tmp_path), check=False)
    assert done.returncode == 3
