"""Each fault alone, often: the run ends by itself as promised; the same command then makes all right.

`pytest tests/crash/test_each_fault.py --update-reliability` writes what was seen into docs/reliability.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.commands import Command, Ended
from tests.crash.laboratory import laboratory_sandbox
from tests.crash.world import World
from wizsync.sandbox import KINDS, running

PAGE = Path(__file__).parent.parent.parent / "docs" / "reliability.md"
START, END = "<!-- each fault -->", "<!-- end of each fault -->"

# A fault that lasts, or that ends a run by its nature, strikes always; one that takes its time, shortly.
ALWAYS = {"401", "403", "redirect", "429_day", "clock", "gzip_bomb", "total_large"}
SETTINGS = {
    "refused": ",seconds=0.2",
    "slow_drip": ",seconds=0.3",
    "429_seconds": ",seconds=1,times=8",
    "429_date": ",seconds=1,times=8",
    "others_change": ",on=update",
    "others_create": ",on=create",
    "others_delete": ",on=update",
}
# What others do on purpose stays: the file's next run finds it so, and says what it will not touch.
OTHERS = {"others_create", "others_change", "others_delete"}
# What can strike a few pages only, strikes most of them.
SHARES = dict.fromkeys(ALWAYS, "100%") | dict.fromkeys(
    ("page_repeated", "page_empty", "rows_shifted"), "60%"
)


@pytest.fixture(scope="module")
def seen(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """The lines of the table, by fault."""
    lines: dict[str, str] = {}
    yield lines
    if request.config.getoption("--update-reliability") and lines:
        head = "| fault | strikes | struck | ends with | requests | of them repeated | then |\n"
        table = head + "| --- | --- | --- | --- | --- | --- | --- |\n"
        text = PAGE.read_text(encoding="utf-8")
        lines = {name: line for line, name in re.findall(r"(?m)^(\| `(\w+)` .*)$", text)} | lines
        table += "".join(f"{lines[name]}\n" for name in KINDS if name in lines)
        text = re.sub(f"(?s){START}.*{END}", lambda _: f"{START}\n{table}{END}", text)
        PAGE.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(("number", "fault"), list(enumerate(KINDS)), ids=list(KINDS))
def test_a_fault_alone(number: int, fault: str, seen: dict[str, str], tmp_path: Path) -> None:
    dialect = "camel" if number % 2 else "snake"
    with running(laboratory_sandbox(dialect, customers=250)) as sandbox:
        world = World(sandbox, tmp_path, size=8)
        before = world.judge()

        def command() -> Ended:
            return Command(
                *("sync", world.file, "-m", world.mapping, "--target", sandbox.base_url),
                *("--state-dir", tmp_path / "state", "--rate", "500", "--yes", "--json"),
                folder=tmp_path,
                environ={"WIZSYNC_API_KEY": sandbox.key, "WIZSYNC_OUTAGE": "1"},
            ).wait()

        share = SHARES.get(fault, "20%")
        sandbox.set_faults([f"{fault}:share={share}{SETTINGS.get(fault, '')}"], seed=number)
        ended = command()
        struck = sandbox.faults()[0]["struck"]
        assert struck
        sandbox.wait()
        answer = ended.answer
        counts = dict(answer["requests"])
        throttled, retried = counts.pop("throttled"), counts.pop("retried")
        total = sum(counts.values())

        assert ended.code in {0, 3, 5}, ended.err
        assert (answer["error"] is not None) == (ended.code == 5)
        assert retried - throttled <= max(20, total / 10), answer["requests"]
        verdict = world.judge()
        assert not verdict.created_again
        if fault not in OTHERS:
            assert not verdict.doubled
            assert set(verdict.wrong) <= set(before.wrong) | world.created

        sandbox.no_faults()
        after = command()
        assert after.code in {0, 3} if fault in OTHERS else after.code == 0, after.err
        final = world.judge()
        if fault not in OTHERS:
            assert final.is_clean, final
        assert not final.doubled or fault == "others_create"
        then = "all is right" if final.is_clean else "what others did is left, and said"
        # Of a run that ended before it had a plan nothing is counted.
        sent = f"{total} | {retried}" if total else "- | -"
        seen[fault] = f"| `{fault}` | {share} | {struck} | {ended.code} | {sent} | {then} |"


def test_the_page_has_every_fault() -> None:
    table = PAGE.read_text(encoding="utf-8").partition(START)[2].partition(END)[0]
    assert re.findall(r"(?m)^\| `(\w+)`", table) == list(KINDS)
