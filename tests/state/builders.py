"""Accounts, steps and outcomes with defaults."""

from __future__ import annotations

from typing import Any

from wizsync.model import Account, ChangeKind, Outcome, Result
from wizsync.state import Step

ACCOUNT = Account(url="https://api.example.com/v1", salt="5a17", fingerprint="f1", target="shop")
OTHER = Account(url="https://api.example.com/v1", salt="5a17", fingerprint="f2", target="outlet")


def step(number: int, key: str = "K", **others: Any) -> Step:
    values = {
        "kind": ChangeKind.CREATE,
        "reference_id": key,
        "customer_id": None,
        "after": {"companyName": "Müller & Co"},
        "before": {},
        "intended": 1.5,
    }
    return Step(number, **{**values, **others})


def outcome(key: str = "K", result: Result = Result.APPLIED, **others: Any) -> Outcome:
    values = {"kind": ChangeKind.CREATE, "code": "done"}
    return Outcome(reference_id=key, result=result, **{**values, **others})
