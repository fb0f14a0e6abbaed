"""Every exit code there is so far, reached by a command, with one JSON object in each of them."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Ended, Wizsync, environment
from tests.cli.test_bad_input import FILE, MAPPING
from tests.conftest import StartSandbox
from wizsync.errors import Exit
from wizsync.sandbox import Sandbox

KEYS = {
    *("run", "command", "account", "target", "dialect", "mode", "source", "plan", "outcome"),
    *("requests", "conflicts", "reading", "files", "warnings", "error", "seconds", "exit_code"),
}


class Scene:
    """A folder with a file and its mapping, and a sandbox to use them with."""

    def __init__(self, folder: Path, sandbox: Sandbox, run: Wizsync) -> None:
        self.folder, self.sandbox, self.run = folder, sandbox, run
        (folder / "customers.csv").write_text(FILE, encoding="utf-8")
        (folder / "customers.yaml").write_text(MAPPING, encoding="utf-8")

    def words(self, command: str, *more: str) -> list[str]:
        where = ["--target", self.sandbox.base_url, "--state-dir", "state", "--rate", "500"]
        yes = ["--yes"] if command == "sync" else []
        return [command, "customers.csv", "-m", "customers.yaml", *where, *yes, "--json", *more]

    def end(self, command: str, *more: str, key: str = "sandbox-key") -> Ended:
        return self.run(*self.words(command, *more), WIZSYNC_API_KEY=key)


def _done(scene: Scene) -> Ended:
    return scene.end("sync")


def _defect(scene: Scene) -> Ended:
    """The machine refuses: the state folder is a file."""
    (scene.folder / "state").write_text("not a folder", encoding="utf-8")
    return scene.end("sync")


def _usage(scene: Scene) -> Ended:
    return scene.end("sync", "--allow", "deletes=many")


def _left_over(scene: Scene) -> Ended:
    with (scene.folder / "customers.csv").open("a", encoding="utf-8") as stream:
        stream.write("C-3,one,cell too many\n")
    return scene.end("sync")


def _refused(scene: Scene) -> Ended:
    mapping = MAPPING.replace("version: 1", "version: 1\nabsent: delete\nscope: all")
    (scene.folder / "customers.yaml").write_text(mapping, encoding="utf-8")
    return scene.end("sync")


def _api(scene: Scene) -> Ended:
    return scene.end("sync", key="of-yesterday")


def _busy(scene: Scene) -> Ended:
    words = scene.words("sync", "--rate", "0.5")
    first = _started(scene, words)
    try:
        while scene.sandbox.counts()["total"] == 0:
            assert first.poll() is None
        return scene.end("sync")
    finally:
        first.kill()
        first.communicate()


def _started(scene: Scene, words: list[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "wizsync", *words],
        cwd=scene.folder,
        env=environment(scene.folder, WIZSYNC_API_KEY="sandbox-key"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _not_ready(scene: Scene) -> Ended:
    (scene.folder / "customers.csv").unlink()
    return scene.end("sync")


def _changes(scene: Scene) -> Ended:
    return scene.end("plan", "--exit-code")


def _interrupted(scene: Scene) -> Ended:
    """Ctrl-C during the writes: what is under way ends, the rest waits for the next run."""
    with (scene.folder / "customers.csv").open("a", encoding="utf-8") as stream:
        stream.writelines(f"N-{number},New {number}\n" for number in range(200))
    process = _started(scene, scene.words("sync", "--rate", "40"))
    while scene.sandbox.counts()["operations"]["create"] < 5:
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert "Stopping, once what is under way has ended." in err
    answer = json.loads(out)
    outcome, planned = answer["outcome"], answer["plan"]
    assert outcome["applied"] == scene.sandbox.counts()["statuses"]["201"]
    assert outcome["pending"] == planned["create"] + planned["update"] - outcome["applied"] > 0
    return Ended(process.returncode, out, err)


REACHED = {
    Exit.DONE: _done,
    Exit.DEFECT: _defect,
    Exit.USAGE: _usage,
    Exit.LEFT_OVER: _left_over,
    Exit.REFUSED: _refused,
    Exit.API: _api,
    Exit.BUSY: _busy,
    Exit.NOT_READY: _not_ready,
    Exit.CHANGES: _changes,
    Exit.INTERRUPTED: _interrupted,
}


def test_every_exit_code_has_its_case() -> None:
    assert set(REACHED) == set(Exit)


@pytest.mark.parametrize("code", Exit, ids=lambda code: code.name.lower())
def test_reached_with_one_json_object(
    code: Exit, start_sandbox: StartSandbox, wizsync_command: Wizsync, tmp_path: Path
) -> None:
    scene = Scene(tmp_path, start_sandbox(customers=20), wizsync_command)
    ended = REACHED[code](scene)
    assert ended.code == code, ended.err
    answer = ended.answer
    assert set(answer) == KEYS
    assert answer["exit_code"] == code
    failed = code not in (Exit.DONE, Exit.LEFT_OVER, Exit.CHANGES)
    assert bool(answer["error"]) is failed
    if failed:
        assert set(answer["error"]) == {"reason", "message", "where", "hint"}
        assert answer["error"]["message"]
        assert answer["error"]["hint"]


def test_it_stays_the_same_however_often_a_short_command_ends(
    wizsync_command: Wizsync, tmp_path: Path
) -> None:
    # Threads of pyarrow that were ending just then aborted one process in thirty.
    (tmp_path / "customers.csv").write_text("Code,Code\nA,B\n", encoding="utf-8")
    (tmp_path / "customers.yaml").write_text(MAPPING, encoding="utf-8")
    codes = {
        wizsync_command("check", "customers.csv", "-m", "customers.yaml").code for _ in range(40)
    }
    assert codes == {Exit.REFUSED}
