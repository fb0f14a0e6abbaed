import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from wizsync.errors import MachineError
from wizsync.sandbox import SandboxOptions, running

SERVE = """
import sys
from pathlib import Path
from wizsync.sandbox import SandboxOptions, serve
options = SandboxOptions(customers=20, db=Path(sys.argv[1]) if sys.argv[1:] else None)
serve(options, lambda url: print(url, flush=True))
print("ended", flush=True)
"""
KEY = {"X-API-Key": "sandbox-key"}


def served(*arguments):
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", SERVE, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    return process, process.stdout.readline().strip()


def body(key):
    return {"reference_id": key, "company_name": key, "display_name": key}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_cleanly(number):
    process, url = served()
    try:
        assert httpx.get(f"{url}/customers", headers=KEY).status_code == 200
        process.send_signal(number)
        out, err = process.communicate(timeout=20)
    finally:
        process.kill()
    assert (process.returncode, out, err) == (0, "ended\n", "")


def test_what_was_answered_outlives_a_kill(tmp_path):
    db = tmp_path / "account.db"
    process, url = served(db)
    answered = []
    try:
        with httpx.Client(base_url=url, headers=KEY) as http:
            for number in range(40):
                answer = http.post("/customers", json=body(f"K-{number}"))
                answered.append(answer.json()["data"])
            oldest = http.get("/customers", params={"sort_by": "created_at", "sort": "asc"})
            identifier = oldest.json()["data"][0]["id"]
            changed = http.patch(f"/customers/{identifier}", json={"phone": "9"}).json()["data"]
    finally:
        process.kill()
        process.communicate()
    with running(SandboxOptions(db=db, customers=20)) as sandbox:
        kept = sandbox.customers()
        assert len(kept) == 60, "the file's customers, and no others"
        with httpx.Client(base_url=sandbox.base_url, headers=KEY) as http:
            for before in (*answered, changed):
                assert http.get(f"/customers/{before['id']}").json()["data"] == before
            later = http.post("/customers", json=body("LATER")).json()["data"]
        assert later["created_at"] > changed["updated_at"]


def test_times_never_go_back_even_if_the_clock_did(tmp_path):
    options = SandboxOptions(db=tmp_path / "account.db", customers=1)
    ahead = "2999-01-01T00:00:00.000000Z"
    with running(options) as sandbox:
        sandbox.edit(sandbox.customers()[0]["id"], updated_at=ahead)
    with running(options) as sandbox:
        first, second = sandbox.add(name="First"), sandbox.add(name="Second")
    assert ahead < first["created_at"] < second["created_at"]


def test_an_emptied_account_stays_empty(tmp_path):
    options = SandboxOptions(db=tmp_path / "account.db", customers=2)
    with running(options) as sandbox:
        for customer in sandbox.customers():
            sandbox.remove(customer["id"])
    with running(options) as sandbox:
        assert sandbox.customers() == []


def test_a_write_is_kept_whole_or_not_at_all(tmp_path):
    db = tmp_path / "account.db"
    with running(SandboxOptions(db=db, customers=1)) as sandbox:
        first = sandbox.customers()[0]
        with sqlite3.connect(db) as other:
            other.execute(
                "CREATE TRIGGER full BEFORE INSERT ON contacts BEGIN SELECT RAISE(ABORT, 'full'); END"
            )
        other.close()
        change = {
            "phone": "9",
            "contacts": [{"reference_id": "C", "first_name": "A", "email": "a"}],
        }
        url = f"{sandbox.base_url}/customers"
        answer = httpx.patch(f"{url}/{first['id']}", json=change, headers=KEY)
        assert answer.status_code == 500
        assert answer.json()["code"] == "internal_error"
        assert sandbox.customers() == [first]
        httpx.post(url, json=body("K") | {"contacts": change["contacts"]}, headers=KEY)
        assert sandbox.customers() == [first]


def test_a_port_in_use_is_said():
    with running(SandboxOptions()) as sandbox:
        port = int(sandbox.base_url.split(":")[2].partition("/")[0])
        with pytest.raises(MachineError) as error, running(SandboxOptions(port=port)):
            pass
    assert error.value.where == f"127.0.0.1:{port}"
    assert "Choose another port" in error.value.hint
    with running(SandboxOptions(port=port)) as again:
        assert again.base_url == f"http://127.0.0.1:{port}/v1"


def test_an_unfit_file_is_said(tmp_path):
    text = tmp_path / "notes.txt"
    text.write_text("not a database, and longer than the header of one would be" * 20)
    foreign = tmp_path / "foreign.db"
    with sqlite3.connect(foreign) as other:
        other.execute("CREATE TABLE customers (name)")
    other.close()
    for path in (tmp_path, tmp_path / "missing" / "account.db", text, foreign):
        with pytest.raises(MachineError) as error, running(SandboxOptions(db=path)):
            pass
        assert error.value.where == str(path)
    assert text.read_text().startswith("not a database")


def test_nothing_is_left_behind():
    threads = threading.active_count()
    with running(SandboxOptions()) as sandbox:
        with httpx.Client(base_url=sandbox.base_url, headers=KEY) as http:
            http.get("/customers")
        address = ("127.0.0.1", int(sandbox.base_url.split(":")[2].partition("/")[0]))
    assert threading.active_count() == threads
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address).close()


def test_it_ends_although_a_client_keeps_its_connection():
    with (
        running(SandboxOptions()) as sandbox,
        socket.create_connection(
            ("127.0.0.1", int(sandbox.base_url.split(":")[2].partition("/")[0]))
        ) as idle,
    ):
        idle.sendall(b"GET /v1/customers HTTP/1.1\r\nHost: x\r\n")
        httpx.get(f"{sandbox.base_url}/customers", headers=KEY)


def test_the_key_shows_in_no_text():
    assert "s3cret" not in repr(SandboxOptions(key="s3cret"))


def test_writers_at_once_are_all_served():
    with running(SandboxOptions()) as sandbox, httpx.Client(headers=KEY) as http:
        url = f"{sandbox.base_url}/customers"
        with ThreadPoolExecutor(8) as pool:
            keys = [f"K-{number % 100}" for number in range(200)]
            answers = list(pool.map(lambda key: http.post(url, json=body(key)).status_code, keys))
        assert (answers.count(201), answers.count(409)) == (100, 100)
        assert len({customer["reference_id"] for customer in sandbox.customers()}) == 100


def test_five_thousand_customers_start_soon_and_page_fast():
    began = time.perf_counter()
    with running(SandboxOptions(customers=5000)) as sandbox:
        started = time.perf_counter() - began
        with httpx.Client(base_url=sandbox.base_url, headers=KEY) as http:
            query = {"page": 45, "page_size": 100, "sort_by": "created_at", "sort": "asc"}
            times = []
            for _ in range(10):
                began = time.perf_counter()
                assert len(http.get("/customers", params=query).json()["data"]) == 100
                times.append(time.perf_counter() - began)
    # Generous to a busy machine: alone it takes 0.6 s and 5 ms.
    assert started < 6
    assert min(times) < 0.05
