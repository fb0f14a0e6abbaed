import time

import pytest

from wizsync.sandbox.gate import TokenBucket


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
