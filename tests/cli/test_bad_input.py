"""Each thing that a user brings wrong: the exit code, what is said, and that nothing was written."""

from __future__ import annotations

import resource
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.cli.conftest import Ended, Wizsync, environment
from tests.conftest import StartSandbox
from wizsync.sandbox import Sandbox

FILE = "Code,Company\nC-1,Harbor Lane\nC-2,Bay Street\n"
MAPPING = """\
version: 1
customer:
  referenceId: Code
  companyName: Company
  displayName: "{companyName}"
"""


@pytest.fixture
def sandbox(start_sandbox: StartSandbox) -> Sandbox:
    return start_sandbox(customers=20)


@pytest.fixture
def sync(wizsync_command: Wizsync, sandbox: Sandbox, tmp_path: Path) -> Wizsync:
    """`sync` of a file and mapping that are right, against a sandbox, unless told otherwise."""
    (tmp_path / "customers.csv").write_text(FILE, encoding="utf-8")
    (tmp_path / "customers.yaml").write_text(MAPPING, encoding="utf-8")

    def run(*words: str | Path, file: str = "customers.csv", target: str = "") -> Ended:
        return wizsync_command(
            *("sync", file, "-m", "customers.yaml", "--yes", "--rate", "500"),
            *("--target", target or sandbox.base_url, "--state-dir", "state", *words),
            WIZSYNC_API_KEY=sandbox.key,
        )

    return run


def told(ended: Ended, code: int, *said: str) -> None:
    """The exit code, the words, no traceback."""
    assert ended.code == code, ended.err
    for words in said:
        assert words in " ".join(ended.err.split()), ended.err
    assert "Traceback" not in ended.err + ended.out


# A file that is wrong: (its name, its bytes, exit code, what is said).
FILES = {
    "missing": (None, 7, "There is no file customers.csv."),
    "empty": (b"", 4, "customers.csv is empty."),
    "quote never closed": (b'Code,Company\nC-1,"Harbor\n', 4, "is never closed"),
    "doubled header": (b"Code,Code\nC-1,x\n", 4, "Code"),
    "binary": (b"Code\x00\x01\x02\x03\xff\xfe\x00junk" * 9, 4, ""),
    "workbook": (b"PK\x03\x04" + b"\x00" * 200, 4, ""),
}


@pytest.mark.parametrize("case", FILES)
def test_a_file_that_cannot_be_used(
    sync: Wizsync, tmp_path: Path, sandbox: Sandbox, case: str
) -> None:
    content, code, said = FILES[case]
    (tmp_path / "customers.csv").unlink()
    if content is not None:
        (tmp_path / "customers.csv").write_bytes(content)
    told(sync(), code, said, "customers.csv", "Next:")
    assert sandbox.counts()["total"] == 0


def test_a_folder_in_place_of_a_file(sync: Wizsync) -> None:
    told(sync(file="."), 2, "folder", "Next:")


# A mapping that is wrong: (what is replaced, by what, what is said).
MAPPINGS = {
    "tab": ("  companyName:", "\tcompanyName:", "line 4"),
    "unknown key": ("customer:", "custmer:", 'Did you mean "customer"?'),
    "wrong type": ("version: 1", "version: one", "line 1"),
    "column": ("Company\n", "Compny\n", '"Company"'),
    "transform": ("Company\n", "{column: Company, transforms: [uper]}\n", '"upper"'),
    "template": ('"{companyName}"', '"{company}"', '"companyName"'),
    "field": ("companyName:", "company_name:", '"companyName"'),
}


@pytest.mark.parametrize("case", MAPPINGS)
def test_a_mapping_that_is_wrong(
    sync: Wizsync, tmp_path: Path, sandbox: Sandbox, case: str
) -> None:
    old, new, said = MAPPINGS[case]
    assert old in MAPPING
    (tmp_path / "customers.yaml").write_text(MAPPING.replace(old, new, 1), encoding="utf-8")
    told(sync(), 2, said, "customers.yaml, line")
    assert sandbox.counts()["total"] == 0


def test_a_key_that_is_refused(wizsync_command: Wizsync, sync: Wizsync, sandbox: Sandbox) -> None:
    ended = wizsync_command(
        *("sync", "customers.csv", "-m", "customers.yaml", "--yes", "--target", sandbox.base_url),
        WIZSYNC_API_KEY="a-key-of-yesterday",
    )
    told(ended, 5, "key", "Next:")
    assert "a-key-of-yesterday" not in ended.err + ended.out


def test_a_host_that_does_not_resolve(sync: Wizsync) -> None:
    told(sync(target="https://nobody.invalid/v1"), 5, "nobody.invalid", "Next:")


def test_a_port_where_nobody_listens(sync: Wizsync) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        target = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
        told(sync(target=target), 5, "Next:")


class _Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<html><body>Welcome to our website</body></html>")

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def _website() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), _Page) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/v1"
        server.shutdown()
        thread.join()


def test_a_host_that_answers_html(sync: Wizsync) -> None:
    with _website() as target:
        told(sync(target=target), 5, "Next:")


@pytest.fixture
def planned(wizsync_command: Wizsync, sync: Wizsync, sandbox: Sandbox, tmp_path: Path) -> Path:
    """A plan file of two creates."""
    ended = wizsync_command(
        *("plan", "customers.csv", "-m", "customers.yaml", "-o", "monday.jsonl"),
        *("--target", sandbox.base_url, "--state-dir", "state", "--rate", "500"),
        WIZSYNC_API_KEY=sandbox.key,
    )
    assert ended.code == 0, ended.err
    return tmp_path / "monday.jsonl"


def _apply(run: Wizsync, sandbox: Sandbox, *words: str) -> Ended:
    return run(
        *("apply", "monday.jsonl", "--yes", "--rate", "500", "--state-dir", "state"),
        *("--target", sandbox.base_url, *words),
        WIZSYNC_API_KEY=sandbox.key,
    )


def _writes(sandbox: Sandbox) -> int:
    return sum(sandbox.counts()["operations"][name] for name in ("create", "update", "delete"))


def test_a_plan_edited(planned: Path, wizsync_command: Wizsync, sandbox: Sandbox) -> None:
    planned.write_bytes(planned.read_bytes().replace(b"Harbor Lane", b"Harbour Lane"))
    told(_apply(wizsync_command, sandbox), 4, "Next:", "monday.jsonl")
    assert _writes(sandbox) == 0


def test_a_plan_cut_short(planned: Path, wizsync_command: Wizsync, sandbox: Sandbox) -> None:
    planned.write_bytes(planned.read_bytes()[:-200])
    told(_apply(wizsync_command, sandbox), 4, "Next:", "monday.jsonl")
    assert _writes(sandbox) == 0


def test_a_plan_applied_twice(planned: Path, wizsync_command: Wizsync, sandbox: Sandbox) -> None:
    told(_apply(wizsync_command, sandbox), 0)
    told(_apply(wizsync_command, sandbox), 4, "A plan is applied once.")
    assert _writes(sandbox) == 2


def test_a_plan_of_another_account(
    planned: Path, wizsync_command: Wizsync, start_sandbox: StartSandbox
) -> None:
    other = start_sandbox(customers=20)
    told(_apply(wizsync_command, other), 4, "This plan was made for another account")
    assert _writes(other) == 0


def test_a_report_folder_that_cannot_be_written(
    sync: Wizsync, sandbox: Sandbox, tmp_path: Path
) -> None:
    (tmp_path / "reports").write_text("a file", encoding="utf-8")
    told(sync("--report-dir", "reports/today"), 2, "--report-dir", "Next:")
    assert sandbox.counts()["total"] == 0


def test_a_full_disk(sync: Wizsync, sandbox: Sandbox, tmp_path: Path) -> None:
    """The system refuses files beyond a few kilobytes, as a full disk does."""
    assert sync().code == 0
    words = ["sync", "customers.csv", "-m", "customers.yaml", "--yes", "--target", sandbox.base_url]
    with (tmp_path / "customers.csv").open("a", encoding="utf-8") as stream:
        stream.writelines(f"C-9{number},{'Wide ' * 50}{number}\n" for number in range(100))
    done = subprocess.run(
        [sys.executable, "-B", "-m", "wizsync", *words, "--state-dir", "state", "--rate", "500"],
        cwd=tmp_path,
        env=environment(tmp_path, WIZSYNC_API_KEY=sandbox.key),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
        check=False,
    )
    told(Ended(done.returncode, done.stdout, done.stderr), 1, "Next:")
    # Room again: the same command brings everything to its end, and nobody is there twice.
    assert sync().code == 0
    keys = [customer["reference_id"] for customer in sandbox.customers()]
    assert len(keys) == len(set(keys)) + keys.count("") - min(1, keys.count(""))
    assert {f"C-9{number}" for number in range(100)} <= set(keys)


def test_two_runs_at_once(sync: Wizsync, sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox_slow = [
        *(
            sys.executable,
            "-m",
            "wizsync",
            "sync",
            "customers.csv",
            "-m",
            "customers.yaml",
            "--yes",
        ),
        *("--target", sandbox.base_url, "--state-dir", "state", "--rate", "0.5"),
    ]
    first = subprocess.Popen(
        sandbox_slow,
        cwd=tmp_path,
        env=environment(tmp_path, WIZSYNC_API_KEY=sandbox.key),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while sandbox.counts()["total"] == 0:
            assert first.poll() is None
        told(sync(), 6, "Another run is at work", f"process {first.pid}", "Next:")
        assert _writes(sandbox) == 0
    finally:
        first.kill()
        first.wait()
    # The holder is dead, and its lock with it.
    told(sync(), 0)
