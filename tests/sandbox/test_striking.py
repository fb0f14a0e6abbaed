"""Each fault that replaces or spoils an answer: what the client sees, the account and the ledger hold."""

import email.utils
import time
import zlib
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from wizsync.sandbox import KINDS, SandboxOptions, running
from wizsync.sandbox.kinds import Kind
from wizsync.sandbox.striking import EFFECTS

ANSWERS = {
    "500": 500,
    "500_done": 500,
    "502_html": 502,
    "503_json": 503,
    "503_html": 503,
    "408": 408,
    "408_done": 408,
    "429_seconds": 429,
    "429_date": 429,
    "429_bare": 429,
    "429_day": 429,
    "429_negative": 429,
    "401": 401,
    "403": 403,
    "html_200": 200,
    "html_200_done": 200,
    "empty_200": 200,
    "empty_200_done": 200,
    "redirect": 307,
}
HTML = [name for name in ANSWERS if "html" in name]
EMPTY = [*HTML, "empty_200", "empty_200_done", "redirect"]


def written(api):
    """Of the one write so far: whether it was done, its status, the fault, and who has the key."""
    (write,) = api.sandbox.ledger()
    holders = [c for c in api.sandbox.customers() if c["reference_id"] == write["reference_id"]]
    assert write["reference_id"]
    assert write["at_start"] <= write["at"] <= time.time()
    return write["done"], write["status"], write["fault"], len(holders)


def test_each_fault_is_done_somewhere():
    spoiling = {name for name, kind in KINDS.items() if kind.spoils}
    assert spoiling == EFFECTS.keys()
    assert spoiling >= ANSWERS.keys()
    assert {len(kind.meaning) < 110 for kind in KINDS.values()} == {True}
    assert Kind("") not in KINDS.values()


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_in_place_of_the_real_one(api, name):
    api.sandbox.fault(name, on="create")
    answer = api.post()
    assert answer.status_code == ANSWERS[name]
    done = name.endswith("_done")
    assert written(api) == (done, ANSWERS[name], name, int(done))
    if name in HTML:
        assert answer.headers["Content-Type"].startswith("text/html")
        assert answer.text.startswith("<!doctype html>")
    elif name in EMPTY:
        assert answer.content == b""
    else:
        assert api.refused(answer, ANSWERS[name]) == {}
    assert api.sandbox.counts()["answers"]["create"] == {str(ANSWERS[name]): 1}


def test_the_time_to_wait_is_told_in_every_way(api):
    def told(name, **settings):
        api.sandbox.set_faults([{"name": name, **settings}])
        return api.send("GET", "/customers").headers.get("Retry-After")

    assert told("429_seconds") == "1"
    assert told("429_seconds", seconds=2.5) == "3"
    until = email.utils.parsedate_to_datetime(told("429_date", seconds=30)).timestamp()
    assert 28 < until - time.time() < 31
    assert told("429_bare") is None
    assert told("429_day") == "86400"
    assert told("429_negative") == "-1"


@pytest.mark.parametrize("status", [401, 403])
def test_a_key_once_revoked_stays_so(api, status):
    api.sandbox.fault(str(status), nth=2)
    seen = [api.send("GET", path).status_code for path in ("/customers", "/price-lists", "/x")]
    assert seen == [200, status, status]
    assert api.post().status_code == status
    assert api.sandbox.faults()[0]["struck"] == 3
    api.sandbox.no_faults()
    api.create()


@pytest.mark.parametrize(("name", "done"), [("reset", False), ("reset_done", True)])
def test_a_reset_loses_the_answer(api, name, done):
    api.sandbox.fault(name, on="create")
    with pytest.raises(httpx.ReadError) as error:
        api.post()
    assert "reset" in str(error.value).lower()
    assert written(api) == (done, None, name, int(done))
    assert api.sandbox.counts()["statuses"] == {"lost": 1}
    assert api.sandbox.wait() == 0


def test_each_write_is_done_although_its_answer_is_lost(api):
    made = api.create(addresses=[api.address()])
    api.sandbox.reset()
    path = f"/customers/{made['id']}"
    child = f"{path}/addresses/{made['addresses'][0]['id']}"
    api.sandbox.fault("reset_done")
    calls = [
        ("PATCH", path, {"phone": "9"}),
        ("PUT", child, api.words(api.address(city="Reno"))),
        ("POST", f"{path}/contacts", api.words(api.contact())),
        ("DELETE", child, None),
        ("DELETE", path, None),
    ]
    states = []
    for method, where, body in calls:
        with pytest.raises(httpx.ReadError):
            api.send(method, where, body)
        states += [c for c in api.sandbox.customers() if c["id"] == made["id"]]
    assert [state["phone"] for state in states] == ["9"] * 4
    assert states[1]["addresses"][0]["city"] == "Reno"
    assert (len(states[2]["contacts"]), states[3]["addresses"]) == (1, [])
    writes = api.sandbox.ledger()
    assert [(w["done"], w["status"], w["sent"]) for w in writes] == [
        (True, None, body) for _, _, body in calls
    ]
    assert {w["customer_id"] for w in writes} == {made["id"]}
    first = writes[0]["number"]
    assert [w["number"] for w in writes] == list(range(first, first + 5))


def test_what_is_refused_and_lost_was_not_done(api):
    key = api.create()[api.word("reference_id")]
    api.sandbox.reset()
    api.sandbox.fault("reset_done")
    with pytest.raises(httpx.ReadError):
        api.post(reference_id=key)
    assert written(api) == (False, None, "reset_done", 1)


def test_connections_are_refused_and_then_taken_again(api):
    api.sandbox.fault("refused", on="create", seconds=0.3, times=1)
    began = time.monotonic()
    with pytest.raises(httpx.ReadError):
        api.post()
    assert written(api) == (False, None, "refused", 0)
    assert refusals(api) > 0
    assert time.monotonic() - began >= 0.3
    assert api.sandbox.counts()["operations"]["list"] == 1, "nobody came while it was shut"


def test_idle_connections_are_closed_when_others_are_refused(api):
    with httpx.Client(base_url=api.sandbox.base_url, headers=api.http.headers) as other:
        assert other.get("/customers").status_code == 200
        api.sandbox.fault("refused", on="create", seconds=0.2, times=1)
        with pytest.raises(httpx.ReadError):
            api.post()
        with pytest.raises(httpx.TransportError):
            other.get("/customers")
    refusals(api)


@pytest.mark.parametrize(("name", "done"), [("hang", False), ("hang_done", True)])
def test_it_hangs_until_the_client_gives_up(api, name, done):
    api.sandbox.fault(name, on="create", times=1)
    began = time.monotonic()
    with pytest.raises(httpx.ReadTimeout):
        api.http.post("/customers", json=body(api, "HANGS"), timeout=0.2)
    assert time.monotonic() - began >= 0.2
    assert api.sandbox.wait() == 0
    assert written(api) == (done, None, name, int(done))
    for customer in api.sandbox.customers():
        if customer["reference_id"] == "HANGS":
            api.sandbox.remove(customer["id"])


def test_what_lands_late_is_in_the_ledger_before_and_after(api):
    api.sandbox.fault("hang_done", on="create", times=1, seconds=0.3)
    with pytest.raises(httpx.ReadTimeout):
        api.http.post("/customers", json=body(api, "LATE"), timeout=0.1)
    (write,) = api.sandbox.ledger()
    assert (write["done"], write["at"], write["reference_id"]) == (False, None, "LATE")
    assert api.sandbox.wait(0) == 1
    assert api.keys(reference_ids="LATE") == []
    assert api.sandbox.wait() == 0
    (write,) = api.sandbox.ledger()
    assert (write["done"], write["status"]) == (True, None)
    assert write["at"] - write["at_start"] >= 0.4
    assert api.keys(reference_ids="LATE") == ["LATE"]
    api.sandbox.remove(api.sandbox.customer("LATE")["id"])


def test_without_the_key_nothing_strikes(api):
    api.sandbox.fault("500")
    assert httpx.get(f"{api.sandbox.base_url}/customers").status_code == 401
    assert api.sandbox.faults()[0]["matched"] == 0


def test_it_ends_although_somebody_hangs(dialect):
    with ThreadPoolExecutor() as pool, running(SandboxOptions(dialect=dialect)) as sandbox:
        sandbox.fault("hang")
        headers = {"X-API-Key": sandbox.key}
        hanging = pool.submit(
            httpx.get, f"{sandbox.base_url}/customers", headers=headers, timeout=60
        )
        while not sandbox.counts()["total"]:
            pass
        began = time.monotonic()
    assert isinstance(hanging.exception(), httpx.RemoteProtocolError | httpx.ReadError)
    assert time.monotonic() - began < 2


def test_an_answer_drips(api):
    api.sandbox.fault("slow_drip", on="create", seconds=0.3)
    began = time.monotonic()
    with api.http.stream("POST", "/customers", json=body(api, "DRIPS")) as answer:
        parts = list(answer.iter_raw())
    assert time.monotonic() - began >= 0.25
    assert len(parts) > 3
    assert written(api) == (True, 201, "slow_drip", 1)
    api.sandbox.remove(api.sandbox.customer("DRIPS")["id"])


def test_a_drip_ends_when_the_client_goes(api):
    api.sandbox.fault("slow_drip", seconds=60)
    with api.http.stream("GET", "/customers") as answer:
        next(answer.iter_raw())
    assert api.sandbox.wait() == 0


def test_json_is_cut_with_a_length_that_fits(api):
    api.sandbox.fault("cut", on="create")
    answer = api.post()
    assert answer.status_code == 201
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    with pytest.raises(ValueError, match=r"char \d+"):
        answer.json()
    assert written(api) == (True, 201, "cut", 1)


def test_json_is_cut_with_a_length_that_does_not(api):
    api.sandbox.fault("cut_short", on="create")
    with pytest.raises(httpx.RemoteProtocolError, match="peer closed connection"):
        api.post()
    assert written(api) == (True, 201, "cut_short", 1)


def test_another_customer_is_shown(api):
    api.sandbox.fault("wrong_customer")
    made = api.open(api.post())
    own = api.sandbox.ledger()[0]["reference_id"]
    assert made[api.word("reference_id")] != own
    assert api.sandbox.customer(own)["id"] != made["id"]
    for seen in (api.get(made["id"]), api.update(made["id"], phone="9")):
        assert seen["id"] != made["id"]
        assert {"addresses", "contacts", "attributes"} < seen.keys()


def test_where_there_is_no_other_customer_the_right_one_is_shown(start):
    api = start()
    api.sandbox.fault("wrong_customer")
    assert api.create(reference_id="ONE")[api.word("reference_id")] == "ONE"


def test_a_few_bytes_unpack_to_very_many(api):
    api.sandbox.fault("gzip_bomb", on="create")
    # As it comes: a client that unpacks it has 256 MB.
    with api.http.stream("POST", "/customers", json=body(api, "BOMB")) as answer:
        packed = b"".join(answer.iter_raw())
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(packed) < 400_000
    unpacker, length = zlib.decompressobj(31), 0
    while piece := unpacker.decompress(packed, 4 * 1024 * 1024):
        length, packed = length + len(piece), unpacker.unconsumed_tail
    assert unpacker.eof
    assert length == 256 * 1024 * 1024 + 2
    assert written(api) == (False, 200, "gzip_bomb", 0)


def test_a_redirect_names_another_host_that_notes_whether_a_key_comes(api):
    api.sandbox.fault("redirect")
    answer = api.send("GET", "/customers", page=2)
    target = answer.headers["Location"]
    assert httpx.URL(target).host != httpx.URL(api.sandbox.base_url).host
    assert httpx.URL(target).path == "/v1/customers"
    assert api.sandbox.elsewhere() == []
    assert httpx.get(target).json() == {"data": []}
    httpx.get(target, headers=api.http.headers)
    told = {"method": "GET", "path": "/v1/customers?page=2"}
    assert api.sandbox.elsewhere() == [told | {"key": False}, told | {"key": True}]
    api.sandbox.reset()
    assert api.sandbox.elsewhere() == []


def test_the_clock_is_off(api):
    api.sandbox.fault("clock", seconds=-7200)
    answer = api.post()
    date = email.utils.parsedate_to_datetime(answer.headers["Date"]).timestamp()
    assert 7198 < time.time() - date < 7210
    made = api.open(answer)
    assert made[api.word("created_at")] == made[api.word("updated_at")]
    api.sandbox.no_faults()
    now = api.post()
    assert abs(email.utils.parsedate_to_datetime(now.headers["Date"]).timestamp() - time.time()) < 5
    assert api.open(now)[api.word("created_at")] > made[api.word("created_at")]


def body(api, key):
    return api.words({"reference_id": key, "company_name": key, "display_name": key})


def refusals(api):
    """How often a connection is refused until one is taken."""
    for number in range(100_000):
        try:
            api.page()
        except httpx.ConnectError:
            continue
        return number
    raise AssertionError("it never opened again")
