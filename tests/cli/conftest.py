"""The command as people run it: a process of its own, with nothing of ours in its environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import wizsync

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


@pytest.fixture
def wizsync_command(tmp_path: Path) -> Wizsync:
    """Run `wizsync` with some words in the test's folder."""

    def run(*words: str | Path, folder: Path = tmp_path, **env: str) -> Ended:
        done = subprocess.run(
            [sys.executable, "-m", "wizsync", *map(str, words)],
            cwd=folder,
            env=environment(tmp_path, **env),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        assert "Traceback" not in done.stdout + done.stderr
        return Ended(done.returncode, done.stdout, done.stderr)

    return run
