"""Opens a report in headless Chromium and asks it questions."""

from __future__ import annotations

import json
import queue
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

# Shows the report in a frame of its own origin and answers what `ask` returns, asked once the report
# has taken in all of its data. The report's own policy holds in its frame as it does outside of one.
HARNESS = """<!DOCTYPE html>
<meta charset="utf-8">
<iframe id="frame" width="WIDTH" height="900"></iframe>
<script>
const answer = (value) => fetch("/answer", {method: "POST", body: JSON.stringify(value)});
const frame = document.getElementById("frame");
const until = (condition) => new Promise((done) => {
  const look = () => condition() ? done() : setTimeout(look, 10);
  look();
});
frame.onload = async () => {
  const page = frame.contentDocument, view = frame.contentWindow;
  const cards = () => [...page.querySelectorAll("article")];
  const shown = () => page.getElementById("shown")?.textContent ?? "";
  const choose = (id, value) => {
    page.getElementById(id).value = value;
    page.getElementById(id).dispatchEvent(new view.Event(id === "find" ? "input" : "change"));
  };
  try {
    await until(() => !shown().includes("reading more"));
    answer({is: await (async () => { ASK })()});
  } catch (error) {
    answer({error: String(error)});
  }
};
frame.src = "/report.html";
</script>"""


@dataclass
class Answers:
    """What came back from a page, and every address that was asked for meanwhile."""

    is_: Any = None
    asked: list[str] = field(default_factory=list)


def chromium() -> str:
    """The browser's program; a test that needs it fails without it."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.fail("Chromium is missing. Install it with: apt-get install -y chromium")
    return found


def ask(report: Path, script: str, *, width: int = 1200) -> Answers:
    """Open a report and run a script beside it.

    Args:
        report: The report.
        script: The body of an async function; `page` is the report's document, `view` its window.
        width: Of the frame it is shown in, in CSS pixels.

    Returns:
        What the script returns.
    """
    harness = HARNESS.replace("ASK", script).replace("WIDTH", str(width))
    answers: queue.Queue[str] = queue.Queue()
    pages = {"/": harness.encode(), "/report.html": report.read_bytes()}
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            body = pages.get(self.path)
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def do_POST(self) -> None:
            answers.put(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with serving(Handler) as address, browsing(address):
        said = json.loads(answers.get(timeout=60))
    assert "error" not in said, said["error"]
    return Answers(said.get("is"), asked)


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """A server on loopback, by its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def browsing(address: str) -> Iterator[None]:
    """A browser that shows an address, with a profile of its own."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [
            chromium(),
            *FLAGS,
            f"--user-data-dir={profile}",
            "--remote-debugging-port=0",
            address,
        ]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            yield
        finally:
            process.terminate()
            process.wait()
