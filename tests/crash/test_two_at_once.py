"""Two runs of one account started at once: one writes, the other ends with 6 and says who is at work."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from tests.cli.conftest import environment
from tests.conftest import StartSandbox
from tests.push.between import Asked, between

PAIRS = 10
CONFIG = """\
[targets.shop]
url = "{url}"
[targets.store]
url = "{url}"
"""


def test_ten_pairs_started_at_once(start_sandbox: StartSandbox, tmp_path: Path) -> None:
    sandbox = start_sandbox(customers=5)
    mapping = (
        "version: 1\ncustomer: {referenceId: Code, companyName: Company, displayName: Company}\n"
    )
    (tmp_path / "new.yaml").write_text(mapping, encoding="utf-8")
    go_on = threading.Event()

    def hold_up(_: Asked) -> None:
        go_on.wait(60)

    with between(sandbox, hold_up) as server:
        (tmp_path / "wizsync.toml").write_text(CONFIG.format(url=server.base_url), encoding="utf-8")

        def start(command: str, target: str) -> subprocess.Popen[str]:
            words = [command, "new.csv", "-m", "new.yaml", "--json", "--rate", "500"]
            words += ["--target", target, *(["--yes"] if command == "sync" else [])]
            return subprocess.Popen(
                [sys.executable, "-m", "wizsync", *words],
                cwd=tmp_path,
                env=environment(tmp_path, WIZSYNC_API_KEY=sandbox.key),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )

        # Both names are known by now: who does not hold the account asks it nothing.
        (tmp_path / "new.csv").write_text("Code,Company\nN-0,New\n", encoding="utf-8")
        go_on.set()
        for target in ("shop", "store"):
            process = start("plan", target)
            process.communicate(timeout=60)
            assert process.returncode == 0
        for number in range(PAIRS):
            (tmp_path / "new.csv").write_text(f"Code,Company\nN-{number},New\n", encoding="utf-8")
            go_on.clear()
            pair = [start("sync", target) for target in ("shop", "store")]
            while all(process.poll() is None for process in pair):
                time.sleep(0.01)
            loser, winner = sorted(pair, key=lambda process: process.poll() is None)
            error = json.loads(loser.communicate()[0])["error"]
            assert (loser.returncode, error["reason"]) == (6, "busy")
            who = f"process {winner.pid} on {socket.gethostname()}"
            since = r"since 20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00"
            # One that has only just begun has no name yet.
            named = rf"`wizsync sync`,( run 20\S+,)? {who}, {since}\."
            assert re.search(named, error["message"]), error["message"]
            go_on.set()
            answer = json.loads(winner.communicate(timeout=60)[0])
            assert (winner.returncode, answer["outcome"]["applied"]) == (0, 1)
    assert [w["reference_id"] for w in sandbox.ledger()] == [f"N-{n}" for n in range(PAIRS)]
