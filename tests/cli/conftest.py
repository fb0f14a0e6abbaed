"""The command as people run it: a process of its own, with nothing of ours in its environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import wizsync
from tests.forked import Forked

ROOT = Path(wizsync.__file__).parent.parent


@dataclass(frozen=True)
class Ended:
    """What a command ended with."""

    code: int
    out: str
    err: str

    @property
    def answer(self) -> dict[str, Any]:
        """The one JSON object on stdout; anything beside it is an error."""
        answer = json.loads(self.out)
        assert isinstance(answer, dict)
        return answer


Wizsync = Callable[..., Ended]


def environment(home: Path, **more: str) -> dict[str, str]:
    """An environment without settings of wizsync but `more`."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("WIZSYNC_", "PYTHON", "COV_"))
    }
    return {**kept, "HOME": str(home), "PYTHONPATH": str(ROOT), "COLUMNS": "80", **more}


# Settings that an interpreter takes when it starts, and none later.
_AT_START = ("PYTHON", "LC_", "LANG", "TZ")


@pytest.fixture
def wizsync_command(tmp_path: Path) -> Wizsync:
    """Run `wizsync` with some words in the test's folder."""

    def run(*words: str | Path, folder: Path = tmp_path, **env: str) -> Ended:
        around = environment(tmp_path, **env)
        if any(name.startswith(_AT_START) for name in env):
            code, out, err = _from_the_start(words, folder, around)
        else:
            with tempfile.TemporaryDirectory() as place:
                files = Path(place, "out"), Path(place, "err")
                command = Forked(*words, folder=folder, environ=around, out=files[0], err=files[1])
                code, out, err = command.wait(60)
        assert "Traceback" not in out + err
        return Ended(code, out, err)

    return run


def _from_the_start(
    words: Sequence[str | Path], folder: Path, around: dict[str, str]
) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "wizsync", *map(str, words)],
        cwd=folder,
        env=around,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr
