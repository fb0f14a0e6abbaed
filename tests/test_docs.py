"""The documentation says what is: links lead somewhere, commands exist, tables are complete."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import openpyxl
import pytest
import typer.core

from tests.cli.conftest import Wizsync
from tests.report.builders import LIKE, change, conflict, record, refused, reject
from wizsync import errors
from wizsync.cli import answers
from wizsync.cli.app import app
from wizsync.model import (
    GUARDS,
    Breach,
    Change,
    Conflict,
    Ending,
    Reject,
)
from wizsync.report import write_json
from wizsync.report.verdicts import Standing

ROOT = Path(__file__).parent.parent
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
COMMANDS = {command.name or command.callback.__name__ for command in app.registered_commands}


def _prose(page: Path) -> str:
    """A page without its fenced blocks."""
    return re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)


def _section(page: Path, heading: str) -> str:
    """What stands below a heading, up to the next one."""
    found = re.search(rf"^#+ {heading}\n(.*?)(?=^#|\Z)", _prose(page), re.DOTALL | re.MULTILINE)
    assert found is not None, f"{page.name} has no {heading}"
    return found[1]


def _words(text: str) -> set[str]:
    """Every word in backticks."""
    return {word for span in re.findall(r"`([^`]+)`", text) for word in re.findall(r"[\w-]+", span)}


def _anchors(page: Path) -> set[str]:
    """What may stand behind the # of a link to a page."""
    headings = re.findall(r"^#+ (.*)$", _prose(page), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    for target, anchor in re.findall(r"\]\(([^)#]*)(?:#([^)]*))?\)", _prose(page)):
        if target.startswith("http"):
            continue
        there = page.parent / target if target else page
        assert there.exists(), f"{page.name} links to {target}"
        assert not anchor or anchor in _anchors(there), f"{page.name} links to {target}#{anchor}"


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
    book = openpyxl.load_workbook(folder / "customers.xlsx")
    book["Customers"]["F5"], book["Customers"]["G5"] = "(804) 555-0199", "Net 30"
    book["Ship-to"]["D2"], book["Ship-to"]["H2"] = "8 Harbor Walk", 31401
    book.save(folder / "customers.xlsx")
    ended = wizsync_command(*shown[1].split(), "--yes", folder=folder)
    said = " ".join((ended.out + ended.err).split())
    for line in shown[2].strip().splitlines():
        if not line.startswith(("Apply these changes", "…")):
            assert " ".join(line.split()) in said


# --- commands, plans and reports ----------------------------------------------------------------


def test_options_of_several_commands_have_their_line() -> None:
    program = typer.main.get_command(app)
    assert isinstance(program, typer.core.TyperGroup)
    options = Counter(
        option
        for command in program.commands.values()
        for parameter in command.params
        for option in parameter.opts
        if option.startswith("-") and not getattr(parameter, "hidden", False)
    )
    text = _section(ROOT / "docs" / "commands.md", "Options that several commands take")
    listed = {
        option
        for row in re.findall(r"^\| (`.*?) \|", text, re.MULTILINE)
        for option in re.findall(r"`(.+?)`", row)
    }
    assert listed == {option for option, number in options.items() if number > 1}


def test_limits_have_their_line() -> None:
    text = _section(ROOT / "docs" / "commands.md", "Limits")
    rows = re.findall(r"^\| (`.*?) \|", text, re.MULTILINE)
    assert {name for row in rows for name in _words(row)} == set(GUARDS)


def test_reasons_stand_with_their_exit_codes() -> None:
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`.*?) \| (\d+) \|", text[text.index("| reason |") :], re.MULTILINE)
    codes = {reason: int(code) for row, code in rows for reason in _words(row)}
    classes = [errors.WizsyncError]
    while classes:
        one = classes.pop()
        assert codes[one.reason] == one.exit_code
        classes += one.__subclasses__()


def test_the_json_object_of_a_run_has_the_keys_shown(wizsync_command: Wizsync) -> None:
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    answer = wizsync_command("plan", "no-file.csv", "-m", "no-mapping.yaml", "--json").answer
    assert _keys(json.loads(shown)) == _keys({**answer, "error": None})
    assert answer["error"].keys() == {"reason", "message", "where", "hint"}
    assert set(answers.RUNS) == {"plan", "apply", "sync", "resume", "undo"}


def _keys(value: object) -> object:
    """The keys of objects in objects, in their order."""
    return {key: _keys(one) for key, one in value.items()} if isinstance(value, dict) else None


def test_the_plan_file_page_has_every_key() -> None:
    text = (ROOT / "docs" / "plan-file.md").read_text(encoding="utf-8")
    held = {one.name for kind in (Change, Reject, Conflict) for one in fields(kind)}
    assert held <= _words(text)


def test_the_report_page_has_every_key_within(tmp_path: Path) -> None:
    run = record(
        change("update", "C-2"),
        change("create", "C-3", held_for=(LIKE,)),
        outcomes=(refused("C-2"),),
        rejects=(reject(),),
        conflicts=(conflict(),),
        breaches=(Breach("deletes", 2, 1, "Too many.", ("C-2",), "--allow deletes=2"),),
    )
    write_json(run, tmp_path / "report.json")
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    changed = report["changes"][0]
    within = [report[key] for key in ("account", "source", "rules", "tally", "outcomes")]
    within += [report["breaches"][0], changed, changed["fields"][0], changed["outcome"]]
    within += [changed["rows"][0], report["conflicts"][0], report["rejects"][0]]
    words = _words((ROOT / "docs" / "report-json.md").read_text(encoding="utf-8"))
    assert {key for part in within for key in part} <= words
    assert {*Standing, *Ending} <= words
