"""The guides are followed word for word: what they tell to type is typed, and what they show is answered.

How a guide is written for that is said in `guide.py`. Of all other pages the lines that begin with
`wizsync` are run in the demo's folder.
"""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, environment
from tests.docs.guide import Command, steps

GUIDES = sorted((ROOT / "docs" / "guides").glob("*.md"))
OTHERS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

# Lines that cannot be run here, by what they need; the page says so above them, with this word.
NEEDS = {
    "wizsync report --open": "browser",
    "wizsync doctor --target https://api.wizcommerce.com/v1": "account",
    "wizsync plan customers.csv -m customers.yaml --target https://api.wizcommerce.com/v1": "account",
    "wizsync doctor --target shop": "account",
    "wizsync plan customers.xlsx -m customers.yaml --target shop": "account",
    "wizsync sync customers.xlsx -m customers.yaml --target shop": "account",
}
# Shown in a page with an answer, which is compared in tests/test_docs.py.
TRIED_ELSEWHERE = {"wizsync sync customers.xlsx -m customers_workbook.yaml": "README.md"}

_LINE = re.compile(
    r"^(?: {4}|\$ )(?P<windows>py -m )?(?:.* && )?(?P<words>wizsync .*)$", re.MULTILINE
)
_QUESTION = re.compile(r"^.*\[y/N\]: y$", re.MULTILINE)
_RUN = re.compile(r"\d{4}-\d\d-\d\d_\d{4}_(\w+?)(-\d+)?\b")


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.stem)
def test_a_guide_can_be_followed(page: Path, tmp_path: Path) -> None:
    folder = tmp_path
    for step in steps(page):
        if not isinstance(step, Command):
            step.take(folder)
        elif step.words.startswith("cd "):
            folder = folder / step.words.removeprefix("cd ")
        else:
            ended = _run(step.words, folder, home=tmp_path)
            assert ended.returncode == step.code, ended.stdout
            assert _in_order(step.shown, ended.stdout), f"{step.words}\n{ended.stdout}"


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.stem)
def test_a_guide_only_indents_what_cannot_be_run(page: Path) -> None:
    typed = {step.words for step in steps(page) if isinstance(step, Command)}
    assert {one for one in _commands(page) if one not in typed} <= set(NEEDS)
    assert typed.isdisjoint(NEEDS)


@pytest.mark.parametrize("page", OTHERS, ids=lambda page: page.stem)
def test_the_commands_of_a_page_run(page: Path, tmp_path: Path) -> None:
    commands = [one for one in _commands(page) if one not in NEEDS and one not in TRIED_ELSEWHERE]
    folder = _demo_folder(tmp_path) if commands else tmp_path
    for block in re.finditer(r"`(\w+\.yaml)`[^`]*:\n\n```yaml\n(.*?)```", _text(page), re.DOTALL):
        (folder / block[1]).write_text(block[2], encoding="utf-8")
    for words in commands:
        if words.startswith("wizsync sandbox"):
            _start_and_stop(words, folder)
        else:
            ended = _run(words, folder, home=tmp_path)
            assert ended.returncode in (0, 3), ended.stdout


@pytest.mark.parametrize("page", [*OTHERS, *GUIDES], ids=lambda page: page.stem)
def test_windows_is_told_the_same_commands(page: Path) -> None:
    windows = {line["words"] for line in _LINE.finditer(_text(page)) if line["windows"]}
    assert windows <= set(_commands(page))


def test_what_is_not_run_is_on_a_page_that_says_why() -> None:
    texts = [_text(page) for page in (*OTHERS, *GUIDES)]
    for words, need in NEEDS.items():
        on = [text[: text.index(f" {words}\n")] for text in texts if f" {words}\n" in text]
        assert on, f"no page tells to type {words}"
        assert all(need in _section(text) for text in on), f"{words} needs {need}"
    for words, page in TRIED_ELSEWHERE.items():
        assert f"$ {words}\n" in _text(ROOT / page)


def _text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def _section(text: str) -> str:
    """What stands below the last heading of a text, and the heading."""
    return re.split(r"^#+ ", text, flags=re.MULTILINE)[-1]


def _commands(page: Path) -> list[str]:
    """The lines of a page that a person types, those that are only for Windows left out."""
    return [line["words"] for line in _LINE.finditer(_text(page)) if not line["windows"]]


def _run(words: str, folder: Path, *, home: Path) -> subprocess.CompletedProcess[str]:
    """Type a command. Nobody is there to answer its question."""
    typed, _, into = words.partition(" > ")
    command = [sys.executable, "-m", *typed.split()]
    if command[3] in ("sync", "apply"):
        command.append("--yes")
    ended = subprocess.run(
        command,
        cwd=folder,
        env={**environment(home), "COLUMNS": "200"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    if into:
        (folder / into).write_text(ended.stdout, encoding="utf-8")
    return ended


def _start_and_stop(words: str, folder: Path) -> None:
    """Start a server on a free port, and end it with Ctrl-C once it has said its address."""
    server = subprocess.Popen(
        [sys.executable, "-m", *words.split(), "--port", "0"],
        cwd=folder,
        env=environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        assert server.stdout is not None
        assert "http://" in server.stdout.readline()
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=30)
    finally:
        server.kill()
    assert server.returncode == 0


def _demo_folder(tmp_path: Path) -> Path:
    """What `wizsync demo --csv` leaves, with the rows to mend copied out of the reports."""
    assert _run("wizsync demo --csv", tmp_path, home=tmp_path).returncode == 0
    folder = tmp_path / "wizsync-demo"
    shutil.copy(next(folder.glob("reports/*/rejected.csv")), folder)
    return folder


def _in_order(shown: str, said: str) -> bool:
    """Whether all that a page shows was said, in its order; where lines end does not count."""
    said, at = _even(said), 0
    for text in re.split(r"…", _QUESTION.sub("…", shown)):
        at = said.find(_even(text), at)
        if at < 0:
            return False
        at += len(_even(text))
    return True


def _even(text: str) -> str:
    """A text without line ends, and without what differs from run to run."""
    return " ".join(_RUN.sub("RUN", text).split())
