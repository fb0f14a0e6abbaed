"""The key stands in no byte of what commands say or leave behind, however they end."""

from __future__ import annotations

import base64
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.cli.conftest import Ended, Wizsync
from tests.conftest import StartSandbox
from tests.push.between import Asked, between
from wizsync.sandbox import Sandbox

# With letters that addresses, JSON and regular expressions spell otherwise.
KEY = "wiz/Live+9f8e7d6c5b4a&x=="
OTHERS = "another-targets-key-0123456789"
SPELLINGS = {
    KEY,
    OTHERS,
    KEY.replace("/", r"\/"),
    quote(KEY, safe=""),
    quote(KEY),
    base64.b64encode(KEY.encode()).decode().rstrip("="),
    KEY.encode().hex(),
    KEY[:12],
    KEY[12:],
    OTHERS[:15],
}
CONFIG = """\
[targets.shop]
url = "{url}"
key_env = "SHOP_KEY"
[targets.other]
url = "https://api.example.com/v1"
key_env = "OTHER_KEY"
"""
MAPPING = "version: 1\ncustomer: {referenceId: Code, companyName: Company, displayName: Company}\n"


class Place:
    """A project with two targets, of which one is a sandbox."""

    def __init__(self, folder: Path, sandbox: Sandbox, run: Wizsync) -> None:
        self.folder, self.sandbox, self._run = folder, sandbox, run
        self.said: list[str] = []
        self.point_to(sandbox.base_url)
        (folder / "a.csv").write_text("Code,Company\nN-1,One\nN-2,Two\n,Nobody\n", encoding="utf-8")
        (folder / "a.yaml").write_text(MAPPING, encoding="utf-8")

    def point_to(self, url: str) -> None:
        (self.folder / "wizsync.toml").write_text(CONFIG.format(url=url), encoding="utf-8")

    def run(self, *words: str, **env: str) -> Ended:
        """A command with the keys in its environment; what it says is kept."""
        keys = {"SHOP_KEY": KEY, "OTHER_KEY": OTHERS, "WIZSYNC_SETTLE": "0.1", **env}
        ended = self._run(*words, folder=self.folder, **keys)
        self.said += [ended.out, ended.err]
        return ended

    def sync(self, *words: str) -> Ended:
        where = ("--target", "shop", "--rate", "500", "--report-dir", "reports")
        return self.run("sync", "a.csv", "-m", "a.yaml", "--yes", *where, *words)

    def no_trace(self) -> None:
        for text in self.said:
            assert not any(spelling in text for spelling in SPELLINGS)
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        assert any(path.suffix == ".db" for path in files)
        for path in files:
            content = path.read_bytes()
            found = [spelling for spelling in SPELLINGS if spelling.encode() in content]
            assert not found, path


@pytest.fixture
def place(start_sandbox: StartSandbox, wizsync_command: Wizsync, tmp_path: Path) -> Place:
    return Place(tmp_path, start_sandbox(customers=5, key=KEY), wizsync_command)


def test_runs_that_end_well_and_not_so_well(place: Place) -> None:
    assert place.sync("--verbose").code == 3
    assert place.run("plan", "a.csv", "-m", "a.yaml", "--target", "shop", "--json").code == 3
    assert place.run("doctor", "--target", "shop", "--verbose").code == 0
    assert place.run("runs", "show", "--json").code == 0
    assert place.run("runs", "--verbose").code == 0
    place.sandbox.fault("401", on=["list"], nth=[2])
    assert place.sync("--verbose").code == 5
    assert place.sync("--json").code == 5
    place.no_trace()


CODED = (
    KEY,
    KEY.replace("/", r"\/"),
    "".join(f"\\u{ord(letter):04x}" for letter in KEY),
    quote(KEY, safe=""),
    base64.b64encode(f"user:{KEY}".encode()).decode(),
    repr({"X-API-Key": KEY.encode()}),
    rf"{KEY[:8]}\n  {KEY[8:]}",
)


@pytest.mark.parametrize("status", [400, 401, 500])
def test_a_server_that_says_the_key_in_its_answer(status: int, place: Place) -> None:
    (place.folder / "a.csv").write_text("Code,Company\nN-3,Three\n", encoding="utf-8")
    word = ", ".join(CODED)
    echo = f'{{"message": "Bad: {word}", "details": [{{"field": "phone", "reason": "{word}"}}]}}'

    def rule(asked: Asked) -> tuple[int, bytes] | None:
        return (status, echo.encode()) if asked.method == "POST" else None

    with between(place.sandbox, rule) as server:
        place.point_to(server.base_url)
        ended = place.sync("--verbose")
        assert ended.code == (5 if status == 401 else 3), ended.err
        assert server.sent("POST") >= 1
    said = place.run("runs", "show", "--json").out + ended.out + ended.err
    assert ("***" in said) is (status != 500)
    place.no_trace()


def test_the_traceback_of_a_defect(place: Place) -> None:
    """A module of that name in the way is a defect that nobody foresaw; its message quotes the keys."""
    place.sync()
    in_the_way = place.folder / "modules" / "rich"
    in_the_way.mkdir(parents=True)
    raising = "import os\nraise RuntimeError(f'{os.environ}, {os.environ[\"SHOP_KEY\"]!r}')\n"
    (in_the_way / "__init__.py").write_text(raising, encoding="utf-8")
    ended = place.run("runs", PYTHONPATH=f"{in_the_way.parent}:{_root()}")
    assert (ended.code, "this is a defect in wizsync" in ended.err) == (1, True)
    (crash,) = place.folder.rglob("crash-*.txt")
    told = crash.read_text(encoding="utf-8")
    assert "RuntimeError: environ(" in told
    assert told.count("***") >= 3
    place.no_trace()


def _root() -> Path:
    return Path(__file__).parent.parent.parent


def test_a_word_of_the_command_line_that_is_the_key(place: Place) -> None:
    place.sync()
    assert place.run("runs", "show", KEY).code == 2
    assert place.run("report", KEY, "--json").code == 2
    assert place.run("runs", f"--{OTHERS}").code == 2
    place.no_trace()
