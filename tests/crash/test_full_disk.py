"""A disk that fills up at some point of a run: told plainly, gone on with once there is room."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import environment
from tests.conftest import StartSandbox
from wizsync.sandbox import Sandbox

KEYS = [f"N-{number}" for number in range(200)]
MAPPING = "version: 1\ncustomer: {referenceId: Code, companyName: Company, displayName: Company}\n"
# How many bytes a file may have: the state, the plan, the journal and the reports outgrow them in turn.
ROOM = (0, 10_000, 30_000, 60_000, 76_000, 85_000, 100_000, 115_000, 130_000, 150_000)


def run(
    command: str, folder: Path, sandbox: Sandbox, *, room: int | None = None
) -> subprocess.CompletedProcess[str]:
    """A run of which no file can grow beyond that, as on a disk that is full by then."""

    def limit() -> None:
        if room is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    words = [command, "new.csv", "-m", "new.yaml", "--json", "--state-dir", "state"]
    words += ["--target", sandbox.base_url, "--rate", "1000"]
    words += ["--yes"] if command == "sync" else []
    env = environment(folder, WIZSYNC_API_KEY=sandbox.key, WIZSYNC_SETTLE="0.2")
    return subprocess.run(
        [sys.executable, "-B", "-m", "wizsync", *words],
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        preexec_fn=limit,
    )


def there(sandbox: Sandbox) -> dict[str, int]:
    keys = [customer["reference_id"] for customer in sandbox.customers()]
    return {key: keys.count(key) for key in KEYS}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    rows = "".join(f"{key},Company {key}\n" for key in KEYS)
    (tmp_path / "new.csv").write_text(f"Code,Company\n{rows}", encoding="utf-8")
    (tmp_path / "new.yaml").write_text(MAPPING, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("room", ROOM)
def test_where_it_fills_up_the_next_run_goes_on(
    room: int, start_sandbox: StartSandbox, place: Path
) -> None:
    sandbox = start_sandbox(customers=10, assume=("reference_id=free",))
    assert run("plan", place, sandbox).returncode == 0
    ended = run("sync", place, sandbox, room=room)
    answer = json.loads(ended.stdout)
    assert ended.returncode == answer["exit_code"] == 1, ended.stderr
    assert answer["error"]["reason"] in ("state", "machine")
    assert "Traceback" not in ended.stderr
    assert set(there(sandbox).values()) <= {0, 1}
    again = run("sync", place, sandbox)
    assert again.returncode == 0, again.stderr
    assert there(sandbox) == dict.fromkeys(KEYS, 1)
