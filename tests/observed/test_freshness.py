"""Whether kept details still hold."""

from __future__ import annotations

import numpy as np
import pytest

from wizsync.observed.freshness import DAY, WEEK, is_moved_by, is_settled, to_read_again
from wizsync.observed.moments import moment

AT = "2026-03-04T02:00:00Z"


@pytest.mark.parametrize(("after", "settled"), [(-60, False), (0, False), (2, False), (2.1, True)])
def test_who_was_read_right_after_a_change_is_not_settled(after: float, settled: bool) -> None:
    changed = moment(AT)
    assert changed is not None
    assert is_settled(AT, changed.timestamp() + after) is settled


def test_whose_change_is_not_dated_is_never_settled() -> None:
    assert not is_settled("", 1e12)


@pytest.mark.parametrize(
    ("updated", "moved"),
    [
        ("2026-03-04T02:00:00Z", True),
        ("2026-03-04T02:00:00.000001Z", True),
        ("2026-03-04T02:00:01Z", True),
        ("2026-03-04T02:00:01.5Z", False),
        ("2026-03-04T01:59:59Z", False),
        ("", False),
    ],
)
def test_a_childs_write_moves_its_customer_within_a_second(updated: str, moved: bool) -> None:
    assert is_moved_by(AT, updated) is moved
    assert not is_moved_by("", updated)


def test_of_what_is_old_a_seventh_is_read_again_the_oldest_first() -> None:
    ages = np.array([WEEK + 5, WEEK + 9, WEEK + 7, *[DAY] * 18])
    assert np.flatnonzero(to_read_again(ages, 0)).tolist() == [0, 1, 2]
    ages[3:7] = WEEK + 1
    assert np.flatnonzero(to_read_again(ages, 0)).tolist() == [0, 1, 2]
    assert np.flatnonzero(to_read_again(ages, 2)).tolist() == [1]
    assert not to_read_again(ages, 3).any()


@pytest.mark.parametrize("age", [-1.0, 2 * WEEK + 1])
def test_what_is_older_than_two_weeks_or_from_the_future_is_not_used(age: float) -> None:
    assert to_read_again(np.full(20, age), 20).all()


@pytest.mark.parametrize("number", [1, 6, 7, 100, 3000])
def test_night_after_night_never_more_than_a_seventh_nor_older_than_two_weeks(number: int) -> None:
    read_at, jitter = np.zeros(number), np.random.default_rng(1)
    for night in range(1, 60):
        now = night * DAY + jitter.uniform(-0.05, 0.05) * DAY
        again = to_read_again(now - read_at, 0)
        assert again.sum() <= max(1, number // 7)
        read_at[again] = now
        assert (now - read_at).max() <= 2 * WEEK
