"""The nearest right name for a wrong one."""

from __future__ import annotations

from wizsync.nearest import nearest, nearest_of


def test_the_nearest_name() -> None:
    assert nearest("delets", ["deletes", "updates"]) == "deletes"
    assert nearest("zzz", ["deletes", "updates"]) is None
    assert nearest("anything", []) is None


def test_case_and_punctuation_do_not_count() -> None:
    assert nearest("company_name", ["displayName", "companyName"]) == "companyName"


def test_several_the_best_first() -> None:
    columns = ["Phone", "Phone 2", "Company"]
    assert nearest_of("phone2", columns, limit=2) == ["Phone 2", "Phone"]
