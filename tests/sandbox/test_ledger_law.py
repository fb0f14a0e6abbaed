"""Whatever goes wrong, the ledger says what the account holds and what the clients saw."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from wizsync.sandbox import KINDS

SECONDS = {"refused": 0.02, "slow_drip": 0.1, "hang_done": 0.05}
# They end everything, or take a second of their own.
LEFT_OUT = {"401", "403", "gzip_bomb"}


@pytest.mark.parametrize("seed", [1, 2])
def test_the_ledger_agrees_with_the_account(start, seed):
    api = start()
    api.sandbox.set_faults(
        [
            {"name": name, "share": 0.05, "seconds": SECONDS.get(name)}
            for name, kind in KINDS.items()
            if kind.spoils and name not in LEFT_OUT
        ],
        seed=seed,
    )
    with ThreadPoolExecutor(8) as pool:
        seen = dict(pool.map(lambda number: create(api, f"K-{number}"), range(160)))
    assert api.sandbox.wait() == 0
    writes = {write["reference_id"]: write for write in api.sandbox.ledger()}
    held = Counter(customer["reference_id"] for customer in api.sandbox.customers())
    assert held == Counter(key for key, write in writes.items() if write["done"])
    assert set(held.values()) == {1}
    for key, status in seen.items():
        if status is not None:
            assert writes[key]["status"] == status
    assert all(write["at"] >= write["at_start"] for write in writes.values())
    struck = Counter(write["fault"] for write in writes.values())
    assert len(struck) > 8
    counts = api.sandbox.counts()
    assert counts["operations"]["create"] == len(writes)
    lost = counts["statuses"].get("lost", 0)
    assert lost == [write["status"] for write in writes.values()].count(None) > 0


def create(api, key):
    """The key, and the status that came; None: none did."""
    body = api.words({"reference_id": key, "company_name": key, "display_name": key})
    try:
        return key, api.http.post("/customers", json=body, timeout=0.5).status_code
    except httpx.TransportError:
        return key, None
