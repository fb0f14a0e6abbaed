"""The documentation says what is: links lead somewhere, commands exist, tables are complete."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Wizsync
from wizsync import errors
from wizsync.cli.app import app

ROOT = Path(__file__).parent.parent
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
COMMANDS = {command.name or command.callback.__name__ for command in app.registered_commands}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_commands_named_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = set(re.findall(r"(?:^ {4}(?:py -m )?|^\$ |`)wizsync ([a-z]+)", text, re.MULTILINE))
    assert named <= COMMANDS


def test_every_command_has_its_line() -> None:
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert {name for name in COMMANDS if f"`wizsync {name}" in text} == COMMANDS


def _reasons() -> Iterator[str]:
    """Every reason that an error may carry, by the error tree and by the source."""
    classes = [errors.WizsyncError]
    while classes:
        one = classes.pop()
        yield one.reason
        classes += one.__subclasses__()
    for source in (ROOT / "wizsync").rglob("*.py"):
        yield from re.findall(r'reason="(\w+)"', source.read_text(encoding="utf-8"))


def test_every_reason_and_exit_code_is_listed() -> None:
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"`(\w+)`", text[text.index("| reason |") :]))
    assert set(_reasons()) <= listed
    codes = text[text.index("## Exit codes") : text.index("## `--json`")]
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", codes, re.MULTILINE)} == set(
        errors.Exit
    )


def test_every_decision_is_indexed() -> None:
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    assert {page.name for page in folder.glob("0*.md")} == set(re.findall(r"\((0.*?\.md)\)", index))


def test_the_transcript_of_the_readme_is_real(tmp_path: Path, wizsync_command: Wizsync) -> None:
    """What the README shows of a terminal is what the demo's folder says."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.search(r"```console\n\$ wizsync (.*?)\n(.*?)```", readme, re.DOTALL)
    assert shown is not None
    assert wizsync_command("demo").code == 0
    folder = tmp_path / "wizsync-demo"
    file = folder / "customers.csv"
    changed = file.read_bytes().replace(b"(804) 555-0101,COD", b"(804) 555-0199,Net 30", 1)
    file.write_bytes(changed)
    ended = wizsync_command(*shown[1].split(), "--yes", folder=folder)
    said = " ".join((ended.out + ended.err).split())
    for line in shown[2].strip().splitlines():
        if not line.startswith("Apply these changes"):
            assert " ".join(line.split()) in said
