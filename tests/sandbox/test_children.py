"""What writing one child does to it and to its siblings, in both dialects and of both kinds."""

import pytest

KINDS = ("addresses", "contacts")
# A required and an optional field of each kind, and a value for each.
FIELDS = {
    "addresses": (("city", "Reno"), ("address_line_2", "Suite 2")),
    "contacts": (("first_name", "Bo"), ("designation", "Buyer")),
}
REQUIRED = {
    "addresses": {"reference_id", "address_line_1", "city", "type"},
    "contacts": {"reference_id", "first_name", "email"},
}


def child(api, kind, **fields):
    return (api.address if kind == "addresses" else api.contact)(**fields)


def made_with(api, kind, *keys, **fields):
    """A customer with a child for each referenceId."""
    return api.create(**{kind: [child(api, kind, reference_id=key, **fields) for key in keys]})


def post(api, customer, kind, **fields):
    body = api.words(child(api, kind, **fields))
    answer = api.send("POST", f"/customers/{customer['id']}/{kind}", body)
    assert answer.status_code == 201, answer.text
    return api.open(answer)


def put(api, customer, kind, identifier, **fields):
    body = api.words(child(api, kind, **fields))
    answer = api.send("PUT", f"/customers/{customer['id']}/{kind}/{identifier}", body)
    assert answer.status_code == 200, answer.text
    return api.open(answer)


def shown(api, customer, kind, *names):
    """A field, or several, of each child that there is."""
    words = [api.word(name) for name in names]
    rows = [tuple(each[word] for word in words) for each in api.get(customer["id"])[kind]]
    return rows if len(names) > 1 else [value for (value,) in rows]


# --- in an update -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_one_matched_by_reference_id_keeps_what_was_not_sent(api, kind):
    (required, changed), (optional, text) = FIELDS[kind]
    api.sandbox.assume(child_match="reference_id")
    made = made_with(api, kind, "K1", "K2", **{optional: text})
    first, second = made[kind]
    body = {"reference_id": "K1", required: changed}
    updated = api.update(made["id"], **{kind: [body]})
    assert updated[kind] == [
        first | {api.word(required): changed, api.word("updated_at"): _moved(api, updated, kind)},
        second,
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_one_matched_by_reference_id_is_whole_where_lists_are_replaced(api, kind):
    (required, changed), (optional, text) = FIELDS[kind]
    api.sandbox.assume(child_match="reference_id", children="replace")
    made = made_with(api, kind, "K1", "K2", **{optional: text})
    body = {"reference_id": "K1", required: changed}
    missing = REQUIRED[kind] - {"reference_id", required}
    assert api.refused(api.patch(made["id"], **{kind: [body]})).keys() == {
        f"{kind}[0].{api.word(name)}" for name in missing
    }
    body = child(api, kind, reference_id="K1", **{required: changed})
    (left,) = api.update(made["id"], **{kind: [body]})[kind]
    assert left["id"] == made[kind][0]["id"]
    assert (left[api.word(required)], left[api.word(optional)]) == (changed, None)


def test_a_reference_id_is_matched_as_it_is_kept(api):
    api.sandbox.assume(child_match="reference_id", text="tidied")
    made = made_with(api, "contacts", "K1", phone="1")
    api.update(made["id"], contacts=[{"reference_id": " K1 ", "first_name": "Bo"}])
    assert shown(api, made, "contacts", "first_name", "phone") == [("Bo", "1")]


@pytest.mark.parametrize("wrong", ["", None, 7, ["K1"]])
def test_what_is_no_reference_id_matches_nobody(api, wrong):
    api.sandbox.assume(child_match="reference_id")
    made = made_with(api, "contacts", "K1")
    answer = api.patch(made["id"], contacts=[{"reference_id": wrong, "first_name": "Bo"}])
    name = f"contacts[0].{api.word('reference_id')}"
    assert api.refused(answer).keys() == {name, "contacts[0].email"}
    assert api.get(made["id"]) == made


@pytest.mark.parametrize("kind", KINDS)
def test_children_doubled(api, kind):
    api.sandbox.assume(children="double")
    (required, changed), (optional, text) = FIELDS[kind]
    made = made_with(api, kind, "K1", "K2", **{optional: text})
    first, second = made[kind]
    updated = api.update(
        made["id"],
        **{
            kind: [
                {"id": first["id"], required: changed},
                child(api, kind, reference_id="K3"),
            ]
        },
    )
    assert updated[kind][:2] == [first, second]
    double, new = updated[kind][2:]
    assert double["id"] not in {first["id"], second["id"]}
    assert [double[api.word(name)] for name in ("reference_id", required, optional)] == [
        "K1",
        changed,
        text,
    ]
    assert new[api.word("reference_id")] == "K3"
    assert api.get(made["id"]) == updated


@pytest.mark.parametrize("kind", KINDS)
def test_children_dropped(api, kind):
    api.sandbox.assume(children="drop")
    (required, changed), (optional, text) = FIELDS[kind]
    made = made_with(api, kind, "K1", "K2", "K3", **{optional: text})
    sent = [{"id": each["id"]} for each in made[kind]]
    sent[0][required] = changed
    api.update(made["id"], **{kind: [*sent, child(api, kind, reference_id="K4")]})
    names = ("reference_id", required, optional)
    start = child(api, kind)[required]
    assert shown(api, made, kind, *names) == [
        ("K1", changed, text),
        ("K2", start, text),
        ("K4", start, None),
    ]
    api.update(made["id"], phone="1")
    assert shown(api, made, kind, "reference_id") == ["K1", "K2", "K4"]
    api.update(made["id"], **{kind: []})
    assert shown(api, made, kind, "reference_id") == ["K1", "K2"]


def test_children_dropped_leaves_the_only_one(api):
    api.sandbox.assume(children="drop")
    made = made_with(api, "contacts", "K1")
    api.update(made["id"], contacts=[{"id": made["contacts"][0]["id"], "first_name": "Bo"}])
    assert shown(api, made, "contacts", "first_name") == ["Bo"]


# --- by its own endpoint ------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_child_write_alone(api, kind):
    made = made_with(api, kind, "K1", "K2")
    added = post(api, made, kind, reference_id="K3")
    changed = put(api, made, kind, made[kind][0]["id"], reference_id="K1", phone="1")
    assert api.get(made["id"])[kind] == [changed, made[kind][1], added]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("child_put", ["whole", "partial"])
def test_child_write_doubles(api, kind, child_put):
    api.sandbox.assume(child_write="doubles", child_put=child_put)
    optional, text = FIELDS[kind][1]
    made = made_with(api, kind, "K1", "K2", **{optional: text})
    answered = put(api, made, kind, made[kind][0]["id"], reference_id="K1", phone="1")
    assert api.get(made["id"])[kind] == [*made[kind], answered]
    assert answered["id"] != made[kind][0]["id"]
    kept = text if child_put == "partial" else None
    assert (answered["phone"], answered[api.word(optional)]) == ("1", kept)

    answered = post(api, made, kind, reference_id="K3")
    keys = shown(api, made, kind, "reference_id", "id")
    assert [key for key, _ in keys] == ["K1", "K2", "K1", "K3", "K3"]
    assert answered["id"] in {identifier for key, identifier in keys if key == "K3"}
    assert len(set(keys)) == 5


@pytest.mark.parametrize("kind", KINDS)
def test_child_write_drops(api, kind):
    other = {"addresses": "contacts", "contacts": "addresses"}[kind]
    api.sandbox.assume(child_write="drops")
    made = api.create(
        **{
            kind: [child(api, kind, reference_id=key) for key in ("K1", "K2", "K3")],
            other: [child(api, other)],
        }
    )
    last = made[kind][2]["id"]
    answered = put(api, made, kind, last, reference_id="K3", phone="1")
    assert answered["id"] == last
    assert shown(api, made, kind, "reference_id") == ["K1", "K3"]
    post(api, made, kind, reference_id="K4")
    assert shown(api, made, kind, "reference_id") == ["K1", "K4"]
    put(api, made, kind, made[kind][0]["id"], reference_id="K1")
    assert shown(api, made, kind, "reference_id") == ["K1"]
    put(api, made, kind, made[kind][0]["id"], reference_id="K1", phone="2")
    assert shown(api, made, kind, "reference_id", "phone") == [("K1", "2")]
    assert api.get(made["id"])[other] == made[other]


@pytest.mark.parametrize("kind", KINDS)
def test_child_write_blanks(api, kind):
    api.sandbox.assume(child_write="blanks")
    optional, text = FIELDS[kind][1]
    made = made_with(api, kind, "K1", **{optional: text, "phone": "1"})
    identifier = made[kind][0]["id"]
    values = {"reference_id": "K1", optional: text, "phone": "2"}
    answered = put(api, made, kind, identifier, **values)
    assert (answered[api.word(optional)], answered["phone"]) == (None, "2")
    assert api.get(made["id"])[kind] == [answered]
    del values[optional]
    assert put(api, made, kind, identifier, **values)["phone"] is None, "any other filled one"
    bare = put(api, made, kind, identifier, reference_id="K9")
    assert bare[api.word("reference_id")] == "K9", "what is required stays"
    assert post(api, made, kind, **values)["phone"] == "2", "only a PUT does it"


@pytest.mark.parametrize("kind", KINDS)
def test_a_whole_put_needs_what_is_required(api, kind):
    made = made_with(api, kind, "K1")
    path = f"/customers/{made['id']}/{kind}/{made[kind][0]['id']}"
    whole = child(api, kind, reference_id="K1")
    for name in REQUIRED[kind]:
        without = {key: value for key, value in whole.items() if key != name}
        for body in (without, whole | {name: ""}):
            refused = api.refused(api.send("PUT", path, api.words(body)))
            assert refused == {api.word(name): "is required"}
    assert api.refused(api.send("PUT", path, {})).keys() == {
        api.word(name) for name in REQUIRED[kind]
    }
    assert api.get(made["id"]) == made


@pytest.mark.parametrize("kind", KINDS)
def test_a_partial_put_needs_nothing_and_empties_nothing_required(api, kind):
    api.sandbox.assume(child_put="partial")
    optional, text = FIELDS[kind][1]
    made = made_with(api, kind, "K1", **{optional: text})
    path = f"/customers/{made['id']}/{kind}/{made[kind][0]['id']}"
    for name in REQUIRED[kind]:
        refused = api.refused(api.send("PUT", path, api.words({name: ""})))
        assert refused == {api.word(name): "is required"}
    assert api.get(made["id"]) == made
    answer = api.send("PUT", path, {"phone": "1"})
    assert answer.status_code == 200
    names = ("reference_id", "phone", optional)
    assert shown(api, made, kind, *names) == [("K1", "1", text)]
    assert api.send("PUT", path, {}).status_code == 200


# --- the default one ----------------------------------------------------------------------------


def defaults(api, customer, kind):
    """The referenceIds of the children that are a default."""
    rows = shown(api, customer, kind, "reference_id", "is_default")
    return [key for key, is_default in rows if is_default]


def made_with_default(api):
    """A customer whose A1, S1 and C1 are the defaults, beside A2 and C2."""
    return api.create(
        addresses=[
            api.address(reference_id="A1", is_default=True),
            api.address(reference_id="A2"),
            api.address(reference_id="S1", type="shipping", is_default=True),
        ],
        contacts=[
            api.contact(reference_id="C1", is_default=True),
            api.contact(reference_id="C2"),
        ],
    )


@pytest.mark.parametrize(
    ("child_default", "billing", "contacts"),
    [("one", ["A2", "S1"], ["C2"]), ("free", ["A1", "A2", "S1"], ["C1", "C2"])],
)
@pytest.mark.parametrize("way", ["put", "post", "update", "update_with_new", "create"])
def test_child_default(api, way, child_default, billing, contacts):
    api.sandbox.assume(child_default=child_default)
    made = made_with_default(api)
    address, contact = {"is_default": True}, {"is_default": True}
    match way:
        case "put":
            put(api, made, "addresses", made["addresses"][1]["id"], reference_id="A2", **address)
            put(api, made, "contacts", made["contacts"][1]["id"], reference_id="C2", **contact)
        case "update":
            address["id"], contact["id"] = made["addresses"][1]["id"], made["contacts"][1]["id"]
            api.update(made["id"], addresses=[address], contacts=[contact])
        case "create":
            made = api.create(
                addresses=[
                    api.address(reference_id="A1", is_default=True),
                    api.address(reference_id="S1", type="shipping", is_default=True),
                    api.address(reference_id="A2", is_default=True),
                ],
                contacts=[
                    api.contact(reference_id="C1", is_default=True),
                    api.contact(reference_id="C2", is_default=True),
                ],
            )
        case _:
            for kind, key in (("addresses", "A2"), ("contacts", "C2")):
                old = next(c for c in made[kind] if c[api.word("reference_id")] == key)
                api.send("DELETE", f"/customers/{made['id']}/{kind}/{old['id']}")
            address, contact = (
                api.address(reference_id="A2", **address),
                api.contact(reference_id="C2", **contact),
            )
            if way == "post":
                post(api, made, "addresses", **address)
                post(api, made, "contacts", **contact)
            else:
                api.update(made["id"], addresses=[address], contacts=[contact])
    assert sorted(defaults(api, made, "addresses")) == billing
    assert defaults(api, made, "contacts") == contacts


def test_one_that_moves_to_another_type_takes_its_being_the_default_along(api):
    api.sandbox.assume(child_put="partial")
    made = made_with_default(api)
    path = f"/customers/{made['id']}/addresses"
    api.send("PUT", f"{path}/{made['addresses'][0]['id']}", {"type": "shipping"})
    assert defaults(api, made, "addresses") == ["A1"]


def test_one_that_is_no_longer_the_default_hands_it_to_nobody(api):
    made = made_with_default(api)
    first = made["addresses"][0]["id"]
    api.update(made["id"], addresses=[{"id": first, "is_default": False}])
    assert defaults(api, made, "addresses") == ["S1"]
    api.update(made["id"], addresses=[{"id": made["addresses"][1]["id"], "city": "Reno"}])
    assert defaults(api, made, "addresses") == ["S1"]


def test_what_is_done_behind_a_clients_back_is_left_as_it_is(api):
    made = made_with_default(api)
    both = [{"reference_id": key, "is_default": True} for key in ("C1", "C2")]
    api.sandbox.edit(made["id"], contacts=both)
    assert defaults(api, made, "contacts") == ["C1", "C2"]
    first = api.get(made["id"])["contacts"][0]["id"]
    api.update(made["id"], contacts=[{"id": first, "phone": "1"}])
    assert defaults(api, made, "contacts") == ["C1", "C2"], "who is the default was not written"


def _moved(api, updated, kind):
    """The time of the first child's change, which is that of its customer or later."""
    moved = updated[kind][0][api.word("updated_at")]
    assert moved >= updated[api.word("updated_at")]
    return moved
