"""Which requests a fault strikes, and how faults are asked for."""

import httpx
import pytest

from wizsync.errors import UsageError
from wizsync.sandbox import KINDS, Fault, SandboxOptions, running


def statuses(api, count, path="/customers"):
    return [api.send("GET", path).status_code for _ in range(count)]


def test_words_and_json_say_the_same():
    for word, json, fault in (
        ("500", {"name": "500"}, Fault("500")),
        ("500:share=20%", {"name": "500", "share": 0.2}, Fault("500", share=0.2)),
        (
            "reset:on=create+update,nth=3+7,times=1",
            {"name": "reset", "on": ["create", "update"], "nth": [3, 7], "times": 1},
            Fault("reset", on=("create", "update"), nth=(3, 7), times=1),
        ),
        (
            "hang_done:key=C-10001,seconds=2.5",
            {"name": "hang_done", "key": "C-10001", "seconds": 2.5},
            Fault("hang_done", key="C-10001", seconds=2.5),
        ),
        ("clock:seconds=-60", {"name": "clock", "seconds": -60}, Fault("clock", seconds=-60)),
    ):
        assert Fault.of(word) == Fault.of(json) == fault
        assert Fault.of(fault.as_json()) == fault


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("resett", 'There is no fault "resett". Did you mean "reset"?'),
        ("500:shre=20%", 'There is no setting of a fault "shre". Did you mean "share"?'),
        ("500:20%", '"20%" is no setting of a fault. Write NAME:share=20%'),
        ("500:share=120%", 'A fault\'s share cannot be "120%".'),
        ("500:share=often", 'A fault\'s share cannot be "often".'),
        ("500:on=creat", 'There is no operation "creat". Did you mean "create"?'),
        ("page_lost:on=get", 'The fault "page_lost" cannot strike the operation "get".'),
        ("500:nth=0", 'A fault\'s nth cannot be "0". It is a whole number from 1.'),
        ("500:times=-1", 'A fault\'s times cannot be "-1".'),
        ("hang_done:seconds=long", 'A fault\'s seconds cannot be "long".'),
        ("hang_done:seconds=-1", 'A fault\'s seconds cannot be "-1.0".'),
        ("hang_done:seconds=nan", 'A fault\'s seconds cannot be "nan".'),
        ({"share": 1}, 'There is no fault "".'),
        (7, "7 is no fault."),
    ],
)
def test_what_is_no_fault_is_said(asked, said):
    with pytest.raises(UsageError) as error:
        Fault.of(asked)
    assert f"{error.value.message} {error.value.hint}".startswith(said)


def test_every_kind_can_be_set_at_a_share():
    with running(SandboxOptions()) as sandbox:
        for name in KINDS:
            sandbox.set_faults([f"{name}:share=20%"])
            assert [fault["name"] for fault in sandbox.faults()] == [name]


def test_only_the_nth_request_is_struck_and_only_so_often(api):
    api.sandbox.fault("500", on="list", nth=(2, 4))
    assert statuses(api, 2, "/price-lists") == [200, 200]
    assert statuses(api, 5) == [200, 500, 200, 500, 200]
    api.sandbox.set_faults(["500:times=2"])
    assert statuses(api, 4) == [500, 500, 200, 200]
    (told,) = api.sandbox.faults()
    assert (told["matched"], told["struck"]) == (4, 2)


OPERATIONS = ("list", "get", "create", "update", "child", "other", "delete")


@pytest.mark.parametrize("operation", OPERATIONS)
def test_only_named_operations_are_struck(api, operation):
    path = f"/customers/{api.create()['id']}"
    calls = (
        ("GET", "/customers", None),
        ("GET", path, None),
        ("POST", "/customers", {}),
        ("PATCH", path, {}),
        ("GET", f"{path}/addresses", None),
        ("GET", "/attributes", None),
        ("DELETE", path, None),
    )
    api.sandbox.fault("503_json", on=operation)
    answers = [api.send(*call).status_code for call in calls]
    assert [name for name, status in zip(OPERATIONS, answers, strict=True) if status == 503] == [
        operation
    ]


def test_only_the_customer_named_is_struck(api):
    made, other = api.create(), api.create()
    key = made[api.word("reference_id")]
    api.sandbox.fault("503_json", key=key)
    for identifier, status in ((made["id"], 503), (other["id"], 200)):
        assert api.send("GET", f"/customers/{identifier}").status_code == status
        assert api.patch(identifier, phone="1").status_code == status
        assert api.send("GET", f"/customers/{identifier}/contacts").status_code == status
    assert api.post(reference_id=key).status_code == 503
    assert api.post().status_code == 201
    name = api.word("reference_ids")
    for asked, status in ((f"C-10001,{key}", 503), ("C-10001", 200)):
        assert api.send("GET", "/customers", **{name: asked}).status_code == status
    assert statuses(api, 1) == [200], "a list of everybody is about nobody in particular"


def test_a_share_is_drawn_from_the_seed(api):
    def drawn(seed):
        api.sandbox.set_faults(["500:share=20%"], seed=seed)
        return statuses(api, 100)

    first = drawn(1)
    assert first == drawn(1)
    assert first != drawn(2)
    assert 8 <= first.count(500) <= 35
    assert api.sandbox.faults()[0]["struck"] == drawn(2).count(500)


def test_chances_do_not_depend_on_which_request_came_first(start):
    api = start(customers=30)
    ids = [c["id"] for c in api.sandbox.customers()]

    def struck(order):
        api.sandbox.set_faults(["500:share=40%,on=get", "503_html:share=40%,on=get"], seed=7)
        answers = {}
        for identifier in order:
            answer = api.send("GET", f"/customers/{identifier}").status_code
            again = api.send("GET", f"/customers/{identifier}").status_code
            answers[identifier] = (answer, again)
        return answers

    seen = struck(ids)
    assert seen == struck(ids[::-1])
    assert {status for pair in seen.values() for status in pair} == {200, 500, 503}
    assert any(first != again for first, again in seen.values()), "a repeat draws anew"


def test_of_two_that_spoil_the_answer_the_first_strikes(api):
    api.sandbox.set_faults(["others_change:on=update", "500:nth=1", "reset_done:on=update"])
    made = api.sandbox.add(name="Shop")
    assert api.patch(made["id"], name="x").status_code == 500
    with pytest.raises(httpx.ReadError):
        api.patch(made["id"], display_name="Second")
    assert [w["fault"] for w in api.sandbox.ledger()] == [
        "others_change+500",
        "others_change+reset_done",
    ]
    assert [fault["struck"] for fault in api.sandbox.faults()] == [2, 1, 1]


def test_faults_are_switched_while_it_runs(start):
    api = start(faults=(Fault("500"),), seed=3)
    assert statuses(api, 1) == [500]
    api.sandbox.fault("503_json", on="get")
    assert [fault["name"] for fault in api.sandbox.faults()] == ["500", "503_json"]
    api.sandbox.no_faults()
    assert statuses(api, 1) == [200]
    assert api.sandbox.faults() == []


def control(api, method, path="/faults", body=None):
    return httpx.request(method, api.sandbox.control_url + path, json=body)


def test_faults_are_switched_from_another_process(api):
    told = control(api, "PUT", body=["500:share=20%", {"name": "reset", "on": "create"}]).json()
    assert [fault["name"] for fault in told["faults"]] == ["500", "reset"]
    assert told["faults"][0] | {"share": 0.2, "matched": 0, "struck": 0} == told["faults"][0]
    assert control(api, "PUT", body={"seed": 9, "faults": ["500"]}).json()["seed"] == 9
    assert statuses(api, 1) == [500]
    (fault,) = control(api, "GET").json()["faults"]
    assert fault["struck"] == 1
    added = control(api, "POST", body={"name": "hang", "nth": 9}).json()["faults"]
    assert [fault["name"] for fault in added] == ["500", "hang"]
    assert [fault["struck"] for fault in added] == [1, 0]
    assert control(api, "POST", body="redirect").json()["faults"][2]["name"] == "redirect"
    assert control(api, "DELETE").json()["faults"] == []
    assert statuses(api, 1) == [200]


def test_wrong_faults_change_nothing(api):
    api.sandbox.fault("503_html")
    for body in (["500", "resett"], [3], [{"name": "500", "share": 2}]):
        api.refused(control(api, "PUT", body=body))
    api.refused(control(api, "POST", body="resett"))
    for body in ("500", {"faults": "500"}, {"seed": "x", "faults": []}):
        api.refused(control(api, "PUT", body=body), 400)
    assert [fault["name"] for fault in api.sandbox.faults()] == ["503_html"]


def test_what_is_under_way_is_told(api):
    assert control(api, "GET", "/open").json() == {"open": 0}
    api.sandbox.fault("hang_done", on="list", seconds=0.2)
    with pytest.raises(httpx.ReadTimeout):
        api.http.get("/customers", timeout=0.05)
    assert control(api, "GET", "/open").json() == {"open": 1}
    assert control(api, "GET", "/open?wait=5").json() == {"open": 0}
    api.refused(control(api, "GET", "/open?wait=long"))


def test_what_faults_did_is_told(api):
    control(api, "PUT", body=["others_change:on=list", "redirect:on=get"])
    api.page()
    target = api.send("GET", "/customers/x").headers["Location"]
    httpx.get(target, headers=api.http.headers)
    (deed,) = control(api, "GET", "/others").json()
    assert deed["did"] == "change"
    got = control(api, "GET", "/elsewhere")
    assert got.json() == [{"method": "GET", "path": "/v1/customers/x", "key": True}]
    assert api.sandbox.key not in got.text
    control(api, "POST", "/requests")
    assert control(api, "GET", "/others").json() == control(api, "GET", "/elsewhere").json() == []
    assert len(control(api, "GET").json()["faults"]) == 2, "faults stay"
