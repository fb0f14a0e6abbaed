import time

import pytest

from wizsync.sandbox.limiter import Standing, TokenBucket


@pytest.mark.parametrize("headers", [{}, {"X-API-Key": "wrong"}, {"X-API-Key": ""}])
def test_without_the_key_nothing_is_told(start, headers):
    api = start(customers=5, key="a secret")
    for path in ("/customers", "/customers/x", "/nowhere"):
        answer = api.http.get(path, headers={"X-API-Key": ""} | headers)
        assert api.refused(answer, 401) == {}
    assert api.send("GET", "/customers").status_code == 200
    assert api.sandbox.counts()["statuses"] == {"200": 1, "401": 3}


def test_the_bucket_lets_the_rate_through():
    bucket = TokenBucket(rate=100.0)
    assert [bucket.wait(), bucket.wait()] == [0, 0]
    taken, began = 0, time.monotonic()
    while time.monotonic() - began < 0.2:
        wait = bucket.wait()
        assert 0 <= wait <= 0.01
        taken += wait == 0
    assert 0 < taken <= 22


def test_a_bucket_of_another_rate_lets_that_through():
    bucket = TokenBucket(rate=None)
    assert {bucket.wait() for _ in range(5)} == {0}
    assert bucket.standing() is None
    bucket.rate = 0.01
    assert [bucket.wait(), bucket.wait()] == [0, 0]
    assert 99 < bucket.wait() <= 100
    bucket.rate = 1_000_000
    while bucket.wait():
        pass
    bucket.rate = None
    assert bucket.wait() == 0


@pytest.mark.parametrize(
    ("rate", "standing"),
    [(40, Standing(40, 1, 1, 1)), (2.5, Standing(25, 10, 1, 1)), (0.02, Standing(1, 50, 1, 50))],
)
def test_a_bucket_tells_how_things_are(rate, standing):
    bucket = TokenBucket(rate)
    bucket.wait()
    assert bucket.standing() == standing


RATE_HEADERS = {
    "none": {},
    "draft": {
        "ratelimit-limit": "1",
        "ratelimit-policy": "1;w=50",
        "ratelimit-remaining": "{left}",
        "ratelimit-reset": "{reset}",
    },
    "structured": {
        "ratelimit-policy": '"default";q=1;w=50',
        "ratelimit": '"default";r={left};t={reset}',
    },
    "x": {
        "x-ratelimit-limit": "1",
        "x-ratelimit-remaining": "{left}",
        "x-ratelimit-reset": "{moment}",
    },
}


@pytest.mark.parametrize("assumed", RATE_HEADERS)
def test_every_answer_tells_of_the_limit_as_it_is_assumed(start, assumed):
    api = start(rate=0.02)
    api.sandbox.assume(rate_headers=assumed)
    for path, status, left in (
        ("/customers", 200, 1),
        ("/customers/nobody", 404, 0),
        ("/customers", 429, 0),
    ):
        answer = api.send("GET", path)
        assert answer.status_code == status
        told = {name: value for name, value in answer.headers.items() if "ratelimit" in name}
        moment = told.get("x-ratelimit-reset", "0")
        reset = 100 - 50 * left
        assert told == {
            name: value.format(left=left, reset=reset, moment=moment)
            for name, value in RATE_HEADERS[assumed].items()
        }
        if assumed == "x":
            assert reset - 2 <= int(moment) - time.time() <= reset


def test_requests_within_the_rate_all_pass(start):
    api = start(rate=200)
    while (counts := api.sandbox.counts())["total"] < 20:
        began = time.monotonic()
        api.send("GET", "/customers")
        while time.monotonic() - began < 1 / 200:
            pass
    assert counts["statuses"] == {"200": 20}


def test_latency_holds_answers_back(start):
    api = start(latency_ms=150)
    began = time.monotonic()
    api.send("GET", "/customers")
    assert time.monotonic() - began >= 0.15
