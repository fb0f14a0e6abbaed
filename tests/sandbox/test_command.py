"""`wizsync sandbox` with faults and accounts, as a real process."""

import signal
import subprocess
import sys

import httpx
import pytest

from tests.cli.conftest import environment


@pytest.fixture
def served(tmp_path):
    """A sandbox with faults and a second account, its lines until it listens, and its address."""
    words = ["--fault", "500:on=list,nth=2", "--fault", "reset_done:on=create,share=0.5"]
    more = ["--seed", "3", "--account", "second=4", "--control"]
    process = subprocess.Popen(
        [sys.executable, "-m", "wizsync", "sandbox", "--port", "0", *words, *more],
        stdout=subprocess.PIPE,
        text=True,
        env=environment(tmp_path),
    )
    try:
        said = [process.stdout.readline()]
        while not said[-1].startswith("Ctrl-C"):
            said.append(process.stdout.readline())
        yield process, said, said[0].split()[1]
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.communicate()


def test_it_is_as_hostile_as_it_was_told(served):
    _, said, url = served
    assert "Key of second: sandbox-key-second\n" in said
    control = url.removesuffix("/v1") + "/control"
    told = httpx.get(f"{control}/faults").json()
    assert told["seed"] == 3
    assert [(fault["name"], fault["share"]) for fault in told["faults"]] == [
        ("500", 1.0),
        ("reset_done", 0.5),
    ]
    with httpx.Client(base_url=url, headers={"X-API-Key": "sandbox-key"}) as http:
        assert [http.get("/customers").status_code for _ in range(3)] == [200, 500, 200]
        lost = 0
        for number in range(20):
            key = f"K-{number}"
            body = {"reference_id": key, "company_name": key, "display_name": key}
            try:
                assert http.post("/customers", json=body).status_code == 201
            except httpx.ReadError:
                lost += 1
    writes = httpx.get(f"{control}/ledger").json()
    assert {write["done"] for write in writes} == {True}
    assert [write["status"] for write in writes].count(None) == lost
    assert 0 < lost < 20
    second = httpx.get(f"{url}/customers", headers={"X-API-Key": "sandbox-key-second"}).json()
    assert 0 < len(second["data"]) <= 4


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--fault", "resett"), 'There is no fault "resett".'),
        (("--account", "Second"), 'An account of the sandbox cannot be called "Second".'),
        (("--account", "main=3"), "Two accounts of the sandbox have the same name or key."),
    ],
)
def test_what_it_does_not_understand_it_says(wizsync_command, words, said):
    ended = wizsync_command("sandbox", *words)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
