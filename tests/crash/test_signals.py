"""Real processes and signals while the server hangs: what was sent is on record, nothing is doubled."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.cli.conftest import environment
from tests.conftest import StartSandbox
from tests.push.between import Asked, Between, Lost, between
from wizsync.push.stopping import PATIENCE
from wizsync.sandbox import Sandbox

SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP")]
MAPPING = "version: 1\ncustomer: {referenceId: Code, companyName: Company, displayName: Company}\n"
KEYS = [f"N-{number}" for number in range(40)]
# Writes that are answered before the server hangs.
ANSWERED = 5


@dataclass
class Scene:
    """A file of new customers, and a server that stops answering at some request."""

    folder: Path
    sandbox: Sandbox
    server: Between
    hangs: threading.Event = field(default_factory=threading.Event)
    done: threading.Event = field(default_factory=threading.Event)

    def hang_at(self, method: str, number: int) -> None:
        """Answer nothing from the so-manieth request of a method on; what comes is done in the end."""

        def rule(asked: Asked) -> Lost | None:
            if asked.method != method or self.server.sent(method) <= number:
                return None
            self.hangs.set()
            self.done.wait()
            return Lost.ANSWER

        self.server.rule = rule

    def start(self, url: str) -> subprocess.Popen[str]:
        words = ["sync", "new.csv", "-m", "new.yaml", "--yes", "--json", "--target", url]
        return subprocess.Popen(
            [sys.executable, "-m", "wizsync", *words, "--state-dir", "state", "--rate", "500"],
            cwd=self.folder,
            env=environment(self.folder, WIZSYNC_API_KEY=self.sandbox.key, WIZSYNC_SETTLE="0.3"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def hanging(self) -> subprocess.Popen[str]:
        """A run that waits for answers."""
        process = self.start(self.server.base_url)
        assert self.hangs.wait(30)
        return process

    def open_steps(self) -> list[str]:
        (journal,) = self.folder.glob("state/runs/*/journal.db")
        with closing(sqlite3.connect(journal)) as connection:
            rows = connection.execute(
                "SELECT reference_id FROM step WHERE number NOT IN (SELECT number FROM outcome)"
            )
            return [key for (key,) in rows]

    def made_right(self) -> None:
        """The same command again, once the server is well: every customer is there once."""
        self.done.set()
        self.server.rule = lambda _: None
        process = self.start(self.server.base_url)
        _, told = process.communicate(timeout=60)
        assert process.returncode == 0, told
        there = [c["reference_id"] for c in self.sandbox.customers()]
        assert {key: there.count(key) for key in KEYS} == dict.fromkeys(KEYS, 1)


@pytest.fixture
def scene(start_sandbox: StartSandbox, tmp_path: Path) -> Iterator[Scene]:
    with scene_in(tmp_path, start_sandbox(customers=20, assume=("reference_id=free",))) as made:
        yield made


@contextmanager
def scene_in(folder: Path, sandbox: Sandbox) -> Iterator[Scene]:
    rows = "".join(f"{key},Company {key}\n" for key in KEYS)
    (folder / "new.csv").write_text(f"Code,Company\n{rows}", encoding="utf-8")
    (folder / "new.yaml").write_text(MAPPING, encoding="utf-8")
    with between(sandbox) as server:
        scene = Scene(folder, sandbox, server)
        try:
            yield scene
        finally:
            scene.done.set()


def test_what_hangs_is_cut_off_after_a_while_and_open_on_record(scene: Scene) -> None:
    scene.hang_at("POST", ANSWERED)
    process = scene.hanging()
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    out, told = process.communicate(timeout=60)
    assert PATIENCE < time.monotonic() - began < PATIENCE + 5
    answer = json.loads(out)
    assert process.returncode == answer["exit_code"] == 130, told
    assert "Stopping, once what is under way has ended." in told
    assert answer["error"]["reason"] == "interrupted"
    assert answer["error"]["hint"] == f"`wizsync resume {answer['run']}` goes on where it stopped."
    # What was answered is on record; the others may be done.
    outcome = answer["outcome"]
    assert outcome["applied"] == ANSWERED
    assert outcome["unknown"] == len(scene.open_steps()) > 0
    assert outcome["applied"] + outcome["unknown"] + outcome["pending"] == len(KEYS)
    assert Path(answer["files"]["report_html"]).is_file()
    scene.made_right()


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_a_second_signal_ends_at_once_and_resumably(number: signal.Signals, scene: Scene) -> None:
    scene.hang_at("POST", ANSWERED)
    process = scene.hanging()
    process.send_signal(number)
    assert process.stderr is not None
    while "Stopping" not in process.stderr.readline():
        assert process.poll() is None
    began = time.monotonic()
    process.send_signal(number)
    out, told = process.communicate(timeout=60)
    assert time.monotonic() - began < 3
    answer = json.loads(out)
    assert process.returncode == answer["exit_code"] == 130, told
    assert "Traceback" not in told
    assert "`wizsync resume " in answer["error"]["hint"]
    assert scene.open_steps()
    scene.made_right()


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_before_the_first_write_one_signal_is_enough(number: signal.Signals, scene: Scene) -> None:
    scene.hang_at("GET", 1)
    process = scene.hanging()
    began = time.monotonic()
    process.send_signal(number)
    out, told = process.communicate(timeout=60)
    assert time.monotonic() - began < 3
    answer = json.loads(out)
    assert process.returncode == answer["exit_code"] == 130, told
    assert "Run the same command again." in answer["error"]["hint"]
    assert scene.sandbox.ledger() == []
    scene.made_right()
