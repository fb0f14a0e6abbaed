from __future__ import annotations

from pathlib import Path

import pytest

from tests.plan.builders import NAMES, desired, planned, snapshot
from wizsync.errors import UsageError
from wizsync.model import Limit
from wizsync.plan import check_bound, write_plan

PLAN = planned(desired({"referenceId": "C-1", **NAMES}), snapshot())
OTHER = planned(desired({"referenceId": "C-2", **NAMES}), snapshot())


def test_an_allowance_holds_for_the_plan_it_names_and_no_other(tmp_path: Path) -> None:
    digest = write_plan(PLAN, tmp_path / "plan.jsonl")
    bound = {"updates": Limit(share=1.0), "deletes": Limit(count=12, plan=digest[:8])}

    check_bound(bound, PLAN)
    with pytest.raises(UsageError, match="The allowance for deletes is for the plan") as caught:
        check_bound(bound, OTHER)
    assert caught.value.where == f"--allow deletes=…@{digest[:8]}"
    with pytest.raises(UsageError, match="this run makes a new one"):
        check_bound(bound, None)


def test_one_that_names_no_plan_holds_for_any() -> None:
    for plan in (PLAN, OTHER, None):
        check_bound({"deletes": Limit(count=12)}, plan)
