"""Real processes, killed in the middle of their writes while the server goes wrong: in the end all is right.

The short form of `python -m tests.crash.long`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crash.commands import Command
from tests.crash.fail_points import DURABLE, FailPoint
from tests.crash.laboratory import killed, laboratory_sandbox
from tests.crash.world import World
from wizsync.sandbox import running


@pytest.mark.parametrize("seed", [1, 3])
def test_killed_again_and_again_with_a_server_that_goes_wrong(
    dialect: str, seed: int, tmp_path: Path
) -> None:
    figures = killed(dialect, tmp_path, seed=seed, kills=8)

    assert figures.verdict.is_clean, figures.verdict
    assert figures.kills
    assert sum(figures.struck.values()) > 0


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", DURABLE)
def test_killed_at_each_durable_step_it_can_be_resumed(
    step: str, after: bool, tmp_path: Path
) -> None:
    with running(laboratory_sandbox("snake")) as sandbox:
        world = World(sandbox, tmp_path, size=3)
        words = (world.file, "-m", world.mapping)
        where = ("--target", sandbox.base_url, "--state-dir", tmp_path / "state")

        def command(*words: str | Path, fail_point: FailPoint | None = None) -> int:
            run = Command(
                *(*words, *where, "--rate", "500", "--yes", "--json"),
                folder=tmp_path,
                environ={"WIZSYNC_API_KEY": sandbox.key},
                fail_point=fail_point,
            )
            return run.wait().code

        assert command("sync", *words, fail_point=FailPoint(step, after)) == -9
        assert command("resume") == 0
        # What was killed before it had a plan has nothing to resume.
        assert command("sync", *words) == 0
        verdict = world.judge()
        assert verdict.is_clean, verdict
        assert verdict.creates == len(world.created)
