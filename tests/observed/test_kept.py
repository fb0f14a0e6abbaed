"""What is kept of customers, by what a list shows of them just now."""

from __future__ import annotations

import resource
import time
from pathlib import Path

import pytest

from wizsync.api.models import Address, CustomerDetails
from wizsync.model import ChildKind
from wizsync.observed import KeptDetails
from wizsync.observed.freshness import DAY
from wizsync.observed.rows import row

AT = "2026-03-04T02:00:00Z"


def details(
    customer_id: str = "c1", updated_at: str | None = AT, **fields: object
) -> CustomerDetails:
    carried = {"assignedSalesReps": [], "assignedPriceList": None, "attributes": []}
    carried |= {"addresses": [address()], "contacts": [], "referenceId": customer_id.upper()}
    return CustomerDetails.model_validate(
        {"id": customer_id, "updatedAt": updated_at, "status": "active", **carried, **fields}
    )


def address(**fields: object) -> dict[str, object]:
    return {"id": "a1", "referenceId": "A", "city": "Here", "type": "billing", **fields}


def keeping(folder: Path | None = None, days: float = 0, account: str = "acc") -> KeptDetails:
    file = folder / "details" if folder else None
    return KeptDetails(file, account, lambda: time.time() + days * DAY)


def keep(kept: KeptDetails, *customers: CustomerDetails) -> None:
    for customer in customers:
        kept.keep(row(customer, status="", listed=False))


def test_it_holds_while_the_list_shows_the_same_time() -> None:
    keep(kept := keeping(), details("c1"), details("c2"))
    shown = {"c1": AT, "c2": "2026-03-04T02:00:01Z", "c3": AT}
    assert kept.fresh(shown) == {"c1"}


def test_where_no_time_is_shown_nothing_holds() -> None:
    keep(kept := keeping(), details("c1", updated_at=None))
    assert kept.fresh({"c1": ""}) == frozenset()


def test_it_is_there_for_the_next_run(tmp_path: Path) -> None:
    keep(kept := keeping(tmp_path), details("c1"), details("c2", addresses=[]))
    kept.save(alone=True)
    later = keeping(tmp_path, days=1)
    assert later.keys() == {"C1", "C2"}
    assert later.fresh({"c1": AT, "c2": AT}) == {"c1", "c2"}
    told = later.of(["c1"])
    assert told.customers["id"].tolist() == ["c1"]
    assert told.customers["freightTerm"].tolist() == [""]
    assert told.children[ChildKind.ADDRESSES]["city"].tolist() == ["Here"]


def test_who_is_written_to_is_kept_no_more(tmp_path: Path) -> None:
    keep(kept := keeping(tmp_path), details("c1"), details("c2"))
    kept.save(alone=True)
    kept = keeping(tmp_path)
    kept.forget(["c1"])
    assert kept.fresh({"c1": AT, "c2": AT}) == {"c2"}
    assert kept.of(["c1"]).children[ChildKind.ADDRESSES].empty


def test_the_answer_to_a_write_holds_at_once() -> None:
    kept, now = keeping(), time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    keep(kept, details("c1", updated_at=now))
    assert kept.fresh({"c1": now}) == frozenset()
    kept.answered(details("c1", updated_at=now), None)
    assert kept.fresh({"c1": now}) == {"c1"}


@pytest.mark.parametrize("lacks", ["addresses", "attributes", "assignedPriceList"])
def test_an_answer_that_does_not_carry_everything_tells_nothing(lacks: str) -> None:
    shown = details().model_dump(by_alias=True, exclude_unset=True)
    del shown[lacks]
    kept = keeping()
    kept.answered(CustomerDetails.model_validate(shown), None)
    assert kept.fresh({"c1": AT}) == frozenset()


def test_the_answer_about_an_address_is_put_into_its_customer() -> None:
    keep(kept := keeping(), details())
    before = kept.take("c1")
    written = Address.model_validate(address(city="There", updatedAt="2026-03-05T02:00:00Z"))
    kept.answered(written, before)
    moved = "2026-03-05T02:00:00.2Z"
    assert kept.fresh({"c1": moved}) == kept.fresh({"c1": AT}) == {"c1"}
    assert kept.fresh({"c1": "2026-03-05T02:00:03Z"}) == frozenset()
    told = kept.of(["c1"]).children[ChildKind.ADDRESSES]
    assert (told["id"].tolist(), told["city"].tolist()) == (["a1"], ["There"])


def test_an_address_of_somebody_who_was_not_read_just_before_tells_nothing() -> None:
    kept = keeping()
    kept.answered(Address.model_validate(address(updatedAt=AT)), kept.take("c1"))
    assert kept.fresh({"c1": AT}) == frozenset()


def test_an_attribute_that_is_new_is_empty_for_those_who_were_read_before() -> None:
    keep(kept := keeping(), details("c1"))
    assert kept.keys() == {"C1"}
    sector = {"id": "s", "name": "Sector", "value": "Gifts"}
    keep(kept, details("c2", attributes=[sector]))
    told = kept.of(["c1", "c2"]).customers.set_index("id")["attributes.Sector"]
    assert told.to_dict() == {"c1": "", "c2": "Gifts"}


def test_a_plan_that_ran_beside_a_run_does_not_undo_what_the_run_kept(tmp_path: Path) -> None:
    keep(first := keeping(tmp_path), details("c1"))
    first.save(alone=True)
    plan, run = keeping(tmp_path), keeping(tmp_path)
    assert plan.keys() == run.keys() == {"C1"}
    run.forget(["c1"])
    run.save(alone=True)
    keep(plan, details("c2"))
    plan.save(alone=False)
    assert keeping(tmp_path).keys() == frozenset()


def test_where_the_disk_is_full_no_file_stays_that_does_not_know_of_a_write(tmp_path: Path) -> None:
    keep(kept := keeping(tmp_path), details("c1"), details("c2"))
    kept.save(alone=True)
    kept.forget(["c1"])
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    try:
        kept.save(alone=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert any("The disk is full" in note for note in kept.notes)
    assert keeping(tmp_path).keys() == frozenset()
