"""Killing real processes while the server loses, refuses and garbles, and seeing what is left in the end."""

from __future__ import annotations

import random
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.crash.commands import Command, Ended
from tests.crash.fail_points import DURABLE, FailPoint
from tests.crash.world import Verdict, World
from wizsync.sandbox import Assumptions, Sandbox, SandboxOptions, running

# What may go wrong with any request; together it strikes the share that is asked for.
FAULTS = (
    *("500", "500_done", "502_html", "503_json", "503_html", "408", "408_done"),
    *("429_bare", "429_negative", "html_200", "html_200_done", "empty_200", "empty_200_done"),
    *("refused:seconds=0.1", "reset", "reset_done", "hang", "hang_done", "slow_drip:seconds=0.3"),
    *("cut", "cut_short", "wrong_customer"),
)
# How a command may end by itself: done, left over, gave up.
PROMISED = {0, 3, 5}
_TRIES = 20
# Slow enough for a run to be killed in its midst.
RATE = "60"


@dataclass
class Figures:
    """What a number of kills came to."""

    kills: int = 0
    at: Counter[str] = field(default_factory=Counter)
    ended: Counter[int] = field(default_factory=Counter)
    struck: Counter[str] = field(default_factory=Counter)
    verdict: Verdict = field(default_factory=Verdict)


class Laboratory:
    """One account, one file, and commands that are killed until so many were.

    Args:
        sandbox: Empty.
        folder: For files and state.
        seed: What all chances are drawn from.
        share: The share of requests that something goes wrong with.
        size: See World.
    """

    def __init__(
        self, sandbox: Sandbox, folder: Path, *, seed: int, share: float, size: int
    ) -> None:
        self.world = World(sandbox, folder, size)
        self.figures = Figures()
        self._sandbox = sandbox
        self._folder = folder
        self._random = random.Random(seed)
        each = share / len(FAULTS)
        faults = [f"{name}{',' if ':' in name else ':'}share={each:.6f}" for name in FAULTS]
        sandbox.set_faults(faults, seed=seed)

    def run(self, kills: int) -> Figures:
        """Kill so many commands, or as many as the work lasts for; then let it come to its end, and judge."""
        while self.figures.kills < kills and not self.world.judge().is_clean:
            self._killed()
        self.figures.struck.update(
            {each["name"]: each["struck"] for each in self._sandbox.faults() if each["struck"]}
        )
        self.figures.verdict = self._to_the_end()
        return self.figures

    def _killed(self) -> None:
        """One command that is killed; it may come to its end before."""
        word = self._random.choice(["resume", "sync"])
        if self._random.random() < 0.5:
            step = self._random.choice(sorted(DURABLE))
            nth = self._random.randint(1, 4) if step in {"intend", "conclude", "update"} else 1
            point = FailPoint(step, after=self._random.random() < 0.5, nth=nth)
            ended = self._command(word, fail_point=point).wait()
            where = f"{'after' if point.after else 'before'} {step}"
        else:
            command = self._command(word)
            until = time.monotonic() + self._random.uniform(0.05, 1.5)
            while command.runs and time.monotonic() < until:
                time.sleep(0.01)
            command.kill()
            ended, where = command.wait(), "at any time"
        if ended.code == -9:
            self.figures.kills += 1
            self.figures.at[where] += 1
        else:
            self._ended(ended)

    def _to_the_end(self) -> Verdict:
        """Let commands come to their end, at last with a server that is well."""
        for number in range(_TRIES):
            if number == _TRIES // 2:
                self._sandbox.no_faults()
            ended = self._command("sync").wait()
            self._ended(ended)
            self._sandbox.wait()
            if ended.code == 0 and self.world.judge().is_clean:
                break
        return self.world.judge()

    def _ended(self, ended: Ended) -> None:
        self.figures.ended[ended.code] += 1
        assert ended.code in PROMISED, ended.err

    def _command(self, word: str, *, fail_point: FailPoint | None = None) -> Command:
        named = (self.world.file, "-m", self.world.mapping) if word == "sync" else ()
        where = ("--target", self._sandbox.base_url, "--state-dir", self._folder / "state")
        return Command(
            *(word, *named, *where, "--rate", RATE, "--yes", "--json"),
            folder=self._folder,
            environ={"WIZSYNC_API_KEY": self._sandbox.key},
            fail_point=fail_point,
        )


def laboratory_sandbox(dialect: str, customers: int = 0) -> SandboxOptions:
    """An account where nothing but care keeps a customer from being there twice."""
    return SandboxOptions(
        dialect="camel" if dialect == "camel" else "snake",
        customers=customers,
        assumptions=Assumptions(reference_id="free"),
    )


def killed(
    dialect: str, folder: Path, *, seed: int, kills: int, share: float = 0.05, size: int = 12
) -> Figures:
    """The figures of one laboratory."""
    with running(laboratory_sandbox(dialect)) as sandbox:
        return Laboratory(sandbox, folder, seed=seed, share=share, size=size).run(kills)
