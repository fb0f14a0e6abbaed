"""Real processes, killed in the middle of their writes: afterwards every customer is there once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from tests.conftest import StartSandbox
from tests.end_to_end.big_file import write_big_file
from wizsync.sandbox import Sandbox

# After how many writes of a run it is killed: at once, within and between batches.
KILLED_AFTER = (1, 2, 3, 8, 13, 20, 5, 1, 30, 12)
CREATES, UPDATES = 90, 60


def _command(sandbox: Sandbox, file: Path, mapping: Path, state: Path) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "WIZSYNC_API_KEY": sandbox.key,
        "WIZSYNC_SETTLE": "0.3",
        "NO_COLOR": "1",
    }
    arguments = ["sync", str(file), "-m", str(mapping), "--target", sandbox.base_url]
    arguments += ["--state-dir", str(state), "--rate", "150", "--yes", "--json"]
    return subprocess.Popen(
        [sys.executable, "-m", "wizsync", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _writes(sandbox: Sandbox) -> int:
    operations = sandbox.counts()["operations"]
    return int(operations["create"]) + int(operations["update"])


def test_killed_ten_times_every_customer_is_there_once(
    dialect: str, start_sandbox: StartSandbox, tmp_path: Path
) -> None:
    # Not enforcing unique referenceIds, the sandbox shows a create that was sent twice.
    sandbox = start_sandbox(
        dialect=dialect, customers=200, latency_ms=20, assume=("reference_id=free",)
    )
    big = write_big_file(
        tmp_path, sandbox.customers(), creates=CREATES, updates=UPDATES, rejects=3, unchanged=20
    )
    state = tmp_path / "state"
    killed = 0
    for writes in KILLED_AFTER:
        start = _writes(sandbox)
        process = _command(sandbox, big.file, big.mapping, state)
        while _writes(sandbox) < start + writes and process.poll() is None:
            time.sleep(0.002)
        killed += process.poll() is None
        process.kill()
        process.communicate()
    assert killed == len(KILLED_AFTER)

    process = _command(sandbox, big.file, big.mapping, state)
    stdout, stderr = process.communicate(timeout=60)
    answer = json.loads(stdout)
    assert process.returncode == 3, stderr
    assert answer["outcome"]["failed"] == answer["outcome"]["unknown"] == 0
    assert any("not finished" in warning for warning in answer["warnings"])

    customers = [c for c in sandbox.customers() if c["reference_id"]]
    by_key = {c["reference_id"]: c for c in customers}
    assert len(by_key) == len(customers), "a customer was doubled"
    assert set(big.created) <= set(by_key)
    assert all(by_key[key]["name"] == f"Newly Opened Number {key}" for key in big.created)
    assert all(by_key[key]["payment_term"] == terms for key, terms in big.updated.items())
    creates = [w["reference_id"] for w in sandbox.ledger() if w["operation"] == "create"]
    assert len(creates) == len(set(creates)), "a create was sent twice"
