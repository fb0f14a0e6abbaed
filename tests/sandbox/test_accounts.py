"""Several accounts at one address, a key each."""

import httpx
import pytest

from wizsync.errors import UsageError
from wizsync.sandbox import AccountOptions, Fault, SandboxOptions, running

SECOND = AccountOptions("second", customers=5)


@pytest.fixture
def two(start):
    """A sandbox with 40 customers, and a second account with 5."""
    return start(customers=40, accounts=(SECOND,), control=True)


def as_second(api, method, path, body=None, key="sandbox-key-second"):
    headers = {"X-API-Key": key}
    return httpx.request(method, api.sandbox.base_url + path, headers=headers, json=body)


def test_the_key_decides_whose_customers_they_are(two):
    second = two.sandbox.account("second")
    assert (second.key, len(second.customers())) == ("sandbox-key-second", 5)
    assert len(two.sandbox.customers()) == len(two.sandbox.account("main").customers()) == 40
    seen = two.open(as_second(two, "GET", "/customers"))
    assert {row["id"] for row in seen} == {
        c["id"] for c in second.customers() if c["status"] == "active"
    }
    first = second.customer("C-10001")
    assert first["id"] != two.sandbox.customer("C-10001")["id"]
    assert first["name"] == two.sandbox.customer("C-10001")["name"]
    assert two.send("GET", f"/customers/{first['id']}").status_code == 404
    assert as_second(two, "GET", f"/customers/{first['id']}").status_code == 200
    own = {c["id"] for c in first["addresses"] + first["contacts"]}
    main = two.sandbox.customer("C-10001")
    assert not own & {c["id"] for c in main["addresses"] + main["contacts"]}


def test_writes_go_to_their_account_and_say_so(two):
    body = two.words({"reference_id": "C-10009", "company_name": "x", "display_name": "x"})
    assert as_second(two, "POST", "/customers", body).status_code == 201
    assert two.post(reference_id="C-10009").status_code == 409
    assert [(w["account"], w["done"]) for w in two.sandbox.ledger()] == [
        ("second", True),
        ("main", False),
    ]
    second = two.sandbox.account("second")
    second.edit(second.customer("C-10009")["id"], name="Edited")
    second.remove(second.customer("C-10001")["id"])
    second.add(name="By hand")
    assert [c["name"] for c in second.customers()][-2:] == ["Edited", "By hand"]
    second.set_lookup("price_lists", [{"id": "pl_1", "name": "Retail"}])
    assert len(two.open(as_second(two, "GET", "/price-lists"))) == 1
    assert len(two.open(two.send("GET", "/price-lists"))) == 9


def test_a_key_is_replaced_by_another(two):
    two.sandbox.account("second").rotate_key("new-second")
    two.sandbox.rotate_key("new-main")
    for old in ("sandbox-key-second", "sandbox-key"):
        assert as_second(two, "GET", "/customers", key=old).status_code == 401
    assert len(two.open(as_second(two, "GET", "/customers?page_size=100", key="new-second"))) < 6
    assert len(two.open(as_second(two, "GET", "/customers?page_size=100", key="new-main"))) > 6
    assert two.sandbox.key == "new-main"
    log_in = {"email": "a@shop.example", "password": "sandbox-password"}
    origin = two.sandbox.base_url.removesuffix("/v1")
    assert httpx.post(f"{origin}/auth/token", json=log_in).json()["access_token"] == "new-main"


def test_the_control_address_knows_accounts_and_tells_no_key(two):
    def control(method, path, body=None):
        return httpx.request(method, two.sandbox.control_url + path, json=body)

    assert control("GET", "/accounts").json() == ["main", "second"]
    assert len(control("GET", "/customers").json()) == 40
    assert control("GET", "/customers?account=second").json() == (
        two.sandbox.account("second").customers()
    )
    two.refused(control("GET", "/customers?account=third"), 404)
    made = control("POST", "/customers?account=second", {"name": "By hand"}).json()
    where = f"/customers/{made['id']}?account=second"
    assert control("PATCH", where, {"name": "Edited"}).json()["name"] == "Edited"
    assert control("DELETE", where).status_code == 204
    changed = control("PUT", "/key?account=second", {"key": "rotated"})
    assert (changed.status_code, changed.content) == (204, b"")
    assert as_second(two, "GET", "/customers", key="rotated").status_code == 200
    assert control("PUT", "/key", {"key": "rotated-main"}).status_code == 204
    two.refused(control("PUT", "/key", {"key": ""}))
    for path in ("/accounts", "/requests", "/ledger", "/faults", "/assumptions"):
        assert "rotated" not in control("GET", path).text


def test_assumptions_hold_for_every_account(two):
    two.sandbox.assume(delete="soft")
    second = two.sandbox.account("second")
    first = second.customers()[0]
    as_second(two, "DELETE", f"/customers/{first['id']}")
    assert second.customers()[0]["status"] == "inactive"


def test_a_revoked_key_leaves_the_other_account_alone(two):
    two.sandbox.set_faults([Fault("401", nth=(1,))])
    assert [two.send("GET", "/customers").status_code for _ in range(2)] == [401, 401]
    assert as_second(two, "GET", "/customers").status_code == 200


def test_each_account_is_kept_in_a_file_of_its_own(tmp_path):
    options = SandboxOptions(customers=3, db=tmp_path / "shop.db", accounts=(SECOND,))
    with running(options) as sandbox:
        sandbox.account("second").add(reference_id="KEPT", name="Kept")
        before = sandbox.customers()
    assert {path.name for path in tmp_path.glob("*.db")} == {"shop.db", "shop.second.db"}
    with running(options) as sandbox:
        assert sandbox.account("second").customer("KEPT")["name"] == "Kept"
        assert sandbox.customers() == before


def test_accounts_need_names_and_keys_of_their_own():
    for accounts in (
        (AccountOptions("main"),),
        (SECOND, SECOND),
        (AccountOptions("other", key="sandbox-key"),),
    ):
        with pytest.raises(UsageError), running(SandboxOptions(accounts=accounts)):
            pass
    for word in ("Second=4", "=4", "second=many", "second=-1"):
        with pytest.raises(UsageError):
            AccountOptions.parse(word)
    assert AccountOptions.parse("second=40") == AccountOptions("second", 40)
    assert AccountOptions.parse("empty") == AccountOptions("empty")
    with running(SandboxOptions()) as sandbox, pytest.raises(KeyError):
        sandbox.account("second")


def test_no_key_shows_in_any_text():
    account = AccountOptions("second", key="s3cret")
    assert "s3cret" not in repr(account) + repr(SandboxOptions(accounts=(account,)))
