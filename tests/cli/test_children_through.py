"""`children_through` of a target: other requests, and the same account in the end."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Wizsync
from tests.cli.shop import Shop
from tests.conftest import StartSandbox


@pytest.fixture
def shop(
    start_sandbox: StartSandbox, dialect: str, tmp_path: Path, wizsync_command: Wizsync
) -> Shop:
    return Shop(start_sandbox(dialect=dialect), tmp_path, wizsync_command)


def settle(shop: Shop, line: str) -> None:
    """A target of this name in wizsync.toml."""
    text = f'[targets.shop]\nurl = "{shop.sandbox.base_url}"\n{line}\n'
    (shop.folder / "wizsync.toml").write_text(text, encoding="utf-8")
    shop.target = "shop"


@pytest.mark.parametrize(
    ("line", "children", "written"),
    [
        ("", "merge", {"update": 0, "child": 4}),
        ('children_through = "endpoints"', "replace", {"update": 0, "child": 4}),
        # A list goes for the two customers of whom something is changed or added; a removal by itself.
        ('children_through = "update"', "merge", {"update": 2, "child": 1}),
        ('children_through = "update"', "replace", {"update": 2, "child": 1}),
    ],
)
def test_other_requests_and_the_same_account(
    shop: Shop, line: str, children: str, written: dict[str, int]
) -> None:
    shop.sandbox.assume(children=children)
    settle(shop, line)
    shop.ship_tos[0] = ("K-0", "K-0/1", "1 Wharf", "Bath")
    shop.ship_tos[2] = ("K-0", "K-0/3", "3 Wharf", "Bath")
    shop.ship_tos.append(("K-1", "K-1/4", "4 Pier", "Bath"))
    shop.ship_tos.remove(("K-2", "K-2/2", "2 Pier", "Bath"))
    before = shop.account()

    done = shop.run("sync")

    assert done.code == 0, done.err
    assert {name: done.answer["requests"][name] for name in written} == written
    first, second, third, *others = shop.account()
    assert [each["address_line_1"] for each in first["addresses"]] == [
        *("1 Wharf", "2 Pier", "3 Wharf")
    ]
    assert [each["id"] for each in first["addresses"]] == [a["id"] for a in before[0]["addresses"]]
    assert first["addresses"][1] == before[0]["addresses"][1]
    assert second["addresses"][:3] == before[1]["addresses"]
    assert [each["reference_id"] for each in second["addresses"][3:]] == ["K-1/4"]
    assert third["addresses"] == before[2]["addresses"][::2]
    assert others == before[3:]
    assert shop.run("plan").answer["plan"]["unchanged"] == 10


def test_a_value_that_it_cannot_have_stops_before_anything_is_asked(shop: Shop) -> None:
    settle(shop, 'children_through = "lists"')
    ended = shop.run("sync")
    assert ended.code == 2
    error = ended.answer["error"]
    assert error["message"] == '"children_through" must be "endpoints" or "update".'
    assert error["where"] == f'{shop.folder / "wizsync.toml"}, line 3, "children_through"'
    assert error["hint"] == "Correct that line."
    assert shop.sandbox.counts()["total"] == 0
