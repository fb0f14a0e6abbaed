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
    assert wizsync_command("demo").code == 0
    folder = tmp_path / "wizsync-demo"
    words = f'"{sys.executable}" -m wizsync plan customers.csv -m customers.yaml {closed}'
    done = subprocess.run(["sh", "-c", words], cwd=folder, env=environment(tmp_path), check=False)
    assert done.returncode == 3  # as for the demo: rows that cannot be used
    assert wizsync_command("runs", folder=folder).out.startswith("Run")


def test_a_reader_that_goes_away_stops_nothing(wizsync_command: Wizsync, tmp_path: Path) -> None:
    assert wizsync_command("demo").code == 0
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
