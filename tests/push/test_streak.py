"""Noticing that the server refuses one change after another for the same reason."""

from __future__ import annotations

import pytest

from wizsync.model import ChangeKind, Outcome, Result, ServerWord
from wizsync.push.streak import LIMIT, Streak


def refusal(field: str = "phone", reason: str = "is not valid", message: str = "") -> Outcome:
    words = (ServerWord(field, reason),) if field else ()
    return Outcome(ChangeKind.CREATE, "K", Result.FAILED, "refused", message, words=words)


def noted(*outcomes: Outcome) -> str | None:
    streak = Streak()
    for outcome in outcomes:
        streak.note(outcome)
    return streak.reached


def test_twenty_alike_in_a_row():
    assert noted(*[refusal()] * (LIMIT - 1)) is None
    assert noted(*[refusal()] * LIMIT) == "phone: is not valid"


def test_without_a_field_the_message_counts():
    assert noted(*[refusal("", message="Closed.")] * LIMIT) == "Closed."
    assert noted(*[refusal("", message=f"Closed {n}.") for n in range(LIMIT)]) is None


@pytest.mark.parametrize(
    "other",
    [
        refusal("email"),
        refusal(reason="is too long"),
        Outcome(ChangeKind.CREATE, "K", Result.APPLIED, "done"),
        Outcome(ChangeKind.CREATE, "K", Result.SKIPPED, "already_so"),
        Outcome(ChangeKind.CREATE, "K", Result.UNKNOWN, "unanswered"),
    ],
)
def test_anything_else_between_them_starts_anew(other):
    assert noted(*[refusal()] * (LIMIT - 1), other, *[refusal()] * (LIMIT - 1)) is None
    assert noted(other, *[refusal()] * LIMIT) == "phone: is not valid"


def test_what_is_not_refused_is_no_streak():
    assert noted(*[Outcome(ChangeKind.UPDATE, "K", Result.CONFLICT, "gone")] * 30) is None
